# SPDX-License-Identifier: EUPL-1.2
"""Bringing outcomes up to date in a case in which one fact is otherwise: each once, and only when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.logic.evaluator import CompiledOutcome
from engine.logic.kleene import both
from engine.logic.state import State, Test
from engine.model.values import Truth, Unknown


@dataclass(frozen=True, slots=True)
class Way:
    """How an outcome is brought up to date when one fact differs: of what it needs only what that fact touches as well.

    ``watched`` are those of its rules that other outcomes read themselves.
    """

    step: CompiledOutcome
    needs: tuple[str, ...]
    reads: frozenset[str]
    watched: tuple[str, ...]
    parts: tuple[tuple[Test, tuple[str, ...]], ...] | None


class Pull:
    """Brings outcomes up to date in a tried case, each once and only when asked for.

    An outcome that is one big `of` (the blocking grounds) is asked part by part, and no further than the first part
    that holds.
    """

    def __init__(self, ways: Mapping[str, Way], before: State, after: State, root: str) -> None:
        self.waiting = dict(ways)
        self.before, self.after = before, after
        self.changed = {root}

    def need(self, keys: Iterable[str]) -> None:
        """Bring these outcomes up to date."""
        for key in keys:
            way = self.waiting.pop(key, None)
            if way is not None:
                self._refresh(way)

    def _refresh(self, way: Way) -> None:
        if way.parts is not None:
            self._ask(way.step.outcome.key, way.parts)
            return
        if way.needs:
            self.need(way.needs)
        if not self.changed.isdisjoint(way.reads):
            way.step.run(self.after)
            self.changed.update(changed_by(way.step, way.watched, self.before, self.after))

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


def changed_by(step: CompiledOutcome, watched: Iterable[str], before: State, after: State) -> list[str]:
    """The keys of the outcome and of the watched rules of it that a step left different."""
    key = step.outcome.key
    if step.outcome.list is not None:
        changed = [rule for rule in watched if before.item_holds.get(rule) != after.item_holds[rule]]
        return [key, *changed] if before.items.get(key) != after.items[key] else changed
    changed = [rule for rule in watched if before.holds[rule] is not after.holds[rule] and before.holds[rule] != after.holds[rule]]
    if before.out[key] is not after.out[key] and before.out[key] != after.out[key]:
        changed.append(key)
    return changed
