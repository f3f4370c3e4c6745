# SPDX-License-Identifier: EUPL-1.2
"""Rows of a form in which somebody states something: wanted effects, what an option does to somebody, options added.

``e:<n>.<key>``, ``g:<n>.<key>`` and ``o:<n>.<key>`` are the rows; ``w:<key>`` is who states what is new on a page.
A row counts when something is said in it. What is wrong with it comes back to its own field.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engine.model.problems import Problem

Values: TypeAlias = Mapping[str, str]

MAX_ROWS = 60
REMOVED = "weg"
_EMPTY = "Vul dit in."


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of rows: how its fields begin, its key in a claim, the keys of a row, and those that make it count.

    ``shared`` are keys that a new row takes from the page as a whole, each with its name there.
    """

    prefix: str
    key: str
    keys: tuple[str, ...]
    said: tuple[str, ...]
    shared: Mapping[str, str] = field(default_factory=dict)


_BY: Mapping[str, str] = {"gesteldDoor": "door", "gesteldOp": "op"}
WANTED = Sort(
    "e",
    "beoogdeEffecten",
    ("persoon", "leefgebied", "omschrijving", "termijn", "gesteldDoor", "gesteldOp", "waarde", "naUitkomst"),
    ("omschrijving", "leefgebied", "termijn", "waarde", "gesteldDoor"),
)
EFFECTS = Sort(
    "g",
    "effecten",
    ("wie", "naam", "optie", "omschrijving", "richting", "ernst", "zekerheid", "termijn", "waarde", "bron", "gesteldDoor", "gesteldOp"),
    ("naam", "optie", "omschrijving", "richting", "ernst", "zekerheid", "termijn", "waarde", "bron"),
    _BY,
)
OPTIONS = Sort(
    "o",
    "opties",
    ("id", "tekst", "binnenRegels", "bron", "rol", "gesteldDoor", "gesteldOp"),
    ("tekst", "binnenRegels", "bron"),
    {**_BY, "rol": "rol"},
)
SORTS = (WANTED, EFFECTS, OPTIONS)
PREFIXES = ("g:", "o:", "w:")
"""How the fields of the step about what it means begin."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as a template reads it: what was filled in, and what is wrong with which field."""

    sort: Sort
    number: int
    values: Values
    errors: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)

    def value(self, key: str) -> str:
        """What was filled in."""
        return self.values.get(f"{self.sort.prefix}:{self.number}.{key}", "").strip()

    def name(self, key: str) -> str:
        """The name of a field."""
        return f"{self.sort.prefix}:{self.number}.{key}"

    def id(self, key: str) -> str:
        """The id of a field in the page."""
        return f"{self.sort.prefix}{self.number}-{key}"

    @property
    def filled(self) -> bool:
        """Whether something is said in it."""
        return not self.value(REMOVED) and any(self.value(key) for key in self.sort.said)

    def claimed(self) -> dict[str, Any]:
        """The row as a claim holds it; what the page asks once is taken from there."""
        found: dict[str, Any] = {key: self.value(key) for key in self.sort.keys if self.value(key)}
        for key, name in self.sort.shared.items():
            if key not in found and (shared := self.values.get(f"w:{name}", "").strip()):
                found[key] = shared
        if self.sort is OPTIONS:
            found = {"id": own_id(self.number), "binnenRegels": "", **found}
        return found


def own_id(number: int) -> str:
    """The id of an option that is added in a form."""
    return f"eigen.optie_{number + 1}"


def rows(sort: Sort, values: Values) -> list[Row]:
    """The rows of a form that say something, in order."""
    return [row for number in numbers(sort, values) if (row := Row(sort, number, values)).filled]


def numbers(sort: Sort, values: Values) -> list[int]:
    """The numbers of the rows that a form has, filled or not."""
    found = {int(match[1]) for name in values if (match := re.match(rf"{sort.prefix}:(\d{{1,2}})\.", name, re.ASCII))}
    return sorted(number for number in found if number < MAX_ROWS)


def free(sort: Sort, values: Values) -> list[int]:
    """The numbers that a new row can have."""
    taken = set(numbers(sort, values))
    return [number for number in range(MAX_ROWS) if number not in taken]


def read(sort: Sort, values: Values) -> list[dict[str, Any]]:
    """What a claim holds of these rows."""
    return [row.claimed() for row in rows(sort, values)]


def values_of(claim: Mapping[str, Any]) -> dict[str, str]:
    """The rows of a claim (of an example) as the values of a form."""
    return {
        f"{sort.prefix}:{number}.{key}": _text(item[key])
        for sort in SORTS
        for number, item in enumerate(claim.get(sort.key, ()))
        for key in sort.keys
        if key in item and (item[key] or key != "naUitkomst")
    }


def _text(value: Any) -> str:
    return ("ja" if value else "nee") if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True)
class Mistakes:
    """What is wrong with the rows of a form: per field of a row, and per field that the page asks once."""

    by_row: Mapping[tuple[str, int], Mapping[str, tuple[Problem, ...]]] = field(default_factory=dict)
    shared: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)

    def of(self, sort: Sort, number: int) -> Mapping[str, tuple[Problem, ...]]:
        """What is wrong with one row."""
        return self.by_row.get((sort.prefix, number), {})

    def listed(self) -> list[tuple[str, str, Problem]]:
        """Everything, each with the id of its field and its key, for the list on top of the page."""
        found = [
            (f"{prefix}{number}-{key}", key, problem)
            for (prefix, number), fields in self.by_row.items()
            for key, problems in fields.items()
            for problem in problems
        ]
        return found + [(f"w-{key}", key, problem) for key, problems in self.shared.items() for problem in problems]


def mistakes(problems: Iterable[Problem], values: Values, sorts: Collection[Sort]) -> Mistakes:
    """The problems of a claim brought back to the fields of these rows."""
    by_row: dict[tuple[str, int], dict[str, tuple[Problem, ...]]] = {}
    shared: dict[str, tuple[Problem, ...]] = {}
    for problem in problems:
        parts = (problem.place.pointer or "").split("/")[1:]
        sort = next((sort for sort in sorts if parts[:1] == [sort.key]), None)
        if sort is None or len(parts) < 2 or not parts[1].isdigit():
            continue
        row = rows(sort, values)[int(parts[1])]
        key = parts[2] if len(parts) > 2 else sort.keys[0]
        told = problem if row.claimed().get(key) else Problem(problem.code, problem.place, _EMPTY, "")
        if key in sort.shared and not row.value(key):
            shared[sort.shared[key]] = (told,)
        else:
            fields = by_row.setdefault((sort.prefix, row.number), {})
            fields[key] = (*fields.get(key, ()), told)
    return Mistakes(by_row, shared)


# --- the step about what it means --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of whom effects can be stated, with the rows about them; the last of them may be empty."""

    whom: str
    title: str
    rows: tuple[Row, ...]


OTHERS = ("derden", "bestuur", "samenleving")


def people(data: Mapping[str, Any], values: Values, more: str | None, found: Mistakes) -> list[Person]:
    """The persons of a rationale, minors first, and others outside the household; ``more`` is who gets another row."""
    present = {person["wie"]: person["getoond"] for person in data["personen"]} or {"aanvrager": "de aanvrager"}
    by_person: dict[str, list[Row]] = {whom: [] for whom in (*present, "")}
    for number in numbers(EFFECTS, values):
        row = Row(EFFECTS, number, values, found.of(EFFECTS, number))
        if not row.value(REMOVED):
            by_person[row.value("wie") if row.value("wie") in present else ""].append(row)
    new = iter(free(EFFECTS, values))
    for whom, about in by_person.items():
        if (not about or whom == more) and (fresh := next(new, None)) is not None:
            about.append(Row(EFFECTS, fresh, values))
    return [Person(whom, present.get(whom, "anderen"), tuple(about)) for whom, about in by_person.items()]


def added(values: Values, found: Mistakes, *, more: bool) -> list[Row]:
    """The options that somebody added, and an empty row where there is none or another is asked for."""
    shown = [Row(OPTIONS, number, values, found.of(OPTIONS, number)) for number in numbers(OPTIONS, values)]
    shown = [row for row in shown if not row.value(REMOVED)]
    if more or not shown:
        shown += [Row(OPTIONS, number, values) for number in free(OPTIONS, values)[:1]]
    return shown
