# SPDX-License-Identifier: EUPL-1.2
"""What the routes work with: the loaded rulebook, the second opinion, and what is made of them once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, TypeAlias

from fastapi import Depends
from starlette.requests import Request

from api.logboek import Logbook
from api.stored.archive import Archive
from api.turns import Turns
from engine.model.precedent import Precedent
from engine.model.problems import Problem
from engine.passes.assess import SecondOpinion
from engine.passes.precedents import Earlier, laid_together
from engine.rulebook import Rulebook


@dataclass(frozen=True)
class Refusal:
    """Rules that were offered and do not load: when, and everything that is wrong with them."""

    at: datetime
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Context:
    """One state of the service, that a request works with from start to end.

    ``files`` are the loaded rule files by relative path, where they are known: what `_valideer` lays a new file over.
    ``precedents`` are earlier decisions to compare with. ``refused`` is what was offered after these rules and did not load.
    ``logbook`` is where each action on the data of a person is recorded. ``archive`` is what is kept; None where nothing is.
    ``turns`` hands out the threads that requests are worked on in.
    """

    rulebook: Rulebook
    second_opinion: SecondOpinion | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    precedents: tuple[Precedent, ...] = ()
    loaded: datetime = field(default_factory=lambda: datetime.now(UTC))
    refused: Refusal | None = None
    logbook: Logbook | None = None
    archive: Archive | None = None
    turns: Turns = field(default_factory=Turns)

    @cached_property
    def earlier(self) -> Earlier | None:
        """The same decisions, laid together; None where there are none."""
        return laid_together(self.precedents)


@dataclass(eq=False)
class Current:
    """The state that new requests get. Setting it is the swap: one assignment."""

    context: Context


async def _context(request: Request) -> Context:
    # Not `def`: FastAPI would hand it to a thread, which then waits for the one that works on another request.
    found = request.app.state.current
    assert isinstance(found, Current)
    return found.context


Given: TypeAlias = Annotated[Context, Depends(_context)]
