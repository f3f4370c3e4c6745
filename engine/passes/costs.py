# SPDX-License-Identifier: EUPL-1.2
"""Costs and benefits of options, as intervals with who pays: an argument with a source, which no door or row reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from engine.language.weights import PriceItem
from engine.model.statements import CostLine


@dataclass(frozen=True, slots=True)
class Interval:
    """Between ``low`` and ``high`` eurocents; negative is a saving."""

    low: Fraction
    high: Fraction

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def below(self, other: Interval) -> bool:
        """Certainly less: the two do not overlap."""
        return self.high < other.low


NONE = Interval(Fraction(0), Fraction(0))


@dataclass(frozen=True, slots=True)
class Costing:
    """What one option costs: its lines with their price items, by payer, and in all. ``cheaper_than``: certainly, by id."""

    option: str
    lines: tuple[tuple[CostLine, PriceItem, Interval], ...]
    payers: Mapping[str, Interval]
    total: Interval
    cheaper_than: tuple[str, ...] = ()


def costings(lines: Iterable[CostLine], items: Mapping[str, PriceItem]) -> tuple[Costing, ...]:
    """The costs of every option that has lines, in the order in which the options are first named."""
    by_option: dict[str, list[tuple[CostLine, PriceItem, Interval]]] = {}
    for line in lines:
        item = items[line.item]
        number = Fraction(line.number)
        cost = Interval(number * item.low, number * item.high)
        if line.direction == "bespaart":
            cost = Interval(-cost.high, -cost.low)
        by_option.setdefault(line.option, []).append((line, item, cost))
    found = {option: _costing(option, rows) for option, rows in by_option.items()}
    return tuple(
        Costing(
            one.option,
            one.lines,
            one.payers,
            one.total,
            tuple(other.option for other in found.values() if other is not one and one.total.below(other.total)),
        )
        for one in found.values()
    )


def _costing(option: str, rows: list[tuple[CostLine, PriceItem, Interval]]) -> Costing:
    payers: dict[str, Interval] = {}
    total = NONE
    for line, item, cost in rows:
        payer = line.payer or item.decl.payer
        payers[payer] = payers.get(payer, NONE) + cost
        total += cost
    return Costing(option, tuple(rows), payers, total)
