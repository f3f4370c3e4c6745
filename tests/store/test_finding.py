# SPDX-License-Identifier: EUPL-1.2
"""Reading many records at once: a page with its count, what is about what, terms, payloads, and whether something came."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import update

from store.errors import AlreadyThere, Tampered
from store.model import ANSWER, SUBJECT, Ground, Kind
from store.schema import payloads
from store.store import Store
from tests.store.conftest import Clock
from tests.store.drafts import LAW, OTHER_TOWN, PERSON, TOWN, assessment, decision, unguard


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
    found = store.payloads(TOWN, (Kind.ASSESSMENT,), ANSWER, LAW)
    assert [(record.id, data) for record, data in found] == [(ids[0], b'{"zaak":"zaak-0"}'), (ids[1], b'{"zaak":"zaak-1"}')]
    assert store.payloads(TOWN, (Kind.ASSESSMENT,), ANSWER, "wmo") == []
    with store.engine.begin() as connection:
        unguard(connection)
        connection.execute(update(payloads).where(payloads.c.record_id == ids[1], payloads.c.name == ANSWER).values(data=b"{}"))
    with pytest.raises(Tampered):
        store.payloads(TOWN, (Kind.ASSESSMENT,), ANSWER)


def test_the_mark_moves_when_something_of_the_kind_comes(store: Store) -> None:
    assert store.mark(TOWN, (Kind.DECISION,)) == 0
    case = store.append(assessment()).id
    assert store.mark(TOWN, (Kind.DECISION,)) == 0
    store.append(decision(case))
    assert store.mark(TOWN, (Kind.DECISION,)) == 2


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
