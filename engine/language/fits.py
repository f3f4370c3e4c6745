# SPDX-License-Identifier: EUPL-1.2
"""Which kinds go together: what can be compared, added or multiplied, and what a bare number beside another value means."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from engine.model import tree
from engine.model.kinds import DATE, INT, NUMBER, PERCENTAGE, Base, Kind, duration
from engine.model.values import Dimension, Duration, simplest

UNITS: dict[str, Duration] = {
    "dag": Duration(days=1),
    "dagen": Duration(days=1),
    "week": Duration(days=7),
    "weken": Duration(days=7),
    "maand": Duration(months=1),
    "maanden": Duration(months=1),
    "jaar": Duration(months=12),
    "werkdag": Duration(workdays=1),
    "werkdagen": Duration(workdays=1),
}


def dimension_of(unit: Duration) -> Dimension:
    """The dimension in which one unit counts."""
    return Dimension.MONTHS if unit.months else Dimension.DAYS if unit.days else Dimension.WORKDAYS


def same_period(left: Kind, right: Kind) -> bool:
    """Whether two amounts count per the same period, or one of them per none."""
    return left.per is None or right.per is None or left.per == right.per


def alike(left: Kind, right: Kind) -> bool:
    """Whether two kinds can be compared or stand in for each other."""
    if left.base is Base.MONEY and right.base is Base.MONEY:
        return same_period(left, right)
    if left.base is Base.DURATION and right.base is Base.DURATION:
        return left.dimension is right.dimension and left.dimension is not Dimension.MIXED
    if left.base is Base.CHOICE and right.base is Base.CHOICE:
        return bool(set(left.choices) & set(right.choices))
    if left.base in (Base.INT, Base.NUMBER) and right.base in (Base.INT, Base.NUMBER):
        return True
    return left.base is right.base


def unlike_remedy(left: Kind, right: Kind) -> str:
    """What to write where two kinds do not go together; empty where there is no general advice."""
    bases = {left.base, right.base}
    if bases == {Base.MONEY} and left.per != right.per:
        return f"Het ene is per {left.per}, het andere per {right.per}: reken ze eerst naar hetzelfde tijdvak."
    if Base.DURATION in bases and Base.INT in bases:
        return "Schrijf de eenheid erbij, bijvoorbeeld `28 dagen`."
    if bases == {Base.CHOICE, Base.TEXT}:
        return "Schrijf een keuze zonder aanhalingstekens."
    if Base.PERCENTAGE in bases:
        return "Schrijf een percentage met `%`."
    return ""


def as_money(left: tree.Expr, right: tree.Expr) -> tuple[tree.Expr, tree.Expr]:
    """Two sides of which a bare number beside money is money."""
    if left.kind.base is Base.MONEY:
        return left, to_kind(right, left.kind)
    if right.kind.base is Base.MONEY:
        return to_kind(left, right.kind), right
    return left, right


def to_kind(node: tree.Expr, kind: Kind) -> tree.Expr:
    """A bare number beside money is money, in euros; anything else stays what it is."""
    if isinstance(node, tree.Lit) and node.kind.base in (Base.INT, Base.NUMBER) and kind.base is Base.MONEY:
        value = node.value
        assert isinstance(value, int | Fraction)
        return tree.Lit(kind.required(), simplest(value * 100))
    if isinstance(node, tree.Lit) and node.kind.base is Base.INT and kind.base in (Base.NUMBER, Base.PERCENTAGE) and node.value == 0:
        return tree.Lit(kind.required(), 0)
    return node


def unify(nodes: list[tree.Expr]) -> list[tree.Expr]:
    """Give bare numbers the kind of the other values beside them."""
    kind = next((node.kind for node in nodes if node.kind.base is Base.MONEY), None)
    kind = kind or next((node.kind for node in nodes if not isinstance(node, tree.Lit)), nodes[0].kind)
    return [to_kind(node, kind) for node in nodes]


def common_kind(kinds: list[Kind]) -> Kind:
    """The kind that holds all of these, which are alike."""
    first = next((kind for kind in kinds if kind.base is Base.MONEY and kind.per), kinds[0])
    if first.base is Base.INT and any(kind.base is Base.NUMBER for kind in kinds):
        first = NUMBER
    if first.base is Base.CHOICE:
        first = replace(first, choices=tuple(dict.fromkeys(choice for kind in kinds for choice in kind.choices)))
    return replace(first, optional=any(kind.optional for kind in kinds))


def product(op: str, left: Kind, right: Kind) -> Kind | None:
    """The kind of a product or quotient; None where the two cannot be multiplied or divided."""
    money_left, money_right = left.base is Base.MONEY, right.base is Base.MONEY
    if op == "/":
        if money_left and money_right:
            return NUMBER if same_period(left, right) else None
        if money_left and right.numeric:
            return left
        if left.numeric and right.numeric:
            return PERCENTAGE if left.base is Base.PERCENTAGE and right.base is not Base.PERCENTAGE else NUMBER
        return None
    if money_left and money_right:
        return None
    if (money_left and right.numeric) or (money_right and left.numeric):
        return left if money_left else right
    if left.numeric and right.numeric:
        if Base.PERCENTAGE in (left.base, right.base):
            return PERCENTAGE
        return INT if left.base is right.base is Base.INT else NUMBER
    return None


def shift(left: tree.Expr, right: tree.Expr, sign: int, *, optional: bool) -> tree.Expr:
    """One addition from the anchor: durations that follow each other are added first."""
    kind = replace(DATE, optional=optional)
    if isinstance(left, tree.Shift):
        both = left.sign * sign
        mixed = tree.Arith(duration(Dimension.MIXED), "+" if both > 0 else "-", left.duration, right)
        return tree.Shift(kind, left.date, mixed, left.sign)
    return tree.Shift(kind, left, right, sign)
