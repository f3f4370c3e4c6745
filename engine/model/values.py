# SPDX-License-Identifier: EUPL-1.2
"""Values of the rule language: exact, and three-valued.

A value is a plain Python object (``bool``, ``int``, ``Fraction``, ``date``, ``str``, :class:`Duration`,
:class:`ListValue`), the sentinel :data:`GEEN` ("there is none"), or an :class:`Unknown` that carries its causes.
Money is held in **eurocents**, exactly; a percentage is a plain fraction (40 % is 2/5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple, TypeAlias


class CauseKind(StrEnum):
    """Why something is not known; only the first three can be answered by somebody."""

    FACT = "gegeven"
    JUDGEMENT = "oordeel"
    CHOICE = "keuze"
    AMOUNT = "bedrag"
    RULE = "regel"
    FILLING = "invulling"
    CALENDAR = "kalender"
    ARITHMETIC = "rekenfout"


class Cause(NamedTuple):
    """One reason why a value is unknown: what kind of thing is missing, and its name in the rules."""

    kind: CauseKind
    ref: str


class Unknown:
    """The third value, with everything it rests on.

    It has no truth value in Python, so that no code can take it for false. ``among``: of a choice that rules decide,
    the only values that are still possible (:data:`GEEN` may be one); None where any value is.
    """

    __slots__ = ("among", "causes")

    def __init__(self, causes: frozenset[Cause], among: frozenset[str | Geen] | None = None) -> None:
        self.causes = causes
        self.among = among

    @classmethod
    def because(cls, kind: CauseKind, ref: str) -> Unknown:
        """An unknown with a single cause."""
        return cls(frozenset((Cause(kind, ref),)))

    def __bool__(self) -> bool:
        raise TypeError("an unknown has no truth value; compare with `is True` or `is False`")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown) and self.causes == other.causes and self.among == other.among

    def __hash__(self) -> int:
        return hash((Unknown, self.causes))

    def __repr__(self) -> str:
        return f"Unknown({', '.join(sorted(f'{c.kind}:{c.ref}' for c in self.causes))})"


class Geen:
    """The value "there is none", allowed only for facts that ``mag ontbreken``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "GEEN"

    def __bool__(self) -> bool:
        raise TypeError("`geen` has no truth value; test with `is GEEN`")

    def __reduce__(self) -> str:
        return "GEEN"


GEEN: Final = Geen()


class Dimension(StrEnum):
    """What a duration is counted in; durations of different dimensions are not comparable."""

    DAYS = "dagen"
    MONTHS = "maanden"
    WORKDAYS = "werkdagen"
    MIXED = "gemengd"


@dataclass(frozen=True, slots=True)
class Duration:
    """A calendar duration. Added to a date in one step: months first, then days, then working days."""

    months: int = 0
    days: int = 0
    workdays: int = 0

    def __add__(self, other: Duration) -> Duration:
        return Duration(self.months + other.months, self.days + other.days, self.workdays + other.workdays)

    def __neg__(self) -> Duration:
        return Duration(-self.months, -self.days, -self.workdays)

    def size(self) -> int:
        """The length in the one dimension it has; the checker lets nothing else be compared."""
        return self.months or self.days or self.workdays


@dataclass(frozen=True, slots=True)
class ListValue:
    """The members of a list fact, each a map from member name to value; ``complete`` unless the caller said otherwise."""

    items: tuple[Mapping[str, Value], ...]
    complete: bool = True


Number: TypeAlias = int | Fraction
Known: TypeAlias = bool | int | Fraction | date | str | Duration | ListValue
Value: TypeAlias = Known | Geen | Unknown
Truth: TypeAlias = bool | Unknown


def unknown_of(values: Iterable[Value]) -> Unknown:
    """One unknown that carries the causes of every unknown among ``values`` (at least one)."""
    found = [v for v in values if isinstance(v, Unknown)]
    if len(found) == 1 and found[0].among is None:
        return found[0]
    return Unknown(frozenset().union(*(u.causes for u in found)))


def simplest(number: Number) -> Number:
    """The same number as an ``int`` where it is whole: faster, and equal in every comparison."""
    return number.numerator if isinstance(number, Fraction) and number.denominator == 1 else number
