# SPDX-License-Identifier: EUPL-1.2
"""What the routes work with: the loaded rulebook, the second opinion, and what is made of them once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, TypeAlias

from fastapi import Depends
from starlette.requests import Request

from engine.passes.assess import SecondOpinion
from engine.rulebook import Rulebook


@dataclass(frozen=True)
class Context:
    """``files`` are the loaded rule files by relative path, where they are known: what `_valideer` lays a new file over."""

    rulebook: Rulebook
    second_opinion: SecondOpinion | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)


def _context(request: Request) -> Context:
    found = request.app.state.context
    assert isinstance(found, Context)
    return found


Given: TypeAlias = Annotated[Context, Depends(_context)]
