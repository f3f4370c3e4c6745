# SPDX-License-Identifier: EUPL-1.2
"""A service that keeps what it assesses, the second example as a case, and a complete record of a decision on it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from api.app import app_over
from api.auth.gate import Gate
from api.context import Context, Current
from api.logboek import Logbook
from api.stored.archive import Archive, Organisations
from api.turns import Turns
from engine.language.library import file_bytes
from engine.passes.assess import assess
from store.store import Store
from tests.law import RULES, example, law

TOWN, OTHER_TOWN = "GM0000", "GM0001"
BSN = "1112223" + "33"  # the test number of the elfproef, in two pieces so that no scan of sources finds it
RSIN = "002564440"
CASE = "https://zaken.example/zaken/api/v1/zaken/7f1c"
TYPE = "https://catalogi.example/catalogi/api/v1/besluittypen/5c7c"
CLAIM = "participatiewet/algemene_bijstand"
GROUND, DOOR = "pw.13.2.c", "pw.deur.16.1"
ORGANISATIONS = Organisations({TOWN: RSIN}, {TOWN: {CLAIM: TYPE}})
NOBODY = Organisations()
PATH = "/v1/beoordelingen"
OUTCOME_DAY = datetime(2026, 9, 2, 9, 30, tzinfo=UTC)
WORDS = "Zonder inkomen breekt hij zijn behandeling af, en dan is studeren straks ook niet meer aan de orde."


@lru_cache(maxsize=1)
def rule_files() -> Mapping[str, bytes]:
    """The files of ``rules/``."""
    return file_bytes(RULES)


def service(
    store: Store, *, gate: Gate | None = None, organisations: Organisations = NOBODY, logbook: Logbook | None = None, **more: Any
) -> TestClient:
    """A client of the service over ``rules/`` and a store, that works on some requests at once and sends nobody away.

    Who asks from several threads enters the client first (``with``), so that all of them share one event loop.
    """
    more = {"turns": Turns(at_once=3, patience=600), **more}
    context = Context(law(), None, rule_files(), logbook=logbook, archive=Archive(store, organisations), **more)
    return TestClient(app_over(Current(context), examples=None, gate=gate), raise_server_exceptions=False)


def case(**changes: Any) -> dict[str, Any]:
    """The second example (a refusal with an open door) as a body to keep."""
    return json.loads(json.dumps(example("2-"), default=str)) | {"zaak": CASE} | changes  # type: ignore[no-any-return]


def post(client: TestClient, path: str, body: Any, key: str | None = None, **headers: str) -> Response:
    """Post with an Idempotency-Key, a new one unless it is given."""
    return client.post(path, json=body, headers={"Idempotency-Key": key or str(uuid.uuid4()), **headers})


def assessed(client: TestClient, **changes: Any) -> str:
    """The id of the case, assessed and kept."""
    made = post(client, PATH, case(**changes))
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


@lru_cache(maxsize=1)
def _arguments() -> tuple[str, ...]:
    return tuple(argument.decl.id for argument in assess(example("2-"), law()).second.arguments)


def record(**changes: Any) -> dict[str, Any]:
    """A complete record of a deviation in that case; None takes a key away."""
    found = {
        "besluit": "afgeweken",
        "optie": f"optie.{DOOR}",
        "rol": "teamleider",
        "door": "A. de Wit",
        "datum": "2026-09-03",
        "eigenWoorden": WORDS,
        "motief": "Behandeling zou stoppen zonder inkomen.",
        "verworpenArgumenten": [{"argument": name, "reden": "Wie gezond is kan wachten, deze jongere niet."} for name in _arguments()],
        "gehoord": {"gehoord": True, "datum": "2026-08-30"},
        **changes,
    }
    return {key: value for key, value in found.items() if value is not None}


def mistakes(response: Response) -> list[tuple[str, str]]:
    """The code and the pointer or parameter of everything that a problem tells."""
    assert response.headers["content-type"] == "application/problem+json"
    return [(found["code"], found.get("parameter") or found["pointer"]) for found in response.json()["fouten"]]
