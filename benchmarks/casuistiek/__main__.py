# SPDX-License-Identifier: EUPL-1.2
"""``python -m benchmarks.casuistiek``: measure, print, write the page; ends with 1 where a threshold is not met."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.casuistiek.report import page
from benchmarks.casuistiek.score import failures, measure, with_weighing
from engine import rulebook

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "casuistiek.md"


def main() -> int:
    """The exit code."""
    book = rulebook.load(ROOT / "rules")
    measured, weighed = measure(book), measure(book, with_weighing())
    text = page(measured, weighed)
    PAGE.write_text(text, encoding="utf-8")
    print(text, end="")
    found = [*failures(measured), *(f"Met weging: {line}" for line in failures(weighed))]
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
