# SPDX-License-Identifier: EUPL-1.2
"""What names mean: the facts, groups, lists, amounts and outcomes that a line may speak of, and what kind each has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from engine.language.lines import Syntax
from engine.model.kinds import Kind


class KindError(Exception):
    """A line that parses but does not fit; ``column`` counts from 0 within the line."""

    def __init__(self, code: str, column: int, cause: str, remedy: str = "") -> None:
        super().__init__(cause)
        self.code, self.column, self.cause, self.remedy = code, column, cause, remedy


@dataclass(frozen=True, slots=True)
class Member:
    """A fact that holds a group: which group, and whether there may be none."""

    group: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a composed list; ``counts`` is the line behind ``waar``: when it is part of the list at all."""

    name: str
    counts: Syntax | None = None


@dataclass(frozen=True, slots=True)
class OutcomeName:
    """An outcome as a line can name it: the qualified name, and per what it is decided."""

    qualified: str
    per: str | None = None


@dataclass(frozen=True)
class Scope:
    """Everything that can be named in the lines of one program.

    ``kind_of`` gives the kind of an outcome by its qualified name; it infers lazily and refuses cycles.
    """

    facts: Mapping[str, Kind]
    groups: Mapping[str, Mapping[str, Kind]]
    members: Mapping[str, Member]
    lists: Mapping[str, str]
    composed: Mapping[str, tuple[Person, ...]]
    amounts: Mapping[str, Kind]
    outcomes: Mapping[str, OutcomeName]
    powers: frozenset[str]
    kind_of: Callable[[str], Kind]
    extra: Mapping[str, Kind] = field(default_factory=dict)

    def group_of(self, name: str) -> str:
        """The group of the items of a list or a composed list."""
        return self.lists[name] if name in self.lists else self.members[self.composed[name][0].name].group

    def persons(self, name: str) -> tuple[str, ...]:
        """The names of the persons in a composed list; empty for any other name."""
        return tuple(person.name for person in self.composed.get(name, ()))

    def names(self) -> Iterable[str]:
        """Every name at the top, for "bedoelde u"."""
        yield from self.facts
        yield from self.members
        yield from self.amounts
        yield from self.outcomes
        yield from self.extra
        for name, member in self.members.items():
            yield from (f"{name}.{part}" for part in self.groups[member.group])


@dataclass(frozen=True, slots=True)
class Context:
    """Where a line stands: the list item or the person it is about, and which groups are known to exist.

    ``list`` is a list of the case; ``person`` the member of a composed list for which the line is unrolled.
    """

    list: str | None = None
    person: str | None = None
    composed: str | None = None
    guards: frozenset[str] = frozenset()
