# SPDX-License-Identifier: EUPL-1.2
"""Criteria and values of the typed tree as z3 terms: three-valued and exact, what the engine makes of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import z3

from engine.authoring import prove_terms as terms
from engine.authoring.prove_facts import Facts, Item, Reach, Source
from engine.authoring.prove_terms import Day, Length, Term, Tri, Val, all_of, any_of, choose, no
from engine.language.kinds import parse_literal
from engine.logic.arithmetic import rounded
from engine.model import tree
from engine.model.kinds import Base, Kind
from engine.model.program import Program
from engine.model.values import Duration
from engine.rulebook import Rulebook

NOT_EXACT = {
    "eerstvolgende_werkdag": "werkdagen en feestdagen",
    "werkdagen": "werkdagen en feestdagen",
}


@dataclass(frozen=True)
class Decided:
    """A rule as it was encoded: its own truth, its truth after `gaat voor`, and its value."""

    own: Tri
    holds: Tri
    value: Val | None


class Values(Facts, ABC):
    """The criteria and values of one program, made on first use and kept. What its rules decide, a subclass says."""

    def __init__(self, rulebook: Rulebook, program: Program, bound: int | None, only: Source | None = None) -> None:
        self._criteria: dict[tuple[int, Item], Tri] = {}
        self._values: dict[tuple[int, Item], Val] = {}
        self._counts: dict[Any, Val] = {}
        self._keep: list[Any] = []
        super().__init__(rulebook, program, bound, only)

    @abstractmethod
    def outcome(self, key: str, item: Item = None) -> Val:
        """What rules decide, about the list item at hand where they decide items."""

    @abstractmethod
    def rule(self, key: str, item: Item = None) -> Decided:
        """One rule."""

    # --- criteria --------------------------------------------------------------------------------------------------

    def criterion(self, node: tree.Criterion, item: Item = None) -> Tri:
        """A criterion, about the list item at hand where there is one."""
        key = (id(node), item)
        if key not in self._criteria:
            self._keep.append(node)
            self._criteria[key] = self._criterion(node, item)
        return self._criteria[key]

    def _criterion(self, node: tree.Criterion, item: Item) -> Tri:
        match node:
            case tree.Line(child=child):
                return self.criterion(child, item)
            case tree.Const(value=constant):
                return Tri(constant)
            case tree.And(children=children):
                return terms.conjunction([self.criterion(child, item) for child in children])
            case tree.Or(children=children):
                return terms.disjunction([self.criterion(child, item) for child in children])
            case tree.Not(child=child):
                return terms.negation(self.criterion(child, item))
            case tree.RuleHolds(key=key):
                return self.rule(key, item).holds
            case tree.Truth(value=value):
                found = self.value(value, item)
                return Tri(all_of(no(found.geen), found.term), found.unknown)
            case tree.Compare(op=op, left=left, right=tree.Lit() as limit):
                other = self.value(limit, item)
                return terms.narrowed(self.value(left, item), lambda found: self._compare(op, found, other))
            case tree.Compare(op=op, left=left, right=right):
                return self._compare(op, self.value(left, item), self.value(right, item))
            case tree.OneOf(value=value, choices=choices, negated=negated):
                return terms.narrowed(self.value(value, item), lambda found: self._one_of(found, choices, negated=negated))
            case tree.IsGeen(value=value, negated=negated):
                return terms.narrowed(self.value(value, item), lambda found: Tri(no(found.geen) if negated else found.geen, found.unknown))
            case tree.Present(path=path):
                there = self.fact(path)
                return Tri(no(there.geen), there.unknown)
            case tree.Exists(list=name, where=where):
                return self._some(name, where)
            case tree.ForAll(list=name, where=where):
                return self._every(name, where)

    def _compare(self, op: str, left: Val, right: Val) -> Tri:
        geen = any_of(left.geen, right.geen)
        unknown = all_of(any_of(left.unknown, right.unknown), no(geen))
        return Tri(all_of(no(geen), terms.compared(op, left.term, right.term)), unknown)

    def _one_of(self, found: Val, choices: tuple[str, ...], *, negated: bool) -> Tri:
        among = any_of(*(terms.compared("is", found.term, z3.IntVal(self.text(choice))) for choice in choices))
        return Tri(all_of(no(found.geen), no(among) if negated else among), found.unknown)

    def _items(self, name: str) -> list[tuple[Item, Term]]:
        length = self.length(name)
        return [((name, index), length > index) for index in range(self.bound or 0)]

    def _some(self, name: str, where: tree.Criterion) -> Tri:
        if self.bound is None:
            count = self._free_count(name, where)
            return Tri(count.term > 0, count.unknown)
        found = [(here, self.criterion(where, item)) for item, here in self._items(name)]
        return terms.disjunction([Tri(all_of(here, truth.truth), all_of(here, truth.unknown)) for here, truth in found])

    def _every(self, name: str, where: tree.Criterion) -> Tri:
        if self.bound is None:
            other = where.child if isinstance(where, tree.Not) else tree.Not(where)
            return terms.negation(self._some(name, other))
        found = [(here, self.criterion(where, item)) for item, here in self._items(name)]
        return terms.conjunction([Tri(any_of(no(here), truth.truth), all_of(here, truth.unknown)) for here, truth in found])

    def _free_count(self, name: str, where: tree.Criterion | None) -> Val:
        """A count over a list of any length: a whole number up to the length, and nothing else is known of it."""
        key = (name, where)
        if key not in self._counts:
            length = z3.ToReal(self.length(name))
            if where is None:
                return Val(length)
            unknown = self._may_be_unknown(self.criterion(where, (name, 0)))
            count = z3.ToReal(z3.Int(self._name("aantal")))
            self.side[name] += [count >= 0, count <= length]
            self._counts[key] = Val(count, unknown=unknown)
        return self._counts[key]

    def _may_be_unknown(self, *bits: Tri | Val) -> Term:
        return False if all(bit.unknown is False for bit in bits) else z3.Bool(self._name("onbekend"))

    # --- values ----------------------------------------------------------------------------------------------------

    def value(self, node: tree.Expr, item: Item = None) -> Val:
        """A value node, about the list item at hand where there is one."""
        key = (id(node), item)
        if key not in self._values:
            self._keep.append(node)
            self._values[key] = self._value(node, item)
        return self._values[key]

    def _value(self, node: tree.Expr, item: Item) -> Val:
        match node:
            case tree.Lit(kind=kind, value=literal):
                return self.literal(kind, literal)
            case tree.GeenLit(kind=kind):
                return Val(blank(kind), geen=True, few=())
            case tree.FactRef(path=path):
                return self.fact(path)
            case tree.MemberRef(name=name):
                return self.item_fact(item, name)
            case tree.OutcomeRef(outcome=outcome):
                return self.outcome(outcome)
            case tree.MemberOutcomeRef(outcome=outcome):
                return self.outcome(outcome, item)
            case tree.AmountRef(amount=amount):
                return self._amount(node.kind, amount)
            case tree.FillingRef():
                return self._filling(node, item)
            case tree.Arith(op=op, left=left, right=right):
                return self._arith(op, self.value(left, item), self.value(right, item))
            case tree.Shift():
                return self._shift(self.value(node.date, item), self.value(node.duration, item), node.sign)
            case tree.Span(number=count, unit=unit):
                return self._span(self.value(count, item), unit)
            case tree.Between(unit=unit, start=start, end=end):
                return self._between(unit, self.value(start, item), self.value(end, item))
            case tree.Age(birth=birth, day=day):
                first, last = self.value(birth, item), self.value(day, item)
                return terms.from_known([first, last], lambda: z3.ToReal(_int(terms.years_between(first.term, last.term, self.leap))))
            case tree.Call(function=function, args=args):
                return self._call(function, [self.value(arg, item) for arg in args])
            case tree.Count(list=name, where=where):
                return self._count(name, where)
            case tree.Sum(list=name, value=value, where=where):
                return self._sum(name, value, where)
            case tree.Tally(criteria=criteria):
                found = [(self.criterion(criterion, item), terms.number(1)) for criterion in criteria]
                return _tally(found, tuple(Fraction(count) for count in range(len(criteria) + 1)))
            case tree.TallySum(terms=parts):
                return _tally([(self.criterion(criterion, item), self.value(value, item)) for criterion, value in parts])

    def literal(self, kind: Kind, value: Any) -> Val:
        """A known value of the rule text, an amount or a filling."""
        match kind.base:
            case Base.BOOL:
                return Val(bool(value))
            case Base.DATE:
                return Val(Day.of(value))
            case Base.DURATION:
                return Val(Length.of(value), few=(value,))
            case Base.CHOICE | Base.TEXT:
                return Val(z3.IntVal(self.text(value)))
        return terms.number(value)

    def _amount(self, kind: Kind, name: str) -> Val:
        """An amount: by stretch of the version day, unknown where none was entered."""
        amount = self.program.amounts[name]
        first, last = self.program.valid_from, self.last_day
        days = {first, *(entry.valid_from for entry in amount.series if first < entry.valid_from <= last)}
        until = amount.decl.entered_until
        if until is not None and first < until + timedelta(days=1) <= last:
            days.add(until + timedelta(days=1))
        result: Val | None = None
        for day in sorted(days):
            entry = amount.at(day)
            value = entry.value if entry is not None else None
            here = Val(blank(kind), unknown=True, few=()) if value is None else self.literal(kind, value)
            result = here if result is None else terms.chosen(self.version_day.key >= Day.of(day).key, here, result)
        assert result is not None
        if self._stays("bedrag", name) or result.unknown is True:
            return result if self._stays("bedrag", name) else Val(result.term, few=result.few)
        self.side.setdefault(self._owners[-1], []).append(no(result.unknown))
        return Val(result.term, few=result.few)

    def _filling(self, node: tree.FillingRef, item: Item) -> Val:
        """What a municipality may fill in: any value within the bounds of the law, or nothing."""
        path = f"invulling({node.rule})"
        if path not in self._facts:
            self._facts[path] = self._open_term(path, node)
        filled = z3.Bool(f"{path}:gevuld")
        fallback = (
            self.value(node.fallback, item)
            if node.fallback is not None
            else nothing(node.kind, unknown=self._stays("invulling", node.rule))
        )
        return terms.chosen(filled, self._facts[path], fallback)

    def _open_term(self, path: str, node: tree.FillingRef) -> Val:
        """Any value that the law allows; with short lists a few of them, so that sums with it stay linear."""
        kind, decl = node.kind, self.program.rules[node.rule].decl
        if kind.base is Base.BOOL:
            return Val(z3.Bool(path))
        rules = self.side.setdefault(self._owners[-1], [])
        bounds = (decl.open_to.minimum, decl.open_to.maximum) if decl.open_to is not None else (None, None)
        low, high = (None if text is None else parse_literal(text, kind, decl.kind) for text in bounds)
        if kind.base is Base.DURATION:
            found = self._duration(path, kind, rules)
            rules += [
                terms.compared(op, found, Length.of(bound)) for op, bound in ((">=", low), ("<=", high)) if isinstance(bound, Duration)
            ]
            return Val(found)
        number = z3.Real(path)
        rules += [number >= z3.RealVal(Fraction(low))] if isinstance(low, int | Fraction) else []
        rules += [number <= z3.RealVal(Fraction(high))] if isinstance(high, int | Fraction) else []
        if kind.base in (Base.INT, Base.MONEY):
            rules.append(z3.IsInt(number))
        if self.bound is None:
            return Val(number)
        few = _some_values(kind, low, high)
        rules.append(z3.Or(*(number == z3.RealVal(value) for value in few)))
        self.reach.setdefault(self._owners[-1], Reach()).stepped.add(path)
        return Val(number, few=few)

    def _arith(self, op: str, left: Val, right: Val) -> Val:
        if isinstance(left.term, Length):
            sign = 1 if op == "+" else -1
            few = None
            if left.few is not None and right.few is not None:
                few = terms.together(tuple(a + (b if sign > 0 else -b) for a in left.few for b in right.few))
            return terms.from_known(
                [left, right],
                lambda: Length(*(a + sign * b for a, b in zip(_parts(left.term), _parts(right.term), strict=True))),
                few,
            )
        few = None
        if left.few is not None and right.few is not None:
            results = tuple(_exact(op, a, b) for a in left.few for b in right.few if op != "/" or b != 0)
            few = terms.together(results)
        if op == "/":
            zero = right.term == 0 if self._stays("rekenfout") and (right.few is None or 0 in right.few) else False
            return terms.from_known([left, right], lambda: self._quotient(left, right), few).but_unknown(zero)
        if op == "*":
            return terms.from_known([left, right], lambda: self._product(left, right), few)
        return terms.from_known([left, right], lambda: left.term + right.term if op == "+" else left.term - right.term, few)

    def _product(self, left: Val, right: Val) -> Term:
        for one, other in ((left, right), (right, left)):
            if one.few == ():
                return z3.RealVal(0)
            if one.few:
                return terms.per_value(one, lambda value, other=other: z3.RealVal(value) * other.term)  # type: ignore[misc]
        self._hard("een vermenigvuldiging van twee gegevens")
        return left.term * right.term

    def _quotient(self, left: Val, right: Val) -> Term:
        if right.few is not None and not any(right.few):
            return z3.RealVal(0)
        if right.few:
            usable = Val(right.term, few=tuple(value for value in right.few if value != 0))
            return terms.per_value(usable, lambda value: left.term / z3.RealVal(value))
        self._hard("een deling door een gegeven")
        return left.term / right.term

    def _shift(self, day: Val, duration: Val, sign: int) -> Val:
        if duration.few == ():
            return terms.from_known([day, duration], lambda: day.term)
        if duration.few:
            return self._shifts(day, duration, sign)
        length = duration.term
        return self._landed(day, duration, Length(*(sign * part for part in _parts(length))))

    def _shifts(self, day: Val, duration: Val, sign: int) -> Val:
        """A shift by one of a few known durations."""
        assert duration.few
        result: Val | None = None
        for value in duration.few:
            step = Length.of(value if sign > 0 else -value)
            landed = self._landed(day, duration, step)
            result = landed if result is None else terms.chosen(_equal_length(duration.term, value), landed, result)
        assert result is not None
        return result

    def _landed(self, day: Val, duration: Val, step: Length) -> Val:
        found: Day = day.term if isinstance(step.months, int) and step.months == 0 else terms.months_later(day.term, step.months, self.leap)
        outside = False if _short(step) else any_of(found.year < date.min.year, found.year > date.max.year)
        if not (isinstance(step.days, int) and step.days == 0):
            found, beyond = self._days_later(found, step.days)
            outside = outside if _short(step) else any_of(outside, beyond)
        if not (isinstance(step.workdays, int) and step.workdays == 0):
            found, beyond = self._vague_day("werkdagen")
            outside = any_of(outside, beyond)
        return terms.from_known([day, duration], lambda: found).but_unknown(outside if self._stays("rekenfout") else False)

    def _days_later(self, day: Day, days: Term) -> tuple[Day, Term]:
        """A day some days on: month by month where that is near, otherwise the one day with that number."""
        if isinstance(days, int) and abs(days) <= terms.NEAR:
            return terms.days_later(day, days), False
        landed = Day(*(z3.Int(self._name(part)) for part in ("jaar", "maand", "dag")))
        number = day.number + days
        inside = all_of(number >= 1, number <= date.max.toordinal())
        rules = self.side.setdefault(self._owners[-1], [])
        rules += [landed.exists(date.min.year, date.max.year), any_of(no(inside), landed.number == number)]
        return landed, no(inside)

    def _vague_day(self, what: str) -> tuple[Day, Term]:
        self._vague(NOT_EXACT[what])
        landed = Day(*(z3.Int(self._name(part)) for part in ("jaar", "maand", "dag")))
        self.side.setdefault(self._owners[-1], []).append(landed.exists(date.min.year, date.max.year))
        return landed, z3.Bool(self._name("onbekend"))

    def _span(self, count: Val, unit: Duration) -> Val:
        if count.few is not None and all(value.denominator == 1 for value in count.few):
            few = tuple(Duration(unit.months * int(n), unit.days * int(n), unit.workdays * int(n)) for n in count.few)
            lengths = dict(zip(count.few, few, strict=True))
            return (
                terms.from_known([count], lambda: terms.per_value(count, lambda n: Length.of(lengths[n])), few)
                if few
                else Val(Length.of(Duration()), count.geen, count.unknown)
            )
        whole = z3.ToInt(count.term)
        return terms.from_known([count], lambda: Length(*(part * whole if part else 0 for part in (unit.months, unit.days, unit.workdays))))

    def _between(self, unit: str, start: Val, end: Val) -> Val:
        def term() -> Term:
            first, last = start.term, end.term
            if unit in ("maand", "maanden"):
                return Length(_int(terms.months_between(first, last, self.leap)), 0, 0)
            if unit == "jaar":
                return Length(12 * _int(terms.years_between(first, last, self.leap)), 0, 0)
            days = _int(last.number - first.number)
            if unit in ("week", "weken"):
                return Length(0, z3.If(days >= 0, days / 7, -(-days / 7)) * 7, 0)
            return Length(0, days, 0)

        if unit in ("werkdag", "werkdagen"):
            self._vague(NOT_EXACT["werkdagen"])
            found = Length(0, 0, z3.Int(self._name("werkdagen")))
            beyond = z3.Bool(self._name("onbekend")) if self._stays("kalender") else False
            return terms.from_known([start, end], lambda: found).but_unknown(beyond)
        return terms.from_known([start, end], term)

    def _call(self, function: str, args: list[Val]) -> Val:
        if function in ("laagste", "hoogste", "vroegste", "laatste"):
            return extreme(args, lowest=function in ("laagste", "vroegste"))
        (only,) = args
        if function == "jaar_van":
            return terms.from_known(args, lambda: z3.ToReal(_int(only.term.year)))
        if function == "eerste_dag_van_maand":
            return terms.from_known(args, lambda: Day(only.term.year, only.term.month, 1))
        if function == "eerstvolgende_werkdag":
            day, beyond = self._vague_day(function)
            return terms.from_known(args, lambda: day).but_unknown(beyond if self._stays("kalender") else False)
        raise NotImplementedError(function)

    def _count(self, name: str, where: tree.Criterion | None) -> Val:
        if self.bound is None:
            return self._free_count(name, where)
        found = []
        for item, here in self._items(name):
            truth = self.criterion(where, item) if where is not None else terms.TRUE
            found.append((Tri(all_of(here, truth.truth), all_of(here, truth.unknown)), terms.number(1)))
        return _tally(found, tuple(Fraction(count) for count in range(self.bound + 1)))

    def _sum(self, name: str, value: tree.Expr, where: tree.Criterion | None) -> Val:
        if self.bound is None:
            key = ("som", name, value, where)
            if key not in self._counts:
                each = self.value(value, (name, 0))
                test = self.criterion(where, (name, 0)) if where is not None else terms.TRUE
                self._counts[key] = Val(z3.Real(self._name("som")), unknown=self._may_be_unknown(each, test))
            return self._counts[key]
        found = []
        for item, here in self._items(name):
            truth = self.criterion(where, item) if where is not None else terms.TRUE
            found.append((Tri(all_of(here, truth.truth), all_of(here, truth.unknown)), self.value(value, item)))
        return _tally(found)


def _short(step: Length) -> bool:
    """A duration of the rule text that never leads out of the calendar: less than two centuries."""
    return isinstance(step.months, int) and isinstance(step.days, int) and abs(step.months) < 2_400 and abs(step.days) < 73_000


def _int(term: Term) -> Term:
    return z3.IntVal(term) if isinstance(term, int) else term


def _parts(length: Length) -> tuple[Term, Term, Term]:
    return length.months, length.days, length.workdays


def _exact(op: str, left: Fraction, right: Fraction) -> Fraction:
    operations: Mapping[str, Callable[[], Fraction]] = {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
    }
    return operations[op]()


def _equal_length(length: Length, value: Duration) -> Term:
    return all_of(length.months == value.months, length.days == value.days, length.workdays == value.workdays)


def blank(kind: Kind) -> Term:
    """Some term of a kind, for where there is no value."""
    match kind.base:
        case Base.BOOL | Base.GROUP | Base.LIST:
            return False
        case Base.DATE:
            return Day.of(date(2000, 1, 1))
        case Base.DURATION:
            return Length.of(Duration())
        case Base.CHOICE | Base.TEXT:
            return z3.IntVal(0)
    return z3.RealVal(0)


def nothing(kind: Kind, *, unknown: bool) -> Val:
    """No value: unknown, or any value where that is not what is asked about."""
    few = () if unknown else (Duration(),) if kind.base is Base.DURATION else (Fraction(0),)
    return Val(blank(kind), unknown=unknown, few=few)


def _some_values(kind: Kind, low: Any, high: Any) -> tuple[Fraction, ...]:
    """Some values of an open term, its bounds among them."""
    usual = {Base.PERCENTAGE: (0, Fraction(1, 10), Fraction(1, 2), 1), Base.MONEY: (0, 10_000, 100_000)}.get(kind.base, (0, 1, 2, 6, 12))
    inside = [value for value in usual if (low is None or value >= low) and (high is None or value <= high)]
    found = [Fraction(value) for value in (low, high, *inside) if value is not None]
    return tuple(dict.fromkeys(found))


def extreme(args: list[Val], *, lowest: bool) -> Val:
    """The least or the greatest of some values."""

    def term() -> Term:
        found = args[0].term
        for arg in args[1:]:
            found = choose(terms.compared("<" if lowest else ">", arg.term, found), arg.term, found)
        return found

    return terms.from_known(args, term, terms.together(*(arg.few for arg in args)))


def rounded_to(value: Val, step: Fraction, mode: str) -> Val:
    """A value as a multiple of ``step``."""
    if value.few:
        few = tuple(dict.fromkeys(Fraction(rounded(item, step, mode)) for item in value.few))
        return terms.from_known([value], lambda: terms.per_value(value, lambda item: z3.RealVal(Fraction(rounded(item, step, mode)))), few)
    return terms.from_known([value], lambda: terms.rounded_term(value.term, step, mode))


def _tally(found: list[tuple[Tri, Val]], few: tuple[Any, ...] | None = None) -> Val:
    """A sum of the values whose criterion holds; `geen` and zero add nothing, whatever the criterion."""
    parts: list[Term] = []
    unknown: list[Term] = []
    for truth, value in found:
        counts = all_of(no(value.geen), truth.truth)
        parts.append(choose(counts, value.term, z3.RealVal(0)))
        something = all_of(no(value.geen), any_of(value.unknown, value.term != 0 if truth.unknown is not False else False))
        unknown.append(all_of(no(truth.is_false), any_of(all_of(truth.unknown, something), value.unknown)))
    return Val(terms.total(parts), unknown=any_of(*unknown), few=few)
