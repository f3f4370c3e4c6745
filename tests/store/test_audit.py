# SPDX-License-Identifier: EUPL-1.2
"""The check of a store: nobody who owns the database changes anything unseen, and another party can tell too."""

from __future__ import annotations

import io
import json
import random
from dataclasses import fields, replace
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, delete, insert, text

from store.audit import Exported, audit, export, read_export
from store.chain import Sort
from store.errors import StoreDown, StoreError, StoreOutdated, Tampered
from store.keys import Keys
from store.model import Draft, Ground, Kind
from store.schema import bundles, checkpoints, idempotency, metadata, payloads, pseudonyms, records, terms
from store.store import Store
from tests.store.chains import KEYS, Image
from tests.store.conftest import opened
from tests.store.drafts import OTHER_TOWN, PERSON, TOWN, assessment, decision, rows, unguard
from tests.store.tampering import SEEN, tampered

TABLES = [field.name for field in fields(Image)]
TIMES = 7


def filled(store: Store) -> Image:
    """A store with a bit of everything, and its rows."""
    bundle = store.put_bundle(b"regels")
    kept = [store.append(assessment(f"zaak-{number}", bundle=bundle, subject=PERSON)) for number in range(8)]
    store.append(decision(kept[0].id))
    store.hold(kept[1].id, by="jurist", reason="Beroep.")
    store.erase(kept[2].id, ground=Ground.REQUEST, by="a", reason="b")
    store.append(Draft(TOWN, Kind.CORRECTION, {"wijzigt": "niets"}, about=kept[3].id))
    return Image(**{table: rows(store.engine, metadata.tables[table]) for table in TABLES})


def written(engine: Engine, image: Image) -> None:
    """Put these rows in place of what is there."""
    with engine.begin() as connection:
        for name in TABLES:
            connection.execute(delete(metadata.tables[name]))
            if found := getattr(image, name):
                connection.execute(insert(metadata.tables[name]), found)


def exported(store: Store) -> tuple[str, Exported]:
    file = io.StringIO()
    export(store.checkpoints(), store.keys.trusted, file)
    return file.getvalue(), read_export(file.getvalue().splitlines())


def test_a_store_with_a_bit_of_everything_is_whole(store: Store) -> None:
    filled(store)
    store.append(assessment(municipality=OTHER_TOWN))
    found = store.audit()
    assert found.whole, found
    assert [(report.municipality, report.records) for report in found.reports] == [(TOWN, 12), (OTHER_TOWN, 1)]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_nobody_who_owns_a_database_of_postgresql_changes_anything_unseen(store: Store) -> None:
    """As test_tampering.py does for SQLite, but for columns of another kind, which PostgreSQL does not take."""
    image = filled(store)
    with store.engine.begin() as connection:
        unguard(connection)
    written(store.engine, image)
    assert store.audit().whole
    for sort in sorted(SEEN.keys() - {"kind", "put_back"}):
        for number in range(TIMES):
            other, what = tampered([image], random.Random(f"{sort}/{number}"), sort)
            written(store.engine, other)
            assert not store.audit().whole, what


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_column_of_sqlite_that_holds_another_kind_of_value_is_told(store: Store) -> None:
    image = filled(store)
    with store.engine.begin() as connection:
        unguard(connection)
        connection.execute(text("UPDATE records SET content = CAST(x'ff7b' AS TEXT) WHERE sequence = 3"))
        connection.execute(text("UPDATE records SET kind = x'00' WHERE sequence = 5"))
        connection.execute(text("UPDATE payloads SET data = 'tekst' WHERE record_id = :id"), {"id": image.records[6]["id"]})
    found = store.audit().reports[0].breaks
    assert {3, 5, 7} <= {broken.sequence for broken in found}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "column",
    ["records.id", "records.municipality", "records.sequence", "records.content", "payloads.record_id", "payloads.data", "terms.value"],
)
@pytest.mark.parametrize("value", ["NULL", "5", "5.5", "x'c3'", "CAST(x'c3' AS TEXT)"])
def test_a_column_that_holds_nothing_or_something_else_is_told_and_does_not_stop_the_check(store: Store, column: str, value: str) -> None:
    filled(store)
    table, name = column.split(".")
    with store.engine.begin() as connection:
        unguard(connection)
        connection.execute(text(f"UPDATE {table} SET {name} = {value} WHERE rowid = 7"))
    assert not store.audit().whole


@pytest.mark.parametrize("table", ["payloads", "terms", "heads", "checkpoints", "records"])
def test_a_row_that_stands_there_twice_is_told(store: Store, table: str) -> None:
    filled(store)
    with store.engine.begin() as connection:
        unguard(connection)
        connection.execute(text(f"CREATE TABLE twice AS SELECT * FROM {table} LIMIT 1"))
        connection.execute(text(f"INSERT INTO {table} SELECT * FROM twice"))
    assert not store.audit().whole


def test_a_history_written_anew_since_the_last_checkpoint_is_not_signed_with_the_next_record(store: Store) -> None:
    """Who owns the database and not the keys makes the tail and the head fit, and waits for the service to sign behind it."""
    image = filled(store)
    with store.engine.begin() as connection:
        unguard(connection)
    image.records[-1]["content"] = image.records[-1]["content"].replace("niets", "alles")
    image.relink(len(image.records) - 1)
    image.heads[0]["hash"] = image.records[-1]["hash"]
    written(store.engine, image)
    for use in (lambda: store.append(assessment()), store.checkpoint, lambda: store.hold(image.records[0]["id"], by="a", reason="b")):
        with pytest.raises(Tampered, match="niet ondertekend"):
            use()
    assert not store.audit().whole


def test_the_end_of_a_chain_that_an_earlier_version_signed_as_a_checkpoint_is_built_on(store: Store) -> None:
    image = filled(store)
    (head,) = image.heads
    seal = KEYS.sealed(head["municipality"], head["sequence"], head["hash"], head["number"], head["signed_at"])
    image.heads = [head | {"signature": seal.signature}]
    with store.engine.begin() as connection:
        unguard(connection)
    written(store.engine, image)
    assert store.audit().whole
    store.append(assessment())
    assert store.audit().whole


def test_an_end_in_the_place_of_the_checkpoint_that_it_has_the_number_of_is_told_and_not_exported(store: Store) -> None:
    image = filled(store)
    (head,) = image.heads
    image.checkpoints = [row for row in image.checkpoints if row["number"] != head["number"]] + [head]
    with store.engine.begin() as connection:
        unguard(connection)
    written(store.engine, image)
    assert [found.sort for report in store.audit().reports for found in report.breaks] == [Sort.SIGNATURE]
    assert head["number"] not in [seal.number for seal in exported(store)[1].seals[TOWN]]


def test_keys_that_are_not_those_of_the_store_sign_nothing_in_it(store: Store) -> None:
    filled(store)
    store.keys = Keys.generate()
    with pytest.raises(Tampered, match="sleutelbestand"):
        store.append(assessment())


def test_a_record_moved_to_another_municipality_is_told_in_both(store: Store) -> None:
    filled(store)
    with store.engine.begin() as connection:
        unguard(connection)
        connection.execute(records.update().where(records.c.sequence == 4).values(municipality=OTHER_TOWN))
    found = {report.municipality: report.breaks[0].sort for report in store.audit().reports}
    assert found == {TOWN: Sort.MISSING, OTHER_TOWN: Sort.MISSING}


def test_what_belongs_to_no_record_is_told(store: Store) -> None:
    filled(store)
    with store.engine.begin() as connection:
        unguard(connection)
        connection.execute(insert(payloads), {"record_id": "weg", "name": "n", "salt": b"s", "data": b"d"})
        connection.execute(insert(terms), {"record_id": "weg", "name": "zaak", "value": "z"})
    assert [found.sort for found in store.audit().breaks] == [Sort.INSERTED, Sort.INSERTED]


def test_rule_files_that_changed_or_are_gone_are_told(store: Store) -> None:
    filled(store)
    with store.engine.begin() as connection:
        connection.execute(bundles.update().values(data=b"andere"))
    assert [found.sort for found in store.audit().breaks] == [Sort.EDITED]
    with store.engine.begin() as connection:
        connection.execute(delete(bundles))
    assert [found.sort for found in store.audit().breaks] == [Sort.MISSING]


def test_what_stands_outside_the_chain_is_not_checked(store: Store) -> None:
    """Said in docs/beheer.md too: by which BSN a person is found, and which requests were answered."""
    filled(store)
    store.claim_key("client", "sleutel", b"verzoek")
    with store.engine.begin() as connection:
        connection.execute(pseudonyms.update().values(hmac="0" * 64))
        connection.execute(delete(idempotency))
    store.put_bundle(b"regels die niemand gebruikte")
    assert store.audit().whole
    assert store.subject(TOWN, PERSON) is None


# --- a second party ----------------------------------------------------------------------------------------------------


def test_an_export_has_a_line_for_each_checkpoint_and_fits_the_store(store: Store) -> None:
    filled(store)
    store.checkpoint()
    lines, kept = exported(store)
    assert [json.loads(line)["volgnummer"] for line in lines.splitlines()] == [1, 5, 9, 12]
    assert store.audit(kept).whole
    assert audit(store.engine, kept.keys, kept).whole


def test_the_export_tells_of_an_owner_who_has_the_keys_too(store: Store) -> None:
    """The chain written anew from the start and sealed anew, so that the store itself is whole."""
    filled(store)
    _, kept = exported(store)
    with store.engine.begin() as connection:
        unguard(connection)
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
    store.append(assessment("een ander verleden"))
    assert store.audit().whole
    (report,) = store.audit(kept).reports
    assert {Sort.REWRITTEN, Sort.CUT} <= {found.sort for found in report.breaks}


def test_the_export_tells_of_a_key_file_that_was_replaced(store: Store) -> None:
    """The same records, every seal made anew with other keys: the store itself is whole."""
    image = filled(store)
    _, kept = exported(store)
    other = Keys.generate()
    for row in (*image.heads, *image.checkpoints):
        seal = other.sealed(row["municipality"], row["sequence"], row["hash"], row["number"], row["signed_at"])
        row.update(key_id=seal.key_id, signature=seal.signature)
    with store.engine.begin() as connection:
        unguard(connection)
    written(store.engine, image)
    store.keys = other
    assert store.audit().whole
    assert [found.sort for found in store.audit(kept).breaks] == [Sort.SIGNATURE]


def test_the_export_tells_of_a_municipality_that_is_gone(store: Store) -> None:
    filled(store)
    _, kept = exported(store)
    with store.engine.begin() as connection:
        unguard(connection)
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
    assert store.audit().whole
    assert [found.sort for report in store.audit(kept).reports for found in report.breaks] == [Sort.CUT]


@pytest.mark.parametrize("spoil", ["{}", "geen json", "[]", '{"publiekeSleutel": "00"}'])
def test_an_export_that_cannot_be_read_is_refused_with_its_line(store: Store, spoil: str) -> None:
    filled(store)
    lines, _ = exported(store)
    with pytest.raises(StoreError, match="Regel 4"):
        read_export([*lines.splitlines(), spoil])


def test_an_export_that_somebody_changed_is_refused(store: Store) -> None:
    filled(store)
    lines, _ = exported(store)
    with pytest.raises(StoreError, match=r"Regel 2 .* handtekening"):
        read_export(lines.replace('"volgnummer": 5', '"volgnummer": 4').splitlines())


def test_checkpoints_of_before_a_renewal_of_the_key_count(store: Store) -> None:
    filled(store)
    store.keys = store.keys.renewed()
    store.append(assessment())
    store.checkpoint()
    _, kept = exported(store)
    assert len(kept.keys) == 2
    assert store.audit(kept).whole
    assert not audit(store.engine, KEYS.trusted).whole


def test_a_store_that_runs_goes_on_behind_a_record_that_was_signed_with_a_key_renewed_since(url: URL, tmp_path: Path) -> None:
    path = tmp_path / "sleutels.json"
    running, other = opened(url), opened(url)
    running.keys = Keys.make(path)
    running.append(assessment())
    renewed = Keys.renew(path)
    other.keys = Keys.read(path)
    other.append(assessment())
    for use in (lambda: running.append(assessment()), running.checkpoint):
        use()
        other.append(assessment())
    assert running.audit().whole
    assert other.audit().whole
    assert {row["key_id"] for row in rows(running.engine, checkpoints)} <= {running.keys.id, renewed.id}
    for store in (running, other):
        store.close()


def test_a_store_that_runs_reads_its_key_file_for_a_key_that_it_does_not_know_only(
    url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sleutels.json"
    running, other = opened(url), opened(url)
    running.keys = Keys.make(path)
    Keys.renew(path)
    other.keys = Keys.read(path)
    reads, read = [], Keys.read

    def counted(file: Path) -> Keys:
        reads.append(file)
        return read(file)

    monkeypatch.setattr(Keys, "read", counted)
    for _ in range(3):
        running.append(assessment())
        other.append(assessment())
    assert reads == [path]
    for store in (running, other):
        store.close()


def test_a_key_file_of_another_store_does_not_make_an_end_trusted(url: URL, tmp_path: Path) -> None:
    path = tmp_path / "sleutels.json"
    running, other = opened(url), opened(url)
    running.keys = Keys.make(path)
    running.append(assessment())
    strange = Keys.generate()
    replace(strange, earlier=running.keys.trusted).write(path)
    other.keys = Keys.read(path)
    other.append(assessment())
    with pytest.raises(Tampered, match="niet ondertekend"):
        running.append(assessment())
    for store in (running, other):
        store.close()


# --- what cannot be checked --------------------------------------------------------------------------------------------


def test_a_store_that_cannot_be_read_is_not_said_to_be_whole(url: URL) -> None:
    fresh = Store(url, Keys.generate())
    with pytest.raises(StoreOutdated):
        fresh.audit()
    fresh.close()
    with pytest.raises(StoreDown):
        Store("postgresql://postgres@127.0.0.1:1/test", Keys.generate()).audit()


def test_a_long_chain_is_read_in_parts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.audit.BATCH", 5)
    filled(store)
    assert store.audit().whole
