# SPDX-License-Identifier: EUPL-1.2
"""Both databases for tests: a SQLite file, and a schema of its own in PostgreSQL where there is one.

``TOETSSTEEN_TEST_PG`` names the PostgreSQL database (``postgresql://user@host:port/name``).
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, exc, make_url, text

POSTGRES = make_url(os.environ.get("TOETSSTEEN_TEST_PG", "postgresql://postgres@127.0.0.1:5432/test")).set(drivername="postgresql+psycopg")


@cache
def postgres_is_down() -> str:
    """Why PostgreSQL cannot be used; empty when it can."""
    engine = create_engine(POSTGRES, connect_args={"connect_timeout": 3})
    try:
        with engine.connect():
            return ""
    except exc.OperationalError:
        return f"no PostgreSQL at {POSTGRES.host}:{POSTGRES.port}: set TOETSSTEEN_TEST_PG"
    finally:
        engine.dispose()


def fresh(name: str, folder: Path) -> Iterator[URL]:
    """The address of an empty database, taken away afterwards."""
    if name == "sqlite":
        yield make_url(f"sqlite:///{folder / 'opslag.sqlite'}")
        return
    if reason := postgres_is_down():
        pytest.skip(reason)
    schema = f"test_{uuid.uuid4().hex}"
    engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
        yield POSTGRES.update_query_dict({"options": f"-csearch_path={schema}"})
        with engine.connect() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    finally:
        engine.dispose()
