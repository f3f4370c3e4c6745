# SPDX-License-Identifier: EUPL-1.2
"""A strict JSON reader: numbers stay exact, and what other readers pass over in silence is refused, all of it at once.

Refused with a JSON pointer: a key that stands twice, NaN and Infinity, a number too large or too long, half a character
(a lone surrogate). Refused whole: bytes that are no UTF-8, text that is no JSON, more than :data:`MAX_DEPTH` levels.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from engine.model.problems import InvalidInput, Place, Problem
from engine.passes.intake import escape

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_DIGITS = 60
MAX_EXPONENT = 60

_TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_HALF = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}|\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_SURROGATE = re.compile("[\ud800-\udfff]")


class JsonError(InvalidInput):
    """The body is refused, with every problem found in it."""


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A number that is refused, kept in its place until its pointer is known."""

    code: str
    cause: str
    remedy: str


class _Twice(list[tuple[str, Any]]):
    """An object with a key that stands in it more than once: all its pairs."""


def read_json(data: bytes) -> Any:
    """JSON text (UTF-8) as dicts, lists, text, bool, ``int``, ``Decimal`` and None. Raises :class:`JsonError`."""
    text = _decoded(data)
    if _depth(text) > MAX_DEPTH:
        raise _refused("TS-J05", f"De JSON is dieper genest dan {MAX_DEPTH} niveaus.", "Een aanvraag heeft er niet meer dan zes nodig.")
    suspects: list[object] = []

    def marked(found: _Wrong) -> _Wrong:
        suspects.append(found)
        return found

    def number(token: str) -> Any:
        return marked(found) if isinstance(found := _number(token), _Wrong) else found

    def constant(token: str) -> Any:
        return marked(_Wrong("TS-J06", f"`{token}` is geen getal.", "Laat het gegeven weg als het niet bekend is."))

    def pairs(found: list[tuple[str, Any]]) -> Any:
        result = dict(found)
        if len(result) == len(found):
            return result
        suspects.append(found)
        return _Twice(found)

    try:
        value = json.loads(text, parse_int=number, parse_float=number, parse_constant=constant, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        raise _refused(
            "TS-J03",
            f"Dit is geen geldige JSON: op regel {error.lineno}, kolom {error.colno} staat iets anders dan wordt verwacht.",
            "Controleer de aanhalingstekens, komma's en haken rond die plaats.",
        ) from None
    if suspects or _HALF.search(text):
        problems = list(_problems(value, ""))
        if problems:
            raise JsonError(problems)
    return value


def write_json(data: Any) -> bytes:
    """Data as compact JSON, in the order it has; the same data gives the same bytes."""
    return orjson.dumps(data)


def _refused(code: str, cause: str, remedy: str) -> JsonError:
    return JsonError([Problem(code, Place(pointer=""), cause, remedy)])


def _decoded(data: bytes) -> str:
    if not data.strip():
        raise _refused("TS-J01", "Het bericht is leeg.", "Stuur een JSON-object.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused("TS-J02", f"Byte {error.start + 1} van het bericht is geen UTF-8.", "Stuur het bericht als UTF-8.") from None
    if text.startswith("\ufeff"):
        raise _refused("TS-J02", "Het bericht begint met een byte order mark.", "Laat die weg.")
    return text


def _depth(text: str) -> int:
    """How deep objects and lists are nested: counted before anything is built."""
    depth = deepest = 0
    for match in _TOKENS.finditer(text):
        sign = match[0]
        if sign in ("[", "{"):
            depth += 1
            deepest = max(deepest, depth)
        elif sign in ("]", "}"):
            depth -= 1
    return deepest


def _number(token: str) -> int | Decimal | _Wrong:
    if len(token) > MAX_DIGITS:
        return _Wrong("TS-J06", f"Dit getal is langer dan {MAX_DIGITS} tekens.", "Controleer het getal.")
    if token.lstrip("-").isdigit():
        return int(token)
    try:
        value = Decimal(token)
    except InvalidOperation:
        value = Decimal("Infinity")
    if not value.is_finite() or abs(value.adjusted()) > MAX_EXPONENT:
        return _Wrong("TS-J06", f"Het getal `{token}` is te groot of te klein.", "Controleer de exponent.")
    return value


def _problems(value: Any, pointer: str) -> Iterator[Problem]:
    match value:
        case _Wrong(code=code, cause=cause, remedy=remedy):
            yield Problem(code, Place(pointer=pointer), cause, remedy)
        case _Twice():
            seen: set[str] = set()
            for key, inner in value:
                place = f"{pointer}/{escape(_shown(key))}"
                if key in seen:
                    yield Problem("TS-J04", Place(pointer=place), f"De sleutel `{_shown(key)}` staat er twee keer.", "Houd er een over.")
                seen.add(key)
                yield from _entry(key, inner, pointer)
        case dict():
            for key, inner in value.items():
                yield from _entry(key, inner, pointer)
        case list():
            for index, inner in enumerate(value):
                yield from _problems(inner, f"{pointer}/{index}")
        case str() if _SURROGATE.search(value):
            yield _half(pointer)


def _entry(key: str, value: Any, pointer: str) -> Iterator[Problem]:
    place = f"{pointer}/{escape(_shown(key))}"
    if _SURROGATE.search(key):
        yield _half(place)
    yield from _problems(value, place)


def _half(pointer: str) -> Problem:
    return Problem("TS-J07", Place(pointer=pointer), "Hier staat een half teken (een los surrogaat).", "Stuur het hele teken.")


def _shown(key: str) -> str:
    """A key that can be written out again as UTF-8."""
    return _SURROGATE.sub("\ufffd", key)
