# SPDX-License-Identifier: EUPL-1.2
"""The second opinion: the same criteria once more, as forward-chaining rules on durable_rules (a Rete in C).

It shares the parser, the types and the atoms with the first engine, so it checks the logic over the atoms and nothing
else: every ja/nee outcome, every rule behind one, and every rung of the ladder. Atoms, value outcomes and outcomes per
list item come from the first engine; all that durable_rules sees is small integers that stand for "this holds".

``durable-rules`` is an extra. Without it, and wherever its process fails, everything else works.
"""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Callable, Container, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Protocol
from weakref import WeakKeyDictionary

from engine.logic.circuit import TRUE, Circuit, Point, circuit_of, opposite
from engine.logic.durable_process import Worker, WorkerLost
from engine.logic.durable_wiring import Stage, stages_of
from engine.logic.evaluator import compile_test
from engine.logic.state import State, Test
from engine.model.problems import EngineError
from engine.model.program import Program

SAME = "gelijk"
NONE = "geen"
NOTHING: frozenset[str] = frozenset()
MOST_GIVEN = 8
"""For so many sets of outcomes from elsewhere the plan of a program is kept."""

log = logging.getLogger(__name__)
_numbers = count(1)


class Runnable(Protocol):
    """What a second opinion needs of a compiled program."""

    @property
    def program(self) -> Program:
        """The program."""

    @property
    def ladder(self) -> tuple[Test, ...]:
        """The closure of each rung."""


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether the second engine can run here; false with a reason in Dutch."""

    reason: str = ""

    def __bool__(self) -> bool:
        return not self.reason


@lru_cache(maxsize=1)
def available() -> Availability:
    """Whether durable_rules is installed and can be loaded (on Python 3.13 it builds, but cannot be)."""
    if os.name != "posix":
        return Availability("de tweede motor draait alleen op Linux en macOS")
    try:
        importlib.import_module("durable_rules_engine")
    except ModuleNotFoundError:
        return Availability("durable-rules is niet geïnstalleerd")
    except ImportError:
        return Availability("durable-rules kan op deze versie van Python niet worden geladen")
    return Availability()


@lru_cache(maxsize=1)
def second_opinion() -> DurableOpinion | None:
    """The second opinion of this process, with one worker for all its threads; None where the engine is not available."""
    return DurableOpinion() if available() else None


@dataclass(frozen=True, slots=True)
class Plan:
    """A program made ready: its circuit, the closures of the atoms, and the rulesets."""

    number: int
    circuit: Circuit
    atoms: tuple[Test, ...]
    stages: tuple[Stage, ...]

    def tokens(self, state: State) -> list[int]:
        """What holds of the atoms in a case; an unknown atom has no token."""
        found = [TRUE]
        for node, atom in enumerate(self.atoms, start=1):
            truth = atom(state)
            if truth is True:
                found.append(2 * node)
            elif truth is False:
                found.append(2 * node + 1)
        return found


def plan_of(program: Program, given: frozenset[str] = frozenset()) -> Plan:
    """Make a program ready for the second engine, for cases in which these outcomes were decided elsewhere."""
    circuit = circuit_of(program, given)
    return Plan(next(_numbers), circuit, tuple(compile_test(atom, program) for atom in circuit.atoms), stages_of(circuit))


@dataclass(frozen=True, slots=True)
class Difference:
    """One output on which the engines give different answers, in words."""

    point: Point
    name: str
    first: str
    second: str

    def __str__(self) -> str:
        return (
            f"De twee motoren geven een verschillend antwoord op {self.point} `{self.name}`: "
            f"de eerste zegt {self.first}, de tweede {self.second}. Er wordt geen beoordeling gegeven; meld dit aan de beheerder."
        )


def differences(plan: Plan, compiled: Runnable, state: State, known: Container[int]) -> Iterator[Difference]:
    """Where what the first engine left in the state is not what the second derived."""
    rungs = iter(compiled.ladder)
    outcome, rule = Point.OUTCOME, Point.RULE
    for output in plan.circuit.outputs:
        if output.point is outcome:
            first = state.out[output.name]
        elif output.point is rule:
            first = state.holds[output.name]
        else:
            first = next(rungs)(state)
        said = first is True, first is False
        derived = output.literal in known, opposite(output.literal) in known
        if said != derived:
            yield Difference(output.point, output.name, _words(*said), _words(*derived))


def _words(holds: bool, fails: bool) -> str:
    if holds:
        return "waar en onwaar tegelijk" if fails else "waar"
    return "onwaar" if fails else "onbekend"


class DurableOpinion:
    """A second opinion to give to :func:`engine.passes.assess.assess`.

    ``limit`` is the time one opinion may take, in seconds. ``given`` and ``missing`` count opinions and failures;
    ``last_failure`` says why the last one failed.
    """

    def __init__(self, limit: float = 1.0, start_limit: float = 10.0) -> None:
        self.worker = Worker(limit, start_limit)
        self.given = 0
        self.missing = 0
        self.last_failure = ""
        self._plans: WeakKeyDictionary[Runnable, dict[frozenset[str], Plan]] = WeakKeyDictionary()

    def __call__(self, compiled: Runnable, state: State) -> str:
        """``gelijk``, or ``geen`` when the worker failed. Raises :class:`EngineError` when the engines differ."""
        with self.asked(compiled, state) as opinion:
            return opinion()

    @contextmanager
    def asked(self, compiled: Runnable, state: State) -> Iterator[Callable[[], str]]:
        """The same while the worker is at it: what this gives waits for the opinion. What was decided in the state must stay as it is."""
        plan = self._plan(compiled, state)
        with ExitStack() as worker:
            try:
                answer = worker.enter_context(self.worker.asked(plan.number, plan.stages, [plan.tokens(state)]))
            except WorkerLost as lost:
                self._missed(compiled, lost)
                yield lambda: NONE
                return
            yield lambda: self._held_against(plan, compiled, state, answer)

    def _held_against(self, plan: Plan, compiled: Runnable, state: State, answer: Callable[[], list[set[int]]]) -> str:
        try:
            (known,) = answer()
        except WorkerLost as lost:
            self._missed(compiled, lost)
            return NONE
        self.given += 1
        for difference in differences(plan, compiled, state, known):
            log.error("the engines differ on %s: %s %s", compiled.program.claim, difference.point, difference.name)
            raise EngineError(str(difference))
        return SAME

    def _missed(self, compiled: Runnable, lost: WorkerLost) -> None:
        self.missing += 1
        self.last_failure = str(lost)
        log.warning("no second opinion on %s: %s", compiled.program.claim, lost)

    def close(self) -> None:
        """End the worker process."""
        self.worker.close()

    def _plan(self, compiled: Runnable, state: State) -> Plan:
        """The plan of a program: for most cases its first one, for others by the outcomes that were decided elsewhere."""
        plans = self._plans.get(compiled)
        if plans is None:
            plans = self._plans[compiled] = {NOTHING: plan_of(compiled.program)}
        given = plans[NOTHING].circuit.given(state.facts)
        plan = plans.get(given)
        if plan is None:
            plan = plan_of(compiled.program, given)
            if len(plans) <= MOST_GIVEN:
                plans[given] = plan
        return plan
