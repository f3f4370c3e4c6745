# SPDX-License-Identifier: EUPL-1.2
"""Stage J, equality: earlier human decisions with the same ground and door, and in what this case differs from them.

Compared are only the facts that the law declares relevant (`vergelijken op`). A likeness is counted, never weighed, and
never stands for a prediction: it tells which decision asks for an explanation when this one comes out otherwise.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from pydantic import ValidationError

from engine.model.precedent import Precedent
from engine.model.problems import Place, Problem, RulesError
from engine.model.values import Cause, Truth, Unknown, Value

MAX_LINE = 20_000
COUNT = "aantal"
RECURRING = 5
"""So many deviations from the same grounds through the same door are no exception any more: a defect of a rule or of policy."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Decisions that nothing tells apart but their day and who took them: the last of them, and how many there are."""

    precedent: Precedent
    count: int = 1


@dataclass(frozen=True)
class Earlier:
    """Earlier decisions that are valid, by the grounds that they stand on.

    Those with the same grounds, door, outcome and facts are laid together: however many decisions a municipality took, a
    case is held against as many as there are kinds of them, and against its own grounds only.
    """

    by_grounds: Mapping[frozenset[str], tuple[Alike, ...]]

    @classmethod
    def of(cls, decisions: Iterable[Precedent | Alike]) -> Earlier:
        """Lay decisions together; of equal ones the latest stands for all, and of one day the first by id."""
        found: dict[tuple[Any, ...], Alike] = {}
        for item in decisions:
            alike = item if isinstance(item, Alike) else Alike(item)
            one = alike.precedent
            if one.status != "geldig":
                continue
            kind = (frozenset(one.grounds), one.door, one.granted, frozenset(one.signals.items()))
            known = found.get(kind)
            last = one if known is None else min(one, known.precedent, key=_latest_first)
            found[kind] = Alike(last, alike.count + (known.count if known is not None else 0))
        by_grounds: dict[frozenset[str], list[Alike]] = {}
        for (grounds, *_), alike in found.items():
            by_grounds.setdefault(grounds, []).append(alike)
        return cls({grounds: tuple(alike) for grounds, alike in by_grounds.items()})

    def on(self, grounds: Iterable[str]) -> Earlier:
        """Those on exactly these grounds."""
        wanted = frozenset(grounds)
        return Earlier({wanted: self.by_grounds[wanted]}) if wanted in self.by_grounds else NOT_ONE

    def __iter__(self) -> Iterator[Alike]:
        for alike in self.by_grounds.values():
            yield from alike

    def __bool__(self) -> bool:
        return bool(self.by_grounds)


NOT_ONE = Earlier({})


def laid_together(decisions: Collection[Precedent]) -> Earlier | None:
    """Decisions to compare with; None where there are none."""
    return Earlier.of(decisions) if decisions else None


def together(*found: Earlier | None) -> Earlier | None:
    """Decisions from several places as one; None where no place has any."""
    given = [earlier for earlier in found if earlier is not None]
    if len(given) <= 1:
        return given[0] if given else None
    return Earlier.of(alike for earlier in given for alike in earlier)


def _latest_first(precedent: Precedent) -> tuple[int, str]:
    return -precedent.day.toordinal(), precedent.id


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

    def clash(self, cause: Callable[[str], Cause]) -> Truth:
        """Whether nothing tells the two cases apart; unknown while a fact that could is not known here (``cause``: its name as one)."""
        if self.explained is not None or self.different:
            return False
        if self.unknown:
            return Unknown(frozenset(cause(name) for name in self.unknown))
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


def as_json(earlier: Earlier) -> bytes:
    """Decisions that were laid together, to keep beside what was compared with them (a JSON list)."""
    return orjson.dumps([{**alike.precedent.model_dump(mode="json", by_alias=True), COUNT: alike.count} for alike in earlier])


def from_json(data: bytes) -> Earlier:
    """The same, read back."""
    found = [(item.pop(COUNT), Precedent.model_validate(item)) for item in orjson.loads(data)]
    return Earlier.of(Alike(precedent, count) for count, precedent in found)


def _problem(file: str, line: int, cause: str) -> Problem:
    return Problem("TS-K01", Place(file, line, 1), f"Dit eerdere besluit is niet te lezen: {cause}.", "Verbeter deze regel.")


def compare(
    earlier: Earlier,
    doors: Iterable[str],
    facts: Mapping[str, Value],
    names: Sequence[str],
    explained: Mapping[str, str],
) -> Compared:
    """The nearest of decisions on the grounds of the case, through one of these doors.

    ``names`` are the facts that may be compared. Nearest: the most facts the same, then the fewest different, then the
    latest; equal ones by id, so that the order of the file changes nothing.
    """
    named, allowed = frozenset(doors), frozenset(names)
    through = [alike for alike in earlier if alike.precedent.door in named]

    def distance(precedent: Precedent) -> tuple[int, int, int, str]:
        same = different = 0
        for name, then in precedent.signals.items():
            here = facts.get(name) if name in allowed else None
            if here is not None and type(here) is not Unknown:
                same += here == then
                different += here != then
        return -same, different, *_latest_first(precedent)

    def nearest(*, granted: bool) -> Likeness | None:
        found = min((alike.precedent for alike in through if alike.precedent.granted is granted), key=distance, default=None)
        return _likeness(found, facts, names, explained.get(found.id)) if found is not None else None

    return Compared(sum(alike.count for alike in through), nearest(granted=True), nearest(granted=False), _recurring(through))


def _recurring(found: Iterable[Alike]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for alike in found:
        if alike.precedent.granted and alike.precedent.door is not None:
            counts[alike.precedent.door] += alike.count
    return {door: counts[door] for door in sorted(counts) if counts[door] >= RECURRING}


def _likeness(precedent: Precedent, facts: Mapping[str, Value], names: Iterable[str], explained: str | None) -> Likeness:
    same, different, unknown = [], [], []
    for name in names:
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


def signals_of(facts: Mapping[str, Value], names: Iterable[str]) -> dict[str, Any]:
    """The compared facts of a case that are known: what a record of its decision keeps."""
    return {name: value for name in names if isinstance(value := facts.get(name), bool | str)}
