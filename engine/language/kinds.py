# SPDX-License-Identifier: EUPL-1.2
"""Kinds and literals as text: `lijst van huisgenoot`, `EUR per maand`, `1419.46`, `66 jaar + 10 maanden`."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from fractions import Fraction

from engine.language.fits import UNITS, dimension_of
from engine.model import documents as doc
from engine.model.kinds import PERIODS, Base, Kind, duration, money
from engine.model.problems import meant, nearest
from engine.model.values import GEEN, Dimension, Duration, Value, simplest


class LiteralError(Exception):
    """A text that is no value of its kind; ``cause`` and ``remedy`` in Dutch."""

    def __init__(self, cause: str, remedy: str = "") -> None:
        super().__init__(cause)
        self.cause, self.remedy = cause, remedy


_PLAIN = {base.value: base for base in (Base.BOOL, Base.INT, Base.NUMBER, Base.PERCENTAGE, Base.DATE, Base.TEXT)}


def fact_kind(decl: doc.FactDecl, groups: Collection[str]) -> Kind:
    """The kind that a declaration of a fact describes. Raises :class:`LiteralError`."""
    text = decl.kind
    optional = decl.may_lack
    if decl.choices and text != "keuze":
        raise LiteralError("`keuzes` past alleen bij `soort: keuze`.", "Laat `keuzes` weg of maak er een keuze van.")
    if decl.per and text != "bedrag":
        raise LiteralError("`per` past alleen bij `soort: bedrag`.", "Laat `per` weg.")
    if decl.unit and text != "duur":
        raise LiteralError("`eenheid` past alleen bij `soort: duur`.", "Laat `eenheid` weg.")
    if text in _PLAIN:
        return Kind(_PLAIN[text], optional=optional)
    if text == "keuze":
        if len(decl.choices) < 2:
            raise LiteralError("Een keuze heeft ten minste twee `keuzes` nodig.", "Voeg toe: `keuzes: [a, b]`.")
        return Kind(Base.CHOICE, choices=decl.choices, optional=optional)
    if text == "bedrag":
        if not decl.per:
            raise LiteralError("Een bedrag heeft een tijdvak nodig.", f"Voeg toe: `per: {'|'.join(PERIODS)}`.")
        return Kind(Base.MONEY, per=decl.per, optional=optional)
    if text == "duur":
        if not decl.unit:
            raise LiteralError("Een duur heeft een eenheid nodig.", "Voeg toe: `eenheid: dagen|maanden|werkdagen`.")
        return Kind(Base.DURATION, dimension=Dimension(decl.unit), optional=optional)
    if text.startswith("lijst van "):
        group = text.removeprefix("lijst van ")
        if group in groups:
            return Kind(Base.LIST, group=group, optional=optional)
    elif text in groups:
        return Kind(Base.GROUP, group=text, optional=optional)
    known = [*_PLAIN, "keuze", "bedrag", "duur", *groups, *(f"lijst van {group}" for group in groups)]
    raise LiteralError(f"`{text}` is geen soort.", nearest(text, known))


_UNIT = re.compile(r"EUR(?: per (maand|jaar|week|dag))?")


def amount_kind(unit: str) -> Kind:
    """The kind of an amount by its ``eenheid`` or of an open term by its ``soort``: `EUR per maand`, `percentage`, `weken`..."""
    if match := _UNIT.fullmatch(unit):
        return money(match[1] or "eenmalig")
    if unit in UNITS:
        return duration(dimension_of(UNITS[unit]))
    simple = {"percentage": Base.PERCENTAGE, "getal": Base.NUMBER, "geheel getal": Base.INT, "ja/nee": Base.BOOL}
    if unit in simple:
        return Kind(simple[unit])
    raise LiteralError(
        f"`{unit}` is geen eenheid.",
        "Kies uit: EUR, EUR per maand, EUR per jaar, percentage, getal, geheel getal, dagen, weken, maanden, jaar.",
    )


_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")


def parse_number(text: str) -> Fraction | int:
    """An exact number written with a point. Raises :class:`LiteralError`."""
    if not _NUMBER.fullmatch(text):
        if re.fullmatch(r"-?[\d.]*,\d+", text):
            raise LiteralError(
                f"`{text}` heeft een komma.", f"Schrijf een punt en geen duizendtallen: {text.replace('.', '').replace(',', '.')}."
            )
        if re.fullmatch(r"-?\d{1,3}(\.\d{3})+", text):
            raise LiteralError(f"`{text}` heeft punten voor duizendtallen.", f"Schrijf {text.replace('.', '')}.")
        raise LiteralError(
            f"`{text}` is geen getal.", "Schrijf cijfers met een punt voor de decimalen, hoogstens 15 voor en 10 achter de punt."
        )
    return simplest(Fraction(Decimal(text)))


def parse_literal(text: str, kind: Kind, unit: str | None = None) -> Value:
    """A text as a value of a kind (money in cents). ``unit`` is the unit word of a duration. Raises :class:`LiteralError`."""
    if text == "geen":
        if kind.optional:
            return GEEN
        raise LiteralError("`geen` kan hier niet.", "Zet `mag ontbreken: ja` bij het gegeven, of geef een waarde.")
    match kind.base:
        case Base.BOOL:
            if text not in ("ja", "nee"):
                raise LiteralError(f"`{text}` is geen ja of nee.", "Schrijf `ja` of `nee`.")
            return text == "ja"
        case Base.INT:
            number = parse_number(text)
            if not isinstance(number, int):
                raise LiteralError(f"`{text}` is geen geheel getal.", "Laat de decimalen weg.")
            return number
        case Base.NUMBER:
            return parse_number(text)
        case Base.PERCENTAGE:
            if re.search(r"\s%$", text):
                raise LiteralError(
                    f"Tussen het getal en `%` staat een spatie: `{text}`.", f"Schrijf het aan elkaar: {text.replace(' ', '')}."
                )
            if not text.endswith("%"):
                raise LiteralError(f"`{text}` is geen percentage.", "Schrijf bijvoorbeeld 40%.")
            return simplest(Fraction(parse_number(text[:-1])) / 100)
        case Base.MONEY:
            cents = simplest(Fraction(parse_number(text)) * 100)
            if not isinstance(cents, int):
                raise LiteralError(f"`{text}` heeft meer dan twee decimalen.", "Een bedrag gaat tot op de cent.")
            return cents
        case Base.DATE:
            return parse_date(text)
        case Base.DURATION:
            return _parse_duration(text, unit, kind)
        case Base.CHOICE:
            if text not in kind.choices:
                raise LiteralError(f"`{text}` is geen keuze.", nearest(text, kind.choices))
            return text
        case Base.TEXT:
            return text
    raise LiteralError(f"Hier past een {kind}, geen losse waarde.", "")


def parse_date(text: str) -> date:
    """A date as year-month-day. Raises :class:`LiteralError`."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise LiteralError(f"`{text}` is geen datum.", "Schrijf jaar-maand-dag: 2026-07-01.")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise LiteralError(f"{text} bestaat niet op de kalender.", "Controleer maand en dag.") from None


def _parse_duration(text: str, unit: str | None, kind: Kind) -> Duration:
    total = Duration()
    default = {Dimension.DAYS: "dagen", Dimension.MONTHS: "maanden", Dimension.WORKDAYS: "werkdagen"}[kind.dimension or Dimension.DAYS]
    for part in text.split("+"):
        words = part.split()
        if not words or not re.fullmatch("[0-9]{1,6}", words[0]) or len(words) > 2:
            raise LiteralError(f"`{text}` is geen duur.", "Schrijf een geheel getal, of bijvoorbeeld `66 jaar + 10 maanden`.")
        word = words[1] if len(words) == 2 else (unit or default)
        if word not in UNITS:
            raise LiteralError(f"`{word}` is geen eenheid van een duur.", meant(word, UNITS))
        count, one = int(words[0]), UNITS[word]
        if kind.dimension is not Dimension.MIXED and dimension_of(one) is not kind.dimension:
            raise LiteralError(f"`{text}` is geen duur in {kind.dimension}.", f"Schrijf het in {kind.dimension}.")
        total += Duration(one.months * count, one.days * count, one.workdays * count)
    return total
