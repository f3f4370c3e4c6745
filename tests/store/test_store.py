# SPDX-License-Identifier: EUPL-1.2
"""What goes into the store comes out as it was, to whom it belongs; what cannot be kept is not half kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, func, select, text
from sqlalchemy.exc import IntegrityError

from store.bundle import address, pack, unpack
from store.chain import START
from store.database import reads
from store.errors import AlreadyThere, NotFound, StoreDown, StoreError, StoreOutdated, Tampered
from store.keys import Keys
from store.model import ANSWER, CLAIM, SUBJECT, TRACE, Draft, KeyClaim, KeyDone, Kind
from store.schema import bundles, checkpoints, payloads, records, terms
from store.store import Store
from tests.helpers import book, law
from tests.store.conftest import Clock, opened
from tests.store.drafts import OTHER_PERSON, OTHER_TOWN, PERSON, TOWN, assessment, decision, everything, rows, unguard


def test_a_record_and_its_payloads_come_back_as_they_went_in(store: Store) -> None:
    data = bytes(range(256)) * 400
    kept = store.append(assessment(payloads={ANSWER: data, "leeg": b""}))
    found = store.record(kept.id)
    assert found == kept
    assert (found.sequence, found.previous, found.kind, found.data) == (1, START, "beoordeling", {"uitkomst": "toekennen"})
    assert store.payload(kept.id, ANSWER) == data
    assert store.payload(kept.id, "leeg") == b""


def test_each_municipality_has_a_chain_of_its_own(store: Store) -> None:
    here = [store.append(assessment()) for _ in range(3)]
    there = store.append(assessment(municipality=OTHER_TOWN))
    assert [record.sequence for record in here] == [1, 2, 3]
    assert [record.previous for record in here] == [START, here[0].hash, here[1].hash]
    assert (there.sequence, there.previous) == (1, START)


def test_what_belongs_to_another_municipality_is_not_there(store: Store) -> None:
    there = store.append(assessment(municipality=OTHER_TOWN))
    with pytest.raises(NotFound):
        store.record(there.id, TOWN)
    with pytest.raises(NotFound):
        store.payload(there.id, ANSWER, TOWN)
    with pytest.raises(NotFound):
        store.append(decision(there.id))
    assert store.search(TOWN).records == ()
    assert store.record(there.id, OTHER_TOWN) == there


@pytest.mark.parametrize("name", ["bijlage", "kenmerken2"])
def test_a_payload_that_never_was_is_not_there(store: Store, name: str) -> None:
    kept = store.append(assessment())
    with pytest.raises(NotFound):
        store.payload(kept.id, name)
    with pytest.raises(NotFound):
        store.record("weg")


def test_what_is_about_a_record_stands_under_its_law(store: Store) -> None:
    first = store.append(assessment())
    second = store.append(decision(first.id))
    third = store.append(Draft(TOWN, Kind.CORRECTION, {"wijzigt": "motivering"}, about=second.id))
    assert {second.law, third.law} == {first.law}
    assert store.search(TOWN, about=first.id).records == (second,)


def test_one_decision_is_taken_once(store: Store) -> None:
    first = store.append(assessment())
    store.append(decision(first.id))
    with pytest.raises(AlreadyThere):
        store.append(decision(first.id))
    assert len(store.search(TOWN).records) == 2


def test_of_many_decisions_at_once_one_is_taken(store: Store) -> None:
    first = store.append(assessment())

    def one(_: int) -> bool:
        try:
            store.append(decision(first.id))
        except AlreadyThere:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(16))) == 1


def test_writers_at_once_make_one_chain_without_gaps(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(lambda number: store.append(assessment(f"zaak-{number}", municipality=TOWN if number % 3 else OTHER_TOWN)), range(60))
        )
    assert [row.sequence for row in store.search(TOWN, limit=100).records] == list(range(40, 0, -1))
    assert store.audit().whole


def test_the_time_in_a_chain_never_runs_back(store: Store, clock: Clock) -> None:
    first = store.append(assessment())
    clock.pass_(hours=-3)
    second = store.append(assessment())
    assert second.created_at == first.created_at == "2026-07-15T10:00:00.000000Z"


def test_a_checkpoint_by_a_clock_that_was_put_back_does_not_turn_the_time_of_a_chain_back(store: Store, clock: Clock) -> None:
    first = store.append(assessment())
    clock.pass_(hours=-3)
    store.checkpoint()
    assert store.append(assessment()).created_at == first.created_at
    assert store.audit().whole


@pytest.mark.parametrize(
    "change",
    [
        {"municipality": "Utrecht"},
        {"payloads": {"kenmerken": b""}},
        {"payloads": {"Bijlage 1": b""}},
        {"terms": {"betrokkene": ["x"]}},
        {"terms": {"zaak": [""]}},
        {"terms": {"zaak": ["a\x00b"]}},
        {"terms": {"zaak": ["a" * 201]}},
    ],
)
def test_a_record_that_cannot_be_is_refused_before_it_comes_near_the_store(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        assessment(**change)


def test_what_fails_halfway_leaves_nothing(store: Store) -> None:
    store.append(assessment())
    before = everything(store.engine)
    with pytest.raises(TypeError):
        store.append(assessment(data={"bedrag": 1.5}))
    with pytest.raises(NotFound):
        store.append(assessment(bundle="0" * 64, subject=PERSON))
    assert everything(store.engine) == before


def test_an_id_that_is_there_already_is_refused_by_the_database_and_the_next_record_is_kept(store: Store) -> None:
    first = store.append(assessment())
    with pytest.raises(IntegrityError) as refused:
        store.append(assessment("zaak-2", id=first.id))
    assert "zaak-2" not in str(refused.value)
    following = store.append(assessment("zaak-3"))
    assert (following.sequence, following.previous) == (2, first.hash)
    assert [row["value"] for row in rows(store.engine, terms) if row["name"] == "zaak"] == ["zaak-1", "zaak-3"]
    assert store.audit().whole


@pytest.mark.parametrize(
    "moment",
    [
        "BEFORE INSERT ON payloads",
        "AFTER UPDATE ON heads",
        "AFTER UPDATE ON idempotency",
        "AFTER INSERT ON records DEFERRABLE INITIALLY DEFERRED",
    ],
    ids=["payloads", "heads", "key", "commit"],
)
def test_a_connection_that_ends_in_the_midst_of_a_record_keeps_nothing_of_it_and_the_next_one_works(postgresql: URL, moment: str) -> None:
    store, other = opened(postgresql), create_engine(postgresql, isolation_level="AUTOCOMMIT")
    first = store.append(assessment())
    key = store.claim_key("client", "sleutel", b"")
    assert isinstance(key, KeyClaim)
    ends = "BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END"
    with other.connect() as connection:
        connection.execute(text(f"CREATE FUNCTION ends() RETURNS trigger LANGUAGE plpgsql AS $${ends}$$"))
        constraint = "CONSTRAINT" if "DEFERRED" in moment else ""
        connection.execute(text(f"CREATE {constraint} TRIGGER ends {moment} FOR EACH ROW EXECUTE FUNCTION ends()"))
    before = everything(store.engine)
    with pytest.raises(StoreDown):
        store.append(assessment("zaak-2"), key)
    assert everything(store.engine) == before
    with other.connect() as connection:
        connection.execute(text("DROP FUNCTION ends CASCADE"))
    assert store.append(assessment("zaak-3"), key).previous == first.hash
    assert store.claim_key("client", "sleutel", b"") == KeyDone(store.search(TOWN).records[0].id, 201)
    assert store.audit().whole
    store.close()
    other.dispose()


def test_a_write_that_fails_leaves_nothing_over_a_connection_that_looked_before_either(store: Store) -> None:
    assert store.search(TOWN).records == ()
    with pytest.raises(TypeError):
        store.append(assessment(data={"bedrag": 1.5}, subject=PERSON))
    assert store.subject(TOWN, PERSON) is None


def test_all_that_one_look_reads_of_sqlite_is_of_one_moment_and_in_postgresql_no_look_holds_up_anything(store: Store) -> None:
    count = select(func.count()).select_from(records)
    with store.engine.connect().execution_options(**reads(store.engine)) as connection:
        before = connection.scalar(count)
        store.append(assessment())
        after = connection.scalar(count)
    assert (before, after) == ((0, 0) if store.engine.dialect.name == "sqlite" else (0, 1))


# --- searching -------------------------------------------------------------------------------------------------------


def test_records_are_found_by_what_they_were_filed_under(store: Store, clock: Clock) -> None:
    a = store.append(assessment("zaak-a", law="wmo"))
    clock.pass_(days=1)
    b = store.append(assessment("zaak-b", terms={"zaak": ["zaak-b"], "grond": ["pw.15.1", "pw.13.1"], "deur": ["pw.16"]}))
    clock.pass_(days=1)
    c = store.append(decision(b.id, terms={"zaak": ["zaak-b"]}))
    day = timedelta(days=1)
    assert store.search(TOWN).records == (c, b, a)
    assert store.search(TOWN, {"zaak": "zaak-b"}).records == (c, b)
    assert store.search(TOWN, {"zaak": "zaak-b", "deur": "pw.16"}).records == (b,)
    assert store.search(TOWN, {"grond": "pw.15.1"}).records == (b, a)
    assert store.search(TOWN, {"zaak": "zaak-%"}).records == ()
    assert store.search(TOWN, kind=Kind.DECISION).records == (c,)
    assert store.search(TOWN, law="wmo").records == (a,)
    assert store.search(TOWN, since=clock.at - day).records == (c, b)
    assert store.search(TOWN, until=clock.at - day).records == (a,)


def test_pages_follow_each_other_while_new_records_come_in(store: Store) -> None:
    kept = [store.append(assessment()) for _ in range(5)]
    first = store.search(TOWN, {"zaak": "zaak-1"}, limit=2)
    store.append(assessment())
    second = store.search(TOWN, {"zaak": "zaak-1"}, limit=2, before=first.next)
    third = store.search(TOWN, {"zaak": "zaak-1"}, limit=2, before=second.next)
    assert [*first.records, *second.records, *third.records] == kept[::-1]
    assert third.next is None


# --- persons ---------------------------------------------------------------------------------------------------------


def test_a_person_is_found_by_bsn_in_one_municipality(store: Store) -> None:
    a = store.append(assessment("zaak-a", subject=PERSON))
    b = store.append(assessment("zaak-b", subject=PERSON))
    store.append(assessment("zaak-c", subject=OTHER_PERSON))
    store.append(assessment("zaak-d", subject=PERSON, municipality=OTHER_TOWN))
    subject = store.subject(TOWN, PERSON)
    assert subject is not None
    assert store.search(TOWN, {SUBJECT: subject}).records == (b, a)
    assert store.subject(OTHER_TOWN, PERSON) not in (subject, None)
    assert store.subject(OTHER_TOWN, OTHER_PERSON) is None


def test_a_bsn_stands_nowhere_in_the_database(store: Store, tmp_path: Path) -> None:
    store.claim_key("client", "sleutel", b'{"bsn":"111222333"}')
    store.append(assessment(subject=PERSON))
    assert PERSON.digits not in everything(store.engine)
    for path in tmp_path.iterdir():
        assert PERSON.digits.encode() not in path.read_bytes()


# --- rule files --------------------------------------------------------------------------------------------------------


def test_rule_files_are_kept_once_and_come_back(store: Store) -> None:
    files = {name: content.encode() for name, content in law().items()}
    archive = pack({**files, "wet/toetsen/een.yaml": b"- toets: een\n"}, book())
    found = store.put_bundle(archive)
    assert store.put_bundle(archive) == found == address(archive)
    assert unpack(store.bundle(found)) == files
    assert len(rows(store.engine, bundles)) == 1
    assert store.append(assessment(bundle=found)).bundle == found


def test_the_same_files_make_the_same_archive() -> None:
    files = {name: content.encode() for name, content in law().items()}
    assert pack(files, book()) == pack(dict(reversed(files.items())), book())


def test_files_that_changed_after_they_were_loaded_are_not_kept_for_what_they_are_not() -> None:
    files = {name: content.encode() for name, content in law().items()}
    with pytest.raises(StoreError, match=r"regeling\.yaml"):
        pack({**files, "wet/regeling.yaml": b"naam: Andere wet\n"}, book())


def test_rule_files_that_are_not_there_or_not_themselves_are_refused(store: Store) -> None:
    with pytest.raises(NotFound):
        store.bundle("0" * 64)
    found = store.put_bundle(b"regels")
    with store.engine.begin() as connection:
        connection.execute(bundles.update().values(data=b"andere"))
    with pytest.raises(Tampered):
        store.bundle(found)


# --- what is not as it was recorded, what is down ------------------------------------------------------------------------


def test_a_record_or_payload_that_was_tampered_with_is_not_given_out(store: Store) -> None:
    a, b, c = (store.append(assessment()) for _ in range(3))
    with store.engine.begin() as connection:
        unguard(connection)
        connection.execute(records.update().where(records.c.id == a.id).values(law="wmo"))
        connection.execute(payloads.update().where(payloads.c.record_id == b.id, payloads.c.name == ANSWER).values(data=b"{}"))
        connection.execute(payloads.delete().where(payloads.c.record_id == c.id))
    with pytest.raises(Tampered):
        store.record(a.id)
    with pytest.raises(Tampered):
        store.search(TOWN)
    for record in (b, c):
        with pytest.raises(Tampered):
            store.payload(record.id, ANSWER)


def test_checkpoints_are_kept_by_number_and_by_time(store: Store, clock: Clock) -> None:
    for _ in range(9):
        store.append(assessment())
    clock.pass_(hours=1)
    store.append(assessment())
    store.append(assessment())
    assert [row["sequence"] for row in rows(store.engine, checkpoints)] == [1, 5, 9, 10]
    assert [seal.sequence for seal in store.checkpoint()] == [11]
    assert store.checkpoint() == []
    assert store.audit().whole


def test_a_chain_of_which_the_end_was_spoiled_keeps_no_other_from_its_checkpoint(store: Store) -> None:
    for town in (TOWN, OTHER_TOWN, OTHER_TOWN):
        store.append(assessment(municipality=town))
    with store.engine.begin() as connection:
        unguard(connection)
        connection.execute(text("UPDATE heads SET hash = :no WHERE municipality = :town"), {"no": "0" * 64, "town": TOWN})
    with pytest.raises(Tampered, match=f"van {TOWN} is niet"):
        store.checkpoint()
    assert [row["sequence"] for row in rows(store.engine, checkpoints) if row["municipality"] == OTHER_TOWN] == [1, 2]


def test_a_store_that_is_down_keeps_nothing_and_says_so() -> None:
    down = Store("postgresql://postgres@127.0.0.1:1/test", Keys.generate())
    for use in (down.prepare, down.ready, down.checkpoint, lambda: down.append(assessment()), lambda: down.record("x")):
        with pytest.raises(StoreDown):
            use()


def test_an_answer_takes_a_fifth_of_its_size_and_comes_back_byte_for_byte(store: Store) -> None:
    answer = b'{"tekst":"De aanvrager heeft hier te lande recht op bijstand."}' * 1000
    record = store.append(assessment(payloads={ANSWER: answer, TRACE: answer, CLAIM: answer}))
    kept = {row["name"]: len(row["data"]) for row in rows(store.engine, payloads)}
    assert max(kept[ANSWER], kept[TRACE]) < len(answer) / 5 < kept[CLAIM] == len(answer)
    assert [store.payload(record.id, name) for name in (ANSWER, TRACE, CLAIM)] == [answer] * 3
    assert store.audit().whole


def test_a_full_disk_keeps_nothing_and_says_so(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'opslag.sqlite'}", Keys.generate())
    store.prepare()
    first = store.append(assessment())
    with store.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages + 2}"))
    with pytest.raises(StoreDown):
        store.append(assessment(payloads={CLAIM: b"x" * 100_000}))
    assert store.search(TOWN).records == (first,)
    assert store.audit().whole
    store.close()


def test_a_store_whose_tables_are_not_made_says_what_to_do(url: str) -> None:
    store = Store(url, Keys.generate())
    if store.engine.dialect.name == "postgresql":
        with pytest.raises(StoreOutdated, match="opslag bijwerken"):
            store.prepare()
    else:
        store.prepare()
    store.close()
