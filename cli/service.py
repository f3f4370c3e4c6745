# SPDX-License-Identifier: EUPL-1.2
"""Starting the service: one process or several, each with the rulebook loaded and compiled before it answers."""

from __future__ import annotations

import os
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from api.app import create_app
from cli.outcome import load_rules
from engine.logic.durable import second_opinion

LOOPBACK = ("127.0.0.1", "::1", "localhost")
_RULES, _SECOND = "TOETSSTEEN_REGELS", "TOETSSTEEN_TWEEDE_MENING"


def app_of_process() -> ASGIApp:
    """The app of one worker process, by what :func:`serve` left in the environment."""
    root = Path(os.environ[_RULES])
    book = load_rules(root)
    for programs in book.programs.values():
        for compiled in programs:
            compiled.warm()
    return create_app(book, second_opinion() if os.environ.get(_SECOND) != "uit" else None, rules_root=root)


def serve(host: str, port: int, workers: int, root: Path, *, second: bool) -> None:
    """Serve until stopped."""
    os.environ[_RULES] = str(root)
    os.environ[_SECOND] = "aan" if second else "uit"
    uvicorn.run("cli.service:app_of_process", factory=True, host=host, port=port, workers=workers, log_level="warning", server_header=False)
