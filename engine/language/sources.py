# SPDX-License-Identifier: EUPL-1.2
"""Source references: `art. 31 lid 2 onder n`, read into article, lid and onderdeel, and turned into a Juriconnect link.

A reference names articles of the law in whose folder it stands, or of a law that ``algemeen/regeling.yaml`` lists as
``aanhaalbaar`` (`art. 20 lid 3 Grondwet`). Other sources (an ordinance, case law) are free text without `art.` in front.
A ruling is known by its ECLI. Articles and rulings that running text names are found by :class:`Prose`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from engine.model.program import Law

_FIRST = re.compile(r"art\.\s+(?P<article>\d+[a-z]*(?:[.:]\d+[a-z]*)*)(?:\s+lid\s+(?P<lid>\d+[a-z]*))?")
_PART = re.compile(r"\b(?:onder|onderdeel|sub)\s+(?P<part>[a-z]{1,2})\b")
_POINTED = re.compile(r"\b(?:lid|onder|onderdeel|sub)\s+\d+[a-z]*[.:]")
_TOKEN = re.compile(
    r"\d+[a-z]*(?:[.:]\d+[a-z]*)*\*?°?|[a-z]{1,2}|art\.|lid|leden|onder|onderdeel|onderdelen|sub|aanhef|slot|slotzin|zin|eerste|tweede|tot|met|jo\."
)


@dataclass(frozen=True, slots=True)
class Reference:
    """The first article of a reference; ``law`` is None where the text names a law that is not known."""

    article: str
    lid: str | None
    part: str | None
    law: Law | None


def parse_reference(text: str, law: Law | None, citable: Mapping[str, Law]) -> Reference | None:
    """Read a reference; None when it is malformed. Free text (not starting with `art.`) is no reference of a statute."""
    body, named = _split_law(text, citable)
    match = _FIRST.match(body)
    if match is None or _POINTED.search(body) or not all(_TOKEN.fullmatch(token) for token in re.split(r"[\s,;()]+", body) if token):
        return None
    rest = body[match.end() :]
    part = _PART.search(rest)
    before = rest[: part.start()] if part else rest
    own = part["part"] if part and not re.search(r"\b(?:art\.|lid)\b", before) else None
    return Reference(match["article"], match["lid"], own, citable[named] if named else law)


def _split_law(text: str, citable: Mapping[str, Law]) -> tuple[str, str | None]:
    for name in sorted(citable, key=len, reverse=True):
        if text.endswith(f" {name}"):
            return text.removesuffix(f" {name}"), name
    return text, None


def is_statutory(text: str) -> bool:
    """Whether a source claims to be an article of a statute."""
    return text.startswith("art.")


def juriconnect(reference: Reference, day: date) -> str | None:
    """A Juriconnect address (jci 1.3) of the article in force on a day, or None where the BWB number is not known."""
    address = timeless(reference)
    return None if address is None else address + in_force(day)


def in_force(day: date) -> str:
    """The end of a Juriconnect address: the text in force on a day, as it was known then."""
    return f"&z={day}&g={day}"


def timeless(reference: Reference) -> str | None:
    """A Juriconnect address before a day is chosen."""
    if reference.law is None:
        return None
    number, article = reference.law.bwb, reference.article
    if number is None:
        book, _, article = article.partition(":")
        number = reference.law.books.get(book) if article else None
    if number is None:
        return None
    address = f"jci1.3:c:{number}&artikel={article}"
    if reference.lid:
        address += f"&lid={reference.lid}"
    if reference.part:
        address += f"&o={reference.part}"
    return address


def link(address: str) -> str:
    """Where a Juriconnect address resolves."""
    return f"https://wetten.overheid.nl/{address}"


RULING = re.compile(r"\bECLI:[A-Z]{2}:[A-Z0-9]{1,7}:\d{4}:[A-Z0-9]+(?:\.[A-Z0-9]+)*")
"""The number of a ruling (European Case Law Identifier) in a text."""


def ruling_link(ecli: str) -> str | None:
    """Where a ruling of a Dutch court is published; None for another court."""
    return f"https://deeplink.rechtspraak.nl/uitspraak?id={ecli}" if ecli.startswith("ECLI:NL:") else None


def regulation_link(number: str | None) -> str | None:
    """Where a document of a municipality is published, by its number; None without one (`verzonnen` is none)."""
    return f"https://lokaleregelgeving.overheid.nl/{number}" if number and number.startswith("CVDR") else None


_NUMBER = r"\d+[a-z]*(?:[.:]\d+[a-z]*)*"
_PROSE = (
    rf"\b(?:[Aa]rt\.|[Aa]rtikel(?:en)?)\s+(?P<article>{_NUMBER})(?:\s+lid\s+(?P<lid>\d+[a-z]*))?"
    rf"(?:\s+(?:onder|onderdeel|sub)\s+(?P<part>[a-z]{{1,2}})\b)?"
    rf"(?:(?:,|\s+en|\s+of|\s+tot\s+en\s+met)\s+(?:(?:lid|onder|onderdeel)\s+)?(?:{_NUMBER}|[a-z])(?![\w:]))*"
)
_ELSEWHERE = re.compile(r"\s+(?:van\s+|[A-Z])")


class Prose:
    """Finds the articles and rulings that running text names: `artikel 8 van de Vreemdelingenwet 2000`.

    ``laws`` are the laws by the name under which they may be cited. An article without a law behind it is one of the law
    that the text is about; one of a law that is not known is passed over, since a wrong address is worse than none.
    """

    def __init__(self, laws: Mapping[str, Law]) -> None:
        self._laws = {name: law for short, law in laws.items() for name in (short, law.name) if name[:1].isupper()}
        names = "|".join(re.escape(name) for name in sorted(self._laws, key=len, reverse=True))
        self._article = re.compile(_PROSE + (rf"(?:\s+(?:van\s+(?:de\s+|het\s+)?)?(?P<law>{names})\b)?" if names else "(?P<law>)?"))

    def named(self, text: str, law: Law | None) -> Iterator[tuple[str, Reference | str]]:
        """Each phrase that names an article (with its reference) or a ruling (with its ECLI), in the order of the text."""
        found: list[tuple[int, str, Reference | str]] = [(match.start(), match[0], match[0]) for match in RULING.finditer(text)]
        for match in self._article.finditer(text):
            if match["law"] is None and _ELSEWHERE.match(text, match.end()):
                continue
            named = self._laws[match["law"]] if match["law"] else law
            found.append((match.start(), match[0], Reference(match["article"], match["lid"], match["part"], named)))
        return ((phrase, reference) for _, phrase, reference in sorted(found, key=lambda item: item[0]))
