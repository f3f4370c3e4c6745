# SPDX-License-Identifier: EUPL-1.2
"""A strict JSON reader: numbers stay exact, and what other readers pass over in silence is refused, all of it at once.

Refused with a JSON pointer: a key that stands twice, NaN and Infinity, a number too large or too long, half a character
(a lone surrogate); the rest of a claim is then looked at too. Refused whole: bytes that are no UTF-8, text that is no
JSON, more than :data:`MAX_DEPTH` levels, a key of more than :data:`MAX_KEY` characters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from engine.model.claim import Received
from engine.model.problems import InvalidInput, Problem, escape, problem_at

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_KEY = 300
"""Characters of a key: each problem below it tells its place."""
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
    received = receive_json(data)
    if received.problems:
        raise JsonError(received.problems)
    return received.data


def receive_json(data: bytes) -> Received:
    """JSON text (UTF-8) with everything that is written wrong in it, so that the rest can be looked at as well.

    Of a key that stands twice the first value is kept. Raises :class:`JsonError` for what cannot be read at all.
    """
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
        if any(len(key) > MAX_KEY for key in result):
            remedy = "Zo heet geen sleutel; een tekst hoort achter de dubbele punt."
            raise _refused("TS-J08", f"Een sleutel is langer dan {MAX_KEY} tekens.", remedy)
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
    if not suspects and not _HALF.search(text):
        return Received(value)
    mending = _Mending()
    mended = mending.value(value, "")
    return Received(mended, tuple(mending.problems), frozenset(mending.unread))


def write_json(data: Any) -> bytes:
    """Data as compact JSON, in the order it has; the same data gives the same bytes."""
    return orjson.dumps(data)


def write_exactly(data: Any) -> bytes:
    """What :func:`read_json` read, written again: every number with the digits that it had."""
    return _exactly(data).encode()


def _exactly(value: Any) -> str:
    match value:
        case Decimal():
            return str(value)
        case dict():
            return "{" + ",".join(f"{json.dumps(key)}:{_exactly(inner)}" for key, inner in value.items()) + "}"
        case list() | tuple():
            return "[" + ",".join(map(_exactly, value)) + "]"
    return json.dumps(value)


def _refused(code: str, cause: str, remedy: str) -> JsonError:
    return JsonError([problem_at(code, "", cause, remedy)])


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


class _Mending:
    """Takes out what is refused, and tells where it stood."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.unread: set[str] = set()

    def value(self, value: Any, pointer: str) -> Any:
        """The value without what is refused in it: None for a number or text, the first of what stands twice, no key that is broken."""
        match value:
            case _Wrong(code=code, cause=cause, remedy=remedy):
                return self._out(problem_at(code, pointer, cause, remedy))
            case _Twice():
                return self._object(value, pointer)
            case dict():
                return self._object(value.items(), pointer)
            case list():
                return [self.value(inner, f"{pointer}/{index}") for index, inner in enumerate(value)]
            case str() if _SURROGATE.search(value):
                return self._out(_half(pointer))
        return value

    def _out(self, problem: Problem) -> None:
        self.problems.append(problem)
        self.unread.add(problem.place.pointer or "")

    def _object(self, pairs: Iterable[tuple[str, Any]], pointer: str) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        twice: set[str] = set()
        for key, inner in pairs:
            name = _SURROGATE.sub("\ufffd", key)
            place = f"{pointer}/{escape(name)}"
            if key in kept:
                if key not in twice:
                    self.problems.append(problem_at("TS-J04", place, f"De sleutel `{name}` staat er twee keer.", "Houd er een over."))
                twice.add(key)
                self._only_told(inner, place)
            elif name != key:
                self.problems.append(_half(place))
                self._only_told(inner, place)
            else:
                kept[key] = self.value(inner, place)
        return kept

    def _only_told(self, value: Any, pointer: str) -> None:
        """Tell what is wrong in a value that is left out."""
        other = _Mending()
        other.value(value, pointer)
        self.problems += other.problems


def _half(pointer: str) -> Problem:
    return problem_at("TS-J07", pointer, "Hier staat een half teken (een los surrogaat).", "Stuur het hele teken.")
