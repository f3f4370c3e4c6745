# SPDX-License-Identifier: EUPL-1.2
"""Finding assessments back, a page at a time, with what is sought in the body and never in an address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from starlette.testclient import TestClient

from store.model import Ground
from store.store import Store
from tests.api.kept import BSN, DOOR, GROUND, OUTCOME_DAY, PATH, TOWN, assessed, case, mistakes, post, record, service
from tests.api.test_effects import WANTED
from tests.store.conftest import Clock, opened

OTHER_BSN = "1234567" + "82"


@pytest.fixture(scope="module")
def clock() -> Clock:
    found = Clock()
    found.at = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
    return found


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("opslag")
    store = opened(make_url(f"sqlite:///{folder / 'opslag.sqlite'}"), now=clock)
    yield store
    store.close()


@pytest.fixture(scope="module")
def filled(own: Store, clock: Clock) -> tuple[TestClient, list[str]]:
    """Five assessments on five days: of two people, in three cases; the fourth one adds to the third."""
    client = service(own)
    numbers = []
    for body in ({"zaak": "a", "betrokkene": {"bsn": BSN}}, {"zaak": "b", "betrokkene": {"bsn": OTHER_BSN}}, {"zaak": "a"}):
        numbers.append(assessed(client, **body))
        clock.at += timedelta(days=1)
    numbers.append(post(client, f"{PATH}/{numbers[2]}/effecten", {"beoogdeEffecten": [WANTED]}).json()["id"])
    assert post(client, f"{PATH}/{numbers[1]}/besluit", record()).status_code == 201
    clock.at += timedelta(days=1)
    body = {key: value for key, value in case().items() if key != "zaak"}
    numbers.append(post(client, PATH, body | {"gegevens": {}}).json()["id"])
    return client, numbers


def found(filled: tuple[TestClient, list[str]], **sought: Any) -> list[int]:
    """Which of the five are found, in the order in which they come."""
    client, numbers = filled
    answer = client.post(f"{PATH}/_zoek", json={"gemeente": TOWN, **sought})
    assert answer.status_code == 200, answer.text
    assert answer.json()["count"] == len(answer.json()["results"])
    return [numbers.index(item["id"]) for item in answer.json()["results"]]


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        ({}, [4, 3, 2, 1, 0]),
        ({"zaak": "a"}, [3, 2, 0]),
        ({"zaak": "c"}, []),
        ({"betrokkene": {"bsn": BSN}}, [0]),
        ({"betrokkene": {"bsn": OTHER_BSN}, "zaak": "a"}, []),
        ({"betrokkene": {"bsn": "0000000" + "12"}}, []),
        ({"grond": GROUND}, [4, 3, 2, 1, 0]),  # of the last one nothing is known: the ground may be there
        ({"grond": GROUND, "zaak": "b"}, [1]),
        ({"deur": DOOR, "zaak": "b"}, [1]),
        ({"vanaf": "2026-09-03"}, [4, 3, 2]),
        ({"totEnMet": "2026-09-02"}, [1, 0]),
        ({"vanaf": "2026-09-02", "totEnMet": "2026-09-02"}, [1]),
    ],
)
def test_what_fits_everything_that_is_asked_is_found_newest_first(
    filled: tuple[TestClient, list[str]], sought: dict[str, Any], expected: list[int]
) -> None:
    assert found(filled, **sought) == expected


def test_a_person_is_found_by_pseudonym_too(filled: tuple[TestClient, list[str]]) -> None:
    client, numbers = filled
    (item,) = client.post(f"{PATH}/_zoek", json={"gemeente": TOWN, "betrokkene": {"bsn": BSN}}).json()["results"]
    assert item["pseudoniem"]
    assert found(filled, betrokkene={"pseudoniem": item["pseudoniem"]}) == [0]
    assert numbers[0] == item["id"]


def test_a_result_says_what_came_of_it(filled: tuple[TestClient, list[str]]) -> None:
    client, numbers = filled
    items = {item["id"]: item for item in client.post(f"{PATH}/_zoek", json={"gemeente": TOWN}).json()["results"]}
    assert [items[number]["besloten"] for number in numbers] == [False, True, False, False, False]
    assert (items[numbers[2]]["aangevuldDoor"], items[numbers[3]]["aanvullingOp"]) == (numbers[3], numbers[2])
    assert items[numbers[0]]["vastgelegdOp"] == "2026-09-01T12:00:00Z"


def test_what_was_kept_by_mistake_came_to_nothing(tmp_path: Path) -> None:
    store = opened(make_url(f"sqlite:///{tmp_path / 'opslag.sqlite'}"))
    client = service(store)
    number = assessed(client)
    decided = post(client, f"{PATH}/{number}/besluit", record()).json()["id"]
    store.erase(decided, ground=Ground.MISTAKE, by="a", reason="b")
    (found,) = client.post(f"{PATH}/_zoek", json={"gemeente": TOWN}).json()["results"]
    store.close()
    assert (found["besloten"], found["aangevuldDoor"], found["vernietigd"]) == (False, None, False)


def test_pages_follow_each_other_without_gaps(filled: tuple[TestClient, list[str]]) -> None:
    client, numbers = filled
    seen: list[str] = []
    page: int | None = 1
    while page is not None:
        answer = client.post(f"{PATH}/_zoek", json={"gemeente": TOWN, "page": page, "pageSize": 2}).json()
        assert answer["count"] == 5
        assert answer["previous"] == (page - 1 or None)
        seen += [item["id"] for item in answer["results"]]
        page = answer["next"]
    assert seen == numbers[::-1]
    beyond = client.post(f"{PATH}/_zoek", json={"gemeente": TOWN, "page": 9, "pageSize": 2}).json()
    assert (beyond["results"], beyond["next"]) == ([], None)


def test_up_to_a_day_that_is_over_nothing_comes_in_between_two_pages(tmp_path: Path) -> None:
    clock = Clock()
    clock.at = OUTCOME_DAY
    store = opened(make_url(f"sqlite:///{tmp_path / 'opslag.sqlite'}"), now=clock)
    client = service(store)
    numbers = [assessed(client) for _ in range(4)]
    asked = {"gemeente": TOWN, "pageSize": 2, "totEnMet": clock.at.date().isoformat()}
    clock.pass_(days=1)
    pages = []
    for page in (1, 2):
        pages += [item["id"] for item in client.post(f"{PATH}/_zoek", json={**asked, "page": page}).json()["results"]]
        assessed(client)
    assert pages == numbers[::-1]
    store.close()


def test_a_period_may_last_until_the_last_day_that_there_is(filled: tuple[TestClient, list[str]]) -> None:
    assert len(found(filled, vanaf="0999-01-01", totEnMet="9999-12-31")) == 5


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ([], ("TS-O06", "")),
        ({}, ("TS-O01", "/gemeente")),
        ({"gemeente": TOWN, "dossier": 1}, ("TS-O06", "/dossier")),
        ({"gemeente": TOWN, "zaak": ""}, ("TS-O04", "/zaak")),
        ({"gemeente": TOWN, "betrokkene": {"bsn": "1"}}, ("TS-O03", "/betrokkene/bsn")),
        ({"gemeente": TOWN, "betrokkene": {"pseudoniem": ""}}, ("TS-O03", "/betrokkene")),
        ({"gemeente": "Delft"}, ("TS-O01", "/gemeente")),
        ({"gemeente": "\0"}, ("TS-O01", "/gemeente")),
        ({"gemeente": TOWN, "betrokkene": {"pseudoniem": "\0"}}, ("TS-O03", "/betrokkene")),
        ({"gemeente": TOWN, "grond": "\0"}, ("TS-O06", "/grond")),
        ({"gemeente": TOWN, "deur": "\0"}, ("TS-O06", "/deur")),
        ({"gemeente": TOWN, "grond": 1}, ("TS-O06", "/grond")),
        ({"gemeente": TOWN, "vanaf": "gisteren"}, ("TS-O06", "/vanaf")),
        ({"gemeente": TOWN, "page": 0}, ("TS-O06", "/page")),
        ({"gemeente": TOWN, "page": True}, ("TS-O06", "/page")),
        ({"gemeente": TOWN, "pageSize": 101}, ("TS-O06", "/pageSize")),
    ],
)
def test_a_search_is_read_strictly(filled: tuple[TestClient, list[str]], body: Any, told: tuple[str, str]) -> None:
    answer = filled[0].post(f"{PATH}/_zoek", json=body)
    assert (answer.status_code, mistakes(answer)) == (400, [told])


def test_what_was_destroyed_is_found_by_day_only(own: Store, clock: Clock) -> None:
    client = service(own)
    clock.at = datetime(2027, 1, 1, 12, 0, tzinfo=UTC)
    number = assessed(client, zaak="weg", betrokkene={"bsn": BSN})
    own.erase(number, ground=Ground.REQUEST, by="a", reason="b")
    assert client.post(f"{PATH}/_zoek", json={"gemeente": TOWN, "zaak": "weg"}).json()["count"] == 0
    (item,) = client.post(f"{PATH}/_zoek", json={"gemeente": TOWN, "vanaf": "2027-01-01"}).json()["results"]
    assert (item["id"], item["vernietigd"], item["zaak"], item["pseudoniem"]) == (number, True, None, None)
