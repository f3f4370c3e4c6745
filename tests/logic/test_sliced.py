# SPDX-License-Identifier: EUPL-1.2
"""The bit-sliced engine: the same answers as the python engine, for every scenario at once."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, strategies as st

from engine.logic import sliced
from engine.logic.circuit import Circuit, Gate, Output, Point
from engine.logic.kleene import all_of, any_of, negation
from engine.model import tree
from engine.model.kinds import BOOL
from engine.model.values import CauseKind, Truth, Unknown

UNKNOWN = Unknown.because(CauseKind.FACT, "x")


def atom(name: str) -> tree.Criterion:
    return tree.Truth(tree.FactRef(BOOL, name))


@st.composite
def circuits(draw: st.DrawFn) -> Circuit:
    """A random circuit: gates read anything before them, negated or not."""
    atoms = draw(st.integers(1, 6))
    gates = []
    for number in range(draw(st.integers(1, 8))):
        reads = st.integers(0, 2 * (1 + atoms + number) - 1)
        gates.append(Gate(draw(st.booleans()), tuple(draw(st.lists(reads, min_size=1, max_size=4))), 1))
    last = 2 * (atoms + len(gates))
    return Circuit(tuple(atom(f"a{n}") for n in range(atoms)), tuple(gates), (Output(Point.RUNG, "r", last),))


def one_by_one(circuit: Circuit, atoms: list[Truth]) -> list[Truth]:
    """Every literal of a circuit by plain Kleene logic."""
    nodes: list[Truth] = [True, *atoms]
    for gate in circuit.gates:
        inputs = [negation(nodes[literal >> 1]) if literal & 1 else nodes[literal >> 1] for literal in gate.inputs]
        nodes.append(all_of(inputs) if gate.conjunction else any_of(inputs))
    return [truth for node in nodes for truth in (node, negation(node))]


def plain(truth: Truth) -> bool | None:
    return truth if isinstance(truth, bool) else None


@given(circuits(), st.data())
def test_every_scenario_gives_what_plain_logic_gives_for_it(circuit: Circuit, data: st.DataObject) -> None:
    count = len(circuit.atoms)
    each: st.SearchStrategy[Truth] = st.sampled_from([True, False, UNKNOWN])
    atoms = data.draw(st.lists(each, min_size=count, max_size=count))
    for chosen in (sliced.single_flips(count), sliced.pair_flips(count)):
        found = sliced.evaluate(circuit, atoms, chosen)
        for number, setting in enumerate(chosen.settings):
            tried = list(atoms)
            for which, truth in setting:
                tried[which] = truth
            expected = one_by_one(circuit, tried)
            assert [found.truth(literal, number) for literal in range(len(expected))] == [plain(truth) for truth in expected]


def test_there_are_28560_pairs_of_120_atoms() -> None:
    assert len(sliced.pair_flips(120).settings) == 28_560


def test_flips_among_some_atoms_leave_the_others_as_they_are() -> None:
    assert sliced.single_flips(4, (1, 3)).settings == (((1, True),), ((1, False),), ((3, True),), ((3, False),))
    assert {tuple(atom for atom, _ in setting) for setting in sliced.pair_flips(4, (0, 2, 3)).settings} == {(0, 2), (0, 3), (2, 3)}


def both(left: int, right: int) -> Circuit:
    return Circuit((atom("p"), atom("q")), (Gate(True, (left, right), 1),), (Output(Point.RUNG, "r", 6),))


def test_one_atom_that_turns_the_result_is_found_alone_and_not_again_in_a_pair() -> None:
    found = sliced.turns(both(2, 4), [True, False], both(2, 4).outputs[0], lambda setting: True)
    assert [turn.setting for turn in found] == [((1, True),)]


def test_two_atoms_that_turn_the_result_only_together_are_found_as_a_pair() -> None:
    found = sliced.turns(both(2, 4), [False, False], both(2, 4).outputs[0], lambda setting: True)
    assert [turn.setting for turn in found] == [((0, True), (1, True))]


def test_a_scenario_that_no_case_can_have_is_dropped() -> None:
    found = sliced.turns(both(2, 4), [False, False], both(2, 4).outputs[0], lambda setting: len(setting) < 2)
    assert found == ()


@pytest.mark.parametrize(("p", "q"), list(product([True, False], repeat=2)))
def test_negation_stands_in_the_literal(p: bool, q: bool) -> None:
    found = sliced.evaluate(both(3, 4), [p, q], sliced.scenarios(2, [()]))
    assert found.truth(6, 0) is (not p and q)
