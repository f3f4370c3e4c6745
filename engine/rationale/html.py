# SPDX-License-Identifier: EUPL-1.2
"""The rationale as a page: complete in itself, without script, and fit to print.

The order of the parts is the order in which an explained decision is read: the question, the facts, the rules, what it
means, the purpose of the law, options, doors, arguments, earlier decisions, what is unknown, advice and decision, account.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from engine.language.sources import RULING, ruling_link
from engine.rationale import legal, plain_language
from engine.rationale.document import Said
from engine.rationale.lexicon import finder
from engine.rationale.parts import WORDS, Rendering
from engine.rationale.phrases import (
    CORNERS,
    People,
    cost_line_words,
    cost_words,
    decided,
    decision_fields,
    effect_words,
    evidence_words,
    named_words,
    present,
    proof_words,
    stars_words,
)
from engine.rationale.values import iso_day
from engine.rationale.wording import STEPS, capital, carrying, condition_words, how_many, line, whose, words

TEMPLATES = Path(__file__).parent / "templates"
STYLE = (TEMPLATES / "stijl.css").read_text(encoding="utf-8")


def style_hash(style: str) -> str:
    """What a Content-Security-Policy calls a style block by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


STYLE_HASH = style_hash(STYLE)

_TRUTHS = {"waar": "✓", "onwaar": "✗", "onbekend": "?", "niet nagegaan": "·"}
_HOLDS = {"waar": ("●", "geldt"), "onwaar": ("○", "geldt niet"), "onbekend": ("?", "onbekend")}
_ROLES = (
    ("bevoegdheid", "Wie er beslist"),
    ("ontvankelijkheid", "Of de aanvraag in behandeling kan"),
    ("voorwaarde", "Voorwaarden"),
    ("weigeringsgrond", "Weigeringsgronden"),
    ("plicht", "Plichten"),
    (None, "Tussenstappen en berekeningen"),
)


def render(data: Mapping[str, Any], rendering: Rendering = Rendering.PROFESSIONAL) -> str:
    """A complete page of a rationale (as :func:`engine.rationale.build.rationale` gives it, or read back from JSON)."""
    return _page(data, rendering, "")


def fragment(data: Mapping[str, Any], rendering: Rendering = Rendering.PROFESSIONAL) -> Markup:
    """The same without the page around it, for a page that has more to show; its highest heading is an `h2`."""
    return Markup(_page(data, rendering, "_"))


_DOCUMENTS = {Rendering.LEGAL: legal.document, Rendering.PLAIN: plain_language.document}


def _page(data: Mapping[str, Any], rendering: Rendering, whole: str) -> str:
    """``whole`` is how the name of the template begins: `_` for one without a page around it."""
    if rendering is Rendering.PROFESSIONAL:
        page = _environment.get_template(f"{whole}rationale.html").render(view=View(data), style=Markup(STYLE))
        return _with_links(page, data["woorden"])
    document = _DOCUMENTS[rendering](data)
    return _with_links(_environment.get_template(f"{whole}document.html").render(document=document, style=Markup(STYLE)), document.words)


_CLOSED = frozenset(["a", "summary", "h1", "h2", "h3", "h4", "code", "title", "style", "dl"])
"""Elements in which no link may stand, or in which one would not be read; the list of words explains itself."""


def _with_links(page: str, words: Iterable[Mapping[str, Any]]) -> str:
    """The page with a link at each ruling that it names, and at the first place of each word that it explains.

    What is folded is read apart, so there each word has a first place of its own. The page is ours: no `>` stands in an
    attribute.
    """
    linker = _Linker(words)
    parts = re.split(r"(<[^>]*>)", page)
    closed: list[str] = []
    folded = 0
    for place, part in enumerate(parts):
        if place % 2:
            name = part.strip("</>").split(maxsplit=1)[0].lower()
            if name == "details":
                folded += -1 if part[1] == "/" else 1
            if closed and part == f"</{closed[-1]}>":
                closed.pop()
            elif part[1] != "/" and (name in _CLOSED or part == '<span class="id">'):
                closed.append(name)
        elif not closed and not part.isspace():
            parts[place] = linker.linked(part, folded=folded > 0)
    return "".join(parts)


class _Linker:
    """Puts links in running text; each word is linked where it first stands, in the open and in what is folded."""

    def __init__(self, words: Iterable[Mapping[str, Any]]) -> None:
        self._words = {form.casefold(): word["woord"] for word in words for form in (word["woord"], *word["vormen"])}
        self._finder = finder(self._words)
        self._done: set[tuple[str, bool]] = set()

    def linked(self, text: str, *, folded: bool) -> str:
        """A text with its links."""
        return RULING.sub(_ruling, self._finder.sub(lambda match: self._word(match, folded), text))

    def _word(self, match: re.Match[str], folded: bool) -> str:
        word = self._words[" ".join(match[0].casefold().split())]
        if (word, folded) in self._done:
            return match[0]
        self._done.add((word, folded))
        return f'<a class="woord" href="#{word_id(word)}">{match[0]}</a>'


def word_id(word: str) -> str:
    """Where a word is explained in the page."""
    return "woord-" + re.sub(r"\W+", "-", word.casefold())


def _ruling(match: re.Match[str]) -> str:
    address = ruling_link(match[0])
    return f'<a href="{address}" rel="noreferrer">{match[0]}</a>' if address else match[0]


@dataclass(frozen=True, slots=True)
class Group:
    """Things that are read together, under one heading; ``steps``: rules that only lead up to others."""

    title: str
    items: list[Any] = field(default_factory=list)
    steps: bool = False


class View:
    """A rationale as the template reads it: with names for people, and grouped."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.people = People(data)
        self._questions = {
            entry["naam"]: entry["vraag"]
            for key in ("aannames", "vervolgvragen", "ontbrekendeGegevens", "gegevens")
            for entry in data[key]
            if entry["vraag"]
        }
        self._first: dict[str, Any] = {}
        for rule in data["regels"]:
            self._first.setdefault(rule["id"], rule)

    def anchor(self, rule: Mapping[str, Any]) -> str:
        """The id of a rule in the page; of a rule that stands there for more persons, each its own."""
        return f"regel-{rule['id']}" if self._first[rule["id"]] is rule else f"regel-{rule['id']}-{rule['persoon']}"

    def has(self, rule: str) -> bool:
        """Whether a rule stands in the page."""
        return rule in self._first

    @property
    def decided(self) -> bool:
        """Whether the rules give one outcome."""
        return decided(self.data)

    @property
    def day(self) -> str:
        """The peildatum in words."""
        return iso_day(self.data["peildatum"])

    def label(self, name: str) -> str:
        """A fact or outcome by its question where it has one, otherwise by its name in words."""
        if question := self._questions.get(name):
            return str(question)
        return words(name.rpartition(".")[2])

    def whose(self, name: str) -> str:
        """The person or item that a name belongs to, in words; empty for the case itself."""
        return whose(name)

    def used(self, found: Mapping[str, Any]) -> list[Any]:
        """What a rule uses; of a person who is not there only that."""
        return present([*found["gegevens"], *found["uitkomsten"]])

    def facts(self, counting: bool) -> list[Group]:
        """The facts that take part in the explanation or those that do not, per person and item; those of the case itself last."""
        facts = [fact for fact in self.data["gegevens"] if fact["teltMee"] is counting]
        return _grouped(facts, lambda fact: self.whose(fact["naam"]) or "De zaak")

    @property
    def carrying(self) -> list[Mapping[str, Any]]:
        """The judgements that a burdening outcome rests on."""
        return carrying(self.data)

    def assumptions(self) -> list[Any]:
        """The assumptions, those that carry the outcome first."""
        return sorted(self.data["aannames"], key=lambda found: not found["draagtUitkomst"])

    def rules(self) -> list[Group]:
        """The rules by what they do."""
        groups = [
            Group(title, [rule for rule in self.data["regels"] if rule["rol"] in (STEPS if role is None else (role,))], role is None)
            for role, title in _ROLES
        ]
        return [group for group in groups if group.items]

    def warnings(self, code: str) -> list[Any]:
        """The warnings of one sort."""
        return [found for found in self.data["waarschuwingen"] if found["code"] == code]

    def arguments(self) -> list[Group]:
        """The arguments, for and against."""
        found = self.data["argumenten"]
        groups = [Group(title, [a for a in found if a["richting"] == way]) for way, title in (("voor", "Voor"), ("tegen", "Tegen"))]
        return [group for group in groups if group.items]

    def effects(self) -> list[Group]:
        """What people state about options, by person, children first."""
        return [Group(name, list(effects)) for name, effects in self.people.in_order(self.data["effecten"])]

    def corners(self) -> str:
        """The corners of the value triangle without an argument."""
        return "; ".join(CORNERS[corner] for corner in self.data["legeHoeken"])

    def precedents(self) -> list[tuple[str, Any]]:
        """The nearest earlier decisions, each with what was decided."""
        found = self.data["precedenten"]
        titles = (("afgeweken", "Het dichtst bij, en afgeweken"), ("nietAfgeweken", "Het dichtst bij, en niet afgeweken"))
        return [(title, found[key]) for key, title in titles if found[key] is not None]

    def checks(self) -> list[Group]:
        """The checks by their sort."""
        return _grouped(self.data["toetsen"], lambda check: "Evenredigheid" if check["soort"] == "evenredigheid" else "Ethiek")


def _grouped(items: Iterable[Any], title: Any) -> list[Group]:
    groups: dict[str, Group] = {}
    for item in items:
        name = title(item)
        groups.setdefault(name, Group(name)).items.append(item)
    last = groups.pop("De zaak", None)
    return [*groups.values(), *([last] if last else [])]


def prose(text: str) -> Markup:
    """A sentence in which `names between backticks` stand apart."""
    parts = str(text).split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return Markup("").join(Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts))


def linked(text: str, sources: Iterable[Mapping[str, Any] | None]) -> Markup:
    """A sentence in which each article that it names leads to its source; a source that it does not name stands behind it."""
    links = {str(escape(found["tekst"])): _source(found) for found in sources if found is not None and _leads(found)}
    if not links:
        return prose(text)
    phrases = "|".join(re.escape(phrase) for phrase in sorted(links, key=len, reverse=True))
    said = re.sub(rf"(?<!\w)(?:{phrases})(?![\w:])", lambda match: links.pop(match[0], match[0]), prose(text))
    return Markup(" ").join([Markup(said), *links.values()])


def _source(found: Mapping[str, Any]) -> Markup:
    """An article or local document with its address. What names a ruling becomes a link when the whole page is there."""
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(found["link"], found["tekst"]) if _leads(found) else escape(found["tekst"])


def _leads(found: Mapping[str, Any]) -> bool:
    return bool(found["link"]) and bool(found.get("jci") or found.get("cvdr"))


def _said(said: Said) -> Markup:
    """A statement with its sources: linked where it names them, behind it where it does not."""
    behind = [_source(found) for found in said.sources if not _leads(found) and found["tekst"] not in said.text]
    return Markup(" ").join([linked(said.text, said.sources), *behind])


def _mark(word: str) -> Markup:
    """A truth by symbol and word."""
    return Markup('<span class="mark {}"><span aria-hidden="true">{}</span> {}</span>').format(
        word.replace(" ", "-"), _TRUTHS.get(word, "?"), word
    )


def _holds(word: str | None) -> Markup:
    """Whether a rule holds, by symbol and word."""
    symbol, text = _HOLDS.get(word or "", ("·", "niet nagegaan"))
    return Markup('<span class="mark regel-{}"><span aria-hidden="true">{}</span> {}</span>').format(word or "geen", symbol, text)


_PHRASES = {
    found.__name__: found
    for found in (cost_line_words, cost_words, decision_fields, effect_words, evidence_words, named_words, proof_words, stars_words)
}


def _environment_with_filters() -> Environment:
    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.filters |= {
        "words": words,
        "line": line,
        "capital": capital,
        "linked": linked,
        "source": _source,
        "word_id": word_id,
        "day": iso_day,
        "mark": _mark,
        "holds": _holds,
        "said": _said,
    }
    found.globals |= {"condition_words": condition_words, "how_many": how_many, "WORDS": WORDS, **_PHRASES}
    return found


_environment = _environment_with_filters()
