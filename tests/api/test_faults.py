# SPDX-License-Identifier: EUPL-1.2
"""A machine that fails the service: who asks hears that it is down, nothing is lost or doubled, and it goes on by itself."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from httpx2 import Response
from sqlalchemy import URL, text
from starlette.testclient import TestClient

from store import database
from store.database import connect
from store.errors import KeyBusy, KeyLost
from store.model import Kind
from store.schema import bundles, records
from store.store import Store
from tests.api.kept import OUTCOME_DAY, PATH, TOWN, assessed, case, post, record, service
from tests.api.test_effects import STATED
from tests.law import example
from tests.store.conftest import Clock, opened
from tests.store.databases import POSTGRES, fresh
from tests.store.drafts import assessment, rows
from tests.store.faults import Wire, disk_full, locked, out_of_reach
from tests.store.test_idempotency import claimed


@pytest.fixture
def kept(url: URL) -> Iterator[Store]:
    found = opened(url)
    yield found
    found.close()


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[tuple[Wire, Store]]:
    """A store in PostgreSQL behind a wire that can be cut."""
    for url in fresh("postgresql", tmp_path):
        found = Wire(url)
        store = opened(url.set(host="127.0.0.1", port=found.port))
        yield found, store
        found.mend()
        store.close()
        found.close()


def down(answer: Response) -> bool:
    """Whether an answer says in the form of problem details that the store is down, and when to come back."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "De opslag is niet bereikbaar."
    return (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def goes_on(client: TestClient, store: Store, key: str, before: str) -> None:
    """The request that came to nothing comes through under the same key, once; what was kept before is there."""
    again = post(client, PATH, case(), key)
    assert again.status_code == 201, again.text
    assert post(client, PATH, case(), key).content == again.content
    assert client.get(f"{PATH}/{before}").status_code == 200
    assert [row["id"] for row in sorted(rows(store.engine, records), key=lambda row: row["sequence"])] == [before, again.json()["id"]]
    assert store.audit().whole


def test_a_full_disk_is_told_and_what_was_kept_can_still_be_read(kept: Store) -> None:
    client, key = service(kept), str(uuid.uuid4())
    before = assessed(client)
    with disk_full(kept):
        assert down(post(client, PATH, case(), key))
        assert client.get(f"{PATH}/{before}").status_code == 200
        assert client.post(f"{PATH}/_zoek", json={"gemeente": TOWN}).json()["count"] == 1
        assert kept.audit().whole
    kept.lease = timedelta(0)
    goes_on(client, kept, key, before)


def test_a_file_that_another_program_writes_to_is_waited_for_and_then_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    store = opened(URL.create("sqlite", database=str(tmp_path / "opslag.sqlite")))
    client, key = service(store), str(uuid.uuid4())
    before = assessed(client)
    with locked(tmp_path / "opslag.sqlite"):
        assert down(post(client, PATH, case(), key))
        assert client.get(f"{PATH}/{before}").status_code == 200
    goes_on(client, store, key, before)
    store.close()


def test_a_file_whose_disk_is_gone_is_told_and_used_again_when_it_is_back(tmp_path: Path) -> None:
    file = tmp_path / "opslag.sqlite"
    store = opened(URL.create("sqlite", database=str(file)))
    client, key = service(store), str(uuid.uuid4())
    before = assessed(client)
    with out_of_reach(store, file):
        assert down(post(client, PATH, case(), key))
        assert down(client.get("/v1/gezondheid/gereed"))
        assert down(client.get(f"{PATH}/{before}"))
    assert client.get("/v1/gezondheid/gereed").status_code == 200
    goes_on(client, store, key, before)
    store.close()


def test_a_database_that_is_gone_is_told_and_used_again_when_it_is_back(wire: tuple[Wire, Store]) -> None:
    way, store = wire
    client, key = service(store), str(uuid.uuid4())
    before = assessed(client)
    way.cut()
    for _ in range(3):
        assert down(post(client, PATH, case(), key))
    assert down(client.get("/v1/gezondheid/gereed"))
    assert client.get("/v1/gezondheid/live").status_code == 200
    stateless = json.dumps(example("2-"), default=str)
    assert client.post(f"{PATH}/_bereken", content=stateless, headers={"Content-Type": "application/json"}).status_code == 200
    way.mend()
    assert client.get("/v1/gezondheid/gereed").status_code == 200
    goes_on(client, store, key, before)


def test_a_commit_whose_answer_is_lost_is_told_as_down_and_found_again_under_its_key(wire: tuple[Wire, Store]) -> None:
    way, store = wire
    client, key = service(store), str(uuid.uuid4())
    before = assessed(client)
    way.lose = 1  # the key is claimed in a statement alone, without a commit
    assert down(post(client, PATH, case(), key))
    way.mend()
    assert store.listed(TOWN, kinds=(Kind.ASSESSMENT,)).count == 2
    goes_on(client, store, key, before)


def test_a_key_whose_claim_was_not_confirmed_is_busy_until_its_lease_ends_and_then_carried_out(wire: tuple[Wire, Store]) -> None:
    way, store = wire
    client, key = service(store), str(uuid.uuid4())
    before = assessed(client)
    way.losing, way.lose = b"INSERT INTO idempotency", 1
    assert down(post(client, PATH, case(), key))
    way.mend()
    assert post(client, PATH, case(), key).status_code == 409
    store.lease = timedelta(0)
    goes_on(client, store, key, before)


def test_connections_that_the_database_ended_are_made_anew(wire: tuple[Wire, Store]) -> None:
    _, store = wire
    client, key = service(store), str(uuid.uuid4())
    before = assessed(client)
    with store.engine.connect() as connection:
        backend = connection.scalar(text("SELECT pg_backend_pid()"))
    other = connect(POSTGRES)
    with other.connect() as connection:
        assert connection.scalar(text("SELECT pg_terminate_backend(:backend, 5000)"), {"backend": backend})
    other.dispose()
    time.sleep(0.2)  # until its end has reached us: a request within that moment is told that the store is down
    goes_on(client, store, key, before)


def test_rule_files_that_are_gone_while_the_service_runs_are_kept_again_with_the_next_request(kept: Store) -> None:
    client, key = service(kept), str(uuid.uuid4())
    number = assessed(client)
    assert client.post(f"{PATH}/{number}/_herbereken", json={"regels": "toen"}).json()["gelijk"] is True
    for path, body in ((PATH, case()), (f"{PATH}/{number}/effecten", {"effecten": [STATED]})):
        with kept.engine.begin() as connection:
            connection.execute(bundles.delete())
        answer = post(client, path, body, key)
        assert answer.status_code == 201, answer.text
        assert post(client, path, body, key).content == answer.content
        assert kept.audit().whole
        key = str(uuid.uuid4())
    assert len(rows(kept.engine, records)) == 3


def test_an_assessment_whose_rule_files_are_gone_for_good_is_told_as_tampered_with_and_not_as_never_there(kept: Store) -> None:
    before = service(kept)
    number = assessed(before)
    with kept.engine.begin() as connection:
        connection.execute(bundles.delete())
    answers = [
        post(service(kept), f"{PATH}/{number}/besluit", record()),
        post(service(kept), f"{PATH}/{number}/effecten", {"effecten": [STATED]}),
        service(kept).post(f"{PATH}/{number}/_herbereken", json={"regels": "toen"}),
        service(kept).get(f"{PATH}/{number}/stappen"),
    ]
    assert {(answer.status_code, answer.json()["type"].rpartition(":")[2]) for answer in answers} == {(500, "opslag-aangetast")}
    assert service(kept).get(f"{PATH}/{number}").status_code == 200


STEPS = (timedelta(days=1), timedelta(days=-3), timedelta(hours=5), timedelta(days=-400), timedelta(days=900))


def test_a_clock_that_is_put_back_and_forward_turns_no_order_round_and_breaks_no_chain(url: URL) -> None:
    clock = Clock()
    clock.at = OUTCOME_DAY + timedelta(days=500)
    store = opened(url, now=clock)
    client = service(store)
    answers = {}
    for step in STEPS:
        clock.at += step
        key = str(uuid.uuid4())
        answers[key] = post(client, PATH, case(), key).content
        assert post(client, PATH, case(), key).content == answers[key]
    kept = sorted(rows(store.engine, records), key=lambda row: row["sequence"])
    moments = [row["created_at"] for row in kept]
    assert len(kept) == len(STEPS)
    assert moments == sorted(moments)
    assert store.audit().whole
    store.close()


def test_a_request_that_died_before_the_clock_was_put_back_does_not_keep_its_key(url: URL) -> None:
    clock = Clock()
    store = opened(url, now=clock)
    claimed(store)
    clock.at -= timedelta(seconds=30)
    with pytest.raises(KeyBusy):
        claimed(store)
    clock.at -= timedelta(hours=2)
    claimed(store)
    store.close()


def test_a_clock_that_jumps_while_a_request_runs_makes_no_second_record(url: URL) -> None:
    clock = Clock()
    store = opened(url, now=clock)
    slow = claimed(store)
    clock.at += timedelta(days=1)
    quick = claimed(store)
    kept = store.append(assessment(), quick)
    with pytest.raises(KeyLost):
        store.append(assessment(), slow)
    assert [row["id"] for row in rows(store.engine, records)] == [kept.id]
    assert datetime.fromisoformat(kept.created_at) == clock.at.astimezone(UTC)
    store.close()
