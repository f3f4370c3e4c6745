# SPDX-License-Identifier: EUPL-1.2
"""Nodes of the typed tree as closures: criteria three-valued, values exact, lists item by item."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import cast

from engine.logic import arithmetic, lists, truths
from engine.logic.candidates import NO_RULE, settle
from engine.logic.kleene import all_of, any_of, both
from engine.logic.state import Evaluate, State, Test
from engine.model import tree
from engine.model.kinds import Base
from engine.model.values import GEEN, CauseKind, Duration, Number, Truth, Unknown, Value, simplest, unknown_of


class Compiler:
    """Turns nodes into closures. ``traced`` closures evaluate everything and record each criterion."""

    def __init__(self, rule_lists: Mapping[str, str | None], *, traced: bool) -> None:
        self.rule_lists = rule_lists
        self.traced = traced
        self.criteria: list[tree.Criterion] = []

    # --- criteria ------------------------------------------------------------------------------------------------

    def test(self, node: tree.Criterion) -> Test:
        """A criterion as a closure; traced, it records its truth under its number."""
        if not self.traced:
            return self._test(node)
        number, inner = self._numbered(node)

        def recorded(s: State) -> Truth:
            truth = s.nodes[number] = inner(s)
            return truth

        return recorded

    def _numbered(self, node: tree.Criterion) -> tuple[int, Test]:
        """The number of a criterion in the trace, and the closure whose truth is to be recorded under it."""
        number = len(self.criteria)
        self.criteria.append(node)
        if isinstance(node, tree.And | tree.Or):
            return number, truths.joined(tuple(self._numbered(child) for child in node.children), stop=isinstance(node, tree.Or))
        return number, self._test(node)

    def _test(self, node: tree.Criterion) -> Test:
        match node:
            case tree.Line(child=child):
                return self._test(child) if not _is_compound(child) else self.test(child)
            case tree.Const(value=constant):
                return lambda s: constant
            case tree.And(children=children):
                return truths.until(tuple(self.test(child) for child in children), stop=False)
            case tree.Or(children=children):
                return truths.until(tuple(self.test(child) for child in children), stop=True)
            case tree.Not(child=child):
                test = self.test(child)
                return truths.opposite(test)
            case tree.RuleHolds(key=key):
                if self.rule_lists.get(key) is not None:
                    return lambda s: s.item_holds[key][s.index]
                return lambda s: s.holds[key]
            case tree.Truth(value=tree.FactRef(path=path)):
                return truths.fact_holds(path)
            case tree.Truth(value=value):
                return truths.truth_of(self.value(value))
            case tree.Compare():
                return self._compare(node)
            case tree.OneOf(value=value, choices=choices, negated=negated):
                return truths.one_of(self.value(value), frozenset(choices), negated=negated)
            case tree.IsGeen(value=value, negated=negated):
                return truths.is_geen(self.value(value), negated=negated)
            case tree.Present(path=path):
                return truths.is_geen(lambda s: s.facts[path], negated=True)
            case tree.Exists(list=name, where=where):
                return lists.over_items(name, self._untraced(where), any_of)
            case tree.ForAll(list=name, where=where):
                return lists.over_items(name, self._untraced(where), all_of)

    def _untraced(self, node: tree.Criterion) -> Test:
        """Inside a list the criterion runs once per item and is not recorded."""
        return Compiler(self.rule_lists, traced=False).test(node)

    def _compare(self, node: tree.Compare) -> Test:
        left, right = self.value(node.left), self.value(node.right)
        compare = truths.COMPARE[node.op]
        if node.left.kind.base is Base.DURATION:
            return truths.compared(left, right, lambda a, b: compare(a.size(), b.size()))
        if isinstance(node.right, tree.Lit):
            return truths.compared_with(left, node.right.value, compare)
        return truths.compared(left, right, compare)

    # --- values --------------------------------------------------------------------------------------------------

    def value(self, node: tree.Expr) -> Evaluate:
        """A value node as a closure."""
        match node:
            case tree.Lit(value=literal):
                return lambda s: literal
            case tree.GeenLit():
                return lambda s: GEEN
            case tree.FactRef(path=path):
                return lambda s: s.facts[path]
            case tree.MemberRef(name=name):
                return lambda s: s.row[name]
            case tree.OutcomeRef(outcome=outcome):
                return lambda s: s.out[outcome]
            case tree.MemberOutcomeRef(outcome=outcome):
                return lambda s: s.items[outcome][s.index]
            case tree.AmountRef(amount=amount):
                return lambda s: s.amounts[amount]
            case tree.FillingRef():
                return self._filling(node)
            case tree.Arith(op=op, left=left, right=right):
                return arithmetic.arith(op, self.value(left), self.value(right))
            case tree.Shift():
                return self._shift(node)
            case tree.Span(number=number, unit=unit):
                return arithmetic.span(self.value(number), unit)
            case tree.Between(unit=unit, start=start, end=end):
                return arithmetic.known(arithmetic.BETWEEN[unit], self.value(start), self.value(end))
            case tree.Age(birth=birth, day=day):
                return arithmetic.known(lambda s, b, d: s.calendar.years_between(b, d), self.value(birth), self.value(day))
            case tree.Call(function=function, args=args):
                return arithmetic.known(arithmetic.FUNCTIONS[function], *(self.value(arg) for arg in args))
            case tree.Count(list=name, where=where):
                return lists.total(name, self._untraced(where) if where is not None else None, None)
            case tree.Sum(list=name, value=value, where=where):
                return lists.total(name, self._untraced(where) if where is not None else None, self.value(value))
            case tree.Tally(criteria=criteria):
                return lists.tally([(self._untraced(criterion), None) for criterion in criteria])
            case tree.TallySum(terms=terms):
                return lists.tally([(self._untraced(criterion), self.value(value)) for criterion, value in terms])

    def _filling(self, node: tree.FillingRef) -> Evaluate:
        fallback = self.value(node.fallback) if node.fallback is not None else None
        missing = Unknown.because(CauseKind.FILLING, node.rule)

        def evaluate(s: State) -> Value:
            filled = s.fillings.get(node.rule)
            if filled is not None:
                return filled
            return fallback(s) if fallback is not None else missing

        return evaluate

    def _shift(self, node: tree.Shift) -> Evaluate:
        sign = node.sign

        def shift(s: State, day: date, duration: Duration) -> Value:
            return s.calendar.add(day, duration if sign > 0 else -duration)

        return arithmetic.known(shift, self.value(node.date), self.value(node.duration))

    def formula(self, formula: tree.Formula, outcome: str) -> Evaluate:
        """How a rule computes the value of ``outcome``: expression, table or tiers, then bounds, then rounding."""
        if formula.expression is not None:
            base = self.value(formula.expression)
        elif formula.table:
            base = self._table(formula.table, outcome)
        else:
            assert formula.tiers_over is not None
            base = self._tiers(formula.tiers_over, formula.tiers)
        for bound, choose in ((formula.at_most, min), (formula.at_least, max)):
            if bound is not None:
                base = arithmetic.known(lambda s, a, b, choose=choose: choose(a, b, key=arithmetic.size), base, self.value(bound))
        if formula.rounding is not None:
            step, mode = formula.rounding
            base = arithmetic.known(lambda s, number: arithmetic.rounded(number, cast(Number, step), mode), base)
        return base

    def _table(self, rows: tuple[tree.Row, ...], outcome: str) -> Evaluate:
        undecided = Unknown.because(CauseKind.RULE, outcome)
        compiled = [(self.test(row.when), self.value(row.value)) for row in rows]

        def evaluate(s: State) -> Value:
            unknown: Unknown | None = None
            candidates: list[Value] = []
            for number, (when, value) in enumerate(compiled):
                truth = when(s)
                if truth is False:
                    continue
                candidates.append(value(s))
                if truth is True:
                    s.chosen = number if unknown is None else None
                    break
                unknown = both(unknown, truth)
            else:
                if unknown is None:
                    return undecided
                candidates.append(NO_RULE)
            return settle(candidates, unknown)

        return evaluate

    def _tiers(self, over: tree.Expr, tiers: tuple[tree.Tier, ...]) -> Evaluate:
        number = self.value(over)
        steps = [(self.value(tier.upto) if tier.upto is not None else None, self.value(tier.each)) for tier in tiers]

        def evaluate(s: State) -> Value:
            amount = number(s)
            if amount is GEEN or isinstance(amount, Unknown):
                return amount
            total: Number = 0
            reached: Number = 0
            for upto, each in steps:
                if cast(Number, amount) <= reached:
                    break
                limit = upto(s) if upto is not None else amount
                price = each(s)
                if limit is GEEN or price is GEEN:
                    return GEEN
                if isinstance(limit, Unknown) or isinstance(price, Unknown):
                    return unknown_of((limit, price))
                top = min(cast(Number, amount), cast(Number, limit))
                if top > reached:
                    total += (top - reached) * cast(Number, price)
                    reached = top
            return simplest(total)

        return evaluate


def _is_compound(node: tree.Criterion) -> bool:
    return isinstance(node, tree.And | tree.Or | tree.Not)
