# SPDX-License-Identifier: EUPL-1.2
"""A program as a small boolean circuit: numbered atoms, and gates of ``en`` and ``of`` over them.

What the other engines run. Plain data, and the same for the same program. A *literal* is ``2 * node``, or
``2 * node + 1`` for its negation; node 0 is the constant true, then come the atoms, then the gates, each after what it
reads. Negation thus stands in the literals and never in a gate, and pushing it inwards is exact in three values.

Value outcomes, outcomes that are decided per list item and outcomes that a case gives stay outside: a test on them is an atom.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from engine.model import tree
from engine.model.program import Program

TRUE = 0
FALSE = 1


def opposite(literal: int) -> int:
    """The negation of a literal."""
    return literal ^ 1


class Point(StrEnum):
    """What an output of the circuit stands for; said so in messages."""

    OUTCOME = "uitkomst"
    RULE = "regel"
    RUNG = "trede"


@dataclass(frozen=True, slots=True)
class Gate:
    """True when every input is (``conjunction``), or when one is. ``layer`` is one more than the highest it reads."""

    conjunction: bool
    inputs: tuple[int, ...]
    layer: int


@dataclass(frozen=True, slots=True)
class Output:
    """A literal with a meaning: an outcome or a rule by its key, a rung by its name."""

    point: Point
    name: str
    literal: int


@dataclass(frozen=True)
class Circuit:
    """See the module. Atom ``i`` is node ``1 + i``; gate ``i`` is node ``1 + len(atoms) + i``."""

    atoms: tuple[tree.Criterion, ...]
    gates: tuple[Gate, ...]
    outputs: tuple[Output, ...]

    def given(self, facts: Iterable[str]) -> frozenset[str]:
        """Of its outcomes those that are among the facts of a case: they were decided elsewhere."""
        return self._decides.intersection(facts)

    @cached_property
    def _decides(self) -> frozenset[str]:
        return frozenset(output.name for output in self.outputs if output.point is Point.OUTCOME)

    @property
    def first_gate(self) -> int:
        """The node of the first gate."""
        return 1 + len(self.atoms)


def circuit_of(program: Program, given: frozenset[str] = frozenset()) -> Circuit:
    """Every ja/nee outcome of the whole case or a person, every rule that decides one, and every rung of the ladder.

    ``given`` are keys of outcomes that were decided elsewhere: what their rules say does not count.
    """
    builder = _Builder({outcome.key for outcome in program.outcomes if outcome.boolean and outcome.list is None} - given)
    outputs: list[Output] = []
    for outcome in program.outcomes:
        if outcome.key in builder.inside:
            outputs += builder.outcome(outcome)
    outputs += [Output(Point.RUNG, rung.result, builder.literal(rung.criterion)) for rung in program.ladder]
    return builder.finish(tuple(outputs))


@dataclass
class _Builder:
    """Gathers atoms and gates; equal ones once. Until the number of atoms is known gates count from -1 downwards."""

    inside: set[str]
    atoms: dict[tree.Criterion, int] = field(default_factory=dict)
    gates: dict[tuple[bool, tuple[int, ...]], int] = field(default_factory=dict)
    layers: dict[int, int] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)
    rules: dict[str, int] = field(default_factory=dict)

    def outcome(self, outcome: tree.Outcome) -> list[Output]:
        found = []
        for rule in outcome.rules:
            literal = self.rules[rule.key] = self.literal(rule.criterion())
            found.append(Output(Point.RULE, rule.key, literal))
        literal = self.outcomes[outcome.key] = self.gate(False, tuple(self.rules[rule.key] for rule in outcome.rules))
        return [*found, Output(Point.OUTCOME, outcome.key, literal)]

    def literal(self, node: tree.Criterion) -> int:
        match node:
            case tree.Line(child=child):
                return self.literal(child)
            case tree.Const(value=value):
                return TRUE if value else FALSE
            case tree.Not(child=child):
                return opposite(self.literal(child))
            case tree.And(children=children):
                return self.gate(True, tuple(self.literal(child) for child in children))
            case tree.Or(children=children):
                return self.gate(False, tuple(self.literal(child) for child in children))
            case tree.RuleHolds(key=key) if key in self.rules:
                return self.rules[key]
            case tree.Truth(value=tree.OutcomeRef(outcome=outcome)) if outcome in self.inside:
                return self.outcomes[outcome]
        return 2 * self.atoms.setdefault(node, 1 + len(self.atoms))

    def gate(self, conjunction: bool, inputs: tuple[int, ...]) -> int:
        nothing, decisive = (TRUE, FALSE) if conjunction else (FALSE, TRUE)
        parts = tuple(sorted({literal for literal in inputs if literal != nothing}))
        if decisive in parts:
            return decisive
        if len(parts) <= 1:
            return parts[0] if parts else nothing
        key = (conjunction, parts)
        number = self.gates.setdefault(key, -1 - len(self.gates))
        self.layers[number] = 1 + max(self.layers.get(part >> 1, 0) for part in parts)
        return 2 * number

    def finish(self, outputs: tuple[Output, ...]) -> Circuit:
        first = 1 + len(self.atoms)

        def final(literal: int) -> int:
            return literal if literal >= 0 else 2 * (first - 1 - (literal >> 1)) + (literal & 1)

        gates = tuple(
            Gate(conjunction, tuple(sorted(final(part) for part in parts)), self.layers[number])
            for (conjunction, parts), number in self.gates.items()
        )
        return Circuit(tuple(self.atoms), gates, tuple(Output(output.point, output.name, final(output.literal)) for output in outputs))
