# SPDX-License-Identifier: EUPL-1.2
"""Running no more of a program than its ladder asks: rung by rung, and the values of the result that is reached.

Gives the same result and values as a full run; what the result does not rest on is left out until :meth:`Staged.finish`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.language.order import depends_on
from engine.logic.evaluator import CompiledOutcome
from engine.logic.state import State
from engine.model import tree
from engine.model.program import Rung
from engine.passes.first import run
from engine.rulebook import Compiled


class Staged:
    """The quick steps of a program, parted by the rung that first needs them."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.owner = {rule.key: outcome.key for outcome in compiled.program.outcomes for rule in outcome.rules}
        self.reads = {outcome.key: depends_on(outcome, self.owner) for outcome in compiled.program.outcomes}
        self.rungs: list[tuple[CompiledOutcome, ...]] = []
        self.values: list[tuple[CompiledOutcome, ...]] = []
        done: set[str] = set()
        for rung in compiled.program.ladder:
            self.rungs.append(self._steps(self._asked(rung), done))
            done |= {step.outcome.key for step in self.rungs[-1]}
            self.values.append(self._steps(rung.values, done))

    def run(self, state: State) -> None:
        """Run what decides the result, and its values."""
        possible: list[int] = []
        for index, (steps, test) in enumerate(zip(self.rungs, self.compiled.ladder, strict=True)):
            run(steps, state)
            truth = test(state)
            if truth is not False:
                possible.append(index)
            if truth is True:
                break
        for index in possible:
            run(self.values[index], state)

    def finish(self, state: State) -> None:
        """Run everything that was left out."""
        run((step for step in self.compiled.quick if step.outcome.key not in _ran(state, step)), state)

    def _asked(self, rung: Rung) -> Iterator[str]:
        for node in tree.walk(rung.criterion):
            if isinstance(node, tree.OutcomeRef | tree.MemberOutcomeRef):
                yield node.outcome
            elif isinstance(node, tree.RuleHolds):
                yield self.owner[node.key]

    def _steps(self, keys: Iterable[str], done: set[str]) -> tuple[CompiledOutcome, ...]:
        """The steps of these outcomes and of all that they read, in order, without those that ran before."""
        needed: set[str] = set()
        waiting = [key for key in keys if key not in done]
        while waiting:
            key = waiting.pop()
            if key not in needed:
                needed.add(key)
                waiting += self.reads[key] - done
        return tuple(step for step in self.compiled.quick if step.outcome.key in needed)


def _ran(state: State, step: CompiledOutcome) -> Mapping[str, object]:
    return state.items if step.outcome.list is not None else state.out


__all__ = ["Staged"]
