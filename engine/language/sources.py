# SPDX-License-Identifier: EUPL-1.2
"""Source references: `art. 31 lid 2 onder n`, read into article, lid and onderdeel, and turned into a Juriconnect link.

A reference names articles of the law in whose folder it stands, or of a law that ``algemeen/regeling.yaml`` lists as
``aanhaalbaar`` (`art. 20 lid 3 Grondwet`). Other sources (an ordinance, case law) are free text without `art.` in front.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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
    if reference.law is None or reference.law.bwb is None:
        return None
    address = f"jci1.3:c:{reference.law.bwb}&artikel={reference.article}"
    if reference.lid:
        address += f"&lid={reference.lid}"
    if reference.part:
        address += f"&o={reference.part}"
    return f"{address}&z={day}&g={day}"


def link(address: str) -> str:
    """Where a Juriconnect address resolves."""
    return f"https://wetten.overheid.nl/{address}"
