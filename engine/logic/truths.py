# SPDX-License-Identifier: EUPL-1.2
"""Criteria as closures: comparisons, and what joins them; each holds, does not hold, or is unknown with its causes."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from engine.logic.kleene import both, negation
from engine.logic.state import Evaluate, State, Test
from engine.model.values import GEEN, Geen, Truth, Unknown, Value, unknown_of

COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": operator.eq,
    "is niet": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compared(left: Evaluate, right: Evaluate, compare: Callable[[Any, Any], bool]) -> Test:
    """Two values compared; with `geen` every comparison is false."""

    def test(s: State) -> Truth:
        a, b = left(s), right(s)
        if a is GEEN or b is GEEN:
            return False
        if type(a) is Unknown or type(b) is Unknown:
            return unknown_of((a, b))
        return compare(a, b)

    return test


def compared_with(left: Evaluate, limit: Value, compare: Callable[[Any, Any], bool]) -> Test:
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


def until(tests: tuple[Test, ...], *, stop: bool) -> Test:
    """`and` (stops at false) or `or` (stops at true), in the order written."""

    def test(s: State) -> Truth:
        unknown: Unknown | None = None
        for inner in tests:
            truth = inner(s)
            if truth is stop:
                return stop
            if type(truth) is Unknown:
                unknown = both(unknown, truth)
        return (not stop) if unknown is None else unknown

    return test


def joined(tests: tuple[tuple[int, Test], ...], *, stop: bool) -> Test:
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
                unknown = both(unknown, truth)
        return stop if stopped else (not stop) if unknown is None else unknown

    return test


def opposite(inner: Test) -> Test:
    """Not; an unknown stays unknown."""
    return lambda s: negation(inner(s))


def truth_of(value: Evaluate) -> Test:
    """A ja/nee value as a test; `geen` is false."""

    def test(s: State) -> Truth:
        found: Any = value(s)
        truth: Truth = False if found is GEEN else found
        return truth

    return test


def fact_holds(path: str) -> Test:
    """The same for a fact of the case, by far the commonest test."""

    def test(s: State) -> Truth:
        found: Any = s.facts[path]
        truth: Truth = False if found is GEEN else found
        return truth

    return test


def one_of(value: Evaluate, choices: frozenset[str], *, negated: bool) -> Test:
    """A choice that is one of these, or (negated) none of them; `geen` is neither."""

    def test(s: State) -> Truth:
        found = value(s)
        if found is GEEN:
            return False
        if type(found) is Unknown:
            return found if found.among is None else _narrowed(found, lambda v: v is not GEEN and (v in choices) is not negated)
        return (found in choices) is not negated

    return test


def is_geen(value: Evaluate, *, negated: bool) -> Test:
    """Whether there is no value, or (negated) whether there is one."""

    def test(s: State) -> Truth:
        found = value(s)
        if type(found) is Unknown:
            return found if found.among is None else _narrowed(found, lambda v: (v is GEEN) is not negated)
        return (found is GEEN) is not negated

    return test
