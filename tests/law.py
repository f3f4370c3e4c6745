# SPDX-License-Identifier: EUPL-1.2
"""The law that ships with the project and its examples, loaded once for all tests."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine import rulebook
from engine.authoring.tests import claim_of, listed

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "rules"
EXAMPLES = ROOT / "examples"


@lru_cache(maxsize=1)
def law() -> rulebook.Rulebook:
    """The rulebook of ``rules/``."""
    return rulebook.load(RULES)


@lru_cache(maxsize=1)
def _examples() -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal) for path in sorted(EXAMPLES.glob("*.json"))}


def example(start: str) -> dict[str, Any]:
    """A fresh copy of the example claim whose name starts like this."""
    return copy.deepcopy(next(claim for name, claim in _examples().items() if name.startswith(start)))


def example_names() -> list[str]:
    """The names of all example claims."""
    return list(_examples())


def base_claims(folder: str) -> Iterator[dict[str, Any]]:
    """The claims of the tests beside the rules of a law: each base household with the first test of each day that starts from it."""
    seen = set()
    for file, test in listed(law(), f"{folder}/"):
        ruled = test.given is None or test.claim is None
        if test.expected.refused is None and ruled and (test.claim, test.base, test.date) not in seen:
            seen.add((test.claim, test.base, test.date))
            claim = claim_of(law(), file, test)
            yield claim if test.claim else claim | {"regeluitkomst": claim["regeluitkomst"] | {"bron": "besluit"}}
