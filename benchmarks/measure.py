# SPDX-License-Identifier: EUPL-1.2
"""How a number is measured: medians of many short rounds, in one process, one after the other."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report; ``aim`` is what it should be, ``known`` what it is compared with."""

    what: str
    got: str
    aim: str = ""
    known: str = ""


def median_us(work: Callable[[], object], rounds: int = 300, warm: int = 30) -> float:
    """The median time of one call in microseconds."""
    return statistics.median(times_us(work, rounds, warm))


def times_us(work: Callable[[], object], rounds: int, warm: int = 30) -> list[float]:
    """The time of each call in microseconds, after a warm-up."""
    for _ in range(warm):
        work()
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        found.append((time.perf_counter() - start) * 1e6)
    return found


def shown(us: float) -> str:
    """Microseconds as people read them."""
    return f"{us:.1f} us" if us < 1_000 else f"{us / 1_000:.2f} ms"


def report(title: str, lines: Sequence[Line]) -> str:
    """A table as text."""
    head = ("what", "measured", "aim", "compared with")
    rows = [head, *((line.what, line.got, line.aim, line.known) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    text = [title, *("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)]
    return "\n".join(text)
