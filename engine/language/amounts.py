# SPDX-License-Identifier: EUPL-1.2
"""Amounts typed: each dated series parsed exactly, with the marks of its values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.language.kinds import LiteralError, amount_kind, parse_literal
from engine.language.library import GENERAL, Library
from engine.language.reading import Path
from engine.model import documents as doc
from engine.model.kinds import Base, Kind
from engine.model.problems import Problem
from engine.model.program import Amount, AmountValue
from engine.model.values import Dimension, Value


def amounts_of(library: Library, laws: Iterable[str]) -> tuple[dict[str, Amount], list[Problem]]:
    """The amounts of ``algemeen`` and of the laws that meet in one program."""
    found: dict[str, Amount] = {}
    problems: list[Problem] = []
    for folder in dict.fromkeys((GENERAL, *laws)):
        for entry in library.of(doc.AmountsDoc, folder):
            assert isinstance(entry.document, doc.AmountsDoc)
            for name, decl in entry.document.amounts.items():
                path: Path = ("bedragen", name)
                if name in found:
                    problems.append(
                        entry.source.problem("TS-A01", path, f"Het bedrag `{name}` bestaat al.", "Een bedrag staat op een plaats.")
                    )
                    continue
                try:
                    kind = amount_kind(decl.unit)
                except LiteralError as error:
                    problems.append(entry.source.problem("TS-A02", (*path, "eenheid"), error.cause, error.remedy))
                    continue
                series = []
                for day, value in sorted(decl.values.items()):
                    place: Path = (*path, "waarden", day.isoformat())
                    text = value if isinstance(value, str) else value.value
                    parsed: Value | None = None
                    if text != "onbekend":
                        try:
                            parsed = parse_literal(text, _widened(kind), decl.unit)
                        except LiteralError as error:
                            problems.append(entry.source.problem("TS-A03", place, error.cause, error.remedy))
                    if decl.entered_until is not None and day > decl.entered_until:
                        problems.append(
                            entry.source.problem(
                                "TS-A04",
                                place,
                                f"Deze waarde geldt pas na {decl.entered_until}, tot wanneer de reeks is ingevoerd.",
                                "Zet `ingevoerd tot en met` verder, of laat de waarde weg.",
                            )
                        )
                    status = (value.status if not isinstance(value, str) else None) or decl.status
                    series.append(AmountValue(day, parsed, status, None if isinstance(value, str) else value.note))
                found[name] = Amount(name, folder, kind, decl, tuple(series), entry.source.place(path))
    return found, problems


def _widened(kind: Kind) -> Kind:
    """A duration amount may mix months and days in its text; its kind says in what it counts."""
    return replace(kind, dimension=kind.dimension or Dimension.DAYS) if kind.base is Base.DURATION else kind
