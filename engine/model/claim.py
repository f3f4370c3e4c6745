# SPDX-License-Identifier: EUPL-1.2
"""A claim as it comes in: facts with their origin, judgements with who gave them, wanted effects before the outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from engine.model.statements import NOTHING, Statements
from engine.model.values import Value

LIFE_DOMAINS = ("werk en meedoen", "inkomen", "schulden", "huishouden", "wonen", "kinderen", "gezondheid en veiligheid")


class Standing(StrEnum):
    """How a fact comes to have its value."""

    GIVEN = "gegeven"
    JUDGED = "oordeel"
    ASSUMED = "aanname"
    MISSING = "ontbreekt"


@dataclass(frozen=True, slots=True)
class Given:
    """One fact of a claim with what was said about it. For a judgement ``by``, ``role``, ``day`` and ``reason`` are filled."""

    path: str
    value: Value
    standing: Standing
    origin: str | None = None
    day: date | None = None
    by: str | None = None
    role: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class WantedEffect:
    """What somebody wants to reach, in the client's words; ``value`` is the id of the value of the law it belongs to."""

    person: str
    domain: str
    words: str
    term: str
    by: str
    day: date
    value: str | None = None
    after_outcome: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """A checked claim. ``given`` holds only what was said; ``facts`` is complete (unknown where nothing was).

    ``stated`` is what people said beside the facts. ``version_day`` is the day whose version and amounts decide: the
    peildatum, or the date of `versie volgens`.
    """

    claim: str
    day: date
    municipality: str | None
    given: Mapping[str, Given]
    facts: Mapping[str, Value]
    assumed: tuple[str, ...]
    version_day: date
    effects: tuple[WantedEffect, ...] = ()
    items: Mapping[str, tuple[Mapping[str, Given], ...]] = field(default_factory=dict)
    stated: Statements = NOTHING
