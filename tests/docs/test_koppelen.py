# SPDX-License-Identifier: EUPL-1.2
"""The walk of an integrator, as docs/koppelen.md tells it: run in a shell against a real service, every promise held."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.test_docs import ROOT, blocks

PAGE = ROOT / "docs" / "koppelen.md"
PROMISE = "# verwacht: "
SECONDS = 240
MISSING = [name for name in ("bash", "curl", "jq", "python3") if shutil.which(name) is None]

CHECK = """
houd() { # a promise, as a status or as a filter of jq
  case "$1" in
    [1-5][0-9][0-9]) [ "$(tail -n 1 "$UIT")" = "$1" ] || echo "$2: $(tail -n 1 "$UIT") is not $1: $(head -c 600 "$MAP/antwoord.json")" ;;
    *) jq -e "$1" "$MAP/antwoord.json" > /dev/null || echo "$2: $1: $(head -c 600 "$MAP/antwoord.json")" ;;
  esac >> "$BEVINDINGEN"
}
trap 'kill "$DIENST" 2> /dev/null' EXIT
"""


def script() -> str:
    """The blocks of the page as one script, that writes down every promise that is not kept."""
    lines = [CHECK]
    for number, block in enumerate(blocks(PAGE, "sh"), 1):
        for line in block.splitlines():
            if line.startswith(PROMISE):
                quoted = line.removeprefix(PROMISE).replace("'", "'\\''")
                lines.append(f"houd '{quoted}' 'block {number}'")
            else:
                lines.append(line)
    return "\n".join([*lines, "echo gedaan"])


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def test_every_request_of_the_walk_promises_a_status() -> None:
    found = blocks(PAGE, "sh")
    requests = [line for block in found for line in block.splitlines() if re.match(r"(vraag |curl )", line)]
    promised = re.findall(rf"^{PROMISE}(\d{{3}})$", "\n".join(found), re.MULTILINE)
    assert len(requests) == len(promised) > 20
    assert set(promised) == {"200", "201", "304", "400", "401", "403", "409", "503"}


@pytest.mark.skipif(bool(MISSING), reason=f"the walk needs {', '.join(MISSING)}, which this machine lacks")
def test_the_walk_does_what_the_page_says(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "toetssteen"
    program.write_text(f"#!/bin/sh\nexec '{sys.executable}' -c 'from cli.main import app; app()' \"$@\"\n", encoding="utf-8")
    program.chmod(0o755)
    port = "export TOETSSTEEN_POORT="
    text = script()
    assert text.count(f"{port}8000\n") == 1
    findings, out = tmp_path / "bevindingen", tmp_path / "uit"
    findings.touch()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOETSSTEEN_")}
    environment |= {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(tmp_path),
        "TOETSSTEEN_CACHE": os.environ["TOETSSTEEN_CACHE"],
        "NO_PROXY": "127.0.0.1",
        "BEVINDINGEN": str(findings),
        "UIT": str(out),
    }
    walk = text.replace(f"{port}8000\n", f"{port}{free_port()}\n")
    with out.open("wb") as output:
        shell = subprocess.Popen(
            ["bash", "-c", walk],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            shell.wait(SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(shell.pid, signal.SIGKILL)
            pytest.fail(f"the walk takes more than {SECONDS} seconds: {out.read_text(encoding='utf-8')}")
    told = out.read_text(encoding="utf-8")
    assert findings.read_text(encoding="utf-8") == "", told
    assert told.endswith("gedaan\n")
    assert "niet gelijk" not in told
