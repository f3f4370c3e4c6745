# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from api.reader import MAX_DEPTH, MAX_KEY, JsonError, read_json, receive_json, write_json


def refused(text: str | bytes) -> list[tuple[str, str | None]]:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(JsonError) as caught:
        read_json(data)
    return [(problem.code, problem.place.pointer) for problem in caught.value.problems]


def test_a_number_is_read_exactly() -> None:
    assert read_json(b'{"a": 1419.46, "b": 0.1, "c": 3}') == {"a": Decimal("1419.46"), "b": Decimal("0.1"), "c": 3}


@pytest.mark.parametrize("token", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e-400", "9" * 61, "1e99999999999999999999"])
def test_a_number_that_is_none_is_refused_where_it_stands(token: str) -> None:
    assert refused(f'{{"a": [0, {{"b": {token}}}]}}') == [("TS-J06", "/a/1/b")]


def test_a_key_that_stands_twice_is_refused_where_it_stands() -> None:
    assert refused('{"a": {"b": 1, "b": 2}}') == [("TS-J04", "/a/b")]


def test_all_mistakes_come_at_once() -> None:
    text = r'{"a": NaN, "b": {"c/d": 1, "c/d": 1e999}, "e": "\ud800"}'
    assert refused(text) == [("TS-J06", "/a"), ("TS-J04", "/b/c~1d"), ("TS-J06", "/b/c~1d"), ("TS-J07", "/e")]


def test_what_is_refused_is_taken_out_and_the_rest_is_handed_on() -> None:
    text = rb'{"a": NaN, "b": [1, 1e999, "\ud800"], "c": 1, "c": NaN, "c": 3, "\ud800": {"d": NaN}, "e": {"f": NaN, "f": true}}'
    received = receive_json(text)
    assert received.data == {"a": None, "b": [1, None, None], "c": 1, "e": {"f": None}}
    assert received.unread == {"/a", "/b/1", "/b/2", "/e/f"}
    assert [(problem.code, problem.place.pointer) for problem in received.problems] == [
        ("TS-J06", "/a"),
        ("TS-J06", "/b/1"),
        ("TS-J07", "/b/2"),
        ("TS-J04", "/c"),
        ("TS-J06", "/c"),
        ("TS-J07", "/\ufffd"),
        ("TS-J06", "/\ufffd/d"),
        ("TS-J06", "/e/f"),
        ("TS-J04", "/e/f"),
    ]


def test_nothing_is_told_of_json_that_is_in_order() -> None:
    received = receive_json(b'{"a": [1.50, "x"]}')
    assert (received.data, received.problems, received.unread) == ({"a": [Decimal("1.50"), "x"]}, (), frozenset())


@pytest.mark.parametrize("text", [r'"\ud83d"', r'"\udc00x"', r'{"\ud800": 1}'])
def test_half_a_character_is_refused(text: str) -> None:
    assert refused(text)[0][0] == "TS-J07"


def test_a_whole_pair_is_one_character() -> None:
    assert read_json(rb'"\ud83d\ude00"') == "\U0001f600"


def test_a_backslash_before_a_u_is_no_half_character() -> None:
    assert read_json(rb'"\\ud800"') == r"\ud800"


@pytest.mark.parametrize(("data", "code"), [(b"", "TS-J01"), (b" \n", "TS-J01"), (b"\xff{}", "TS-J02"), (b"\xef\xbb\xbf{}", "TS-J02")])
def test_what_is_no_text_is_refused_whole(data: bytes, code: str) -> None:
    assert refused(data) == [(code, "")]


def test_what_is_no_json_is_refused_with_line_and_column() -> None:
    with pytest.raises(JsonError) as caught:
        read_json(b'{"a": 1,\n "b" 2}')
    assert "regel 2, kolom 6" in caught.value.problems[0].cause


def test_depth_is_limited_before_anything_is_built() -> None:
    assert read_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert refused("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)) == [("TS-J05", "")]
    assert refused("[" * 400_000) == [("TS-J05", "")]
    assert refused(json.dumps({"a": {"k" * (MAX_KEY + 1): [1]}}) + " ") == [("TS-J08", "")]
    assert refused('{"a":' * 100_000) == [("TS-J05", "")]


def test_brackets_inside_a_text_are_not_depth() -> None:
    assert read_json(json.dumps("[" * 500 + '"\\').encode()) == "[" * 500 + '"\\'


def test_a_text_that_never_ends_is_refused_in_linear_time() -> None:
    assert refused('"' + '\\"' * 300_000)[0][0] == "TS-J03"


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4),
    max_leaves=20,
)


@given(anything)
def test_what_is_written_is_read_back(value: Any) -> None:
    assert read_json(write_json(value)) == value


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_whatever_break_the_reader(data: bytes) -> None:
    with suppress(JsonError):
        read_json(data)
