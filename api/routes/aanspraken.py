# SPDX-License-Identifier: EUPL-1.2
"""``/aanspraken``: what a claim takes."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.answers import JSON, cached
from api.context import Given
from api.openapi import DAY, described, parameter
from api.problems import ApiProblem
from api.requests import Query, agreed
from engine.language.schema import facts_schema
from engine.model.problems import meant
from engine.rulebook import Compiled, Rulebook

router = APIRouter(tags=["Aanspraken"])

SCHEMA = "application/schema+json"


@router.get(
    "/aanspraken/{regeling}/{aanspraak}/gegevensschema",
    operation_id="haalGegevensschema",
    summary="De gegevens die een aanspraak vraagt",
    description="JSON Schema (2020-12) van `gegevens`, met bij elk gegeven de vraag, de herkomst en wie erover oordeelt.",
    openapi_extra=described(
        parameters=[parameter("peildatum", "De dag waarop wordt beoordeeld.", DAY, required=True)],
        answers={
            SCHEMA: {"type": "object", "description": "Een JSON Schema."},
            JSON: {"type": "object", "description": "Een JSON Schema."},
        },
    ),
)
async def schema(request: Request, context: Given, regeling: str, aanspraak: str) -> Response:
    """The JSON Schema of the facts."""
    query = Query(request, ("peildatum",))
    day = query.day("peildatum", required=True)
    query.done()
    kind = agreed(request, (SCHEMA, JSON))
    assert day is not None
    compiled = program_on(context.rulebook, f"{regeling}/{aanspraak}", day)
    return cached(request, facts_schema(compiled.program), kind)


def program_on(rulebook: Rulebook, claim: str, day: date) -> Compiled:
    """The program of a claim on a day; 404 where there is none."""
    if not rulebook.versions(claim):
        raise ApiProblem(404, f"De aanspraak `{claim}` is niet bekend. {meant(claim, rulebook.programs)}".strip())
    compiled = rulebook.program(claim, day)
    if compiled is None:
        first = rulebook.versions(claim)[0].program.valid_from
        raise ApiProblem(404, f"Voor {day} is `{claim}` niet in regels gebracht; de eerste versie geldt vanaf {first}.")
    return compiled
