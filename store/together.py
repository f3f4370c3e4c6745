# SPDX-License-Identifier: EUPL-1.2
"""Several statements handed to the database at once: to PostgreSQL under load a message to and fro costs more than what it asks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Connection, Executable, exc, text
from sqlalchemy.dialects.postgresql import psycopg

Row: TypeAlias = tuple[Any, ...]
_LOCK = text("SELECT pg_advisory_xact_lock(:key)")
_LOCKS = text("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")
_PATIENCE = text("SELECT set_config('statement_timeout', :limit, true)")
IDLE = 0
"""The state of a connection of psycopg in which no transaction has begun."""
_WORDS = psycopg.dialect()  # type: ignore[no-untyped-call]


class Ask(NamedTuple):
    """A statement that is built once, and its values: of one row, or of several that are written."""

    statement: Executable
    values: Mapping[str, Any] | Sequence[Mapping[str, Any]]

    @property
    def rows(self) -> Sequence[Mapping[str, Any]]:
        """The values of each row."""
        return (self.values,) if isinstance(self.values, Mapping) else self.values


def together(connection: Connection, *asked: Ask, last: bool = False) -> list[Sequence[Row]]:
    """Carry statements out one after the other; the rows that each of them gave, in their order.

    PostgreSQL gets all of them before anything that they give is waited for, so none can rest on what another gave. Where the
    connection leaves transactions to us (:func:`store.database.writes`) the first of them begins one, and ``last`` says that it
    ends with these: the commit goes along. The first that fails is raised, as SQLAlchemy raises it, and nothing after it was done.
    SQLite is part of this process: there is nobody to wait for, and the caller commits.
    """
    if connection.dialect.name != "postgresql":
        return [_alone(connection, ask) for ask in asked]
    with _failing(connection) as driver:
        with driver.pipeline() as pipeline:
            pipeline._exit_gen = partial(_ended, pipeline)
            if driver.autocommit and driver.info.transaction_status == IDLE:
                driver.execute("BEGIN ISOLATION LEVEL READ COMMITTED", prepare=False)
            cursors = [_sent(driver, ask) for ask in asked]
            if last:
                driver.execute("COMMIT", prepare=False)
        return [cursor.fetchall() if cursor.description else () for cursor in cursors]


def _ended(pipeline: Any) -> Iterator[Any]:
    """The end of a pipeline as psycopg has it, without a last message that asks to hurry: after a Sync nothing is held back.

    To PostgreSQL it would be a sign of life, so that a client which then stands still could hold the chain for ever: the time
    limit of an idle transaction counts from a Sync, and any message stops it.
    """
    pipeline._enqueue_sync()
    try:
        yield from pipeline._communicate_gen()
    finally:
        yield from pipeline._fetch_gen(flush=False)


def _sent(driver: Any, ask: Ask) -> Any:
    words, fixed = _compiled(ask.statement, tuple(ask.rows[0]))
    rows = [{**fixed, **row} for row in ask.rows]
    cursor = driver.cursor()
    if len(rows) == 1:
        cursor.execute(words, rows[0])
    else:
        cursor.executemany(words, rows)
    return cursor


def _alone(connection: Connection, ask: Ask) -> Sequence[Row]:
    found = connection.execute(ask.statement, ask.rows[0] if len(ask.rows) == 1 else ask.rows)
    return found.all() if found.returns_rows else ()


def lock(connection: Connection, what: str) -> tuple[Ask, ...]:
    """Wait for whoever writes to the same thing, until the end of the transaction. In SQLite one writes at a time anyway."""
    if connection.dialect.name != "postgresql":
        return ()
    return (Ask(_LOCK, {"key": _key(what)}),)


def one_at_a_time(connection: Connection, what: str) -> None:
    """The same at once."""
    together(connection, *lock(connection, what))


def nobody_else(connection: Connection, things: Sequence[str], within: float) -> None:
    """Wait for whoever writes to any of these things, in this order and for so many seconds in all.

    Then it fails, as a database does that does not answer: who waits here for one holds up those who wait for another.
    """
    if connection.dialect.name != "postgresql":
        return
    usual = connection.scalar(text("SELECT current_setting('statement_timeout')"))
    connection.execute(_PATIENCE, {"limit": f"{within * 1000:.0f}ms"})
    connection.execute(_LOCKS, {"keys": [_key(what) for what in things]})
    connection.execute(_PATIENCE, {"limit": usual})


def _key(what: str) -> int:
    """The number of a lock."""
    return int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], "big", signed=True)


@cache
def _compiled(statement: Executable, names: tuple[str, ...]) -> tuple[str, Mapping[str, Any]]:
    """A statement for values of these names in the words of the driver, and the values that stand in it."""
    found: Any = statement.compile(dialect=_WORDS, column_keys=list(names))  # type: ignore[attr-defined]
    return str(found), {name: value for name, value in found.params.items() if value is not None}


@contextmanager
def _failing(connection: Connection) -> Iterator[Any]:
    """The connection of the driver; what it raises is raised as SQLAlchemy, which has no part in this, would."""
    driver: Any = connection.connection.driver_connection
    errors: type[Exception] = connection.dialect.loaded_dbapi.Error
    try:
        yield driver
    except errors as error:
        lost = connection.dialect.is_disconnect(error, driver, None)  # type: ignore[arg-type]
        if lost:
            connection.invalidate(error)
        raise exc.DBAPIError.instance(
            None, None, error, errors, hide_parameters=True, connection_invalidated=lost, dialect=connection.dialect
        ) from error
