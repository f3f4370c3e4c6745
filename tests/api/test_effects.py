# SPDX-License-Identifier: EUPL-1.2
"""Effects that people state when the outcome is there: marked, kept on their own, and the assessment worked out anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, make_url
from starlette.testclient import TestClient

from api.kinds import OTHER_OUTCOME
from store.model import Kind
from store.store import Store
from tests.api.kept import BSN, DOOR, OUTCOME_DAY, PATH, TOWN, assessed, case, mistakes, post, record, service
from tests.store.conftest import opened

WANTED = {
    "persoon": "aanvrager",
    "leefgebied": "wonen",
    "omschrijving": "Ik wil mijn kamer houden.",
    "termijn": "kort",
    "gesteldDoor": "consulent",
    "gesteldOp": "2026-09-02",
}
STATED = {
    "optie": f"optie.{DOOR}",
    "wie": "aanvrager",
    "richting": "bevordert",
    "termijn": "kort",
    "ernst": "ernstig",
    "zekerheid": "aannemelijk",
    "omschrijving": "Hij houdt zijn kamer.",
    "bron": "gesprek",
    "gesteldDoor": "consulent",
    "gesteldOp": "2026-09-02",
}


LATER = datetime(2026, 12, 10, 9, 30, tzinfo=UTC)
"""When what comes after the outcome is told to the service."""


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[TestClient]:
    """A service on the day of the outcome."""
    store = opened(make_url(f"sqlite:///{tmp_path / 'opslag.sqlite'}"), now=lambda: OUTCOME_DAY)
    yield service(store)
    store.close()


def store_of(client: TestClient) -> Store:
    found: Store = client.app.routes[0].app.state.current.context.archive.store  # type: ignore[attr-defined]
    return found


def state(client: TestClient, number: str, body: Any) -> Any:
    """State effects, some time after the outcome."""
    store = store_of(client)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "now", lambda: LATER)
        return post(client, f"{PATH}/{number}/effecten", body)


def test_effects_give_a_new_assessment_that_adds_to_the_first(kept: TestClient) -> None:
    number = assessed(kept)
    answer = state(kept, number, {"beoogdeEffecten": [WANTED], "effecten": [STATED]})
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert answer.headers["location"] == f"{PATH}/{found['id']}"
    assert (found["aanvullingOp"], found["zaak"]) == (number, case()["zaak"])
    assert [effect["omschrijving"] for effect in found["beoogdeEffecten"]][1:] == [WANTED["omschrijving"]]
    assert [effect["omschrijving"] for effect in found["effecten"]] == [STATED["omschrijving"]]
    assert kept.get(answer.headers["location"]).content == answer.content
    assert kept.post(f"{PATH}/{found['id']}/_herbereken", json={"regels": "toen"}).json()["woordelijkGelijk"] is True
    store = store_of(kept)
    stored = store.record(found["id"])
    assert (stored.kind, stored.about, stored.bundle) == (Kind.EFFECTS, number, store.record(number).bundle)
    assert stored.data["naUitkomst"] is True


@pytest.mark.parametrize(("day", "late"), [("2026-09-01", False), ("2026-09-02", True), ("2026-09-10", True)])
@pytest.mark.parametrize("said", [True, False, None])
def test_what_is_stated_on_or_after_the_day_of_the_outcome_is_marked_whatever_is_said(
    kept: TestClient, day: str, late: bool, said: bool | None
) -> None:
    effect = {**WANTED, "gesteldOp": day} | ({} if said is None else {"naUitkomst": said})
    found = state(kept, assessed(kept), {"beoogdeEffecten": [effect]}).json()
    assert found["beoogdeEffecten"][-1]["naUitkomst"] is (late or said is True)


@pytest.mark.parametrize(
    ("outcome", "day", "late"),
    [
        (datetime(2026, 9, 10, 22, 30, tzinfo=UTC), "2026-09-10", False),
        (datetime(2026, 9, 10, 22, 30, tzinfo=UTC), "2026-09-11", True),
        (datetime(2026, 12, 1, 22, 59, tzinfo=UTC), "2026-12-01", True),
        (datetime(2026, 12, 1, 23, 30, tzinfo=UTC), "2026-12-01", False),
    ],
)
def test_the_day_of_the_outcome_is_that_in_the_netherlands(tmp_path: Path, outcome: datetime, day: str, late: bool) -> None:
    store = opened(make_url(f"sqlite:///{tmp_path / 'opslag.sqlite'}"), now=lambda: outcome)
    client = service(store)
    found = state(client, assessed(client), {"beoogdeEffecten": [{**WANTED, "gesteldOp": day}]}).json()
    assert found["beoogdeEffecten"][-1]["naUitkomst"] is late
    store.close()


def test_a_sign_that_nobody_can_see_in_what_somebody_states_is_kept_as_it_came(url: URL) -> None:
    store = opened(url)
    client = service(store)
    said = "Hij houdt\x00 zijn\x1b kamer."
    answer = state(client, assessed(client), {"effecten": [{**STATED, "omschrijving": said}]})
    assert answer.json()["effecten"][0]["omschrijving"] == said
    assert client.get(answer.headers["location"]).content == answer.content
    store.close()


def test_the_first_assessment_stays_what_it_was(kept: TestClient) -> None:
    first = post(kept, PATH, case())
    state(kept, first.json()["id"], {"beoogdeEffecten": [WANTED]})
    assert kept.get(first.headers["location"]).content == first.content


def test_who_goes_on_goes_on_from_the_last_one(kept: TestClient) -> None:
    number = assessed(kept)
    second = state(kept, number, {"beoogdeEffecten": [WANTED]}).json()["id"]
    for answer in (state(kept, number, {"beoogdeEffecten": [WANTED]}), post(kept, f"{PATH}/{number}/besluit", record())):
        assert answer.status_code == 409
        assert second in answer.json()["detail"]
    third = state(kept, second, {"effecten": [STATED]}).json()
    assert len(third["beoogdeEffecten"]) == 2
    assert third["aanvullingOp"] == second


def test_after_a_decision_no_effect_is_added(kept: TestClient) -> None:
    number = assessed(kept)
    made = post(kept, f"{PATH}/{number}/besluit", record(datum="2026-09-02"))
    assert made.status_code == 201, made.text
    answer = state(kept, number, {"beoogdeEffecten": [WANTED]})
    assert answer.status_code == 409
    assert made.json()["id"] in answer.json()["detail"]


def test_the_person_and_the_case_stay_with_it(kept: TestClient) -> None:
    number = assessed(kept, betrokkene={"bsn": BSN})
    second = state(kept, number, {"beoogdeEffecten": [WANTED]}).json()["id"]
    terms = store_of(kept).terms_of([number, second])
    assert terms[second]["betrokkene"] == terms[number]["betrokkene"]
    assert terms[second]["zaak"] == terms[number]["zaak"]
    assert BSN not in str(terms)


def test_what_was_kept_before_is_not_held_against_who_goes_on_with_it(kept: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    later, store = case(), store_of(kept)
    later["beoogdeEffecten"][0]["gesteldOp"] = "2026-09-09"
    with monkeypatch.context() as patch:
        patch.setattr(store, "now", lambda: LATER)
        number = post(kept, PATH, later).json()["id"]
    assert post(kept, f"{PATH}/{number}/effecten", {"effecten": [STATED]}).status_code == 201  # by a clock that was put back
    with monkeypatch.context() as patch:
        patch.setattr("engine.passes.stated.lists_of_people", lambda program: tuple(program.lists))
        number = assessed(kept, effecten=[{**STATED, "wie": "bezittingen"}])
    for path, body in (("effecten", {"effecten": [STATED]}), ("besluit", record(datum="2026-09-02"))):
        answer = post(kept, f"{PATH}/{number}/{path}", body)
        assert (answer.status_code, answer.json()["type"]) == (409, OTHER_OUTCOME.type)


def test_what_is_still_to_be_said_is_kept_nowhere(tmp_path: Path) -> None:
    now = datetime(2026, 9, 2, 22, 30, tzinfo=UTC)  # half past midnight in the Netherlands
    store = opened(make_url(f"sqlite:///{tmp_path / 'opslag.sqlite'}"), now=lambda: now)
    client = service(store)
    number = assessed(client)
    body = {"beoogdeEffecten": [{**WANTED, "gesteldOp": "2026-09-03"}, {**WANTED, "gesteldOp": "2026-09-04"}]}
    body |= {"effecten": [{**STATED, "gesteldOp": "2062-09-03"}]}
    answer = post(client, f"{PATH}/{number}/effecten", body)
    told = [("TS-Z32", "/beoogdeEffecten/1/gesteldOp"), ("TS-Z32", "/effecten/0/gesteldOp")]
    assert (answer.status_code, mistakes(answer)) == (400, told)
    judged = {**case()["gegevens"]["aanvrager"]["kan_rijksonderwijs_volgen"], "datum": "2026-09-04"}
    later = case()
    later["gegevens"]["aanvrager"]["kan_rijksonderwijs_volgen"] = judged
    answer = post(client, PATH, later)
    assert (answer.status_code, mistakes(answer)) == (400, [("TS-Z32", "/gegevens/aanvrager/kan_rijksonderwijs_volgen/datum")])
    assert client.post(f"{PATH}/_bereken", json={name: value for name, value in later.items() if name != "zaak"}).status_code == 200
    store.close()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, [("TS-O06", "")]),
        ({"beoogdeEffecten": []}, [("TS-O06", "")]),
        ([], [("TS-O06", "")]),
        ({"beoogdeEffecten": "alles"}, [("TS-O06", "/beoogdeEffecten")]),
        ({"effect": [], "beoogdeEffecten": [WANTED]}, [("TS-O06", "/effect")]),
        ({"beoogdeEffecten": [WANTED, {**WANTED, "termijn": "ooit"}]}, [("TS-Z11", "/beoogdeEffecten/1/termijn")]),
        ({"effecten": [{**STATED, "optie": "zomaar"}]}, [("TS-Z11", "/effecten/0/optie")]),
        ({"effecten": [{**STATED, "wie": "bezittingen"}]}, [("TS-Z11", "/effecten/0/wie")]),
        ({"beoogdeEffecten": [{**WANTED, "gesteldOp": "gisteren"}]}, [("TS-Z08", "/beoogdeEffecten/0/gesteldOp")]),
    ],
)
def test_a_mistake_has_its_place_in_the_message(kept: TestClient, body: Any, told: list[tuple[str, str]]) -> None:
    answer = state(kept, assessed(kept), body)
    assert (answer.status_code, mistakes(answer)) == (400, told)


def test_a_mistake_of_writing_has_its_place_in_the_message_too(kept: TestClient) -> None:
    text = '{"beoogdeEffecten": [{"persoon": NaN}]}'
    headers = {"Idempotency-Key": "schrijffout", "content-type": "application/json"}
    answer = kept.post(f"{PATH}/{assessed(kept)}/effecten", content=text, headers=headers)
    assert ("TS-J06", "/beoogdeEffecten/0/persoon") in mistakes(answer)
    assert all(pointer.startswith("/beoogdeEffecten/0") for _, pointer in mistakes(answer))


def test_two_at_once_make_one(kept: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    number, store = assessed(kept), store_of(kept)
    # The other one comes in after the look and before the commit.
    monkeypatch.setattr("api.stored.effects.what_stands", lambda store, record: "")
    assert state(kept, number, {"beoogdeEffecten": [WANTED]}).status_code == 201
    assert state(kept, number, {"beoogdeEffecten": [WANTED]}).status_code == 409
    assert len(store.about([number], (Kind.EFFECTS,))) == 1
    assert store.news(TOWN, (Kind.EFFECTS,)).records
