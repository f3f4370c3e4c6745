# SPDX-License-Identifier: EUPL-1.2
"""Values as closures: numbers and durations exactly, dates by the calendar; `geen` gives `geen`, an unknown an unknown."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from engine.logic.state import Evaluate, State
from engine.model.values import GEEN, CauseKind, Duration, Number, Unknown, Value, simplest, unknown_of


def known(function: Callable[..., Value], *args: Evaluate) -> Evaluate:
    """Apply a function to values that are all known; `geen` gives `geen`, an unknown an unknown."""
    if len(args) == 1:
        only = args[0]

        def evaluate_one(s: State) -> Value:
            value = only(s)
            return value if value is GEEN or type(value) is Unknown else function(s, value)

        return evaluate_one
    if len(args) == 2:
        left, right = args

        def evaluate_two(s: State) -> Value:
            a, b = left(s), right(s)
            if a is GEEN or b is GEEN:
                return GEEN
            if type(a) is Unknown or type(b) is Unknown:
                return unknown_of((a, b))
            return function(s, a, b)

        return evaluate_two

    def evaluate(s: State) -> Value:
        values = [arg(s) for arg in args]
        unknown = False
        for value in values:
            if value is GEEN:
                return GEEN
            if type(value) is Unknown:
                unknown = True
        return unknown_of(values) if unknown else function(s, *values)

    return evaluate


def arith(op: str, left: Evaluate, right: Evaluate) -> Evaluate:
    """``+``, ``-``, ``*`` or ``/`` of numbers, durations, or a date and a duration; a division by zero is unknown."""
    if op == "/":
        return known(_divide, left, right)
    function: Callable[[Any, Any], Value] = {"+": operator.add, "-": _minus, "*": operator.mul}[op]

    def calculated(_: State, a: Any, b: Any) -> Value:
        result = function(a, b)
        return simplest(result) if type(result) is Fraction else result

    return known(calculated, left, right)


def _minus(left: Any, right: Any) -> Any:
    return left + -right if isinstance(left, Duration) else left - right


def _divide(_: State, left: Number, right: Number) -> Value:
    if right == 0:
        return Unknown.because(CauseKind.ARITHMETIC, "deling door nul")
    return simplest(Fraction(left) / Fraction(right))


def span(number: Evaluate, unit: Duration) -> Evaluate:
    """So many of a unit of time."""
    return known(lambda s, n: Duration(unit.months * n, unit.days * n, unit.workdays * n), number)


def _days(_: State, start: date, end: date) -> Value:
    return Duration(days=(end - start).days)


def _weeks(_: State, start: date, end: date) -> Value:
    days = (end - start).days
    return Duration(days=(days // 7 if days >= 0 else -(-days // 7)) * 7)


def _months(s: State, start: date, end: date) -> Value:
    return Duration(months=s.calendar.months_between(start, end))


def _years(s: State, start: date, end: date) -> Value:
    return Duration(months=12 * s.calendar.years_between(start, end))


def _workdays(s: State, start: date, end: date) -> Value:
    count = s.calendar.workdays_between(start, end)
    return count if isinstance(count, Unknown) else Duration(workdays=count)


BETWEEN: Mapping[str, Callable[..., Value]] = {
    "dag": _days,
    "dagen": _days,
    "week": _weeks,
    "weken": _weeks,
    "maand": _months,
    "maanden": _months,
    "jaar": _years,
    "werkdag": _workdays,
    "werkdagen": _workdays,
}


def size(value: Any) -> Any:
    """What a value is ordered by."""
    return value.size() if isinstance(value, Duration) else value


FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "laagste": lambda s, *values: min(values, key=size),
    "hoogste": lambda s, *values: max(values, key=size),
    "vroegste": lambda s, *values: min(values),
    "laatste": lambda s, *values: max(values),
    "jaar_van": lambda s, day: day.year,
    "eerste_dag_van_maand": lambda s, day: day.replace(day=1),
    "eerstvolgende_werkdag": lambda s, day: s.calendar.next_workday(day),
}


def rounded(number: Number, step: Number, mode: str) -> Number:
    """A multiple of ``step``: ``half`` rounds half away from zero, ``omlaag`` and ``omhoog`` towards -inf and +inf."""
    quotient = Fraction(number) / Fraction(step)
    if mode == "omlaag":
        count = quotient.numerator // quotient.denominator
    elif mode == "omhoog":
        count = -(-quotient.numerator // quotient.denominator)
    else:
        sign = -1 if quotient < 0 else 1
        whole = abs(quotient) + Fraction(1, 2)
        count = sign * (whole.numerator // whole.denominator)
    return simplest(Fraction(count) * Fraction(step))
