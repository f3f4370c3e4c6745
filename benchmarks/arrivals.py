# SPDX-License-Identifier: EUPL-1.2
"""Requests that arrive at a constant rate, whether or not those before are answered.

Each latency counts from the moment at which its request should have left, not from when it did: a service that stands still
for a second is charged with every request of that second (no coordinated omission).
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import time
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import uvloop

MOST_CONNECTIONS = 400
PATIENCE = 30.0
"""Seconds after which a client gives up."""
NO_ANSWER = 0
SHED = (429, 503)

Body = bytes | Callable[[int], bytes] | None
"""What is sent with a request: always the same, what its number says, or nothing (a GET)."""


@dataclass(frozen=True)
class Answers:
    """What a constant rate gave: the latency in milliseconds of every request, by status; status 0 is no answer at all."""

    seconds: float
    by_status: Mapping[int, tuple[float, ...]]
    latest: float = 0.0
    """How late the generator itself was at worst, in milliseconds: part of the latencies."""

    @property
    def sent(self) -> int:
        """How many requests were sent."""
        return sum(map(len, self.by_status.values()))

    @property
    def accepted(self) -> tuple[float, ...]:
        """The latencies of what was done, in order of size."""
        return tuple(sorted(time for status, times in self.by_status.items() if status < 300 and status != NO_ANSWER for time in times))

    @property
    def shed(self) -> tuple[float, ...]:
        """The latencies of what was told to come back later, in order of size."""
        return tuple(sorted(time for status in SHED for time in self.by_status.get(status, ())))

    @property
    def failed(self) -> int:
        """How many got neither."""
        return self.sent - len(self.accepted) - len(self.shed)


def percentile(times: tuple[float, ...], share: float) -> float:
    """The time within which this share of ``times`` (sorted) was answered; 0 where there are none."""
    return times[min(len(times) - 1, int(len(times) * share))] if times else 0.0


@dataclass
class _Client:
    port: int
    path: str
    body: Body
    idle: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=deque)

    def request(self, number: int) -> bytes:
        """The request with this number, with an Idempotency-Key of its own."""
        body = self.body(number) if callable(self.body) else self.body
        return (
            f"{'GET' if body is None else 'POST'} {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body or b'')}\r\nIdempotency-Key: {uuid.uuid4().hex}\r\n\r\n"
        ).encode() + (body or b"")

    async def ask(self, number: int) -> int:
        """Send one request over a connection that is free, the one that was free longest; its status."""
        request = self.request(number)
        reader, writer = self.idle.popleft() if self.idle else await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = int(answer.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
            await reader.readexactly(length)
        except BaseException:
            writer.close()
            raise
        if b"\r\nconnection: close" in answer.lower():
            writer.close()
        else:
            self.idle.append((reader, writer))
        return int(answer[9:12])


def arrivals(port: int, path: str, body: Body, rate: float, seconds: float) -> Answers:
    """Send ``rate`` requests a second for so many seconds, each with an Idempotency-Key of its own; wait for all answers."""
    gc.collect()
    gc.disable()
    try:
        return uvloop.run(_run(_Client(port, path, body), rate, round(rate * seconds)))
    finally:
        gc.enable()


async def _run(client: _Client, rate: float, count: int) -> Answers:
    found: dict[int, list[float]] = {}
    slots = asyncio.Semaphore(MOST_CONNECTIONS)
    latest = 0.0

    async def one(number: int, due: float) -> None:
        nonlocal latest
        latest = max(latest, time.perf_counter() - due)
        status = NO_ANSWER
        with contextlib.suppress(OSError, EOFError, TimeoutError, asyncio.IncompleteReadError):
            async with asyncio.timeout(PATIENCE), slots:
                status = await client.ask(number)
        found.setdefault(status, []).append((time.perf_counter() - due) * 1e3)

    began = time.perf_counter() + 0.05
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            due = began + number / rate
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            group.create_task(one(number, due))
    seconds = time.perf_counter() - began
    for _, writer in client.idle:
        writer.close()
    return Answers(seconds, {status: tuple(times) for status, times in found.items()}, latest * 1e3)
