# SPDX-License-Identifier: EUPL-1.2
"""The answers worth trying for a fact.

Every choice; for numbers, amounts, dates and texts those around the limits that the rules compare with.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

from engine.language.checks import all_nodes
from engine.model import tree
from engine.model.kinds import Base, Kind
from engine.model.program import Program
from engine.model.values import Dimension, Duration, ListValue, Value

LARGE = 10**9
OTHER_TEXT = "iets anders"
PENSION = 75
"""An age well past every pension age: tried for a date of birth beside the ages that the rules name."""


def answers_of(kind: Kind, found: frozenset[int | date | str], day: date) -> Iterator[Value]:
    """The answers worth trying for a fact of this kind, which rules compare with these limits; ``day`` is the peildatum."""
    limits = frozenset(limit for limit in found if isinstance(limit, int))
    match kind.base:
        case Base.BOOL:
            yield from (True, False)
        case Base.CHOICE:
            yield from kind.choices
        case Base.INT | Base.NUMBER | Base.PERCENTAGE | Base.MONEY:
            yield from sorted({0, LARGE} | {limit + step for limit in limits for step in (-1, 0, 1) if limit + step >= 0})
        case Base.DURATION:
            sizes = sorted({0, 10_000} | {limit + step for limit in limits for step in (-1, 0, 1) if limit + step >= 0})
            yield from (
                Duration(months=n)
                if kind.dimension is Dimension.MONTHS
                else Duration(workdays=n)
                if kind.dimension is Dimension.WORKDAYS
                else Duration(days=n)
                for n in sizes
            )
        case Base.DATE:
            near = {day, day - timedelta(days=1), day - timedelta(days=40), _years_before(day, 2)}
            births = {_years_before(day, age + step) for age in (*limits, PENSION) for step in (-1, 1)} if limits else set()
            named = {limit + timedelta(days=step) for limit in found if isinstance(limit, date) for step in (-1, 0, 1)}
            yield from sorted(near | births | named)
        case Base.TEXT:
            yield from (*sorted(limit for limit in found if isinstance(limit, str)), OTHER_TEXT)
        case Base.LIST:
            yield ListValue(())
        case Base.GROUP:
            yield True


def _years_before(day: date, years: int) -> date:
    year = max(day.year - max(years, 0), 1)
    return date(year, day.month, min(day.day, 28))


def limits_of(program: Program) -> dict[str, frozenset[int | date | str]]:
    """Per fact the literal limits that rules compare it (or an age from it) with; a fraction as the whole numbers around it."""
    found: dict[str, set[int | date | str]] = {}
    for node in all_nodes(program):
        if not isinstance(node, tree.Compare):
            continue
        for side, other in ((node.left, node.right), (node.right, node.left)):
            subject = side.birth if isinstance(side, tree.Age) else side
            if isinstance(subject, tree.FactRef):
                path = subject.path
            elif isinstance(subject, tree.MemberRef):
                path = f"{subject.list}[].{subject.name}"
            else:
                continue
            if isinstance(other, tree.Lit):
                value = other.value
                if isinstance(value, Duration):
                    found.setdefault(path, set()).add(value.size())
                elif isinstance(value, Fraction):
                    found.setdefault(path, set()).update((floor(value), ceil(value)))
                elif isinstance(value, int | date | str) and not isinstance(value, bool):
                    found.setdefault(path, set()).add(value)
    return {path: frozenset(limits) for path, limits in found.items()}
