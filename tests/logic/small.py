# SPDX-License-Identifier: EUPL-1.2
"""Words to write a node, a rule or a case in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from engine.logic.closures import Compiler
from engine.logic.state import State
from engine.model import tree
from engine.model.calendar import Calendar
from engine.model.kinds import BOOL, INT, Kind
from engine.model.program import Program, Rung
from engine.model.values import CauseKind, Known, Truth, Unknown, Value
from engine.passes.first import run
from engine.rulebook import Compiled
from tests.properties.trees import program_of

WHOLE_2026 = Calendar(holidays={date(2026, 4, 27): "Koningsdag"}, first=date(2026, 1, 1), last=date(2026, 12, 31))


def unknown(*paths: str) -> Unknown:
    """Facts that are not given."""
    found = [Unknown.because(CauseKind.FACT, path) for path in paths]
    return Unknown(frozenset().union(*(one.causes for one in found)))


def lit(value: Known, kind: Kind = INT) -> tree.Lit:
    """A literal."""
    return tree.Lit(kind, value)


def fact(path: str, kind: Kind = INT) -> tree.FactRef:
    """A fact."""
    return tree.FactRef(kind, path)


def says(path: str) -> tree.Criterion:
    """A ja/nee fact as a condition."""
    return tree.Truth(tree.FactRef(BOOL, path))


def state(facts: Mapping[str, Value] | None = None, **amounts: Value) -> State:
    """A case; keyword arguments are amounts."""
    return State(dict(facts or {}), amounts, {}, WHOLE_2026)


def truth_of(node: tree.Criterion, **facts: Value) -> Truth:
    """The truth of a criterion in a case."""
    return Compiler({}, traced=False).test(node)(state(facts))


def expr_of(node: tree.Expr, **facts: Value) -> Value:
    """The value of an expression in a case."""
    return Compiler({}, traced=False).value(node)(state(facts))


def yes_no_rule(key: str, applies: tree.Criterion, outcome: str = "u", **more: object) -> tree.Rule:
    """A rule of a ja/nee outcome."""
    return tree.Rule(key, key, outcome, applies, **more)  # type: ignore[arg-type]


def number_rule(key: str, applies: tree.Criterion, value: tree.Expr, outcome: str = "u", **more: object) -> tree.Rule:
    """A rule of a value outcome."""
    return tree.Rule(key, key, outcome, applies, formula=tree.Formula(value.kind, expression=value), **more)  # type: ignore[arg-type]


def outcome(key: str, *rules: tree.Rule, place: str | None = None) -> tree.Outcome:
    """An outcome of these rules."""
    kind = rules[0].formula.kind if rules[0].formula is not None else BOOL
    return tree.Outcome(key, key, kind, rules, None, place)


def program(*outcomes: tree.Outcome, ladder: tuple[Rung, ...] = ()) -> Program:
    """A program of these outcomes."""
    return program_of(outcomes, ladder)


def ran(found: Program, facts: Mapping[str, Value], *, traced: bool = True) -> State:
    """The state after the law ran."""
    compiled = Compiled(found)
    after = state(facts)
    run(compiled.traced if traced else compiled.quick, after)
    return after


def value_of(rules: Iterable[tree.Rule], **facts: Value) -> Value:
    """What rules about one outcome decide in a case, with and without a trace alike."""
    found = program(outcome("u", *rules))
    traced, quick = ran(found, facts), ran(found, facts, traced=False)
    assert traced.out == quick.out
    assert traced.holds == quick.holds
    return traced.out["u"]
