# SPDX-License-Identifier: EUPL-1.2
"""The register of deviations: counts of what was decided alike, of one municipality, with small ones hidden."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from starlette.testclient import TestClient

from api.reader import write_json
from api.stored.archive import PRECEDENT
from store.model import Draft, Kind
from store.store import Store
from tests.api.kept import OTHER_TOWN, TOWN, mistakes, service
from tests.store.conftest import opened

PATH = "/v1/afwijkingen"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Store]:
    store = opened(make_url(f"sqlite:///{tmp_path / 'opslag.sqlite'}"))
    yield store
    store.close()


def decided(store: Store, count: int, *, town: str = TOWN, **changes: Any) -> None:
    """So many decisions that are alike."""
    for number in range(count):
        found = {"id": f"d{number}", "datum": "2026-03-01", "regeling": "wet", "gronden": ["wet.1"], "deur": "wet.deur", "afgeweken": True}
        case = store.append(Draft(town, Kind.ASSESSMENT, law="wet"))
        payload = write_json({**found, "motief": "zo", **changes})
        store.append(Draft(town, Kind.DECISION, payloads={PRECEDENT: payload}, about=case.id))


def test_decisions_that_are_alike_are_counted_together(own: Store) -> None:
    decided(own, 7)
    decided(own, 6, afgeweken=False)
    decided(own, 5, gronden=["wet.2"], deur=None)
    found = service(own).get(f"{PATH}?gemeente={TOWN}").json()
    assert [(row["gronden"], row["deur"], row["afgeweken"]) for row in found["results"]] == [
        ("wet.1", "wet.deur", 7),
        ("wet.2", "(geen)", 5),
    ]
    assert (found["count"], found["jaren"], found["totaal"]["afgeweken"]) == (2, [2026, 2026], 12)


def test_a_small_count_is_hidden_with_what_would_give_it_away(own: Store) -> None:
    decided(own, 7)
    decided(own, 2, gronden=["wet.2"])
    found = service(own).get(f"{PATH}?gemeente={TOWN}").json()
    shown = {row["gronden"]: row["afgeweken"] for row in found["results"]}
    assert shown["wet.2"] == "<5"
    assert shown["wet.1"] != 7 or found["totaal"]["afgeweken"] != 9
    assert 2 not in [value for row in found["results"] for value in row.values()]


def test_the_register_of_another_municipality_is_another_one(own: Store) -> None:
    decided(own, 7, town=OTHER_TOWN)
    client = service(own)
    assert client.get(f"{PATH}?gemeente={TOWN}").json()["count"] == 0
    assert client.get(f"{PATH}?gemeente={OTHER_TOWN}").json()["count"] == 1


def test_pages_of_the_register_lead_to_each_other(own: Store) -> None:
    for number in range(3):
        decided(own, 5, gronden=[f"wet.{number}"])
    client: TestClient = service(own)
    address, seen = f"{PATH}?gemeente={TOWN}&pageSize=1", []
    while address:
        found = client.get(address).json()
        assert found["count"] == 3
        seen += [row["gronden"] for row in found["results"]]
        address = found["next"]
    assert seen == ["wet.0", "wet.1", "wet.2"]
    assert client.get(found["previous"]).json()["results"][0]["gronden"] == "wet.1"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "gemeente"),
        ("?gemeente=Jan%20Jansen", "gemeente"),
        ("?gemeente=GM000%D9%A0", "gemeente"),
        ("?gemeente=%00", "gemeente"),
        (f"?gemeente={TOWN}&page=0", "page"),
        (f"?gemeente={TOWN}&pageSize=1000", "pageSize"),
        ("?regeling=wet&gemeente=GM0000", "regeling"),
    ],
)
def test_the_query_is_read_strictly(own: Store, query: str, parameter: str) -> None:
    answer = service(own).get(f"{PATH}{query}")
    assert (answer.status_code, [name for _, name in mistakes(answer)]) == (400, [parameter])
