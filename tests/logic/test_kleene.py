# SPDX-License-Identifier: EUPL-1.2
"""Strong Kleene logic, by its truth tables (S.C. Kleene, Introduction to Metamathematics, 1952, par. 64)."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from engine.logic.kleene import all_of, any_of, both, negation
from engine.model.values import Truth, Unknown
from tests.logic.small import unknown

P, Q = unknown("p"), unknown("q")
truths = st.sampled_from([True, False, P, Q, unknown("r")])


@pytest.mark.parametrize(
    ("left", "right", "conjunction", "disjunction"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, P, P, True),
        (False, False, False, False),
        (False, P, False, P),
        (P, Q, unknown("p", "q"), unknown("p", "q")),
    ],
)
def test_the_truth_tables(left: Truth, right: Truth, conjunction: Truth, disjunction: Truth) -> None:
    for pair in ([left, right], [right, left]):
        assert all_of(pair) == conjunction
        assert any_of(pair) == disjunction


@pytest.mark.parametrize(("truth", "negated"), [(True, False), (False, True), (P, P)])
def test_negation(truth: Truth, negated: Truth) -> None:
    assert negation(truth) == negated


def test_nothing_holds_as_all_and_fails_as_one() -> None:
    assert all_of([]) is True
    assert any_of([]) is False


def test_a_false_condition_decides_whatever_else_is_unknown() -> None:
    assert all_of([P, False, Q]) is False


def test_a_true_alternative_decides_whatever_else_is_unknown() -> None:
    assert any_of([P, True, Q]) is True


def test_one_unknown_with_the_causes_of_both() -> None:
    assert both(P, Q) == unknown("p", "q")
    assert both(None, P) is P
    assert both(P, P) is P


def test_an_unknown_is_never_taken_for_false() -> None:
    with pytest.raises(TypeError, match="no truth value"):
        bool(P)


@given(st.lists(truths))
def test_what_does_not_hold_for_all_fails_for_one(found: list[Truth]) -> None:
    assert negation(all_of(found)) == any_of([negation(truth) for truth in found])


@given(st.lists(truths))
def test_a_known_result_has_no_causes_and_an_unknown_one_only_those_of_its_parts(found: list[Truth]) -> None:
    causes = frozenset().union(*(truth.causes for truth in found if isinstance(truth, Unknown)))
    for result in (all_of(found), any_of(found)):
        assert not isinstance(result, Unknown) or result.causes == causes
