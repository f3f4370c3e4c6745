# SPDX-License-Identifier: EUPL-1.2
"""The worker process of the second engine, seen from the service: started when needed, ended when it fails.

Whatever happens to the worker comes back as :class:`WorkerLost`, within the time limit; the next call starts a new one.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from engine.logic.durable_wiring import Stage

SCRIPT = Path(__file__).with_name("durable_worker.py")
MOST_PLANS = 100
"""A worker that holds this many programs is replaced, so that its memory stays bounded."""


class WorkerLost(Exception):
    """The worker crashed, took too long, was busy too long or could not start."""


class Worker:
    """One process, one question at a time; safe to share between threads.

    ``limit`` bounds a question in seconds, ``start_limit`` starting the process and loading a program.
    """

    def __init__(self, limit: float, start_limit: float) -> None:
        self.limit, self.start_limit = limit, start_limit
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None
        self._loaded: set[int] = set()
        self._owner = 0
        self._stop: weakref.finalize[..., Any] | None = None

    def ask(self, plan: int, stages: Sequence[Stage], cases: Iterable[Iterable[int]]) -> list[set[int]]:
        """Per case everything that holds, given the tokens that hold; ``plan`` numbers the program. Raises :class:`WorkerLost`."""
        with self.asked(plan, stages, cases) as answer:
            return answer()

    @contextmanager
    def asked(self, plan: int, stages: Sequence[Stage], cases: Iterable[Iterable[int]]) -> Iterator[Callable[[], list[set[int]]]]:
        """The same, for who does something else while the process works: what this gives waits for the answer, once.

        Both raise :class:`WorkerLost`. Other threads wait until the end of the block, at most ``limit``.
        """
        if not self.lock.acquire(timeout=self.limit):
            raise WorkerLost("bezet")
        waiting = False

        def answer() -> list[set[int]]:
            nonlocal waiting
            waiting = False
            with self._lost():
                return [set(case) for case in self._receive(self.limit)["cases"]]

        try:
            with self._lost():
                self._ready(plan, stages)
                self._send({"plan": plan, "cases": [list(case) for case in cases]}, self.limit)
                waiting = True
            yield answer
        finally:
            if waiting:  # nobody came for the answer: the next question would get it
                with suppress(WorkerLost):
                    answer()
            self.lock.release()

    @contextmanager
    def _lost(self) -> Iterator[None]:
        """Turn every way in which the worker can fail into :class:`WorkerLost`, and be rid of it."""
        try:
            yield
        except TimeoutError as error:
            self._discard()
            raise WorkerLost("tijd verstreken") from error
        except (OSError, ValueError, KeyError) as error:
            self._discard()
            raise WorkerLost(f"proces weggevallen ({type(error).__name__})") from error

    def close(self) -> None:
        """End the worker; a later question starts a new one."""
        with self.lock:
            self._discard()

    def _ready(self, plan: int, stages: Sequence[Stage]) -> None:
        if self.process is not None and (self._owner != os.getpid() or len(self._loaded) >= MOST_PLANS):
            self._discard()
        if self.process is None:
            self._start()
        if plan not in self._loaded:
            self._send({"plan": plan, "stages": [stage.plain() for stage in stages]}, self.start_limit)
            self._receive(self.start_limit)
            self._loaded.add(plan)

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                command = [sys.executable, "-I", str(SCRIPT)]
                process = subprocess.Popen(command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            except OSError:
                ours.close()
                raise
        self.process, self._connection, self._owner = process, ours, os.getpid()
        self._stop = weakref.finalize(self, _end, process, ours, self._owner)
        self._receive(self.start_limit)

    def _discard(self) -> None:
        if self._stop is not None:
            self._stop()
        self.process, self._connection, self._stop, self._loaded = None, None, None, set()

    def _send(self, message: dict[str, Any], limit: float) -> None:
        assert self._connection is not None
        body = json.dumps({**message, "seconds": 2 * limit}).encode()
        self._connection.settimeout(limit)
        self._connection.sendall(len(body).to_bytes(4, "big") + body)

    def _receive(self, limit: float) -> Any:
        size = int.from_bytes(self._exactly(4, limit), "big")
        return json.loads(self._exactly(size, limit))

    def _exactly(self, size: int, limit: float) -> bytes:
        assert self._connection is not None
        self._connection.settimeout(limit)
        found = bytearray()
        while len(found) < size:
            part = self._connection.recv(size - len(found))
            if not part:
                raise ConnectionError
            found += part
        return bytes(found)


def _end(process: subprocess.Popen[bytes], connection: socket.socket, owner: int) -> None:
    """Close, kill and reap; a fork of the service closes its copy and leaves the process alone."""
    connection.close()
    if owner == os.getpid():
        process.kill()
        process.wait()
    else:
        process.returncode = 0
