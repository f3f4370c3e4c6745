# SPDX-License-Identifier: EUPL-1.2
"""Nodes of the typed tree as closures: criteria three-valued, values exact, lists item by item."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, cast

from engine.logic.kleene import all_of, any_of, both
from engine.logic.state import Evaluate, State, Test
from engine.model import tree
from engine.model.kinds import Base
from engine.model.values import GEEN, CauseKind, Duration, Geen, ListValue, Number, Truth, Unknown, Value, simplest, unknown_of


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
            return number, _joined(tuple(self._numbered(child) for child in node.children), stop=isinstance(node, tree.Or))
        return number, self._test(node)

    def _test(self, node: tree.Criterion) -> Test:
        match node:
            case tree.Line(child=child):
                return self._test(child) if not _is_compound(child) else self.test(child)
            case tree.Const(value=constant):
                return lambda s: constant
            case tree.And(children=children):
                return _until(tuple(self.test(child) for child in children), stop=False)
            case tree.Or(children=children):
                return _until(tuple(self.test(child) for child in children), stop=True)
            case tree.Not(child=child):
                test = self.test(child)
                return _opposite(test)
            case tree.RuleHolds(key=key):
                if self.rule_lists.get(key) is not None:
                    return lambda s: s.item_holds[key][s.index]
                return lambda s: s.holds[key]
            case tree.Truth(value=tree.FactRef(path=path)):
                return _fact_holds(path)
            case tree.Truth(value=value):
                return truth_of(self.value(value))
            case tree.Compare():
                return self._compare(node)
            case tree.OneOf(value=value, choices=choices, negated=negated):
                return _one_of(self.value(value), frozenset(choices), negated=negated)
            case tree.IsGeen(value=value, negated=negated):
                return _is_geen(self.value(value), negated=negated)
            case tree.Present(path=path):
                return _is_geen(lambda s: s.facts[path], negated=True)
            case tree.Exists(list=name, where=where):
                return _over_items(name, self._untraced(where), any_of)
            case tree.ForAll(list=name, where=where):
                return _over_items(name, self._untraced(where), all_of)

    def _untraced(self, node: tree.Criterion) -> Test:
        """Inside a list the criterion runs once per item and is not recorded."""
        return Compiler(self.rule_lists, traced=False).test(node)

    def _compare(self, node: tree.Compare) -> Test:
        left, right = self.value(node.left), self.value(node.right)
        compare = _COMPARE[node.op]
        if node.left.kind.base is Base.DURATION:
            return _compare_values(left, right, lambda a, b: compare(a.size(), b.size()))
        if isinstance(node.right, tree.Lit):
            return _compare_with(left, node.right.value, compare)
        return _compare_values(left, right, compare)

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
                return _arith(op, self.value(left), self.value(right))
            case tree.Shift():
                return self._shift(node)
            case tree.Span(number=number, unit=unit):
                return _span(self.value(number), unit)
            case tree.Between(unit=unit, start=start, end=end):
                return _known(_BETWEEN[unit], self.value(start), self.value(end))
            case tree.Age(birth=birth, day=day):
                return _known(lambda s, b, d: s.calendar.years_between(b, d), self.value(birth), self.value(day))
            case tree.Call(function=function, args=args):
                return _known(_FUNCTIONS[function], *(self.value(arg) for arg in args))
            case tree.Count(list=name, where=where):
                return _count(name, self._untraced(where) if where is not None else None)
            case tree.Sum(list=name, value=value, where=where):
                return _sum(name, self.value(value), self._untraced(where) if where is not None else None)
            case tree.Tally(criteria=criteria):
                return _tally([(self._untraced(criterion), None) for criterion in criteria])
            case tree.TallySum(terms=terms):
                return _tally([(self._untraced(criterion), self.value(value)) for criterion, value in terms])

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

        return _known(shift, self.value(node.date), self.value(node.duration))

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
                base = _known(lambda s, a, b, choose=choose: choose(a, b, key=_size), base, self.value(bound))
        if formula.rounding is not None:
            step, mode = formula.rounding
            base = _known(lambda s, number: rounded(number, cast(Number, step), mode), base)
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


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": operator.eq,
    "is niet": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _compare_values(left: Evaluate, right: Evaluate, compare: Callable[[Any, Any], bool]) -> Test:
    def test(s: State) -> Truth:
        a, b = left(s), right(s)
        if a is GEEN or b is GEEN:
            return False
        if type(a) is Unknown or type(b) is Unknown:
            return unknown_of((a, b))
        return compare(a, b)

    return test


def _compare_with(left: Evaluate, limit: Value, compare: Callable[[Any, Any], bool]) -> Test:
    """The commonest comparison, with a literal."""

    def test(s: State) -> Truth:
        a = left(s)
        if a is GEEN:
            return False
        if type(a) is Unknown:
            return a if a.among is None else _narrowed(a, lambda value: value is not GEEN and compare(value, limit))
        return compare(a, limit)

    return test


def _narrowed(unknown: Unknown, meets: Callable[[str | Geen], bool]) -> Truth:
    """A test on a choice of which only some values are still possible: settled where they all agree."""
    assert unknown.among is not None
    truths = {meets(value) for value in unknown.among}
    return truths.pop() if len(truths) == 1 else Unknown(unknown.causes)


def _until(tests: tuple[Test, ...], *, stop: bool) -> Test:
    """`and` (stops at false) or `or` (stops at true), in the order written."""

    def test(s: State) -> Truth:
        unknown: Unknown | None = None
        for inner in tests:
            truth = inner(s)
            if truth is stop:
                return stop
            if type(truth) is Unknown:
                unknown = truth if unknown is None else both(unknown, truth)
        return (not stop) if unknown is None else unknown

    return test


def _joined(tests: tuple[tuple[int, Test], ...], *, stop: bool) -> Test:
    """The same, but everything is evaluated and recorded under its number: for the trace."""

    def test(s: State) -> Truth:
        unknown: Unknown | None = None
        stopped = False
        nodes = s.nodes
        for number, inner in tests:
            truth = nodes[number] = inner(s)
            if truth is stop:
                stopped = True
            elif type(truth) is Unknown:
                unknown = truth if unknown is None else both(unknown, truth)
        return stop if stopped else (not stop) if unknown is None else unknown

    return test


def _fact_holds(path: str) -> Test:
    """The same for a fact of the case, by far the commonest test."""

    def test(s: State) -> Truth:
        found: Any = s.facts[path]
        truth: Truth = False if found is GEEN else found
        return truth

    return test


def _opposite(inner: Test) -> Test:
    def test(s: State) -> Truth:
        truth = inner(s)
        return truth if type(truth) is Unknown else not truth

    return test


def _is_compound(node: tree.Criterion) -> bool:
    return isinstance(node, tree.And | tree.Or | tree.Not)


def truth_of(value: Evaluate) -> Test:
    """A ja/nee value as a test; `geen` is false."""

    def test(s: State) -> Truth:
        found: Any = value(s)
        truth: Truth = False if found is GEEN else found
        return truth

    return test


def _one_of(value: Evaluate, choices: frozenset[str], *, negated: bool) -> Test:
    def test(s: State) -> Truth:
        found = value(s)
        if found is GEEN:
            return False
        if type(found) is Unknown:
            return found if found.among is None else _narrowed(found, lambda v: v is not GEEN and (v in choices) is not negated)
        return (found in choices) is not negated

    return test


def _is_geen(value: Evaluate, *, negated: bool) -> Test:
    def test(s: State) -> Truth:
        found = value(s)
        if type(found) is Unknown:
            return found if found.among is None else _narrowed(found, lambda v: (v is GEEN) is not negated)
        return (found is GEEN) is not negated

    return test


def _known(function: Callable[..., Value], *args: Evaluate) -> Evaluate:
    """Apply a function to values that are all known; `geen` gives `geen`, an unknown an unknown."""
    if len(args) == 1:
        only = args[0]

        def evaluate_one(s: State) -> Value:
            value = only(s)
            return value if value is GEEN or type(value) is Unknown else function(s, value)

        return evaluate_one
    if len(args) == 2:
        left, right = args

        def evaluate_two(s: State) -> Value:
            a, b = left(s), right(s)
            if a is GEEN or b is GEEN:
                return GEEN
            if type(a) is Unknown or type(b) is Unknown:
                return unknown_of((a, b))
            return function(s, a, b)

        return evaluate_two

    def evaluate(s: State) -> Value:
        values = [arg(s) for arg in args]
        unknown = False
        for value in values:
            if value is GEEN:
                return GEEN
            if type(value) is Unknown:
                unknown = True
        return unknown_of(values) if unknown else function(s, *values)

    return evaluate


def _arith(op: str, left: Evaluate, right: Evaluate) -> Evaluate:
    if op == "/":
        return _known(_divide, left, right)
    function: Callable[[Any, Any], Value] = {"+": operator.add, "-": _minus, "*": operator.mul}[op]

    def calculated(_: State, a: Any, b: Any) -> Value:
        result = function(a, b)
        return simplest(result) if type(result) is Fraction else result

    return _known(calculated, left, right)


def _minus(left: Any, right: Any) -> Any:
    return left + -right if isinstance(left, Duration) else left - right


def _divide(_: State, left: Number, right: Number) -> Value:
    if right == 0:
        return Unknown.because(CauseKind.ARITHMETIC, "deling door nul")
    return simplest(Fraction(left) / Fraction(right))


def _span(number: Evaluate, unit: Duration) -> Evaluate:
    return _known(lambda s, n: Duration(unit.months * n, unit.days * n, unit.workdays * n), number)


def _days(_: State, start: date, end: date) -> Value:
    return Duration(days=(end - start).days)


def _weeks(_: State, start: date, end: date) -> Value:
    days = (end - start).days
    return Duration(days=(days // 7 if days >= 0 else -(-days // 7)) * 7)


def _months(s: State, start: date, end: date) -> Value:
    return Duration(months=s.calendar.months_between(start, end))


def _years(s: State, start: date, end: date) -> Value:
    return Duration(months=12 * s.calendar.years_between(start, end))


def _workdays(s: State, start: date, end: date) -> Value:
    count = s.calendar.workdays_between(start, end)
    return count if isinstance(count, Unknown) else Duration(workdays=count)


_BETWEEN: Mapping[str, Callable[..., Value]] = {
    "dag": _days,
    "dagen": _days,
    "week": _weeks,
    "weken": _weeks,
    "maand": _months,
    "maanden": _months,
    "jaar": _years,
    "werkdag": _workdays,
    "werkdagen": _workdays,
}


def _size(value: Any) -> Any:
    return value.size() if isinstance(value, Duration) else value


_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "laagste": lambda s, *values: min(values, key=_size),
    "hoogste": lambda s, *values: max(values, key=_size),
    "vroegste": lambda s, *values: min(values),
    "laatste": lambda s, *values: max(values),
    "jaar_van": lambda s, day: day.year,
    "eerste_dag_van_maand": lambda s, day: day.replace(day=1),
    "eerstvolgende_werkdag": lambda s, day: s.calendar.next_workday(day),
}


def rounded(number: Number, step: Number, mode: str) -> Number:
    """A multiple of ``step``: ``half`` rounds half away from zero, ``omlaag`` and ``omhoog`` towards -inf and +inf."""
    quotient = Fraction(number) / Fraction(step)
    if mode == "omlaag":
        count = quotient.numerator // quotient.denominator
    elif mode == "omhoog":
        count = -(-quotient.numerator // quotient.denominator)
    else:
        sign = -1 if quotient < 0 else 1
        whole = abs(quotient) + Fraction(1, 2)
        count = sign * (whole.numerator // whole.denominator)
    return simplest(Fraction(count) * Fraction(step))


NO_RULE = Unknown(frozenset())
"""That no rule may apply is a candidate without a cause of its own, as long as it is not certain."""


def settle(candidates: list[Value], unknown: Unknown | None) -> Value:
    """The value where every candidate still possible agrees; otherwise an unknown with all that it rests on."""
    first = candidates[0]
    if unknown is None and len(candidates) == 1:
        return first
    if not any(isinstance(candidate, Unknown) for candidate in candidates) and all(same(candidate, first) for candidate in candidates):
        return first
    rests_on = unknown_of(candidates if unknown is None else [unknown, *candidates])
    among = _among(candidates)
    return rests_on if among is None else Unknown(rests_on.causes, among)


def _among(candidates: Iterable[Value]) -> frozenset[str | Geen] | None:
    """The choices that these candidates leave possible; None where one of them leaves anything possible, or is no choice."""
    found: set[str | Geen] = set()
    for candidate in candidates:
        if type(candidate) is Unknown:
            if candidate.among is None:
                return None
            found |= candidate.among
        elif candidate is GEEN or type(candidate) is str:
            found.add(candidate)
        else:
            return None
    return frozenset(found)


def same(left: Value, right: Value) -> bool:
    """Whether two known values are one and the same to the rules."""
    return left is right or (not isinstance(left, Geen) and not isinstance(right, Geen) and type(left) is not bool and left == right)


# --- lists of the case -----------------------------------------------------------------------------------------------


_NO_ROWS = ListValue(())


def rows_of(s: State, name: str) -> ListValue | Unknown:
    """The items of a list of the case; none where there is no list, unknown where it is not given."""
    found: Any = s.facts[name]
    rows: ListValue | Unknown = _NO_ROWS if found is GEEN else found
    return rows


def each_item(s: State, rows: ListValue, function: Callable[[State], Any]) -> list[Any]:
    """A function run once per item, with the item at hand."""
    row, index = s.row, s.index
    try:
        found = []
        for number, item in enumerate(rows.items):
            s.row, s.index = item, number
            found.append(function(s))
        return found
    finally:
        s.row, s.index = row, index


def _incomplete(name: str) -> Unknown:
    return Unknown.because(CauseKind.FACT, name)


def _over_items(name: str, where: Test, join: Callable[[Iterable[Truth]], Truth]) -> Test:
    """`een` (join: any) or `alle` (join: all) over a list; what an incomplete list leaves out is unknown."""
    missing = _incomplete(name)

    def test(s: State) -> Truth:
        rows = rows_of(s, name)
        if isinstance(rows, Unknown):
            return rows
        truths = each_item(s, rows, where)
        return join(truths if rows.complete else [*truths, missing])

    return test


def _count(name: str, where: Test | None) -> Evaluate:
    return _aggregate(name, where, None)


def _sum(name: str, value: Evaluate, where: Test | None) -> Evaluate:
    return _aggregate(name, where, value)


def _aggregate(name: str, where: Test | None, value: Evaluate | None) -> Evaluate:
    missing = _incomplete(name)
    always: Test = lambda s: True  # noqa: E731
    term = _term(where or always, value)

    def evaluate(s: State) -> Value:
        rows = rows_of(s, name)
        if isinstance(rows, Unknown):
            return rows
        terms = each_item(s, rows, term)
        return _total(terms if rows.complete else [*terms, missing])

    return evaluate


def _term(where: Test, value: Evaluate | None) -> Evaluate:
    def evaluate(s: State) -> Value:
        truth = where(s)
        if truth is False:
            return 0
        number = 1 if value is None else value(s)
        if number is GEEN or (number == 0 and not isinstance(number, Unknown)):
            return 0
        if truth is not True:
            return unknown_of((truth, number))
        return number

    return evaluate


def _total(terms: Iterable[Value]) -> Value:
    found = list(terms)
    if any(isinstance(term, Unknown) for term in found):
        return unknown_of(found)
    return simplest(sum(cast("list[Number]", found), 0))


def _tally(terms: list[tuple[Test, Evaluate | None]]) -> Evaluate:
    compiled = [_term(where, value) for where, value in terms]
    return lambda s: _total([term(s) for term in compiled])
