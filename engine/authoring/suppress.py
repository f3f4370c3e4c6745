# SPDX-License-Identifier: EUPL-1.2
"""Counts that may be given away: small ones are hidden, and so much more that no hidden one can be computed.

A table has rows of two counts and their sum, and a total under each column. A count under the threshold becomes ``<5``. The
sum in its row is then withheld, and so many more counts of its column are hidden (smallest first) that each hidden one can
still be two numbers at least, whatever else is shown. Where hiding does not reach that, the whole column is withheld.

Tables that are given away together split the same decisions in different ways, so that they share their totals and tell
nothing else about each other. Source of the method: primary and secondary cell suppression, Hundepool et al., Handbook on
Statistical Disclosure Control (ESSnet SDC, 2010).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

THRESHOLD = 5
SMALL = f"<{THRESHOLD}"
HIDDEN = "afgeschermd"
WITHHELD = "niet gegeven"

Shown: TypeAlias = int | str
"""A count that may be seen, or the word for one that may not."""
Label: TypeAlias = tuple[str, ...]
Counts: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it may be seen: its two counts and their sum."""

    counts: tuple[Shown, Shown]
    total: Shown


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by their label in the order of the labels, and the row of totals."""

    rows: Mapping[Label, Row]
    totals: Row


def suppressed(tables: Sequence[Mapping[Label, Counts]]) -> tuple[Table, ...]:
    """Tables as they may be given away together; the order of their rows changes nothing.

    Raises :class:`ValueError` when their totals differ: then they are not about the same decisions.
    """
    if len({tuple(sum(counts[side] for counts in table.values()) for side in (0, 1)) for table in tables}) > 1:
        raise ValueError("the tables are not about the same decisions")
    return tuple(_table(table) for table in tables)


def _table(table: Mapping[Label, Counts]) -> Table:
    left, right = (_column({label: counts[side] for label, counts in table.items()}) for side in (0, 1))
    totals: list[Shown] = []
    for side in (0, 1):
        total = sum(counts[side] for counts in table.values())
        totals.append(total if total >= THRESHOLD else SMALL)
    return Table({label: _row(left[label], right[label]) for label in sorted(table)}, _row(*totals))


def _row(left: Shown, right: Shown) -> Row:
    return Row((left, right), left + right if isinstance(left, int) and isinstance(right, int) else WITHHELD)


def _column(counts: Mapping[Label, int]) -> dict[Label, Shown]:
    """The counts of a column as they may be seen when their total is known, or is known to be small."""
    if sum(counts.values()) < THRESHOLD:
        return dict.fromkeys(counts, SMALL)
    small = [count for count in counts.values() if count < THRESHOLD]
    total = sum(small)
    if not small or (len(small) > 1 and 0 < total < (THRESHOLD - 1) * len(small)):
        return {label: count if count >= THRESHOLD else SMALL for label, count in counts.items()}
    hidden: set[Label] = set()
    for count, label in sorted((count, label) for label, count in counts.items() if count >= THRESHOLD):
        hidden.add(label)
        total += count
        if total > THRESHOLD * len(hidden):
            return {name: SMALL if count < THRESHOLD else HIDDEN if name in hidden else count for name, count in counts.items()}
    return dict.fromkeys(counts, WITHHELD)
