# SPDX-License-Identifier: EUPL-1.2
"""What goes to and fro over PostgreSQL when a record is kept: how often, and what comes of a client or a server that stands still."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import URL

from store import database
from store.database import reads
from store.errors import KeyBusy, StoreDown
from store.model import KeyDone, Kind
from store.store import Store
from tests.store.chains import KEYS
from tests.store.conftest import opened
from tests.store.drafts import TOWN, assessment
from tests.store.faults import Wire
from tests.store.test_idempotency import BODY, claimed


def held_up(*waits: Callable[[], object]) -> Callable[[], datetime]:
    """A clock that waits: it is read between the question where the chain ends and the writing."""

    def now() -> datetime:
        for wait in waits:
            wait()
        return datetime(2026, 7, 15, 10, 0, tzinfo=UTC)

    return now


def test_a_record_is_kept_in_two_messages_and_an_assessment_in_four(postgresql: URL) -> None:
    wire = Wire(postgresql)
    store = opened(postgresql.set(host="127.0.0.1", port=wire.port))

    def turns(number: int, *, first: bool) -> int:
        before = wire.turns
        key = claimed(store, key=f"sleutel-{number}") if first else None
        if first:
            store.news(TOWN, (Kind.DECISION,), after=number)
        store.append(assessment(), key)
        return wire.turns - before

    for number in range(10):  # until every statement is prepared
        turns(number, first=True)
    assert turns(10, first=False) == 2
    assert turns(11, first=True) == 4
    store.close()
    wire.close()


def test_a_client_that_stands_still_in_the_midst_of_a_record_does_not_hold_the_chain(
    postgresql: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(postgresql)
    ours = claimed(store)
    monkeypatch.setattr(database, "STANDS_STILL", "200ms")
    stuck = Store(postgresql, KEYS, now=held_up(lambda: time.sleep(2)))
    with ThreadPoolExecutor(1) as pool:
        keeping = pool.submit(stuck.append, assessment("zaak-1"), ours)
        time.sleep(0.1)
        start = time.monotonic()
        record = store.append(assessment("zaak-2"))
        assert time.monotonic() - start < 1.5
        with pytest.raises(StoreDown):
            keeping.result()
    assert store.search(TOWN).records == (record,)
    store.append(assessment("zaak-1"), ours)
    assert store.audit().whole
    stuck.close()
    store.close()


@pytest.mark.parametrize(("set_by_the_database", "holds"), [("0", database.STANDS_STILL), ("5min", "5min")])
def test_a_database_that_sets_a_limit_to_standing_still_keeps_its_own(postgresql: URL, set_by_the_database: str, holds: str) -> None:
    options = postgresql.query["options"]
    store = opened(postgresql.update_query_dict({"options": f"{options} -cidle_in_transaction_session_timeout={set_by_the_database}"}))
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar() == holds
    store.close()


def test_who_comes_again_while_the_answer_is_being_kept_does_not_wait_for_it(postgresql: URL) -> None:
    busy, done = threading.Event(), threading.Event()
    store, slow = opened(postgresql), Store(postgresql, KEYS, now=held_up(busy.set, lambda: done.wait(10)))
    ours = claimed(store)
    with ThreadPoolExecutor(1) as pool:
        keeping = pool.submit(slow.append, assessment(), ours)
        assert busy.wait(10)
        with pytest.raises(KeyBusy):
            store.claim_key("zaaksysteem", "sleutel", BODY)
        done.set()
        record = keeping.result()
    assert store.claim_key("zaaksysteem", "sleutel", BODY) == KeyDone(record.id, 201)
    slow.close()
    store.close()


def test_a_database_that_forgot_what_was_prepared_is_down_for_once_and_keeps_nothing_of_it(postgresql: URL) -> None:
    store = opened(postgresql)
    for _ in range(10):
        store.append(assessment())
    with store.engine.connect().execution_options(**reads(store.engine)) as connection:
        connection.exec_driver_sql("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$")  # as psycopg does not see it
    ours = claimed(store)
    with pytest.raises(StoreDown):
        store.append(assessment(), ours)
    record = store.append(assessment(), ours)
    assert record.sequence == 11
    assert store.audit().whole
    store.close()


def test_records_at_the_same_time_are_kept_one_after_the_other_whatever_isolation_a_database_has_by_default(postgresql: URL) -> None:
    options = postgresql.query["options"]
    store = opened(postgresql.update_query_dict({"options": f"{options} -cdefault_transaction_isolation=repeatable\\ read"}))
    with ThreadPoolExecutor(6) as pool:
        kept = list(pool.map(lambda number: store.append(assessment(f"zaak-{number}")), range(30)))
    assert sorted(record.sequence for record in kept) == list(range(1, 31))
    assert store.audit().whole
    store.close()
