# SPDX-License-Identifier: EUPL-1.2
"""A kept assessment made again: with the rules of then it must be equal; with those of now it says what differs, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.context import Context
from api.problems import ApiProblem, mistakes_of
from api.stored.archive import Archive, readable
from engine.model.claim import Received
from engine.model.problems import problem_at, unknown_keys
from store.chain import Record

KEY, THEN, NOW = "regels", "toen", "nu"


def which(body: Received) -> str:
    """With which rules. Raises 400."""
    data, problems = body.data, list(body.problems)
    if not isinstance(data, Mapping) or data.get(KEY) not in (THEN, NOW):
        remedy = f"Schrijf `{THEN}` voor de regels van toen, of `{NOW}` voor die van nu."
        problems.append(problem_at("TS-O06", f"/{KEY}", "Er staat niet met welke regels.", remedy))
    if isinstance(data, Mapping):
        problems += (problem_at("TS-O06", *unknown) for unknown in unknown_keys(data, (KEY,)))
    if problems:
        raise ApiProblem(400, "", mistakes_of(problems))
    return str(data[KEY])


def replay(archive: Archive, context: Context, record: Record, rules: str) -> dict[str, Any]:
    """Make it again and compare. Raises as :func:`api.stored.archive.readable` does."""
    with readable():
        return archive.replayer.replay(record.id, context.rulebook if rules == NOW else None).plain(record.id, rules)
