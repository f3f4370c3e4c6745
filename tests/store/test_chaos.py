# SPDX-License-Identifier: EUPL-1.2
"""What ``make chaos`` calls wrong, and ten kills of the service for real."""

from __future__ import annotations

import pytest

from benchmarks import chaos
from benchmarks.chaos import Kept, faults, run, send
from benchmarks.databases import NAMES

KILLS = 5

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


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ((201, b'{"id":"a"}'), []),
        ((201, b'{"id":"b"}'), ["k got another answer the second time"]),
        ((409, b"{}"), ["k got 409: b'{}'"]),
    ],
)
def test_an_answered_request_that_is_answered_otherwise_is_told(
    monkeypatch: pytest.MonkeyPatch, second: tuple[int, bytes], words: list[str]
) -> None:
    answers = [(201, b'{"id":"a"}'), second]
    monkeypatch.setattr(chaos, "ask", lambda *_: answers.pop(0))
    kept = Kept()
    assert [send(1, "k", b"", kept) for _ in range(2)] == [True, True]
    assert kept.wrong == words


@pytest.mark.parametrize("name", NAMES)
def test_nothing_acknowledged_is_lost_or_doubled_when_the_service_is_killed(name: str) -> None:
    try:
        assert run(name, times=KILLS, seed=20261126) == []
    except ConnectionError as error:
        pytest.skip(str(error))
