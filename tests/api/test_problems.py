# SPDX-License-Identifier: EUPL-1.2
"""What a caller can tell apart without reading Dutch: every kind of problem has a `type` of its own, which stays what it is."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import kinds
from api.kinds import KINDS, URN
from store import errors
from store.store import Store
from tests.api.kept import PATH, assessed, case, post, record, service
from tests.api.test_effects import WANTED
from tests.law import ROOT


@pytest.fixture(scope="module")
def kept(store: Store) -> TestClient:
    return service(store)


def told(response: Any) -> tuple[int, str, str | None]:
    """The status, the kind and what stands in the way."""
    found = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert found["status"] == response.status_code
    assert found["type"].startswith(URN)
    return response.status_code, found["type"].removeprefix(URN), found.get("id")


def test_a_key_that_was_used_for_another_request(kept: TestClient) -> None:
    key = str(uuid.uuid4())
    assert post(kept, PATH, case(), key).status_code == 201
    assert told(post(kept, PATH, case(zaak="een andere"), key)) == (409, "sleutel-hergebruikt", None)


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (errors.KeyBusy, 409, "sleutel-bezig"),
        (errors.KeyLost, 409, "sleutel-overgenomen"),
        (errors.StoreDown, 503, "opslag-onbereikbaar"),
        (errors.StoreOutdated, 503, "opslag-verouderd"),
        (errors.Tampered, 500, "opslag-aangetast"),
        (errors.Erased, 410, "vernietigd"),
    ],
)
def test_what_the_store_refuses(
    kept: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch, error: type[errors.StoreError], status: int, kind: str
) -> None:
    def raises(*_: Any) -> None:
        raise error

    monkeypatch.setattr(store, "claim_key", raises)
    assert told(post(kept, PATH, case())) == (status, kind, None)


def test_an_assessment_that_was_added_to_names_what_to_go_on_with(kept: TestClient) -> None:
    number = assessed(kept)
    added = post(kept, f"{PATH}/{number}/effecten", {"beoogdeEffecten": [WANTED]})
    for path, body in (("effecten", {"beoogdeEffecten": [WANTED]}), ("besluit", record())):
        assert told(post(kept, f"{PATH}/{number}/{path}", body)) == (409, "aangevuld", added.json()["id"])


def test_an_assessment_that_was_decided_on_names_the_decision(kept: TestClient) -> None:
    number = assessed(kept)
    decided = post(kept, f"{PATH}/{number}/besluit", record()).json()["id"]
    for path, body in (("effecten", {"beoogdeEffecten": [WANTED]}), ("besluit", record()), ("besluit", record(corrigeert=number))):
        assert told(post(kept, f"{PATH}/{number}/{path}", body)) == (409, "besloten", decided)


def test_a_record_that_is_not_complete_and_a_correction_of_nothing(kept: TestClient) -> None:
    number = assessed(kept)
    assert told(post(kept, f"{PATH}/{number}/besluit", {})) == (409, "vastlegging-onvolledig", None)
    assert told(post(kept, f"{PATH}/{number}/besluit", record(corrigeert=number))) == (409, "niet-besloten", None)


def test_a_service_that_keeps_nothing(client: TestClient) -> None:
    assert told(post(client, PATH, case())) == (503, "geen-opslag", None)


def test_every_kind_is_in_the_description_and_on_the_page_with_its_status(kept: TestClient) -> None:
    schema = kept.get("/v1/openapi.json").json()["components"]["schemas"]["Probleem"]["properties"]["type"]
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \| ", page, re.MULTILINE)
    assert dict(rows) == {kind.name: str(kind.status) for kind in KINDS.values()}
    assert all(name in schema["description"] for name in KINDS)


def test_every_kind_can_be_looked_up_by_its_name() -> None:
    named = {value.name for value in vars(kinds).values() if isinstance(value, kinds.Kind)}
    assert named <= set(KINDS)
