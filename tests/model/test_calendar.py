# SPDX-License-Identifier: EUPL-1.2
"""The day in the Netherlands at a moment: Central European Time is an hour ahead of UTC, its summer time two."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from engine.model.calendar import NETHERLANDS, civil_day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-01-14T22:59:59Z", date(2026, 1, 14)),
        ("2026-01-14T23:00:00Z", date(2026, 1, 15)),
        ("2026-07-14T21:59:59Z", date(2026, 7, 14)),
        ("2026-07-14T22:00:00Z", date(2026, 7, 15)),
        ("2026-07-15T00:30:00+02:00", date(2026, 7, 15)),
    ],
)
def test_a_day_begins_at_midnight_in_the_netherlands_in_winter_and_in_summer(moment: str, day: date) -> None:
    assert civil_day(datetime.fromisoformat(moment)) == day


@pytest.fixture
def no_zones() -> Iterator[None]:
    """A machine that knows no time zones."""
    zoneinfo.reset_tzpath(to=())
    yield
    zoneinfo.reset_tzpath()


def test_a_machine_that_knows_no_time_zones_knows_the_day_too(no_zones: None) -> None:
    found = zoneinfo.ZoneInfo.no_cache(NETHERLANDS.key)
    assert datetime(2026, 7, 14, 22, 0, tzinfo=UTC).astimezone(found).date() == date(2026, 7, 15)
