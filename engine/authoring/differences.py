# SPDX-License-Identifier: EUPL-1.2
"""What differs between two declarations of the same thing (a rule, a ladder, a door, a fact), as phrases in Dutch.

The words of the file are shown as they are written: which line of a condition, which row, which key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any, TypeAlias

from engine.model.documents import Document

_CONDITIONS: Mapping[str, str] = {
    "als": "de voorwaarde",
    "tenzij": "de uitzondering",
    "uitgesloten als": "de uitsluiting",
    "geldt als": "de voorwaarde",
}
_ROWS: Mapping[str, str] = {
    "tabel": "de rij",
    "schijven rijen": "de schijf",
    "uitkomsten": "de trede",
    "keuzes": "de keuze",
    "opent voor": "de grond",
    "gaat voor": "de voorrang op",
}
_VALUES: Mapping[str, str] = {
    "waarde": "de waarde",
    "ten hoogste": "de bovengrens",
    "ten minste": "de ondergrens",
    "anders": "de waarde als geen regel geldt",
    "bron": "de bron",
}
_TEXTS = frozenset(
    [
        "uitleg",
        "titel",
        "vraag",
        "toelichting",
        "tekst",
        "teksten",
        "opmerking",
        "omschrijving",
        "bewijs",
        "rechtspraak",
        "niet gedekt",
        "bij nee",
        "verruimd vanaf",
    ]
)
_Line: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: the phrase that says it, and what stood and stands (None: nothing)."""

    phrase: str
    before: str | None
    after: str | None


def differences(old: Document, new: Document) -> Iterator[Difference]:
    """Everything in which two declarations of one kind differ, in the order of their keys."""
    before, after = old.model_dump(by_alias=True), new.model_dump(by_alias=True)
    for key in before:
        yield from _key(key, before[key], after[key])


def _key(key: str, old: Any, new: Any) -> Iterator[Difference]:
    if old == new:
        return
    if key.split(" ", 1)[0] in _TEXTS or key in _TEXTS:
        yield Difference(f"de tekst bij `{key}` is veranderd", _plain(old), _plain(new))
    elif key in _CONDITIONS:
        yield from _lines(_CONDITIONS[key], condition_lines(old), condition_lines(new))
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for inner in dict.fromkeys((*old, *new)):
            yield from _key(f"{key} {inner}", old.get(inner), new.get(inner))
    elif isinstance(old, tuple | list) or isinstance(new, tuple | list):
        yield from _lines(_ROWS.get(key, f"bij `{key}`"), _rows(old or ()), _rows(new or ()))
    else:
        yield _scalar(_VALUES.get(key, f"`{key}`"), _plain(old), _plain(new))


def _scalar(name: str, old: str | None, new: str | None) -> Difference:
    if old is None:
        return Difference(f"{name} komt erbij: `{new}`", None, new)
    if new is None:
        return Difference(f"{name} vervalt: `{old}`", old, None)
    return Difference(f"{name} gaat van `{old}` naar `{new}`", old, new)


def condition_lines(condition: Any, under: str = "") -> list[_Line]:
    """The lines of a condition as written, each with the words (`alle`, `een van`) that it stands under."""
    if condition is None:
        return []
    if isinstance(condition, Mapping):
        return [
            line
            for word, inner in condition.items()
            for line in condition_lines(list(inner) if isinstance(inner, tuple) else inner, f"{under} {word}".strip())
        ]
    if isinstance(condition, list | tuple):
        return [line for inner in condition for line in condition_lines(inner, under)]
    return [(under, str(condition))]


def _rows(rows: Any) -> list[_Line]:
    return [("", _row(row)) for row in rows]


def _row(row: Any) -> str:
    if not isinstance(row, Mapping):
        return _plain(row) or ""
    parts = []
    for key, value in row.items():
        if value is not None:
            text = "; ".join(line for _, line in condition_lines(value)) if key in _CONDITIONS else _plain(value)
            parts.append(f"{key} {text}" if key in ("als", "dan", "tot en met", "per stuk") else f"{key}: {text}")
    return ", ".join(parts)


def _plain(value: Any) -> str | None:
    if value is None or value in ("", (), {}):
        return None
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_plain(inner)}" for key, inner in value.items() if _plain(inner) is not None) or None
    if isinstance(value, list | tuple):
        return ", ".join(_plain(inner) or "" for inner in value)
    return str(value)


def _lines(name: str, old: list[_Line], new: list[_Line]) -> Iterator[Difference]:
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        gone, come = old[start:end], new[first:last]
        if tag == "replace" and len(gone) == len(come):
            for before, after in zip(gone, come, strict=True):
                yield _changed(name, before, after)
        elif tag != "equal":
            yield from (Difference(f"{name} `{text}` vervalt", text, None) for _, text in gone)
            yield from (Difference(f"{name} `{text}` komt erbij", None, text) for _, text in come)


def _changed(name: str, before: _Line, after: _Line) -> Difference:
    if before[1] == after[1]:
        words = f"{name} `{after[1]}` stond {_under(before[0])} en staat nu {_under(after[0])}"
        return Difference(words, f"{before[0]}: {before[1]}", f"{after[0]}: {after[1]}")
    return Difference(f"{name} `{before[1]}` wordt `{after[1]}`", before[1], after[1])


def _under(words: str) -> str:
    return f"onder `{words}`" if words else "alleen"
