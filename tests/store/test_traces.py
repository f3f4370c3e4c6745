# SPDX-License-Identifier: EUPL-1.2
"""Of what was destroyed the database keeps nothing that a client can reach, or says that it does."""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text

from store import database
from store.database import reads
from store.model import ANSWER, Ground
from store.store import Store
from tests.store.chains import KEYS
from tests.store.conftest import opened
from tests.store.databases import POSTGRES, postgres_is_down
from tests.store.drafts import PERSON, assessment

REMEMBERED = text(
    "SELECT count(*) FROM pg_stats WHERE tablename IN ('payloads', 'terms') "
    "AND coalesce(most_common_vals::text, '') || coalesce(histogram_bounds::text, '') ~ 'geheim|67656865696d'"  # in hexadecimal too
)
VACUUMED = "SELECT relname FROM pg_stat_user_tables WHERE vacuum_count > 0 ORDER BY relname"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.3)


def destroyed(store: Store) -> None:
    """Keep a secret, and destroy it."""
    record = store.append(assessment("zaak-geheim", subject=PERSON, payloads={ANSWER: b"heel geheim"}))
    store.erase(record.id, ground=Ground.REQUEST, by="a", reason="b")


# --- SQLite ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Store]:
    found = opened(make_url(f"sqlite:///{tmp_path / 'opslag.sqlite'}"))
    yield found
    found.close()


def holding(folder: Path, word: bytes) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if word in path.read_bytes())


def test_what_a_reader_keeps_in_the_log_is_told_and_is_gone_once_nobody_reads(sqlite: Store, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "opslag.sqlite", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM payloads").fetchall()
        destroyed(sqlite)
        assert not sqlite.overwrite()
        assert holding(tmp_path, b"zaak-geheim") == ["opslag.sqlite-wal"]
        sqlite.append(assessment())  # nobody who writes waits for a reader
    assert sqlite.overwrite()
    assert holding(tmp_path, b"zaak-geheim") == []


def test_a_disk_that_is_gone_leaves_traces_and_is_no_error_as_the_destruction_is_done(sqlite: Store, tmp_path: Path) -> None:
    destroyed(sqlite)
    sqlite.close()
    (tmp_path / "opslag.sqlite").rename(tmp_path / "elders")
    (tmp_path / "opslag.sqlite").mkdir()
    assert not sqlite.overwrite()


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


@pytest.fixture
def own() -> Iterator[URL]:
    """The address of a database of its own, in which nobody else sees anything."""
    if reason := postgres_is_down():
        pytest.skip(reason)
    name, server = f"test_{uuid.uuid4().hex}", create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
    yield POSTGRES.set(database=name)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def postgres(own: URL) -> Iterator[Store]:
    found = opened(own)
    yield found
    found.close()


def vacuumed(store: Store) -> list[str]:
    with store.engine.connect() as connection:
        return list(connection.execution_options(**reads(store.engine)).scalars(text(VACUUMED)))


def test_the_tables_that_things_are_destroyed_in_are_cleaned(postgres: Store) -> None:
    destroyed(postgres)
    assert vacuumed(postgres) == []
    assert postgres.overwrite()
    assert vacuumed(postgres) == ["payloads", "pseudonyms", "terms"]
    assert postgres.overwrite()


def test_a_table_that_another_works_on_is_not_waited_for_and_the_traces_are_told(postgres: Store) -> None:
    destroyed(postgres)
    with postgres.engine.connect() as other, other.begin():
        other.execute(text("LOCK TABLE payloads IN SHARE UPDATE EXCLUSIVE MODE"))
        assert not postgres.overwrite()
    assert postgres.overwrite()


def test_what_the_database_remembers_of_values_goes_too(postgres: Store) -> None:
    stays = [postgres.append(assessment("zaak-blijft", subject=PERSON)) for _ in range(5)]
    gone = [postgres.append(assessment(f"zaak-geheim-{n}", payloads={"stuk": b"geheim"})) for n in range(5)]
    with postgres.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
        assert connection.scalar(REMEMBERED)
        for record in gone:
            postgres.erase(record.id, ground=Ground.REQUEST, by="a", reason="b")
        assert postgres.overwrite()
        assert not connection.scalar(REMEMBERED)
    assert [postgres.payload(record.id, ANSWER) for record in stays]


def test_the_service_takes_traces_away_only_where_something_was_destroyed_since(postgres: Store) -> None:
    postgres.append(assessment())
    assert postgres.overwrite_rest()
    assert vacuumed(postgres) == []
    destroyed(postgres)
    assert postgres.overwrite_rest()
    assert vacuumed(postgres) == ["payloads", "pseudonyms", "terms"]
    done: list[Engine] = []

    def cleaned(engine: Engine) -> bool:
        done.append(engine)
        return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "overwritten", cleaned)
        assert postgres.overwrite_rest()
        assert done == []
        postgres.now = lambda: datetime(2020, 1, 1, tzinfo=UTC)  # by a clock that runs behind
        destroyed(postgres)
        assert postgres.overwrite_rest()
        assert len(done) == 1
        postgres.made_subject("GM0000", PERSON)
        postgres.forget()
        postgres.forget()  # which takes a pseudonym away
        assert postgres.overwrite_rest()
        assert len(done) == 2


def test_rows_that_another_transaction_may_still_see_are_told(postgres: Store) -> None:
    with postgres.engine.connect().execution_options(isolation_level="REPEATABLE READ") as reader:
        reader.execute(text("SELECT count(*) FROM payloads"))
        destroyed(postgres)
        assert not postgres.overwrite()
    assert postgres.overwrite()


def test_tables_of_another_owner_are_told_as_they_are_not_cleaned(postgres: Store, own: URL) -> None:
    role = f"test_{uuid.uuid4().hex}"
    grants = (f"CREATE ROLE {role} LOGIN", f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
    with postgres.engine.begin() as connection:
        for words in grants:
            connection.execute(text(words))
    other = Store(own.set(username=role), KEYS)
    try:
        destroyed(other)
        assert not other.overwrite()
        assert vacuumed(postgres) == []
    finally:
        other.close()
        with postgres.engine.begin() as connection:
            for words in (f"DROP OWNED BY {role}", f"DROP ROLE {role}"):
                connection.execute(text(words))
