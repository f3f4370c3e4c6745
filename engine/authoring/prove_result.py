# SPDX-License-Identifier: EUPL-1.2
"""What proving gives: answers to questions, findings with the case that shows them, and what stayed undecided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from engine.model import tree
from engine.model.problems import Place, Problem, Severity
from engine.model.values import Value

Literals: TypeAlias = tuple[tuple[tree.Criterion, bool], ...]
"""Criteria with the truth that each must have."""

RULE, EXCEPTION, ROW, LINE, RUNG = "regel", "uitzondering", "rij", "voorwaarde", "uitkomst"


@dataclass(frozen=True)
class Code:
    """A kind of finding: its title and how grave it is."""

    title: str
    severity: Severity


CODES: Mapping[str, Code] = {
    "TS-P11": Code("Twee regels geven in dezelfde zaak een verschillende waarde", Severity.ERROR),
    "TS-P12": Code("In een zaak beslist geen enkele regel", Severity.WARNING),
    "TS-P13": Code("In een zaak past geen enkele rij van een tabel", Severity.WARNING),
    "TS-P14": Code("Een regel kan nooit gelden", Severity.WARNING),
    "TS-P15": Code("Een uitzondering kan nooit gelden", Severity.WARNING),
    "TS-P16": Code("Een rij van een tabel kan nooit gelden", Severity.WARNING),
    "TS-P17": Code("Een voorwaarde is altijd waar als de rest geldt", Severity.WARNING),
    "TS-P18": Code("Een voorwaarde is altijd onwaar als de rest geldt", Severity.WARNING),
    "TS-P19": Code("Een voorwaarde doet er nooit toe", Severity.WARNING),
    "TS-P20": Code("Een uitkomst kan nooit komen", Severity.WARNING),
    "TS-P21": Code("Van wat een regel bepaalt, hangt niets af", Severity.WARNING),
}
"""The stable codes of findings that are proved."""


@dataclass(frozen=True)
class Case:
    """A claim that shows something, and what a municipality filled in beside it. ``lines`` is the same for people."""

    claim: Mapping[str, Any]
    fillings: Mapping[str, Value] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


class Status(StrEnum):
    """How a question ended."""

    REACHED = "kan"
    NEVER = "kan nooit"
    OPEN = "niet beslist"


@dataclass(frozen=True)
class Part:
    """A piece of text that questions are about: where it stands and what it is called.

    ``inside`` are the parts that it stands in: what is wrong with those says enough.
    """

    sort: str
    place: Place
    name: str
    text: str
    shown: str = ""
    inside: tuple[tuple[str, Place], ...] = ()

    @property
    def key(self) -> tuple[str, Place]:
        """What makes it the same part elsewhere."""
        return self.sort, self.place


@dataclass(frozen=True)
class Answer:
    """A question about a part with how it ended; ``case`` is the nearest case where it can never be.

    ``against`` names what it clashes with when it can never be.
    """

    part: Part
    wanted: bool
    status: Status
    reason: str = ""
    case: Case | None = None
    against: tuple[str, ...] = ()
    version: str = ""

    @property
    def key(self) -> tuple[str, Place, bool]:
        """What makes it the same question elsewhere."""
        return (*self.part.key, self.wanted)


@dataclass(frozen=True)
class Hole:
    """A clash or gap that some case shows (``case``), or that could not be decided (``reason``)."""

    code: str
    outcome: str
    rules: tuple[str, ...]
    place: Place
    shown: str
    case: Case | None
    reason: str
    version: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A problem with the case that shows it; ``versions`` are the stretches of time in which it was found."""

    problem: Problem
    case: Case | None = None
    versions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Undecided:
    """Something that could not be proved either way, and why."""

    what: str
    place: Place
    reason: str


@dataclass(frozen=True)
class Verdict:
    """What z3 says of a state that a law declares unreachable (``declared``: what, part and version of the declaration).

    NEVER is proved; REACHED comes with a case that the engine bears out; OPEN says why it is neither. ``in_words`` is the
    reason of the declaration where that is all there is.
    """

    law: str
    declared: tuple[str, str | None, str | None]
    state: str
    status: Status
    reason: str = ""
    case: Case | None = None
    in_words: str | None = None

    @property
    def stands(self) -> bool:
        """Whether the state may be declared unreachable: it is proved, or cannot be and says so."""
        return self.status is Status.NEVER or (self.status is Status.OPEN and self.in_words is not None)

    def __str__(self) -> str:
        what, part, version = self.declared
        about = ", ".join(text for text in (part, f"versie {version}" if version else None) if text)
        return f"{what}{f' ({about})' if about else ''}: {self.state}"


@dataclass(frozen=True)
class Report:
    """Everything that was proved: findings, what stayed undecided, what lies outside, and how much was asked."""

    findings: tuple[Finding, ...]
    undecided: tuple[Undecided, ...]
    outside: tuple[str, ...]
    questions: int
    seconds: float
