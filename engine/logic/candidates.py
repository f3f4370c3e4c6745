# SPDX-License-Identifier: EUPL-1.2
"""Several values that may still be the one: settled where they agree, otherwise an unknown that says what it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from engine.model.values import GEEN, Geen, Unknown, Value, unknown_of

NO_RULE = Unknown(frozenset())
"""That no rule may apply is a candidate without a cause of its own, as long as it is not certain."""


def settle(candidates: list[Value], unknown: Unknown | None) -> Value:
    """The value where every candidate still possible agrees; otherwise an unknown with all that it rests on."""
    first = candidates[0]
    if unknown is None and len(candidates) == 1:
        return first
    if not any(isinstance(candidate, Unknown) for candidate in candidates) and all(same(candidate, first) for candidate in candidates):
        return first
    rests_on = unknown_of(candidates if unknown is None else [unknown, *candidates])
    among = _among(candidates)
    return rests_on if among is None else Unknown(rests_on.causes, among)


def _among(candidates: Iterable[Value]) -> frozenset[str | Geen] | None:
    """The choices that these candidates leave possible; None where one of them leaves anything possible, or is no choice."""
    found: set[str | Geen] = set()
    for candidate in candidates:
        if type(candidate) is Unknown:
            if candidate.among is None:
                return None
            found |= candidate.among
        elif candidate is GEEN or type(candidate) is str:
            found.add(candidate)
        else:
            return None
    return frozenset(found)


def same(left: Value, right: Value) -> bool:
    """Whether two known values are one and the same to the rules."""
    return left is right or (not isinstance(left, Geen) and not isinstance(right, Geen) and type(left) is not bool and left == right)
