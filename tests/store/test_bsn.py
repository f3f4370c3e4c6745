# SPDX-License-Identifier: EUPL-1.2
"""A BSN is checked where it comes in, and shows itself nowhere."""

from __future__ import annotations

import logging

import pytest

from store.bsn import Bsn, InvalidBsn, is_bsn

# 111222333 and 123456782 are the numbers that the government gives for trying out systems; the sums were made by hand.
GOOD = ["111222333", "123456782", "999990019", "010000008"]


@pytest.mark.parametrize("text", GOOD)
def test_a_number_that_passes_the_elfproef_is_a_bsn(text: str) -> None:
    assert Bsn(text).digits == text


@pytest.mark.parametrize(
    "text", ["111222334", "123456789", "000000000", "12345678", "1234567820", "12345678a", "", " 111222333", "111222333\n", "١١١٢٢٢٣٣٣"]
)
def test_anything_else_is_none(text: str) -> None:
    assert not is_bsn(text)
    with pytest.raises(InvalidBsn) as refused:
        Bsn(text)
    assert not text.strip() or text.strip() not in str(refused.value)


def test_one_wrong_digit_or_two_swapped_neighbours_are_noticed() -> None:
    for place in range(9):
        for digit in "0123456789":
            if digit != GOOD[0][place]:
                assert not is_bsn(GOOD[0][:place] + digit + GOOD[0][place + 1 :])
    text = GOOD[1]
    for place in range(8):
        assert not is_bsn(text[:place] + text[place + 1] + text[place] + text[place + 2 :])


def test_a_bsn_does_not_show_itself(caplog: pytest.LogCaptureFixture) -> None:
    bsn = Bsn(GOOD[0])
    logging.getLogger("proef").error("%s %r", bsn, bsn)
    assert GOOD[0] not in f"{bsn} {bsn!r} {[bsn]} {caplog.text}"


def test_equal_numbers_are_equal() -> None:
    assert len({Bsn(GOOD[0]), Bsn(GOOD[0]), Bsn(GOOD[1])}) == 2
