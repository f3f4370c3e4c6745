# SPDX-License-Identifier: EUPL-1.2
"""The database: its migrations make the tables of the code, and its connections lose nothing."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import URL, Engine, create_engine, event, exc, text

from store import database
from store.database import connect, reachable, require_current, revision, turn, upgrade
from store.errors import StoreDown, StoreOutdated
from store.schema import metadata
from tests.store.databases import POSTGRES, postgres_is_down


@pytest.fixture
def engine(url: URL) -> Iterator[Engine]:
    """A database without tables."""
    engine = connect(url)
    yield engine
    engine.dispose()


def test_the_migrations_make_the_tables_of_the_code(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        require_current(connection)
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_database_that_was_not_brought_up_to_date_is_told(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(StoreOutdated):
        require_current(connection)


def test_tables_of_a_later_version_are_left_alone_and_told(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreOutdated, match="latere versie"):
        upgrade(engine)
    with engine.connect() as connection:
        assert revision(connection) == "9999"


def test_several_processes_can_bring_it_up_to_date_at_once(url: URL) -> None:
    def one(_: int) -> None:
        engine = connect(url)
        upgrade(engine)
        engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(4)))
    engine = connect(url)
    with engine.connect() as connection:
        require_current(connection)
    engine.dispose()


def test_a_new_file_that_another_process_is_making_its_own_is_waited_for(tmp_path: Path) -> None:
    """To change the journal SQLite does not wait for a lock at all, whatever the patience that it was given."""
    refused = [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY]

    class Contended(sqlite3.Connection):
        def execute(self, statement: str, *rest: Any) -> sqlite3.Cursor:
            if refused and "journal_mode" in statement:
                error = sqlite3.OperationalError("database is locked")
                error.sqlite_errorcode = refused.pop()
                raise error
            return super().execute(statement, *rest)

    engine = connect(f"sqlite:///{tmp_path / 'nieuw.sqlite'}")
    event.listen(engine, "do_connect", lambda dialect, record, arguments, named: named.update(factory=Contended))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    assert not refused
    engine.dispose()


@pytest.mark.parametrize(
    "change", ["UPDATE records SET kind = 'x'", "DELETE FROM records", "DELETE FROM checkpoints", "UPDATE payloads SET name = 'x'"]
)
def test_the_database_itself_refuses_to_change_what_was_recorded(engine: Engine, change: str) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":  # its triggers look at rows
            connection.execute(text("INSERT INTO records VALUES ('a', 'GM0000', 1, 'k', NULL, NULL, 't', 'c', 'p', 'h')"))
            connection.execute(text("INSERT INTO payloads VALUES ('a', 'n', x'00', x'00')"))
            connection.execute(text("INSERT INTO checkpoints VALUES ('GM0000', 1, 'h', 1, 't', 'k', 's')"))
    with pytest.raises(exc.DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change))


def test_sqlite_is_set_for_safety_and_is_ours_alone(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'opslag.sqlite'}")
    with engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    engine.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    assert (tmp_path / "opslag.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_commit_waits_for_the_disk_whatever_the_database_was_set_to(postgresql: URL) -> None:
    engine = connect(postgresql.update_query_dict({"options": "-c synchronous_commit=off"}))
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW synchronous_commit")) == "on"
    engine.dispose()


@pytest.mark.parametrize("setting", ["local", "remote_write"])
def test_a_commit_that_waits_for_the_disk_already_is_left_as_it_was_set(postgresql: URL, setting: str) -> None:
    engine = connect(postgresql.update_query_dict({"options": f"-c synchronous_commit={setting}"}))
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW synchronous_commit")) == setting
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x"])
def test_a_store_that_would_forget_or_is_not_known_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="SQLite-bestand"):
        connect(url)


@pytest.mark.parametrize("url", ["sqlite:////bestaat/niet/opslag.sqlite", "postgresql://postgres@127.0.0.1:1/test"])
def test_a_database_that_is_down_is_one_kind_of_error(url: str) -> None:
    engine = connect(url)
    with pytest.raises(StoreDown):
        upgrade(engine)


def test_a_client_of_postgresql_that_is_too_old_is_refused_at_the_start_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    if reason := postgres_is_down():
        pytest.skip(reason)
    monkeypatch.setattr(psycopg.capabilities, "has_pipeline", lambda: False)  # as with a libpq before 14
    monkeypatch.setattr(psycopg.pq, "version", lambda: 130_022)
    engine = connect(POSTGRES)
    try:
        with pytest.raises(StoreOutdated, match=r"libpq 13, .*libpq 14 of later"):
            upgrade(engine)
        with pytest.raises(StoreOutdated, match="libpq 13"), engine.connect() as connection:
            require_current(connection)
    finally:
        engine.dispose()


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_hold_every_letter_is_refused_with_the_way_out(encoding: str) -> None:
    if reason := postgres_is_down():
        pytest.skip(reason)
    name, server = f"test_{uuid.uuid4().hex}", create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'"))
    engine = connect(POSTGRES.set(database=name))
    try:
        with pytest.raises(StoreOutdated, match=rf"{encoding}.*createdb --encoding=UTF8"):
            upgrade(engine)
        with pytest.raises(StoreOutdated, match=encoding), engine.connect() as connection:
            require_current(connection)
    finally:
        engine.dispose()
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name}"))
        server.dispose()


def test_a_connection_is_asked_whether_it_works_after_a_rest_or_when_something_came_in(monkeypatch: pytest.MonkeyPatch) -> None:
    if reason := postgres_is_down():
        pytest.skip(reason)
    engine, other = connect(POSTGRES), create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    asked: list[Any] = []
    ping = engine.dialect.do_ping

    def counted(connection: Any) -> bool:
        asked.append(connection)
        return ping(connection)

    monkeypatch.setattr(engine.dialect, "do_ping", counted)

    def backend() -> Any:
        with engine.connect() as connection:
            return connection.scalar(text("SELECT pg_backend_pid()"))

    monkeypatch.setattr(database, "LONG_AT_REST", 60)
    first = backend()
    assert (backend(), len(asked)) == (first, 0)
    monkeypatch.setattr(database, "LONG_AT_REST", 0)
    assert (backend(), len(asked)) == (first, 1)
    monkeypatch.setattr(database, "LONG_AT_REST", 60)
    with other.connect() as connection:
        assert connection.scalar(text("SELECT pg_terminate_backend(:backend, 5000)"), {"backend": first})
    time.sleep(0.2)
    assert backend() != first
    assert len(asked) == 2
    engine.dispose()
    other.dispose()


def test_a_file_that_is_no_database_is_down(tmp_path: Path) -> None:
    (tmp_path / "opslag.sqlite").write_bytes(b"geen database" * 1000)
    with pytest.raises(StoreDown):
        upgrade(connect(f"sqlite:///{tmp_path / 'opslag.sqlite'}"))


def test_a_mistake_of_ours_is_no_failure_of_the_database(engine: Engine) -> None:
    upgrade(engine)
    with pytest.raises(exc.IntegrityError), reachable(), engine.begin() as connection:
        connection.execute(text("INSERT INTO terms VALUES ('weg', 'zaak', 'z')"))


def test_an_error_never_shows_what_was_to_be_stored(engine: Engine) -> None:
    upgrade(engine)
    with pytest.raises(exc.IntegrityError) as broken, engine.begin() as connection:
        connection.execute(text("INSERT INTO terms VALUES ('weg', 'zaak', :value)"), {"value": "geheim"})
    assert "geheim" not in str(broken.value)


def test_a_password_in_a_file_is_read_again_with_each_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "wachtwoord"
    engine = connect("postgresql://toetssteen@127.0.0.1:1/toetssteen", file)
    used = []

    def refused(**named: Any) -> None:
        used.append(named["password"])
        raise OSError

    monkeypatch.setattr(engine.dialect, "connect", refused)
    for word in ("oud", "nieuw"):
        file.write_text(f"{word}\n", encoding="utf-8")
        with pytest.raises(StoreDown), reachable(), engine.connect():
            pass
    assert used == ["oud", "nieuw"]
    file.unlink()
    with pytest.raises(StoreDown), reachable(), engine.connect():
        pass


def test_a_thread_waits_for_another_that_writes_and_no_longer_than_for_another_process(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)

    def writes() -> str:
        with turn(engine):
            return "written"

    with ThreadPoolExecutor(1) as pool:
        with turn(engine):
            waits = pool.submit(writes)
            if engine.dialect.name == "sqlite":
                with pytest.raises(StoreDown):
                    waits.result(20)
            else:
                assert waits.result(20) == "written"
        assert pool.submit(writes).result(20) == "written"


HOLDER = """
import sys, time
from sqlalchemy import text
from store.database import connect
engine = connect(sys.argv[1])
first = engine.connect()
first.execute(text("CREATE TABLE kept (number INTEGER)"))
first.commit()
second = engine.connect()
first.execute(text("INSERT INTO kept VALUES (1)"))
first.commit()
print("written", flush=True)
time.sleep(60)
"""


def test_a_process_that_comes_and_goes_takes_nothing_from_one_that_is_killed_afterwards(tmp_path: Path) -> None:
    file = tmp_path / "opslag.sqlite"
    with subprocess.Popen([sys.executable, "-c", HOLDER, f"sqlite:///{file}"], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        try:
            assert holder.stdout.readline() == "written\n"
            passing = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM kept').fetchall(); c.close()"
            subprocess.run([sys.executable, "-c", passing, str(file)], check=True)
            assert Path(f"{file}-wal").exists(), "The write-ahead log of a process that is still running was taken away."
        finally:
            holder.kill()
    engine = connect(f"sqlite:///{file}")
    try:
        with engine.connect() as connection:
            assert connection.execute(text("SELECT number FROM kept")).scalars().all() == [1]
    finally:
        engine.dispose()
