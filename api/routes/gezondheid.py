# SPDX-License-Identifier: EUPL-1.2
"""``/gezondheid``: whether the service lives, and whether it can assess."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

import engine
from api import contract_rules
from api.answers import JSON, answer
from api.context import Given, Refusal
from api.requests import agreed, no_query

router = APIRouter(tags=["Gezondheid"])


@router.get("/gezondheid/live", operation_id="isLevend", summary="Leeft de dienst?", response_model=contract_rules.Levend)
async def live(request: Request) -> Response:
    """Alive: nothing is looked at."""
    no_query(request)
    agreed(request, (JSON,))
    return answer({"status": "ok"})


@router.get("/gezondheid/gereed", operation_id="isGereed", summary="Kan de dienst beoordelen?", response_model=contract_rules.Gereed)
async def ready(request: Request, context: Given) -> Response:
    """Ready: the rules are loaded and the store can be used; says whether the second engine is on."""
    no_query(request)
    agreed(request, (JSON,))
    if context.archive is not None:
        await to_thread.run_sync(context.archive.store.ready)
    return answer(
        {
            "status": "ok",
            "opslag": "aan" if context.archive is not None else "uit",
            "tweedeMotor": "aan" if context.second_opinion is not None else "uit",
            "regelmotor": f"toetssteen {engine.__version__}",
            "regelbestand": context.rulebook.hash,
            "aanspraken": len(context.rulebook.programs),
            "waarschuwingen": len(context.rulebook.warnings),
            "geladenOp": _moment(context.loaded),
            "geweigerdeRegels": _refusal(context.refused) if context.refused is not None else None,
        }
    )


def _refusal(refused: Refusal) -> dict[str, Any]:
    first = refused.problems[0]
    return {
        "op": _moment(refused.at),
        "fouten": len(refused.problems),
        "eerste": f"{first.place.file}:{first.place.line} {first.code}",
    }


def _moment(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
