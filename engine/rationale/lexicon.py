# SPDX-License-Identifier: EUPL-1.2
"""The words of the law that an assessment tells, each explained once.

A text of the rules is searched once and what it names is kept. What people wrote (an effect, a reason) is not searched:
it is theirs to explain, and nothing of a case stays in memory.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from engine.model.documents import WordDecl
from engine.model.program import Law

_ALWAYS = "Er is nog geen besluit. Beoordeeld naar de peildatum, met een omgekeerde toets."
"""What every rendering says in words of its own."""


class Entry(NamedTuple):
    """A word with the law that explains it, its place in the alphabet, and the rank of that law."""

    place: str
    decl: WordDecl
    law: str
    rank: int


class Lexicon:
    """The words of the laws at hand, in order: where two laws explain one word, the first does."""

    def __init__(self, laws: Iterable[Law]) -> None:
        self._entries: dict[str, list[Entry]] = {}
        for rank, law in enumerate(laws):
            for decl in law.words:
                entry = Entry(_plain(decl.word), decl, law.id, rank)
                for form in (decl.word, *decl.forms):
                    self._entries.setdefault(_plain(form), []).append(entry)
        self._finder = finder(self._entries)
        self._found: dict[Any, frozenset[str]] = {}

    def in_text(self, text: str) -> frozenset[str]:
        """The forms of words that a text of the rules names."""
        found = self._found.get(text)
        if found is None:
            found = self._found[text] = self.search(text)
        return found

    def in_part(self, sign: tuple[Any, ...], part: Mapping[str, Any]) -> frozenset[str]:
        """The same for a part of a rationale; its texts of the rules are the same wherever it has this sign."""
        found = self._found.get(sign)
        if found is None:
            found = self._found[sign] = self.search_part(part)
        return found

    def search_part(self, part: Mapping[str, Any]) -> frozenset[str]:
        """The same for a part that may hold something of a case: it is not kept."""
        return frozenset().union(*map(self.search, _said(part)))

    def search(self, text: str) -> frozenset[str]:
        """The same for a text that may hold something of a case: it is not kept."""
        return frozenset(_plain(match[0]) for match in self._finder.finditer(text.replace("_", " ")))

    def explained(self, forms: Iterable[str], day: date) -> list[Entry]:
        """The words of which these are forms, each once and as it is meant on a day, in the order of the alphabet."""
        found: dict[str, Entry] = {}
        for form in forms:
            for entry in self._entries[form]:
                if entry.decl.holds(day):
                    other = found.setdefault(entry.place, entry)
                    if entry.rank < other.rank:
                        found[entry.place] = entry
                    break
        return [found[place] for place in sorted(found)]


def _plain(form: str) -> str:
    return " ".join(form.casefold().split())


def finder(forms: Collection[str]) -> re.Pattern[str]:
    """Finds whole words, the longest form first: `alleenstaande ouder` is no `alleenstaande`, the id `pw.11.4.norm` no `norm`."""
    found = (r"\s+".join(map(re.escape, form.split())) for form in sorted(forms, key=lambda form: (-len(form), form)))
    return re.compile(rf"(?<![\w/-])(?<!\d\.)(?:{'|'.join(found)})(?![\w-])" if forms else r"(?!)", re.IGNORECASE)


def used(words: Iterable[Mapping[str, Any]], told: str) -> list[Mapping[str, Any]]:
    """Of the explained words those that a text uses."""
    listed = list(words)
    forms = {_plain(form): word["woord"] for word in listed for form in (word["woord"], *word["vormen"])}
    found = {forms[_plain(match[0])] for match in finder(forms).finditer(told.replace("_", " "))}
    return [word for word in listed if word["woord"] in found]


_TEXTS = ("rol", "niveau", "soort", "tekst", "strekking", "nietGedekt", "berekening", "rang", "gehoudenDoor", "wie", "wat", "daarna")
_PARTS = ("invulling", "voorwaarden", "uitzonderingen", "uitgesloten", "delen", "rechtspraak", "bewijs", "voorElke")


def _said(part: Mapping[str, Any]) -> Iterator[str]:
    """The texts of the rules in a rule or a door, with its conditions; a rule without a title is told by what it decides."""
    yield part.get("titel") or part.get("bepaalt") or ""
    yield from _source(part)
    for key in _TEXTS:
        if part.get(key):
            yield part[key]
    for key in _PARTS:
        inner = part.get(key)
        for item in inner if isinstance(inner, list) else [inner]:
            if item is not None:
                yield from _said(item)


def _source(item: Mapping[str, Any]) -> Iterator[str]:
    """The source of a statement: a ruling is cited in words of its own."""
    source = item.get("bron")
    if isinstance(source, Mapping):
        yield source["tekst"]


def forms_told(lexicon: Lexicon, data: Mapping[str, Any]) -> set[str]:
    """The forms of words that a rationale tells."""
    found: set[str] = set()
    named = {door["id"] for door in data["deuren"] if door["genoemdDoor"] is not None}
    for text in _alone(data, named):
        found |= lexicon.in_text(text)
    for text in _by_people(data, named):
        found |= lexicon.search(text)
    for rule in data["regels"]:
        ran = frozenset((item.get("uitkomst"), item.get("berekening")) for item in rule.get("voorElke", (rule,)))
        filled = rule["invulling"] and rule["invulling"]["titel"]
        found |= lexicon.in_part((rule["id"], filled, ran), rule)
    for door in data["deuren"]:
        own = door["id"] in named
        found |= lexicon.search_part(door) if own else lexicon.in_part((door["id"], len(door["rechtspraak"])), door)
    for undecided in data["nietTeBepalen"]:
        found |= lexicon.search(undecided["tekst"])
    return found


def _is_of_people(option: Mapping[str, Any], named: Collection[str]) -> bool:
    """Whether a person added an option, or named the door that it goes through."""
    return option["toegevoegdDoor"] is not None or option["deur"] in named


def _by_people(data: Mapping[str, Any], named: Collection[str]) -> Iterator[str]:
    """The texts that stand where those of the rules stand and that somebody wrote in the claim; ``named`` are doors that people named."""
    for option in data["opties"]:
        if _is_of_people(option, named):
            yield option["tekst"]
            yield from _source(option)
    if data["regeluitkomst"] is not None:
        yield data["uitkomstTekst"]
        for ground in data["regeluitkomst"]["gronden"]:
            if not ground["inRegels"]:
                yield from _source(ground)


def _alone(data: Mapping[str, Any], named: Collection[str]) -> Iterator[str]:
    """The texts of the rules that stand alone in a rationale."""
    advice = data["advies"]
    yield from (_ALWAYS, data["titel"], data["soort"], data["hoeVerder"]["tekst"])
    if data["regeluitkomst"] is None:
        yield data["uitkomstTekst"]
    yield from (advice["resultaat"], advice["tekst"], *advice["mogelijk"], *data["mogelijkeUitkomsten"])
    for key in ("waarden", "gegevens", "aannames", "ontbrekendeGegevens", "vervolgvragen"):
        for item in data[key]:
            yield item["naam"].rpartition(".")[2]
            yield item.get("vraag") or ""
    for key in ("ontbrekendeGegevens", "vervolgvragen"):
        for item in data[key]:
            yield item["toelichting"] or ""
    for key in ("waarschuwingen", "waardenVanDeWet", "argumenten", "signalen"):
        for item in data[key]:
            yield item["tekst"]
            yield from _source(item)
    for item in data["opties"]:
        if not _is_of_people(item, named):
            yield item["tekst"]
            yield from _source(item)
    for key in ("waardenVanDeWet", "opties", "toetsen", "gronden"):
        for item in data[key]:
            yield item["soort"]
    for item in data["aanleidingen"]:
        if item["uitkomst"] != "onwaar":
            yield item["tekst"]
            yield from _source(item)
    if data["intensiteit"] is not None and data["intensiteit"]["uitkomst"]:
        yield data["intensiteit"]["tekst"]
        yield from _source(data["intensiteit"])
    if data["regeluitkomst"] is not None:
        for item in data["regeluitkomst"]["gronden"]:
            if item["inRegels"]:
                yield item["titel"] or ""
                yield from _source(item)
    for option in data["kosten"]:
        for item in option["regels"]:
            yield item["omschrijving"]
    for item in data["gronden"]:
        yield item["bepaalt"]
        yield from item["teksten"]
    for item in data["bedragen"]:
        yield item["id"]
        yield item["omschrijving"] or ""
    for item in data["toetsen"]:
        yield item["vraag"]
        yield from _source(item)
        yield item["bijNee"] or ""
    for change in data["watAnders"]:
        for item in change["verschillen"]:
            yield item["naam"].rpartition(".")[2]
    for item in advice["uitzonderingenOpen"]:
        yield item["uitzondering"]
    for item in data["hoeVerder"]["plichten"]:
        yield item["tekst"]
        yield item["wie"] or ""
    if data["deuren"]:
        yield "deuren"
