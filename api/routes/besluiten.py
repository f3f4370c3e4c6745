# SPDX-License-Identifier: EUPL-1.2
"""``/beoordelingen/{id}/besluit`` and ``/afwijkingen``: what a person decided, and what decisions together say."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import contract_stored as contract, logs
from api.answers import JSON, answer, kept, revisited
from api.auth.gate import municipality_of, principal_of
from api.auth.principal import Principal
from api.context import Given
from api.openapi import described, parameter
from api.requests import Query, agreed, no_query
from api.routes.bewaard import ONCE
from api.stored.accounting import looked_at
from api.stored.deciding import keep_decision
from api.stored.once import once
from api.stored.paging import LAST_PAGE, MOST, USUAL_SIZE
from api.stored.reading import archive_of, assessment_record, last_decision, require_there
from api.stored.register import deviations
from store.errors import NotFound
from store.model import ANSWER, MUNICIPALITY

router = APIRouter()


@router.post(
    "/beoordelingen/{id:uuid}/besluit",
    operation_id="legBesluitVast",
    summary="Leg vast wat een mens besluit",
    description=(
        "Pas hiermee is er een besluit. Zolang er iets ontbreekt is het antwoord 409, met alles wat nog nodig is in `fouten`. Noemt het "
        "token een persoon, dan besluit die. Een correctie is een nieuwe vastlegging, met `corrigeert`. `besluitConcept` heeft de vorm van "
        "de Besluiten API (1.1); deze dienst stuurt het nergens heen."
    ),
    tags=["Besluiten"],
    status_code=201,
    response_model=contract.Besluit,
    openapi_extra=described(parameters=[ONCE], body={JSON: contract.BesluitIn}),
)
async def decide(request: Request, context: Given, id: UUID) -> Response:
    """Keep a decision."""
    agreed(request, (JSON,))
    archive = archive_of(context)
    this, received = await once(request)

    def work() -> bytes:
        record = assessment_record(archive.store, this.principal, id)
        return this.carry_out(
            context, archive.store, lambda key: keep_decision(archive, context, this.principal, record, received, key)
        ).body

    return kept(await context.turns.work(work), f"/v1/beoordelingen/{id}/besluit")


@router.get(
    "/beoordelingen/{id:uuid}/besluit",
    operation_id="haalBesluit",
    summary="Het besluit op een beoordeling",
    description="Het laatste: een correctie staat in de plaats van wat zij corrigeert.",
    tags=["Besluiten"],
    response_model=contract.Besluit,
)
async def decision(request: Request, context: Given, id: UUID) -> Response:
    """The decision, byte for byte as it was given."""
    no_query(request)
    agreed(request, (JSON,))
    archive = archive_of(context)

    def work() -> bytes:
        start = datetime.now(UTC)
        record = assessment_record(archive.store, principal_of(request), id)
        found = last_decision(archive.store, record)
        if found is None:
            require_there(archive.store, record)
            raise NotFound("Op deze beoordeling is nog niet besloten.")
        body = archive.store.payload(found.id, ANSWER)
        looked_at(context, archive.store, record, "besluit raadplegen", start)
        return body

    return revisited(request, await context.turns.work(work))


@router.get(
    "/afwijkingen",
    operation_id="lijstAfwijkingen",
    summary="Het register van afwijkingen",
    description=(
        "Hoe vaak bij dezelfde gronden en deur is afgeweken en niet, voor beleid en voor gelijke behandeling. Kleine aantallen zijn "
        "afgeschermd, met wat ze zou verraden; daarom is er geen keuze op periode of wet."
    ),
    tags=["Besluiten"],
    response_model=contract.Afwijkingen,
    openapi_extra=described(
        parameters=[
            parameter("gemeente", "Mag ontbreken bij een sleutel van een gemeente.", {"type": "string", "pattern": r"^GM\d{4}$"}),
            parameter("page", "Het nummer van de bladzijde.", {"type": "integer", "minimum": 1, "maximum": LAST_PAGE, "default": 1}),
            parameter("pageSize", "Hoeveel op een bladzijde.", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL_SIZE}),
        ],
    ),
)
async def register(request: Request, context: Given) -> Response:
    """The register of one municipality."""
    query = Query(request, ("gemeente", "page", "pageSize"))
    page, size = query.number("page", 1, LAST_PAGE), query.number("pageSize", USUAL_SIZE, MOST)
    municipality = _municipality(query, principal_of(request))
    query.done()
    agreed(request, (JSON,))
    archive = archive_of(context)
    found = await context.turns.work(lambda: deviations(archive, municipality, page, size))
    logs.action("afwijkingen raadplegen", municipality, "gelukt")
    return answer(found)


def _municipality(query: Query, principal: Principal) -> str:
    found = municipality_of(principal, query.text("gemeente"))
    if found is None:
        query.text("gemeente", required=True)
    elif not MUNICIPALITY.fullmatch(found):
        query.wrong("TS-Q03", "gemeente", "De gemeente is geen CBS-code.", "Schrijf GM met vier cijfers, bijvoorbeeld GM0344.")
    return found or ""
