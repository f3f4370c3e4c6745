# SPDX-License-Identifier: EUPL-1.2
"""One case while it runs, and the trace that its rules leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from engine.model.calendar import Calendar
from engine.model.values import Truth, Value

Evaluate: TypeAlias = Callable[["State"], Value]
Test: TypeAlias = Callable[["State"], Truth]


@dataclass(slots=True)
class RuleTrace:
    """What one rule did in one case (for one list item, where it decides items).

    ``nodes`` holds the truth of every criterion of the rule by its number; None where it was not reached.
    ``row`` is the row of its ``tabel`` that gave the value, where that is certain.
    """

    holds: Truth
    applies: Truth
    power: Truth | None
    exceptions: tuple[Truth, ...]
    nodes: list[Truth | None]
    value: Value | None = None
    row: int | None = None


@dataclass(slots=True)
class State:
    """One case while it runs. ``facts`` is complete: a fact that is not given holds an :class:`Unknown`.

    ``out`` holds what rules decided, ``holds`` the truth of each rule, ``items`` the same per list item.
    """

    facts: dict[str, Value]
    amounts: Mapping[str, Value]
    fillings: Mapping[str, Value]
    calendar: Calendar
    out: dict[str, Value] = field(default_factory=dict)
    holds: dict[str, Truth] = field(default_factory=dict)
    items: dict[str, list[Value]] = field(default_factory=dict)
    item_holds: dict[str, list[Truth]] = field(default_factory=dict)
    traces: dict[str, list[RuleTrace]] = field(default_factory=dict)
    row: Mapping[str, Value] = field(default_factory=dict)
    index: int = 0
    nodes: list[Truth | None] = field(default_factory=list)
    chosen: int | None = None

    def changed(self, facts: Mapping[str, Value]) -> State:
        """A copy in which these facts differ; outcomes are shared until they are run again."""
        return State(
            {**self.facts, **facts},
            self.amounts,
            self.fillings,
            self.calendar,
            dict(self.out),
            dict(self.holds),
            dict(self.items),
            dict(self.item_holds),
        )
