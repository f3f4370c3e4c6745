# SPDX-License-Identifier: EUPL-1.2
"""How much one client may ask, and how much the service takes on at once."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.kinds import FULL
from api.problems import ApiProblem, problem_response
from api.turns import Turns

MAX_CLIENTS = 10_000
HEALTH = "/v1/gezondheid/"


@dataclass
class Limits:
    """A token bucket per client: ``per_second`` requests on average, ``burst`` at once. None: no limit."""

    per_second: float | None = None
    burst: int = 100
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, client: str) -> None:
        """Count one request. Raises 429 with `Retry-After` when the bucket is empty."""
        if self.per_second is None:
            return
        now = self.clock()
        left, then = self._left.pop(client, (float(self.burst), now))
        left = min(float(self.burst), left + (now - then) * self.per_second)
        if len(self._left) >= MAX_CLIENTS:
            self._left.popitem(last=False)
        if left < 1:
            self._left[client] = (left, now)
            wait = math.ceil((1 - left) / self.per_second)
            raise ApiProblem(429, headers={"Retry-After": str(max(wait, 1))})
        self._left[client] = (left - 1, now)


class InFlight:
    """Answers 503 at once where ``most`` requests are being served already, or where their line is too long.

    Whether the service lives is always told: a service that is full is not one to restart.

    A connection stays with the process that took it, so a caller who keeps a few open may load one process while the others
    rest. Where work is left behind an answer, it closes its connection: the next one goes to the process that takes it first.
    """

    def __init__(self, app: ASGIApp, most: int, turns: Turns) -> None:
        self.app, self.most, self.turns, self.now = app, most, turns, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the call, or say to come back."""
        if scope["type"] != "http" or scope["path"].startswith(HEALTH):
            await self.app(scope, receive, send)
            return

        async def spread(message: Message) -> None:
            if message["type"] == "http.response.start" and self.turns.better_elsewhere:
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        try:
            if self.now >= self.most:
                raise ApiProblem(FULL, headers={"Retry-After": "1"})
            self.turns.admit()
        except ApiProblem as full:
            await problem_response(full.kind, full.detail, (), full.headers)(scope, receive, spread)
            return
        self.now += 1
        try:
            await self.app(scope, receive, spread)
        finally:
            self.now -= 1
