# SPDX-License-Identifier: EUPL-1.2
"""Erasure, retention and holds on the command line: shown first, done when asked, and told where it could not be."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.errors import Erased, StoreDown, Tampered
from store.model import ANSWER, Kind
from store.store import Store
from tests.cli.operator import WHO, tamper, typed
from tests.store.drafts import LAW, TOWN, assessment

pytestmark = pytest.mark.usefixtures("place")


def test_an_erasure_is_shown_first_and_done_when_asked(store: Store) -> None:
    first = store.search(TOWN).records[-1]
    words = ("opslag", "wissen", first.id, "--grond", "verzoek", *WHO)
    shown = typed(*words)
    assert shown.stdout.splitlines() == [
        "Zou vernietigen (grond: verzoek van de betrokkene; door: a.bewaarder; reden: Verzoek van 1 juli.):",
        f"  {TOWN}, record 1 (beoordeling): aanvraag, antwoord, kenmerken",
        f"  {TOWN}, record 7 (besluit): besluit",
    ]
    assert "Er is niets vernietigd" in shown.stderr
    assert store.payload(first.id, ANSWER)
    assert "als record 8, 9" in typed(*words, "--vernietig").stdout
    with pytest.raises(Erased):
        store.payload(first.id, ANSWER)
    assert store.search(TOWN).records[0].data["grond"] == "verzoek van de betrokkene"
    assert "is vernietigd" in typed(*words, code=3).stderr
    typed("keten", "controleer")


@pytest.fixture
def reader(store: Store, place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """Another program that reads the store as it is now, and does not stop."""
    monkeypatch.setattr("store.database.BUSY_SECONDS", 0.2)
    with contextlib.closing(sqlite3.connect(place / "opslag.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM payloads").fetchall()
        yield other


def test_an_erasure_tells_of_traces_that_a_reader_keeps_in_the_log_and_given_again_takes_them_away(
    store: Store, place: Path, reader: sqlite3.Connection
) -> None:
    words = ("opslag", "wissen", store.search(TOWN).records[-1].id, "--grond", "verzoek", *WHO, "--vernietig")
    told = typed(*words)
    assert "als record 8, 9" in told.stdout
    assert f"staan nog in {place / 'opslag.sqlite'}-wal" in told.stderr
    assert "Geef deze opdracht straks opnieuw" in told.stderr
    log = place / "opslag.sqlite-wal"
    assert log.stat().st_size
    reader.execute("COMMIT")
    again = typed(*words, code=3).stderr
    assert "is vernietigd" in again
    assert "-wal" not in again
    assert not log.stat().st_size


def test_retention_tells_of_traces_that_a_reader_keeps_in_the_log(old: Store, place: Path, reader: sqlite3.Connection) -> None:
    words = ("opslag", "bewaren", "--bewaartermijnen", place / "termijnen.toml", "--door", "a.bewaarder", "--vernietig")
    told = typed(*words)
    assert told.stdout.startswith("Vernietigd: 1 dossier")
    assert f"staan nog in {place / 'opslag.sqlite'}-wal" in told.stderr
    reader.execute("COMMIT")
    assert typed(*words).stderr == ""


def test_a_hold_stops_an_erasure_until_it_is_lifted(store: Store) -> None:
    first = store.search(TOWN).records[-1]
    assert "bewaarplicht gelegd, record 8" in typed("opslag", "vasthouden", first.id, *WHO).stdout
    words = ("opslag", "wissen", first.id, "--grond", "bevel", *WHO, "--vernietig")
    assert "bewaarplicht" in typed(*words, code=3).stderr
    assert "opgeheven" in typed("opslag", "vrijgeven", first.id, *WHO).stdout
    typed(*words)


@pytest.mark.parametrize(("value", "words"), [("", "hier staat niets"), (" \t", "hier staat niets"), ("A.\udce9", "geen leesbare tekst")])
@pytest.mark.parametrize("option", ["--door", "--reden"])
def test_who_does_it_and_why_is_said_in_readable_text(store: Store, option: str, value: str, words: str) -> None:
    typing = {"--door": "a.bewaarder", "--reden": "Beroep.", option: value}
    number = store.search(TOWN).records[0].id
    told = typed("opslag", "vasthouden", number, *(word for pair in typing.items() for word in pair), code=2)
    assert f"`{option}`" in told.stderr
    assert words in told.stderr
    assert not store.held(number)


def test_a_number_that_is_no_text_is_told(store: Store) -> None:
    assert "`nummer` staat is geen leesbare tekst" in typed("opslag", "herbereken", "\udce9", code=2).stderr


def test_a_hold_on_what_was_destroyed_is_refused(store: Store) -> None:
    number = store.search(TOWN).records[-1].id
    typed("opslag", "wissen", number, "--grond", "verzoek", *WHO, "--vernietig")
    assert "is vernietigd" in typed("opslag", "vasthouden", number, *WHO, code=3).stderr
    assert not store.held(number)


def test_a_hold_that_is_elsewhere_in_the_file_is_told(store: Store) -> None:
    decided, first = store.search(TOWN).records[0], store.search(TOWN).records[-1]
    typed("opslag", "vasthouden", decided.id, *WHO)
    typed("opslag", "vasthouden", first.id, *WHO)
    assert "ligt nog een bewaarplicht" in typed("opslag", "vrijgeven", first.id, *WHO).stdout
    assert "waarop zij is gelegd" in typed("opslag", "vrijgeven", first.id, *WHO, code=3).stderr


@pytest.fixture
def old(store: Store, place: Path) -> Store:
    """The same store, with two files of long ago, one of them under a hold, and one under a law without a term."""
    now = store.now
    store.now = lambda: datetime(2019, 3, 1, tzinfo=UTC)
    for name in (LAW, LAW, "jeugdwet"):
        store.append(assessment(municipality="GM0007", law=name))
    store.now = now
    store.hold(store.search("GM0007", law=LAW).records[0].id, by="jurist", reason="Beroep.")
    (place / "termijnen.toml").write_text(f"[bewaartermijnen]\n{LAW} = 5\n", encoding="utf-8")
    return store


def test_retention_shows_what_would_go_by_whom_and_why_and_does_it_when_asked(old: Store, place: Path) -> None:
    words = ("opslag", "bewaren", "--bewaartermijnen", place / "termijnen.toml", "--door", "a.bewaarder")
    held, due = old.search("GM0007", kind=Kind.ASSESSMENT, law=LAW).records
    expected = [
        "vernietigen: 1 dossier (grond: bewaartermijn verstreken; door: a.bewaarder).",
        f"  GM0007 {due.id}: {LAW}, laatste record 2019-03-01. Bewaartermijn van 5 jaar.",
        "Blijft onder bewaarplicht: 1 dossier.",
        f"  GM0007 {held.id}: {LAW}, laatste record 2019-03-01.",
        "Blijft, want zonder bewaartermijn: 1 dossier onder jeugdwet.",
    ]
    shown = typed(*words)
    assert shown.stdout.splitlines() == [f"Zou {expected[0]}", *expected[1:]]
    assert "Er is niets vernietigd" in shown.stderr
    assert old.payload(due.id, ANSWER)
    assert typed(*words, "--vernietig").stdout.splitlines()[1:] == expected[1:]
    with pytest.raises(Erased):
        old.payload(due.id, ANSWER)
    assert old.payload(held.id, ANSWER)
    assert typed(*words, "--vernietig").stdout.splitlines()[0] == "Vernietigd: 0 dossiers."
    typed("keten", "controleer")


def test_retention_tells_what_it_destroyed_and_what_it_could_not_and_why(old: Store, place: Path) -> None:
    held, due = old.search("GM0007", kind=Kind.ASSESSMENT, law=LAW).records
    tamper(place, f"UPDATE records SET content = 'x' WHERE id = '{held.id}'")
    words = ("opslag", "bewaren", "--bewaartermijnen", place / "termijnen.toml", "--door", "a.bewaarder")
    for more, verb in ((), "Zou vernietigen"), (("--vernietig",), "Vernietigd"):
        told = typed(*words, *more, code=3)
        assert told.stdout.splitlines()[:2] == [
            f"{verb}: 1 dossier (grond: bewaartermijn verstreken; door: a.bewaarder).",
            f"  GM0007 {due.id}: {LAW}, laatste record 2019-03-01. Bewaartermijn van 5 jaar.",
        ]
        assert told.stderr.splitlines()[:2] == ["Niet te vernietigen: 1 dossier.", f"  {held.id}: {LAW}. {Tampered.text}"]
    with pytest.raises(Erased):
        old.payload(due.id, ANSWER)


def test_a_database_that_goes_away_during_retention_is_told_with_what_was_destroyed_before(
    old: Store, place: Path, reader: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def goes_away(*_: object) -> None:
        raise StoreDown

    monkeypatch.setattr("store.store.idempotency.purge", goes_away)
    words = ("opslag", "bewaren", "--bewaartermijnen", place / "termijnen.toml", "--door", "a.bewaarder", "--vernietig")
    told = typed(*words, code=6)
    assert told.stdout.startswith("Vernietigd: 1 dossier")
    assert "staan nog in" in told.stderr
    assert "De opslag is niet bereikbaar." in told.stderr


def test_terms_that_cannot_be_read_destroy_nothing(old: Store, place: Path) -> None:
    (place / "termijnen.toml").write_text("[bewaartermijnen]\nwmo = 'kort'\n", encoding="utf-8")
    words = ("opslag", "bewaren", "--bewaartermijnen", place / "termijnen.toml", "--door", "a", "--vernietig")
    assert "geheel aantal jaren" in typed(*words, code=2).stderr
