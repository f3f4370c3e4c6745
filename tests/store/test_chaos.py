# SPDX-License-Identifier: EUPL-1.2
"""What ``make chaos`` calls wrong, and three kills of the service for real."""

from __future__ import annotations

import pytest

from benchmarks.chaos import faults, run

KNOWN = {"k1": ("a", b"1"), "k2": ("b", b"2")}


@pytest.mark.parametrize(
    ("read", "stored", "breaks", "words"),
    [
        ({"a": b"1", "b": b"2"}, ["a", "b"], [], []),
        ({"a": b"1", "b": None}, ["a"], [], ["b was acknowledged and is gone"]),
        ({"a": b"1", "b": b"x"}, ["a", "b"], [], ["b is not what was acknowledged"]),
        ({"a": b"1", "b": b"2"}, ["a", "b", "c"], [], ["c is stored and belongs to no key"]),
        ({"a": b"1", "b": b"2"}, ["a", "b", "b"], [], ["a record is stored twice"]),
        ({"a": b"1", "b": b"2"}, ["a", "b"], ["record 1"], ["the chain is broken: record 1"]),
    ],
)
def test_what_is_lost_changed_doubled_or_broken_is_told(
    read: dict[str, bytes | None], stored: list[str], breaks: list[str], words: list[str]
) -> None:
    assert faults(KNOWN, read, stored, breaks) == words


def test_nothing_acknowledged_is_lost_when_the_service_is_killed_under_load() -> None:
    assert run("", times=3, seed=20261126) == []
