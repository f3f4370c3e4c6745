# SPDX-License-Identifier: EUPL-1.2
"""Idempotency-Key: of equal requests one record is made, whatever happens in between; on both databases."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import URL
from starlette.testclient import TestClient

from api.auth.gate import Gate
from api.auth.tokens import Tokens, ZgwClient
from store.errors import StoreDown
from store.model import ANSWER, Kind, Rhythm
from store.schema import idempotency, records
from store.store import Store
from tests.api.kept import OUTCOME_DAY, PATH, TOWN, assessed, case, mistakes, post, record, service
from tests.api.signing_in import zgw
from tests.api.test_effects import WANTED
from tests.api.test_rollout import eventually
from tests.store.conftest import Clock, opened
from tests.store.drafts import rows

PARALLEL = 100


@pytest.fixture
def fresh_store(url: URL) -> Iterator[Store]:
    found = opened(url)
    yield found
    found.close()


@pytest.fixture(scope="module")
def kept(store: Store) -> TestClient:
    return service(store)


def count(store: Store) -> int:
    return store.listed(TOWN, kinds=(Kind.ASSESSMENT,), limit=1).count


def test_a_hundred_equal_requests_at_once_make_one_record(fresh_store: Store) -> None:
    client, key, body = service(fresh_store), str(uuid.uuid4()), case()
    with client, ThreadPoolExecutor(PARALLEL) as pool:
        answers = list(pool.map(lambda _: post(client, PATH, body, key), range(PARALLEL)))
    made = [answer for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in made}) == 1
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 409)
    assert [row["kind"] for row in rows(fresh_store.engine, records)] == [Kind.ASSESSMENT]
    last = post(client, PATH, body, key)
    assert (last.status_code, last.content) == (201, made[0].content)
    assert fresh_store.audit().whole


def test_twenty_different_requests_at_once_make_twenty_records(fresh_store: Store) -> None:
    client = service(fresh_store)
    with client, ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda number: post(client, PATH, case(zaak=f"zaak-{number}")), range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 20
    assert sorted(row["sequence"] for row in rows(fresh_store.engine, records)) == list(range(1, 21))


def test_the_same_request_again_gets_the_same_answer_byte_for_byte(fresh_store: Store) -> None:
    client, key = service(fresh_store), str(uuid.uuid4())
    first, again = post(client, PATH, case(), key), post(client, PATH, case(), key)
    assert (again.status_code, again.content, again.headers["location"]) == (201, first.content, first.headers["location"])
    assert count(fresh_store) == 1


def test_another_body_or_another_address_under_the_same_key_is_409(kept: TestClient) -> None:
    key = str(uuid.uuid4())
    number = post(kept, PATH, case(), key).json()["id"]
    for path, body in ((PATH, case(zaak="anders")), (f"{PATH}/{number}/effecten", case())):
        answer = post(kept, path, body, key)
        assert answer.status_code == 409
        assert "ander verzoek" in answer.json()["detail"]


def test_while_the_first_runs_the_second_is_409_and_may_come_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    client, key, inside, go = service(store), str(uuid.uuid4()), threading.Event(), threading.Event()
    put = store.put_bundle

    def slow(data: bytes) -> str:
        inside.set()
        assert go.wait(20)
        return put(data)

    monkeypatch.setattr(store, "put_bundle", slow)
    with client, ThreadPoolExecutor(1) as pool:
        first = pool.submit(post, client, PATH, case(), key)
        assert inside.wait(20)
        busy = post(client, PATH, case(), key)
        go.set()
        assert first.result().status_code == 201
    assert (busy.status_code, busy.headers["retry-after"]) == (409, "1")
    assert post(client, PATH, case(), key).content == first.result().content


def test_a_key_is_of_one_client(store: Store) -> None:
    clients = {
        name: ZgwClient.model_validate({"secret": "x" * 64, "gemeenten": [TOWN], "rollen": ["beoordelen"]}) for name in ("zaak", "ander")
    }
    client, key = service(store, gate=Gate(tokens=Tokens(clients))), str(uuid.uuid4())
    one = post(client, PATH, case(), key, Authorization=f"Bearer {zgw()}")
    other = post(client, PATH, case(zaak="van een ander"), key, Authorization=f"Bearer {zgw(client_id='ander')}")
    assert (one.status_code, other.status_code) == (201, 201)
    assert one.json()["id"] != other.json()["id"]


WITHOUT_KEY = ("TS-O02", "Idempotency-Key")
ADDRESSES = [PATH, f"{PATH}/{{id}}/effecten", f"{PATH}/{{id}}/besluit"]


@pytest.mark.parametrize(("path", "body"), list(zip(ADDRESSES, [case(), {"beoogdeEffecten": [WANTED]}, record()], strict=True)))
def test_without_a_key_nothing_is_kept(kept: TestClient, store: Store, path: str, body: Any) -> None:
    address = path.replace("{id}", assessed(kept))
    before = len(rows(store.engine, records))
    answer = kept.post(address, json=body)
    assert (answer.status_code, mistakes(answer)) == (400, [WITHOUT_KEY])
    assert len(rows(store.engine, records)) == before


@pytest.mark.parametrize(("path", "code"), list(zip(ADDRESSES, ["TS-Z02", "TS-O06", "TS-H02"], strict=True)))
def test_a_key_that_is_missing_is_told_together_with_everything_else(kept: TestClient, path: str, code: str) -> None:
    answer = kept.post(path.replace("{id}", assessed(kept)) + "?zo=1", json={"zomaar": 1})
    assert answer.status_code == 400
    assert mistakes(answer)[:2] == [("TS-Q01", "zo"), WITHOUT_KEY]
    assert (code, "/zomaar") in mistakes(answer)


def test_a_key_that_is_missing_is_told_with_a_record_that_is_not_complete_or_a_body_that_cannot_be_read(kept: TestClient) -> None:
    address = f"{PATH}/{assessed(kept)}/besluit"
    found = mistakes(kept.post(address, json={}))
    assert found[0] == WITHOUT_KEY
    assert ("TS-H07", "/eigenWoorden") in found
    broken = kept.post(address, content=b"{", headers={"content-type": "application/json"})
    assert (broken.status_code, mistakes(broken)) == (400, [WITHOUT_KEY, ("TS-J03", "")])


def test_a_key_that_is_missing_does_not_hide_that_the_case_went_on(kept: TestClient) -> None:
    number = assessed(kept)
    assert post(kept, f"{PATH}/{number}/besluit", record()).status_code == 201
    assert kept.post(f"{PATH}/{number}/besluit", json=record()).status_code == 409


BARE = {name: value for name, value in case().items() if name != "zaak"}
LOOKS = [
    (f"{PATH}/_bereken", BARE, BARE | {"zomaar": 1}, ("TS-Z02", "/zomaar")),
    (f"{PATH}/{{id}}/_herbereken", {"regels": "toen"}, {"regels": "ooit"}, ("TS-O06", "/regels")),
    (f"{PATH}/_zoek", {"gemeente": TOWN}, {"page": 0, "gemeente": TOWN}, ("TS-O06", "/page")),
]


@pytest.mark.parametrize(("path", "right", "wrong", "found"), LOOKS)
def test_a_wrong_query_hides_nothing_of_what_is_wrong_with_the_body(
    kept: TestClient, path: str, right: Any, wrong: Any, found: tuple[str, str]
) -> None:
    address = path.replace("{id}", assessed(kept)) + "?zo=1"
    assert mistakes(kept.post(address, json=right)) == [("TS-Q01", "zo")]
    both = kept.post(address, json=wrong)
    assert (both.status_code, mistakes(both)) == (400, [("TS-Q01", "zo"), found])
    broken = kept.post(address, content=b"{", headers={"content-type": "application/json"})
    assert (broken.status_code, mistakes(broken)) == (400, [("TS-Q01", "zo"), ("TS-J03", "")])
    assert kept.post(address, content=b"a=1", headers={"content-type": "text/plain"}).status_code == 415


@pytest.mark.parametrize("keys", [("a", "b"), ("x" * 256,), ('""',)])
def test_a_key_that_cannot_be_one_is_refused(kept: TestClient, keys: tuple[str, ...]) -> None:
    answer = kept.post(PATH, json=case(), headers=[("Idempotency-Key", key) for key in keys])
    assert (answer.status_code, mistakes(answer)) == (400, [("TS-O02", "Idempotency-Key")])


def test_the_quotes_of_the_standard_are_no_part_of_the_key(kept: TestClient) -> None:
    key = str(uuid.uuid4())
    assert post(kept, PATH, case(), f'"{key}"').content == post(kept, PATH, case(), key).content


def test_a_refused_request_gives_its_key_back_for_a_mended_one(kept: TestClient) -> None:
    key = str(uuid.uuid4())
    assert post(kept, PATH, case(gegevens={"zomaar": 1}), key).status_code == 400
    assert post(kept, PATH, case(), key).status_code == 201


def test_a_key_is_kept_as_a_hash_only(kept: TestClient, store: Store) -> None:
    key = f"sleutel-{uuid.uuid4()}"
    post(kept, PATH, case(), key)
    assert key not in repr(rows(store.engine, idempotency))


def test_a_service_that_dies_after_the_commit_gives_the_kept_answer_on_a_retry(fresh_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    client, key = service(fresh_store), str(uuid.uuid4())

    def dies(*_: Any, **__: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("api.stored.assessing.told", dies)
        assert post(client, PATH, case(), key).status_code == 500
    (number,) = [row["id"] for row in rows(fresh_store.engine, records)]
    after = service(fresh_store)
    again = post(after, PATH, case(), key)
    assert (again.status_code, again.content) == (201, fresh_store.payload(number, ANSWER))
    assert count(fresh_store) == 1


def test_a_service_that_dies_before_the_commit_leaves_a_key_to_take_over(fresh_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    client, key = service(fresh_store), str(uuid.uuid4())

    def dies(*_: Any, **__: Any) -> None:
        raise StoreDown

    with monkeypatch.context() as patch:
        patch.setattr(fresh_store, "append", dies)
        patch.setattr(fresh_store, "release_key", dies)
        assert post(client, PATH, case(), key).status_code == 503
    assert post(client, PATH, case(), key).status_code == 409
    fresh_store.lease = timedelta(0)
    assert post(client, PATH, case(), key).status_code == 201
    assert count(fresh_store) == 1


def test_effects_and_decisions_are_kept_once_too(fresh_store: Store) -> None:
    client = service(fresh_store)
    effects = {"beoogdeEffecten": [{**case()["beoogdeEffecten"][0], "omschrijving": "Ik wil mijn kamer houden."}]}
    number = assessed(client)
    for path, body in ((f"{PATH}/{number}/effecten", effects), (f"{PATH}/{{}}/besluit", record())):
        key = str(uuid.uuid4())
        address = path.format(number)
        first, again = post(client, address, body, key), post(client, address, body, key)
        assert (first.status_code, again.status_code) == (201, 201), first.text
        assert again.content == first.content
        number = first.json()["id"]
    assert [row["kind"] for row in rows(fresh_store.engine, records)] == [Kind.ASSESSMENT, Kind.EFFECTS, Kind.DECISION]


def test_a_service_that_runs_forgets_keys_that_are_older_than_thirty_days(url: URL) -> None:
    clock = Clock()
    clock.at = OUTCOME_DAY
    store = opened(url, now=clock, rhythm=Rhythm(after=timedelta(seconds=0.05)))
    client = service(store)
    assessed(client)
    clock.pass_(days=30, seconds=1)
    assessed(client)
    assert len(rows(store.engine, idempotency)) == 2
    with client:
        eventually(lambda: len(rows(store.engine, idempotency)) == 1)
    store.close()
