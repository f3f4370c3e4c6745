# SPDX-License-Identifier: EUPL-1.2
"""What a law declares unreachable, put to z3: whether some claim, complete or not, gives a criterion or rule that state.

That none does is proved over lists of any length and every value. A claim that is found is run through the engine
before it counts. Only rules, their criteria, values and rows are within reach; amounts and doors are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import z3

from engine.authoring import coverage, prove_terms as terms
from engine.authoring.coverage import CRITERION, ROW, VALUE, Point, Unreachable
from engine.authoring.prove_case import case_of, shortest, taken
from engine.authoring.prove_encode import Encoder
from engine.authoring.prove_facts import Item
from engine.authoring.prove_open import OpenEncoder
from engine.authoring.prove_result import Case, Status, Verdict
from engine.authoring.prove_terms import Term, Tri, all_of, any_of, no
from engine.model import tree
from engine.model.problems import EngineError
from engine.model.program import Program
from engine.passes.first import run
from engine.rulebook import Compiled, Rulebook

BOUND = 2
EFFORT = 1_500_000
"""What z3 does in a second, about, in its own unit."""
NOT_RULES = "alleen regels, criteria, waarden en rijen worden bewezen, bedragen en deuren niet"
NOT_CONFIRMED = "z3 vindt een zaak, maar de motor geeft daarin iets anders"
LONGER = f"geen zaak gevonden met hoogstens {BOUND} per lijst; langere lijsten zijn niet beslist"


_Answer: TypeAlias = tuple[Status, str, Case | None]


@dataclass(frozen=True)
class _Place:
    """Where a point can be reached: a rule of a program, for one person or for an item of a list."""

    point: Point
    outcome: tree.Outcome
    rule: tree.Rule

    @property
    def item(self) -> Item:
        """The item that stands for any, where the rule decides items."""
        return (self.outcome.list, 0) if self.outcome.list else None


def verdict(rulebook: Rulebook, law: str, entry: Unreachable, state: str, seconds: float) -> Verdict:
    """What z3 says of one state of a declaration in the ``dekking.yaml`` of a law; ``seconds`` bounds one question."""
    version = entry.version.isoformat() if entry.version is not None else None
    status, reason, case = _Asked(rulebook, law, entry, state, seconds).answer()
    return Verdict(law, (entry.what, entry.part, version), state, status, reason, case, entry.reason if entry.proof else None)


def _places(program: Program, law: str, entry: Unreachable, state: str) -> Iterator[_Place]:
    for outcome in program.outcomes:
        for rule in outcome.rules:
            info = program.rules.get(rule.id)
            if info is not None and rule.id == entry.what:
                for point, states in coverage.points_of_rule(rule, info.place):
                    if entry.covers(law, point) and state in states:
                        yield _Place(point, outcome, rule)


class _Asked:
    """One state of one declaration."""

    def __init__(self, rulebook: Rulebook, law: str, entry: Unreachable, state: str, seconds: float) -> None:
        self.rulebook, self.law, self.entry, self.state, self.seconds = rulebook, law, entry, state, seconds

    def answer(self) -> _Answer:
        """Never where it is proved for every program in which the point stands."""
        doubt: _Answer | None = None
        asked = False
        for compileds in self.rulebook.programs.values():
            for compiled in compileds:
                if found := list(_places(compiled.program, self.law, self.entry, self.state)):
                    asked = True
                    answer = self._in_program(compiled, found)
                    if answer[0] is Status.REACHED:
                        return answer
                    doubt = doubt or (answer if answer[0] is Status.OPEN else None)
        return doubt or ((Status.NEVER, "", None) if asked else (Status.OPEN, NOT_RULES, None))

    def _in_program(self, compiled: Compiled, places: list[_Place]) -> _Answer:
        wide = OpenEncoder(self.rulebook, compiled.program, None)
        term = any_of(*(self._term(wide, place) for place in places))
        if self._check(term, ()) == z3.unsat or self._check(term, _rules(wide)) == z3.unsat:
            return Status.NEVER, "", None
        short = OpenEncoder(self.rulebook, compiled.program, BOUND)
        term = any_of(*(self._term(short, place) for place in places))
        found = self._check(term, _rules(short))
        if not isinstance(found, z3.ModelRef):
            return Status.OPEN, LONGER if found == z3.unsat else f"niet beslist binnen {self.seconds:g} seconden", None
        case = case_of(short, found, *short.read())
        points = {place.point for place in places}

        def holds(tried: Case) -> bool:
            return self._reaches(tried, compiled, points)

        if not holds(case):
            return Status.OPEN, NOT_CONFIRMED, None
        return Status.REACHED, "", shortest(case, compiled.program, holds)

    def _check(self, term: Term, rules: Sequence[Term]) -> z3.CheckSatResult | z3.ModelRef:
        if term is False:
            return z3.unsat
        solver = z3.Solver()
        solver.set(rlimit=int(self.seconds * EFFORT), timeout=int(self.seconds * 6000))
        solver.add(*rules, *([] if term is True else [term]))
        found = solver.check()
        return solver.model() if found == z3.sat else found

    def _reaches(self, case: Case, compiled: Compiled, points: set[Point]) -> bool:
        """Whether the engine, given the case, comes by one of the points in this state."""
        found = taken(self.rulebook, case)
        if found is None or found.compiled is not compiled:
            return False
        try:
            run(compiled.traced, found.state)
        except EngineError:
            return False
        return any(point in points and state == self.state for point, state in coverage.reached_by_rules(compiled, found.state))

    # --- the state as a term ---------------------------------------------------------------------------------------

    def _term(self, encoder: OpenEncoder, place: _Place) -> Term:
        item, point = place.item, place.point
        there = all_of(encoder.length(item[0]) > 0, no(encoder.fact(item[0]).unknown)) if item is not None else True
        if point.sort == CRITERION:
            return all_of(there, any_of(*self._lines(encoder, place)))
        if point.sort == ROW:
            return all_of(there, _row(encoder, place, int(point.part) - 1))
        if point.sort == VALUE:
            decided = encoder.decided(place.outcome, item)[place.rule.key]
            assert decided.value is not None
            return all_of(there, decided.holds.is_true, no(decided.value.unknown))
        return all_of(there, _is(encoder.criterion(place.rule.criterion(), item), self.state))

    def _lines(self, encoder: OpenEncoder, place: _Place) -> Iterator[Term]:
        """The written lines of the point, each where the engine comes by it."""
        rule, item = place.rule, place.item
        rows = rule.formula.table if rule.formula is not None else ()
        reached: Term = True
        for criterion in (rule.applies, *rule.exceptions):
            yield from self._written(encoder, place, criterion, reached)
        if rows:
            reached = no(_holds(encoder, place).is_false)
        for row in rows:
            yield from self._written(encoder, place, row.when, reached)
            reached = all_of(reached, no(encoder.criterion(row.when, item).is_true))

    def _written(self, encoder: OpenEncoder, place: _Place, criterion: tree.Criterion, reached: Term) -> Iterator[Term]:
        for line in coverage.lines_of(criterion):
            if (line.line, line.text) == (place.point.line, place.point.part):
                yield all_of(reached, _is(encoder.criterion(line, place.item), self.state))


def _is(truth: Tri, state: str) -> Term:
    return {"waar": truth.is_true, "onwaar": truth.is_false, "onbekend": truth.unknown}[state]


def _holds(encoder: Encoder, place: _Place) -> Tri:
    """The truth of a rule that gives a value, after the rules that go before it."""
    own = encoder.criterion(place.rule.criterion(), place.item)
    first = [encoder.criterion(other.criterion(), place.item) for other in place.outcome.rules if place.rule.key in other.sets_aside]
    return terms.conjunction([own, terms.negation(terms.disjunction(first))]) if first else own


def _row(encoder: Encoder, place: _Place, number: int) -> Term:
    """That a row is certainly the one: it fits, and none before it does."""
    assert place.rule.formula is not None
    *before, row = place.rule.formula.table[: number + 1]
    passed = (encoder.criterion(other.when, place.item).is_false for other in before)
    return all_of(_holds(encoder, place).is_true, *passed, encoder.criterion(row.when, place.item).is_true)


def _rules(encoder: Encoder) -> list[Term]:
    """What must hold of everything that was encoded: of the facts, and that no two rules give different values."""
    found = [term for side in (*encoder.side.values(), *encoder.agree.values()) for term in side]
    return [term for term in found if term is not True]
