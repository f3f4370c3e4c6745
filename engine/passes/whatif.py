# SPDX-License-Identifier: EUPL-1.2
"""What would have to be different: the smallest changes of facts that give another outcome.

Flips over the atoms of the circuit tell which tests matter, alone or in pairs; each is then made real by an answer to
a fact, run through the law, and kept only when the outcome really turns. Only facts that are `veranderbaar` and that
nobody judged. An explanation of the outcome, not advice on what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

from engine.logic import sliced
from engine.logic.circuit import Circuit, Point, circuit_of
from engine.logic.evaluator import compile_test
from engine.logic.state import State, Test
from engine.model import tree
from engine.model.claim import Claim
from engine.model.kinds import Base
from engine.model.problems import EngineError
from engine.model.program import Fact, Program, Rung
from engine.model.values import GEEN, Truth, Unknown, Value
from engine.passes.explore import Explorer, explorer
from engine.passes.first import FirstPass
from engine.passes.paths import fact_at, paths_of, root
from engine.rulebook import Compiled

MOST = 8
"""How many changes are told at the most; the smallest come first."""
STEPS = 40


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that would have to be otherwise. ``limit``: the value is the nearest one that turns the outcome."""

    path: str
    fact: Fact
    now: Value
    answer: Value
    limit: bool


@dataclass(frozen=True, slots=True)
class Change:
    """Differences that together give another outcome, and none of them alone does."""

    differences: tuple[Difference, ...]
    result: str


@dataclass(frozen=True)
class _Plan:
    """``facts`` are per atom the facts behind it that may be told as a change; ``movable`` the atoms that have any."""

    circuit: Circuit
    atoms: tuple[Test, ...]
    facts: tuple[tuple[str, ...], ...]
    movable: tuple[int, ...]


@lru_cache(maxsize=64)
def _plan(compiled: Compiled, given: frozenset[str] = frozenset()) -> _Plan:
    """``given`` are the outcomes that were decided elsewhere."""
    circuit = circuit_of(compiled.program, given)
    atoms = tuple(compile_test(atom, compiled.program) for atom in circuit.atoms)
    reads = _facts_behind(compiled)
    program = compiled.program
    facts = tuple(tuple(path for path in sorted(set(_behind(atom, reads))) if _changeable(program, path)) for atom in circuit.atoms)
    return _Plan(circuit, atoms, facts, tuple(number for number, paths in enumerate(facts) if paths))


def what_if(compiled: Compiled, state: State, first: FirstPass, claim: Claim) -> tuple[Change, ...]:
    """The smallest changes that turn a burdening outcome into one below it on the ladder that does not burden.

    Nothing for an outcome that does not burden or is not settled: then the ask plan says what matters.
    """
    if first.burdening is not True or first.causes:
        return ()
    plan = _plan(compiled)
    if given := plan.circuit.given(state.facts):
        plan = _plan(compiled, given)
    truths: list[Truth] = [atom(state) for atom in plan.atoms]
    here = _here(compiled, first)
    wanted = tuple(rung for rung in compiled.program.ladder[here + 1 :] if not rung.burdening)
    search = _Search(compiled, state, claim, plan, here, wanted)
    alone = sliced.evaluate(plan.circuit, truths, sliced.single_flips(len(plan.atoms), plan.movable))
    singles = {setting[0][0] for setting in alone.settings_where(_turned(plan.circuit, alone, search.wanted))}
    found = tuple(islice(search.alone(sorted({path for atom in singles for path in plan.facts[atom]})), MOST))
    if not found:
        together = sliced.evaluate(plan.circuit, truths, sliced.pair_flips(len(plan.atoms), plan.movable))
        pairs = {(one, other) for (one, _), (other, _) in together.settings_where(_turned(plan.circuit, together, search.wanted))}
        found = tuple(islice(search.together(sorted(pairs)), MOST))
    return found


def _here(compiled: Compiled, first: FirstPass) -> int:
    """The number of the rung of the outcome as it is."""
    return next(number for number, rung in enumerate(compiled.program.ladder) if rung.result == first.result)


def _turned(circuit: Circuit, run: sliced.Sliced, wanted: frozenset[str]) -> int:
    """The scenarios in which the first rung that fits is one of these."""
    reached = run.scenarios.everywhere
    turned = 0
    for output in circuit.outputs:
        if output.point is Point.RUNG:
            if output.name in wanted:
                turned |= reached & run.true_in(output.literal)
            reached &= run.true_in(output.literal ^ 1)
    return turned


@dataclass(frozen=True, slots=True)
class _Try:
    """Another answer to a fact and the case in which it is given; None where rules contradict each other in that case.

    ``left`` has for each result that is wanted what still keeps it away, as bits of :class:`_Way`.
    """

    answer: Value
    state: State | None
    left: tuple[int, ...]


class _Way:
    """What has to give way before a wanted result is certain: each part of the rung of the outcome as it is, and each value
    of that result that is unknown. Each has a bit."""

    def __init__(self, tries: Explorer, here: int, wanted: Iterable[Rung]) -> None:
        self.parts = tries.rungs[here]
        self.wanted = tuple(rung.values for rung in wanted)
        self.values = tuple(dict.fromkeys(value for values in self.wanted for value in values))
        self.behind = (*(part.behind for part in self.parts), *(tries.reached[value] for value in self.values))
        self.nothing = (0,) * len(self.wanted)
        self._reach: dict[str, int] = {}

    def left(self, state: State) -> tuple[int, ...]:
        """What is left of it in a case, for each wanted result."""
        parts = sum(1 << bit for bit, part in enumerate(self.parts) if part.test(state) is not False)
        unknown = {value: 1 << bit for bit, value in enumerate(self.values, len(self.parts)) if _has_causes(state.out[value])}
        return tuple(parts | sum(unknown.get(value, 0) for value in values) for values in self.wanted)

    def reach(self, path: str) -> int:
        """The bits that a fact may change; all else stays as it is, whatever that fact is."""
        found = self._reach.get(path)
        if found is None:
            name = root(path)
            found = self._reach[path] = sum(1 << bit for bit, behind in enumerate(self.behind) if name in behind)
        return found


class _Search:
    """Makes a flip real: an answer to a fact that turns the outcome, confirmed by the law itself."""

    def __init__(self, compiled: Compiled, state: State, claim: Claim, plan: _Plan, here: int, wanted: tuple[Rung, ...]) -> None:
        self.compiled, self.state, self.claim, self.plan = compiled, state, claim, plan
        self.wanted = frozenset(rung.result for rung in wanted)
        self.tries: Explorer = explorer(compiled)
        self._rungs = here, wanted
        self._others: dict[str, tuple[_Try, ...]] = {}

    @cached_property
    def _way(self) -> _Way:
        """Made for pairs only: most searches end with single facts."""
        return _Way(self.tries, *self._rungs)

    def alone(self, paths: list[str]) -> Iterator[Change]:
        """Facts that turn the outcome alone."""
        for path in paths:
            if self._known(path) and (change := self._one(path, self.state)) is not None:
                yield change

    def together(self, pairs: list[tuple[int, int]]) -> Iterator[Change]:
        """Two facts that turn the outcome only together."""
        known = {path for path in frozenset().union(*self.plan.facts) if self._known(path)}
        behind = {
            atom: tuple(path for path in self.plan.facts[atom] if path in known) for atom in {atom for pair in pairs for atom in pair}
        }
        seen: set[frozenset[str]] = set()
        for left, right in pairs:
            for one in behind[left]:
                for other in behind[right]:
                    both = frozenset((one, other))
                    if len(both) == 2 and both not in seen:
                        seen.add(both)
                        if (change := self._two(one, other)) is not None:
                            yield change

    def _known(self, path: str) -> bool:
        known = self.state.facts.get(path)
        return known is not None and known is not GEEN and not isinstance(known, Unknown)

    def _one(self, path: str, state: State) -> Change | None:
        fact = fact_at(self.compiled.program, path)
        now = self.state.facts[path]
        for answer in self.tries.answers(path, fact, self.claim.day):
            if answer != now and (result := self._result(state, path, answer)) is not None:
                nearest = self._nearest(state, path, now, answer)
                return Change((Difference(path, fact, now, nearest, limit=nearest != answer or fact.kind.base is Base.MONEY),), result)
        return None

    def _two(self, one: str, other: str) -> Change | None:
        if next(self._open_to(one, other), None) is None:
            return None
        fact, now = fact_at(self.compiled.program, one), self.state.facts[one]
        for tried in self._open_to(other, one):
            state = self.tries.tried(self.state, one, tried.answer) if tried.state is None else tried.state
            second = self._one(other, state)
            if second is not None:
                return Change((Difference(one, fact, now, tried.answer, limit=False), *second.differences), second.result)
        return None

    def _open_to(self, other: str, path: str) -> Iterator[_Try]:
        """The other answers to a fact after which another fact can take away all that still keeps some wanted result away."""
        reach = self._way.reach(other)
        return (tried for tried in self._other_answers(path) if any(not left & ~reach for left in tried.left))

    def _other_answers(self, path: str) -> tuple[_Try, ...]:
        """Each other answer to a fact; made once, as a fact stands in many pairs."""
        found = self._others.get(path)
        if found is None:
            fact, now = fact_at(self.compiled.program, path), self.state.facts[path]
            answers = [answer for answer in self.tries.answers(path, fact, self.claim.day) if answer != now]
            found = self._others[path] = tuple(self._try(path, answer) for answer in answers)
        return found

    def _try(self, path: str, answer: Value) -> _Try:
        try:
            state = self.tries.tried(self.state, path, answer)
        except EngineError:  # not so once the other fact is different too: that case tells
            return _Try(answer, None, self._way.nothing)
        return _Try(answer, state, self._way.left(state))

    def _result(self, state: State, path: str, answer: Value) -> str | None:
        """The outcome under an answer when it is certain and one that is wanted."""
        verdict = self.tries.verdict(state, path, answer, until_open=True)
        result = verdict.possible[0].result
        return result if result in self.wanted and not verdict.causes else None

    def _nearest(self, state: State, path: str, now: Value, answer: Value) -> Value:
        """Between a number that does not turn the outcome and one that does: the nearest that does."""
        if isinstance(now, bool) or isinstance(answer, bool) or not isinstance(now, int) or not isinstance(answer, int):
            return answer
        fails, turns = now, answer
        for _ in range(STEPS):
            if abs(turns - fails) <= 1:
                break
            middle = (fails + turns) // 2
            if self._result(state, path, middle) is not None:
                turns = middle
            else:
                fails = middle
        return turns


def _has_causes(value: Value) -> bool:
    return isinstance(value, Unknown) and bool(value.causes)


def _changeable(program: Program, path: str) -> bool:
    """Whether a fact may be told as a change: declared so, one value, and nothing that a person judged or decided."""
    fact = program.facts.get(path)
    return (
        fact is not None
        and fact.decl.changeable
        and not fact.judged
        and fact.power_of is None
        and fact.kind.base not in (Base.GROUP, Base.LIST, Base.TEXT)
    )


def _behind(atom: tree.Criterion, reads: dict[str, frozenset[str]]) -> Iterator[str]:
    """The facts that decide an atom: its own, and those behind the values that it compares."""
    for node in tree.walk(atom):
        yield from paths_of(node)
        if isinstance(node, tree.OutcomeRef | tree.MemberOutcomeRef):
            yield from reads[node.outcome]


def _facts_behind(compiled: Compiled) -> dict[str, frozenset[str]]:
    """Per outcome every fact that it rests on, directly or through others."""
    tries = explorer(compiled)
    facts = set(compiled.program.facts)
    return {key: frozenset(path for path in reached if path in facts) for key, reached in tries.reached.items()}
