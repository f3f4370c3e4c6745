# SPDX-License-Identifier: EUPL-1.2
"""Many random tamperings with a stored chain, every one of them found: in memory, and through a SQLite database.

``TAMPERINGS`` says how many on each of the two ways (300, and 10,000 in `make tamper`), ``TAMPER_SEED`` which ones. Each
sort gets its share and each one must change what is stored: the test cannot pass by doing nothing.
"""

from __future__ import annotations

import copy
import io
import os
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Engine, StaticPool, create_engine, make_url, select
from sqlalchemy.dialects import sqlite

from store.audit import Audit, Exported, audit, export, read_export
from store.database import revision
from store.model import Draft, Ground, Kind, Rhythm
from store.schema import metadata
from store.store import Store
from tests.store.chains import KEYS, Image, made
from tests.store.conftest import opened
from tests.store.drafts import OTHER_TOWN, PERSON, TOWN, assessment, decision
from tests.store.tampering import BY_EXPORT, SORTS, tampered, trusted

TAMPERINGS = int(os.environ.get("TAMPERINGS", "300"))
SEED = os.environ.get("TAMPER_SEED", "20260715")
PARTS = 4
SHARE = -(-TAMPERINGS // (PARTS * len(SORTS)))
"""So many of each sort in each part."""
TABLES = [field.name for field in fields(Image)]

each_part = pytest.mark.parametrize("part", range(PARTS))


def cases(part: int) -> Iterator[tuple[str, random.Random, str]]:
    """Every tampering of a part: its sort, its chance, and a name by which it can be done again."""
    for sort in SORTS:
        for number in range(SHARE):
            name = f"{SEED}/{part}/{sort}/{number}"
            yield sort, random.Random(name), name


def told(way: str, done: Counter[str]) -> None:
    """Hold what was done against what was to be done."""
    assert done == dict.fromkeys(SORTS, SHARE)
    assert PARTS * done.total() >= TAMPERINGS
    print(f"{done.total()} tamperings {way}, all found; of each sort {SHARE}: {', '.join(SORTS)}")


# --- in memory -------------------------------------------------------------------------------------------------------

STATES = [made(length) for length in range(13)]


@each_part
def test_every_tampering_with_a_chain_in_memory_is_found(part: int) -> None:
    exported = STATES[-1].seals()
    assert STATES[-1].verify(exported=exported).whole
    done: Counter[str] = Counter()
    for sort, rng, name in cases(part):
        image, what = tampered(STATES, rng, sort)
        by_itself, compared = image.verify(trusted(sort)).whole, image.verify(trusted(sort), exported).whole
        assert (by_itself, compared) == (sort in BY_EXPORT, False), f"{name}: {what}"
        done[sort] += 1
    told("in memory", done)


# --- through a database ------------------------------------------------------------------------------------------------


class Database:
    """A store as its owner has it: the tables of SQLite without triggers, keys and constraints, holding any rows one likes."""

    def __init__(self, path: Path) -> None:
        self.states: list[Image] = []
        store = opened(make_url(f"sqlite:///{path}"), rhythm=Rhythm(every=3))
        with store.engine.connect() as connection:
            version = revision(connection)
        for _ in self._fill(store):
            self.states.append(self._rows(store, TOWN))
        file = io.StringIO()
        export(store.checkpoints(), KEYS.trusted, file)
        self.exported = read_export(file.getvalue().splitlines())
        store.append(assessment(municipality=OTHER_TOWN))
        self.others = self._rows(store, OTHER_TOWN)
        store.close()
        self.raw = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self.raw.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        for table in metadata.sorted_tables:
            columns = ", ".join(f"{each.name} {each.type.compile(sqlite.dialect())}" for each in table.columns)
            self.raw.execute(f"CREATE TABLE {table.name} ({columns})")
        self.raw.execute("CREATE TABLE alembic_version (version_num TEXT)")
        self.raw.execute("INSERT INTO alembic_version VALUES (?)", [version])
        self.engine: Engine = create_engine("sqlite://", creator=lambda: self.raw, poolclass=StaticPool)

    @staticmethod
    def _fill(store: Store) -> Iterator[None]:
        """A bit of everything in one municipality, record by record."""
        bundle = store.put_bundle(b"regels")
        yield
        kept = []
        for number in range(6):
            kept.append(store.append(assessment(f"zaak-{number}", bundle=bundle, subject=PERSON)).id)
            yield
        store.append(decision(kept[0]))
        yield
        store.hold(kept[1], by="jurist", reason="Beroep.")
        yield
        store.erase(kept[2], ground=Ground.REQUEST, by="a", reason="b")
        yield
        store.append(Draft(TOWN, Kind.CORRECTION, {"wijzigt": "niets"}, about=kept[3]))
        yield
        last = store.append(assessment("zaak-7", bundle=bundle, subject=PERSON)).id
        yield
        store.append(decision(last))
        store.checkpoint()
        yield

    def _rows(self, store: Store, town: str) -> Image:
        """What is stored of a municipality."""
        found: dict[str, list[dict[str, Any]]] = {}
        with store.engine.connect() as connection:
            for name in TABLES:
                rows = [dict(row._mapping) for row in connection.execute(select(metadata.tables[name]))]
                found[name] = [row for row in rows if row.get("municipality", town) == town]
        ids = {row["id"] for row in found["records"]}
        for name in ("payloads", "terms"):
            found[name] = [row for row in found[name] if row["record_id"] in ids]
        return Image(**found)

    def put(self, image: Image) -> dict[str, Counter[Any]]:
        """Store these rows beside those of the other municipality, and tell what SQLite then holds."""
        for name in TABLES:
            self.raw.execute(f"DELETE FROM {name}")
            columns = [column.name for column in metadata.tables[name].columns]
            marks = ", ".join("?" * len(columns))
            rows = [[row[column] for column in columns] for row in getattr(image, name)]
            self.raw.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
            if name != "bundles":
                rows = [[row[column] for column in columns] for row in getattr(self.others, name)]
                self.raw.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
        return {name: Counter(map(repr, self.raw.execute(f"SELECT * FROM {name}"))) for name in TABLES}

    def check(self, keys: Mapping[str, Ed25519PublicKey], exported: Exported | None = None) -> Audit:
        return audit(self.engine, keys, exported)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    found = Database(tmp_path_factory.mktemp("opslag") / "opslag.sqlite")
    yield found
    found.engine.dispose()
    found.raw.close()


def test_the_database_without_its_guards_is_whole_at_every_length(database: Database) -> None:
    for state in database.states:
        database.put(copy.deepcopy(state))
        assert database.check(KEYS.trusted).whole
    assert database.check(KEYS.trusted, database.exported).whole
    assert len(database.check(KEYS.trusted).reports) == 2


@each_part
def test_every_tampering_with_a_database_is_found(part: int, database: Database) -> None:
    before = database.put(database.states[-1])
    assert database.check(KEYS.trusted, database.exported).whole
    done: Counter[str] = Counter()
    for sort, rng, name in cases(part):
        while True:
            image, what = tampered(database.states, rng, sort)
            if database.put(image) != before:  # SQLite makes a number of a text in a column of numbers
                break
        by_itself = database.check(trusted(sort)).whole
        assert by_itself == (sort in BY_EXPORT), f"{name}: {what}"
        if by_itself:
            assert not database.check(trusted(sort), database.exported).whole, f"{name}: {what}"
        done[sort] += 1
    told("in a database", done)
