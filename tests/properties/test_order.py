# SPDX-License-Identifier: EUPL-1.2
"""Order changes nothing: of rules, of outcomes, of facts, of the parts of a condition."""

from __future__ import annotations

from dataclasses import fields, replace
from graphlib import TopologicalSorter
from random import Random
from typing import Any

from hypothesis import given, strategies as st

from engine.language.order import depends_on
from engine.model import tree
from engine.model.program import Program
from engine.rulebook import Compiled
from tests.properties.cases import full_case, hidden, shuffled
from tests.properties.engines import result_of
from tests.properties.trees import programs

CASES = 25


@given(programs(), st.integers(0, 2**32))
def test_the_order_of_rules_facts_and_conditions_changes_no_value_and_no_cause(program: Program, seed: int) -> None:
    random = Random(seed)
    compiled, other = Compiled(program), Compiled(reordered(program, random))
    for _ in range(CASES):
        facts = hidden(full_case(program, random), random.choice((0.0, 0.3)), random)
        first, second = result_of(compiled, facts), result_of(other, shuffled(facts.items(), random))
        assert first.conflict == second.conflict
        assert first.values == second.values


def reordered(program: Program, random: Random) -> Program:
    """The same program: outcomes in another order that fits, rules and parts of conditions in any order."""
    owner = {rule.key: outcome.key for outcome in program.outcomes for rule in outcome.rules}
    outcomes = {outcome.key: outcome for outcome in program.outcomes}
    keys = list(outcomes)
    random.shuffle(keys)
    graph = {key: depends_on(outcomes[key], owner) for key in keys}
    order = TopologicalSorter(graph).static_order()
    ladder = tuple(replace(rung, criterion=_mixed(rung.criterion, random)) for rung in program.ladder)
    return replace(program, outcomes=tuple(_outcome(outcomes[key], random) for key in order), ladder=ladder)


def _outcome(outcome: tree.Outcome, random: Random) -> tree.Outcome:
    rules = [_mixed(rule, random) for rule in outcome.rules]
    random.shuffle(rules)
    return replace(outcome, rules=tuple(rules))


def _mixed(node: Any, random: Random) -> Any:
    """A node with the parts of every `en`, `of`, count and list of exceptions in another order. Rows and tiers keep theirs."""
    if isinstance(node, tuple):
        return tuple(_mixed(part, random) for part in node)
    if not hasattr(node, "__dataclass_fields__"):
        return node
    found = {entry.name: _mixed(getattr(node, entry.name), random) for entry in fields(node)}
    free = {tree.And: "children", tree.Or: "children", tree.Tally: "criteria", tree.TallySum: "terms", tree.Rule: "exceptions"}
    if name := free.get(type(node)):
        parts = list(found[name])
        random.shuffle(parts)
        found[name] = tuple(parts)
    return type(node)(**found)
