# SPDX-License-Identifier: EUPL-1.2
"""A claim: as it was received, and as it was checked: facts with their origin, judgements with who gave them, wanted effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from engine.model.problems import Place, Problem
from engine.model.statements import NOTHING, Statements
from engine.model.values import Value

LIFE_DOMAINS = ("werk en meedoen", "inkomen", "schulden", "huishouden", "wonen", "kinderen", "gezondheid en veiligheid")


@dataclass(frozen=True, slots=True)
class Received:
    """A claim as JSON or YAML holds it, nothing checked yet but how it is written.

    ``data`` is dicts, lists and plain values. ``problems`` are mistakes of writing, each with its pointer: one of them,
    and the claim is refused. ``unread`` are the pointers of values that could not be read; ``data`` holds None there.
    ``places`` says where in the file what a pointer names stands, as far as that is known.
    """

    data: Any
    problems: tuple[Problem, ...] = ()
    unread: frozenset[str] = frozenset()
    places: Mapping[str, Place] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Any) -> Received:
        """The same, or plain data in which nothing is written wrong."""
        return data if isinstance(data, cls) else cls(data)

    def on(self, day: str) -> Received:
        """The same claim on another peildatum; what is wrong with its own no longer matters."""
        if not isinstance(self.data, Mapping):
            return self
        rest = tuple(problem for problem in self.problems if problem.place.pointer != "/peildatum")
        return replace(self, data={**self.data, "peildatum": day}, problems=rest, unread=self.unread - {"/peildatum"})


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
