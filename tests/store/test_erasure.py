# SPDX-License-Identifier: EUPL-1.2
"""Lawful destruction leaves the chain whole and the person gone; a hold stops it; terms of the law are kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Connection, text

from store import adding, erasure
from store.adding import FIRST
from store.erasure import Retention
from store.errors import Erased, Held, NoMistake, NotFound, RetentionStopped, StoreDown, StoreError, Tampered
from store.model import ACCOUNT, ANSWER, SUBJECT, Draft, DueFile, Ground, Kind
from store.packing import packed
from store.schema import idempotency, pseudonyms
from store.store import Store
from store.together import one_at_a_time
from tests.store.conftest import Clock, opened
from tests.store.drafts import LAW, OTHER_TOWN, PERSON, TOWN, assessment, decision, everything, rows, unguard

WHY = {"by": "a.bewaarder", "reason": "Verzoek van 1 juli."}


def test_what_is_erased_is_gone_and_the_chain_is_whole(store: Store, tmp_path: Path) -> None:
    first = store.append(assessment("zaak-geheim", subject=PERSON, payloads={ANSWER: b"heel geheim"}))
    second = store.append(decision(first.id, terms={"zaak": ["zaak-geheim"]}))
    other = store.append(assessment("zaak-2"))
    done = store.erase(first.id, ground=Ground.REQUEST, **WHY)
    assert [record.about for record in done] == [first.id, second.id]
    assert done[0].data == {"grond": "verzoek van de betrokkene", "stukken": ["antwoord", "kenmerken"]}
    for record, name in ((first, ANSWER), (second, "besluit")):
        with pytest.raises(Erased):
            store.payload(record.id, name)
    assert "geheim" not in everything(store.engine)
    store.overwrite()
    for path in tmp_path.iterdir():
        assert b"geheim" not in path.read_bytes()
    assert store.record(first.id) == first
    assert store.payload(other.id, ANSWER)
    assert store.audit().whole


def test_who_erased_and_why_can_be_read_and_stands_outside_the_chain(store: Store) -> None:
    first = store.append(assessment())
    (done,) = store.erase(first.id, ground=Ground.MISTAKE, **WHY)
    assert store.payload(done.id, ACCOUNT) == b'{"door":"a.bewaarder","reden":"Verzoek van 1 juli."}'
    assert "a.bewaarder" not in done.content
    store.erase(done.id, ground=Ground.REQUEST, by="b", reason="r")
    with pytest.raises(Erased):
        store.payload(done.id, ACCOUNT)
    assert store.audit().whole


def test_what_would_be_erased_is_told_and_stays(store: Store) -> None:
    first = store.append(assessment())
    second = store.append(decision(first.id))
    found = [(record.id, names) for record, names in store.erasable(first.id, Ground.REQUEST)]
    assert found == [(first.id, ["aanvraag", "antwoord", "kenmerken"]), (second.id, ["besluit"])]
    assert [(done.about, done.data["stukken"]) for done in store.erase(first.id, ground=Ground.MISTAKE, **WHY)] == found
    with pytest.raises(Erased):
        store.erasable(first.id, Ground.REQUEST)
    held = store.append(assessment())
    store.hold(held.id, by="jurist", reason="Beroep loopt.")
    with pytest.raises(Held):
        store.erasable(held.id, Ground.REQUEST)


@pytest.mark.parametrize("kind", [Kind.EFFECTS, Kind.DECISION])
def test_what_was_taken_and_lawfully_erased_is_not_undone_by_a_mistake_above_it(store: Store, kind: Kind) -> None:
    case = store.append(assessment())
    above = store.append(Draft(TOWN, kind, {}, payloads={"stuk": b"x"}, about=case.id))
    below = store.append(
        Draft(TOWN, Kind.CORRECTION if kind is Kind.DECISION else Kind.DECISION, {}, payloads={"stuk": b"x"}, about=above.id)
    )
    store.erase(below.id, ground=Ground.REQUEST, **WHY)
    for look in (lambda: store.erasable(above.id, Ground.MISTAKE), lambda: store.erase(above.id, ground=Ground.MISTAKE, **WHY)):
        with pytest.raises(NoMistake):
            look()
    assert [record.id for record in store.about([case.id], (kind,))] == [above.id]
    assert store.erase(above.id, ground=Ground.REQUEST, **WHY)


def test_a_pseudonym_under_which_nothing_was_kept_is_forgotten_and_comes_back_with_a_record_that_is_under_way(store: Store) -> None:
    made = store.made_subject(TOWN, PERSON)
    store.append(assessment("zaak-a"))
    store.forget()
    assert store.subject(TOWN, PERSON) == made  # it may be of a record that is under way
    store.forget()
    assert store.subject(TOWN, PERSON) is None
    record = store.append(assessment("zaak-b", subject=PERSON, pseudonym=made))
    for _ in range(2):
        store.forget()
    assert store.subject(TOWN, PERSON) == made
    assert store.terms_of([record.id])[record.id][SUBJECT] == [made]


def test_who_stands_still_in_a_chain_is_not_waited_for_with_all_other_chains(postgresql: URL) -> None:
    store = opened(postgresql)
    store.append(assessment())
    made = store.made_subject(TOWN, PERSON)
    store.forget()
    with store._writing() as connection:
        one_at_a_time(connection, TOWN)
        store.forget()
        assert store.subject(TOWN, PERSON) == made
    store.forget()
    assert store.subject(TOWN, PERSON) is None
    store.close()


def test_chains_that_are_each_held_for_a_while_are_not_waited_for_one_after_the_other(postgresql: URL) -> None:
    store = opened(postgresql)
    towns = [f"GM1{number:03}" for number in range(4)]
    for town in towns:
        store.append(assessment(municipality=town))
    made = store.made_subject(TOWN, PERSON)
    assert store.forget()
    here = threading.Barrier(len(towns) + 1)

    def hold(number: int) -> None:
        with store._writing() as connection:
            one_at_a_time(connection, towns[number])
            here.wait()
            time.sleep(0.7 * (number + 1))

    with ThreadPoolExecutor(len(towns)) as pool:
        held = [pool.submit(hold, number) for number in range(len(towns))]
        here.wait()
        start = time.monotonic()
        assert not store.forget()
        assert time.monotonic() - start < 2.0  # one after the other that would be 2.8 s
        assert store.subject(TOWN, PERSON) == made
        for one in held:
            one.result()
    assert store.forget()
    assert store.subject(TOWN, PERSON) is None
    store.close()


def test_a_chain_that_begins_while_pseudonyms_are_to_be_forgotten_is_waited_for_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.append(assessment())
    store.made_subject(TOWN, PERSON)
    assert store.forget()
    waited: list[str] = []

    def begun(connection: Connection, things: Sequence[str], within: float) -> None:
        if FIRST in things and connection.dialect.name == "postgresql":
            store.append(assessment(municipality=OTHER_TOWN))
        waited.extend(things)

    monkeypatch.setattr(erasure, "nobody_else", begun)
    assert store.forget()
    assert waited == ([FIRST, TOWN, OTHER_TOWN] if store.engine.dialect.name == "postgresql" else [FIRST, TOWN])


def test_the_first_record_of_a_municipality_keeps_its_person_while_pseudonyms_are_forgotten(postgresql: URL) -> None:
    store = opened(postgresql)
    made = store.made_subject(OTHER_TOWN, PERSON)
    store.forget()
    with store._writing() as connection:
        draft = packed(assessment("zaak-a", municipality=OTHER_TOWN, subject=PERSON, pseudonym=made))
        record = adding.add(connection, store.keys, draft, store.now, store.rhythm)
        store.forget()
    assert store.terms_of([record.id])[record.id][SUBJECT] == [store.subject(OTHER_TOWN, PERSON)]
    store.close()


def test_a_pseudonym_goes_with_the_last_of_its_person(store: Store) -> None:
    a = store.append(assessment("zaak-a", subject=PERSON))
    b = store.append(assessment("zaak-b", subject=PERSON))
    subject = store.subject(TOWN, PERSON)
    assert subject is not None
    store.erase(a.id, ground=Ground.REQUEST, **WHY)
    assert store.search(TOWN, {SUBJECT: subject}).records == (b,)
    store.erase(b.id, ground=Ground.REQUEST, **WHY)
    assert store.subject(TOWN, PERSON) is None
    assert rows(store.engine, pseudonyms) == []


def test_what_was_erased_takes_nothing_more_and_is_erased_once(store: Store) -> None:
    first = store.append(assessment())
    store.erase(first.id, ground=Ground.REQUEST, **WHY)
    with pytest.raises(Erased):
        store.erase(first.id, ground=Ground.REQUEST, **WHY)
    with pytest.raises(Erased):
        store.append(decision(first.id))
    with pytest.raises(NotFound):
        store.erase("weg", ground=Ground.REQUEST, **WHY)


def test_a_hold_anywhere_in_a_file_stops_its_destruction_until_it_is_lifted(store: Store) -> None:
    first = store.append(assessment())
    second = store.append(decision(first.id))
    hold = store.hold(second.id, by="jurist", reason="Beroep loopt.")
    assert store.held(first.id)
    assert store.held(hold.id)
    for record in (first, second):
        with pytest.raises(Held):
            store.erase(record.id, ground=Ground.REQUEST, **WHY)
    with pytest.raises(NotFound):
        store.lift_hold(first.id, by="jurist", reason="Verkeerde.")
    store.lift_hold(second.id, by="jurist", reason="Uitspraak gedaan.")
    assert not store.held(first.id)
    store.erase(first.id, ground=Ground.REQUEST, **WHY)
    assert store.audit().whole


def test_a_file_of_which_nothing_is_left_takes_no_hold_and_one_of_which_something_is_does(store: Store) -> None:
    first = store.append(assessment())
    second = store.append(decision(first.id))
    store.erase(second.id, ground=Ground.REQUEST, **WHY)
    store.hold(second.id, by="jurist", reason="Beroep loopt.")
    store.lift_hold(second.id, by="jurist", reason="Uitspraak gedaan.")
    done = store.erase(first.id, ground=Ground.REQUEST, **WHY)
    for record in (first, second):
        with pytest.raises(Erased):
            store.hold(record.id, by="jurist", reason="Te laat.")
    assert not store.held(first.id)
    store.hold(done[0].id, by="jurist", reason="Wie dit deed, moet bewaard blijven.")
    assert store.audit().whole


# --- retention -------------------------------------------------------------------------------------------------------


TERMS = Retention({LAW: 5, "wmo": 15})


def test_a_file_is_destroyed_when_the_term_of_its_law_has_passed(store: Store, clock: Clock) -> None:
    old = store.append(assessment("oud"))
    store.append(assessment("wmo", law="wmo"))
    store.append(assessment("jeugd", law="jeugdwet"))
    clock.pass_(days=1)
    young = store.append(assessment("jong"))
    clock.at = datetime(2031, 7, 15, 10, 0, 1, tzinfo=UTC)
    found = store.retain(TERMS, by="rooster", dry=True)
    assert (found.destroyed, found.held, found.without_term) == ({LAW: 1}, 0, {"jeugdwet": 1})
    assert found.files == (DueFile(old.id, TOWN, LAW, old.created_at, "Bewaartermijn van 5 jaar.", held=False),)
    assert store.payload(old.id, ANSWER)
    assert store.retain(TERMS, by="rooster").destroyed == {LAW: 1}
    with pytest.raises(Erased):
        store.payload(old.id, ANSWER)
    assert store.payload(young.id, ANSWER)
    (record,) = store.search(TOWN, kind=Kind.DESTRUCTION).records
    assert record.data["grond"] == "bewaartermijn verstreken"
    assert store.retain(TERMS, by="rooster").destroyed == {}
    assert store.audit().whole


def test_the_term_runs_from_the_last_record_of_the_case(store: Store, clock: Clock) -> None:
    first = store.append(assessment())
    clock.pass_(days=365)
    second = store.append(decision(first.id))
    clock.pass_(days=365)
    store.append(Draft(TOWN, Kind.CORRECTION, payloads={"correctie": b"c"}, about=second.id))
    clock.at = datetime(2032, 1, 1, tzinfo=UTC)
    assert store.retain(TERMS, by="rooster").destroyed == {}
    clock.at = datetime(2033, 8, 1, tzinfo=UTC)
    assert store.retain(TERMS, by="rooster").destroyed == {LAW: 1}
    assert len(store.search(TOWN, kind=Kind.DESTRUCTION).records) == 3


def test_a_file_under_a_hold_is_counted_and_kept(store: Store, clock: Clock) -> None:
    first = store.append(assessment())
    store.hold(first.id, by="jurist", reason="Beroep loopt.")
    clock.pass_(days=366 * 6)
    found = store.retain(TERMS, by="rooster")
    assert (found.held, found.destroyed, [file.held for file in found.files]) == (1, {}, [True])
    assert store.payload(first.id, ANSWER)


def three_files(store: Store, clock: Clock) -> list[str]:
    """Three files whose term has passed, oldest first, and an Idempotency-Key of long ago."""
    store.claim_key("client", "sleutel", b"verzoek")
    found = []
    for number in range(3):
        found.append(store.append(assessment(f"zaak-{number}")).id)
        clock.pass_(minutes=1)
    clock.pass_(days=366 * 6)
    return found


def test_a_file_that_was_tampered_with_does_not_keep_the_others_from_being_destroyed(store: Store, clock: Clock) -> None:
    first, second, third = three_files(store, clock)
    with store.engine.begin() as connection:
        unguard(connection)
        connection.execute(text("UPDATE records SET content = 'x' WHERE id = :id"), {"id": second})
    for dry in (True, False):
        found = store.retain(TERMS, by="rooster", dry=dry)
        assert [file.id for file in found.files] == [first, third]
        assert found.destroyed == {LAW: 2}
        assert [(file.id, file.law, file.why) for file in found.failed] == [(second, LAW, Tampered.text)]
    for gone in (first, third):
        with pytest.raises(Erased):
            store.payload(gone, ANSWER)
    assert rows(store.engine, idempotency) == []


@pytest.mark.parametrize("moment", ["'1'", "CAST(created_at AS BLOB)"])
def test_a_decision_of_which_the_moment_was_tampered_with_keeps_no_other_file_from_being_destroyed(
    store: Store, clock: Clock, moment: str
) -> None:
    if "BLOB" in moment and store.engine.dialect.name != "sqlite":
        moment = "'99'"
    kept = [store.append(assessment(f"zaak-{number}")).id for number in range(2)]
    store.append(decision(kept[0]))
    clock.pass_(days=366 * 6)
    with store.engine.begin() as connection:
        unguard(connection)
        connection.execute(text(f"UPDATE records SET created_at = {moment} WHERE about = :id"), {"id": kept[0]})
    found = store.retain(TERMS, by="rooster")
    assert [file.id for file in found.files] == [kept[1]]
    assert [(file.id, file.why) for file in found.failed] == [(kept[0], Tampered.text)]


def test_a_database_that_goes_away_ends_the_run_which_tells_what_was_destroyed_before(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = three_files(store, clock)
    destroy = erasure.destroy

    def goes_away(connection: Any, keys: Any, record_id: str, *rest: Any) -> Any:
        if record_id == second:
            raise StoreDown
        return destroy(connection, keys, record_id, *rest)

    monkeypatch.setattr(erasure, "destroy", goes_away)
    with pytest.raises(RetentionStopped) as stopped:
        store.retain(TERMS, by="rooster")
    assert [file.id for file in stopped.value.done.files] == [first]
    assert [file.id for file in stopped.value.done.failed] == [second]
    assert "niet zeker" in stopped.value.done.failed[0].why
    assert store.payload(third, ANSWER)


def test_a_file_that_another_run_destroyed_in_the_meantime_is_no_failure(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = three_files(store, clock)
    due = erasure.due

    def then_destroyed(connection: Any, law: str, before: str) -> list[str]:
        found = due(connection, law, before)
        connection.close()
        store.erase(first, ground=Ground.REQUEST, **WHY)
        return found

    monkeypatch.setattr(erasure, "due", then_destroyed)
    found = store.retain(Retention({LAW: 5}), by="rooster")
    assert ([file.id for file in found.files], found.failed) == (others, ())


def test_a_term_counts_from_a_leap_day_too() -> None:
    assert Retention({"w": 1}).before("w", datetime(2028, 2, 29, tzinfo=UTC)) == "2027-02-28T00:00:00.000000Z"


def test_terms_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "termijnen.toml"
    path.write_text("[bewaartermijnen]\nparticipatiewet = 10\n", encoding="utf-8")
    assert Retention.read(path).years == {"participatiewet": 10}


@pytest.mark.parametrize("text", ["", "bewaartermijnen = 5", "[bewaartermijnen]\nwmo = '15 jaar'", "[bewaartermijnen]\nwmo = 0", "{"])
def test_terms_that_cannot_be_read_are_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "termijnen.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match=r"termijnen\.toml"):
        Retention.read(path)


def test_who_laid_a_hold_counts_on_it_when_another_one_on_the_same_record_is_lifted(store: Store) -> None:
    first = store.append(assessment())
    for by in ("jurist", "accountant"):
        store.hold(first.id, by=by, reason="Onderzoek.")
    store.lift_hold(first.id, by="jurist", reason="Uitspraak gedaan.")
    assert store.held(first.id)
    with pytest.raises(Held):
        store.erase(first.id, ground=Ground.REQUEST, **WHY)
    store.lift_hold(first.id, by="accountant", reason="Onderzoek klaar.")
    assert not store.held(first.id)
