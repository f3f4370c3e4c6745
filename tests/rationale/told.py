# SPDX-License-Identifier: EUPL-1.2
"""Rationales to render: every example, a rule outcome from elsewhere, and a tiny case in which every part says something."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from engine.passes.assess import Assessment, assess
from engine.rationale.build import rationale
from tests.helpers import DAY, judged
from tests.law import example, example_names, law
from tests.passes.reversed_law import REVERSED, SAID, effect, given, reversed_law, weighed

NEXT = 'teksten: {hoe_verder: "Hoor eerst de betrokkene."}'
BOOK = reversed_law(REVERSED + NEXT)
OWN = {"id": "eigen.grond", "bron": "art. 12 Andere wet", "niveau": "formele wet"}
WANTED = {"persoon": "aanvrager", "leefgebied": "wonen", "omschrijving": "Ik wil hier blijven wonen.", "termijn": "lang", **SAID}
HOUSEHOLD = {"aanvrager": {"geboortedatum": "1990-01-01"}, "kinderen": [{"geboortedatum": "2015-01-01"}, {"geboortedatum": "1999-01-01"}]}
FACTS = {**HOUSEHOLD, "a": False, "b": False, "c": False, "aangenomen": True, "ernstig": judged(False), "leefvorm": "alleen"}
EFFECTS = [
    effect(wie="derden", richting="bevordert", omschrijving="De buren houden rust.", zekerheid="vermoed", naam="de buren", waarde=None),
    effect(omschrijving="Er is niets te eten."),
    effect(wie="kinderen[0]", omschrijving="De school valt weg.", ernst="onomkeerbaar", termijn="lang", optie="eigen.optie"),
]
OPTION = {"id": "eigen.optie", "tekst": "Betaal in drie delen.", "bron": "gesprek", "rol": "consulent", **SAID}
COSTS = [
    {"optie": "opt.regel", "post": "opvang", "aantal": "0.5", "richting": "kost", **SAID},
    {"optie": "opt.elders", "post": "bijstand", "aantal": "1", "richting": "bespaart", **SAID},
    {"optie": "opt.elders", "post": "opvang", "aantal": "0.2", "richting": "kost", **SAID},
    {"optie": "eigen.optie", "post": "bijstand", "aantal": "1", "richting": "bespaart", **SAID},
]
EVIDENCE: list[dict[str, Any]] = [
    {
        "soort": "zelfredzaamheid",
        "instrument": "een matrix",
        "versie": "2020",
        "domein": "FIN",
        "niveau": 2,
        "beoordelaar": "wijkteam",
        "datum": DAY,
    },
    {"soort": "last", "niveau": "micro", "omschrijving": "Er zijn veel schulden.", "bron": "gesprek"},
    {"soort": "kracht", "niveau": "meso", "omschrijving": "Een zus helpt.", "bron": "gesprek", "persoon": "kinderen[0]"},
    {"soort": "loonwaarde", "percentage": "62.5", "rapport": "R-1", "deskundige": "D. de Vries", "datum": DAY},
]
NAMED = {
    "id": "eigen.deur",
    "titel": "Een deur van ons",
    "bron": "art. 13 Andere wet",
    "niveau": "formele wet",
    "heftOp": ["eigen.grond"],
    "reden": "De bepaling laat het toe.",
    "vraag": "Is er een verklaring van de school?",
    "aan": "school",
    "gehoudenDoor": "schoolhoofd",
    "rol": "jurist",
    **SAID,
}
STATED: dict[str, Any] = {
    "beoogdeEffecten": [WANTED, {**WANTED, "omschrijving": "Ik wil rust.", "waarde": "wet.doel", "naUitkomst": True}],
    "effecten": EFFECTS,
    "opties": [OPTION],
    "kosten": COSTS,
    "instrumenten": EVIDENCE,
    "gemeente": "GM0001",
    "precedentVerschillen": [{"precedent": "p1", "verschil": "Toen was er geen kind.", **SAID}],
}


def earlier(number: str, *, granted: bool, ground: str = "wet.1", **facts: Any) -> bytes:
    """An earlier decision, as a line of a register."""
    record = {"id": number, "datum": "2025-03-01", "regeling": "wet", "gronden": [ground], "deur": "wet.deur", "kenmerken": facts}
    return json.dumps(record | {"afgeweken": granted, "motief": f"Zo besloten in {number}."}).encode() + b"\n"


def _weighed(facts: dict[str, Any], **more: Any) -> Assessment:
    return weighed(facts, book=BOOK, **more)


@lru_cache(maxsize=1)
def cases() -> dict[str, dict[str, Any]]:
    """Rationales by name."""
    found = {name: rationale(assess(example(name), law())) for name in example_names()}
    elsewhere = {
        "regeling": "participatiewet",
        "peildatum": "2026-07-15",
        "regeluitkomst": given("pw.15.1", OWN),
        "beoogdeEffecten": [WANTED],
    }
    found["van elders"] = rationale(assess(elsewhere, law()))
    earlier_ones = earlier("p1", granted=False, a=False, leefvorm="samen") + earlier("p2", granted=True, a=False, ernstig=True)
    found["alles"] = rationale(_weighed(FACTS, precedents=earlier_ones, **STATED))
    from_elsewhere = {**STATED, "regeluitkomst": {**given("wet.58", OWN), "datum": "2026-07-01"}, "deuren": [NAMED]}
    found["alles van elders"] = rationale(_weighed(HOUSEHOLD, **from_elsewhere))
    found["maatwerk van elders"] = rationale(_weighed({"aangenomen": False}, regeluitkomst=given("wet.5"), opties=[OPTION]))
    found["onbekend"] = rationale(_weighed({"kinderen": {"volledig": False, "items": [{}]}}))
    found["gewoon toekennen"] = rationale(_weighed({"a": True, "b": False, "c": False, "leefvorm": "samen"}))
    return found
