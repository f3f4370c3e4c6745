# SPDX-License-Identifier: EUPL-1.2
"""Problems: what is wrong, where, why, and what to do; in Dutch, with a stable code."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any, TypeAlias

MAX_SHOWN = 240
"""So many characters of a line are shown; a rule is no longer, a file made to break things is."""
MAX_PROBLEMS = 200
"""So many mistakes of a claim or a YAML file are told; who makes more mends these first."""
MOST_SHOWN = 40
"""So many of the words that can be chosen from are told."""

Spot: TypeAlias = "tuple[Spot, str | int] | None"
"""A place in a message: the place around it, and the key or number there. It becomes a pointer only where it is told."""


class Severity(StrEnum):
    """A mistake stops the loading; a warning does not."""

    ERROR = "fout"
    WARNING = "waarschuwing"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a text file; line and column count from 1. In a claim ``pointer`` is a JSON pointer, and the line may be known too."""

    file: str = ""
    line: int = 0
    column: int = 0
    pointer: str | None = None

    def __str__(self) -> str:
        if self.pointer is not None:
            return f"{self.pointer or '/'}{f' (regel {self.line})' if self.line else ''}"
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: ``code`` is stable, ``cause`` says what is wrong, ``remedy`` what to do about it."""

    code: str
    place: Place
    cause: str
    remedy: str = ""
    severity: Severity = Severity.ERROR
    shown: str = ""

    def __str__(self) -> str:
        text = f"{self.place}: {self.severity} {self.code}: {self.cause}"
        if self.remedy:
            text += f" {self.remedy}"
        if self.shown:
            shown, column = excerpt(self.shown, self.place.column)
            text += f"\n    {shown}\n    {' ' * max(column - 1, 0)}^"
        return text


def escape(name: str) -> str:
    """A name as a part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def pointer_to(path: Iterable[str | int]) -> str:
    """A JSON pointer from names of keys and numbers of items."""
    return "".join(f"/{escape(str(part))}" for part in path)


def walk(data: Any, spot: Spot = None) -> Iterator[tuple[Spot, Any]]:
    """Everything in a message, as Python reads its JSON, with its place: what stands around comes before what stands in it."""
    yield spot, data
    match data:
        case Mapping():
            for key, value in data.items():
                yield from walk(value, (spot, key))
        case list() | tuple():
            for index, value in enumerate(data):
                yield from walk(value, (spot, index))


def parts_of(spot: Spot) -> list[str | int]:
    """The names of keys and numbers of items on the way to a place, for :func:`pointer_to`."""
    parts: list[str | int] = []
    while spot is not None:
        spot, part = spot
        parts.append(part)
    return parts[::-1]


def problem_at(code: str, pointer: str, cause: str, remedy: str = "") -> Problem:
    """A problem in a message, at a JSON pointer."""
    return Problem(code, Place(pointer=pointer), cause, remedy)


def in_message(problem: Problem) -> dict[str, str]:
    """A problem of a message as JSON carries it, everywhere with the same keys."""
    return {"code": problem.code, "pointer": problem.place.pointer or "", "oorzaak": problem.cause, "remedie": problem.remedy}


def excerpt(line: str, column: int) -> tuple[str, int]:
    """What is shown of a line: all of it, or of a very long one the part around a column, and that column in it."""
    if len(line) <= MAX_SHOWN:
        return line, column
    start = max(0, min(column - MAX_SHOWN // 2, len(line) - MAX_SHOWN))
    cut = line[start : start + MAX_SHOWN]
    return f"{'…' if start else ''}{cut}{'…' if start + MAX_SHOWN < len(line) else ''}", column - start + (1 if start else 0)


class ToetssteenError(Exception):
    """Base of every error that this engine raises on purpose."""


class InvalidInput(ToetssteenError):
    """Input that is refused whole, with every problem found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class RulesError(InvalidInput):
    """The rules do not load: nothing of them is used."""


class ClaimError(InvalidInput):
    """The claim is refused: nothing of it is assessed."""


class EngineError(ToetssteenError):
    """The engine contradicts itself or the rules contradict each other on this case: no assessment is given."""


def either(words: Sequence[str]) -> str:
    """One or more words as a choice: `a`, `a of b`, `a, b of c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} of {words[-1]}"


def no_such_key(key: object) -> str:
    """What is wrong with a key that does not exist where it stands."""
    return f"De sleutel `{key}` bestaat hier niet."


def unknown_keys(data: Iterable[object], known: Collection[str], under: str = "") -> Iterator[tuple[str, str, str]]:
    """The pointer, cause and remedy of each key that does not exist. ``under`` is the pointer of the object that has them.

    Of too many the first: one more than is told, so that who counts them sees that there are more.
    """
    for key in islice((key for key in data if key not in known), MAX_PROBLEMS + 1):
        yield f"{under}/{escape(str(key))}", no_such_key(key), nearest(str(key), known)


def meant(word: str, known: Iterable[str]) -> str:
    """ "Bedoelde u ...?" with the nearest known words, or an empty text."""
    near = difflib.get_close_matches(word, sorted(set(known)), n=3, cutoff=0.6)
    return f"Bedoelde u {' of '.join(f'`{n}`' for n in near)}?" if near else ""


def nearest(word: str, known: Collection[str]) -> str:
    """The nearest known words, or where none is near what can be chosen."""
    return meant(word, known) or choose(known)


def choose(known: Collection[str]) -> str:
    """ "Kies uit: ..."; of many the first, and how many more there are."""
    shown = list(known)[:MOST_SHOWN]
    more = f" en nog {len(known) - len(shown)} andere" if len(known) > len(shown) else ""
    return f"Kies uit: {', '.join(shown) or '(geen)'}{more}."
