# SPDX-License-Identifier: EUPL-1.2
"""Sixty chained criteria over forty facts, 8 % of them missing: the same ones as rules and by hand."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

CRITERIA, FACTS = 60, 40


def rules() -> dict[str, str]:
    """A rulebook: criterion n is `(fact a >= limit) en niet/of criterion n-1`, the last decides."""
    facts = "".join(f'  g{n}:\n    soort: geheel getal\n    vraag: "g{n}"\n' for n in range(FACTS))
    lines = []
    for n in range(CRITERIA):
        before = f"\n        - {'niet ' if n % 3 == 0 else ''}c{n - 1}" if n else ""
        word = "een van" if n % 2 else "alle"
        lines.append(
            f"  - id: w.{n}\n    bron: art. {n + 1}\n    status: gelezen\n    bepaalt: c{n}\n    als:\n      {word}:\n"
            f"        - g{n % FACTS} >= {n % 7}{before}\n        - g{(n * 7 + 3) % FACTS} < {5 + n % 5}\n"
        )
    ladder = "beoordeling:\n  soort: beschikking\n  uitkomsten:\n    - weigeren: niet c59\n    - geven: anders\n"
    return {
        "wet/regeling.yaml": "naam: Meetwet\n",
        "wet/gegevens.yaml": f"gegevens:\n{facts}",
        "wet/claim/2023-01-01.yaml": f"regelset: wet/claim\ngeldig vanaf: 2023-01-01\n{ladder}regels:\n{''.join(lines)}",
    }


def by_hand() -> Callable[[dict[str, int | None]], bool | None]:
    """The same criteria as a plain function, three-valued with None."""

    def decide(facts: dict[str, int | None]) -> bool | None:
        before: bool | None = None
        for n in range(CRITERIA):
            first, second = facts.get(f"g{n % FACTS}"), facts.get(f"g{(n * 7 + 3) % FACTS}")
            parts = [None if first is None else first >= n % 7]
            if n:
                parts.append(before if n % 3 else (None if before is None else not before))
            parts.append(None if second is None else second < 5 + n % 5)
            stop = bool(n % 2)
            before = stop if stop in parts else (None if None in parts else not stop)
        return before

    return decide


def case(seed: int) -> dict[str, Any]:
    """A claim with 8 % of the facts missing."""
    chance = random.Random(seed)
    return {f"g{n}": chance.randrange(10) for n in range(FACTS) if chance.random() >= 0.08}
