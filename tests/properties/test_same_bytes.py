# SPDX-License-Identifier: EUPL-1.2
"""The same law and the same facts give the same bytes, in whatever order they are handed over."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import orjson
from hypothesis import given, strategies as st

from engine.passes.assess import Assessment, assess
from engine.rationale.build import rationale, rationale_to_keep
from engine.rationale.trace import told_again
from engine.rulebook import Rulebook, load_files
from tests.properties.small_law import canonical, files, some_claim

ROOT = Path(__file__).parents[2]
CLAIMS = 10
seeds = st.integers(0, 2**32)


@lru_cache(maxsize=1)
def as_written() -> Rulebook:
    return load_files(files())


def decided(found: Assessment) -> dict[str, Any]:
    """What was decided, without the order in which it is told."""
    first = found.first
    return {
        "uit": found.state.out,
        "regels": found.state.holds,
        "items": found.state.items,
        "uitkomst": (first.result, first.possible, first.values, first.causes, first.burdening),
        "gronden": {(ground.ground.outcome, ground.rules, ground.truth) for ground in first.grounds},
        "vragen": {question.path for question in found.questions},
    }


@given(seeds)
def test_the_same_claim_gives_the_same_bytes_again(seed: int) -> None:
    claim = some_claim(Random(seed))
    assert canonical(assess(claim, as_written())) == canonical(assess(claim, as_written()))


@given(seeds)
def test_the_trace_told_again_from_what_is_kept_of_it_is_the_same(seed: int) -> None:
    found = assess(some_claim(Random(seed)), as_written())
    _, notes = rationale_to_keep(found)
    told = orjson.dumps(told_again(as_written(), orjson.loads(orjson.dumps(notes))))
    assert told == orjson.dumps(rationale(found, steps=True)["stappen"])


def test_another_process_with_other_hashes_gives_the_same_bytes() -> None:
    def printed(hash_seed: str) -> bytes:
        command = [sys.executable, "-m", "tests.properties.small_law", "30"]
        return subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": hash_seed}, check=True, capture_output=True).stdout

    assert printed("1") == printed("2")


@given(seeds)
def test_the_order_of_the_files_changes_no_byte(seed: int) -> None:
    random = Random(seed)
    other = load_files(files(around=lambda items: random.sample(items, len(items))))
    assert other.hash == as_written().hash
    claim = some_claim(random)
    assert canonical(assess(claim, other)) == canonical(assess(claim, as_written()))


@given(seeds)
def test_the_order_of_the_facts_in_a_claim_changes_no_byte(seed: int) -> None:
    random = Random(seed)
    claim = some_claim(random)
    other = {**claim, "gegevens": _mixed(claim["gegevens"], random)}
    assert canonical(assess(other, as_written())) == canonical(assess(claim, as_written()))


@given(seeds)
def test_the_order_of_the_rules_in_a_file_changes_nothing_that_is_decided(seed: int) -> None:
    random = Random(seed)
    other = load_files(files(inside=lambda items: random.sample(items, len(items))))
    for _ in range(CLAIMS):
        claim = some_claim(random)
        assert decided(assess(claim, other)) == decided(assess(claim, as_written()))


def _mixed(value: Any, random: Random) -> Any:
    if isinstance(value, dict):
        names = random.sample(list(value), len(value))
        return {name: _mixed(value[name], random) for name in names}
    return [_mixed(item, random) for item in value] if isinstance(value, list) else value
