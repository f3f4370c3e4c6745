# SPDX-License-Identifier: EUPL-1.2
"""Dates as the rules count them: one addition from the anchor, with the doubtful points as named settings.

The settings and the holidays come from ``rules/algemeen/kalender.yaml``; a jurist confirms them there, not here.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from engine.model.values import CauseKind, Duration, Unknown

NETHERLANDS = ZoneInfo("Europe/Amsterdam")


def civil_day(moment: datetime) -> date:
    """The day on the calendar in the Netherlands at a moment (with its time zone): in UTC it begins one or two hours later."""
    return moment.astimezone(NETHERLANDS).date()


class LeapBirthday(StrEnum):
    """When somebody born on 29 February has a birthday in a year without that day."""

    MARCH_1 = "1 maart"
    FEBRUARY_28 = "28 februari"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Settings for dates, and the holidays of a stretch of years.

    ``holidays`` is complete from ``first`` up to and including ``last``; outside it working days are unknown.
    """

    leap_birthday: LeapBirthday = LeapBirthday.MARCH_1
    holidays: Mapping[date, str] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None

    def add(self, anchor: date, duration: Duration) -> date | Unknown:
        """``anchor`` plus a duration: months first (clamped to the end of the month), then days, then working days.

        Unknown when working days leave the calendar, or when the date leaves the years 1-9999.
        """
        try:
            day = self._add_months(anchor, duration.months) if duration.months else anchor
            if duration.days:
                day += timedelta(days=duration.days)
        except (OverflowError, ValueError):
            return Unknown.because(CauseKind.ARITHMETIC, "datum buiten bereik")
        return self._add_workdays(day, duration.workdays) if duration.workdays else day

    def _add_months(self, anchor: date, months: int) -> date:
        index = anchor.year * 12 + anchor.month - 1 + months
        year, month = index // 12, index % 12 + 1
        if not date.min.year <= year <= date.max.year:
            raise OverflowError
        leap_day = anchor.month == 2 and anchor.day == 29
        if leap_day and months % 12 == 0 and not calendar.isleap(year) and self.leap_birthday is LeapBirthday.MARCH_1:
            return date(year, 3, 1)
        return date(year, month, min(anchor.day, calendar.monthrange(year, month)[1]))

    def years_between(self, start: date, end: date) -> int:
        """Completed years; the same function gives an age."""
        return self.months_between(start, end, step=12) // 12

    def months_between(self, start: date, end: date, step: int = 1) -> int:
        """Completed months, a multiple of ``step``; negative when ``end`` comes before ``start``."""
        if end < start:
            return -self.months_between(end, start, step)
        months = (end.year - start.year) * 12 + end.month - start.month
        rest = months % step
        months -= rest
        # Only in the month of the anniversary itself can it still have to come.
        if rest == 0 and months > 0 and self._add_months(start, months) > end:
            months -= step
        return months

    def is_workday(self, day: date) -> bool | Unknown:
        """Whether a day is no Saturday, Sunday or holiday; unknown outside the calendar."""
        if self.first is None or self.last is None or not self.first <= day <= self.last:
            return Unknown.because(CauseKind.CALENDAR, f"feestdagen {day.year}")
        return day.weekday() < 5 and day not in self.holidays

    def _add_workdays(self, day: date, count: int) -> date | Unknown:
        step = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        while left:
            day += step
            workday = self.is_workday(day)
            if isinstance(workday, Unknown):
                return workday
            left -= workday
        return day

    def next_workday(self, day: date) -> date | Unknown:
        """The day itself when it is a working day, otherwise the first one after it."""
        while True:
            workday = self.is_workday(day)
            if isinstance(workday, Unknown):
                return workday
            if workday:
                return day
            day += timedelta(days=1)

    def workdays_between(self, start: date, end: date) -> int | Unknown:
        """Working days after ``start`` up to and including ``end``."""
        if end < start:
            back = self.workdays_between(end, start)
            return back if isinstance(back, Unknown) else -back
        count = 0
        day = start
        while day < end:
            day += timedelta(days=1)
            workday = self.is_workday(day)
            if isinstance(workday, Unknown):
                return workday
            count += workday
        return count
