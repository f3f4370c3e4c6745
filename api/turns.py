# SPDX-License-Identifier: EUPL-1.2
"""Work in threads, a few at a time; who would wait too long for a turn is told at once to come back.

A process works on one request at once, or on few, as each of them takes a processor: more would only make all of them
slower, and those that hold a lock of the store longest of all. The others wait in line. How long that will be is known from
how long the work took until now, so nobody waits in vain.

A burst may wait longer than what comes in all the time: each moment that nobody waits earns some patience, and each second
that somebody does spends two seconds of it. So twenty requests at once are all answered by a service that was at rest, and
one that is asked more than it can do for minutes on end still answers what it takes on as quickly as ever: where most are
sent away there is always a next one, so nobody has to stand in line to keep the process at work.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from api.kinds import FULL
from api.problems import ApiProblem

ALWAYS = 0.125
"""The part of the patience that is always there where nobody is sent away; the more are, the less of it."""
EARNED = 0.05
"""Seconds of patience for each second that nobody waits."""
SPENT = 2.0
"""Seconds of patience for each second that somebody waits."""
FORGOTTEN = 1.0
"""The part of those who came that is forgotten to be sent away in each second that nobody waits."""
_NEW = 0.1
"""What the last one counts in an average."""

Found = TypeVar("Found")


@dataclass(eq=False)
class Turns:
    """Takes on work: ``at_once`` pieces at the same time, of which none waits longer than ``patience`` seconds for its turn.

    ``alone`` says whether no other process takes requests on the same port. One of these serves one event loop, as those who
    wait in line are woken by the loop that they share.
    """

    at_once: int = 1
    patience: float = 0.2
    alone: bool = True
    clock: Callable[[], float] = time.monotonic

    inside: int = field(default=0, init=False)
    """How many work or wait."""
    refused: float = field(default=0.0, init=False)
    """The part of those who came that was sent away; who came last counts most."""
    lasts: float = field(default=0.0, init=False)
    """How long a piece of work takes, in seconds; what came last counts most."""

    def __post_init__(self) -> None:
        self._limiter = CapacityLimiter(self.at_once)
        self._spare, self._then = self.patience * (1 - ALWAYS), self.clock()

    @property
    def wait(self) -> float:
        """How long the next one would wait, in seconds."""
        return max(0, self.inside - self.at_once + 1) * self.lasts / self.at_once

    @property
    def better_elsewhere(self) -> bool:
        """Whether who asks again now may be helped sooner by another process."""
        return not self.alone and self.inside > 0

    def admit(self) -> None:
        """Raises 503 with `Retry-After` where the wait is too long."""
        self._account()
        full = self.wait > self.patience * ALWAYS * (1 - self.refused) ** 2 + self._spare
        self.refused += (full - self.refused) * _NEW
        if full:
            raise ApiProblem(FULL, headers={"Retry-After": str(max(1, math.ceil(self.wait)))})

    async def work(self, work: Callable[[], Found]) -> Found:
        """What ``work`` gives, done in a thread when its turn comes. Raises 503 as :meth:`admit` does."""
        self.admit()
        self.inside += 1
        try:
            return await to_thread.run_sync(lambda: self._timed(work), limiter=self._limiter)
        finally:
            self._account()
            self.inside -= 1

    def _timed(self, work: Callable[[], Found]) -> Found:
        start = self.clock()
        try:
            return work()
        finally:
            took = self.clock() - start
            self.lasts += (took - self.lasts) * (_NEW if self.lasts else 1)

    def _account(self) -> None:
        now = self.clock()
        passed, self._then = now - self._then, now
        if self.inside > self.at_once:
            self._spare -= passed * SPENT
        else:
            self._spare += passed * EARNED
            self.refused = max(0.0, self.refused - passed * FORGOTTEN)
        self._spare = min(max(self._spare, 0.0), self.patience * (1 - ALWAYS))
