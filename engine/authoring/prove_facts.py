# SPDX-License-Identifier: EUPL-1.2
"""What a claim gives as z3 terms: every fact a variable of its kind, with what must hold of those variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeAlias

import z3

from engine.authoring.prove_terms import Day, Length, Term, Val, all_of, any_of
from engine.model.kinds import Base, Kind
from engine.model.program import Fact, Program
from engine.passes.values_given import FIRST_DAY, LAST_DAY, OLDEST
from engine.rulebook import Rulebook

Item: TypeAlias = tuple[str, int] | None
"""The list item at hand, as (list, index); without a bound the index is 0, which stands for any item."""

Source: TypeAlias = tuple[str, str]
"""A place where something stays unknown: ``regel`` with an outcome that no rule decides, ``tabel`` with a rule."""

STEP = 10_000
"""Facts that are a bare number or a percentage take steps of one in so many."""
STEPPED = (Base.NUMBER, Base.PERCENTAGE)


@dataclass
class Reach:
    """What lies outside an exact encoding of an outcome and everything below it."""

    lists: set[str] = field(default_factory=set)
    stepped: set[str] = field(default_factory=set)
    vague: set[str] = field(default_factory=set)
    hard: set[str] = field(default_factory=set)

    def __or__(self, other: Reach) -> Reach:
        return Reach(self.lists | other.lists, self.stepped | other.stepped, self.vague | other.vague, self.hard | other.hard)


class Facts:
    """The facts and lists of one program, made on first use and kept; ``only`` as in the encoder."""

    def __init__(self, rulebook: Rulebook, program: Program, bound: int | None, only: Source | None = None) -> None:
        self.rulebook, self.program, self.bound, self.only = rulebook, program, bound, only
        self.leap = rulebook.calendar.leap_birthday
        self.side: dict[str, list[Term]] = {}
        """What must hold of the variables, by the fact or outcome that brings them in."""
        self.reach: dict[str, Reach] = {}
        self._owners: list[str] = ["peildatum"]
        self._facts: dict[str, Val] = {}
        self._texts: dict[str, int] = {}
        self._lengths: dict[str, Term] = {}
        self._fresh = 0
        self.peildatum = self._day_variable("peildatum", "peildatum")
        self._bound_days()

    def _bound_days(self) -> None:
        """The peildatum is a day that a claim may have, and the version day one of this program."""
        day, version = self.peildatum, self.version_day
        self.side["peildatum"] += [day.key >= Day.of(FIRST_DAY).key, day.key <= Day.of(LAST_DAY).key]
        self.side["peildatum"] += [version.key >= Day.of(self.program.valid_from).key, version.key <= Day.of(self.last_day).key]

    @property
    def last_day(self) -> date:
        """The last day of the program, or the last peildatum that a claim may have."""
        until = self.program.valid_until
        return LAST_DAY if until is None else min(LAST_DAY, until - timedelta(days=1))

    @property
    def version_day(self) -> Day:
        """The day whose amounts count."""
        name = self.program.version_by
        found = self.peildatum if name is None else self.fact(name).term
        assert isinstance(found, Day)
        return found

    def _day_variable(self, name: str, owner: str, first: int = FIRST_DAY.year, last: int = LAST_DAY.year) -> Day:
        day = Day(z3.Int(f"{name}:jaar"), z3.Int(f"{name}:maand"), z3.Int(f"{name}:dag"))
        self.side.setdefault(owner, []).append(day.exists(first, last))
        return day

    def fact(self, path: str) -> Val:
        """A fact of the whole case."""
        if path == "peildatum":
            return Val(self.peildatum)
        if path not in self._facts:
            self._facts[path] = self._fact(path)
        return self._facts[path]

    def _fact(self, path: str) -> Val:
        fact = self.program.facts[path]
        group = path.partition(".")[0]
        absent: Term = False
        if group in self.program.groups and group != path:
            absent = self.fact(group).geen
            self.side.setdefault(path, []).extend(self.side.get(group, ()))
        if fact.kind.base is Base.GROUP:
            return Val(True, self._flag(path) if fact.kind.optional else False)
        if fact.kind.base is Base.LIST:
            return Val(True, all_of(self._flag(path), self.length(path) == 0) if fact.kind.optional else False)
        return self._variable(path, fact, path, absent)

    def item_fact(self, item: Item, member: str) -> Val:
        """A member of a list item."""
        assert item is not None
        name, index = item
        path = f"{name}[{index}].{member}"
        if path not in self._facts:
            self._facts[path] = self._variable(path, self.program.lists[name].members[member], name, False)
        return self._facts[path]

    def given(self, path: str) -> Val | None:
        """A fact, list member or filling by its path, if anything that was encoded reads it."""
        return self._facts.get(path)

    def incomplete(self, name: str) -> Term:
        """That the claim says that a list is not complete; every list is."""
        return False

    def _flag(self, path: str) -> Term:
        return z3.Bool(f"{path}:geen")

    def _variable(self, path: str, fact: Fact, owner: str, absent: Term) -> Val:
        kind = fact.kind
        geen = any_of(absent, self._flag(path) if kind.optional else False)
        rules = self.side.setdefault(owner, [])
        match kind.base:
            case Base.BOOL:
                return Val(z3.Bool(path), geen)
            case Base.CHOICE:
                choice = z3.Int(path)
                codes = [self.text(name) for name in kind.choices]
                rules.append(z3.Or(*(choice == code for code in codes)))
                return Val(choice, geen)
            case Base.TEXT:
                text = z3.Int(path)
                rules.append(text >= 0)
                return Val(text, geen)
            case Base.DATE:
                day = self._day_variable(path, owner)
                rules += [day.key >= Day.of(FIRST_DAY).key, day.key <= Day.of(LAST_DAY).key, *self._day_bounds(day, fact)]
                return Val(day, geen)
            case Base.DURATION:
                return Val(self._duration(path, kind, rules), geen)
        return Val(self._number(path, fact, rules), geen)

    def _day_bounds(self, day: Day, fact: Fact) -> Iterator[Term]:
        if fact.past:
            yield day.key <= self.peildatum.key
            yield self.peildatum.year - day.year <= OLDEST
        if isinstance(fact.minimum, date):
            yield day.key >= Day.of(fact.minimum).key
        if isinstance(fact.maximum, date):
            yield day.key <= Day.of(fact.maximum).key

    def _duration(self, path: str, kind: Kind, rules: list[Term]) -> Length:
        count = z3.Int(path)
        rules += [count >= 0, count <= 999_999]
        dimension = str(kind.dimension)
        if dimension == "maanden":
            return Length(count, 0, 0)
        return Length(0, 0, count) if dimension == "werkdagen" else Length(0, count, 0)

    def _number(self, path: str, fact: Fact, rules: list[Term]) -> Term:
        base = fact.kind.base
        counted = base in (Base.MONEY, Base.INT)
        if counted:
            found = z3.ToReal(z3.Int(path))
        elif self.bound is None:
            found = z3.Real(path)
        else:
            found = z3.ToReal(z3.Int(path)) / z3.RealVal(STEP)
        low = fact.lowest
        if isinstance(low, int | Fraction):
            rules.append(found >= z3.RealVal(Fraction(low)))
        if isinstance(fact.maximum, int | Fraction):
            rules.append(found <= z3.RealVal(Fraction(fact.maximum)))
        return found

    def _stays(self, sort: str, key: str = "") -> bool:
        """Whether this source of what stays unknown counts."""
        return self.only is None or self.only == (sort, key)

    def text(self, value: str) -> int:
        """A text or choice as a number; the same everywhere in the program."""
        return self._texts.setdefault(value, len(self._texts))

    def texts(self) -> Mapping[int, str]:
        """The texts by their number."""
        return {number: value for value, number in self._texts.items()}

    def length(self, name: str) -> Term:
        """The number of items of a list of the case."""
        if name not in self._lengths:
            found = self._lengths[name] = z3.Int(f"aantal({name})")
            rules = [found >= 0] if self.bound is None else [found >= 0, found <= self.bound]
            self.side.setdefault(name, []).extend(rules)
        return self._lengths[name]

    # --- notes -----------------------------------------------------------------------------------------------------

    def _name(self, what: str) -> str:
        self._fresh += 1
        return f"{what}#{self._fresh}"

    def _vague(self, what: str) -> None:
        self.reach.setdefault(self._owners[-1], Reach()).vague.add(what)

    def _hard(self, what: str) -> None:
        self.reach.setdefault(self._owners[-1], Reach()).hard.add(what)
