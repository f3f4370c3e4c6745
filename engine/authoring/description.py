# SPDX-License-Identifier: EUPL-1.2
"""A regelset or a law as a document that reads: its parts, and how it is written as a page or as Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from engine.authoring import words
from engine.model.program import Law
from engine.rationale.html import STYLE
from engine.rationale.values import show_date
from engine.rationale.wording import capital, how_many


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase, and the phrases under it."""

    text: str
    parts: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """One text of a rule and the days between which it holds; ``until`` is the first day after."""

    since: date
    until: date | None
    source: str
    link: str | None
    status: str
    not_covered: str | None
    parts: tuple[Said, ...]
    told: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RuleSeen:
    """A rule with everything that stands around it."""

    id: str
    title: str
    decides: str
    role: str
    wordings: tuple[Wording, ...]
    facts: tuple[str, ...]
    amounts: tuple[str, ...]
    uses: tuple[tuple[str, str], ...]
    tests: tuple[tuple[str, str], ...]
    doors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SetSeen:
    """A regelset: its versions, its ladder in words, its rules by article, and its picture."""

    name: str
    title: str
    versions: tuple[tuple[date, str, str], ...]
    ladder: tuple[tuple[str, str], ...]
    articles: tuple[tuple[str, tuple[RuleSeen, ...]], ...]
    picture: Markup
    picture_day: date
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactSeen:
    """A fact that is asked."""

    name: str
    question: str
    kind: str
    origin: str


@dataclass(frozen=True, slots=True)
class AmountSeen:
    """An amount with its dated values; ``until``: entered up to and including this day."""

    name: str
    description: str
    source: str
    link: str | None
    unit: str
    until: date | None
    values: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class DoorSeen:
    """A door: what lifts which grounds, when, in whose hands, and what it leaves out."""

    id: str
    title: str
    source: str
    link: str | None
    sort: str
    when: tuple[Said, ...]
    opens: tuple[str, ...]
    held_by: str
    not_covered: str | None


@dataclass(frozen=True, slots=True)
class GroundSeen:
    """A ground of law that is not in rules, as a rule outcome from elsewhere can name it."""

    id: str
    title: str
    source: str
    link: str | None
    sort: str
    status: str


@dataclass(frozen=True, slots=True)
class WordSeen:
    """A word with what it means, where the law says so, and between which days; ``until`` is the first day after."""

    word: str
    explanation: str
    source: str | None
    link: str | None
    status: str | None
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Description:
    """The whole document."""

    title: str
    law: Law
    sets: tuple[SetSeen, ...]
    words: tuple[WordSeen, ...]
    facts: tuple[FactSeen, ...]
    amounts: tuple[AmountSeen, ...]
    doors: tuple[DoorSeen, ...]
    grounds: tuple[GroundSeen, ...] = ()


def as_html(found: Description) -> str:
    """A page that stands alone: no script, no other file."""
    style = Markup(STYLE + (_TEMPLATES / "beschrijving.css").read_text(encoding="utf-8"))
    return _environment(escaped=True).get_template("beschrijving.html").render(found=found, style=style)


def as_markdown(found: Description) -> str:
    """The same in Markdown; the picture as sentences."""
    text = _environment(escaped=False).get_template("beschrijving.md").render(found=found)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def anchor(name: str) -> str:
    """A name as an id in a page."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


_TEMPLATES = Path(__file__).parent / "templates"


def _environment(*, escaped: bool) -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=escaped, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {
        "day": show_date,
        "anchor": anchor,
        "words": words.plain,
        "sentence": capital,
        "cell": _cell,
    }
    made.globals |= {"how_many": how_many}
    return made


def _cell(text: str) -> str:
    """Text that may stand in a cell of a Markdown table."""
    return str(text).replace("|", "\\|").replace("\n", " ")
