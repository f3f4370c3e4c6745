# SPDX-License-Identifier: EUPL-1.2
"""Price items, and the stars that an ordinance gives to values: what an argument may rest on and what no switch reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.language.library import Entry, Library
from engine.language.reading import Path
from engine.model import documents as doc
from engine.model.problems import Problem, meant


@dataclass(frozen=True, slots=True)
class PriceItem:
    """What one ``decl.unit`` of something costs: between ``low`` and ``high``, in eurocents, at the prices of ``decl.year``.

    ``municipality`` is the one that entered it; None where it comes with the law.
    """

    id: str
    low: int
    high: int
    decl: doc.CostDecl
    municipality: str | None = None


@dataclass(frozen=True, slots=True)
class Stars:
    """How much an ordinance says that a value weighs."""

    value: str
    count: int
    source: str
    title: str
    valid_from: date


def price_items(library: Library) -> tuple[dict[str, dict[str, PriceItem]], list[Problem]]:
    """The price items by municipality (``""`` for those that come with the law), and every id that stands twice."""
    found: dict[str, dict[str, PriceItem]] = {"": {}}
    problems: list[Problem] = []
    for entry in library.of(doc.CostsDoc):
        assert isinstance(entry.document, doc.CostsDoc)
        _add(found[""], entry.document.items, None, entry, ("posten",), problems)
    for entry in library.of(doc.MunicipalityDoc):
        assert isinstance(entry.document, doc.MunicipalityDoc)
        code = entry.document.municipality
        _add(found.setdefault(code, {}), entry.document.costs, code, entry, ("kosten",), problems)
    return found, problems


def _add(
    items: dict[str, PriceItem],
    written: Mapping[str, doc.CostDecl],
    municipality: str | None,
    entry: Entry,
    path: Path,
    problems: list[Problem],
) -> None:
    for name, decl in written.items():
        if name in items:
            problems.append(
                entry.source.problem("TS-R05", (*path, name), f"De post `{name}` bestaat al.", "Geef deze post een eigen naam.")
            )
        items[name] = PriceItem(name, int(Decimal(decl.low) * 100), int(Decimal(decl.high) * 100), decl, municipality)


def stars_of(library: Library, values: Iterable[str]) -> tuple[dict[str, tuple[Stars, ...]], list[Problem]]:
    """The stars by municipality; refused where the value does not exist or the document is no ordinance."""
    known = frozenset(values)
    found: dict[str, tuple[Stars, ...]] = {}
    problems: list[Problem] = []
    for entry in library.of(doc.MunicipalityDoc):
        document = entry.document
        assert isinstance(document, doc.MunicipalityDoc)
        for value, decl in document.stars.items():
            path: Path = ("sterren", value)
            if document.rank != "verordening":
                problems.append(
                    entry.source.problem(
                        "TS-R06",
                        path,
                        f"Sterren komen alleen uit een verordening; dit document is een {document.rank}.",
                        "Laat ze weg: de gemeenteraad stelt vast hoe zwaar een waarde telt.",
                    )
                )
            elif value not in known:
                problems.append(entry.source.problem("TS-R06", path, f"`{value}` is geen waarde van een wet.", meant(value, known)))
            else:
                star = Stars(value, int(decl.count), decl.source, document.title, document.valid_from)
                found[document.municipality] = (*found.get(document.municipality, ()), star)
    return found, problems
