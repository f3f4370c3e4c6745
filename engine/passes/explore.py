# SPDX-License-Identifier: EUPL-1.2
"""Trying answers: what the law would say if one fact were otherwise, running only what that fact can touch.

The answers worth trying are every choice; for numbers, amounts, dates and texts those around the limits that the rules
compare with. A step whose inputs stay the same is not run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from engine.language.checks import all_nodes
from engine.language.order import depends_on, outcomes_read, rule_nodes
from engine.logic.evaluator import CompiledOutcome
from engine.logic.kleene import both
from engine.logic.state import State, Test
from engine.model import tree
from engine.model.kinds import Base, Kind
from engine.model.program import DERIVED, Fact, Program
from engine.model.values import GEEN, Dimension, Duration, ListValue, Truth, Unknown, Value
from engine.passes.complete import group_facts
from engine.passes.first import Verdict, read_ladder
from engine.passes.given import follows
from engine.rulebook import Compiled

LARGE = 10**9
OTHER_TEXT = "iets anders"
PENSION = 75
"""An age well past every pension age: tried for a date of birth beside the ages that the rules name."""


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
        self._ways: dict[str, dict[str, _Way]] = {}
        self._behind_rungs = _behind_rungs(compiled, self.reached)
        self._limits = _limits(compiled.program)

    def tried(self, state: State, path: str, answer: Value) -> State:
        """The case in which this one fact has this answer; the trace is still that of the case itself."""
        return self._run(state, path, answer, self._touched.get(_root(path), ()))

    def reaches(self, path: str) -> bool:
        """Whether any outcome can come out otherwise by this fact."""
        return _root(path) in self._touched

    def given(self, state: State, path: str, answer: Value) -> State:
        """The same where the rule outcome was given: only what is no part of that outcome follows."""
        program = self.compiled.program
        steps = [step for step in self._touched.get(_root(path), ()) if follows(program, state, step.outcome)]
        return self._run(state, path, answer, steps)

    def _run(self, state: State, path: str, answer: Value, steps: Iterable[CompiledOutcome]) -> State:
        tried = state.changed(_changes(self.compiled, state, path, answer))
        changed = {_root(path)}
        for step in steps:
            if not changed.isdisjoint(self.reads[step.outcome.key]):
                step.run(tried)
                changed.update(_changed(step, self._watched[step.outcome.key], state, tried))
        return tried

    def carries(self, verdict: Verdict, path: str) -> bool:
        """Whether the ladder, read so far as it was for this verdict, rests on this fact: if not, no answer changes the verdict."""
        root = _root(path)
        last = self.compiled.program.ladder.index(verdict.possible[-1])
        return any(root in behind for behind in self._behind_rungs[: last + 1]) or any(
            root in self.reached[value] for rung in verdict.possible for value in rung.values
        )

    def verdict(self, state: State, path: str, answer: Value, *, until_open: bool = False) -> Verdict:
        """The ladder when this one fact has this answer: only what its rungs ask for is run, in the order in which they ask.

        ``until_open`` as for :func:`read_ladder`: for who only has to know the results that stand fixed.
        """
        root = _root(path)
        tried = state.changed(_changes(self.compiled, state, path, answer))
        pull = _Pull(self._ways_from(root), state, tried, root)
        return read_ladder(self.compiled, tried, pull.need, until_open=until_open)

    def _ways_from(self, root: str) -> dict[str, _Way]:
        """Per outcome that a fact touches how to bring it up to date; made once for each fact."""
        ways = self._ways.get(root)
        if ways is None:
            steps = {step.outcome.key: step for step in self._touched.get(root, ())}
            ways = self._ways[root] = {
                key: _Way(
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
        found = list(_answers(fact.kind, self.limits(path), day))
        return (*found, GEEN) if fact.kind.optional else tuple(found)


@dataclass(frozen=True, slots=True)
class _Way:
    """How an outcome is brought up to date when one fact differs: of what it needs only what that fact touches as well.

    ``watched`` are those of its rules that other outcomes read themselves.
    """

    step: CompiledOutcome
    needs: tuple[str, ...]
    reads: frozenset[str]
    watched: tuple[str, ...]
    parts: tuple[tuple[Test, tuple[str, ...]], ...] | None


class _Pull:
    """Brings outcomes up to date in a tried case, each once and only when asked for.

    An outcome that is one big `of` (the blocking grounds) is asked part by part, and no further than the first part
    that holds.
    """

    def __init__(self, ways: Mapping[str, _Way], before: State, after: State, root: str) -> None:
        self.waiting = dict(ways)
        self.before, self.after = before, after
        self.changed = {root}

    def need(self, keys: Iterable[str]) -> None:
        """Bring these outcomes up to date."""
        for key in keys:
            way = self.waiting.pop(key, None)
            if way is not None:
                self._refresh(way)

    def _refresh(self, way: _Way) -> None:
        if way.parts is not None:
            self._ask(way.step.outcome.key, way.parts)
            return
        if way.needs:
            self.need(way.needs)
        if not self.changed.isdisjoint(way.reads):
            way.step.run(self.after)
            self.changed.update(_changed(way.step, way.watched, self.before, self.after))

    def _ask(self, key: str, parts: Iterable[tuple[Test, tuple[str, ...]]]) -> None:
        unknown: Unknown | None = None
        decided: Truth = False
        for test, needed in parts:
            self.need(needed)
            truth = test(self.after)
            if truth is True:
                decided = True
                break
            if truth is not False:
                decided = unknown = both(unknown, truth)
        self.after.out[key] = decided
        if self.before.out[key] != decided:
            self.changed.add(key)


@lru_cache(maxsize=64)
def explorer(compiled: Compiled) -> Explorer:
    """The explorer of a program; made once."""
    return Explorer(compiled)


def fact_at(program: Program, path: str) -> Fact:
    """The fact behind a path; for a member of a list item its declaration."""
    if path in program.facts:
        return program.facts[path]
    if path in program.decisions:
        return program.decisions[path]
    name, _, rest = path.partition("[")
    return program.lists[name].members[rest.partition("].")[2]]


def generic(path: str) -> str:
    """A path without the number of a list item or the name of the person: what limits are known by."""
    if "[" in path:
        name, _, rest = path.partition("[")
        return f"{name}[].{rest.partition('].')[2]}"
    return path


def _root(path: str) -> str:
    return path.partition("[")[0] if "[" in path else path


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


def _answers(kind: Kind, found: frozenset[int | date | str], day: date) -> Iterator[Value]:
    limits = frozenset(limit for limit in found if isinstance(limit, int))
    match kind.base:
        case Base.BOOL:
            yield from (True, False)
        case Base.CHOICE:
            yield from kind.choices
        case Base.INT | Base.NUMBER | Base.PERCENTAGE | Base.MONEY:
            yield from sorted({0, LARGE} | {limit + step for limit in limits for step in (-1, 0, 1) if limit + step >= 0})
        case Base.DURATION:
            sizes = sorted({0, 10_000} | {limit + step for limit in limits for step in (-1, 0, 1) if limit + step >= 0})
            yield from (
                Duration(months=n)
                if kind.dimension is Dimension.MONTHS
                else Duration(workdays=n)
                if kind.dimension is Dimension.WORKDAYS
                else Duration(days=n)
                for n in sizes
            )
        case Base.DATE:
            near = {day, day - timedelta(days=1), day - timedelta(days=40), _years_before(day, 2)}
            births = {_years_before(day, age + step) for age in (*limits, PENSION) for step in (-1, 1)} if limits else set()
            named = {limit + timedelta(days=step) for limit in found if isinstance(limit, date) for step in (-1, 0, 1)}
            yield from sorted(near | births | named)
        case Base.TEXT:
            yield from (*sorted(limit for limit in found if isinstance(limit, str)), OTHER_TEXT)
        case Base.LIST:
            yield ListValue(())
        case Base.GROUP:
            yield True


def _years_before(day: date, years: int) -> date:
    year = max(day.year - max(years, 0), 1)
    return date(year, day.month, min(day.day, 28))


def _limits(program: Program) -> dict[str, frozenset[int | date | str]]:
    """Per fact the literal limits that rules compare it (or an age from it) with; a fraction as the whole numbers around it."""
    found: dict[str, set[int | date | str]] = {}
    for node in all_nodes(program):
        if not isinstance(node, tree.Compare):
            continue
        for side, other in ((node.left, node.right), (node.right, node.left)):
            subject = side.birth if isinstance(side, tree.Age) else side
            if isinstance(subject, tree.FactRef):
                path = subject.path
            elif isinstance(subject, tree.MemberRef):
                path = f"{subject.list}[].{subject.name}"
            else:
                continue
            if isinstance(other, tree.Lit):
                value = other.value
                if isinstance(value, Duration):
                    found.setdefault(path, set()).add(value.size())
                elif isinstance(value, Fraction):
                    found.setdefault(path, set()).update((floor(value), ceil(value)))
                elif isinstance(value, int | date | str) and not isinstance(value, bool):
                    found.setdefault(path, set()).add(value)
    return {path: frozenset(limits) for path, limits in found.items()}


def _changed(step: CompiledOutcome, watched: Iterable[str], before: State, after: State) -> list[str]:
    """The keys of the outcome and of the watched rules of it that a step left different."""
    key = step.outcome.key
    if step.outcome.list is not None:
        changed = [rule for rule in watched if before.item_holds.get(rule) != after.item_holds[rule]]
        return [key, *changed] if before.items.get(key) != after.items[key] else changed
    changed = [rule for rule in watched if before.holds[rule] is not after.holds[rule] and before.holds[rule] != after.holds[rule]]
    if before.out[key] is not after.out[key] and before.out[key] != after.out[key]:
        changed.append(key)
    return changed


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
    owner = {rule.key: outcome.key for outcome in program.outcomes for rule in outcome.rules}
    return {outcome.key: tuple(sorted(depends_on(outcome, owner))) for outcome in program.outcomes}


def _parts(compiled: Compiled) -> dict[str, tuple[tuple[Test, tuple[str, ...]], ...]]:
    """The parts of each derived outcome that is one `of` (of one rule, which no rule reads), with the outcomes that each part reads."""
    owner = {rule.key: outcome.key for outcome in compiled.program.outcomes for rule in outcome.rules}
    found = {}
    for outcome in compiled.program.outcomes:
        criterion = outcome.rules[0].applies if outcome.key in DERIVED and len(outcome.rules) == 1 else None
        if isinstance(criterion, tree.Or):
            found[outcome.key] = tuple((compiled.test(part), outcomes_read(part, owner)) for part in criterion.children)
    return found


def _reached(program: Program, reads: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Per outcome everything that it rests on, directly or through others."""
    owner = {rule.key: outcome.key for outcome in program.outcomes for rule in outcome.rules}
    reached: dict[str, frozenset[str]] = {}
    for outcome in program.outcomes:
        behind = (reached.get(other, frozenset()) for other in depends_on(outcome, owner))
        reached[outcome.key] = reads[outcome.key].union(*behind)
    return reached


def _behind_rungs(compiled: Compiled, reached: Mapping[str, frozenset[str]]) -> tuple[frozenset[str], ...]:
    """Per rung everything that its criterion rests on."""
    named = [{path for node in tree.walk(rung.criterion) for path in paths_of(node)} for rung in compiled.program.ladder]
    return tuple(
        frozenset(paths | {path.partition(".")[0] for path in paths}).union(*(reached[key] for key in reads))
        for paths, reads in zip(named, compiled.ladder_reads, strict=True)
    )


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


def paths_of(node: tree.Node) -> Iterator[str]:
    """The facts, groups and lists that a node names."""
    if isinstance(node, tree.FactRef | tree.Present):
        yield node.path
    elif isinstance(node, tree.MemberRef | tree.Exists | tree.ForAll | tree.Count | tree.Sum | tree.MemberOutcomeRef):
        yield node.list
