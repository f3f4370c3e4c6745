# SPDX-License-Identifier: EUPL-1.2
"""Reading many records at once: a page with its count, what is about what, terms, payloads, and whether something came."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, make_url, text, update

from store import finding
from store.errors import AlreadyThere, Tampered
from store.model import ANSWER, SUBJECT, Ground, Kind, News
from store.schema import payloads
from store.store import Store
from tests.store.conftest import Clock, opened
from tests.store.databases import fresh
from tests.store.drafts import OTHER_TOWN, PERSON, TOWN, assessment, decision, unguard


def test_a_page_says_how_many_fit_in_all(store: Store, clock: Clock) -> None:
    made = []
    for number in range(5):
        made.append(store.append(assessment(f"zaak-{number % 2}")).id)
        clock.pass_(days=1)
    store.append(assessment(municipality=OTHER_TOWN))
    found = store.listed(TOWN, {"zaak": "zaak-0"}, kinds=(Kind.ASSESSMENT,), limit=2, offset=1)
    assert found.count == 3
    assert [record.id for record in found.records] == [made[2], made[0]]
    assert store.listed(TOWN, since=clock.at).count == 0


def test_what_is_about_what_is_found_by_kind(store: Store) -> None:
    case = store.append(assessment()).id
    decided = store.append(decision(case)).id
    assert [record.id for record in store.about([case], (Kind.DECISION,))] == [decided]
    assert store.about([case], (Kind.EFFECTS,)) == ()
    assert store.about([], (Kind.DECISION,)) == ()


def test_terms_are_told_until_they_are_destroyed(store: Store) -> None:
    case = store.append(assessment(subject=PERSON, pseudonym="p1")).id
    assert store.terms_of([case]) == {case: {"zaak": ["zaak-1"], "grond": ["pw.15.1"], SUBJECT: ["p1"]}}
    assert store.subject(TOWN, PERSON) == "p1"
    store.erase(case, ground=Ground.REQUEST, by="a", reason="b")
    assert case not in store.terms_of([case])


def test_who_has_a_pseudonym_keeps_it(store: Store) -> None:
    store.append(assessment(subject=PERSON, pseudonym="p1"))
    later = store.append(assessment(subject=PERSON, pseudonym="p2")).id
    about = store.append(assessment(pseudonym="p1")).id
    assert [terms[SUBJECT] for terms in store.terms_of([later, about]).values()] == [["p1"], ["p1"]]


def test_a_payload_of_many_records_is_held_against_the_chain(store: Store) -> None:
    ids = [store.append(assessment(f"zaak-{number}")).id for number in range(2)]
    found = store.payloads(TOWN, (Kind.ASSESSMENT,), ANSWER, after=0, upto=2)
    assert [(record.id, data) for record, data in found] == [(ids[0], b'{"zaak":"zaak-0"}'), (ids[1], b'{"zaak":"zaak-1"}')]
    assert [record.id for record, _ in store.payloads(TOWN, (Kind.ASSESSMENT,), ANSWER, after=1, upto=2)] == ids[1:]
    assert [record.id for record, _ in store.payloads(TOWN, (Kind.ASSESSMENT,), ANSWER, after=0, upto=1)] == ids[:1]
    assert store.payloads(TOWN, (Kind.DECISION,), ANSWER, after=0, upto=2) == []
    with store.engine.begin() as connection:
        unguard(connection)
        connection.execute(update(payloads).where(payloads.c.record_id == ids[1], payloads.c.name == ANSWER).values(data=b"{}"))
    with pytest.raises(Tampered):
        store.payloads(TOWN, (Kind.ASSESSMENT,), ANSWER, after=0, upto=2)


def test_the_news_of_a_chain_is_what_came_after_a_place_in_it_and_where_it_ends(store: Store) -> None:
    assert store.news(TOWN, (Kind.DECISION,)) == News(0, ())
    case = store.append(assessment()).id
    assert store.news(TOWN, (Kind.DECISION,)) == News(1, ())
    made = store.append(decision(case))
    store.append(assessment("zaak-2"))
    store.append(assessment(municipality=OTHER_TOWN))
    assert store.news(TOWN, (Kind.DECISION,)) == store.news(TOWN, (Kind.DECISION,), after=1) == News(3, (made,))
    assert store.news(TOWN, (Kind.DECISION,), after=2) == News(3, ())
    assert [record.sequence for record in store.news(TOWN, tuple(Kind), after=1).records] == [2, 3]


def test_the_news_takes_no_longer_as_the_chain_grows(tmp_path: Path) -> None:
    """PostgreSQL plans a statement that comes often anew for any values; no such plan may read the chain from end to end."""
    row = "gen_random_uuid(), :town, n, :kind, 'pw', NULL, '', '{}', '', md5(n::text)"
    many = f"INSERT INTO records SELECT {row} FROM generate_series(2, 3000) n"
    for url in fresh("postgresql", tmp_path):
        store = opened(url)
        store.append(assessment())
        with store.engine.begin() as connection:
            connection.execute(text(many), {"town": TOWN, "kind": Kind.ASSESSMENT})
            connection.execute(text("UPDATE heads SET sequence = 3000"))
            connection.execute(text("ANALYZE records"))
        with store.engine.connect() as connection:
            before = rows_read(connection)
            for _ in range(20):
                assert finding.news(connection, TOWN, (Kind.DECISION, Kind.CORRECTION), 2990) == News(3000, ())
            assert rows_read(connection) - before < 20 * 20
        store.close()


def test_after_a_survey_sqlite_looks_for_one_person_in_what_is_of_that_person(tmp_path: Path) -> None:
    looks = 0

    def counted(connection: Any, record: Any) -> None:
        def look() -> None:
            nonlocal looks
            looks += 1

        connection.set_progress_handler(look, 1000)  # each thousand steps of the engine

    def searched() -> int:
        before = looks
        assert store.listed(TOWN, {SUBJECT: "p1"}, kinds=(Kind.ASSESSMENT,)).count == 1
        return looks - before

    store = opened(make_url(f"sqlite:///{tmp_path / 'opslag.sqlite'}"))
    event.listen(store.engine, "connect", counted)
    store.engine.dispose()
    store.append(assessment(subject=PERSON, pseudonym="p1"))
    with store.engine.begin() as connection:
        numbers = "WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < 3000)"
        kept = f"SELECT 'r' || n, '{TOWN}', n, '{Kind.ASSESSMENT}', 'pw', NULL, '', '{{}}', '', n FROM n"
        connection.execute(text(f"INSERT INTO records {numbers} {kept}"))
        connection.execute(text(f"INSERT INTO terms {numbers} SELECT 'r' || n, '{SUBJECT}', 'q' || n FROM n"))
    assert searched() > 10
    store.survey()
    assert searched() <= 1
    store.close()


def rows_read(connection: Connection) -> int:
    """How many rows of the chain this transaction read."""
    counted = text("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relid = 'records'::regclass")
    return int(connection.execute(counted).scalar_one())


def test_a_record_gets_the_id_that_was_chosen(store: Store) -> None:
    number = str(uuid.uuid4())
    assert store.append(assessment(id=number)).id == number
    assert store.record(number).id == number


def test_a_record_is_refused_where_the_case_went_on_otherwise(store: Store) -> None:
    case = store.append(assessment()).id
    store.append(assessment(about=case, kind=Kind.EFFECTS))
    with pytest.raises(AlreadyThere):
        store.append(decision(case, unless=(Kind.EFFECTS,)))
    assert store.about([case], (Kind.DECISION,)) == ()
