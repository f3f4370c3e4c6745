# SPDX-License-Identifier: EUPL-1.2
"""Random programs: typed trees over a fixed set of facts, as strategies of hypothesis.

A fact is named after its kind and, with ``_of_geen``, may be ``geen``. Outcomes are made in order and read earlier ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from hypothesis import strategies as st

from engine.model import tree
from engine.model.kinds import BOOL, DATE, INT, NUMBER, TEXT, Base, Kind, duration, money
from engine.model.program import Program, Rung, SecondPass
from engine.model.values import Dimension, Duration

T = TypeVar("T")

EUROS = money("maand")
MONTHS = duration(Dimension.MONTHS)
DAYS = duration(Dimension.DAYS)
COLOUR = Kind(Base.CHOICE, choices=("rood", "groen", "blauw"))
KINDS: Mapping[str, Kind] = {
    "ja_nee": BOOL,
    "geheel": INT,
    "getal": NUMBER,
    "bedrag": EUROS,
    "datum": DATE,
    "maanden": MONTHS,
    "dagen": DAYS,
    "kleur": COLOUR,
    "tekst": TEXT,
}
CASE_FACTS = {
    **{f"{name}{number}": kind for name, kind in KINDS.items() for number in (1, 2)},
    **{f"{name}_of_geen": replace(kind, optional=True) for name, kind in KINDS.items()},
    **{f"partner.{name}": replace(kind, optional=True) for name, kind in KINDS.items()},
}
MEMBERS = {**KINDS, "bedrag_of_geen": replace(EUROS, optional=True)}
LISTS = ("lijst1", "lijst2")
AMOUNTS = ("norm", "grens")
FILLING = "open.term"
PARTNER = "partner"
OPERATORS = ("is", "is niet", "<", "<=", ">", ">=")
ORDERED = frozenset({Base.INT, Base.NUMBER, Base.MONEY, Base.DATE, Base.DURATION})
UNITS = {Dimension.MONTHS: Duration(months=1), Dimension.DAYS: Duration(days=1)}


@dataclass
class Known:
    """What a tree may read at the place where it stands."""

    outcomes: dict[str, Kind] = field(default_factory=dict)
    item_outcomes: dict[tuple[str, str], Kind] = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)
    item_rules: list[tuple[str, str]] = field(default_factory=list)
    powers: list[str] = field(default_factory=list)


class Trees:
    """Draws nodes; ``inside`` is the list whose item is at hand."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any], known: Known) -> None:
        self.draw, self.known = draw, known
        self.inside: str | None = None

    def pick(self, options: list[Callable[[], T]]) -> T:
        chosen: Callable[[], T] = self.draw(st.sampled_from(options))
        return chosen()

    def one_of(self, items: Any) -> Any:
        return self.draw(st.sampled_from(list(items)))

    def number(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    # --- values --------------------------------------------------------------------------------------------------

    def value(self, kind: Kind, depth: int) -> tree.Expr:
        options: list[Callable[[], tree.Expr]] = [lambda: self.literal(kind), lambda: self.reference(kind)]
        if depth > 0:
            options += self.compound(kind, depth - 1)
        return self.pick(options)

    def literal(self, kind: Kind) -> tree.Expr:
        match kind.base:
            case Base.BOOL:
                return tree.Lit(kind, self.draw(st.booleans()))
            case Base.NUMBER:
                return tree.Lit(kind, Fraction(self.number(-4, 8), self.number(1, 3)))
            case Base.MONEY:
                return tree.Lit(kind, self.one_of([0, 1, 5000, 141946, 200213]))
            case Base.DATE:
                return tree.Lit(kind, self.one_of([date(1999, 7, 15), date(2008, 2, 29), date(2026, 1, 31), date(2026, 7, 15)]))
            case Base.DURATION:
                return tree.Lit(kind, _times(kind, self.number(0, 14)))
            case Base.CHOICE:
                return tree.Lit(kind, self.one_of(kind.choices))
            case Base.TEXT:
                return tree.Lit(kind, self.one_of(["x", "y"]))
        return tree.Lit(kind, self.number(0, 3))

    def reference(self, kind: Kind) -> tree.Expr:
        same: list[tree.Expr] = [tree.FactRef(k, path) for path, k in CASE_FACTS.items() if k.required() == kind]
        decided: list[tree.Expr] = [tree.OutcomeRef(k, key) for key, k in self.known.outcomes.items() if k == kind]
        if kind == BOOL:
            same += [tree.FactRef(BOOL, path) for path in self.known.powers]
        if kind == EUROS:
            same += [tree.AmountRef(EUROS, name) for name in AMOUNTS]
        if kind == INT:
            same += [tree.FillingRef(INT, FILLING, None), tree.FillingRef(INT, FILLING, tree.Lit(INT, 2))]
        if self.inside is not None:
            place = self.inside
            near: list[tree.Expr] = [tree.MemberRef(k, place, name) for name, k in MEMBERS.items() if k.required() == kind]
            near += [
                tree.MemberOutcomeRef(k, place, key) for (where, key), k in self.known.item_outcomes.items() if where == place and k == kind
            ]
            if near and self.draw(st.booleans()):
                same = near
        if decided and self.draw(st.booleans()):
            same = decided
        chosen: tree.Expr = self.one_of(same)
        return chosen

    def compound(self, kind: Kind, depth: int) -> list[Callable[[], tree.Expr]]:
        def two(k: Kind = kind) -> tuple[tree.Expr, tree.Expr]:
            return self.value(k, depth), self.value(k, depth)

        def call(name: str) -> tree.Expr:
            args = two()
            return tree.Call(_optional(kind, *args), name, args)

        def arith(op: str, left: tree.Expr, right: tree.Expr) -> tree.Expr:
            return tree.Arith(_optional(kind, left, right), op, left, right)

        def total(value: tree.Expr | None, name: str) -> tree.Expr:
            where = self.in_list(name, depth) if self.draw(st.booleans()) else None
            return tree.Count(INT, name, where) if value is None else tree.Sum(kind, name, value, where)

        def terms() -> tuple[tuple[tree.Criterion, tree.Expr], ...]:
            return tuple((self.criterion(depth), self.value(kind, depth)) for _ in range(self.number(1, 3)))

        plus_minus = lambda: arith(self.one_of("+-"), *two())  # noqa: E731
        extremes = lambda: call(self.one_of(["laagste", "hoogste"]))  # noqa: E731
        match kind.base:
            case Base.INT:
                found = [
                    lambda: arith("*", *two()),
                    lambda: total(None, self.one_of(LISTS)),
                    lambda: tree.Tally(INT, tuple(self.criterion(depth) for _ in range(self.number(1, 3)))),
                    lambda: self.age(depth),
                ]
                return [plus_minus, extremes, *found] if self.inside is None else [plus_minus, extremes, found[0], found[3]]
            case Base.NUMBER:
                return [plus_minus, extremes, lambda: arith("/", *two()), lambda: arith("/", *two(EUROS)), lambda: arith("*", *two())]
            case Base.MONEY:
                scaled = [lambda: arith("*", self.value(NUMBER, depth), self.value(kind, depth))]
                if self.inside is None:
                    scaled += [
                        lambda: self.sum(kind, depth),
                        lambda: tree.TallySum(kind, terms()),
                    ]
                return [plus_minus, extremes, *scaled]
            case Base.DATE:
                return [
                    lambda: call(self.one_of(["vroegste", "laatste"])),
                    lambda: self.shift(depth),
                    lambda: self.shift(depth),
                    lambda: self.workday(depth),
                ]
            case Base.DURATION:
                return [plus_minus, extremes, lambda: self.span(kind, depth), lambda: self.between(kind, depth)]
        return []

    def sum(self, kind: Kind, depth: int) -> tree.Expr:
        name = self.one_of(LISTS)
        where = self.in_list(name, depth) if self.draw(st.booleans()) else None
        before, self.inside = self.inside, name
        value = self.value(kind, depth)
        self.inside = before
        return tree.Sum(kind, name, value, where)

    def age(self, depth: int) -> tree.Expr:
        birth, day = self.value(DATE, depth), self.value(DATE, depth)
        return tree.Age(_optional(INT, birth, day), birth, day)

    def shift(self, depth: int) -> tree.Expr:
        day, length = self.value(DATE, depth), self.value(self.one_of([MONTHS, DAYS]), depth)
        return tree.Shift(_optional(DATE, day, length), day, length, self.one_of([1, -1]))

    def workday(self, depth: int) -> tree.Expr:
        day = self.value(DATE, depth)
        return tree.Call(_optional(DATE, day), "eerstvolgende_werkdag", (day,))

    def span(self, kind: Kind, depth: int) -> tree.Expr:
        number = self.value(INT, depth)
        assert kind.dimension is not None
        return tree.Span(_optional(kind, number), number, UNITS[kind.dimension])

    def between(self, kind: Kind, depth: int) -> tree.Expr:
        start, end = self.value(DATE, depth), self.value(DATE, depth)
        unit = self.one_of(["maanden", "jaar"] if kind.dimension is Dimension.MONTHS else ["dagen", "weken"])
        return tree.Between(_optional(kind, start, end), unit, start, end)

    # --- criteria ------------------------------------------------------------------------------------------------

    def criterion(self, depth: int) -> tree.Criterion:
        options: list[Callable[[], tree.Criterion]] = [lambda: self.atom(depth)]
        if depth > 0:
            options += [
                lambda: tree.And(self.several(depth - 1)),
                lambda: tree.Or(self.several(depth - 1)),
                lambda: tree.And(self.several(depth - 1)),
                lambda: tree.Or(self.several(depth - 1)),
                lambda: tree.Not(self.criterion(depth - 1)),
                lambda: tree.Line("een regel", self.criterion(depth - 1), 3),
            ]
        return self.pick(options)

    def several(self, depth: int) -> tuple[tree.Criterion, ...]:
        return tuple(self.criterion(depth) for _ in range(self.one_of([2, 3, 4, 1, 0])))

    def in_list(self, name: str, depth: int) -> tree.Criterion:
        before, self.inside = self.inside, name
        found = self.criterion(depth)
        self.inside = before
        return found

    def atom(self, depth: int) -> tree.Criterion:
        options: list[Callable[[], tree.Criterion]] = [
            lambda: tree.Truth(self.reference(BOOL)),
            lambda: tree.Truth(self.reference(BOOL)),
            lambda: self.compare(max(depth - 1, 0)),
            lambda: tree.OneOf(self.reference(COLOUR), self.some_colours(), self.draw(st.booleans())),
            lambda: tree.IsGeen(self.optional(), self.draw(st.booleans())),
            lambda: tree.Present(PARTNER),
            lambda: tree.Const(self.draw(st.booleans())),
        ]
        if self.known.rules:
            options += [lambda: tree.RuleHolds(self.one_of(self.known.rules))] * 2
        here = [key for where, key in self.known.item_rules if where == self.inside]
        if here:
            options.append(lambda: tree.RuleHolds(self.one_of(here)))
        if self.inside is None:
            options += [lambda: self.quantified(max(depth - 1, 0))] * 2
        return self.pick(options)

    def quantified(self, depth: int) -> tree.Criterion:
        name = self.one_of(LISTS)
        kind = self.one_of([tree.Exists, tree.ForAll])
        found: tree.Criterion = kind(name, self.in_list(name, depth))
        return found

    def compare(self, depth: int) -> tree.Criterion:
        kind = self.one_of([*KINDS.values(), INT, EUROS])
        operators = OPERATORS if kind.base in ORDERED else OPERATORS[:2]
        return tree.Compare(self.one_of(operators), self.value(kind, depth), self.value(kind, depth))

    def some_colours(self) -> tuple[str, ...]:
        return tuple(self.draw(st.lists(st.sampled_from(COLOUR.choices), min_size=1, max_size=2, unique=True)))

    def optional(self) -> tree.Expr:
        found: tree.Expr = self.one_of([tree.FactRef(kind, path) for path, kind in CASE_FACTS.items() if kind.optional])
        return found

    # --- rules ---------------------------------------------------------------------------------------------------

    def boolean_outcome(self, key: str, place: str | None) -> tree.Outcome:
        rules = tuple(self.rule(f"{key}.r{number}", key, place, None) for number in range(self.number(1, 3)))
        return tree.Outcome(key, key, BOOL, rules, None, place)

    def value_outcome(self, key: str, place: str | None) -> tree.Outcome:
        kind = self.one_of([INT, EUROS, NUMBER, DATE, COLOUR])
        rules: list[tree.Rule] = []
        for number in range(self.number(1, 3)):
            aside = tuple(rule.key for rule in rules if self.draw(st.booleans()))
            rule = self.rule(f"{key}.r{number}", key, place, self.formula(kind))
            rules.append(replace(rule, sets_aside=aside))
        if self.draw(st.booleans()):
            rules[0] = replace(rules[0], otherwise=self.literal(kind))
        return tree.Outcome(key, key, kind, tuple(rules), None, place)

    def rule(self, key: str, outcome: str, place: str | None, formula: tree.Formula | None) -> tree.Rule:
        power = f"keuze({key})" if self.number(0, 4) == 0 else None
        exceptions = tuple(self.criterion(1) for _ in range(self.number(0, 2)))
        if power is not None:
            self.known.powers.append(power)
        return tree.Rule(key, key, outcome, self.criterion(3), exceptions, power, formula, list=place)

    def formula(self, kind: Kind) -> tree.Formula:
        forms: list[Callable[[], tree.Formula]] = [
            lambda: tree.Formula(kind, expression=self.value(kind, 2)),
            lambda: tree.Formula(kind, table=self.rows(kind)),
        ]
        if kind in (EUROS, INT):
            forms.append(lambda: tree.Formula(kind, tiers_over=self.reference(INT), tiers=self.tiers(kind)))
        formula = self.pick(forms)
        if kind.base in (Base.INT, Base.MONEY, Base.NUMBER):
            if self.draw(st.booleans()):
                formula = replace(formula, rounding=(self.one_of([1, 2, 100]), self.one_of(["half", "omlaag", "omhoog"])))
            if self.draw(st.booleans()):
                formula = replace(formula, at_most=self.value(kind, 0))
            if self.draw(st.booleans()):
                formula = replace(formula, at_least=self.value(kind, 0))
        return formula

    def rows(self, kind: Kind) -> tuple[tree.Row, ...]:
        rows = [tree.Row(self.criterion(1), self.value(kind, 1)) for _ in range(self.number(1, 3))]
        return (*rows, tree.Row(tree.Const(True), self.literal(kind))) if self.draw(st.booleans()) else tuple(rows)

    def tiers(self, kind: Kind) -> tuple[tree.Tier, ...]:
        limits = [tree.Lit(INT, 1), self.reference(INT)][: self.number(0, 2)]
        limited = [tree.Tier(limit, self.value(kind, 0)) for limit in limits]
        return (*limited, tree.Tier(None, self.value(kind, 0)))


def _times(kind: Kind, number: int) -> Duration:
    return Duration(months=number) if kind.dimension is Dimension.MONTHS else Duration(days=number)


def _optional(kind: Kind, *parts: tree.Expr) -> Kind:
    return replace(kind, optional=any(part.kind.optional for part in parts))


@st.composite
def programs(draw: Callable[[st.SearchStrategy[Any]], Any], most_outcomes: int = 8) -> Program:
    """A program of two to ``most_outcomes`` outcomes of every sort, with a ladder."""
    known = Known()
    trees = Trees(draw, known)
    outcomes = []
    for number in range(draw(st.integers(2, most_outcomes))):
        key = f"u{number}"
        sort = draw(st.sampled_from(["ja/nee", "waarde", "ja/nee", "ja/nee per item", "waarde per item"]))
        trees.inside = draw(st.sampled_from(LISTS)) if sort.endswith("item") else None
        make = trees.boolean_outcome if sort.startswith("ja/nee") else trees.value_outcome
        outcome = make(key, trees.inside)
        outcomes.append(outcome)
        _remember(known, outcome)
        trees.inside = None
    rungs = [Rung(f"trede{number}", trees.criterion(2)) for number in range(draw(st.integers(0, 3)))]
    return program_of(tuple(outcomes), (*rungs, Rung("anders", tree.Const(True))))


def _remember(known: Known, outcome: tree.Outcome) -> None:
    keys = [rule.key for rule in outcome.rules]
    if outcome.list is None:
        known.outcomes[outcome.key] = outcome.kind
        known.rules += keys
    else:
        known.item_outcomes[outcome.list, outcome.key] = outcome.kind
        known.item_rules += [(outcome.list, key) for key in keys]


def program_of(outcomes: tuple[tree.Outcome, ...], ladder: tuple[Rung, ...] = ()) -> Program:
    """A program with these outcomes and nothing else."""
    return Program(
        claim="toets/toets",
        title="toets",
        sort="beschikking",
        law="toets",
        valid_from=date(2026, 1, 1),
        valid_until=None,
        versions=(),
        facts={},
        lists={},
        groups={},
        composed={},
        amounts={},
        outcomes=outcomes,
        rules={},
        grounds=(),
        ladder=ladder,
        second=SecondPass(),
        laws={},
        origins={},
    )
