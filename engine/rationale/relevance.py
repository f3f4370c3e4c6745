# SPDX-License-Identifier: EUPL-1.2
"""Which rules explain a result: back from the ladder and the values, through what made the difference."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model import tree
from engine.model.values import GEEN, Unknown
from engine.rationale.told import Told


def relevant_rules(told: Told) -> list[str]:
    """The rules that explain the result: back from the ladder and the values, through what made the difference.

    A ja/nee outcome that is false, and a value of zero, are shown with the rule that reads them and not explained
    further; a person or list that is not there explains nothing. Of an outcome from elsewhere no rule ran.
    """
    if told.a.claim.stated.outcome is not None:
        return []
    blocking = [key for item in told.a.first.grounds for key in item.ground.rule_keys]
    queue = [told.index.holder[key] for key in blocking] + list(told.a.first.values)
    found = dict.fromkeys(blocking)
    seen: set[str] = set()
    for name in told.index.ladder:
        if name == "blokkerende_grond" and told.a.state.out[name] is True:
            continue
        queue += _behind(told, name)
    while queue:
        key = queue.pop()
        if key in seen:
            continue
        seen.add(key)
        for rule in _telling(told, told.outcomes[key]):
            found[rule.key] = None
            queue += [other for other in told.read(rule.key).outcomes if _worth_explaining(told, other, rule)]
    return sorted((key for key in found if _concerns(told, told.rules[key])), key=told.index.order.__getitem__)


def _behind(told: Told, name: str) -> list[str]:
    """The outcomes behind a name of the ladder (`bevoegd`, `blokkerende_grond`)."""
    outcome = told.outcomes[name]
    if not outcome.rules[0].key.startswith("#"):
        return [name]
    reads = told.index.reads(outcome.rules[0].key)
    return [*reads.outcomes, *(told.index.holder[key] for key in reads.rules if told.a.state.holds.get(key) is not False)]


def _worth_explaining(told: Told, key: str, reader: tree.Rule) -> bool:
    if key not in told.a.state.out:
        return bool(told.a.state.items.get(key))
    value = told.a.state.out[key]
    if isinstance(value, Unknown):
        traces = told.a.state.traces[reader.key]
        return any(isinstance(trace.holds, Unknown) or isinstance(trace.value, Unknown) for trace in traces)
    return value is not False and value is not GEEN and (value is True or value != 0)


def _concerns(told: Told, rule: tree.Rule) -> bool:
    """Not about a person who does not count, and not about a list without items."""
    if rule.list is not None:
        return bool(told.a.state.traces[rule.key])
    if rule.person is None:
        return True
    return all(
        told.a.compiled.test(present)(told.a.state) is not False
        for persons in told.program.composed.values()
        for name, present in persons
        if name == rule.person
    )


def _telling(told: Told, outcome: tree.Outcome) -> Iterator[tree.Rule]:
    """Of the rules of an outcome those that made it what it is: the ones that hold; all of them when none does."""
    traces = told.a.state.traces
    truths = {rule.key: [trace.holds for trace in traces.get(rule.key, ())] for rule in outcome.rules}
    holding = [rule for rule in outcome.rules if any(truth is True for truth in truths[rule.key])]
    undecided = [rule for rule in outcome.rules if any(isinstance(truth, Unknown) for truth in truths[rule.key])]
    return iter(holding or undecided or outcome.rules)
