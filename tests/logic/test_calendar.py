# SPDX-License-Identifier: EUPL-1.2
"""Dates as rules count them. Expected days come from the calendar on the wall."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from engine.model.calendar import Calendar, LeapBirthday
from engine.model.values import CauseKind, Duration, Unknown

MARCH = Calendar(leap_birthday=LeapBirthday.MARCH_1)
FEBRUARY = Calendar(leap_birthday=LeapBirthday.FEBRUARY_28)
BIRTH = date(2008, 2, 29)
HOLIDAYS = {date(2026, 4, 3): "Goede Vrijdag", date(2026, 4, 6): "tweede Paasdag", date(2026, 4, 27): "Koningsdag"}
SPRING = Calendar(holidays=HOLIDAYS, first=date(2026, 1, 1), last=date(2026, 12, 31))

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
calendars = st.sampled_from([MARCH, FEBRUARY])


# --- months and years ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 7, 15), 12 * 67, date(2093, 7, 15)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_the_month(start: date, months: int, end: date) -> None:
    assert MARCH.add(start, Duration(months=months)) == end


def test_one_addition_from_the_anchor_is_not_two_in_a_row() -> None:
    once = MARCH.add(date(2026, 1, 31), Duration(months=2))
    step = MARCH.add(date(2026, 1, 31), Duration(months=1))
    assert isinstance(step, date)
    assert (once, MARCH.add(step, Duration(months=1))) == (date(2026, 3, 31), date(2026, 3, 28))


def test_months_come_before_days() -> None:
    assert MARCH.add(date(2026, 1, 31), Duration(months=1, days=1)) == date(2026, 3, 1)


def test_six_weeks_after_a_decision() -> None:
    assert MARCH.add(date(2026, 7, 15), Duration(days=42)) == date(2026, 8, 26)


@pytest.mark.parametrize(("calendar", "birthday"), [(MARCH, date(2026, 3, 1)), (FEBRUARY, date(2026, 2, 28))])
def test_who_is_born_on_29_february_is_18_on_the_day_that_the_setting_names(calendar: Calendar, birthday: date) -> None:
    assert calendar.add(BIRTH, Duration(months=12 * 18)) == birthday
    assert calendar.years_between(BIRTH, birthday - timedelta(days=1)) == 17
    assert calendar.years_between(BIRTH, birthday) == 18


@pytest.mark.parametrize("calendar", [MARCH, FEBRUARY])
def test_in_a_leap_year_the_birthday_is_29_february(calendar: Calendar) -> None:
    assert calendar.add(BIRTH, Duration(months=12 * 20)) == date(2028, 2, 29)
    assert calendar.years_between(BIRTH, date(2028, 2, 28)) == 19


def test_a_month_after_29_february_is_the_same_with_either_setting() -> None:
    assert MARCH.add(BIRTH, Duration(months=1)) == FEBRUARY.add(BIRTH, Duration(months=1)) == date(2008, 3, 29)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 1, 15), date(2026, 2, 14), 0),
        (date(2026, 1, 15), date(2026, 2, 15), 1),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 2, 15), date(2026, 1, 15), -1),
        (date(2026, 2, 14), date(2026, 1, 15), 0),
        (date(2026, 7, 15), date(2026, 7, 15), 0),
    ],
)
def test_completed_months(start: date, end: date, months: int) -> None:
    assert MARCH.months_between(start, end) == months


def test_a_date_outside_the_years_is_unknown() -> None:
    for duration in (Duration(months=12 * 9000), Duration(days=4_000_000), Duration(days=10**12)):
        found = MARCH.add(date(2026, 1, 1), duration)
        assert isinstance(found, Unknown)
        assert {cause.kind for cause in found.causes} == {CauseKind.ARITHMETIC}


@given(calendars, days, st.integers(0, 130))
def test_somebody_has_an_age_exactly_from_the_birth_plus_that_many_years(calendar: Calendar, birth: date, years: int) -> None:
    birthday = calendar.add(birth, Duration(months=12 * years))
    assert isinstance(birthday, date)
    assert calendar.years_between(birth, birthday) == years
    if years:
        assert calendar.years_between(birth, birthday - timedelta(days=1)) == years - 1


@given(calendars, days, days)
def test_an_age_and_an_addition_give_the_same_answer_on_every_day(calendar: Calendar, birth: date, day: date) -> None:
    age = calendar.years_between(birth, day)
    reached, following = (calendar.add(birth, Duration(months=12 * years)) for years in (age, age + 1))
    assert isinstance(reached, date)
    assert isinstance(following, date)
    assert day < birth or reached <= day < following


@given(calendars, days, days)
def test_completed_months_are_those_that_fit(calendar: Calendar, start: date, end: date) -> None:
    if end < start:
        start, end = end, start
    months = calendar.months_between(start, end)
    fits, too_many = (calendar.add(start, Duration(months=number)) for number in (months, months + 1))
    assert isinstance(fits, date)
    assert isinstance(too_many, date)
    assert fits <= end < too_many


# --- working days ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 4, 1), date(2026, 4, 1)),
        (date(2026, 4, 3), date(2026, 4, 7)),
        (date(2026, 4, 25), date(2026, 4, 28)),
    ],
)
def test_the_next_working_day_passes_over_weekend_and_holidays(day: date, following: date) -> None:
    assert SPRING.next_workday(day) == following


def test_two_working_days_after_maundy_thursday_is_wednesday_after_easter() -> None:
    assert SPRING.add(date(2026, 4, 2), Duration(workdays=2)) == date(2026, 4, 8)
    assert SPRING.add(date(2026, 4, 8), Duration(workdays=-2)) == date(2026, 4, 2)
    assert SPRING.workdays_between(date(2026, 4, 2), date(2026, 4, 8)) == 2
    assert SPRING.workdays_between(date(2026, 4, 8), date(2026, 4, 1)) == -3


@pytest.mark.parametrize("calendar", [SPRING, MARCH])
def test_past_the_calendar_a_working_day_is_unknown(calendar: Calendar) -> None:
    day = date(2027, 1, 1)
    for found in (
        calendar.is_workday(day),
        calendar.next_workday(day),
        calendar.add(day - timedelta(days=2), Duration(workdays=3)),
        calendar.workdays_between(day, day + timedelta(days=1)),
        calendar.workdays_between(day + timedelta(days=1), day),
    ):
        assert isinstance(found, Unknown)
        assert {cause.kind for cause in found.causes} == {CauseKind.CALENDAR}


@given(st.dates(date(2026, 1, 10), date(2026, 6, 30)), st.integers(1, 60))
def test_working_days_that_are_added_are_the_ones_that_are_counted(start: date, number: int) -> None:
    end = SPRING.add(start, Duration(workdays=number))
    assert isinstance(end, date)
    assert SPRING.workdays_between(start, end) == number
    assert SPRING.is_workday(end) is True
