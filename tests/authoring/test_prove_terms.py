# SPDX-License-Identifier: EUPL-1.2
"""Dates as terms count as the calendar of the engine counts, around leap days and month ends most of all."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from engine.model.calendar import Calendar, LeapBirthday
from engine.model.values import Duration

z3 = pytest.importorskip("z3")

from engine.authoring import prove_terms as terms  # noqa: E402 - z3 first
from engine.authoring.prove_terms import Day  # noqa: E402

YEARS = (1850, 1899, 1900, 1996, 2000, 2023, 2024, 2025, 2100, 2200)
near_month_ends = st.builds(
    lambda year, month, days: date(year, month, 1) + timedelta(days=days), st.sampled_from(YEARS), st.integers(1, 12), st.integers(-3, 3)
)
dates = st.one_of(near_month_ends, st.dates(date(1850, 1, 1), date(2200, 1, 1)))
settings_of_29_february = st.sampled_from(list(LeapBirthday))


def number(term: Any) -> int:
    return term if isinstance(term, int) else int(z3.simplify(term).as_long())


def symbolic(day: date) -> Day:
    """A day that the term cannot fold away by itself."""
    return Day(*(z3.IntVal(part) for part in (day.year, day.month, day.day)))


def back(day: Day) -> date:
    return date(number(day.year), number(day.month), number(day.day))


@given(dates, dates, settings_of_29_february)
@example(date(1999, 7, 15), date(2026, 7, 15), LeapBirthday.MARCH_1)
@example(date(2008, 2, 29), date(2026, 2, 28), LeapBirthday.FEBRUARY_28)
@example(date(2008, 2, 29), date(2026, 2, 28), LeapBirthday.MARCH_1)
def test_completed_years_and_months(start: date, end: date, leap: LeapBirthday) -> None:
    calendar = Calendar(leap_birthday=leap)
    first, last = symbolic(start), symbolic(end)
    assert number(terms.years_between(first, last, leap)) == calendar.years_between(start, end)
    assert number(terms.months_between(first, last, leap)) == calendar.months_between(start, end)


@given(dates, st.integers(-1000, 1000), settings_of_29_february)
@example(date(2024, 2, 29), 12, LeapBirthday.MARCH_1)
def test_months_later(day: date, months: int, leap: LeapBirthday) -> None:
    expected = Calendar(leap_birthday=leap).add(day, Duration(months=months))
    assert back(terms.months_later(symbolic(day), months, leap)) == expected
    assert back(terms.months_later(symbolic(day), z3.IntVal(months), leap)) == expected


@given(dates, st.integers(-terms.NEAR, terms.NEAR))
def test_days_later(day: date, days: int) -> None:
    assert back(terms.days_later(symbolic(day), days)) == day + timedelta(days=days)


@given(dates)
def test_the_number_of_a_day(day: date) -> None:
    assert number(symbolic(day).number) == day.toordinal() == number(Day.of(day).number)


@given(st.integers(1849, 2201), st.integers(0, 13), st.integers(0, 32))
def test_only_days_of_the_calendar_exist(year: int, month: int, day: int) -> None:
    term = Day(*(z3.IntVal(part) for part in (year, month, day))).exists(1850, 2200)
    try:
        expected = 1850 <= date(year, month, day).year <= 2200
    except ValueError:
        expected = False
    assert z3.is_true(z3.simplify(term)) is expected
