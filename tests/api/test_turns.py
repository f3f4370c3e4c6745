# SPDX-License-Identifier: EUPL-1.2
"""A service that is asked more than it can do: some are sent away at once, the others are answered as quickly as ever."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import anyio
import pytest
from starlette.testclient import TestClient

from api.app import app_over
from api.context import Context, Current
from api.problems import ApiProblem
from api.turns import Turns
from engine.rulebook import load_files
from tests.helpers import law


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


def asked(turns: Turns, *, inside: int, lasts: float = 0.1) -> int:
    """The status for one more where so many work or wait already, each for so many seconds; 200 where it is taken on."""
    turns.inside, turns.lasts = inside, lasts
    try:
        turns.admit()
    except ApiProblem as refused:
        return refused.status
    return 200


def waited(turns: Turns, clock: Clock) -> None:
    """A second in which somebody waits and nobody is sent away."""
    asked(turns, inside=8, lasts=0)
    clock.at += 1
    asked(turns, inside=8, lasts=0)


@pytest.mark.parametrize(("inside", "wait"), [(0, 0.0), (3, 0.0), (4, 0.025), (5, 0.05), (12, 0.225)])
def test_the_wait_is_the_work_before_you_over_those_who_do_it(inside: int, wait: float) -> None:
    turns = Turns(at_once=4)
    turns.inside, turns.lasts = inside, 0.1
    assert turns.wait == pytest.approx(wait)


def test_a_burst_on_a_service_at_rest_waits_as_long_as_was_set_and_no_longer(clock: Clock) -> None:
    turns = Turns(at_once=4, patience=0.2, clock=clock)
    assert [asked(turns, inside=number) for number in (4, 11, 12)] == [200, 200, 503]


def test_a_second_in_which_somebody_waits_costs_two_of_patience(clock: Clock) -> None:
    """Of 0.2 s an eighth (0.025) is always there; 0.045 s of waiting leaves 0.175 - 0.09 = 0.085 of the rest: 0.11 s together."""
    turns = Turns(at_once=4, patience=0.2, clock=clock)
    asked(turns, inside=8)
    clock.at += 0.045
    assert [asked(turns, inside=number) for number in (7, 8)] == [200, 503]


def test_where_it_stays_busy_only_who_has_a_turn_soon_is_taken_on(clock: Clock) -> None:
    """After a second of waiting the eighth is left, 0.025 s, as nobody was sent away: for the wait of 0.1 / 4 s, not of twice that."""
    turns = Turns(at_once=4, patience=0.2, clock=clock)
    waited(turns, clock)
    assert [asked(turns, inside=number) for number in (3, 4, 5)] == [200, 200, 503]


def test_where_most_are_sent_away_only_who_has_a_turn_at_once_is_taken_on(clock: Clock) -> None:
    """Ten sent away in a row are 1 - 0.9 ** 10 of those who came: 0.025 * 0.9 ** 20 = 0.003 s is left, less than 0.1 / 4 s."""
    turns = Turns(at_once=4, patience=0.2, clock=clock)
    waited(turns, clock)
    assert [asked(turns, inside=8) for _ in range(10)] == [503] * 10
    assert [asked(turns, inside=number) for number in (3, 4)] == [200, 503]
    assert [asked(turns, inside=3) for _ in range(100)] == [200] * 100
    assert asked(turns, inside=4, lasts=0.09) == 200


def test_a_service_that_rests_becomes_patient_again(clock: Clock) -> None:
    turns = Turns(at_once=4, patience=0.2, clock=clock)
    for _ in range(10):
        asked(turns, inside=8)
        clock.at += 0.1
    assert asked(turns, inside=11) == 503
    asked(turns, inside=0)
    clock.at += 60
    assert asked(turns, inside=0) == 200
    assert asked(turns, inside=11) == 200


def test_who_is_sent_away_hears_when_to_come_back(clock: Clock) -> None:
    turns = Turns(at_once=1, patience=0.2, clock=clock)
    turns.inside, turns.lasts = 3, 2.5
    with pytest.raises(ApiProblem) as refused:
        turns.admit()
    assert refused.value.headers == {"Retry-After": "8"}


def test_how_long_work_takes_is_learned_from_work_that_fails_too(clock: Clock) -> None:
    turns = Turns(clock=clock)

    def fails() -> None:
        clock.at += 3
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        anyio.run(turns.work, fails)
    assert (turns.lasts, turns.inside) == (3, 0)


TINY = "- {id: wet.1, bron: art. 1, bepaalt: uit, rol: voorwaarde, als: a}"


@contextmanager
def busy(turns: Turns) -> Iterator[TestClient]:
    """A client of a service in which somebody else is worked for, for as long as the block lasts."""
    client = TestClient(app_over(Current(Context(load_files(law(TINY)), turns=turns)), examples=None), raise_server_exceptions=False)
    inside, done = Event(), Event()

    def work() -> None:
        inside.set()
        assert done.wait(20)

    with client, ThreadPoolExecutor(1) as pool:
        assert client.portal is not None
        first = pool.submit(client.portal.call, turns.work, work)
        assert inside.wait(20)
        turns.lasts = 30.0
        try:
            yield client
        finally:
            done.set()
            first.result()


def test_a_service_that_is_full_says_so_at_the_door_and_takes_on_who_comes_back() -> None:
    turns = Turns(at_once=1, patience=0.2)
    with busy(turns) as client:
        answer = client.post("/v1/beoordelingen/_bereken", json={})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"] == "De dienst is vol. Probeer het zo weer."
        assert client.get("/v1/regelingen").status_code == 503
    assert client.post("/v1/beoordelingen/_bereken", json={}).status_code == 400


@pytest.mark.parametrize("probe", ["live", "gereed"])
def test_a_service_that_is_full_still_tells_that_it_lives(probe: str) -> None:
    with busy(Turns(at_once=1, patience=0.2)) as client:
        assert client.get(f"/v1/gezondheid/{probe}").status_code == 200


@pytest.mark.parametrize(("alone", "told"), [(True, None), (False, "close")])
def test_a_process_that_is_busy_sends_the_next_request_of_a_caller_to_another_one(alone: bool, told: str | None) -> None:
    with busy(Turns(at_once=2, patience=0.2, alone=alone)) as client:
        for path in ("/v1/regelingen", "/v1/regelingen/niet-daar"):
            assert client.get(path).headers.get("connection") == told


def test_a_process_that_sends_a_caller_away_does_not_keep_the_connection_either() -> None:
    with busy(Turns(at_once=1, patience=0.2, alone=False)) as client:
        answer = client.get("/v1/regelingen")
        assert (answer.status_code, answer.headers["connection"]) == (503, "close")


def test_a_process_at_rest_keeps_the_connection() -> None:
    context = Context(load_files(law(TINY)), turns=Turns(alone=False))
    assert "connection" not in TestClient(app_over(Current(context), examples=None)).get("/v1/regelingen").headers


def test_only_the_work_itself_is_handed_to_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    handed = []
    run = anyio.to_thread.run_sync

    async def counted(work: Any, *more: Any, **options: Any) -> Any:
        handed.append(work)
        return await run(work, *more, **options)

    monkeypatch.setattr(anyio.to_thread, "run_sync", counted)
    client = TestClient(app_over(Current(Context(load_files(law(TINY)))), examples=None))
    assert client.post("/v1/beoordelingen/_bereken", json={}).status_code == 400
    assert len(handed) == 1
