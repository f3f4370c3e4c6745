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
from collections.abc import Iterable, Sequence
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
        if not self.lock.acquire(timeout=self.limit):
            raise WorkerLost("bezet")
        try:
            self._ready(plan, stages)
            answer = self._exchange({"plan": plan, "cases": [list(case) for case in cases]}, self.limit)
            return [set(case) for case in answer["cases"]]
        except TimeoutError as error:
            self._discard()
            raise WorkerLost("tijd verstreken") from error
        except (OSError, ValueError, KeyError) as error:
            self._discard()
            raise WorkerLost(f"proces weggevallen ({type(error).__name__})") from error
        finally:
            self.lock.release()

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
            self._exchange({"plan": plan, "stages": [stage.plain() for stage in stages]}, self.start_limit)
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

    def _exchange(self, message: dict[str, Any], limit: float) -> Any:
        assert self._connection is not None
        body = json.dumps({**message, "seconds": 2 * limit}).encode()
        self._connection.settimeout(limit)
        self._connection.sendall(len(body).to_bytes(4, "big") + body)
        return self._receive(limit)

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
