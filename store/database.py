# SPDX-License-Identifier: EUPL-1.2
"""The database itself: connections that lose nothing, migrations, and one error for everything that is down."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Dialect, Engine, Insert, Table, create_engine, event, exc, make_url, text
from sqlalchemy.dialects import postgresql, sqlite

from store.errors import StoreDown, StoreOutdated
from store.together import one_at_a_time

WRITES = {"toetssteen_writes": True}
"""Execution options of a transaction that writes: in SQLite it takes the lock at its start."""
BUSY_SECONDS = 15
LOOK_AGAIN = 0.002
TRY_AGAIN = 0.05
LONG_AT_REST = 1.0
"""Seconds after which a connection to PostgreSQL is asked whether it still works before it is used."""
STANDS_STILL = "30s"
"""How long a client of PostgreSQL may stand still in the midst of a transaction, and hold the chain, where the database sets no limit."""
_LIMIT = "SELECT set_config('{0}', %s, false) WHERE current_setting('{0}') = '0'".format("idle_in_transaction_session_timeout")
_ON_DISK = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
"""A commit waits for the disk, whatever the database or the user was set to; every other setting does too."""
RESTS_SINCE = "rests_since"
FORGOT = ("26000", "0A000")
"""How PostgreSQL says that it no longer has what was prepared over this connection, or that a table is not as it was then."""
_NOW = text("SELECT clock_timestamp()")
_SEES = text(  # of others than ourselves, as far as PostgreSQL lets us see
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend' AND coalesce(backend_xid, backend_xmin) IS NOT NULL AND xact_start < :since)"
)
_MAKING = threading.Lock()
_WRITING: dict[URL, threading.Lock] = {}
ENCODING = "De database kan niet elke letter bewaren (codering {}). Maak een database met de codering UTF8: `createdb --encoding=UTF8`."
PIPELINES = (
    "PostgreSQL wordt hier aangesproken met libpq {}, dat geen pijplijn kent. Gebruik libpq 14 of later (`pip install 'psycopg[binary]'`)."
)
LATER = "De tabellen van de opslag zijn van een latere versie van Toetssteen. Werk het programma bij; de tabellen blijven zoals zij zijn."


def connect(url: str | URL, password: Path | None = None) -> Engine:
    """An engine that is set for safety; connects to nothing yet. ``password`` is a file with the password of PostgreSQL.

    SQLite: a file (made with rights 0600), WAL, full sync, foreign keys, and what is deleted is overwritten.
    PostgreSQL: psycopg 3, and a commit waits for the disk. Raises :class:`ValueError` for any other database.
    """
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            engine = create_engine(
                parsed,
                hide_parameters=True,
                connect_args={"timeout": BUSY_SECONDS},
                pool_size=10,
                max_overflow=0,
                pool_timeout=BUSY_SECONDS,
            )
            event.listen(engine, "do_connect", _make_file)
            event.listen(engine, "connect", _set_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        case "postgresql":
            engine = create_engine(
                parsed.set(drivername="postgresql+psycopg"),
                hide_parameters=True,
                pool_size=10,
                max_overflow=10,
                connect_args={"connect_timeout": BUSY_SECONDS, "client_encoding": "utf8"},
                pool_timeout=BUSY_SECONDS,
            )
            logging.getLogger("psycopg").setLevel(logging.ERROR)  # its warnings tell again, with host and user, what is raised here
            event.listen(engine, "connect", _set_postgresql)
            event.listen(engine, "checkin", _at_rest)
            event.listen(engine, "checkout", _alive(engine.dialect))
            if password is not None:
                # Read with each connection: a password that is changed asks for no restart.
                event.listen(engine, "do_connect", lambda dialect, record, arguments, named: named.update(password=_line(password)))
            return engine
    raise ValueError("De opslag is een SQLite-bestand (sqlite:///pad) of PostgreSQL (postgresql://...).")


def sqlite_file(engine: Engine) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL."""
    return Path(engine.url.database) if engine.dialect.name == "sqlite" and engine.url.database else None


def _line(file: Path) -> str:
    """What a file with one line says."""
    return file.read_text(encoding="utf-8").rstrip("\r\n")


def _at_rest(connection: Any, record: Any) -> None:
    record.info[RESTS_SINCE] = time.monotonic()


def _alive(dialect: Dialect) -> Callable[[Any, Any, Any], None]:
    """Ask a connection from the pool whether it still works, where there is reason to: it was at rest for long, or something came in.

    A database that ends a connection says so, or the system does for it; to ask each time would be a quarter of all messages.
    """

    def look(connection: Any, record: Any, proxy: Any) -> None:
        since = record.info.get(RESTS_SINCE)
        if since is None or (time.monotonic() - since < LONG_AT_REST and not _came_in(connection)):
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise exc.InvalidatePoolError from error  # the pool makes a new one, and trusts none that are older

    return look


def _came_in(connection: Any) -> bool:
    """Whether there is something to read on a connection on which nothing was asked; also true of a closed one."""
    if connection.closed:
        return True
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def _make_file(dialect: Any, record: Any, arguments: Any, parameters: Any) -> None:
    # Never opens a file that is there: closing it again would drop every lock that this process has on it (POSIX), and
    # another process that then thinks itself alone would take the write-ahead log away with what was just committed.
    with _MAKING, contextlib.suppress(FileExistsError):
        os.close(os.open(arguments[0], os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _set_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing of its own accord
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")  # a broken text is found, not refused
    _once_free(lambda: connection.execute("PRAGMA journal_mode=WAL"))  # of a new file: no patience of SQLite itself helps there
    for setting in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {setting}")


def _set_postgresql(connection: Any, record: Any) -> None:
    connection.execute(_LIMIT, (STANDS_STILL,))
    connection.execute(_ON_DISK)
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection  # not by way of SQLAlchemy, which would take longer than SQLite itself
    if not connection.get_execution_options().get("toetssteen_writes"):
        driver.execute("BEGIN")  # takes no lock yet
        return
    driver.execute("PRAGMA busy_timeout=0")
    try:
        _once_free(lambda: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def _once_free(work: Callable[[], object]) -> None:
    """Do what needs the lock of SQLite as soon as no other process has it, within BUSY_SECONDS."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        last = time.monotonic() >= end
        try:
            work()
            return
        except (exc.OperationalError, sqlite3.OperationalError) as error:
            code = getattr(getattr(error, "orig", error), "sqlite_errorcode", 0)  # with what it is busy in the upper bits
            if last or code & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        time.sleep(LOOK_AGAIN)


def reads(engine: Engine) -> dict[str, Any]:
    """Execution options of a connection that only reads.

    PostgreSQL shows each statement what was committed before it, within a transaction or without: so none is begun and
    ended, which are two more messages to and fro. In SQLite a transaction is what makes all that is read of one moment.
    """
    return {"isolation_level": "AUTOCOMMIT"} if engine.dialect.name == "postgresql" else {}


def writes(engine: Engine, *, begun: bool = True) -> dict[str, Any]:
    """Execution options of a transaction that writes.

    Where it is not ``begun``, none is begun in PostgreSQL before :func:`store.together.together` begins it. One statement alone PostgreSQL
    then commits of its own accord, on disk as well.
    """
    return {**WRITES, **(reads(engine) if not begun else {})}


@contextmanager
def turn(engine: Engine) -> Iterator[None]:
    """Wait until no other thread of this process writes to the same SQLite file.

    SQLite lets one write at a time and has the others look again after ever longer pauses; threads that come all the time
    would leave some of them waiting for seconds. PostgreSQL has a line of its own. Raises :class:`StoreDown` after as long a
    wait as for another process.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    lock = _WRITING.setdefault(engine.url, threading.Lock())
    if not lock.acquire(timeout=BUSY_SECONDS):
        raise StoreDown
    try:
        yield
    finally:
        lock.release()


@contextmanager
def reachable() -> Iterator[None]:
    """Turn every way in which a database can fail us into :class:`StoreDown`; mistakes of ours stay what they are."""
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError, exc.InternalError) as error:
        raise StoreDown from error
    except exc.DBAPIError as error:
        if error.connection_invalidated or type(error) is exc.DatabaseError or getattr(error.orig, "sqlstate", None) in FORGOT:
            raise StoreDown from error
        raise
    except OSError as error:
        raise StoreDown from error


def survey(engine: Engine) -> None:
    """Have SQLite look at a few hundred rows of each index, which takes milliseconds; PostgreSQL looks by itself.

    Without it SQLite reads all records of a municipality to find those of one person. A connection knows what was seen before
    it was made: the ones that are at rest are closed.
    """
    if sqlite_file(engine) is None:
        return
    with turn(engine), engine.connect() as connection, connection.execution_options(**WRITES).begin():
        connection.exec_driver_sql("PRAGMA analysis_limit=400")
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def overwritten(engine: Engine) -> bool:
    """Take away what a database still has of rows that were deleted; whether none of it is left where a client can reach it.

    Waits for who still sees those rows, within BUSY_SECONDS, and holds up nobody meanwhile.
    """
    if sqlite_file(engine) is not None:
        return _within(BUSY_SECONDS, lambda: _log_emptied(engine))
    with engine.connect().execution_options(**reads(engine)) as connection:
        since = connection.scalar(_NOW)
        alone = _within(BUSY_SECONDS, lambda: not connection.scalar(_SEES, {"since": since}))
        return _vacuumed(connection) and alone


def _within(seconds: float, done: Callable[[], bool]) -> bool:
    """Whether something was done, when it was tried again and again."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() >= end:
            return False
        time.sleep(TRY_AGAIN)
    return True


def _log_emptied(engine: Engine) -> bool:
    """Whether the log of SQLite, which holds what was deleted as it was written, could be emptied without a wait.

    SQLite itself would wait for readers with the lock that each who writes needs.
    """
    with turn(engine), engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
        try:
            busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    return not busy


def _vacuumed(connection: Connection) -> bool:
    """Whether PostgreSQL cleaned the tables that things are destroyed in, and what it remembers of their values (`pg_stats`).

    It warns where it may not, as their owner alone may, and where another uses a table so that it would have to wait.
    """
    driver: Any = connection.connection.driver_connection
    told: list[str] = []

    def hear(notice: Any) -> None:
        told.append(notice.severity_nonlocalized)

    driver.add_notice_handler(hear)
    try:
        connection.exec_driver_sql("VACUUM (ANALYZE, INDEX_CLEANUP ON, SKIP_LOCKED) payloads, terms, pseudonyms")
    finally:
        driver.remove_notice_handler(hear)
    return "WARNING" not in told


def insert_new(connection: Connection, table: Table, **values: Any) -> bool:
    """Insert a row; False, and nothing done, where one with its key is there."""
    return connection.execute(_insert_new(connection.dialect.name, table), values).first() is not None


@cache
def _insert_new(dialect: str, table: Table) -> Insert:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing().returning(*table.primary_key)


# --- migrations ------------------------------------------------------------------------------------------------------


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Bring the tables up to date, in one transaction; of several processes one does the work.

    Raises :class:`StoreDown`, and :class:`StoreOutdated` where the tables are those of a later version of the program, the
    database cannot hold every text, or what we speak to it with is too old.
    """
    with reachable(), engine.execution_options(**WRITES).begin() as connection:
        _require_usable(connection)
        one_at_a_time(connection, "toetssteen/migraties")
        try:
            command.upgrade(_config(connection), "head")
        except CommandError as error:
            raise StoreOutdated(LATER) from error


def _require_usable(connection: Connection) -> None:
    """Raises :class:`StoreOutdated` where PostgreSQL would refuse or change texts, or its client knows no pipelines."""
    if connection.dialect.name != "postgresql":
        return
    psycopg: Any = connection.dialect.loaded_dbapi
    if not psycopg.capabilities.has_pipeline():
        raise StoreOutdated(PIPELINES.format(psycopg.pq.version() // 10_000))
    driver: Any = connection.connection.driver_connection
    encoding = driver.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise StoreOutdated(ENCODING.format(encoding))


def revision(connection: Connection) -> str | None:
    """Which step the tables are at; None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def require_current(connection: Connection) -> None:
    """Raises :class:`StoreOutdated` unless the tables are those that this version works with, in a database that is fit for them."""
    _require_usable(connection)
    if revision(connection) != ScriptDirectory.from_config(_config()).get_current_head():
        raise StoreOutdated
