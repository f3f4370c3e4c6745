# SPDX-License-Identifier: EUPL-1.2
"""The lists of a case, item by item; what an incomplete list leaves out is unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from engine.logic.state import Evaluate, State, Test
from engine.model.values import GEEN, CauseKind, ListValue, Number, Unknown, Value, simplest, unknown_of

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


def over_items(name: str, item: Callable[[State], Any], join: Callable[[Iterable[Any]], Any]) -> Callable[[State], Any]:
    """What ``join`` makes of each item of a list; what an incomplete list leaves out is unknown.

    `een` joins truths by any, `alle` by all.
    """
    missing = Unknown.because(CauseKind.FACT, name)

    def evaluate(s: State) -> Any:
        rows = rows_of(s, name)
        if isinstance(rows, Unknown):
            return rows
        found = each_item(s, rows, item)
        return join(found if rows.complete else [*found, missing])

    return evaluate


def total(name: str, where: Test | None, value: Evaluate | None) -> Evaluate:
    """The sum of a value over the items that fit, or (no value) how many there are."""
    always: Test = lambda s: True  # noqa: E731
    return over_items(name, _term(where or always, value), _added)


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


def _added(terms: Iterable[Value]) -> Value:
    found = list(terms)
    if any(isinstance(term, Unknown) for term in found):
        return unknown_of(found)
    return simplest(sum(cast("list[Number]", found), 0))


def tally(terms: list[tuple[Test, Evaluate | None]]) -> Evaluate:
    """The sum of the values whose criterion holds, or (no value) how many hold."""
    compiled = [_term(where, value) for where, value in terms]
    return lambda s: _added([term(s) for term in compiled])
