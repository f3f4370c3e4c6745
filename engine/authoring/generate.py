# SPDX-License-Identifier: EUPL-1.2
"""Plausible, fictitious claims: seeded, byte for byte the same again, and with every result of the ladder among them.

A household is built by asking: what the outcome still waits for is answered, one fact at a time, with an answer from the
declaration of the fact or from around the limits that the rules compare with, and so that the result aimed at stays
possible. Facts that nobody would ask stay out. The other versions of the same claim are asked too, so that a claim can
be laid beside a change of law. Later claims are variations on the households before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from engine.language.checks import names_used
from engine.logic.state import State
from engine.model.claim import Given, Standing
from engine.model.kinds import Base, Kind
from engine.model.problems import EngineError, Place, Problem, RulesError, nearest
from engine.model.program import Fact
from engine.model.values import GEEN, Dimension, Duration, ListValue, Value
from engine.passes.complete import complete_facts
from engine.passes.explore import Explorer, explorer
from engine.passes.first import ASKABLE, read_ladder, run
from engine.passes.paths import fact_at
from engine.rationale.values import plain
from engine.rulebook import Compiled, Rulebook

HOUSEHOLDS = 200
"""How many households are built by asking; the claims after them vary on these."""
_QUESTIONS = 250
_TRIES = 12
_ATTEMPTS = 4
_EURO = 100
_SCALE: Mapping[str, int] = {"dag": 100, "week": 600, "maand": 2_500, "jaar": 12_000, "eenmalig": 15_000}
_WORDS = {Dimension.DAYS: "dagen", Dimension.MONTHS: "maanden", Dimension.WORKDAYS: "werkdagen"}
Facts = dict[str, Value]


def generate(
    book: Rulebook, claim: str, day: date, count: int, seed: int, *, incomplete: float = 0.1, municipality: str | None = None
) -> Iterator[dict[str, Any]]:
    """Claims as a caller writes them. ``incomplete`` is the share from which facts are left out.

    Raises :class:`RulesError` for something that cannot be claimed, or not yet on that day.
    """
    if claim not in book.programs:
        known = nearest(claim, book.programs)
        raise RulesError([Problem("TS-W02", Place(claim), f"`{claim}` is niet iets dat wordt aangevraagd.", known)])
    compiled = book.program(claim, day)
    if compiled is None:
        first = book.programs[claim][0].program.valid_from
        raise RulesError([Problem("TS-B05", Place(claim), f"Op {day} gelden er nog geen regels voor `{claim}`.", f"Pas vanaf {first}.")])
    return _claims(_Maker(book, compiled, day, municipality), claim, count, seed, incomplete)


def _claims(maker: _Maker, claim: str, count: int, seed: int, incomplete: float) -> Iterator[dict[str, Any]]:
    households: list[Facts] = []
    for number in range(count):
        random = Random(f"{seed}:{number}")
        if number < HOUSEHOLDS:
            facts = maker.household(number, random)
            households.append(facts)
        else:
            facts = maker.varied(random.choice(households), random)
        if number >= len(maker.results) and random.random() < incomplete:
            facts = maker.thinned(facts, random)
        data: dict[str, Any] = {"aanspraak": claim, "peildatum": maker.day.isoformat()}
        if maker.municipality is not None:
            data["gemeente"] = maker.municipality
        yield {**data, "gegevens": maker.written(facts)}


@dataclass(frozen=True)
class _Version:
    """One program to ask, with the values that hold on a day in it."""

    compiled: Compiled
    tries: Explorer
    day: date


class _Maker:
    """Builds the facts of one claim after another."""

    def __init__(self, book: Rulebook, compiled: Compiled, day: date, municipality: str | None) -> None:
        self.book, self.compiled, self.program, self.day, self.municipality = book, compiled, compiled.program, day, municipality
        self.results = [rung.result for rung in self.program.ladder]
        others = [found for found in book.programs[self.program.claim] if found is not compiled]
        self.versions = [_Version(compiled, explorer(compiled), day)]
        self.versions += [_Version(found, explorer(found), found.program.valid_from) for found in others]
        self.known = set(self.program.facts).intersection(*(found.program.facts for found in others))
        self.used = set().union(*(names_used(version.compiled.program) for version in self.versions))
        self.amounts = self._amounts()

    def _amounts(self) -> dict[str | None, list[int]]:
        """The amounts of the law on the day, by their period."""
        found: dict[str | None, list[int]] = {}
        for amount in self.program.amounts.values():
            entry = amount.at(self.day)
            if amount.kind.base is Base.MONEY and entry is not None and isinstance(entry.value, int):
                found.setdefault(amount.kind.per, []).append(entry.value)
        return found

    # --- a household -------------------------------------------------------------------------------------------------

    def household(self, number: int, random: Random) -> Facts:
        """Facts that lead to one of the results of the ladder, the last of them most often."""
        size = len(self.results)
        aim = self.results[number] if number < size else random.choices(self.results, [1] * (size - 1) + [max(size - 1, 1)])[0]
        present: Facts = {}
        for name in self.program.groups:
            optional = self.program.facts[name].kind.optional
            present[name] = GEEN if optional and (number + number // size) % 2 == 0 else True
        facts = dict(present)
        for _ in range(_ATTEMPTS):
            facts = dict(present)
            if self._ask(self.versions[0], facts, aim, random) == {aim}:
                break
        for version in self.versions:
            self._ask(version, facts, None, random)
        return facts

    def _ask(self, version: _Version, facts: Facts, aim: str | None, random: Random) -> set[str]:
        """Answer what the outcome waits for until it stands, or until nobody can answer what is left: what is then possible."""
        state = self._state(version, facts)
        passed: set[str] = set()
        possible: set[str] = set()
        for _ in range(_QUESTIONS):
            verdict = read_ladder(version.compiled, state)
            possible = {rung.result for rung in verdict.possible}
            open_paths = sorted({cause.ref for cause in verdict.causes if cause.kind in ASKABLE and self._may(cause.ref)} - passed)
            if not open_paths or (aim is not None and aim not in possible):
                return possible
            path = random.choice(open_paths)
            fact = fact_at(version.compiled.program, path)
            found = self._answer(version, state, path, self.candidates(path, fact, random), aim)
            if found is None:
                passed.add(path)
                continue
            state, facts[path] = found
        return possible

    def _may(self, path: str) -> bool:
        return path in self.known

    def _state(self, version: _Version, facts: Facts) -> State:
        program = version.compiled.program
        given = {path: Given(path, value, Standing.GIVEN) for path, value in facts.items() if path in program.facts}
        complete, _ = complete_facts(version.compiled, given, self.day)
        amounts, filled = self.book.amounts(program, version.day), self.book.filled(self.municipality, version.day)
        state = State(complete, amounts, filled, self.book.calendar)
        run(version.compiled.quick, state)
        return state

    @staticmethod
    def _answer(version: _Version, state: State, path: str, candidates: list[Value], aim: str | None) -> tuple[State, Value] | None:
        """The first answer that keeps the aim possible; otherwise any; None where no answer is without a contradiction."""
        fallback = None
        for value in candidates[:_TRIES]:
            try:
                tried = version.tries.tried(state, path, value)
                possible = {rung.result for rung in read_ladder(version.compiled, tried).possible}
            except EngineError:
                continue
            fallback = fallback or (tried, value)
            if aim is None or aim in possible:
                return tried, value
        return fallback

    # --- answers -----------------------------------------------------------------------------------------------------

    def candidates(self, path: str, fact: Fact, random: Random) -> list[Value]:
        """Plausible answers to a fact, in random order."""
        found = self._values(path, fact.kind, random)
        found = [value for value in found if _within(value, fact)]
        if fact.kind.optional:
            found.insert(0, GEEN)
        random.shuffle(found)
        return list(dict.fromkeys(found)) if fact.kind.base is not Base.LIST else found

    def _values(self, path: str, kind: Kind, random: Random) -> list[Value]:
        limits = sorted(limit for limit in self.versions[0].tries.limits(path) if isinstance(limit, int))
        match kind.base:
            case Base.BOOL:
                return [True, False]
            case Base.CHOICE:
                return list(random.sample(kind.choices, len(kind.choices)))
            case Base.MONEY:
                return self._money(kind, limits, random)
            case Base.INT | Base.NUMBER:
                return [0, *_near(limits, random), random.randint(0, max([12, *limits]))]
            case Base.PERCENTAGE:
                return [Fraction(random.randint(0, 100), 100), Fraction(random.randint(0, 20), 20)]
            case Base.DURATION:
                numbers = [0, *_near(limits, random), random.randint(0, max([12, *limits]))]
                return [_duration(number, kind.dimension) for number in numbers]
            case Base.DATE:
                return self._dates(path, limits, random)
            case Base.TEXT:
                named = [limit for limit in self.versions[0].tries.limits(path) if isinstance(limit, str)]
                return [*sorted(named), "fictief"]
            case Base.LIST:
                return [ListValue(()), *(self._list(path, size, random) for size in (1, random.randint(1, 3)))]
        return [True]

    def _money(self, kind: Kind, limits: list[int], random: Random) -> list[Value]:
        scale = _SCALE.get(kind.per or "", 1_000)
        near = [limit + random.choice((-1, 0, 1)) for limit in self.amounts.get(kind.per, ())]
        around = [random.choice(near)] if near else []
        return [0, random.randint(1, scale) * _EURO, random.randint(0, scale // 4) * _EURO, *around, *_near(limits, random)]

    def _dates(self, path: str, limits: list[int], random: Random) -> list[Value]:
        if path.rsplit(".", 1)[-1] == "geboortedatum":
            item = "[" in path
            low, high = (0, max([25, *limits]) + 5) if item else (min([20, *limits]) - 1, 70)
            ages = [random.randint(max(low, 0), high), random.randint(max(low, 0), high)]
            ages += [max(limit + random.choice((-1, 0)), 0) for limit in random.sample(limits, min(2, len(limits)))]
            return [self._born(age, random) for age in ages]
        named = [limit for limit in self.versions[0].tries.limits(path) if isinstance(limit, date)]
        back = [random.randint(0, 6), random.randint(7, 60), random.randint(61, 900)]
        return [*(self.day - timedelta(days=days) for days in back), *named]

    def _born(self, age: int, random: Random) -> date:
        """A day of birth that makes somebody this old on the day."""
        last = date(self.day.year - age, self.day.month, min(self.day.day, 28))
        return last - timedelta(days=random.randint(0, 364))

    def _list(self, path: str, size: int, random: Random) -> ListValue:
        described = self.program.lists[path]
        members = {name: fact for name, fact in described.members.items() if f"{described.group}/{name}" in self.used}
        return ListValue(
            tuple({name: self.candidates(f"{path}[0].{name}", fact, random)[0] for name, fact in members.items()} for _ in range(size))
        )

    # --- variations --------------------------------------------------------------------------------------------------

    def varied(self, facts: Facts, random: Random) -> Facts:
        """The same household with other amounts and dates, and now and then another answer."""
        found = dict(facts)
        for path, value in facts.items():
            if path in self.program.groups or value is GEEN:
                continue
            fact = fact_at(self.program, path)
            if random.random() < _chance(fact.kind.base):
                if path.endswith("geboortedatum") and isinstance(value, date):
                    found[path] = min(value + timedelta(days=random.randint(-900, 900)), self.day)
                else:
                    found[path] = self.candidates(path, fact, random)[0]
        return found

    def thinned(self, facts: Facts, random: Random) -> Facts:
        """The same with up to three facts left out."""
        single = sorted(path for path in facts if path not in self.program.groups)
        left_out = set(random.sample(single, min(random.randint(1, 3), len(single))))
        return {path: value for path, value in facts.items() if path not in left_out}

    # --- as JSON -----------------------------------------------------------------------------------------------------

    def written(self, facts: Facts) -> dict[str, Any]:
        """Facts as a caller writes them, in the order of the declarations."""
        result: dict[str, Any] = {}
        for path in self.program.facts:
            if path not in facts:
                continue
            value, fact = facts[path], self.program.facts[path]
            group, _, member = path.partition(".")
            if path in self.program.groups:
                result[path] = "geen" if value is GEEN else {}
            elif group in self.program.groups:
                if isinstance(result.get(group), dict):
                    result[group][member] = self._fact(value, fact)
            elif isinstance(value, ListValue):
                members = self.program.lists[path].members
                result[path] = [{name: self._fact(inner, members[name]) for name, inner in item.items()} for item in value.items]
            else:
                result[path] = self._fact(value, fact)
        return result

    def _fact(self, value: Value, fact: Fact) -> Any:
        text = _text(value, fact.kind)
        if not fact.judged:
            return text
        role = fact.decl.judged_by[0]
        return {"waarde": text, "door": "fictief", "rol": role, "datum": self.day.isoformat(), "reden": "gegenereerd, niet echt"}


def _text(value: Value, kind: Kind) -> Any:
    if isinstance(value, Duration):
        return f"{value.size()} {_WORDS[kind.dimension or Dimension.DAYS]}"
    return plain(value, kind)


def _near(limits: list[int], random: Random) -> list[int]:
    return [max(limit + random.choice((-1, 0, 1)), 0) for limit in random.sample(limits, min(2, len(limits)))]


def _duration(number: int, dimension: Dimension | None) -> Duration:
    if dimension is Dimension.MONTHS:
        return Duration(months=number)
    return Duration(workdays=number) if dimension is Dimension.WORKDAYS else Duration(days=number)


def _within(value: Value, fact: Fact) -> bool:
    """Whether a value keeps the bounds of its declaration."""
    low, high = fact.minimum, fact.maximum
    if isinstance(value, date):
        return not (isinstance(low, date) and value < low) and not (isinstance(high, date) and value > high)
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        return True
    return not (isinstance(low, int | Fraction) and value < low) and not (isinstance(high, int | Fraction) and value > high)


def _chance(base: Base) -> float:
    """How often a variation has another answer: what differs from person to person most often."""
    if base in (Base.MONEY, Base.DATE):
        return 0.5
    return 0.2 if base in (Base.LIST, Base.INT, Base.NUMBER, Base.DURATION) else 0.02


__all__ = ["HOUSEHOLDS", "generate"]
