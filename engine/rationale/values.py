# SPDX-License-Identifier: EUPL-1.2
"""Values as people read them (`€ 1.419,46`, `28 dagen`, `15 juli 2026`) and as machines do (`"1419.46"`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from engine.model.kinds import Base, Kind
from engine.model.values import GEEN, Duration, Geen, ListValue, Unknown, Value
from engine.rationale.wording import how_many

MONTHS = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december")
UNKNOWN = "niet bekend"
_DIGITS = 6


def plain(value: Value, kind: Kind) -> Any:
    """A value as JSON carries it: true/false, text for everything exact, ``None`` for unknown.

    Money is euros with a point; a fraction of a cent shows up to six decimals (rounding belongs to the rules).
    """
    if value is True or value is False:  # by far the most
        return value
    if isinstance(value, Unknown):
        return None
    if value is GEEN:
        return "geen"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Duration):
        return _duration(value)
    if isinstance(value, ListValue):
        return len(value.items)
    if isinstance(value, str):
        return value
    assert isinstance(value, int | Fraction)
    if kind.base is Base.MONEY:
        if isinstance(value, int):
            whole, rest = divmod(abs(value), 100)
            return f"{'-' if value < 0 else ''}{whole}.{rest:02d}"
        return _decimal(value / 100, least=2)
    if kind.base is Base.PERCENTAGE:
        return _decimal(Fraction(value) * 100) + "%"
    return int(value) if kind.base is Base.INT and isinstance(value, int) else _decimal(Fraction(value))


def _decimal(number: Fraction, least: int = 0) -> str:
    """A fraction as decimals: exact where it ends within six digits, otherwise rounded half up to six."""
    scale = 10**_DIGITS
    sign = "-" if number < 0 else ""
    scaled = (abs(number) * scale + Fraction(1, 2)).__floor__()
    whole, rest = divmod(scaled, scale)
    digits = f"{rest:0{_DIGITS}d}".rstrip("0").ljust(least, "0")
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def show(value: Value, kind: Kind) -> str:
    """A value as a person reads it in Dutch."""
    if value is True or value is False:
        return "nee" if value is False else "ja, die is er" if kind.base is Base.GROUP else "ja"
    if isinstance(value, Unknown):
        return UNKNOWN if value.among is None else f"{UNKNOWN}, wel een van: {_possible(value.among)}"
    if value is GEEN:
        return "geen"
    if isinstance(value, date):
        return show_date(value)
    if isinstance(value, ListValue):
        return "een lege lijst" if not value.items else f"{len(value.items)} opgegeven" + ("" if value.complete else " (niet volledig)")
    if isinstance(value, str):
        return value.replace("_", " ")
    if kind.base is Base.MONEY and isinstance(value, int | Fraction):
        return euro(value)
    text = str(plain(value, kind))
    return text.replace(".", ",") if kind.base in (Base.NUMBER, Base.PERCENTAGE) else text


def _possible(among: Iterable[str | Geen]) -> str:
    """The choices that are still possible, in the order of the alphabet."""
    return ", ".join(sorted("geen" if value is GEEN else str(value).replace("_", " ") for value in among))


def euro(cents: int | Fraction) -> str:
    """Eurocents as `€ 1.419,46`, rounded half up to the cent where a fraction of one is left."""
    rounded = abs(cents) if isinstance(cents, int) else (abs(cents) + Fraction(1, 2)).__floor__()
    whole, rest = divmod(rounded, 100)
    grouped = f"{whole:,}".replace(",", ".")
    return f"{'-' if cents < 0 else ''}€ {grouped},{rest:02d}"


def show_date(day: date) -> str:
    """`15 juli 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def iso_day(text: str | None) -> str:
    """`2026-07-15` as `15 juli 2026`; empty where there is no day."""
    return show_date(date.fromisoformat(text)) if text else ""


def _duration(value: Duration) -> str:
    parts = []
    years, months = divmod(value.months, 12)
    for count, one, many in (
        (years, "jaar", "jaar"),
        (months, "maand", "maanden"),
        (value.days, "dag", "dagen"),
        (value.workdays, "werkdag", "werkdagen"),
    ):
        if count:
            parts.append(how_many(count, one, many))
    return " en ".join(parts) or "0 dagen"


def as_decimal(cents: int) -> Decimal:
    """Cents as euros, for callers that compute on."""
    return Decimal(cents) / 100
