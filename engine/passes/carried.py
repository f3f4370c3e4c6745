# SPDX-License-Identifier: EUPL-1.2
"""On which judgements of people a burdening outcome rests: taken as not given yet, the outcome or a ground of it no longer stands.

What people judged can be judged again, for this person and as things are now; a register or a document cannot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.logic.state import State
from engine.model.claim import Claim, Given, Standing
from engine.model.values import CauseKind, Unknown
from engine.passes.explore import explorer
from engine.passes.first import FirstPass, blocking_grounds, read_ladder
from engine.rulebook import Compiled


@dataclass(frozen=True, slots=True)
class Carried:
    """A judged fact and the ids of the grounds that it carries; none where it carries an outcome without a ground."""

    path: str
    grounds: tuple[str, ...]


def judgements_behind(compiled: Compiled, state: State, first: FirstPass, claim: Claim) -> tuple[Carried, ...]:
    """The judgements behind an outcome that burdens and stands fixed, in the order of the claim; else nothing."""
    if first.burdening is not True or first.causes or claim.stated.outcome is not None:
        return ()
    return tuple(_carried(compiled, state, first, claim))


def _carried(compiled: Compiled, state: State, first: FirstPass, claim: Claim) -> Iterator[Carried]:
    tries = explorer(compiled)
    standing = [item.rules for item in first.grounds if item.truth is True]
    for given in filter(lambda given: tries.reaches(given.path), _judged(claim)):
        tried = tries.tried(state, given.path, Unknown.because(CauseKind.JUDGEMENT, given.path))
        left = {item.ground: item.truth for item in blocking_grounds(compiled, tried)} if standing else {}
        fallen = [item.rules for item in first.grounds if item.truth is True and left.get(item.ground) is not True]
        if fallen or read_ladder(compiled, tried).causes:
            yield Carried(given.path, tuple(dict.fromkeys(rule for rules in fallen for rule in rules)))


def _judged(claim: Claim) -> Iterator[Given]:
    items = [item for rows in claim.items.values() for row in rows for item in row.values()]
    yield from (given for given in (*claim.given.values(), *items) if given.standing is Standing.JUDGED)
