# SPDX-License-Identifier: EUPL-1.2
"""Kinds: what a fact, an amount or an expression can hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from engine.model.values import Dimension


class Base(StrEnum):
    """The kinds of the rule language, by the name that policy staff write."""

    BOOL = "ja/nee"
    INT = "geheel getal"
    NUMBER = "getal"
    PERCENTAGE = "percentage"
    MONEY = "bedrag"
    DATE = "datum"
    DURATION = "duur"
    CHOICE = "keuze"
    TEXT = "tekst"
    GROUP = "groep"
    LIST = "lijst"


PERIODS = ("maand", "jaar", "week", "dag", "eenmalig")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind with what belongs to it: the period of money, the choices, the group, the dimension of a duration.

    ``optional`` says that ``geen`` is a possible value.
    """

    base: Base
    per: str | None = None
    choices: tuple[str, ...] = ()
    group: str | None = None
    dimension: Dimension | None = None
    optional: bool = False

    @property
    def numeric(self) -> bool:
        """A bare number: whole, with a fraction, or a percentage."""
        return self.base in NUMERIC

    def required(self) -> Kind:
        """The same kind without ``geen``."""
        return replace(self, optional=False) if self.optional else self

    def __str__(self) -> str:
        text = self.base.value
        if self.base is Base.MONEY and self.per:
            text += f" per {self.per}" if self.per != "eenmalig" else " (eenmalig)"
        elif self.base is Base.DURATION and self.dimension:
            text += f" in {self.dimension}"
        elif self.base is Base.GROUP:
            text = str(self.group)
        elif self.base is Base.LIST:
            text = f"lijst van {self.group}"
        return text


NUMERIC = frozenset({Base.INT, Base.NUMBER, Base.PERCENTAGE})
BOOL = Kind(Base.BOOL)
INT = Kind(Base.INT)
NUMBER = Kind(Base.NUMBER)
PERCENTAGE = Kind(Base.PERCENTAGE)
DATE = Kind(Base.DATE)
TEXT = Kind(Base.TEXT)


def money(per: str | None) -> Kind:
    """Money in eurocents per ``per``."""
    return Kind(Base.MONEY, per=per)


def duration(dimension: Dimension) -> Kind:
    """A duration counted in ``dimension``."""
    return Kind(Base.DURATION, dimension=dimension)
