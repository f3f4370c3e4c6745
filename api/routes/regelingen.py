# SPDX-License-Identifier: EUPL-1.2
"""``/regelingen``: the laws that are loaded, and what can be claimed under each."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import contract_rules
from api.answers import JSON, cached
from api.context import Given
from api.problems import ApiProblem
from api.requests import agreed, no_query
from engine.model.documents import GroundDecl
from engine.model.problems import meant
from engine.model.program import Law
from engine.rulebook import Rulebook

router = APIRouter(tags=["Regelingen"])


@router.get(
    "/regelingen",
    operation_id="lijstRegelingen",
    summary="De regelingen die zijn geladen",
    response_model=contract_rules.Regelingen,
)
async def all_laws(request: Request, context: Given) -> Response:
    """Every law."""
    no_query(request)
    agreed(request, (JSON,))
    return cached(request, {"regelingen": [law_data(law, context.rulebook) for law in context.rulebook.laws.values()]})


@router.get("/regelingen/{id}", operation_id="haalRegeling", summary="Een regeling", response_model=contract_rules.Regeling)
async def one_law(request: Request, context: Given, id: str) -> Response:
    """One law by its id."""
    no_query(request)
    agreed(request, (JSON,))
    law = context.rulebook.laws.get(id)
    if law is None:
        raise ApiProblem(404, f"De regeling `{id}` is niet geladen. {meant(id, context.rulebook.laws)}".strip())
    return cached(request, law_data(law, context.rulebook))


def law_data(law: Law, rulebook: Rulebook) -> dict[str, Any]:
    """A law with its claims, and with the grounds beside its rules."""
    return {
        "id": law.id,
        "naam": law.name,
        "bwb": law.bwb,
        "bevoegdOrgaan": law.body,
        "link": f"https://wetten.overheid.nl/{law.bwb}" if law.bwb else None,
        "aanspraken": [
            {
                "id": claim,
                "titel": programs[-1].program.title,
                "soort": programs[-1].program.sort,
                "geldigVanaf": programs[0].program.valid_from.isoformat(),
            }
            for claim, programs in rulebook.programs.items()
            if programs and programs[0].program.law == law.id
        ],
        "gronden": [_ground(decl) for decl in _grounds(law, rulebook)],
    }


def _grounds(law: Law, rulebook: Rulebook) -> list[GroundDecl]:
    """The grounds that a rule outcome under a law can name beside its rules, in the order in which they stand."""
    found = rulebook.versions(rulebook.given_claim(law.id) or "")
    return [decl for of, decl in found[-1].program.second.grounds.values() if of == law.id] if found else []


def _ground(decl: GroundDecl) -> dict[str, Any]:
    return {
        "id": decl.id,
        "titel": decl.title,
        "bron": decl.source,
        "status": decl.status,
        "niveau": decl.level,
        "soort": decl.sort,
        "geldigVanaf": decl.valid_from.isoformat() if decl.valid_from else None,
        "geldigTot": decl.valid_until.isoformat() if decl.valid_until else None,
    }
