# SPDX-License-Identifier: EUPL-1.2
"""Values: exact, three-valued, and never taken for false by accident."""

from __future__ import annotations

import copy
import pickle
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from engine.model.values import GEEN, Cause, CauseKind, Duration, Unknown, simplest, unknown_of

A = Unknown.because(CauseKind.FACT, "a")
B = Unknown.because(CauseKind.AMOUNT, "norm")


def test_an_unknown_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError, match="no truth value"):
        bool(A)


def test_geen_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError, match="no truth value"):
        bool(GEEN)


def test_geen_stays_the_one_geen_when_copied_or_stored() -> None:
    assert copy.deepcopy(GEEN) is GEEN
    assert pickle.loads(pickle.dumps(GEEN)) is GEEN


def test_unknowns_are_equal_when_they_rest_on_the_same() -> None:
    assert Unknown.because(CauseKind.FACT, "a") == A
    assert len({A, Unknown.because(CauseKind.FACT, "a")}) == 1
    assert A != B
    assert A != False  # noqa: E712 - that is the point


def test_an_unknown_shows_its_causes_in_a_fixed_order() -> None:
    assert repr(unknown_of([B, A])) == repr(unknown_of([A, B])) == "Unknown(bedrag:norm, gegeven:a)"


def test_one_unknown_carries_the_causes_of_all() -> None:
    assert unknown_of([3, A, GEEN, B]).causes == {Cause(CauseKind.FACT, "a"), Cause(CauseKind.AMOUNT, "norm")}


def test_a_single_unknown_is_passed_on_as_it_is() -> None:
    assert unknown_of([3, A]) is A


@given(st.fractions())
def test_the_simplest_number_is_equal_and_whole_where_it_can_be(number: Fraction) -> None:
    found = simplest(number)
    assert found == number
    assert isinstance(found, int) is (number.denominator == 1)


def test_durations_add_part_by_part() -> None:
    assert Duration(months=66 * 12) + Duration(months=10) + Duration(days=3) == Duration(months=802, days=3)
    assert -Duration(months=1, workdays=2) == Duration(months=-1, workdays=-2)


@pytest.mark.parametrize(
    ("duration", "size"), [(Duration(), 0), (Duration(months=3), 3), (Duration(days=-2), -2), (Duration(workdays=5), 5)]
)
def test_the_size_of_a_duration_is_that_of_its_one_dimension(duration: Duration, size: int) -> None:
    assert duration.size() == size
