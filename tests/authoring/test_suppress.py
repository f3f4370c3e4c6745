# SPDX-License-Identifier: EUPL-1.2
"""Counts that are given away: no small one can be read, and none can be computed from what is shown beside it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from engine.authoring.suppress import HIDDEN, SMALL, WITHHELD, Counts, Row, Shown, Table, suppressed

label = st.tuples(st.sampled_from("abcdef"))
counts = st.tuples(st.integers(0, 40), st.integers(0, 40)).filter(any)
tables = st.dictionaries(label, counts, min_size=1, max_size=6)
few = st.lists(st.tuples(st.sampled_from([0, 1, 3, 4, 5, 6]), st.sampled_from([0, 2, 4, 5, 7])).filter(any), min_size=1, max_size=3)


def one(table: Mapping[tuple[str, ...], Counts]) -> Table:
    (found,) = suppressed([table])
    return found


def column(table: Table, side: int, total: int) -> set[tuple[int, ...]]:
    """Every way to fill a column that somebody who knows the method and the total can still think of."""

    def values(shown: Shown) -> range | tuple[int]:
        if isinstance(shown, int):
            return (shown,)
        return {SMALL: range(5), HIDDEN: range(5, total + 1), WITHHELD: range(total + 1)}[shown]

    return {found for found in product(*(values(row.counts[side]) for row in table.rows.values())) if sum(found) == total}


def worlds(shown: tuple[Table, ...], side: int) -> list[tuple[tuple[int, ...], ...]]:
    """Every way to fill a column of all tables at once: they share a total, which is shown or known to be small."""
    total = shown[0].totals.counts[side]
    totals = range(5) if total == SMALL else [total]
    return [found for number in totals if isinstance(number, int) for found in product(*(column(table, side, number) for table in shown))]


@given(tables)
def test_no_count_under_the_threshold_is_shown(table: dict[tuple[str, ...], Counts]) -> None:
    shown = one(table)
    for name, row in shown.rows.items():
        for count, cell in zip(table[name], row.counts, strict=True):
            assert cell in ((SMALL, WITHHELD) if count < 5 else (count, HIDDEN, WITHHELD))
    assert all(cell >= 5 for row in (*shown.rows.values(), shown.totals) for cell in (*row.counts, row.total) if isinstance(cell, int))


def split(rows: list[Counts], parts: list[int]) -> dict[tuple[str, ...], Counts]:
    """The same decisions by another label: rows put together by number."""
    found: dict[tuple[str, ...], Counts] = {}
    for (left, right), part in zip(rows, parts, strict=False):
        old = found.get((str(part),), (0, 0))
        found[(str(part),)] = (old[0] + left, old[1] + right)
    return found


@settings(max_examples=150)
@given(few, st.lists(st.integers(0, 1), min_size=3, max_size=3))
def test_no_hidden_count_can_be_computed_from_rows_totals_and_the_other_table(rows: list[Counts], parts: list[int]) -> None:
    both: list[Mapping[tuple[str, ...], Counts]] = [{(str(number),): row for number, row in enumerate(rows)}, split(rows, parts)]
    shown = suppressed(both)
    for side in (0, 1):
        possible = worlds(shown, side)
        assert tuple(tuple(table[name][side] for name in sorted(table)) for table in both) in possible
        for number, table in enumerate(shown):
            for place, row in enumerate(table.rows.values()):
                if not isinstance(row.counts[side], int):
                    assert len({world[number][place] for world in possible}) > 1


@settings(max_examples=100)
@given(few)
def test_nor_by_knowing_that_no_row_is_empty(rows: list[Counts]) -> None:
    shown = one({(str(number),): row for number, row in enumerate(rows)})
    pairs = [
        (left, right)
        for (left,), (right,) in product(worlds((shown,), 0), worlds((shown,), 1))
        if all(any(pair) for pair in zip(left, right, strict=True))
    ]
    for place, row in enumerate(shown.rows.values()):
        for side in (0, 1):
            if not isinstance(row.counts[side], int):
                assert len({pair[side][place] for pair in pairs}) > 1


@given(tables)
def test_what_is_shown_is_true(table: dict[tuple[str, ...], Counts]) -> None:
    shown = one(table)
    for name, row in shown.rows.items():
        assert row.total in (WITHHELD, sum(table[name]))
    for side, total in enumerate(shown.totals.counts):
        assert total in (SMALL, sum(pair[side] for pair in table.values()))
    assert shown.totals.total in (WITHHELD, sum(map(sum, table.values())))


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(table: dict[tuple[str, ...], Counts], random: Any) -> None:
    names = list(table)
    random.shuffle(names)
    assert one({name: table[name] for name in names}) == one(table)
    assert list(one(table).rows) == sorted(table)


@pytest.mark.parametrize(
    ("table", "cells"),
    [
        ({("a",): (9, 8)}, {("a",): Row((9, 8), 17)}),
        ({("a",): (9, 2), ("b",): (20, 30)}, {("a",): Row((9, SMALL), WITHHELD), ("b",): Row((20, HIDDEN), WITHHELD)}),
        (
            {("a",): (9, 2), ("b",): (20, 30), ("c",): (20, 6)},
            {("a",): Row((9, SMALL), WITHHELD), ("b",): Row((20, 30), 50), ("c",): Row((20, HIDDEN), WITHHELD)},
        ),
        ({("a",): (9, 2), ("b",): (20, 3)}, {("a",): Row((9, SMALL), WITHHELD), ("b",): Row((20, SMALL), WITHHELD)}),
        ({("a",): (9, 0), ("b",): (20, 5)}, {("a",): Row((9, WITHHELD), WITHHELD), ("b",): Row((20, WITHHELD), WITHHELD)}),
        ({("a",): (9, 0), ("b",): (20, 6)}, {("a",): Row((9, SMALL), WITHHELD), ("b",): Row((20, HIDDEN), WITHHELD)}),
    ],
)
def test_so_much_is_hidden_beside_a_small_count_as_is_needed(table: Any, cells: Mapping[tuple[str, ...], Row]) -> None:
    assert one(table).rows == cells


def test_a_total_is_given_unless_it_is_small_itself() -> None:
    assert one({("a",): (9, 2), ("b",): (20, 1)}).totals == Row((29, SMALL), WITHHELD)
    assert one({("a",): (9, 2), ("b",): (20, 3)}).totals == Row((29, 5), 34)


def test_tables_about_other_decisions_are_not_given_together() -> None:
    with pytest.raises(ValueError, match="same decisions"):
        suppressed([{("a",): (9, 2)}, {("a",): (9, 3)}])


def test_an_empty_table_has_nothing_to_show() -> None:
    assert one({}) == Table({}, Row((SMALL, SMALL), WITHHELD))
