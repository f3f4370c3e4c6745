# SPDX-License-Identifier: EUPL-1.2
"""A tiny law with a reversed test of its own, and claims on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.passes.assess import Assessment, assess
from engine.passes.precedents import laid_together, read_precedents
from engine.rulebook import Rulebook, load_files
from tests.helpers import CLAIM, DAY, law, ruleset

RULES = """
- {id: wet.1, bron: art. 1, bepaalt: past, rol: voorwaarde, als: a}
- {id: wet.2, bron: art. 2, bepaalt: uitgesloten, rol: weigeringsgrond, als: b}
- {id: wet.3, bron: art. 3, bepaalt: te_laat, rol: weigeringsgrond, niveau: beleidsregel, als: c}
- {id: wet.4, bron: art. 4, bepaalt: samenwonend, als: leefvorm is samen}
- id: wet.5
  bron: art. 5
  bepaalt: norm
  tabel:
    - {als: samenwonend, dan: 700}
    - {dan: 1000}
"""
REVERSED = """
waarden:
  - {id: wet.vangnet, soort: vloer, bron: art. 1, tekst: "Niemand zakt door de bodem."}
  - {id: wet.doel, soort: doel, bron: art. 1, tekst: "Meedoen."}
gronden:
  - {id: wet.58, titel: Terugvordering, bron: art. 58, soort: terugvorderen}
  - {id: wet.beleid, titel: Beleid, bron: art. 9, soort: weigeren, niveau: beleidsregel}
aanleidingen:
  - {id: t1, bron: art. 1, als: belastende_uitkomst, tekst: "De uitkomst is nadelig."}
  - {id: t3, bron: art. 1, als: vloer_geraakt, tekst: "Een vloer is geraakt."}
  - {id: t6, bron: art. 1, als: belastende_uitkomst en alleen_lagere_regel, tekst: "Alleen beleid staat in de weg."}
deuren:
  - id: wet.deur
    titel: Hardheid
    bron: art. 6
    soort: hardheid
    niveau: formele wet
    geldig vanaf: 2020-01-01
    opent voor: [wet.1, wet.2, wet.58]
    als: aangenomen
  - id: wet.maat
    titel: Maatwerk
    bron: art. 7
    soort: hardheid
    niveau: formele wet
    geldig vanaf: 2020-01-01
    stemt af: [norm]
    als: aangenomen
toetsen:
  - {id: geschikt, soort: evenredigheid, gegeven: ernstig, bron: art. 1, vraag: "Geschikt?"}
opties:
  - {id: opt.regel, soort: regeluitkomst, bron: art. 1, tekst: "De regel volgen."}
  - {id: opt.elders, soort: andere voorziening, bron: art. 1, tekst: "Verwijzen."}
argumenten:
  - {id: arg.regel, richting: voor, optie: regeluitkomst, als: belastende_uitkomst, tekst: "Zo is het.", bron: art. 1, hoek: rechtmatig}
  - {id: arg.ernst, richting: tegen, optie: regeluitkomst, als: ernstig_gevolg, tekst: "Het is ernstig.", bron: art. 1, hoek: betrokken}
intensiteit:
  - {uitkomst: indringend, als: vloer_geraakt of ernstig_gevolg, bron: art. 1, tekst: "Weeg indringend."}
  - {uitkomst: gewoon, als: belastende_uitkomst, bron: art. 1, tekst: "Weeg gewoon."}
  - {uitkomst: terughoudend, bron: art. 1, tekst: "Weeg terughoudend."}
vergelijken op: [a, leefvorm, ernstig]
advies:
  - {uitkomst: regel_volgen, als: niet aanleiding_gezien, tekst: "Geen reden."}
  - uitkomst: afwijken_onderbouwd
    als: deur_voor_elke_grond en onevenredig en niet precedent_botst en niet ten_nadele
    tekst: "Afwijken kan."
  - {uitkomst: regel_volgen, als: evenredig, tekst: "In evenwicht."}
  - {uitkomst: deur_ontbreekt, als: onevenredig en deuren_bekend en niet deur_mogelijk_voor_elke_grond, tekst: "Geen deur."}
  - {uitkomst: professional_beslist, tekst: "Een mens weegt."}
"""
COSTS = """
posten:
  opvang: {omschrijving: Opvang, eenheid: per jaar, laag: 15000, hoog: 70000, jaar: 2025, betaler: gemeente, bron: onderzoek}
  bijstand: {omschrijving: Bijstand, eenheid: per jaar, laag: 14000, hoog: 14500.50, jaar: 2026, betaler: rijk, bron: begroting}
"""
LADDER = "- afwijzen: blokkerende_grond\n- toekennen: anders"
ORDINANCE = """
gemeente: GM0001
rang: verordening
citeertitel: Verordening
geldig vanaf: 2021-01-01
sterren:
  wet.vangnet: {aantal: 3, bron: art. 2}
kosten:
  opvang: {omschrijving: Opvang hier, eenheid: per jaar, laag: 20000, hoog: 30000, jaar: 2026, betaler: gemeente, bron: begroting}
"""


def reversed_law(reversed_test: str = REVERSED, rules: str = RULES, **files: str) -> Rulebook:
    """The tiny law with its reversed test; ``files`` by path replace or add."""
    found = law(rules, ladder=LADDER, burdening="afwijzen")
    extra: Mapping[str, str] = {
        "wet/omgekeerde_toets.yaml": reversed_test,
        "wet/kosten.yaml": COSTS,
        "gemeenten/GM0001/verordening.yaml": ORDINANCE,
    }
    return load_files({**found, **extra, **files})


BOOK = reversed_law()
SAID = {"gesteldDoor": "j.jansen", "gesteldOp": "2026-07-01"}


def given(*grounds: Any, result: str = "afwijzen", burdening: bool = True) -> dict[str, Any]:
    """A rule outcome from elsewhere."""
    return {"uitkomst": result, "belastend": burdening, "gronden": list(grounds), "bron": "besluit van 1 juli"}


def weighed(facts: Mapping[str, Any] | None = None, *, book: Rulebook = BOOK, precedents: bytes = b"", **more: Any) -> Assessment:
    """An assessment; without ``regeluitkomst`` by the rules."""
    head = {} if "regeling" in more else {"aanspraak": CLAIM}
    data = {**head, "peildatum": DAY, "gegevens": dict(facts or {}), **more}
    return assess(data, book, laid_together(read_precedents(precedents, "besluiten.jsonl")))


def effect(**more: Any) -> dict[str, Any]:
    """Serious, established harm to the applicant by following the rule."""
    return {
        "optie": "opt.regel",
        "wie": "aanvrager",
        "waarde": "wet.vangnet",
        "richting": "schaadt",
        "termijn": "kort",
        "ernst": "ernstig",
        "zekerheid": "vastgesteld",
        "omschrijving": "Er is niets te eten.",
        "bron": "gesprek",
        **SAID,
        **more,
    }


__all__ = ["BOOK", "RULES", "SAID", "effect", "given", "reversed_law", "ruleset", "weighed"]
