# SPDX-License-Identifier: EUPL-1.2
"""From a program to atoms, gates and what they stand for."""

from __future__ import annotations

from engine.logic.circuit import FALSE, TRUE, Circuit, Gate, Output, Point, circuit_of
from engine.model import tree
from engine.model.kinds import BOOL, INT
from engine.model.program import Rung
from tests.logic.small import fact, lit, number_rule, outcome, program, says, yes_no_rule

P, Q = says("p"), says("q")


def test_a_rule_is_a_gate_over_its_conditions_its_power_and_its_exceptions() -> None:
    rule = yes_no_rule("r", P, power="keuze(r)", exceptions=(Q, says("s")))
    circuit = circuit_of(program(outcome("u", rule), ladder=(Rung("anders", tree.Const(True)),)))
    assert circuit == Circuit(
        atoms=(P, says("keuze(r)"), Q, says("s")),
        gates=(Gate(False, (6, 8), 1), Gate(True, (2, 4, 11), 2)),
        outputs=(Output(Point.RULE, "r", 12), Output(Point.OUTCOME, "u", 12), Output(Point.RUNG, "anders", TRUE)),
    )


def test_what_is_read_twice_is_there_once() -> None:
    both = tree.And((P, Q))
    circuit = circuit_of(program(outcome("u", yes_no_rule("r1", both), yes_no_rule("r2", tree.And((Q, tree.Line("p", P))), "u"))))
    assert circuit.atoms == (P, Q)
    assert len(circuit.gates) == 1
    assert len({output.literal for output in circuit.outputs}) == 1


def test_a_negation_is_in_the_literal_and_no_gate() -> None:
    circuit = circuit_of(program(outcome("u", yes_no_rule("r", tree.Not(tree.Not(tree.Not(P)))))))
    assert circuit.gates == ()
    assert circuit.outputs[0].literal == 3


def test_what_always_or_never_holds_folds_away() -> None:
    always, never = tree.Const(True), tree.Const(False)

    def literal(criterion: tree.Criterion) -> int:
        return circuit_of(program(outcome("u", yes_no_rule("r", criterion)))).outputs[0].literal

    assert [literal(node) for node in (tree.And(()), tree.And((always,)), tree.Or((P, always)))] == [TRUE] * 3
    assert [literal(node) for node in (tree.Or(()), tree.Or((never,)), tree.And((P, never)))] == [FALSE] * 3
    assert literal(tree.And((P, always))) == literal(tree.Or((P, never))) == 2


def test_later_outcomes_read_the_gate_of_earlier_ones_and_rules() -> None:
    first = outcome("u", yes_no_rule("r1", P), yes_no_rule("r2", Q))
    later = outcome("v", yes_no_rule("s", tree.And((tree.Truth(tree.OutcomeRef(BOOL, "u")), tree.RuleHolds("r1"))), "v"))
    circuit = circuit_of(program(first, later))
    assert circuit.atoms == (P, Q)
    assert [gate.layer for gate in circuit.gates] == [1, 2]


def test_values_and_outcomes_per_item_stay_outside_as_atoms() -> None:
    number = outcome("n", number_rule("rn", P, lit(1), "n"))
    each = outcome("m", yes_no_rule("rm", Q, "m", list="l"), place="l")
    reads = (
        tree.RuleHolds("rn"),
        tree.Compare(">", tree.OutcomeRef(INT, "n"), lit(0)),
        tree.Exists("l", tree.Truth(tree.MemberOutcomeRef(BOOL, "l", "m"))),
    )
    circuit = circuit_of(program(number, each, outcome("u", yes_no_rule("r", tree.Or(reads)))))
    assert circuit.atoms == reads
    assert [output.name for output in circuit.outputs] == ["r", "u"]


def test_a_gate_stands_after_what_it_reads() -> None:
    inner = tree.Or((P, tree.And((Q, says("s")))))
    circuit = circuit_of(program(outcome("u", yes_no_rule("r", tree.And((inner, fact_is(3)))))))
    for number, gate in enumerate(circuit.gates):
        assert all(literal >> 1 < circuit.first_gate + number for literal in gate.inputs)


def fact_is(value: int) -> tree.Criterion:
    return tree.Compare("is", fact("n"), lit(value))
