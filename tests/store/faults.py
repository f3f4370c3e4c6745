# SPDX-License-Identifier: EUPL-1.2
"""What a machine can do to a store: a disk that is full, a database that goes away, an answer that never comes."""

from __future__ import annotations

import contextlib
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, text

from store.store import Store

_RAISES = "BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END"


@contextmanager
def disk_full(store: Store) -> Iterator[None]:
    """No room for a byte more: SQLite may not grow its file, PostgreSQL raises what it raises where it cannot grow a table."""
    full = _sqlite_full if store.engine.dialect.name == "sqlite" else _postgres_full
    with full(store):
        yield


@contextmanager
def _sqlite_full(store: Store) -> Iterator[None]:
    def limit(connection: Any, record: Any) -> None:
        connection.execute("PRAGMA max_page_count=1")  # never less than what there is

    event.listen(store.engine, "connect", limit)
    store.engine.dispose()
    try:
        yield
    finally:
        event.remove(store.engine, "connect", limit)
        store.engine.dispose()


@contextmanager
def _postgres_full(store: Store) -> Iterator[None]:
    with store.engine.begin() as connection:
        connection.execute(text(f"CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $${_RAISES}$$"))
        connection.execute(text("CREATE TRIGGER full_disk BEFORE INSERT ON payloads EXECUTE FUNCTION full_disk()"))
    try:
        yield
    finally:
        with store.engine.begin() as connection:
            connection.execute(text("DROP TRIGGER full_disk ON payloads"))
            connection.execute(text("DROP FUNCTION full_disk"))


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program writes to a SQLite file and does not stop."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def out_of_reach(store: Store, file: Path) -> Iterator[None]:
    """The disk with a SQLite file is not there: at its place is a folder."""
    store.engine.dispose()
    away = file.with_suffix(".weg")
    file.rename(away)
    file.mkdir()
    try:
        yield
    finally:
        file.rmdir()
        away.rename(file)


class Wire:
    """A way to PostgreSQL that can be cut and mended; ``lose`` cuts it after so many further messages with ``losing`` arrived.

    ``turns`` counts how often PostgreSQL said that it waits for a message (ReadyForQuery).
    """

    def __init__(self, to: URL) -> None:
        self.to = (to.host or "127.0.0.1", to.port or 5432)
        self.lose, self._losing = 0, False
        self.turns = 0
        self.losing = b"COMMIT\0"  # not where a transaction begins as READ COMMITTED
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._open: list[socket.socket] = []
        self._up = threading.Event()
        self._up.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Close every connection, and take on no new one."""
        self._up.clear()
        for end in self._open:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._open.clear()

    def mend(self) -> None:
        """Take on connections again."""
        self._up.set()

    def close(self) -> None:
        """Stop for good."""
        self.cut()
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if not self._up.is_set():
                near.close()
                continue
            far = socket.create_connection(self.to)
            self._open += [near, far]
            threading.Thread(target=self._carry, args=(near, far, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(far, near, False), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, asks: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if asks and self.lose and self.losing in data:
                    self.lose -= 1
                    self._losing = self.lose == 0
                elif not asks and self._losing:  # the answer to that message: what it asked is done
                    self._losing = False
                    self.cut()
                    return
                self.turns += 0 if asks else data.count(b"Z\0\0\0\5")
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
