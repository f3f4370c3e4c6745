# SPDX-License-Identifier: EUPL-1.2
"""The search: each question goes to z3, first over short lists (a case found is a case), then over lists of any length.

One case often answers many questions, so each case that is found is held against every question that is still open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import z3

from engine.authoring.prove_case import bears_out, case_of, ran, shortest
from engine.authoring.prove_encode import Encoder, Item, Reach, Source
from engine.authoring.prove_questions import Question, Texts, questions_of, questions_of_ladder
from engine.authoring.prove_result import Answer, Case, Hole, Literals, Status
from engine.authoring.prove_terms import Term, all_of, any_of, no
from engine.model import tree
from engine.model.problems import EngineError
from engine.model.program import Program
from engine.model.values import Cause, CauseKind, ListValue, Unknown
from engine.passes.first import ASKABLE, read_ladder
from engine.rationale.values import show
from engine.rulebook import Compiled, Rulebook

EFFORT = 1_500_000
"""What z3 does in a second, about, in its own unit: with it a question ends the same way on a busy machine."""
NOT_CONFIRMED = "niet bevestigd: de motor geeft in de gevonden zaak iets anders"


@dataclass
class _Cone:
    """What questions rest on, with a solver for short lists and one for lists of any length."""

    outcomes: set[str]
    facts: set[str]
    agreeing: set[str]
    solvers: dict[bool, z3.Solver]
    source: Source | None = None


class Search:
    """Questions about one program. ``seconds`` bounds each call of the solver, ``bound`` the items of a list."""

    def __init__(self, rulebook: Rulebook, compiled: Compiled, bound: int, seconds: float) -> None:
        self.rulebook, self.compiled, self.program = rulebook, compiled, compiled.program
        self.bound, self.seconds = bound, seconds
        self.short = Encoder(rulebook, self.program, bound)
        self.texts = Texts(rulebook, self.program)
        self.version = stretch(self.program)
        self._encoders: dict[tuple[bool, Source | None], Encoder] = {(False, None): self.short}
        self.asked = 0

    def _encoder(self, cone: _Cone, *, any_length: bool) -> Encoder:
        """The encoding in which a cone is asked about, made when it is first needed; one of those with a source is kept."""
        key = (any_length, cone.source)
        if key not in self._encoders:
            kept = {other: found for other, found in self._encoders.items() if other[1] in (None, cone.source)}
            self._encoders = {**kept, key: Encoder(self.rulebook, self.program, None if any_length else self.bound, cone.source)}
        return self._encoders[key]

    # --- what is asked -----------------------------------------------------------------------------------------------

    def outcome(self, key: str, known: frozenset[Any]) -> Iterator[Answer]:
        """The questions about the rules of an outcome that are not answered yet."""
        yield from self.answers([question for question in questions_of(self.short.outcomes[key], self.texts) if question.key not in known])

    def ladder(self, known: frozenset[Any]) -> Iterator[Answer]:
        """The questions about the ladder that are not answered yet."""
        yield from self.answers([question for question in questions_of_ladder(self.program, self.texts) if question.key not in known])

    def holes(self, key: str) -> Iterator[Hole]:
        """The clashes and gaps of an outcome."""
        outcome = self.short.outcomes[key]
        yield from self.clashes(outcome)
        yield from self.gaps(outcome)

    # --- asking ----------------------------------------------------------------------------------------------------

    def _cone(self, nodes: Iterable[tree.Node], keys: Iterable[str], but: str | None = None, source: Source | None = None) -> _Cone:
        """``but`` names an outcome whose rules may clash: that is what is asked. ``source`` as in the encoder."""
        outcomes, facts = self.short.cone(nodes, keys)
        return _Cone(outcomes, facts, outcomes - {but}, {}, source)

    def _check(self, cone: _Cone, term: Term, *, any_length: bool = False) -> z3.CheckSatResult | bool:
        """Whether a term can hold: sat (the model is in the solver), unsat or unknown."""
        if term is False:
            return z3.unsat
        solver = self._solver(cone, any_length=any_length)
        self.asked += 1
        solver.push()
        if term is not True:
            solver.add(term)
        found = solver.check()
        if found == z3.sat:
            self._model = solver.model()
        solver.pop()
        return found

    def _solver(self, cone: _Cone, *, any_length: bool) -> z3.Solver:
        if any_length not in cone.solvers:
            encoder = self._encoder(cone, any_length=any_length)
            solver = cone.solvers[any_length] = z3.Solver()
            solver.set(rlimit=int(self.seconds * EFFORT), timeout=int(self.seconds * 6000))
            for key in sorted(cone.outcomes):
                outcome = encoder.outcomes[key]
                encoder.outcome(key, (outcome.list, 0) if outcome.list else None)
            rules = encoder.constraints(cone.outcomes, cone.facts)
            rules += [clash for key in sorted(cone.agreeing) for clash in encoder.agree.get(key, ()) if clash is not True]
            solver.add(*rules)
        return cone.solvers[any_length]

    def _term(self, literals: Literals, item: Item, encoder: Encoder | None = None) -> Term:
        encoder = encoder or self.short
        here = encoder.length(item[0]) > item[1] if item is not None else True
        return all_of(here, *(encoder.criterion(node, item).wanted(value) for node, value in literals))

    # --- questions that should be answered yes ---------------------------------------------------------------------

    def answers(self, questions: list[Question]) -> Iterator[Answer]:
        """Each question with whether some case makes it so; where none does, with the nearest case."""
        if not questions:
            return
        cone = self._cone([node for question in questions for node, _ in question.literals], ())
        items: list[Item] = [(question.list, 0) if question.list else None for question in questions]
        terms = [self._term(question.literals, item) for question, item in zip(questions, items, strict=True)]
        self._solver(cone, any_length=False)
        limits = self.short.limits(cone.outcomes, cone.facts)
        left = set(range(len(questions)))
        for number, question in enumerate(questions):
            if number not in left:
                continue
            left.discard(number)
            found = self._check(cone, terms[number])
            if found == z3.sat and not limits.vague:
                reached = {number} | {other for other in left if self._holds(terms[other])}
                left -= reached
                for other in sorted(reached):
                    yield self._answer(questions[other], Status.REACHED)
            elif found == z3.sat:
                case = case_of(self.short, self._model, cone.facts, cone.outcomes)
                sure = self._confirmed(case, cone, question.literals, items[number])
                yield self._answer(question, Status.REACHED) if sure else self._answer(question, Status.OPEN, _inexact(limits))
            else:
                yield self._not_found(question, items[number], cone, limits, found)

    def _holds(self, term: Term) -> bool:
        return term is True or (term is not False and z3.is_true(self._model.eval(term, model_completion=True)))

    def _answer(self, question: Question, status: Status, reason: str = "", case: Case | None = None) -> Answer:
        return Answer(question.part, question.wanted, status, reason, case, version=self.version)

    def _not_found(self, question: Question, item: Item, cone: _Cone, limits: Reach, found: object) -> Answer:
        """No case with short lists: proved only when lists of any length and every number have none either."""
        if found == z3.unsat and (limits.lists or limits.stepped):
            found = self._check(cone, self._term(question.literals, item, self._encoder(cone, any_length=True)), any_length=True)
            if found == z3.sat:
                return self._answer(question, Status.OPEN, self._longer(limits))
        if found != z3.unsat:
            return self._answer(question, Status.OPEN, self._too_long(limits))
        return self._answer(question, Status.NEVER, case=self._nearest(question, item, cone))

    def _longer(self, limits: Reach) -> str:
        if limits.lists:
            lists = ", ".join(sorted(limits.lists))
            return f"geen zaak gevonden met hoogstens {self.bound} per lijst ({lists}); langere lijsten zijn niet beslist"
        return f"geen zaak gevonden met gangbare waarden voor {', '.join(sorted(limits.stepped))}; andere zijn niet beslist"

    def _too_long(self, limits: Reach) -> str:
        reason = f"niet beslist binnen {self.seconds:g} {'seconde' if self.seconds == 1 else 'seconden'}"
        return f"{reason}: {', '.join(sorted(limits.hard))}" if limits.hard else reason

    def _nearest(self, question: Question, item: Item, cone: _Cone) -> Case | None:
        """A case in which the context holds and the part itself does not, or as much of that as there is."""
        context = list(question.context)
        if not context and isinstance(question.itself, tree.RuleHolds):
            context = self._all_but_one(question.itself.key, item, cone)
        literals = (*context, (question.itself, not question.wanted))
        if self._check(cone, self._term(literals, item)) != z3.sat:
            return None
        case = case_of(self.short, self._model, cone.facts, cone.outcomes)
        return self._shown(case, lambda tried: self._confirmed(tried, cone, literals, item))

    def _all_but_one(self, key: str, item: Item, cone: _Cone) -> list[tuple[tree.Criterion, bool]]:
        """As many conditions of a rule that can never hold as go together, in the order written."""
        rule = next(rule for outcome in self.program.outcomes for rule in outcome.rules if rule.key == key)
        parts: list[tuple[tree.Criterion, bool]] = []
        conditions = rule.applies.children if isinstance(rule.applies, tree.And) else (rule.applies,)
        for literal in (*((node, True) for node in conditions), *((node, False) for node in rule.exceptions)):
            if self._check(cone, self._term((*parts, literal), item)) == z3.sat:
                parts.append(literal)
        return parts

    def _confirmed(self, case: Case, cone: _Cone, literals: Literals, item: Item) -> bool:
        try:
            found = ran(self.rulebook, case, cone.outcomes)
        except EngineError:
            return False
        return found is not None and found.compiled.program is self.program and bears_out(found, literals, item)

    def _shown(self, case: Case, holds: Callable[[Case], bool]) -> Case | None:
        """The case as short as it can be, or None when the engine does not bear it out."""
        return shortest(case, self.program, holds) if holds(case) else None

    # --- questions that should be answered no ----------------------------------------------------------------------

    def clashes(self, outcome: tree.Outcome) -> Iterator[Hole]:
        """Each pair of rules that decide one value for the same case with different values."""
        item: Item = (outcome.list, 0) if outcome.list else None
        if len(outcome.rules) < 2 or outcome.boolean:
            return
        cone = self._cone((), (outcome.key,), outcome.key)
        pairs = {(a, b): term for a, b, term in self.short.clashes(outcome, self.short.decided(outcome, item))}
        while pairs:
            found = self._possible(cone, lambda encoder: self._clash(encoder, outcome, item, pairs))
            if found == z3.unsat:
                return
            if found != z3.sat:
                yield self._open("TS-P11", outcome, outcome.rules, str(found))
                return
            pair = next((pair for pair, term in pairs.items() if self._holds(term)), None)
            if pair is None:
                yield self._open("TS-P11", outcome, outcome.rules, NOT_CONFIRMED)
                return
            del pairs[pair]
            yield self._clash_shown(outcome, pair, cone)

    def _clash(self, encoder: Encoder, outcome: tree.Outcome, item: Item, pairs: Mapping[tuple[str, str], Term]) -> Term:
        here = encoder.length(item[0]) > 0 if item is not None else True
        found = encoder.clashes(outcome, encoder.decided(outcome, item))
        return all_of(here, any_of(*(term for first, second, term in found if (first, second) in pairs)))

    def _possible(self, cone: _Cone, term: Callable[[Encoder], Term]) -> object:
        """sat with a model of short lists, unsat when proved for all lists, otherwise the reason why not."""
        self._solver(cone, any_length=False)
        limits = self.short.limits(cone.outcomes, cone.facts)
        found = self._check(cone, term(self._encoder(cone, any_length=False)))
        if found == z3.unsat and (limits.lists or limits.stepped):
            self._solver(cone, any_length=True)
            wider = self._check(cone, term(self._encoder(cone, any_length=True)), any_length=True)
            return z3.unsat if wider == z3.unsat else self._longer(limits) if wider == z3.sat else self._too_long(limits)
        return found if found in (z3.sat, z3.unsat) else self._too_long(limits)

    def _clash_shown(self, outcome: tree.Outcome, pair: tuple[str, str], cone: _Cone) -> Hole:
        rules = tuple(rule for rule in outcome.rules if rule.key in pair)
        case = self._shown(
            case_of(self.short, self._model, cone.facts, cone.outcomes), lambda tried: self._clashing(tried, outcome, pair, cone)
        )
        if case is None:
            return self._open("TS-P11", outcome, rules, NOT_CONFIRMED)
        return self._hole("TS-P11", outcome, rules, case, "")

    def _clashing(self, case: Case, outcome: tree.Outcome, pair: tuple[str, str], cone: _Cone) -> bool:
        """Whether the engine refuses the case, and these two rules both hold in it and give different values."""
        try:
            before = ran(self.rulebook, case, cone.outcomes - {outcome.key})
        except EngineError:
            return False
        item: Item = (outcome.list, 0) if outcome.list else None
        if before is None or before.compiled.program is not self.program or not bears_out(before, _both_hold(outcome, pair), item):
            return False
        step = next(step for step in before.compiled.quick if step.outcome.key == outcome.key)
        values = [rule.formula(before.state) for rule in step.rules if rule.rule.key in pair and rule.formula is not None]
        if any(isinstance(value, Unknown) for value in values) or values[0] == values[1]:
            return False
        try:
            step.run(before.state)
        except EngineError:
            return True
        return False

    def gaps(self, outcome: tree.Outcome) -> Iterator[Hole]:
        """A case that no rule decides, or that no row of a table fits, and in which the result stays open because of it."""
        if outcome.boolean or outcome.rules[0].id not in self.program.rules:
            return
        item: Item = (outcome.list, 0) if outcome.list else None
        if all(rule.otherwise is None for rule in outcome.rules):
            none = tuple((rule.criterion(), False) for rule in outcome.rules)
            yield from self._gap("TS-P12", outcome, outcome.rules, none, item, ("regel", outcome.key))
        for rule in outcome.rules:
            rows = rule.formula.table if rule.formula is not None else ()
            if rows and rows[-1].when != tree.Const(True):
                literals = ((tree.RuleHolds(rule.key), True), *((row.when, False) for row in rows))
                yield from self._gap("TS-P13", outcome, (rule,), literals, item, ("tabel", rule.key))

    def _gap(
        self, code: str, outcome: tree.Outcome, rules: tuple[tree.Rule, ...], literals: Literals, item: Item, source: Source
    ) -> Iterator[Hole]:
        cone = self._cone([node for node, _ in literals], (outcome.key,))
        if self._possible(cone, lambda encoder: self._term(literals, item, encoder)) == z3.unsat:
            return
        ladder = [rung.criterion for rung in self.program.ladder]
        values = [value for rung in self.program.ladder for value in rung.values]
        if not self._touched(outcome, literals, item, source) & self.short.reads(ladder, values):
            return
        whole = self._cone([*ladder, *(node for node, _ in literals)], [*values, outcome.key], source=source)
        found = self._possible(whole, lambda encoder: all_of(self._term(literals, item, encoder), self._result_open(encoder)))
        if found == z3.unsat:
            return
        if found != z3.sat:
            yield self._open(code, outcome, rules, str(found))
            return
        cause = Cause(CauseKind.RULE, outcome.key)
        case = case_of(self._encoder(whole, any_length=False), self._model, whole.facts, whole.outcomes)
        shown = self._shown(case, lambda tried: self._leaves_open(tried, literals, item, cause))
        yield self._hole(code, outcome, rules, shown, "") if shown else self._open(code, outcome, rules, NOT_CONFIRMED)

    def _touched(self, outcome: tree.Outcome, literals: Literals, item: Item, source: Source) -> set[str]:
        """The outcomes that some case may leave open because of a gap; what no case leaves open stops the search there."""
        touched = {outcome.key}
        for other in self.program.outcomes:
            if other.key in touched or not self.short.reads((), (), other) & touched:
                continue
            cone = self._cone([node for node, _ in literals], (outcome.key, other.key), source=source)

            def both(encoder: Encoder, other: tree.Outcome = other) -> Term:
                at = (other.list, 0) if other.list else None
                return all_of(self._term(literals, item, encoder), encoder.outcome(other.key, at).unknown)

            if self._possible(cone, both) != z3.unsat:
                touched.add(other.key)
        return touched

    def _result_open(self, encoder: Encoder) -> Term:
        """That the outcome of the ladder, or a value that belongs to it, stays unknown."""
        before: Term = True
        open_somewhere: list[Term] = []
        for rung in self.program.ladder:
            test = encoder.criterion(rung.criterion)
            possible = all_of(before, no(test.is_false))
            unknown = any_of(test.unknown, *(encoder.outcome(value).unknown for value in rung.values))
            open_somewhere.append(all_of(possible, unknown))
            before = all_of(before, no(test.is_true))
        return any_of(*open_somewhere)

    def _leaves_open(self, case: Case, literals: Literals, item: Item, cause: Cause) -> bool:
        """Whether the engine leaves the result open because of this gap, and because of nothing that somebody could answer."""
        try:
            found = ran(self.rulebook, case, self.short.outcomes)
        except EngineError:
            return False
        if found is None or found.compiled.program is not self.program or not bears_out(found, literals, item):
            return False
        causes = read_ladder(found.compiled, found.state).causes
        return cause in causes and not any(other.kind in ASKABLE for other in causes)

    # --- holes -----------------------------------------------------------------------------------------------------

    def _open(self, code: str, outcome: tree.Outcome, rules: tuple[tree.Rule, ...], reason: str) -> Hole:
        return self._hole(code, outcome, rules, None, reason)

    def _hole(self, code: str, outcome: tree.Outcome, rules: tuple[tree.Rule, ...], case: Case | None, reason: str) -> Hole:
        part = self.texts.rule(rules[0])
        values = self._values(case, outcome, rules) if case is not None and code == "TS-P11" else ()
        ids = tuple(dict.fromkeys(rule.id for rule in rules))
        return Hole(code, outcome.name, ids, part.place, part.shown, case, reason, self.version, values)

    def _values(self, case: Case, outcome: tree.Outcome, rules: tuple[tree.Rule, ...]) -> tuple[str, ...]:
        """What each of two clashing rules gives in a case."""
        found = ran(self.rulebook, case, self.short.cone((), (outcome.key,))[0] - {outcome.key})
        assert found is not None
        rows = found.state.facts[outcome.list] if outcome.list else None
        if isinstance(rows, ListValue) and rows.items:
            found.state.row = rows.items[0]
        step = next(step for step in found.compiled.quick if step.outcome.key == outcome.key)
        formulas = {rule.rule.key: rule.formula for rule in step.rules}
        return tuple(show(formula(found.state), outcome.kind) for rule in rules if (formula := formulas[rule.key]) is not None)


def _both_hold(outcome: tree.Outcome, pair: tuple[str, str]) -> Literals:
    """That both rules hold and none that goes before them does."""
    over = [rule for rule in outcome.rules if set(rule.sets_aside) & set(pair)]
    both = [rule for rule in outcome.rules if rule.key in pair]
    return (*((rule.criterion(), True) for rule in both), *((rule.criterion(), False) for rule in over))


def _inexact(limits: Reach) -> str:
    return f"niet na te gaan: {', '.join(sorted(limits.vague))}"


def stretch(program: Program) -> str:
    """The stretch of time of a program, in words."""
    until = f" tot {program.valid_until}" if program.valid_until is not None else ""
    return f"{program.valid_from}{until}"
