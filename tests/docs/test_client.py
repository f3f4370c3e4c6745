# SPDX-License-Identifier: EUPL-1.2
"""A client that a generator makes of the description: it makes the round trip of docs/koppelen.md against a real service."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from api.app import description
from api.auth.keys import KeyFile
from api.auth.principal import Role
from tests.api.test_openapi import OPERATIONS
from tests.docs.test_docs import ROOT, blocks
from tests.docs.test_koppelen import PAGE, free_port
from tests.law import RULES, law

PROGRAMS = ROOT / ".venv-client" / "bin"
GENERATOR = PROGRAMS / "openapi-python-client"
SECONDS = 120

pytestmark = pytest.mark.skipif(not GENERATOR.exists(), reason="no generator of a client: `make generator` installs it")


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the client, made of the description as it is served."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_bytes(description(law()))
    command = [str(GENERATOR), "generate", "--path", "openapi.json", "--config", str(ROOT / "docs" / "client.yaml"), "--meta", "none"]
    command += ["--output-path", "toetssteen_client", "--fail-on-warning"]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


@pytest.fixture
def address(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of a service with a store, and a key for it."""
    port = free_port()
    keys = KeyFile(tmp_path / "sleutels.json")
    roles = (Role.CONSULT, Role.ASSESS, Role.DECIDE)
    secret = keys.make("zaaksysteem", ["GM0000"], roles, date.today())
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOETSSTEEN_")} | {
        "PYTHONPATH": str(ROOT),
        "TOETSSTEEN_AANMELDEN_SLEUTELS": str(keys.path),
        "TOETSSTEEN_CACHE": os.environ["TOETSSTEEN_CACHE"],
        "TOETSSTEEN_OPSLAG": f"sqlite:///{tmp_path / 'opslag.sqlite'}",
        "TOETSSTEEN_OPSLAG_SLEUTELS": str(tmp_path / "opslag-sleutels.json"),
        "TOETSSTEEN_POORT": str(port),
        "TOETSSTEEN_REGELS": str(RULES),
    }
    log = (tmp_path / "dienst.log").open("wb")
    program = "from cli.main import app; app()"
    with log, subprocess.Popen([sys.executable, "-c", program, "serveer"], cwd=ROOT, env=environment, stdout=log, stderr=log) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/v1/gezondheid/gereed", process)
            yield f"http://127.0.0.1:{port}", secret
        finally:
            process.terminate()


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(SECONDS * 10):
        try:
            urllib.request.urlopen(address).close()
        except (urllib.error.URLError, ConnectionError):
            assert process.poll() is None, "the service stopped"
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the service is not ready after {SECONDS} seconds")


def test_every_operation_is_a_function_of_the_client(generated: Path) -> None:
    made = {path.stem for path in (generated / "toetssteen_client" / "api").rglob("*.py")}
    assert {snake(operation) for operation in OPERATIONS} <= made


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def test_the_client_makes_the_round_trip_that_the_page_shows(generated: Path, address: tuple[str, str]) -> None:
    (program,) = blocks(PAGE, "python")
    environment = {**os.environ, "PYTHONPATH": str(generated), "ADRES": address[0], "SLEUTEL": address[1], "NO_PROXY": "127.0.0.1"}
    ran = subprocess.run([PROGRAMS / "python", "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout in blocks(PAGE, "text")
