# SPDX-License-Identifier: EUPL-1.2
"""The python engine: the typed tree as closures, three-valued and exact, with or without a full trace.

Outcomes run forward in the order of the program. With a trace every criterion is evaluated and recorded; without one
a decided ``and`` or ``or`` stops early. Both give the same values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.logic.candidates import NO_RULE, same, settle
from engine.logic.closures import Compiler
from engine.logic.kleene import all_of, any_of, both, negation
from engine.logic.lists import each_item, rows_of
from engine.logic.state import Evaluate, RuleTrace, State, Test
from engine.logic.truths import truth_of
from engine.model import tree
from engine.model.kinds import BOOL
from engine.model.problems import EngineError
from engine.model.program import Program
from engine.model.values import CauseKind, Truth, Unknown, Value


@dataclass(frozen=True)
class CompiledRule:
    """A rule as closures, with the criteria of its trace by number."""

    rule: tree.Rule
    applies: Test
    power: Test | None
    exceptions: tuple[Test, ...]
    formula: Evaluate | None
    otherwise: Evaluate | None
    criteria: tuple[tree.Criterion, ...]


@dataclass(frozen=True)
class CompiledOutcome:
    """An outcome as one step of the forward run."""

    outcome: tree.Outcome
    rules: tuple[CompiledRule, ...]
    run: Callable[[State], None]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of its rules."""
        return tuple(rule.rule.key for rule in self.rules)


def compile_program(program: Program, *, traced: bool) -> tuple[CompiledOutcome, ...]:
    """The outcomes of a program as steps, in order."""
    lists = {rule.key: rule.list for outcome in program.outcomes for rule in outcome.rules}
    return tuple(_compile_outcome(outcome, lists, traced=traced) for outcome in program.outcomes)


def compile_test(node: tree.Criterion, program: Program) -> Test:
    """A criterion outside the rules (ladder, reversed test) as a closure."""
    lists = {rule.key: rule.list for outcome in program.outcomes for rule in outcome.rules}
    return Compiler(lists, traced=False).test(node)


def _compile_outcome(outcome: tree.Outcome, lists: Mapping[str, str | None], *, traced: bool) -> CompiledOutcome:
    rules = tuple(_compile_rule(rule, lists, traced=traced) for rule in outcome.rules)
    decide = _decide_boolean(rules, traced=traced) if outcome.boolean else _decide_value(outcome, rules, traced=traced)
    key = outcome.key
    if outcome.list is None:

        def run(s: State) -> None:
            decided = decide(s, s.holds)
            s.out[key] = s.facts.get(key, decided)

    else:
        name = outcome.list
        keys = tuple(rule.rule.key for rule in rules)

        def run(s: State) -> None:
            for rule in keys:
                s.item_holds[rule] = []
                s.traces[rule] = []
            rows = rows_of(s, name)
            s.items[key] = [] if isinstance(rows, Unknown) else each_item(s, rows, one)

        def one(s: State) -> Value:
            holds: dict[str, Truth] = {}
            value = decide(s, holds)
            for rule in keys:
                s.item_holds[rule].append(holds[rule])
            return value

    return CompiledOutcome(outcome, rules, run)


def _compile_rule(rule: tree.Rule, lists: Mapping[str, str | None], *, traced: bool) -> CompiledRule:
    compiler = Compiler(lists, traced=traced)
    applies = compiler.test(rule.applies)
    exceptions = tuple(compiler.test(exception) for exception in rule.exceptions)
    power = truth_of(compiler.value(tree.FactRef(BOOL, rule.power))) if rule.power is not None else None
    formula = compiler.formula(rule.formula, rule.outcome) if rule.formula is not None else None
    otherwise = compiler.value(rule.otherwise) if rule.otherwise is not None else None
    return CompiledRule(rule, applies, power, exceptions, formula, otherwise, tuple(compiler.criteria))


def _holds(rule: CompiledRule, *, traced: bool) -> Test:
    applies, power, exceptions, key = rule.applies, rule.power, rule.exceptions, rule.rule.key
    plain = power is None and not exceptions
    if not traced:
        if plain:
            return applies

        def quick(s: State) -> Truth:
            truth = applies(s)
            if truth is False:
                return False
            unknown = None if truth is True else truth
            if power is not None:
                truth = power(s)
                if truth is False:
                    return False
                if truth is not True:
                    unknown = both(unknown, truth)
            for exception in exceptions:
                truth = exception(s)
                if truth is True:
                    return False
                if truth is not False:
                    unknown = both(unknown, truth)
            return True if unknown is None else unknown

        return quick
    size = len(rule.criteria)
    in_list = rule.rule.list is not None
    if plain and not in_list:

        def plainly_traced(s: State) -> Truth:
            nodes: list[Truth | None] = [None] * size
            s.nodes = nodes
            first = applies(s)
            s.traces[key] = [RuleTrace(first, first, None, (), nodes)]
            return first

        return plainly_traced

    def traced_test(s: State) -> Truth:
        nodes: list[Truth | None] = [None] * size
        s.nodes = nodes
        first = applies(s)
        chosen = power(s) if power is not None else None
        excepted = tuple(exception(s) for exception in exceptions)
        truths = [first] if chosen is None else [first, chosen]
        if excepted:
            truths.append(negation(any_of(excepted)))
        holds = all_of(truths)
        trace = RuleTrace(holds, first, chosen, excepted, nodes)
        if in_list:
            s.traces.setdefault(key, []).append(trace)
        else:
            s.traces[key] = [trace]
        return holds

    return traced_test


def _decide_boolean(rules: tuple[CompiledRule, ...], *, traced: bool) -> Callable[[State, dict[str, Truth]], Value]:
    tests = [(rule.rule.key, _holds(rule, traced=traced)) for rule in rules]
    if len(tests) == 1:
        only, single = tests[0]

        def decide_one(s: State, holds: dict[str, Truth]) -> Value:
            truth = holds[only] = single(s)
            return truth

        return decide_one

    def decide(s: State, holds: dict[str, Truth]) -> Value:
        truths = []
        for key, test in tests:
            truth = test(s)
            holds[key] = truth
            truths.append(truth)
        return any_of(truths)

    return decide


def _decide_value(outcome: tree.Outcome, rules: tuple[CompiledRule, ...], *, traced: bool) -> Callable[[State, dict[str, Truth]], Value]:
    otherwise = next((rule.otherwise for rule in rules if rule.otherwise is not None), None)
    undecided = Unknown.because(CauseKind.RULE, outcome.key)
    first_over = {rule.rule.key: [other.rule.key for other in rules if rule.rule.key in other.rule.sets_aside] for rule in rules}
    if len(rules) == 1:
        return _decide_by_one(rules[0], otherwise, undecided, traced=traced)
    steps = [(rule.rule.key, _holds(rule, traced=traced), first_over[rule.rule.key], rule.formula) for rule in _by_precedence(rules)]

    def decide(s: State, holds: dict[str, Truth]) -> Value:
        unknown: Unknown | None = None
        certain: list[tuple[str, Value]] = []
        possible: list[Value] = []
        own: dict[str, Truth] = {}
        covered = False
        for key, test, before, formula in steps:
            truth = own[key] = test(s)
            covered = covered or truth is True
            if before:
                truth = all_of([truth, negation(any_of([own[other] for other in before]))])
            holds[key] = truth
            if truth is False:
                continue
            assert formula is not None
            s.chosen = None
            value = formula(s)
            if traced:
                trace = s.traces[key][-1]
                trace.value, trace.holds, trace.row = value, truth, s.chosen
            if truth is True:
                certain.append((key, value))
            else:
                possible.append(value)
                unknown = both(unknown, truth)
        if len(certain) > 1:
            _refuse_conflict(outcome, certain)
        if not covered:
            if otherwise is None and unknown is None:
                return undecided
            possible.append(otherwise(s) if otherwise is not None else NO_RULE)
        return settle([*possible, *(value for _, value in certain)], unknown)

    return decide


def _decide_by_one(
    rule: CompiledRule, otherwise: Evaluate | None, undecided: Unknown, *, traced: bool
) -> Callable[[State, dict[str, Truth]], Value]:
    """A value that one rule decides: nothing to set aside, and nothing that can contradict it."""
    key, test, formula = rule.rule.key, _holds(rule, traced=traced), rule.formula

    def decide(s: State, holds: dict[str, Truth]) -> Value:
        truth = holds[key] = test(s)
        if truth is False:
            return undecided if otherwise is None else otherwise(s)
        assert formula is not None
        s.chosen = None
        value = formula(s)
        if traced:
            trace = s.traces[key][-1]
            trace.value, trace.row = value, s.chosen
        if truth is True:
            return value
        return settle([value, NO_RULE if otherwise is None else otherwise(s)], truth)

    return decide


def _by_precedence(rules: tuple[CompiledRule, ...]) -> list[CompiledRule]:
    """Rules that set others aside come first."""
    done: list[CompiledRule] = []
    left = list(rules)
    while left:
        keys = {other for rule in left for other in rule.rule.sets_aside}
        ready = [rule for rule in left if rule.rule.key not in keys]
        done += ready
        left = [rule for rule in left if rule not in ready]
    return done


def _refuse_conflict(outcome: tree.Outcome, certain: list[tuple[str, Value]]) -> None:
    known = [(key, value) for key, value in certain if not isinstance(value, Unknown)]
    for key, value in known[1:]:
        if not same(known[0][1], value) and known[0][1] is not value:
            raise EngineError(
                f"Twee regels bepalen `{outcome.name}` met een verschillende waarde in deze zaak: "
                f"{known[0][0]} geeft {known[0][1]}, {key} geeft {value}. "
                "Geef met `gaat voor` aan welke voorgaat, of maak de voorwaarden scherper."
            )
