# SPDX-License-Identifier: EUPL-1.2
"""``/beoordelingen``: assess a case."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import contract, logs, metrics
from api.answers import HTML, JSON, answer
from api.auth.gate import own_municipality
from api.context import Context, Given
from api.openapi import TEXT, described, parameter
from api.requests import Query, agreed, json_body, told_with
from api.stored.accounting import failing, recorded, subjects
from engine.passes.assess import assess
from engine.passes.intake import read_claim
from engine.rationale import html
from engine.rationale.build import rationale
from engine.rationale.parts import Rendering

router = APIRouter(tags=["Beoordelingen"])

RENDERING = parameter(
    "weergave",
    "Voor wie de pagina is: wie weegt (`professional`, ook zonder keuze), wie toetst (`juridisch`), of om wie het gaat (`begrijpelijk`). "
    "Niet samen met `Accept: application/json`: JSON is voor iedereen gelijk.",
    # No default: a client that sends each default would ask for a page where it wants the data.
    {"type": "string", "enum": list(Rendering)},
)


def explained(data: Any, context: Context, *, steps: bool = False) -> dict[str, Any]:
    """Assess a claim and explain it. The second opinion stands in the envelope, last."""
    start = datetime.now(UTC)
    with failing(context, context.rulebook):
        assessment = assess(data, context.rulebook, context.earlier, context.second_opinion)
    recorded(context, "beoordelen", subjects(None, assessment), start)
    metrics.assessed(assessment)
    logs.action("beoordelen", assessment.claim.claim, "gelukt", regelbestand=context.rulebook.hash, tweede_mening=assessment.second_opinion)
    return {**rationale(assessment, steps=steps), "tweedeMening": assessment.second_opinion}


@router.post(
    "/beoordelingen/_bereken",
    operation_id="berekenBeoordeling",
    summary="Beoordeel een zaak zonder iets te bewaren",
    description=(
        "Geeft een uitgelegde beoordeling in concept: de uitkomst van de regels, de omgekeerde toets en een advies. Een gegeven dat "
        "ontbreekt is geen fout: dan is de uitkomst `onvolledig` en staan de vragen in `ontbrekendeGegevens`. Met `Accept: text/html` "
        "komt dezelfde uitleg als pagina, in een van drie weergaven."
    ),
    response_model=contract.Beoordeling,
    openapi_extra=described(
        parameters=[
            parameter("stappen", "Geef ook het spoor van alle regels, onder `stappen`.", {"type": "boolean", "default": False}),
            RENDERING,
        ],
        body={JSON: contract.AanvraagIn},
        answers={HTML: TEXT},
    ),
)
async def calculate(request: Request, context: Given) -> Response:
    """Assess, store nothing."""
    query = Query(request, ("stappen", "weergave"))
    steps = query.flag("stappen")
    kind, rendering = rendering_of(query, request)
    with told_with(query.mistakes):
        data = await json_body(request)
        own_municipality(request, data)
        if query.mistakes:
            read_claim(data, context.rulebook)
    found = await context.turns.work(lambda: explained(data, context, steps=steps))
    if kind == HTML:
        return html_page(html.render(found, rendering))
    return answer(found)


def rendering_of(query: Query, request: Request) -> tuple[str, Rendering]:
    """The media type of the answer, and for whom the page is.

    Who chooses a page and takes anything gets a page; a choice of page for who takes JSON only is noted as a mistake.
    """
    chosen = query.choice("weergave", list(Rendering))
    kind = agreed(request, (JSON, HTML) if chosen is None else (HTML, JSON))
    if chosen is not None and kind == JSON:
        query.wrong(
            "TS-Q06", "weergave", "`weergave` kiest een pagina, en dit antwoord is JSON.", "Vraag met `Accept: text/html` om een pagina."
        )
    return kind, Rendering(chosen or Rendering.PROFESSIONAL)


def html_page(text: str) -> Response:
    """A rationale as a page of its own, that may style itself and nothing else."""
    return Response(text, media_type=HTML, headers={"Cache-Control": "no-store", "Vary": "Accept", **page_headers()})


def page_headers() -> dict[str, str]:
    """What keeps such a page in check."""
    policy = f"default-src 'none'; style-src '{html.STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return {"Content-Security-Policy": policy}
