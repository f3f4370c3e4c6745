# SPDX-License-Identifier: EUPL-1.2
"""Stage J, equality: earlier human decisions with the same ground and door, and in what this case differs from them.

Compared are only the facts that the law declares relevant (`vergelijken op`). A likeness is counted, never weighed, and
never stands for a prediction: it tells which decision asks for an explanation when this one comes out otherwise.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from engine.model.precedent import Precedent
from engine.model.problems import Place, Problem, RulesError
from engine.model.values import Cause, CauseKind, Truth, Unknown, Value

MAX_LINE = 20_000
RECURRING = 5
"""So many deviations from the same grounds through the same door are no exception any more: a defect of a rule or of policy."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """One earlier decision beside this case: on which facts it is the same, differs, or is not known here.

    ``explained`` is the difference that a person named.
    """

    precedent: Precedent
    same: tuple[str, ...]
    different: tuple[str, ...]
    unknown: tuple[str, ...]
    explained: str | None = None

    def clash(self, causes: Mapping[str, Cause]) -> Truth:
        """Whether nothing tells the two cases apart; unknown while a fact that could is not known here."""
        if self.explained is not None or self.different:
            return False
        if self.unknown:
            return Unknown(frozenset(causes[name] for name in self.unknown))
        return True


@dataclass(frozen=True, slots=True)
class Compared:
    """The nearest decision that deviated and the nearest that did not, out of ``count`` with the same ground and door.

    ``recurring`` is in how many decisions was deviated through a door, for each door where that is :data:`RECURRING` or more.
    """

    count: int
    granted: Likeness | None
    refused: Likeness | None
    recurring: Mapping[str, int] = field(default_factory=dict)


def read_precedents(data: bytes, file: str) -> tuple[Precedent, ...]:
    """Earlier decisions from JSON lines. Raises :class:`RulesError` with every line that is wrong."""
    problems: list[Problem] = []
    found: list[Precedent] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(data.decode("utf-8-sig", "replace").splitlines(), 1):
        if not line.strip():
            continue
        try:
            if len(line) > MAX_LINE:
                raise ValueError(f"een regel is hoogstens {MAX_LINE} tekens lang")
            precedent = Precedent.model_validate(json.loads(line))
        except ValidationError as error:
            problems += [_problem(file, number, f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}") for e in error.errors()]
            continue
        except ValueError as error:
            problems.append(_problem(file, number, f"geen JSON: {error}"))
            continue
        if precedent.id in seen:
            problems.append(_problem(file, number, f"het nummer `{precedent.id}` staat ook op regel {seen[precedent.id]}"))
        seen[precedent.id] = number
        found.append(precedent)
    if problems:
        raise RulesError(problems)
    return tuple(found)


def _problem(file: str, line: int, cause: str) -> Problem:
    return Problem("TS-K01", Place(file, line, 1), f"Dit eerdere besluit is niet te lezen: {cause}.", "Verbeter deze regel.")


def comparable(precedents: Iterable[Precedent], grounds: Iterable[str], doors: Iterable[str]) -> tuple[Precedent, ...]:
    """The decisions that stand on exactly these grounds, through one of these doors."""
    wanted, named = frozenset(grounds), frozenset(doors)
    return tuple(item for item in precedents if item.status == "geldig" and frozenset(item.grounds) == wanted and item.door in named)


def compare(
    precedents: Iterable[Precedent],
    grounds: Iterable[str],
    doors: Iterable[str],
    facts: Mapping[str, Value],
    names: Iterable[str],
    explained: Mapping[str, str],
) -> Compared:
    """The nearest decisions on exactly these grounds through one of these doors.

    ``names`` are the facts that may be compared. Nearest: the most facts the same, then the fewest different, then the
    latest; equal ones by id, so that the order of the file changes nothing.
    """
    allowed = tuple(names)
    alike = [_likeness(item, facts, allowed, explained.get(item.id)) for item in comparable(precedents, grounds, doors)]
    alike.sort(key=lambda item: (-len(item.same), len(item.different), -item.precedent.day.toordinal(), item.precedent.id))
    return Compared(
        len(alike),
        next((item for item in alike if item.precedent.granted), None),
        next((item for item in alike if not item.precedent.granted), None),
        _recurring(item.precedent for item in alike),
    )


def _recurring(precedents: Iterable[Precedent]) -> dict[str, int]:
    counts = Counter(item.door for item in precedents if item.granted and item.door is not None)
    return {door: counts[door] for door in sorted(counts) if counts[door] >= RECURRING}


def _likeness(precedent: Precedent, facts: Mapping[str, Value], allowed: tuple[str, ...], explained: str | None) -> Likeness:
    same, different, unknown = [], [], []
    for name in allowed:
        if name not in precedent.signals:
            continue
        here = facts.get(name)
        if here is None or isinstance(here, Unknown):
            unknown.append(name)
        elif here == precedent.signals[name]:
            same.append(name)
        else:
            different.append(name)
    return Likeness(precedent, tuple(same), tuple(different), tuple(unknown), explained)


def causes_of(facts: Mapping[str, Value], names: Iterable[str], judged: Iterable[str]) -> dict[str, Cause]:
    """What is missing where a compared fact is not known."""
    judgements = frozenset(judged)
    found: dict[str, Cause] = {}
    for name in names:
        if isinstance(facts.get(name), Unknown) or name not in facts:
            found[name] = Cause(CauseKind.JUDGEMENT if name in judgements else CauseKind.FACT, name)
    return found


def signals_of(facts: Mapping[str, Value], names: Iterable[str]) -> dict[str, Any]:
    """The compared facts of a case that are known: what a record of its decision keeps."""
    return {name: value for name in names if isinstance(value := facts.get(name), bool | str)}
