# SPDX-License-Identifier: EUPL-1.2
"""A case that the solver found, as a claim in the words of the facts, and run through the real engine before it is believed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import z3

from engine.authoring.prove_encode import Encoder
from engine.authoring.prove_facts import Item
from engine.authoring.prove_result import Case, Literals
from engine.authoring.prove_terms import Day, Length, Val
from engine.logic.evaluator import compile_test
from engine.logic.state import State
from engine.model.kinds import Base, Kind
from engine.model.problems import ClaimError
from engine.model.program import Fact, Program
from engine.model.values import GEEN, Duration, ListValue, Value
from engine.passes.intake import read_claim
from engine.rationale.values import plain, show
from engine.rulebook import Compiled, Rulebook

BIRTHDAYS = ("1990-01-01", "2000-01-01", "1970-01-01", "1955-01-01", "2015-01-01")
SUMS = ("0.00", "100.00", "1000.00", "10000.00")


def case_of(encoder: Encoder, model: z3.ModelRef, facts: Iterable[str], outcomes: Iterable[str]) -> Case:
    """The case of a model: the facts that were asked for, in the order of the declarations."""
    return _Reading(encoder, model).case(set(facts), set(outcomes))


def reading(encoder: Encoder, model: z3.ModelRef, value: Val, kind: Kind) -> Value | None:
    """A value as the engine would hold it in the case of a model; None where it is unknown."""
    return _Reading(encoder, model).read(value, kind)


class _Reading:
    def __init__(self, encoder: Encoder, model: z3.ModelRef) -> None:
        self.encoder, self.model, self.program = encoder, model, encoder.program
        self.texts = encoder.texts()
        self.day = self._day(encoder.peildatum)

    def case(self, facts: set[str], outcomes: set[str]) -> Case:
        given: dict[str, Any] = {}
        wanted = facts | {path.partition(".")[0] for path in facts if path.partition(".")[0] in self.program.groups}
        if self.program.version_by:
            wanted.add(self.program.version_by)
        for path, fact in self.program.facts.items():
            if path not in wanted or self._bit(self.encoder.fact(path).unknown):
                continue
            group, _, member = path.partition(".")
            if member and group in self.program.groups:
                if isinstance(given.get(group), dict):
                    given[group][member] = self._given(self.encoder.fact(path), fact)
            elif fact.kind.base is Base.GROUP:
                given[path] = "geen" if self._bit(self.encoder.fact(path).geen) else {}
            elif fact.kind.base is Base.LIST:
                given[path] = "geen" if self._bit(self.encoder.fact(path).geen) else self._list(path)
            else:
                given[path] = self._given(self.encoder.fact(path), fact)
        for key, fact in self.program.decisions.items():
            found = self.encoder.given(f"besluit({key})")
            if found is not None and self._bit(z3.Bool(f"besluit({key}):gegeven")):
                given[key] = {"waarde": self._given(found, fact), "herkomst": "besluit in dit voorbeeld"}
        claim = {"aanspraak": self.program.claim, "peildatum": self.day.isoformat(), "gegevens": given}
        return Case(claim, dict(self._fillings(outcomes)))

    def read(self, value: Val, kind: Kind) -> Value | None:
        """A value of the model."""
        if self._bit(value.unknown):
            return None
        return GEEN if self._bit(value.geen) else self._known(value.term, kind)

    def _list(self, name: str) -> list[dict[str, Any]] | dict[str, Any]:
        items = self._items(name)
        return {"volledig": "nee", "items": items} if self._bit(self.encoder.incomplete(name)) else items

    def _items(self, name: str) -> list[dict[str, Any]]:
        count = int(self._number(self.encoder.length(name)))
        members = self.program.lists[name].members
        return [
            {
                member: self._given(found, fact)
                for member, fact in members.items()
                if (found := self.encoder.given(f"{name}[{index}].{member}")) is not None and not self._bit(found.unknown)
            }
            for index in range(count)
        ]

    def _fillings(self, outcomes: set[str]) -> Iterator[tuple[str, Value]]:
        for key in outcomes:
            for rule in self.encoder.outcomes[key].rules:
                found = self.encoder.given(f"invulling({rule.id})")
                if found is not None and rule.formula is not None and self._bit(z3.Bool(f"invulling({rule.id}):gevuld")):
                    yield rule.id, self._known(found.term, rule.formula.kind)

    def _given(self, value: Val, fact: Fact) -> Any:
        if self._bit(value.geen):
            found: Any = "geen"
        else:
            known = self._known(value.term, fact.kind)
            found = known.size() if isinstance(known, Duration) else plain(known, fact.kind)
            if fact.kind.base is Base.INT:
                found = int(found)
        if not fact.judged:
            return found
        return {
            "waarde": found,
            "door": "voorbeeld",
            "rol": fact.decl.judged_by[0],
            "datum": self.day.isoformat(),
            "reden": "gesteld in dit voorbeeld",
        }

    def _known(self, term: Any, kind: Kind) -> Value:
        if isinstance(term, Day):
            return self._day(term)
        if isinstance(term, Length):
            return Duration(*(int(self._number(part)) for part in (term.months, term.days, term.workdays)))
        if kind.base is Base.BOOL:
            return self._bit(term)
        number = self._number(term)
        if kind.base in (Base.CHOICE, Base.TEXT):
            return self.texts.get(int(number), f"tekst {number}")
        return int(number) if number.denominator == 1 else number

    def _day(self, day: Day) -> date:
        return date(*(int(self._number(part)) for part in (day.year, day.month, day.day)))

    def _bit(self, bit: Any) -> bool:
        return bit if isinstance(bit, bool) else z3.is_true(self.model.eval(bit, model_completion=True))

    def _number(self, term: Any) -> Fraction:
        if isinstance(term, int):
            return Fraction(term)
        found = self.model.eval(term, model_completion=True)
        if z3.is_int_value(found):
            return Fraction(found.as_long())
        if z3.is_algebraic_value(found):
            found = found.approx(20)
        return Fraction(found.numerator_as_long(), found.denominator_as_long())


# --- the engine's word -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ran:
    """A case as the engine took it: the program that decides and the state before any rule has run."""

    compiled: Compiled
    state: State


def taken(rulebook: Rulebook, case: Case) -> Ran | None:
    """The case through the intake of the engine; None when it refuses the claim."""
    try:
        claim, compiled = read_claim(case.claim, rulebook)
    except ClaimError:
        return None
    amounts = rulebook.amounts(compiled.program, claim.version_day)
    return Ran(compiled, State(dict(claim.facts), amounts, case.fillings, rulebook.calendar))


def ran(rulebook: Rulebook, case: Case, keys: Iterable[str]) -> Ran | None:
    """The case with these outcomes run, in the order of the program. Raises :class:`EngineError` where rules clash."""
    found = taken(rulebook, case)
    wanted = set(keys)
    if found is not None:
        for step in found.compiled.quick:
            if step.outcome.key in wanted:
                step.run(found.state)
    return found


def bears_out(found: Ran, literals: Literals, item: Item) -> bool:
    """Whether the engine gives each criterion the truth that it must have, in a case that it has run."""
    state = found.state
    if item is not None:
        rows = state.facts[item[0]]
        if not isinstance(rows, ListValue) or len(rows.items) <= item[1]:
            return False
        state.row, state.index = rows.items[item[1]], item[1]
    return all(compile_test(criterion, found.compiled.program)(state) is wanted for criterion, wanted in literals)


def shortest(case: Case, program: Program, holds: Callable[[Case], bool]) -> Case:
    """The same case with every fact left out that is not needed to show what it shows, and in words."""
    facts: dict[str, Any] = dict(case.claim["gegevens"])

    def tried(changed: Mapping[str, Any]) -> bool:
        return holds(Case({**case.claim, "gegevens": changed}, case.fillings))

    for name in list(facts):
        less = {key: value for key, value in facts.items() if key != name}
        if tried(less):
            facts = less
        elif isinstance(facts[name], dict) and name in program.groups:
            facts = _fewer(facts, name, facts[name], tried)
        elif isinstance(facts[name], list):
            facts = _fewer_items(facts, name, tried)
    facts = _plainer(facts, str(case.claim["peildatum"]), tried)
    claim = {**case.claim, "gegevens": facts}
    return Case(claim, case.fillings, tuple(_lines(claim, program, case.fillings)))


def _fewer(facts: dict[str, Any], name: str, members: dict[str, Any], tried: Callable[[Mapping[str, Any]], bool]) -> dict[str, Any]:
    for member in list(members):
        less = {key: value for key, value in members.items() if key != member}
        if tried({**facts, name: less}):
            members = less
    return {**facts, name: members}


def _fewer_items(facts: dict[str, Any], name: str, tried: Callable[[Mapping[str, Any]], bool]) -> dict[str, Any]:
    rows = list(facts[name])
    for index in reversed(range(len(rows))):
        if tried({**facts, name: rows[:index] + rows[index + 1 :]}):
            rows.pop(index)
    for index, row in enumerate(rows):
        for member in list(row):
            less = {key: value for key, value in rows[index].items() if key != member}
            if tried({**facts, name: [*rows[:index], less, *rows[index + 1 :]]}):
                rows[index] = less
    return {**facts, name: rows}


def _plainer(found: Any, day: str, tried: Callable[[Any], bool]) -> Any:
    """The same facts with values that people write where those do as well: a birthday in 1990, the peildatum, a round sum."""
    if isinstance(found, dict) and "waarde" not in found:
        for key, value in found.items():
            found = {**found, key: _plainer(value, day, _under(found, key, tried))}
    elif isinstance(found, list):
        for index, value in enumerate(found):
            found = [*found[:index], _plainer(value, day, _at(found, index, tried)), *found[index + 1 :]]
    elif isinstance(found, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", found):
        return next((plainer for plainer in (*BIRTHDAYS, day) if plainer != found and tried(plainer)), found)
    elif isinstance(found, str) and re.fullmatch(r"-?\d+\.\d{2}", found):
        return next((plainer for plainer in SUMS if plainer != found and tried(plainer)), found)
    return found


def _under(members: dict[str, Any], key: str, tried: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: tried({**members, key: value})


def _at(rows: list[Any], index: int, tried: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: tried([*rows[:index], value, *rows[index + 1 :]])


def _lines(claim: Mapping[str, Any], program: Program, fillings: Mapping[str, Value]) -> Iterator[str]:
    yield f"peildatum: {claim['peildatum']}"
    for name, value in claim["gegevens"].items():
        whole = not isinstance(value, dict) or "items" not in value
        if not whole:
            yield f"{name}: een lijst die niet volledig is"
            value = value["items"]  # noqa: PLW2901 - what is listed of it
        if isinstance(value, list):
            if not value and whole:
                yield f"{name}: een lege lijst"
            for number, row in enumerate(value, start=1):
                members = ", ".join(f"{member}: {_word(inner)}" for member, inner in row.items())
                yield f"{name}, nummer {number}: {members or 'niets bekend'}"
        elif isinstance(value, dict) and "waarde" not in value:
            if not value:
                yield f"{name}: die is er"
            for member, inner in value.items():
                yield f"{name}.{member}: {_word(inner)}"
        else:
            yield f"{name}: {_word(value)}"
    for rule, value in fillings.items():
        kind = next(found.formula.kind for outcome in program.outcomes for found in outcome.rules if found.id == rule and found.formula)
        yield f"de gemeente vult {rule} in met: {show(value, kind)}"


def _word(value: Any) -> str:
    if isinstance(value, dict):
        value = value["waarde"]
    return {True: "ja", False: "nee"}[value] if isinstance(value, bool) else str(value)
