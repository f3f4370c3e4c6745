# SPDX-License-Identifier: EUPL-1.2
"""Requests per second over HTTP: the service and a load generator on the same machine."""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

CLIENTS = 4
SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class Load:
    """What a run under load gave: requests a second, and the p50 and p99 in milliseconds."""

    rate: float
    p50: float
    p99: float
    failed: int


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _client(port: int, path: str, body: bytes | None, seconds: float, out: Any) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    times: list[float] = []
    failed = 0
    end = time.perf_counter() + seconds
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    while time.perf_counter() < end:
        start = time.perf_counter()
        connection.request("POST" if body is not None else "GET", path, body=body, headers=headers)
        response = connection.getresponse()
        response.read()
        times.append(time.perf_counter() - start)
        failed += response.status != 200
    out.put((times, failed))


def load(port: int, path: str, claim: dict[str, Any] | None, seconds: float = SECONDS) -> Load:
    """Put a service under load from a few clients that each wait for their answer."""
    body = json.dumps(claim).encode() if claim is not None else None
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    clients = [context.Process(target=_client, args=(port, path, body, seconds, out)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    found = [out.get(timeout=seconds + 30) for _ in clients]
    for client in clients:
        client.join()
    times = sorted(moment for part, _ in found for moment in part)
    return Load(
        len(times) / seconds, statistics.median(times) * 1e3, times[int(len(times) * 0.99)] * 1e3, sum(failed for _, failed in found)
    )


class Service:
    """A service in a process of its own, started by a command and awaited on its port."""

    def __init__(self, command: list[str], port: int, path: str) -> None:
        self.port = port
        more = {"PYTHONWARNINGS": "ignore", "TOETSSTEEN_OPSLAG": "uit"}
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | more,
        )
        self._await(path)

    def _await(self, path: str) -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
                connection.request("GET", path)
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise RuntimeError("the service does not answer")

    def stop(self) -> None:
        """End the service."""
        self.process.terminate()
        self.process.wait(timeout=10)


def toetssteen(port: int, *options: str) -> Service:
    """Our service as an operator starts it."""
    command = [sys.executable, "-m", "cli", "serveer", "--zonder-aanmelden", "--poort", str(port), *options]
    return Service(command, port, "/v1/gezondheid/live")


def empty(port: int) -> Service:
    """An empty FastAPI route, for the ratio."""
    code = (
        "import fastapi, uvicorn\napp = fastapi.FastAPI()\n@app.get('/')\ndef empty(): return {}\n"
        f"uvicorn.run(app, port={port}, log_level='error')"
    )
    return Service([sys.executable, "-c", code], port, "/")
