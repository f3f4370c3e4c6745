# SPDX-License-Identifier: EUPL-1.2
"""A decision that a person took, line by line: what every rendering tells of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.rationale.wording import whose

_CHOICES = {
    "gevolgd": "de regels gevolgd",
    "afgeweken": "van de regels afgeweken",
    "lichter middel": "een lichter middel gekozen",
    "anders": "iets anders besloten",
}


def decision_head(found: Mapping[str, Any]) -> str:
    """Who decided what, and when."""
    return f"Besluit van {found['door']} ({found['rol']}) op {found['datum']}: {_CHOICES[found['besluit']]}. {found['optieTekst']}"


def decision_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """In whose words, against which arguments, after hearing whom, and what it means for each child."""
    yield f'In eigen woorden: "{found["eigenWoorden"]}"'
    yield found["bijAdvies"]
    if found["deuren"]:
        yield f"Door de deur: {', '.join(found['deuren'])}."
    for item in found["verworpenArgumenten"]:
        yield f"Verworpen [{item['argument']}]: {item['reden']}"
    for item in found["beantwoordeArgumenten"]:
        yield f"Beantwoord [{item['argument']}]: {item['antwoord']}"
    heard = found["gehoord"]
    yield f"Gehoord op {heard['datum']}." if heard["gehoord"] else f"Niet gehoord: {heard['reden']}"
    for item in found["geraadpleegd"]:
        yield f"Geraadpleegd: {item['wie']} op {item['datum']}." + (f" {item['inbreng']}" if item["inbreng"] else "")
    for item in found["kinderen"]:
        yield f"{_person(item['wie'])}, het belang: {item['belang']} Hoe het is gewogen: {item['gewogen']}"
    for item in found["tenNadeleVan"]:
        yield f"Ten nadele van {_person(item['wie'])}: {item['reden']}"
    for item in found["verschilMetPrecedent"]:
        yield f"Anders dan besluit {item['precedent']}: {item['verschil']}"
    if found["beoogdEffect"]:
        yield "De betrokkene is gevraagd wat hij wil bereiken, en noemde geen effect."
    for item in found["effectNaUitkomst"]:
        yield f'Genoemd na de uitkomst, door {item["persoon"]}: "{item["omschrijving"]}" ({item["gesteldOp"]})'


def _person(whom: str) -> str:
    """`kinderen[0]` as `Kinderen 1`."""
    return whose(whom) or whom.capitalize()
