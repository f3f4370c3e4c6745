# SPDX-License-Identifier: EUPL-1.2
"""Fixture files: blocks under ``=== name``; a caret under a line says what must be refused there, and how.

``    ^ TS-T01 cause and remedy`` belongs to the line above it, at the column of the caret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
_CARET = re.compile(r"( *)\^ (TS-[A-Z]\d\d) (.*)")


@dataclass(frozen=True)
class Case:
    """A text, and the problems expected in it: (line, column, code, message)."""

    name: str
    text: str
    expected: frozenset[tuple[int, int, str, str]]


def cases(path: str) -> Iterator[Case]:
    """The blocks of a fixture file."""
    for block in ("\n" + (HERE / path).read_text(encoding="utf-8")).split("\n=== ")[1:]:
        name, _, body = block.rstrip("\n").partition("\n")
        lines: list[str] = []
        expected = set()
        for line in body.split("\n"):
            if found := _CARET.fullmatch(line):
                expected.add((len(lines), len(found[1]) + 1, found[2], found[3]))
            else:
                lines.append(line)
        yield Case(name, "\n".join(lines), frozenset(expected))
