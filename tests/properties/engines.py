# SPDX-License-Identifier: EUPL-1.2
"""Runs a program on a case and gives what must be the same whichever way it is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.logic.evaluator import CompiledOutcome
from engine.logic.state import State
from engine.model.problems import EngineError
from engine.model.values import Truth, Unknown, Value
from engine.passes.first import run
from engine.rulebook import Compiled
from tests.properties.cases import Facts, state_of


@dataclass(frozen=True)
class Result:
    """What came out, by name: outcomes, rules, both per list item, and rungs. ``conflict``: two rules contradict each other."""

    values: Mapping[str, Value]
    state: State
    conflict: bool = False

    def definite(self) -> Iterator[tuple[str, Value]]:
        """What is known."""
        return ((name, value) for name, value in self.values.items() if not isinstance(value, Unknown))


def result_of(compiled: Compiled, facts: Facts, *, traced: bool = False) -> Result:
    """Run the python engine on a case."""
    state = state_of(facts)
    steps: tuple[CompiledOutcome, ...] = compiled.traced if traced else compiled.quick
    try:
        run(steps, state)
    except EngineError:
        return Result({}, state, conflict=True)
    return Result(dict(_values(compiled, state)), state)


def _values(compiled: Compiled, state: State) -> Iterator[tuple[str, Value]]:
    yield from ((f"uitkomst {key}", value) for key, value in state.out.items())
    yield from ((f"regel {key}", truth) for key, truth in state.holds.items())
    for key, values in state.items.items():
        yield from ((f"uitkomst {key}[{index}]", value) for index, value in enumerate(values))
    for key, truths in state.item_holds.items():
        yield from ((f"regel {key}[{index}]", truth) for index, truth in enumerate(truths))
    for rung, test in zip(compiled.program.ladder, compiled.ladder, strict=True):
        yield f"trede {rung.result}", test(state)


def plain(truth: Truth | Value) -> object:
    """A value without its causes."""
    return "onbekend" if isinstance(truth, Unknown) else truth
