# SPDX-License-Identifier: EUPL-1.2
"""Requests per second over HTTP: the service and a load generator on the same machine."""

from __future__ import annotations

import contextlib
import http.client
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.arrivals import SHED, percentile

CLIENTS = 4
SECONDS = 6.0
STARTING = 60.0
STATELESS: Mapping[str, str] = {"TOETSSTEEN_OPSLAG": "uit"}


@dataclass(frozen=True, slots=True)
class Load:
    """What a run gave: requests answered with 200 a second, their p50 and p99 in milliseconds, how many were shed, how many failed."""

    rate: float
    p50: float
    p99: float
    shed: int
    failed: int


@dataclass(frozen=True, slots=True)
class Usage:
    """Processor time in seconds, and memory (resident) in MB."""

    seconds: float
    memory: float


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _client(port: int, path: str, body: bytes | None, seconds: float, out: Any) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    found: list[tuple[int, float]] = []
    end = time.perf_counter() + seconds
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    while time.perf_counter() < end:
        start = time.perf_counter()
        connection.request("POST" if body is not None else "GET", path, body=body, headers=headers)
        response = connection.getresponse()
        response.read()
        found.append((response.status, time.perf_counter() - start))
    out.put(found)


def load(port: int, path: str, claim: dict[str, Any] | None, seconds: float = SECONDS) -> Load:
    """Put a service under load from a few clients that each wait for their answer."""
    body = json.dumps(claim).encode() if claim is not None else None
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    clients = [context.Process(target=_client, args=(port, path, body, seconds, out)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    found = [one for _ in clients for one in out.get(timeout=seconds + 30)]
    for client in clients:
        client.join()
    times = tuple(sorted(moment for status, moment in found if status == 200))
    shed = sum(status in SHED for status, _ in found)
    return Load(
        len(times) / seconds,
        percentile(times, 0.5) * 1e3,
        percentile(times, 0.99) * 1e3,
        shed,
        len(found) - len(times) - shed,
    )


class Service:
    """A service in a process of its own, started by a command and awaited on its port."""

    def __init__(self, command: list[str], port: int, path: str | None, settings: Mapping[str, str] = STATELESS) -> None:
        self.port = port
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={name: text for name, text in os.environ.items() if not name.startswith("TOETSSTEEN_")}
            | {"PYTHONWARNINGS": "ignore"}
            | dict(settings),
            start_new_session=True,
        )
        if path is not None:
            self._await(path)

    def _await(self, path: str) -> None:
        end = time.monotonic() + STARTING
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)) as connection:
                    connection.request("GET", path)
                    if connection.getresponse().status == 200:
                        return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.05)
        self.kill()
        raise RuntimeError("the service does not answer")

    def usage(self) -> Usage:
        """What all its processes used until now, and hold now (Linux)."""
        ticks = pages = 0
        for place in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                found = place.read_text().rsplit(")", 1)[1].split()
                if int(found[2]) == self.process.pid:
                    ticks += int(found[11]) + int(found[12])
                    pages += int(found[21])
        return Usage(ticks / os.sysconf("SC_CLK_TCK"), pages * os.sysconf("SC_PAGE_SIZE") / 1e6)

    def stop(self) -> None:
        """End the service."""
        self.process.terminate()
        self.process.wait(timeout=10)

    def kill(self) -> None:
        """SIGKILL for every process of the service at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def toetssteen(port: int, *options: str, settings: Mapping[str, str] = STATELESS, path: str | None = "/v1/gezondheid/live") -> Service:
    """Our service as an operator starts it, without a store or with ``settings``; there when ``path`` answers (None: not awaited)."""
    command = [sys.executable, "-m", "cli", "serveer", "--zonder-aanmelden", "--poort", str(port), *options]
    return Service(command, port, path, settings)


def empty(port: int) -> Service:
    """An empty FastAPI route, for the ratio."""
    code = (
        "import fastapi, uvicorn\napp = fastapi.FastAPI()\n@app.get('/')\ndef empty(): return {}\n"
        f"uvicorn.run(app, port={port}, log_level='error')"
    )
    return Service([sys.executable, "-c", code], port, "/")
