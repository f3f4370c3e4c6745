# SPDX-License-Identifier: EUPL-1.2
"""An empty store for a service under load: a SQLite file, or a schema of its own in PostgreSQL, taken away afterwards.

``TOETSSTEEN_TEST_PG`` names the PostgreSQL database, as it does for the tests.
"""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, exc, make_url, text

from store.database import connect, upgrade
from store.keys import Keys
from store.store import Store

POSTGRES = os.environ.get("TOETSSTEEN_TEST_PG", "postgresql://postgres@127.0.0.1:5432/test")
NAMES = ("SQLite", "PostgreSQL")


@dataclass(frozen=True)
class Place:
    """Where a service keeps what it keeps: the address of the store, and the file of its keys."""

    address: str
    keys: Path
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        """The settings of a service over it."""
        return {"TOETSSTEEN_OPSLAG": self.address, "TOETSSTEEN_OPSLAG_SLEUTELS": str(self.keys), **self.more}

    def open(self) -> Store:
        """The store, beside the service."""
        return Store(self.address, Keys.read(self.keys))


@contextmanager
def empty_store(name: str, *, tables: bool = True, **more: str) -> Iterator[Place]:
    """A store without records, with its tables where that is asked. Raises :class:`ConnectionError` where there is no PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder, _address(name, Path(folder)) as address:
        place = Place(address, Path(folder) / "sleutels.json", more)
        Keys.make(place.keys)
        if tables:
            engine = connect(address)
            upgrade(engine)
            engine.dispose()
        yield place


@contextmanager
def _address(name: str, folder: Path) -> Iterator[str]:
    if name == "SQLite":
        yield f"sqlite:///{folder / 'opslag.sqlite'}"
        return
    schema = f"meting_{uuid.uuid4().hex}"
    url = make_url(POSTGRES)
    engine = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    except exc.OperationalError as error:
        raise ConnectionError(f"no PostgreSQL at {url.host}:{url.port}: set TOETSSTEEN_TEST_PG") from error
    try:
        yield url.update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()
