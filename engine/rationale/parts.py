# SPDX-License-Identifier: EUPL-1.2
"""The three renderings of a rationale, and the thirteen parts that each of them has, in the order in which it is read."""

from __future__ import annotations

from enum import StrEnum


class Rendering(StrEnum):
    """For whom a rationale is told: who weighs, who judges, whom it is about."""

    PROFESSIONAL = "professional"
    LEGAL = "juridisch"
    PLAIN = "begrijpelijk"


PARTS = (
    "vraag",
    "gegevens",
    "regels",
    "betekenis",
    "waarden",
    "opties",
    "deuren",
    "argumenten",
    "precedenten",
    "onbekend",
    "advies",
    "hoe-verder",
    "verantwoording",
)
"""The parts of an explained decision; the place in this tuple is the number, the name is where the part stands on a page."""

WORDS = "woorden"
"""The list of explained words: no part of its own, it stands before the last."""
