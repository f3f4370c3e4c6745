# SPDX-License-Identifier: EUPL-1.2
"""Idempotency-Key: of equal requests one is carried out, whatever happens in between."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import URL

from store.errors import KeyBusy, KeyLost, KeyReused, NotFound
from store.model import KeyClaim, KeyDone
from store.store import Store
from tests.store.conftest import Clock, opened
from tests.store.drafts import TOWN, assessment, decision

BODY = b"POST /v1/beoordelingen\n{}"


def claimed(store: Store, body: bytes = BODY, client: str = "zaaksysteem", key: str = "sleutel") -> KeyClaim:
    found = store.claim_key(client, key, body)
    assert isinstance(found, KeyClaim)
    return found


def test_the_same_request_gets_the_same_answer(store: Store) -> None:
    record = store.append(assessment(), claimed(store), status=201)
    assert store.claim_key("zaaksysteem", "sleutel", BODY) == KeyDone(record.id, 201)


def test_another_request_with_the_same_key_is_refused_running_or_done(store: Store) -> None:
    ours = claimed(store)
    with pytest.raises(KeyReused):
        store.claim_key("zaaksysteem", "sleutel", b"iets anders")
    store.append(assessment(), ours)
    with pytest.raises(KeyReused):
        store.claim_key("zaaksysteem", "sleutel", b"iets anders")


def test_the_same_request_waits_while_the_first_runs(store: Store) -> None:
    claimed(store)
    with pytest.raises(KeyBusy):
        store.claim_key("zaaksysteem", "sleutel", BODY)


def test_two_clients_can_use_the_same_key(store: Store) -> None:
    claimed(store)
    claimed(store, client="ander")


def test_a_key_that_was_given_back_can_be_used_for_a_mended_request(store: Store) -> None:
    store.release_key(claimed(store))
    record = store.append(assessment(), claimed(store, b"beter"))
    store.release_key(KeyClaim("zaaksysteem", "sleutel", "van een ander"))
    assert store.claim_key("zaaksysteem", "sleutel", b"beter") == KeyDone(record.id, 201)


def test_a_request_that_came_to_nothing_leaves_its_key_running(store: Store) -> None:
    ours = claimed(store)
    with pytest.raises(NotFound):
        store.append(decision("weg"), ours)
    with pytest.raises(KeyBusy):
        store.claim_key("zaaksysteem", "sleutel", BODY)
    store.append(assessment(), ours)


def test_a_key_whose_holder_died_is_taken_over_and_the_late_one_keeps_nothing(store: Store, clock: Clock) -> None:
    late = claimed(store)
    clock.pass_(seconds=61)
    record = store.append(assessment(), claimed(store))
    with pytest.raises(KeyLost):
        store.append(assessment(), late)
    assert store.search(TOWN).records == (record,)
    assert store.audit().whole


def test_under_one_key_one_record_is_kept(store: Store) -> None:
    ours = claimed(store)
    record = store.append(assessment(), ours)
    with pytest.raises(KeyLost):
        store.append(assessment(), ours)
    assert store.search(TOWN).records == (record,)


def test_a_key_is_forgotten_after_thirty_days(store: Store, clock: Clock) -> None:
    store.append(assessment(), claimed(store))
    clock.pass_(days=30)
    assert isinstance(store.claim_key("zaaksysteem", "sleutel", BODY), KeyDone)
    clock.pass_(seconds=1)
    store.append(assessment(), claimed(store, b"iets anders"))


def test_a_hundred_equal_requests_at_once_make_one_record(url: URL) -> None:
    store = opened(url, lease=timedelta(minutes=5))

    def post(_: int) -> str:
        try:
            found = store.claim_key("zaaksysteem", "sleutel", BODY)
        except KeyBusy:
            return "busy"
        return store.append(assessment(), found).id if isinstance(found, KeyClaim) else found.record_id

    with ThreadPoolExecutor(100) as pool:
        answers = Counter(pool.map(post, range(100)))
    (record,) = store.search(TOWN).records
    assert set(answers) <= {record.id, "busy"}
    assert post(101) == record.id
    store.close()
