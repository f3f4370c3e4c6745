# SPDX-License-Identifier: EUPL-1.2
"""What reads what: the nodes of a rule, and an order of outcomes in which each reads only those before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter

from engine.model import tree


def in_order(outcomes: list[tree.Outcome]) -> tuple[tree.Outcome, ...]:
    """The outcomes, each after everything it reads; independent ones by name. Raises :class:`graphlib.CycleError`."""
    by_key = {outcome.key: outcome for outcome in outcomes}
    owner = owners(outcomes)
    graph = {outcome.key: sorted(depends_on(outcome, owner)) for outcome in sorted(outcomes, key=lambda o: o.key)}
    return tuple(by_key[key] for key in TopologicalSorter(graph).static_order() if key in by_key)


def depends_on(outcome: tree.Outcome, owner: Mapping[str, str]) -> set[str]:
    """The keys of the outcomes that an outcome reads; ``owner`` maps a rule key to its outcome."""
    return set(_outcomes_in((node for rule in outcome.rules for node in rule_nodes(rule)), owner))


def owners(outcomes: Iterable[tree.Outcome]) -> dict[str, str]:
    """Per rule the outcome that it decides: the ``owner`` that is asked for here."""
    return {rule.key: outcome.key for outcome in outcomes for rule in outcome.rules}


def outcomes_read(criterion: tree.Criterion, owner: Mapping[str, str]) -> tuple[str, ...]:
    """The outcomes that a criterion outside the rules reads, also through a rule that holds."""
    return tuple(dict.fromkeys(_outcomes_in(tree.walk(criterion), owner)))


def _outcomes_in(nodes: Iterable[tree.Node], owner: Mapping[str, str]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, tree.OutcomeRef | tree.MemberOutcomeRef):
            yield node.outcome
        elif isinstance(node, tree.RuleHolds):
            yield owner[node.key]


def rule_nodes(rule: tree.Rule) -> Iterator[tree.Node]:
    """Every node of a rule: conditions, exceptions, formula, fallback."""
    yield from tree.walk(rule.criterion())
    if rule.otherwise is not None:
        yield from tree.walk(rule.otherwise)
    if rule.formula is not None:
        yield from formula_nodes(rule.formula)


def formula_nodes(formula: tree.Formula) -> Iterator[tree.Node]:
    """Every node of a formula."""
    for part in (formula.expression, formula.tiers_over, formula.at_most, formula.at_least):
        if part is not None:
            yield from tree.walk(part)
    for row in formula.table:
        yield from tree.walk(row.when)
        yield from tree.walk(row.value)
    for tier in formula.tiers:
        if tier.upto is not None:
            yield from tree.walk(tier.upto)
        yield from tree.walk(tier.each)
