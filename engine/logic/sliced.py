# SPDX-License-Identifier: EUPL-1.2
"""The bit-sliced engine: one circuit over thousands of scenarios at once, for flips of one or two atoms.

Every node holds two integers, where it is true and where it is false, one bit per scenario; a bit in neither is
unknown. `En` intersects what is true and joins what is false, `of` the other way round, negation swaps the two. It
knows only the circuit, so values that atoms compare are not computed anew: a flip says what would follow if that one
test came out otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from engine.logic.circuit import TRUE, Circuit, Output
from engine.model.values import Truth

Setting = tuple[tuple[int, bool], ...]
"""A scenario: atoms by their number, each with the truth it is given; everything else stays as it is."""


@dataclass(frozen=True, slots=True)
class Scenarios:
    """A set of scenarios as masks: per atom in which of them it is set true, and in which false."""

    settings: tuple[Setting, ...]
    set_true: tuple[int, ...]
    set_false: tuple[int, ...]
    everywhere: int


def scenarios(atoms: int, settings: Iterable[Setting]) -> Scenarios:
    """Masks for these scenarios over a circuit with this many atoms."""
    chosen = tuple(settings)
    trues, falses = [0] * atoms, [0] * atoms
    for number, setting in enumerate(chosen):
        for atom, truth in setting:
            (trues if truth else falses)[atom] |= 1 << number
    return Scenarios(chosen, tuple(trues), tuple(falses), (1 << len(chosen)) - 1)


@lru_cache(maxsize=32)
def single_flips(atoms: int, among: tuple[int, ...] | None = None) -> Scenarios:
    """Each atom (of those that are named) alone, set true and set false."""
    chosen = range(atoms) if among is None else among
    return scenarios(atoms, (((atom, truth),) for atom in chosen for truth in (True, False)))


@lru_cache(maxsize=8)
def pair_flips(atoms: int, among: tuple[int, ...] | None = None) -> Scenarios:
    """Each pair of atoms (of those that are named) in its four combinations."""
    both = ((True, True), (True, False), (False, True), (False, False))
    chosen = range(atoms) if among is None else among
    return scenarios(atoms, (((i, a), (j, b)) for i, j in combinations(chosen, 2) for a, b in both))


@dataclass(frozen=True, slots=True)
class Sliced:
    """What a circuit gives in every scenario: per literal a mask of where it is true."""

    scenarios: Scenarios
    masks: tuple[int, ...]

    def true_in(self, literal: int) -> int:
        """The scenarios in which a literal is true, as a mask."""
        return self.masks[literal]

    def truth(self, literal: int, scenario: int) -> bool | None:
        """A literal in one scenario: true, false, or None for unknown."""
        bit = 1 << scenario
        return True if self.masks[literal] & bit else False if self.masks[literal ^ 1] & bit else None

    def settings_where(self, mask: int) -> tuple[Setting, ...]:
        """The scenarios of a mask."""
        # The digits of the mask at once, lowest first, going from one to the next: a step for each scenario would take longer
        # than the circuit itself.
        digits, found, at = f"{mask:b}"[::-1], [], -1
        while (at := digits.find("1", at + 1)) >= 0:
            found.append(self.scenarios.settings[at])
        return tuple(found)


def evaluate(circuit: Circuit, atoms: Sequence[Truth], chosen: Scenarios) -> Sliced:
    """Run a circuit over scenarios. ``atoms`` are the truths of the case as it is, in the order of the circuit."""
    masks = [0] * (2 * (circuit.first_gate + len(circuit.gates)))
    everywhere = chosen.everywhere
    masks[TRUE] = everywhere
    for number, truth in enumerate(atoms):
        node = 2 * (1 + number)
        is_true, is_false = chosen.set_true[number], chosen.set_false[number]
        masks[node] = everywhere ^ is_false if truth is True else is_true
        masks[node + 1] = everywhere ^ is_true if truth is False else is_false
    for number, gate in enumerate(circuit.gates, start=circuit.first_gate):
        met, failed = 2 * number, 2 * number + 1
        if not gate.conjunction:
            met, failed = failed, met
        # A conjunction is true where all are; a disjunction is false where all are: the same walk, with the roles swapped.
        turn = 0 if gate.conjunction else 1
        every, some = everywhere, 0
        for literal in gate.inputs:
            every &= masks[literal ^ turn]
            some |= masks[literal ^ 1 ^ turn]
        masks[met], masks[failed] = every, some
    return Sliced(chosen, tuple(masks))


@dataclass(frozen=True, slots=True)
class Turn:
    """A smallest change that makes an output true: one atom, or two that do so only together."""

    setting: Setting


def turns(
    circuit: Circuit, atoms: Sequence[Truth], output: Output, possible: Callable[[Setting], bool], *, pairs: bool = True
) -> tuple[Turn, ...]:
    """The single atoms, then the pairs, that make an output true where it is not true now.

    ``possible`` drops scenarios that no case can have (27 or older and younger than 21). A pair is given only when
    neither of its atoms does it alone.
    """
    count = len(circuit.atoms)
    alone = evaluate(circuit, atoms, single_flips(count))
    found = [Turn(setting) for setting in alone.settings_where(alone.true_in(output.literal)) if possible(setting)]
    done = {turn.setting[0] for turn in found}
    if pairs and count > 1:
        together = evaluate(circuit, atoms, pair_flips(count))
        for setting in together.settings_where(together.true_in(output.literal)):
            if not done & set(setting) and possible(setting):
                found.append(Turn(setting))
    return tuple(found)
