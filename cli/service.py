# SPDX-License-Identifier: EUPL-1.2
"""Starting the service: one process or several, each with the rulebook loaded and compiled before it answers."""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import uvicorn
from prometheus_client.multiprocess import mark_process_dead
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from api import config, logs, metrics
from api.app import app_over
from api.auth.gate import Gate
from api.auth.settings import AuthSettings
from api.config import LOOPBACK, NOBODY_SIGNS_IN, Settings, SettingsError
from api.context import Context, Current
from api.rollout import Rollout, keep_files, settle
from api.stored import settings as stored
from api.turns import Turns
from cli.outcome import load_rules
from engine.language.library import file_bytes
from engine.logic.durable import second_opinion
from engine.rulebook import Rulebook

LOOK_AGAIN = 0.2
"""Seconds between two looks at processes that are to end."""


def app_of_process() -> ASGIApp:
    """The app of one worker process, by the settings in the environment."""
    if hasattr(signal, "SIGHUP"):
        # A look at the rules may be asked for while the process starts; it loads them anyhow.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    settings, auth = config.load()
    logs.configure(settings.log_niveau, settings.log_vorm)
    app = app_by(settings, auth)
    settle()
    return app


def app_by(settings: Settings, auth: AuthSettings) -> ASGIApp:
    """The app that these settings describe. Raises :class:`engine.model.problems.RulesError` where no rules load.

    Raises :class:`api.config.SettingsError` where callers are to sign in and none of them could.
    """
    gate = auth.gate() if settings.aanmelden else Gate()
    if settings.aanmelden and not gate.signs_in:
        raise SettingsError((NOBODY_SIGNS_IN,))
    durable = second_opinion() if settings.tweede_mening else None
    opinion = metrics.Watched(durable) if durable is not None else None
    turns = Turns(settings.draden, settings.wachttijd / 1000, alone=settings.werkers == 1)
    precedents, logbook = config.precedents(settings), config.logbook(settings)
    archive = stored.archive(config.keeping())

    def context(book: Rulebook, files: Mapping[str, bytes]) -> Context:
        return Context(book, opinion, files, precedents, logbook=logbook, archive=archive, turns=turns)

    rollout = Rollout(settings.regels, _load, settings.regels_peiling, settings.werkmap, settings.precedenten)
    return app_over(
        Current(rollout.first(context)),
        rollout=rollout,
        examples=settings.voorbeelden,
        gate=gate,
        origins=settings.herkomsten,
        in_flight=settings.gelijktijdig,
        names=() if gate.signs_in else LOOPBACK,
    )


def _load(root: Path) -> Rulebook:
    return load_rules(root, quiet=True, tests=False)


class CannotStart(Exception):
    """What stands in the way of the service, and what to do about it, in Dutch."""


@contextmanager
def _or_not(what: str, remedy: str) -> Iterator[None]:
    """Raises :class:`CannotStart` where the system refuses it."""
    try:
        yield
    except OSError as error:
        raise CannotStart(f"{what}: {error.strerror or type(error).__name__}. {remedy}") from error


def serve(settings: Settings) -> None:
    """Serve until stopped. Raises :class:`CannotStart` when a port is taken, or there is no place to write."""
    with ExitStack() as kept:
        where = settings.werkmap or "de map voor tijdelijke bestanden"
        with _or_not(f"De dienst kan niet schrijven in {where}", "Wijs met TOETSSTEEN_WERKMAP een map aan waarin dat mag."):
            # What the processes share is of this run: an earlier run may have ended in the middle of it.
            folder = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="toetssteen-", dir=settings.werkmap)))
            counted = folder / "metrieken"
            counted.mkdir()
            if settings.werkers > 1:
                keep_files(file_bytes(settings.regels), folder)
        os.environ |= config.written(settings.model_copy(update={"werkmap": folder}))
        if settings.werkers > 1:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counted)
        factory = uvicorn.Config(
            "cli.service:app_of_process",
            factory=True,
            host=settings.host,
            port=settings.poort,
            workers=settings.werkers,
            log_level=settings.log_niveau,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=settings.stoptijd,
        )
        with _or_not(f"De dienst kan niet luisteren op {settings.host}:{settings.poort}", "Kies een andere poort of een ander adres."):
            listening = _listen(settings.host, settings.poort)
        logs.configure(settings.log_niveau, settings.log_vorm)
        if settings.metrieken_poort:
            place = f"{settings.metrieken_host}:{settings.metrieken_poort}"
            with _or_not(f"De metrieken kunnen niet op {place} staan", "Kies een andere TOETSSTEEN_METRIEKEN_POORT of _HOST."):
                metrics.serve(settings.metrieken_host, settings.metrieken_poort, counted if settings.werkers > 1 else None)
        if settings.werkers == 1:
            # The server ends as the signal that stopped it would have ended it; what is kept here is tidied up first.
            signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
            uvicorn.Server(factory).run(sockets=[listening])
        else:
            Processes(factory, sockets=[listening]).run()


class Processes(Multiprocess):
    """The worker processes. SIGHUP means new rules, for each of them, and no new process."""

    def keep_subprocess_alive(self) -> None:
        """Replace a process that died, and let what it last reported about itself go with it."""
        before = {process.pid for process in self.processes}
        super().keep_subprocess_alive()
        for pid in before - {process.pid for process in self.processes}:
            if pid is not None:
                mark_process_dead(pid)  # type: ignore[no-untyped-call]

    def terminate_all(self) -> None:
        """Stop, each process after what it took on; ours would keep the port open, for callers whom nobody answers."""
        for listening in self.sockets:
            listening.close()
        super().terminate_all()

    def join_all(self) -> None:
        """Wait until each process has ended; who interrupts once more waits no longer."""
        while alive := [process for process in self.processes if process.process.is_alive()]:
            if signal.SIGINT in self.signal_queue:
                for process in alive:
                    process.kill()
            alive[0].process.join(LOOK_AGAIN)
        super().join_all()

    def handle_hup(self) -> None:
        """Ask every process to look at the rules."""
        for process in self.processes:
            if process.pid is not None:
                os.kill(process.pid, signal.SIGHUP)


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket of our own: with the protocol named, asyncio switches Nagle's delay off on each connection."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind((host, port))
    found.set_inheritable(True)
    return found
