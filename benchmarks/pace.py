# SPDX-License-Identifier: EUPL-1.2
"""How fast the machine itself is while something is measured.

A processor that others use too may change its speed by half within seconds, and what is measured with it. A process beside
the load does the same small piece of work twenty times a second and notes what processor time it took; the load itself, which
shares the caches, makes it a little longer as well. What the least was counts as the pace of the machine, so a machine that is
slow all the time does not show.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

STEPS = 10_000
EVERY = 0.05
QUIET = 1.15
"""A round in which the piece of work took at most so many times its least was of a machine at its own pace."""


@dataclass
class Pace:
    """What a piece of work took on average, and the least that it took, in milliseconds of processor time."""

    mean: float = 0.0
    least: float = 0.0


@contextmanager
def paced() -> Iterator[Pace]:
    """The pace of the machine during the block; known at its end."""
    found = Pace()
    command = [sys.executable, "-m", "benchmarks.pace"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield found
        times = json.loads(process.communicate()[0])
    found.mean, found.least = sum(times) / len(times), min(times)


def _piece() -> float:
    start = time.thread_time()
    total = 0
    for number in range(STEPS):
        total += number
    return (time.thread_time() - start) * 1e3


def main() -> None:
    """Work and rest until the input ends; then print every time as JSON."""
    times = [_piece()]
    while not select.select([sys.stdin], [], [], EVERY)[0]:
        times.append(_piece())
    print(json.dumps(times))


if __name__ == "__main__":
    main()
