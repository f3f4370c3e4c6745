# SPDX-License-Identifier: EUPL-1.2
"""Running no more of a program than its ladder asks: rung by rung, and the values of the results that stay possible.

Gives the same verdict as a full run; what it does not rest on is left out until :meth:`Staged.finish`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from engine.language.order import depends_on, owners
from engine.logic.evaluator import CompiledOutcome
from engine.logic.state import State
from engine.passes.first import Verdict, read_ladder, run
from engine.rulebook import Compiled


class Staged:
    """The quick steps of a program, found by the outcome that needs them."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._cones: dict[str, tuple[CompiledOutcome, ...]] = {}

    def run(self, state: State) -> Verdict:
        """Run what decides the result, with its values, and read the ladder."""
        done: set[str] = set()

        def need(keys: Iterable[str]) -> None:
            for key in keys:
                for step in self._cone(key):
                    if step.outcome.key not in done:
                        done.add(step.outcome.key)
                        step.run(state)

        return read_ladder(self.compiled, state, need)

    def finish(self, state: State) -> None:
        """Run everything that was left out."""
        done = state.out.keys() | state.items.keys()
        run((step for step in self.compiled.quick if step.outcome.key not in done), state)

    def _cone(self, key: str) -> tuple[CompiledOutcome, ...]:
        """The step of an outcome after the steps of all that it rests on."""
        if key not in self._cones:
            needed: set[str] = set()
            waiting = [key]
            while waiting:
                found = waiting.pop()
                if found not in needed:
                    needed.add(found)
                    waiting += self._reads[found]
            self._cones[key] = tuple(step for step in self.compiled.quick if step.outcome.key in needed)
        return self._cones[key]

    @cached_property
    def _reads(self) -> dict[str, set[str]]:
        outcomes = self.compiled.program.outcomes
        owner = owners(outcomes)
        return {outcome.key: depends_on(outcome, owner) for outcome in outcomes}
