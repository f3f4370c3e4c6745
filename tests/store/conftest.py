# SPDX-License-Identifier: EUPL-1.2
"""Every test that asks for ``url`` runs over both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL

from store.database import upgrade
from store.model import Rhythm
from store.store import Store
from tests.store.chains import KEYS
from tests.store.databases import fresh


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """The address of an empty database."""
    yield from fresh(request.param, tmp_path)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.at = datetime(2026, 7, 15, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **span: float) -> None:
        """Let time go by."""
        self.at += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    """The clock of ``store``."""
    return Clock()


@pytest.fixture
def store(url: URL, clock: Clock) -> Iterator[Store]:
    """An empty store whose clock stands still; a checkpoint with every four records."""
    found = opened(url, now=clock, rhythm=Rhythm(every=4))
    yield found
    found.close()


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[URL]:
    """The address of an empty database of PostgreSQL."""
    yield from fresh("postgresql", tmp_path)


def opened(url: URL, **options: Any) -> Store:
    """A store with its tables made."""
    found = Store(url, KEYS, **options)
    upgrade(found.engine)
    found.prepare()
    return found
