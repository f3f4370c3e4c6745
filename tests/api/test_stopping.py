# SPDX-License-Identifier: EUPL-1.2
"""Starting and stopping real processes: what was taken on is answered, nobody is left waiting, and a start that fails says why."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.service import free_port
from tests.api.test_rollout import eventually, rules, write
from tests.law import ROOT

PROGRAM = [sys.executable, "-c", "from cli.main import app; app()", "serveer", "--zonder-aanmelden"]
SECONDS = 60


def settings(root: Path, port: int, **more: object) -> dict[str, str]:
    """The environment of a service over the tiny law."""
    write(root / "regels", rules("gereed"))
    given = {"regels": root / "regels", "poort": port, "opslag": "uit", "voorbeelden": root, "cache": root / "cache", **more}
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("TOETSSTEEN_", "PROMETHEUS_"))}
    return bare | {"PYTHONPATH": str(ROOT)} | {f"TOETSSTEEN_{name.upper()}": str(value) for name, value in given.items()}


@contextmanager
def running(environment: Mapping[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A service that answers."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(PROGRAM, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet) as process:
        try:
            eventually(lambda: process.poll() is not None or answers(port), SECONDS)
            assert process.poll() is None, "the service stopped"
            yield process
        finally:
            process.kill()


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/v1/gezondheid/gereed")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def half_a_request(port: int) -> socket.socket:
    """A request of which the rest never comes."""
    found = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
    head = "POST /v1/beoordelingen/_bereken HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    found.sendall(head.encode())
    return found


@pytest.mark.parametrize("processes", [1, 2])
def test_who_stands_still_holds_the_stop_up_for_a_while_and_nobody_else_is_let_in_meanwhile(tmp_path: Path, processes: int) -> None:
    port = free_port()
    work = tmp_path / "werk"
    work.mkdir()
    with running(settings(tmp_path, port, werkers=processes, stoptijd=3, werkmap=work), port) as process, half_a_request(port) as waits:
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        eventually(lambda: refuses(port), 2.5)
        assert process.poll() is None, "what it took on was not waited for"
        answer = http.client.HTTPResponse(waits)
        answer.begin()
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert json.load(answer)["detail"].startswith("De dienst stopt.")
        assert process.wait(timeout=SECONDS) == 0
    assert list(work.iterdir()) == []


@pytest.mark.parametrize("processes", [1, 2])
def test_who_interrupts_twice_waits_no_longer(tmp_path: Path, processes: int) -> None:
    port = free_port()
    with running(settings(tmp_path, port, werkers=processes, stoptijd=SECONDS), port) as process, half_a_request(port):
        time.sleep(0.5)
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            time.sleep(1.5)
        process.wait(timeout=10)


def test_the_port_that_is_taken_is_the_one_that_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"luisteren op 127.0.0.1:{port}: Address already in use" in refused(settings(tmp_path, port))
        told = refused(settings(tmp_path, free_port(), metrieken_poort=port))
    assert told.startswith(f"De metrieken kunnen niet op 127.0.0.1:{port} staan: Address already in use.")
    assert "TOETSSTEEN_METRIEKEN_POORT" in told


def test_a_logbook_that_cannot_be_written_in_is_refused_at_the_start(tmp_path: Path) -> None:
    told = refused(settings(tmp_path, free_port(), logboek=tmp_path, logboek_activiteit="urn:x:y"))
    assert told == f"TOETSSTEEN_LOGBOEK: in {tmp_path} is niet te schrijven: Is a directory."


def refused(environment: Mapping[str, str]) -> str:
    """The last line of what a service says that does not start."""
    ran = subprocess.run(PROGRAM, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS)
    assert ran.returncode == 2, ran.stderr
    return ran.stderr.splitlines()[-1]
