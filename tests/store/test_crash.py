# SPDX-License-Identifier: EUPL-1.2
"""A process that is killed loses no record that it told of, and doubles none."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import URL

from store.keys import Keys
from store.model import Rhythm
from store.schema import terms
from store.store import Store
from tests.law import ROOT
from tests.store.conftest import opened
from tests.store.drafts import TOWN, rows

KILLS = 10


def test_a_writer_killed_at_random_moments_loses_and_doubles_nothing(url: URL, tmp_path: Path) -> None:
    keys = tmp_path / "sleutels.json"
    Keys.make(keys)
    store = Store(url, Keys.read(keys), rhythm=Rhythm(every=7))
    opened(url).close()
    told: dict[int, str] = {}
    rng = random.Random(7)
    for _ in range(KILLS):
        told |= _killed(url, keys, max(told, default=0), rng.uniform(0.05, 0.4))
    stored = {int(row["value"].removeprefix("zaak-")): row["record_id"] for row in rows(store.engine, terms) if row["name"] == "zaak"}
    assert len(told) >= KILLS
    assert {number: stored[number] for number in told} == told
    records = store.search(TOWN, limit=100_000).records
    assert len(records) == len(stored)
    assert store.audit().whole
    store.close()


def _killed(url: URL, keys: Path, first: int, after: float) -> dict[int, str]:
    """What a writer told before it was killed; it starts with the last key that was told of, as a client does that is not sure."""
    command = [sys.executable, "-m", "tests.store.writer", url.render_as_string(hide_password=False), str(keys), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        time.sleep(after)
        process.kill()
        lines = [line, *process.stdout]
    return {int(number): record for number, _, record in (line.strip().partition(" ") for line in lines if line.endswith("\n"))}
