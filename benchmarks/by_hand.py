# SPDX-License-Identifier: EUPL-1.2
"""Criteria of algemene bijstand as a programmer would write them by hand, for one person without a partner.

No trace, no causes, no versions, no sources: what the engine is compared with. Amounts are those of 2026-07-01 (art.
20-24, 31, 34). A missing fact is ``None`` and makes the result ``None``.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

NORM_SINGLE, NORM_COUPLE, NORM_YOUNG, WITHOUT_PARENTS = 141946, 202779, 35042, 76224
WEALTH, EARNINGS_MAX, GIFTS = 800000, 28500, 120000


def age(born: date, day: date) -> int:
    """Completed years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def assess(facts: dict[str, Any], day: date) -> tuple[str, int] | None:
    """The result and the amount in cents; None where a fact that matters is missing."""
    person = facts["aanvrager"]
    if any(
        person.get(name) is None for name in ("geboortedatum", "nationaliteit", "woont_in_nederland", "vrijheid_ontnomen", "in_inrichting")
    ):
        return None
    years = age(person["geboortedatum"], day)
    if years >= 67 or not facts["woont_in_deze_gemeente"]:
        return "doorzenden", 0
    if not facts["aanvraag_schriftelijk"] or (years < 27 and (facts["aanvraag_datum"] - facts["melding_datum"]).days < 28):
        return "te_vroeg", 0
    if _refused(person, years):
        return "afwijzen", 0
    if facts.get("bezittingen") is None or facts.get("huisgenoten") is None or facts.get("andere_inkomsten") is None:
        return None
    norm = _norm(facts, person, years, day)
    income = _income(facts, person, years)
    wealth = sum(item["waarde"] for item in facts["bezittingen"] if item["soort"] in ("geld", "ander")) - facts["schulden"]
    if wealth > WEALTH or income >= norm:
        return "afwijzen", 0
    exact = norm - income
    return "toekennen", int(exact + Fraction(1, 2))


def _refused(person: dict[str, Any], years: int) -> bool:
    entitled = person["woont_in_nederland"] and (
        person["nationaliteit"] == "nederlandse"
        or (person.get("verblijfsgrond_vw8") in ("a", "b", "c", "d", "e", "l") and not person.get("valt_onder_richtlijn_24_2"))
        or person.get("gelijkgesteld_bij_besluit")
    )
    return bool(
        not entitled
        or (person["vrijheid_ontnomen"] and not person.get("straf_buiten_inrichting"))
        or person.get("onttrekt_zich_aan_straf")
        or person.get("vervult_dienstplicht")
        or (person.get("staakt_of_uitgesloten") and person.get("gebrek_door_staking"))
        or person.get("buitenland_dit_jaar", 0) > 28
        or person.get("buitenland_aaneengesloten", 0) > 28
        or years < 18
        or person.get("uitreiziger")
        or (18 <= years < 21 and person["in_inrichting"])
        or (
            years < 27
            and person.get("kan_rijksonderwijs_volgen")
            and (person.get("aanspraak_studiefinanciering") or not person.get("volgt_dat_onderwijs"))
        )
        or (years < 27 and person.get("ondubbelzinnig_onwillig"))
        or (
            person.get("voorliggende_voorziening") not in (None, "geen")
            and person.get("voorziening_toereikend")
            and person.get("voorziening_passend")
        )
    )


def _norm(facts: dict[str, Any], person: dict[str, Any], years: int, day: date) -> Fraction:
    if years < 21:
        helped = not (person.get("ouders_kunnen_niet_betalen") or person.get("onderhoud_niet_te_krijgen"))
        return Fraction(NORM_YOUNG if helped else min(NORM_YOUNG + WITHOUT_PARENTS, NORM_SINGLE))
    sharers = 1 + sum(
        1
        for mate in facts["huisgenoten"]
        if age(mate["geboortedatum"], day) >= 27
        and not (mate["contract"] == "met_u" and mate["verwantschap"] == "verder_of_niet")
        and mate["contract"] != "met_zelfde_verhuurder"
        and mate["volgt_onderwijs"] == "niet_of_ander"
    )
    if sharers == 1:
        return Fraction(NORM_SINGLE)
    share = Fraction(40 + 30 * sharers, 100 * sharers) * NORM_COUPLE
    return Fraction(int(share + Fraction(1, 2)))


def _income(facts: dict[str, Any], person: dict[str, Any], years: int) -> Fraction:
    earned = person["inkomsten_uit_arbeid"]
    exempt = Fraction(0)
    if earned and years >= 27 and person.get("maanden_vrijlating_arbeid", 0) < 6 and person.get("draagt_bij_aan_arbeidsinschakeling"):
        exempt = min(Fraction(earned, 4), Fraction(EARNINGS_MAX))
    elif earned and person.get("medisch_urenbeperkt"):
        exempt = Fraction(earned * 15, 100)
    other = sum(
        item["bedrag"]
        for item in facts["andere_inkomsten"]
        if item["soort"] not in ("kinderbijslag", "toeslag_belastingdienst", "eigenwoningbijdrage")
    )
    gifts = max(0, facts["giften_dit_jaar"] - GIFTS)
    total: Fraction = Fraction(earned) - exempt + other + Fraction(gifts, 12)
    return total
