# SPDX-License-Identifier: EUPL-1.2
"""The rolling release of rules: the old rulebook serves while the new one loads, and stays where the new one is refused.

A new look at the rules folder, and at the file of earlier decisions, is taken on SIGHUP, and where that is asked for every
few seconds. A request that has begun keeps what it began with.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from api import logs, metrics
from api.context import Context, Current, Refusal
from engine.language.library import file_bytes, files_under
from engine.model.problems import Place, Problem, RulesError
from engine.passes.precedents import read_precedents
from engine.rulebook import Rulebook

PRECEDENTS = "eerdere besluiten lezen"
LAST_GOOD = "laatste-regels"
TRIES = 5
ROUNDS = (20_000, 20, 20)
"""After how many new objects the garbage collector looks at the young ones, and how seldom at the older."""
MOST_TOLD = 20

Mark: TypeAlias = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True)
class Rollout:
    """How rules come in: ``load`` reads, checks and compiles a folder, ``poll`` is in seconds (0: only on SIGHUP).

    ``keep`` is a folder in which the files of the last good rules stay, for a process that starts while ``root`` is broken.
    ``earlier`` is a file of earlier decisions, which comes in with the rules and on its own.
    """

    root: Path
    load: Callable[[Path], Rulebook]
    poll: float = 0
    keep: Path | None = None
    earlier: Path | None = None

    def first(self, context: Callable[[Rulebook, Mapping[str, bytes]], Context]) -> Context:
        """The state of a process that starts. Raises :class:`RulesError` where neither these rules nor earlier ones load."""
        try:
            return context(*self._loaded(self.root))
        except RulesError as error:
            if self.keep is None or not (self.keep / LAST_GOOD).is_dir():
                raise
            return self._refused(context(*self._loaded(self.keep / LAST_GOOD)), error.problems)

    def renew(self, context: Context) -> Context:
        """The state after a look at the rules folder and the earlier decisions.

        With the new rules, or the old ones and why the new ones are refused; and with the new decisions, or the old ones
        where the file is broken, which is logged.
        """
        return self._renewed(self._compared(context))

    def _compared(self, context: Context) -> Context:
        """The state with the earlier decisions as they are now; those of before where they cannot be read, whatever the cause."""
        if self.earlier is None:
            return context
        try:
            found = read_precedents(self.earlier.read_bytes(), self.earlier.name)
        except Exception as error:
            told = _told(error.problems) if isinstance(error, RulesError) else [type(error).__name__]
            stay = len(context.precedents)
            logs.action(PRECEDENTS, str(self.earlier), "geweigerd", level=logging.ERROR, blijven=stay, fouten=told)
            return context
        if found == context.precedents:
            return context
        logs.action(PRECEDENTS, str(self.earlier), "gelukt", aantal=len(found), hiervoor=len(context.precedents))
        return replace(context, precedents=found)

    def _renewed(self, context: Context) -> Context:
        try:
            if file_bytes(self.root) == context.files:
                metrics.released(refused=False)
                return replace(context, refused=None)
            book, files = self._loaded(self.root)
        except RulesError as error:
            return self._refused(context, error.problems)
        except Exception as error:
            cause = f"De regels konden niet worden gelezen ({type(error).__name__})."
            return self._refused(context, (Problem("TS-B01", Place(str(self.root)), cause, "Kijk of de dienst de map kan lezen."),))
        settle()
        logs.action("regels vrijgeven", book.hash, "gelukt", hiervoor=context.rulebook.hash)
        metrics.released(refused=False)
        return replace(context, rulebook=book, files=files, loaded=datetime.now(UTC), refused=None)

    async def run(self, current: Current) -> None:
        """Keep the state up to date until cancelled."""
        wanted = asyncio.Event()
        if threading.current_thread() is threading.main_thread():
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, wanted.set)
        # None: the folder may have changed between the load and now, so the first look compares the files themselves.
        seen: Mark | None = None
        before = await asyncio.to_thread(_mark, self.root, self.earlier)
        while True:
            asked = await _set_within(wanted, self.poll)
            mark = await asyncio.to_thread(_mark, self.root, self.earlier)
            # A folder that is still being written differs from one look to the next; wait until it rests.
            if asked or (mark != seen and mark == before):
                wanted.clear()
                seen = mark
                current.context = await asyncio.to_thread(self.renew, current.context)
            before = mark

    def _loaded(self, root: Path) -> tuple[Rulebook, Mapping[str, bytes]]:
        """The rulebook of a folder with its files, read again where the folder changed meanwhile."""
        for _ in range(TRIES):
            files = file_bytes(root)
            book = self.load(root)
            if file_bytes(root) == files:
                for programs in book.programs.values():
                    for compiled in programs:
                        compiled.warm()
                if self.keep is not None and root == self.root:
                    keep_files(files, self.keep)
                return book, files
        raise RulesError([Problem("TS-B01", Place(str(root)), "De map met regels verandert steeds.", "Wacht tot zij af is.")])

    def _refused(self, context: Context, problems: tuple[Problem, ...]) -> Context:
        told = _told(problems)
        logs.action("regels vrijgeven", str(self.root), "geweigerd", level=logging.ERROR, blijft=context.rulebook.hash, fouten=told)
        metrics.released(refused=True)
        return replace(context, refused=Refusal(datetime.now(UTC), problems))


def settle() -> None:
    """Take all that is loaded out of the rounds of the garbage collector: one over the rules stops every request meanwhile.

    An answer is some ten thousands of small objects that are let go at once; rounds between them find nothing.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*ROUNDS)


def keep_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Put rule files in ``folder`` under :data:`LAST_GOOD`, whole or not at all."""
    fresh = Path(tempfile.mkdtemp(prefix="regels-", dir=folder))
    for name, content in files.items():
        (fresh / name).parent.mkdir(parents=True, exist_ok=True)
        (fresh / name).write_bytes(content)
    link, last = fresh.with_suffix(".nu"), folder / LAST_GOOD
    old = last.resolve() if last.is_symlink() else None
    link.symlink_to(fresh.name)
    link.replace(last)
    if old is not None:
        shutil.rmtree(old, ignore_errors=True)


def _told(problems: tuple[Problem, ...]) -> list[str]:
    """The first problems of files, for the log."""
    return [f"{problem.place.file}:{problem.place.line} {problem.code} {problem.cause}" for problem in problems[:MOST_TOLD]]


def _mark(root: Path, beside: Path | None = None) -> Mark:
    """The files of a folder, and one beside it, as far as they are there: when they and their rights changed, and how long they are.

    A folder that cannot be read, or goes away meanwhile, has no files: it is looked at again.
    """
    found = []
    try:
        files = files_under(root, "*.y*ml")
    except RulesError:
        files = []
    for path in (*files, *([beside] if beside is not None else [])):
        try:
            stat = path.stat()
        except OSError:
            continue
        found.append((os.fspath(path), stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size))
    return tuple(found)


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    """Whether an event is set before so many seconds (0: for ever) have passed."""
    try:
        return await asyncio.wait_for(event.wait(), seconds or None)
    except TimeoutError:
        return False
