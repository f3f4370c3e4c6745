# SPDX-License-Identifier: EUPL-1.2
"""Strong Kleene logic over ``True``, ``False`` and :class:`Unknown`: an unknown keeps the causes that still matter."""

from __future__ import annotations

from collections.abc import Iterable

from engine.model.values import Truth, Unknown


def both(left: Unknown | None, right: Unknown) -> Unknown:
    """One unknown with the causes of both."""
    if left is None or left is right:
        return right
    return Unknown(left.causes | right.causes)


def all_of(truths: Iterable[Truth]) -> Truth:
    """True if all are; false if one is, whatever else is unknown."""
    unknown: Unknown | None = None
    for truth in truths:
        if truth is False:
            return False
        if truth is not True:
            unknown = both(unknown, truth)
    return True if unknown is None else unknown


def any_of(truths: Iterable[Truth]) -> Truth:
    """True if one is, whatever else is unknown; false if none can be."""
    unknown: Unknown | None = None
    for truth in truths:
        if truth is True:
            return True
        if truth is not False:
            unknown = both(unknown, truth)
    return False if unknown is None else unknown


def negation(truth: Truth) -> Truth:
    """Not; an unknown stays unknown."""
    return truth if type(truth) is Unknown else not truth
