# SPDX-License-Identifier: EUPL-1.2
"""Trying answers: what the law would say if one fact were otherwise, running only what that fact can touch.

A step whose inputs stay the same is not run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from engine.language.order import depends_on, outcomes_read, owners, rule_nodes
from engine.logic.evaluator import CompiledOutcome
from engine.logic.state import State, Test
from engine.model import tree
from engine.model.program import DERIVED, Fact, Program
from engine.model.values import GEEN, ListValue, Value
from engine.passes.answers import answers_of, limits_of
from engine.passes.complete import group_facts
from engine.passes.first import Verdict, read_ladder
from engine.passes.given import follows
from engine.passes.paths import generic, paths_of, root
from engine.passes.pull import Pull, Way, changed_by
from engine.rulebook import Compiled


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a criterion, with everything that it rests on."""

    test: Test
    behind: frozenset[str]


class Explorer:
    """Tries answers: runs only the outcomes that a fact can touch. ``reached`` gives per outcome what it rests on."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.reads = _direct_reads(compiled.program)
        self.reached = _reached(compiled.program, self.reads)
        self._touched = _touched(compiled, self.reached)
        self._needs = _needs(compiled.program)
        self._parts = _parts(compiled)
        read = frozenset().union(*self.reads.values())
        self._watched = {step.outcome.key: tuple(rule for rule in step.keys if rule in read) for step in compiled.quick}
        self._ways: dict[str, dict[str, Way]] = {}
        self._behind_rungs = _behind_rungs(compiled, self.reached)
        self._limits = limits_of(compiled.program)

    @cached_property
    def rungs(self) -> tuple[tuple[Part, ...], ...]:
        """Per rung the parts of its criterion; it holds where any of them does, and fails only where all of them do."""
        return _rungs(self.compiled, self.reached)

    def tried(self, state: State, path: str, answer: Value) -> State:
        """The case in which this one fact has this answer; the trace is still that of the case itself."""
        return self._run(state, path, answer, self._touched.get(root(path), ()))

    def reaches(self, path: str) -> bool:
        """Whether any outcome can come out otherwise by this fact."""
        return root(path) in self._touched

    def given(self, state: State, path: str, answer: Value) -> State:
        """The same where the rule outcome was given: only what is no part of that outcome follows."""
        program = self.compiled.program
        steps = [step for step in self._touched.get(root(path), ()) if follows(program, state, step.outcome)]
        return self._run(state, path, answer, steps)

    def _run(self, state: State, path: str, answer: Value, steps: Iterable[CompiledOutcome]) -> State:
        tried = state.changed(_changes(self.compiled, state, path, answer))
        changed = {root(path)}
        for step in steps:
            if not changed.isdisjoint(self.reads[step.outcome.key]):
                step.run(tried)
                changed.update(changed_by(step, self._watched[step.outcome.key], state, tried))
        return tried

    def carries(self, verdict: Verdict, path: str) -> bool:
        """Whether the ladder, read so far as it was for this verdict, rests on this fact: if not, no answer changes the verdict."""
        name = root(path)
        last = self.compiled.program.ladder.index(verdict.possible[-1])
        return any(name in behind for behind in self._behind_rungs[: last + 1]) or any(
            name in self.reached[value] for rung in verdict.possible for value in rung.values
        )

    def verdict(self, state: State, path: str, answer: Value, *, until_open: bool = False) -> Verdict:
        """The ladder when this one fact has this answer: only what its rungs ask for is run, in the order in which they ask.

        ``until_open`` as for :func:`read_ladder`: for who only has to know the results that stand fixed.
        """
        name = root(path)
        tried = state.changed(_changes(self.compiled, state, path, answer))
        pull = Pull(self._ways_from(name), state, tried, name)
        return read_ladder(self.compiled, tried, pull.need, until_open=until_open)

    def _ways_from(self, name: str) -> dict[str, Way]:
        """Per outcome that a fact touches how to bring it up to date; made once for each fact."""
        ways = self._ways.get(name)
        if ways is None:
            steps = {step.outcome.key: step for step in self._touched.get(name, ())}
            ways = self._ways[name] = {
                key: Way(
                    step,
                    tuple(other for other in self._needs[key] if other in steps),
                    self.reads[key],
                    self._watched[key],
                    self._parts.get(key),
                )
                for key, step in steps.items()
            }
        return ways

    def limits(self, path: str) -> frozenset[int | date | str]:
        """The literal limits that rules compare a fact (or an age from it) with."""
        return self._limits.get(generic(path), frozenset())

    def answers(self, path: str, fact: Fact, day: date) -> tuple[Value, ...]:
        """The answers worth trying for a fact."""
        found = list(answers_of(fact.kind, self.limits(path), day))
        return (*found, GEEN) if fact.kind.optional else tuple(found)


@lru_cache(maxsize=64)
def explorer(compiled: Compiled) -> Explorer:
    """The explorer of a program; made once."""
    return Explorer(compiled)


def _changes(compiled: Compiled, state: State, path: str, answer: Value) -> dict[str, Value]:
    if path in compiled.program.groups:
        return group_facts(compiled, path, answer)
    if "[" not in path:
        return {path: answer}
    name, _, rest = path.partition("[")
    number, _, member = rest.partition("].")
    rows = state.facts[name]
    assert isinstance(rows, ListValue)
    items = list(rows.items)
    items[int(number)] = {**items[int(number)], member: answer}
    return {name: ListValue(tuple(items), rows.complete)}


def _direct_reads(program: Program) -> dict[str, frozenset[str]]:
    """Per outcome what its rules read themselves: facts, groups and lists by name, outcomes and rules by key."""
    reads: dict[str, frozenset[str]] = {}
    for outcome in program.outcomes:
        direct = {path for rule in outcome.rules for node in rule_nodes(rule) for path in _reads_of(node)}
        direct |= {rule.power for rule in outcome.rules if rule.power}
        if outcome.list:
            direct.add(outcome.list)
        direct |= {path.partition(".")[0] for path in direct if path.partition(".")[0] in program.groups}
        reads[outcome.key] = frozenset(direct)
    return reads


def _needs(program: Program) -> dict[str, tuple[str, ...]]:
    """Per outcome the outcomes that it reads itself."""
    owner = owners(program.outcomes)
    return {outcome.key: tuple(sorted(depends_on(outcome, owner))) for outcome in program.outcomes}


def _parts(compiled: Compiled) -> dict[str, tuple[tuple[Test, tuple[str, ...]], ...]]:
    """The parts of each derived outcome that is one `of` (of one rule, which no rule reads), with the outcomes that each part reads."""
    owner = owners(compiled.program.outcomes)
    found = {}
    for outcome in compiled.program.outcomes:
        criterion = outcome.rules[0].applies if outcome.key in DERIVED and len(outcome.rules) == 1 else None
        if isinstance(criterion, tree.Or):
            found[outcome.key] = tuple((compiled.test(part), outcomes_read(part, owner)) for part in criterion.children)
    return found


def _reached(program: Program, reads: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Per outcome everything that it rests on, directly or through others."""
    owner = owners(program.outcomes)
    reached: dict[str, frozenset[str]] = {}
    for outcome in program.outcomes:
        behind = (reached.get(other, frozenset()) for other in depends_on(outcome, owner))
        reached[outcome.key] = reads[outcome.key].union(*behind)
    return reached


def _behind_rungs(compiled: Compiled, reached: Mapping[str, frozenset[str]]) -> tuple[frozenset[str], ...]:
    """Per rung everything that its criterion rests on."""
    return tuple(
        _behind(rung.criterion, reads, reached) for rung, reads in zip(compiled.program.ladder, compiled.ladder_reads, strict=True)
    )


def _behind(criterion: tree.Criterion, reads: Iterable[str], reached: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What a criterion rests on, of which these are the outcomes that it reads."""
    paths = {path for node in tree.walk(criterion) for path in paths_of(node)}
    return frozenset(paths | {path.partition(".")[0] for path in paths}).union(*(reached[key] for key in reads))


def _rungs(compiled: Compiled, reached: Mapping[str, frozenset[str]]) -> tuple[tuple[Part, ...], ...]:
    """Per rung the parts of the `of` that it asks for, or the whole of it as one part."""
    owner = owners(compiled.program.outcomes)
    derived = {outcome.key: outcome.rules[0].applies for outcome in compiled.program.outcomes if outcome.key in DERIVED}
    return tuple(
        tuple(Part(compiled.test(part), _behind(part, outcomes_read(part, owner), reached)) for part in _parts_of(rung.criterion, derived))
        for rung in compiled.program.ladder
    )


def _parts_of(criterion: tree.Criterion, derived: Mapping[str, tree.Criterion]) -> Iterator[tree.Criterion]:
    """The smallest parts of which a criterion is the `of`, also behind a word of the ladder."""
    match criterion:
        case tree.Line(child=child) | tree.And(children=(child,)):
            yield from _parts_of(child, derived)
        case tree.Or(children=children):
            for child in children:
                yield from _parts_of(child, derived)
        case tree.Truth(value=tree.OutcomeRef(outcome=key)) if key in derived:
            yield from _parts_of(derived[key], derived)
        case _:
            yield criterion


def _touched(compiled: Compiled, reached: Mapping[str, frozenset[str]]) -> dict[str, tuple[CompiledOutcome, ...]]:
    """Per fact the outcomes that it can reach, in order."""
    touched: dict[str, list[CompiledOutcome]] = {}
    for step in compiled.quick:
        for path in reached[step.outcome.key]:
            touched.setdefault(path, []).append(step)
    return {path: tuple(steps) for path, steps in touched.items()}


def _reads_of(node: tree.Node) -> Iterator[str]:
    yield from paths_of(node)
    if isinstance(node, tree.OutcomeRef | tree.MemberOutcomeRef):
        yield node.outcome
    elif isinstance(node, tree.RuleHolds):
        yield node.key
