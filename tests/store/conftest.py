# SPDX-License-Identifier: EUPL-1.2
"""Every test that asks for ``url`` runs over both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from tests.store.databases import fresh


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """The address of an empty database."""
    yield from fresh(request.param, tmp_path)
