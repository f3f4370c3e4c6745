# SPDX-License-Identifier: EUPL-1.2
"""Phrases that the renderings share: names of persons, stated effects, evidence, costs, who to ask, what a decision holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from engine.rationale.values import euro, iso_day
from engine.rationale.wording import how_many, whose

WHO: Mapping[str, str] = {
    "register": "een register",
    "document": "een document",
    "aanvrager": "de aanvrager",
    "professional": "een professional",
}
CORNERS: Mapping[str, str] = {
    "rechtmatig": "rechtmatig (wat de wet vraagt)",
    "betrokken": "betrokken (wat het met mensen doet)",
    "rendement": "rendement (wat het oplevert en kost)",
}
"""The corners of the value triangle, each with what it asks."""


class People:
    """The persons of a rationale by their names, minors first."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._names = {person["wie"]: person["getoond"] for person in data["personen"]}
        self.minors = [person["getoond"] for person in data["personen"] if person["minderjarig"] != "onwaar"]

    def name(self, whom: str) -> str:
        """A person, group or third party as people say it."""
        return self._names.get(whom) or whose(whom).lower() or whom.replace("_", " ")

    def in_order(self, effects: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
        """The stated effects by person: the household first and its minors before all, then the others as they were named."""
        found: dict[str, list[Mapping[str, Any]]] = {whom: [] for whom in self._names}
        for effect in effects:
            found.setdefault(effect["wie"], []).append(effect)
        return [(self.name(whom), items) for whom, items in found.items() if items]


def effect_words(effect: Mapping[str, Any]) -> str:
    """A stated effect with how grave and how certain, by whom and from where."""
    name = f"{effect['naam']}: " if effect["naam"] else ""
    return (
        f"{name}{effect['richting']}, {effect['ernst']}, {effect['zekerheid']}, op {effect['termijn']}e termijn: "
        f"“{effect['omschrijving']}” Bron: {effect['bron']}. Gesteld door {effect['gesteldDoor']} op {iso_day(effect['gesteldOp'])}."
    )


def evidence_words(item: Mapping[str, Any], people: People) -> str:
    """A level, a load or strength, or a wage value, with who gave it."""
    who = people.name(item["persoon"])
    if item["soort"] == "zelfredzaamheid":
        return (
            f"Zelfredzaamheid van {who}: {item['instrument']} (versie {item['versie']}), domein {item['domein']}, niveau "
            f"{item['niveau']} van 5, door {item['beoordelaar']} op {iso_day(item['datum'])}."
        )
    if item["soort"] == "loonwaarde":
        percentage = item["percentage"].replace(".", ",")
        return f"Loonwaarde van {who}: {percentage}%, rapport {item['rapport']} van {item['deskundige']}, {iso_day(item['datum'])}."
    return f"{item['soort'].capitalize()} van {who} ({item['niveau']}): “{item['omschrijving']}” Bron: {item['bron']}."


def cost_words(interval: Mapping[str, Any]) -> str:
    """Costs between two bounds; below nothing it is a saving."""
    low, high = (int(Fraction(interval[key]) * 100) for key in ("laag", "hoog"))
    if low < 0 and high <= 0:
        return f"bespaart {_between(-high, -low)}"
    return f"kost {_between(low, high)}" if low >= 0 else f"van {euro(-low)} besparing tot {euro(high)} kosten"


def _between(low: int, high: int) -> str:
    return euro(low) if low == high else f"{euro(low)} tot {euro(high)}"


def cost_line_words(line: Mapping[str, Any]) -> str:
    """One price item of an option: how many, of what year, by whom paid, by whom stated."""
    region = f", {line['regio']}" if line["regio"] else ""
    caution = f" Let op: {line['letOp']}" if line["letOp"] else ""
    return (
        f"{line['omschrijving']}, {line['aantal'].replace('.', ',')} maal ({line['eenheid']}, prijzen van {line['jaar']}{region}): "
        f"{cost_words(line)}, betaald door {line['betaler']}. Bron: {line['bron']} ({line['status']}). "
        f"Gesteld door {line['gesteldDoor']} op {iso_day(line['gesteldOp'])}.{caution}"
    )


def stars_words(stars: Mapping[str, Any]) -> str:
    """How much an ordinance says that a value counts, with its article."""
    return f"{how_many(stars['aantal'], 'ster', 'sterren')} van 3 volgens {stars['verordening']}, {stars['bron']}"


def named_words(named: Mapping[str, Any]) -> str:
    """Who named a door that is not in rules, why, and what would show whether it stands open."""
    reason = f": “{named['reden']}”" if named["reden"] else "."
    asked = f" Wat zou laten zien of de deur open is: “{named['vraag']}”" if named["vraag"] else ""
    of = f" Te vragen aan: {named['aan']}." if named["aan"] else ""
    return f"Genoemd door {named['door']} ({named['rol']}) op {iso_day(named['datum'])}{reason}{asked}{of}"


def proof_words(proof: Mapping[str, Any]) -> str:
    """Who must show what, and what comes then."""
    what = f" ({proof['wat']})" if proof["wat"] else ""
    return f"Wie moet iets laten zien: {proof['wie']}{what}." + (f" Daarna: {proof['daarna']}." if proof["daarna"] else "")


def filling_words(filling: Mapping[str, Any]) -> str:
    """Who filled in a term, and where: `GM0000: Verordening ..., art. 20 (verordening, CVDR123456/1, vanaf 2020-01-01)`."""
    article = f", {filling['bron']}" if filling["bron"] else ""
    number = f", {filling['cvdr']}" if filling["cvdr"] else ""
    return f"{filling['gemeente']}: {filling['titel']}{article} ({filling['rang']}{number}, vanaf {filling['geldigVanaf']})"


def cited(source: Mapping[str, Any]) -> str:
    """A source with the name of its law."""
    law = source["regeling"]
    return f"{source['tekst']}, {law}" if law and law not in source["tekst"] else str(source["tekst"])


def decided(data: Mapping[str, Any]) -> bool:
    """Whether the rules give one outcome."""
    return list(data["mogelijkeUitkomsten"]) == [data["uitkomst"]]


def present(entries: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What a rule uses; of a person who is not there only that."""
    found = list(entries)
    absent = tuple(f"{entry['naam']}." for entry in found if entry["waarde"] == "geen")
    return [entry for entry in found if not entry["naam"].startswith(absent)]


def result_words(result: str) -> str:
    """A result or advice as words: `afwijken_onderbouwd` is `afwijken onderbouwd`."""
    return result.replace("_", " ")


def decision_fields(data: Mapping[str, Any]) -> list[str]:
    """What the record of a decision holds, to be filled in by a person; the engine fills in nothing."""
    roles = dict.fromkeys(role.replace("_", " ") for door in data["deuren"] if door["stand"] == "open" for role in door["bevoegd"])
    authority = f" (bevoegd voor een open deur: {', '.join(roles)})" if roles else ""
    return [
        "Besluit, in eigen woorden",
        f"Naam en rol{authority}",
        "Als het besluit anders is dan het advies, de reden",
        "Argumenten die niet zijn gevolgd, met de reden",
        *(f"Hoe het belang van {name} is gewogen" for name in People(data).minors),
        "Gehoord (wie, en op welke dag)",
        "Dag van het besluit, termijn en dag van evaluatie",
    ]
