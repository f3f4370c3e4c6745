# SPDX-License-Identifier: EUPL-1.2
"""Starting the service: one process or several, each with the rulebook loaded and compiled before it answers."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from api.app import create_app
from api.auth.settings import AuthSettings
from cli.outcome import load_rules
from engine.logic.durable import second_opinion

LOOPBACK = ("127.0.0.1", "::1", "localhost")
_RULES, _SECOND, _SIGN_IN = "TOETSSTEEN_REGELS", "TOETSSTEEN_TWEEDE_MENING", "TOETSSTEEN_AANMELDEN"


def app_of_process() -> ASGIApp:
    """The app of one worker process, by what :func:`serve` left in the environment."""
    root = Path(os.environ[_RULES])
    book = load_rules(root, tests=False)
    for programs in book.programs.values():
        for compiled in programs:
            compiled.warm()
    gate = AuthSettings().gate() if os.environ.get(_SIGN_IN) != "uit" else None
    return create_app(book, second_opinion() if os.environ.get(_SECOND) != "uit" else None, rules_root=root, gate=gate)


def serve(host: str, port: int, workers: int, root: Path, *, second: bool, sign_in: bool) -> None:
    """Serve until stopped. Raises :class:`OSError` when the port is taken."""
    os.environ[_RULES] = str(root)
    os.environ[_SECOND] = "aan" if second else "uit"
    os.environ[_SIGN_IN] = "aan" if sign_in else "uit"
    config = uvicorn.Config(
        "cli.service:app_of_process", factory=True, host=host, port=port, workers=workers, log_level="warning", server_header=False
    )
    listening = _listen(host, port)
    if workers == 1:
        uvicorn.Server(config).run(sockets=[listening])
    else:
        Multiprocess(config, sockets=[listening]).run()


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket of our own: with the protocol named, asyncio switches Nagle's delay off on each connection."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind((host, port))
    found.set_inheritable(True)
    return found
