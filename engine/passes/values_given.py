# SPDX-License-Identifier: EUPL-1.2
"""One value of a claim: of the kind that its fact has, within its bounds, and possible on the day of the claim."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from engine.language.kinds import LiteralError, parse_date, parse_literal
from engine.model.kinds import Base
from engine.model.program import Fact
from engine.model.values import GEEN, Value
from engine.passes.mistakes import NULL, Intake

FIRST_DAY = date(1850, 1, 1)
LAST_DAY = date(2200, 1, 1)
MAX_TEXT = 2_000
MAX_VALUE = 100
OLDEST = 130

CONTROL = ("Deze tekst bevat een teken dat niet te bewaren of te zien is.", "Verwijder stuurtekens en halve tekens.")


def text_of(details: Mapping[str, Any], key: str, pointer: str, intake: Intake) -> str | None:
    """A text that stands beside a value under a key; None where it is not there or refused."""
    text = details.get(key)
    if text is None:
        return None
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        intake.refuse("TS-Z14", f"{pointer}/{key}", f"`{key}` is een tekst van hoogstens {MAX_TEXT} tekens.", "")
        return None
    if unprintable(text):
        intake.refuse("TS-Z14", f"{pointer}/{key}", *CONTROL)
        return None
    return text


def unprintable(text: str) -> bool:
    """A lone surrogate cannot be stored; a control sign other than a line end or a tab cannot be seen."""
    return re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", text) is not None


def day_of(details: Mapping[str, Any], pointer: str, intake: Intake) -> date | None:
    """The date that stands beside a value; None where it is not there or refused."""
    text = details.get("datum")
    if text is None:
        return None
    if not isinstance(text, str):
        intake.refuse("TS-Z08", f"{pointer}/datum", "`datum` is geen datum.", "Schrijf jaar-maand-dag: 2026-07-01.")
        return None
    try:
        return parse_date(text)
    except LiteralError as error:
        intake.refuse("TS-Z08", f"{pointer}/datum", error.cause, error.remedy)
        return None


def value_of(fact: Fact, raw: Any, pointer: str, intake: Intake) -> Value | None:
    """A value as the kind of its fact, possible in this claim; None where it is refused."""
    kind = fact.kind
    if raw is None:
        intake.refuse("TS-Z03", pointer, *NULL)
        return None
    if isinstance(raw, bool):
        if kind.base is Base.BOOL:
            return raw
        intake.refuse("TS-Z20", pointer, f"Hier past een {kind}, niet waar of onwaar.", "")
        return None
    if isinstance(raw, float):
        raw = Decimal(repr(raw))
    if isinstance(raw, int | Decimal):
        raw = _plain(raw)
        if not (kind.numeric or kind.base in (Base.MONEY, Base.DURATION)):
            intake.refuse("TS-Z20", pointer, f"Hier past een {kind}, geen getal.", "")
            return None
        if kind.base is Base.PERCENTAGE:
            intake.refuse("TS-Z20", pointer, "Een percentage is een tekst met %.", 'Schrijf bijvoorbeeld "40%".')
            return None
    if not isinstance(raw, str):
        intake.refuse("TS-Z20", pointer, f"Hier past een {kind}.", "")
        return None
    if kind.base is Base.TEXT and len(raw) > MAX_TEXT:
        intake.refuse("TS-Z14", pointer, f"Deze tekst is langer dan {MAX_TEXT} tekens.", "")
        return None
    if kind.base is Base.TEXT and unprintable(raw):
        intake.refuse("TS-Z14", pointer, *CONTROL)
        return None
    if kind.base is not Base.TEXT and len(raw) > MAX_VALUE:
        intake.refuse("TS-Z20", pointer, f"Hier past een {kind}, geen tekst van {len(raw)} tekens.", "")
        return None
    try:
        value = parse_literal(raw, kind)
    except LiteralError as error:
        remedy = "Geef een waarde, of laat het gegeven weg als het niet bekend is." if raw == "geen" else error.remedy
        intake.refuse("TS-Z20", pointer, error.cause, remedy)
        return None
    return value if _possible(fact, value, pointer, intake) else None


def _plain(number: int | Decimal) -> str:
    """A number as text without an exponent; too large a number comes out too long to parse and is refused."""
    if isinstance(number, int):
        return str(number) if abs(number) < 10**18 else "te groot"
    if not number.is_finite() or not -12 < number.adjusted() < 18 or -number.as_tuple().exponent > 20:  # type: ignore[operator]
        return "te groot of te precies"
    return format(number.normalize(), "f")


def _possible(fact: Fact, value: Value, pointer: str, intake: Intake) -> bool:
    """Values that cannot be: a day that has not come yet, a number out of bounds, a negative amount where none is foreseen."""
    if value is GEEN or isinstance(value, bool):
        return True
    if isinstance(value, date):
        if not FIRST_DAY <= value <= LAST_DAY:
            intake.refuse("TS-Z21", pointer, f"{value} ligt buiten {FIRST_DAY.year}-{LAST_DAY.year}.", "Controleer het jaar.")
            return False
        if fact.past and value > intake.day:
            after = "vandaag" if intake.today else f"de peildatum {intake.day}"
            intake.refuse("TS-Z21", pointer, f"{value} ligt na {after}, en dat kan hier niet.", "Controleer de datum.")
            return False
        if fact.past and intake.day.year - value.year > OLDEST:
            before = "vandaag" if intake.today else "de peildatum"
            intake.refuse("TS-Z21", pointer, f"{value} ligt meer dan {OLDEST} jaar voor {before}.", "Controleer het jaar.")
            return False
    return _within_bounds(fact, value, pointer, intake)


def _within_bounds(fact: Fact, value: Value, pointer: str, intake: Intake) -> bool:
    low = fact.minimum if fact.path in intake.program.decisions else fact.lowest
    word = None
    if isinstance(value, date):
        if isinstance(low, date) and value < low:
            word, limit = "eerder dan", low.isoformat()
        elif isinstance(fact.maximum, date) and value > fact.maximum:
            word, limit = "later dan", fact.maximum.isoformat()
    elif isinstance(value, int | Fraction):
        if isinstance(low, int | Fraction) and value < low:
            word, limit = "lager dan", _limit(low, fact)
        elif isinstance(fact.maximum, int | Fraction) and value > fact.maximum:
            word, limit = "hoger dan", _limit(fact.maximum, fact)
    if word is not None:
        intake.refuse("TS-Z21", pointer, f"Deze waarde is {word} {limit}, en dat kan hier niet.", "Controleer de waarde.")
    return word is None


def _limit(limit: int | Fraction, fact: Fact) -> str:
    if fact.kind.base is Base.MONEY:
        return _euro(limit)
    return f"{_decimal(limit * 100)}%" if fact.kind.base is Base.PERCENTAGE else _decimal(limit)


def _decimal(number: int | Fraction) -> str:
    return format(Decimal(number.numerator) / Decimal(number.denominator), "f")


def _euro(cents: int | Fraction) -> str:
    return f"{Decimal(int(cents)) / 100:.2f}"
