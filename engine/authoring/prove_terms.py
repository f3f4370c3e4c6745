# SPDX-License-Identifier: EUPL-1.2
"""Three-valued truths and exact values as z3 terms: the algebra in which a program is put before its cases are searched.

A truth or value is a pair of what it is and whether it is unknown; Python's own ``True`` and ``False`` are folded away,
so that what is always known costs the solver nothing. Dates are year, month and day: their order and whole months are
linear in those, and only what counts days needs the day number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import Any, TypeAlias

import z3

from engine.model.calendar import LeapBirthday
from engine.model.values import Duration

Term: TypeAlias = Any
"""A z3 term, or a Python constant that stands for one."""

FEW = 24
"""Up to so many possible values a number is taken apart case by case, which keeps products and quotients linear."""


def all_of(*bits: Term) -> Term:
    """The conjunction of ja/nee terms."""
    found = [bit for bit in bits if bit is not True]
    if any(bit is False for bit in found):
        return False
    return True if not found else found[0] if len(found) == 1 else z3.And(*found)


def any_of(*bits: Term) -> Term:
    """The disjunction of ja/nee terms."""
    found = [bit for bit in bits if bit is not False]
    if any(bit is True for bit in found):
        return True
    return False if not found else found[0] if len(found) == 1 else z3.Or(*found)


def no(bit: Term) -> Term:
    """The negation of a ja/nee term."""
    return not bit if isinstance(bit, bool) else z3.Not(bit)


@dataclass(frozen=True)
class Tri:
    """A three-valued truth: ``truth`` counts where it is not ``unknown``."""

    truth: Term
    unknown: Term = False

    @cached_property
    def is_true(self) -> Term:
        """That it is certainly true."""
        return all_of(self.truth, no(self.unknown))

    @cached_property
    def is_false(self) -> Term:
        """That it is certainly false."""
        return all_of(no(self.truth), no(self.unknown))

    def wanted(self, value: bool) -> Term:
        """That it is certainly this."""
        return self.is_true if value else self.is_false


TRUE, FALSE = Tri(True), Tri(False)


def conjunction(parts: Sequence[Tri]) -> Tri:
    """Kleene's and: false where one is false, whatever else is unknown."""
    unknown = any_of(*(part.unknown for part in parts))
    refuted = False if unknown is False else any_of(*(part.is_false for part in parts))
    return Tri(all_of(*(part.truth for part in parts)), all_of(unknown, no(refuted)))


def disjunction(parts: Sequence[Tri]) -> Tri:
    """Kleene's or: true where one is true, whatever else is unknown."""
    unknown = any_of(*(part.unknown for part in parts))
    settled = False if unknown is False else any_of(*(part.is_true for part in parts))
    return Tri(any_of(*(part.truth for part in parts)), all_of(unknown, no(settled)))


def negation(part: Tri) -> Tri:
    """Not; an unknown stays unknown."""
    return Tri(no(part.truth), part.unknown)


# --- dates and durations ---------------------------------------------------------------------------------------------

_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


@dataclass(frozen=True)
class Day:
    """A calendar day; a constant day holds plain numbers."""

    year: Term
    month: Term
    day: Term

    @classmethod
    def of(cls, day: date) -> Day:
        """A day of the rule text."""
        return cls(day.year, day.month, day.day)

    @cached_property
    def key(self) -> Term:
        """A number in the order of the days (not one apart)."""
        return self.year * 372 + self.month * 31 + self.day

    @cached_property
    def within_year(self) -> Term:
        """A number in the order of the days of one year."""
        return self.month * 31 + self.day

    @cached_property
    def leap(self) -> Term:
        """Whether its year has a 29 February."""
        return all_of(self.year % 4 == 0, any_of(self.year % 100 != 0, self.year % 400 == 0))

    @cached_property
    def leap_day(self) -> Term:
        """Whether it is a 29 February."""
        return all_of(self.month == 2, self.day == 29)

    @cached_property
    def length(self) -> Term:
        """The number of days of its month."""
        if isinstance(self.month, int):
            fixed = 30 if self.month in (4, 6, 9, 11) else 31
            return choose(self.leap, 29, 28) if self.month == 2 else fixed
        short = z3.Or(*(self.month == month for month in (4, 6, 9, 11)))
        return z3.If(self.month == 2, choose(self.leap, z3.IntVal(29), z3.IntVal(28)), z3.If(short, z3.IntVal(30), z3.IntVal(31)))

    @cached_property
    def number(self) -> Term:
        """The number of the day since the year 1, as :meth:`datetime.date.toordinal` counts."""
        if all(isinstance(part, int) for part in (self.year, self.month, self.day)):
            return date(self.year, self.month, self.day).toordinal()
        past = self.year - 1
        whole = (past / 4 - past / 100 + past / 400) if not isinstance(past, int) else past // 4 - past // 100 + past // 400
        before: Term = z3.IntVal(_BEFORE[-1])
        for month in range(11, 0, -1):
            before = choose(self.month == month, z3.IntVal(_BEFORE[month - 1]), before)
        after_leap_day = choose(all_of(self.month > 2, self.leap), z3.IntVal(1), z3.IntVal(0))
        return past * 365 + whole + before + after_leap_day + self.day

    def exists(self, first: int, last: int) -> Term:
        """That these numbers are a day of these years."""
        return all_of(
            self.year >= first,
            self.year <= last,
            self.month >= 1,
            self.month <= 12,
            self.day >= 1,
            self.day <= 31,
            z3.Implies(z3.Or(*(self.month == month for month in (4, 6, 9, 11))), self.day <= 30),
            z3.Implies(self.month == 2, self.day <= 29),
            z3.Implies(self.leap_day, self.leap),
        )


@dataclass(frozen=True)
class Length:
    """A calendar duration."""

    months: Term
    days: Term
    workdays: Term

    @classmethod
    def of(cls, duration: Duration) -> Length:
        """A duration of the rule text."""
        return cls(duration.months, duration.days, duration.workdays)

    def size(self) -> Term:
        """The length in the one dimension it has, as :meth:`Duration.size` counts."""
        return choose(self.months != 0, self.months, choose(self.days != 0, self.days, self.workdays))


def choose(test: Term, yes: Term, other: Term) -> Term:
    """The one term or the other, part by part for days and durations."""
    if test is True:
        return yes
    if test is False:
        return other
    if isinstance(yes, Day):
        return Day(choose(test, yes.year, other.year), choose(test, yes.month, other.month), choose(test, yes.day, other.day))
    if isinstance(yes, Length):
        return Length(
            choose(test, yes.months, other.months), choose(test, yes.days, other.days), choose(test, yes.workdays, other.workdays)
        )
    if isinstance(yes, int | bool) and isinstance(other, int | bool) and type(yes) is type(other):
        if yes == other:
            return yes
        lift = z3.BoolVal if isinstance(yes, bool) else z3.IntVal
        return z3.If(test, lift(yes), lift(other))
    return z3.If(test, yes, other)


def compared(op: str, left: Term, right: Term) -> Term:
    """The truth of a comparison of two known terms of one kind."""
    if isinstance(left, Day):
        left, right = left.key, right.key
    elif isinstance(left, Length):
        left, right = left.size(), right.size()
    elif z3.is_int_value(left) and z3.is_int_value(right):
        left, right = left.as_long(), right.as_long()
    found = {
        "is": lambda: left == right,
        "is niet": lambda: left != right,
        "<": lambda: left < right,
        "<=": lambda: left <= right,
        ">": lambda: left > right,
        ">=": lambda: left >= right,
    }[op]()
    return bool(found) if isinstance(found, bool) else found


def months_later(day: Day, months: Term, leap_birthday: LeapBirthday) -> Day:
    """A day plus whole months: clamped to the end of the month, with the setting for 29 February."""
    if isinstance(months, int):
        years, rest = divmod(months, 12)
        over = False if rest == 0 else day.month + rest > 12
        year = day.year + years + choose(over, 1, 0)
        month = day.month + rest - choose(over, 12, 0)
        whole_years: Term = rest == 0
    else:
        index = day.year * 12 + day.month - 1 + months
        year, month = index / 12, index % 12 + 1
        whole_years = months % 12 == 0
    landed = Day(year, month, day.day)
    clamped = Day(year, month, choose(day.day > landed.length, landed.length, day.day))
    if leap_birthday is LeapBirthday.MARCH_1:
        march = all_of(day.leap_day, whole_years, no(landed.leap))
        return Day(*(choose(march, part, other) for part, other in ((year, year), (3, month), (1, clamped.day))))
    return clamped


NEAR = 62
"""So many days on are counted month by month, which is easier on the solver than day numbers."""


def days_later(day: Day, days: int) -> Day:
    """A day at most :data:`NEAR` days later or earlier, carried over month by month."""
    found = Day(day.year, day.month, day.day + days)
    for _ in range(abs(days) // 28 + 1):
        if days > 0:
            over = found.day > found.length
            last = choose(found.month == 12, 1, 0)
            following = Day(found.year + last, choose(found.month == 12, 1, found.month + 1), found.day - found.length)
        else:
            over = found.day < 1
            first = choose(found.month == 1, 1, 0)
            before = Day(found.year - first, choose(found.month == 1, 12, found.month - 1), 1)
            following = Day(before.year, before.month, found.day + before.length)
        found = Day(*(choose(over, new, old) for new, old in zip(_day_parts(following), _day_parts(found), strict=True)))
    return found


def _day_parts(day: Day) -> tuple[Term, Term, Term]:
    return day.year, day.month, day.day


def years_between(start: Day, end: Day, leap_birthday: LeapBirthday) -> Term:
    """Completed years, negative when ``end`` comes first: the age on a day."""

    def forward(first: Day, last: Day) -> Term:
        reached = last.within_year >= first.within_year
        if leap_birthday is LeapBirthday.FEBRUARY_28:
            early = all_of(first.leap_day, no(last.leap), last.month == 2, last.day == 28)
            reached = any_of(reached, early)
        return last.year - first.year - choose(reached, 0, 1)

    return choose(end.key >= start.key, forward(start, end), -forward(end, start))


def months_between(start: Day, end: Day, leap_birthday: LeapBirthday) -> Term:
    """Completed months, negative when ``end`` comes first."""

    def forward(first: Day, last: Day) -> Term:
        months = (last.year - first.year) * 12 + last.month - first.month
        reached = any_of(last.day >= first.day, last.day == last.length)
        if leap_birthday is LeapBirthday.MARCH_1:
            reached = all_of(reached, no(all_of(first.leap_day, last.month == 2, no(last.leap))))
        return months - choose(any_of(months == 0, reached), 0, 1)

    return choose(end.key >= start.key, forward(start, end), -forward(end, start))


# --- values ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Val:
    """A value: a term that counts where it is neither ``geen`` nor ``unknown`` (never both).

    ``few`` are all values that the term can have, where they are few: fractions, or durations. ``cases`` are the
    values that are still possible of a choice that rules decide, each with the term that it is.
    """

    term: Term
    geen: Term = False
    unknown: Term = False
    few: tuple[Any, ...] | None = None
    cases: tuple[tuple[Term, Val], ...] = ()

    @property
    def known(self) -> Term:
        """That there is a value."""
        return all_of(no(self.geen), no(self.unknown))

    def but_unknown(self, bit: Term) -> Val:
        """The same value, unknown in more cases."""
        return replace(self, unknown=any_of(self.unknown, all_of(bit, no(self.geen))), cases=())


def number(value: int | Fraction) -> Val:
    """An exact number."""
    found = Fraction(value)
    return Val(z3.RealVal(found), few=(found,))


def chosen(test: Term, yes: Val, other: Val) -> Val:
    """The one value or the other."""
    few = together(yes.few, other.few)
    cases = cases_of([(test, yes), (no(test), other)]) if yes.cases or other.cases else ()
    return Val(choose(test, yes.term, other.term), choose(test, yes.geen, other.geen), choose(test, yes.unknown, other.unknown), few, cases)


def cases_of(candidates: Iterable[tuple[Term, Val]]) -> tuple[tuple[Term, Val], ...]:
    """The values that candidates leave possible: their own cases where they have them, otherwise themselves."""
    found: list[tuple[Term, Val]] = []
    for active, value in candidates:
        parts = ((all_of(active, here), case) for here, case in value.cases) if value.cases else ((active, value),)
        found += [(here, case) for here, case in parts if here is not False]
    return tuple(found)


def narrowed(value: Val, test: Callable[[Val], Tri]) -> Tri:
    """A test on a value; where only some values are still possible it is settled when they all agree."""
    if not value.cases:
        return test(value)
    found = [(here, test(case)) for here, case in value.cases]
    is_true = all_of(*(any_of(no(here), truth.is_true) for here, truth in found))
    is_false = all_of(*(any_of(no(here), truth.is_false) for here, truth in found))
    return Tri(is_true, all_of(no(is_true), no(is_false)))


def together(*found: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
    """All possible values of several, while they are few."""
    if any(few is None for few in found):
        return None
    union = tuple(dict.fromkeys(chain.from_iterable(few or () for few in found)))
    return union if len(union) <= FEW else None


def from_known(parts: Sequence[Val], term: Callable[[], Term], few: tuple[Any, ...] | None = None) -> Val:
    """A value of several: ``geen`` where one is, otherwise unknown where one is."""
    geen = any_of(*(part.geen for part in parts))
    unknown = all_of(any_of(*(part.unknown for part in parts)), no(geen))
    return Val(term(), geen, unknown, few)


def per_value(value: Val, function: Callable[[Any], Term]) -> Term:
    """A term for each of the few values that there can be; the last stands for whatever is left."""
    assert value.few
    *first, last = value.few
    result = function(last)
    for item in reversed(first):
        equal = _equal(value.term, Length.of(item)) if isinstance(item, Duration) else value.term == z3.RealVal(item)
        result = choose(equal, function(item), result)
    return result


def same(left: Val, right: Val) -> Term:
    """That two values, each known or ``geen``, are the same."""
    equal = left.term == right.term if not isinstance(left.term, Day | Length) else _equal(left.term, right.term)
    return any_of(all_of(left.geen, right.geen), all_of(no(left.geen), no(right.geen), equal))


def _equal(left: Day | Length, right: Day | Length) -> Term:
    if isinstance(left, Day):
        return compared("is", left, right)
    assert isinstance(right, Length)
    return all_of(left.months == right.months, left.days == right.days, left.workdays == right.workdays)


def rounded_term(term: Term, step: Fraction, mode: str) -> Term:
    """A multiple of ``step``, as :func:`engine.logic.evaluator.rounded` rounds."""
    quotient = term / z3.RealVal(step)
    half = z3.RealVal(Fraction(1, 2))
    if mode == "omlaag":
        count = z3.ToReal(z3.ToInt(quotient))
    elif mode == "omhoog":
        count = -z3.ToReal(z3.ToInt(-quotient))
    else:
        count = z3.If(quotient < 0, -z3.ToReal(z3.ToInt(half - quotient)), z3.ToReal(z3.ToInt(quotient + half)))
    return count * z3.RealVal(step)


def total(terms: Iterable[Term]) -> Term:
    """A sum of numbers."""
    found = list(terms)
    return z3.Sum(*found) if len(found) > 1 else found[0] if found else z3.RealVal(0)
