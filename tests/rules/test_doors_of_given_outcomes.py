# SPDX-License-Identifier: EUPL-1.2
"""Doors to grounds of the Participatiewet and of every law that stand outside the rules: only a given outcome names those.

Each row is a door, a ground it lifts, what is known, and how the door then stands; the words behind it name the article.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from engine.model.program import Door, Program
from engine.passes.assess import Assessment, assess
from engine.passes.seen import DoorSeen
from tests.law import law

CLAIM = "participatiewet/algemene_bijstand"
DAY = date(2026, 10, 5)
OPEN, SHUT, ASKED, EXCLUDED = "open", "dicht", "te onderzoeken", "uitgesloten"
PARENT = {"betrokkene_is_alleenstaande_ouder": True}


def child(born: str) -> dict[str, Any]:
    return {"kinderen": [{"geboortedatum": born, "kinderbijslag": True, "volledige_zorg": True, "in_nederland": True}]}


def program(day: date = DAY) -> Program:
    compiled = law().program(CLAIM, day)
    assert compiled is not None
    return compiled.program


def given(facts: Mapping[str, Any], *grounds: str, day: date = DAY) -> Assessment:
    """A decision from elsewhere that rests on these grounds, with what is known beside it."""
    said: dict[str, Any] = {}
    for name, value in facts.items():
        fact = program(day).facts.get(name)
        judged = fact is not None and fact.judged
        role = fact.decl.judged_by[0] if fact is not None and judged else ""
        said[name] = {"waarde": value, "door": "p", "rol": role, "datum": day.isoformat(), "reden": "omdat"} if judged else value
    outcome = {"uitkomst": "besluit", "belastend": True, "gronden": list(grounds), "bron": "besluit van een ander systeem"}
    return assess({"aanspraak": CLAIM, "peildatum": day.isoformat(), "gegevens": said, "regeluitkomst": outcome}, law())


def door(assessment: Assessment, name: str) -> DoorSeen:
    (found,) = [seen for seen in assessment.second.doors if seen.door.decl.id == name]
    return found


TEN_YEARS = ("tien_jaar_alles_betaald", "achterstand_ingehaald", "tien_jaar_niets_en_geen_uitzicht", "helft_in_een_keer")
FINES = ("pw.18a.1", "pw.18a.3", "pw.18a.5")
NOT_GRAVE = {"gevolg_levensbedreigend": False, "gevolg_ernstig_voor_gezondheid": False}
BALANCED = {"uitkomst_geschikt": True, "uitkomst_noodzakelijk": True, "uitkomst_evenwichtig": True}
DUE = {"verzuim_verwijtbaar": False, "onvoldoende_medewerking": False, "duidelijk_geen_recht": False}
RELEASED = {**PARENT, **child("2022-01-01"), "verzoek_ontheffing_ouder": True, "ontheffing_ouder_verbruikt": False}
DEBTS = {"schuldregeling": True, "verzoek_kwijtschelding": True, "zelfde_overtreding_binnen_jaar": False, "opzet_of_grove_schuld": False}

ROWS: list[tuple[str, str, dict[str, Any], str]] = [
    # art. 16: also where art. 15 refuses special assistance; never for a foreigner outside art. 11
    ("pw.deur.16.1.bijzonder", "pw.35.15", {}, ASKED),
    (
        "pw.deur.16.1.bijzonder",
        "pw.35.15",
        {"gevolg_ernstig_voor_gezondheid": True, "geen_alternatief": True, "vreemdeling_buiten_kring": False},
        OPEN,
    ),
    (
        "pw.deur.16.1.bijzonder",
        "pw.35.13",
        {"gevolg_levensbedreigend": True, "geen_alternatief": True, "vreemdeling_buiten_kring": False},
        OPEN,
    ),
    (
        "pw.deur.16.1.bijzonder",
        "pw.35.15",
        {"gevolg_levensbedreigend": True, "geen_alternatief": False, "vreemdeling_buiten_kring": False},
        SHUT,
    ),
    ("pw.deur.16.1.bijzonder", "pw.35.15", {**NOT_GRAVE, "geen_alternatief": True, "vreemdeling_buiten_kring": False}, SHUT),
    (
        "pw.deur.16.1.bijzonder",
        "pw.35.15",
        {"gevolg_levensbedreigend": True, "geen_alternatief": True, "vreemdeling_buiten_kring": True},
        EXCLUDED,
    ),
    # art. 18 lid 1: duties too
    ("pw.deur.18.1", "pw.9.1.b", {"zeer_bijzondere_situatie": True}, OPEN),
    ("pw.deur.18.1", "pw.55", {"zeer_bijzondere_situatie": False}, SHUT),
    ("pw.deur.18.1", "pw.9.1.c", {}, ASKED),
    # art. 9 and 9a
    ("pw.deur.9.2", "pw.9.1.a", {"dringende_redenen_ontheffing": True}, OPEN),
    ("pw.deur.9.2", "pw.9.1.c", {"dringende_redenen_ontheffing": False}, SHUT),
    ("pw.deur.9.2", "pw.9.1.a", {}, ASKED),
    ("pw.deur.9.4", "pw.18.4", {**PARENT, **child("2020-01-01"), "opvang_scholing_en_kracht_nagegaan": False}, OPEN),
    ("pw.deur.9.4", "pw.9.1.a", {**PARENT, **child("2020-01-01"), "opvang_scholing_en_kracht_nagegaan": True}, SHUT),
    ("pw.deur.9.4", "pw.9.1.a", {**PARENT, **child("2014-10-06"), "opvang_scholing_en_kracht_nagegaan": False}, OPEN),
    ("pw.deur.9.4", "pw.9.1.a", {**PARENT, **child("2014-10-05"), "opvang_scholing_en_kracht_nagegaan": False}, SHUT),
    ("pw.deur.9.4", "pw.9.1.a", {"betrokkene_is_alleenstaande_ouder": False, **child("2020-01-01")}, SHUT),
    ("pw.deur.9.4", "pw.18.4", {**PARENT, **child("2020-01-01")}, ASKED),
    ("pw.deur.9.5", "pw.9.1.b", {"volledig_en_duurzaam_arbeidsongeschikt": True}, OPEN),
    ("pw.deur.9.5", "pw.9.1.a", {"volledig_en_duurzaam_arbeidsongeschikt": False}, SHUT),
    ("pw.deur.9.5", "pw.9.1.c", {}, ASKED),
    ("pw.deur.9a", "pw.9.1.a", {**RELEASED, "wil_voorziening_niet_gebruiken": False}, OPEN),
    ("pw.deur.9a", "pw.9.1.c", {**RELEASED, "wil_voorziening_niet_gebruiken": False}, OPEN),
    ("pw.deur.9a", "pw.9.1.a", {**RELEASED, "wil_voorziening_niet_gebruiken": True}, EXCLUDED),
    ("pw.deur.9a", "pw.9.1.a", {**RELEASED, **child("2021-10-05"), "wil_voorziening_niet_gebruiken": False}, SHUT),
    ("pw.deur.9a", "pw.9.1.a", {**RELEASED, **child("2021-10-06"), "wil_voorziening_niet_gebruiken": False}, OPEN),
    ("pw.deur.9a", "pw.9.1.a", {**RELEASED, "verzoek_ontheffing_ouder": False, "wil_voorziening_niet_gebruiken": False}, SHUT),
    ("pw.deur.9a", "pw.9.1.a", {**RELEASED, "ontheffing_ouder_verbruikt": True, "wil_voorziening_niet_gebruiken": False}, SHUT),
    ("pw.deur.9a", "pw.9.1.a", RELEASED, ASKED),
    # art. 18: the lowering
    ("pw.deur.18.3", "pw.18.2", {"heroverweging_vraagt_aanpassing": True}, OPEN),
    ("pw.deur.18.3", "pw.18.2", {"heroverweging_vraagt_aanpassing": False}, SHUT),
    ("pw.deur.18.3", "pw.18.2", {}, ASKED),
    ("pw.deur.18.9", "pw.18.4", {"elke_verwijtbaarheid_ontbreekt": True}, OPEN),
    ("pw.deur.18.9", "pw.18.2", {"elke_verwijtbaarheid_ontbreekt": False}, SHUT),
    ("pw.deur.18.9", "pw.18.4", {}, ASKED),
    ("pw.deur.18.10", "pw.18.4", {"dringende_redenen_maatregel": True}, OPEN),
    ("pw.deur.18.10", "pw.8.1.a", {"dringende_redenen_maatregel": True}, OPEN),
    ("pw.deur.18.10", "pw.18.2", {"dringende_redenen_maatregel": False}, SHUT),
    ("pw.deur.18.10", "pw.18.4", {}, ASKED),
    ("pw.deur.18.11", "pw.18.4", {"verzoek_herziening_maatregel": True, "komt_plichten_weer_na": True}, OPEN),
    ("pw.deur.18.11", "pw.18.4", {"verzoek_herziening_maatregel": False, "komt_plichten_weer_na": True}, SHUT),
    ("pw.deur.18.11", "pw.18.4", {"verzoek_herziening_maatregel": True, "komt_plichten_weer_na": False}, SHUT),
    ("pw.deur.18.11", "pw.18.4", {"verzoek_herziening_maatregel": True}, ASKED),
    # art. 18b: the language
    ("pw.deur.18b.6", "pw.18b.1", {"leert_taal_met_voortgang": True}, OPEN),
    ("pw.deur.18b.6", "pw.18b.1", {"elke_verwijtbaarheid_ontbreekt": True}, OPEN),
    ("pw.deur.18b.6", "pw.18b.1", {"leert_taal_met_voortgang": False, "elke_verwijtbaarheid_ontbreekt": False}, SHUT),
    ("pw.deur.18b.6", "pw.18b.1", {"leert_taal_met_voortgang": False}, ASKED),
    ("pw.deur.18b.7", "pw.18b.1", {"dringende_redenen_maatregel": True}, OPEN),
    ("pw.deur.18b.7", "pw.18b.1", {"dringende_redenen_maatregel": False}, SHUT),
    ("pw.deur.18b.7", "pw.18b.1", {}, ASKED),
    # art. 18a and the Boetebesluit: the fine
    ("pw.deur.18a.4", "pw.18a.1", {"benadelingsbedrag": 150, "waarschuwing_binnen_twee_jaar": False}, OPEN),
    ("pw.deur.18a.4", "pw.18a.3", {"benadelingsbedrag": 0, "waarschuwing_binnen_twee_jaar": False}, OPEN),
    (
        "pw.deur.18a.4",
        "pw.18a.1",
        {"benadelingsbedrag": "150.01", "zelf_hersteld_binnen_60_dagen": True, "waarschuwing_binnen_twee_jaar": False},
        OPEN,
    ),
    (
        "pw.deur.18a.4",
        "pw.18a.1",
        {"benadelingsbedrag": "150.01", "zelf_hersteld_binnen_60_dagen": False, "waarschuwing_binnen_twee_jaar": False},
        SHUT,
    ),
    ("pw.deur.18a.4", "pw.18a.1", {"benadelingsbedrag": 100, "waarschuwing_binnen_twee_jaar": True}, EXCLUDED),
    ("pw.deur.18a.4", "pw.18a.5", {"benadelingsbedrag": 900, "waarschuwing_binnen_twee_jaar": False}, ASKED),
    *[("pw.deur.18a.7", fine, {"dringende_redenen_boete": True}, OPEN) for fine in FINES],
    ("pw.deur.18a.7", "pw.18a.1", {"dringende_redenen_boete": False}, SHUT),
    ("pw.deur.18a.7", "pw.18a.1", {}, ASKED),
    *[("pw.deur.18a.13", fine, DEBTS, OPEN) for fine in FINES],
    ("pw.deur.18a.13", "pw.18a.1", {**DEBTS, "opzet_of_grove_schuld": True}, EXCLUDED),
    ("pw.deur.18a.13", "pw.18a.1", {**DEBTS, "schuldregeling": False}, SHUT),
    ("pw.deur.18a.13", "pw.18a.1", {**DEBTS, "verzoek_kwijtschelding": False}, SHUT),
    ("pw.deur.18a.13", "pw.18a.1", {**DEBTS, "zelfde_overtreding_binnen_jaar": True}, SHUT),
    ("pw.deur.18a.13", "pw.18a.1", {"schuldregeling": True}, ASKED),
    ("pw.deur.boete.2.8", "pw.boete.2", {"boete_niet_evenredig": True}, OPEN),
    ("pw.deur.boete.2.8", "pw.boete.2", {"boete_niet_evenredig": False}, SHUT),
    ("pw.deur.boete.2.8", "pw.boete.2", {}, ASKED),
    ("pw.deur.boete.2a", "pw.boete.2", {"verminderd_verwijtbaar": True, "opzet_of_grove_schuld": False}, OPEN),
    ("pw.deur.boete.2a", "pw.boete.2", {"verminderd_verwijtbaar": False}, SHUT),
    ("pw.deur.boete.2a", "pw.boete.2", {"verminderd_verwijtbaar": True, "opzet_of_grove_schuld": True}, EXCLUDED),
    ("pw.deur.boete.2a", "pw.boete.2", {"verminderd_verwijtbaar": True}, ASKED),
    # art. 40, 53a and 54: suspend and withdraw
    ("pw.deur.40.3", "pw.40.2", {"adres_zonder_gevolg": True}, OPEN),
    ("pw.deur.40.3", "pw.40.2", {"adres_verwijtbaar": False}, OPEN),
    ("pw.deur.40.3", "pw.40.2", {"dringende_redenen_adres": True}, OPEN),
    ("pw.deur.40.3", "pw.40.2", {"aanvrager": {"tijdelijk_elders_voor_mantelzorg": True}}, OPEN),
    (
        "pw.deur.40.3",
        "pw.40.2",
        {
            "adres_zonder_gevolg": False,
            "adres_verwijtbaar": True,
            "dringende_redenen_adres": False,
            "aanvrager": {"tijdelijk_elders_voor_mantelzorg": False},
        },
        SHUT,
    ),
    ("pw.deur.40.3", "pw.40.2", {}, ASKED),
    ("pw.deur.53a.5", "pw.53a.4", {"woonadres_anders_aangetoond": True}, OPEN),
    ("pw.deur.53a.5", "pw.53a.4", {"dringende_redenen_adres": True}, OPEN),
    ("pw.deur.53a.5", "pw.53a.4", {"woonadres_anders_aangetoond": False, "dringende_redenen_adres": False}, SHUT),
    ("pw.deur.53a.5", "pw.53a.4", {"woonadres_anders_aangetoond": False}, ASKED),
    ("pw.deur.54.1", "pw.54.1", {"verzuim_verwijtbaar": False, "onvoldoende_medewerking": False}, OPEN),
    ("pw.deur.54.1", "pw.54.4", {"verzuim_verwijtbaar": False, "onvoldoende_medewerking": False}, OPEN),
    ("pw.deur.54.1", "pw.54.1", {"verzuim_verwijtbaar": True}, SHUT),
    ("pw.deur.54.1", "pw.54.1", {"verzuim_verwijtbaar": False, "onvoldoende_medewerking": True}, SHUT),
    ("pw.deur.54.1", "pw.54.4", {"verzuim_verwijtbaar": False}, ASKED),
    # art. 58 and 60c: recover
    ("pw.deur.58.6", "pw.58.2.e", {"kosten_ouder_dan_twee_jaar": True}, OPEN),
    ("pw.deur.58.6", "pw.58.2.e", {"kosten_ouder_dan_twee_jaar": False}, SHUT),
    ("pw.deur.58.6", "pw.58.2.e", {}, ASKED),
    *[("pw.deur.58.7", "pw.58.1", {"terugbetaling": way}, OPEN) for way in TEN_YEARS],
    ("pw.deur.58.7", "pw.58.1", {"terugbetaling": "geen_van_deze"}, SHUT),
    ("pw.deur.58.7", "pw.58.1", {}, ASKED),
    *[("pw.deur.58.8", ground, {"dringende_redenen_terugvordering": True}, OPEN) for ground in ("pw.58.1", "pw.58.2", "pw.58.2.e")],
    ("pw.deur.58.8", "pw.58.1", {"dringende_redenen_terugvordering": False}, SHUT),
    ("pw.deur.58.8", "pw.58.1", {}, ASKED),
    ("pw.deur.60c", "pw.60c", {"opzet_of_grove_schuld": False}, OPEN),
    ("pw.deur.60c", "pw.60c", {"opzet_of_grove_schuld": True}, SHUT),
    ("pw.deur.60c", "pw.60c", {}, ASKED),
    # art. 35, 36, 49 and 52: special assistance, the supplement, an advance
    ("pw.deur.35.1.noodzakelijk", "pw.35.1.noodzakelijk", {"kosten_noodzakelijk": True}, OPEN),
    ("pw.deur.35.1.noodzakelijk", "pw.35.1.noodzakelijk", {"kosten_noodzakelijk": False}, SHUT),
    ("pw.deur.35.1.noodzakelijk", "pw.35.1.noodzakelijk", {}, ASKED),
    ("pw.deur.35.1.bijzonder", "pw.35.1.bijzonder", {"kosten_door_bijzondere_omstandigheden": True}, OPEN),
    ("pw.deur.35.1.bijzonder", "pw.35.1.bijzonder", {"kosten_door_bijzondere_omstandigheden": False}, SHUT),
    ("pw.deur.35.1.bijzonder", "pw.35.1.bijzonder", {}, ASKED),
    ("pw.deur.35.1.draagkracht", "pw.35.1.draagkracht", {"draagkracht_te_hoog_gesteld": True}, OPEN),
    ("pw.deur.35.1.draagkracht", "pw.35.1.draagkracht", {"draagkracht_te_hoog_gesteld": False}, SHUT),
    ("pw.deur.35.1.draagkracht", "pw.35.1.draagkracht", {}, ASKED),
    ("pw.deur.35.15", "pw.35.15", {"voorziening_voor_kosten_past": False}, OPEN),
    ("pw.deur.35.15", "pw.35.15", {"voorziening_voor_kosten_past": True}, SHUT),
    ("pw.deur.35.15", "pw.35.15", {}, ASKED),
    ("pw.deur.36.2", "pw.36.1.uitzicht", {"uitzicht_op_beter_inkomen": False}, OPEN),
    ("pw.deur.36.2", "pw.36.1.uitzicht", {"uitzicht_op_beter_inkomen": True}, SHUT),
    ("pw.deur.36.2", "pw.36.1.uitzicht", {}, ASKED),
    ("pw.deur.49", "pw.35.13", {"borgtocht_maakt_krediet_mogelijk": True}, OPEN),
    (
        "pw.deur.49",
        "pw.35.13",
        {"borgtocht_maakt_krediet_mogelijk": False, "gevolg_ernstig_voor_gezondheid": True, "geen_alternatief": True},
        OPEN,
    ),
    ("pw.deur.49", "pw.35.13", {"borgtocht_maakt_krediet_mogelijk": False, **NOT_GRAVE}, SHUT),
    ("pw.deur.49", "pw.35.13", {"borgtocht_maakt_krediet_mogelijk": False, "geen_alternatief": False}, SHUT),
    ("pw.deur.49", "pw.35.13", {}, ASKED),
    ("pw.deur.52.1", "pw.52.1", {**DUE, "recht_nog_niet_vastgesteld": True}, OPEN),
    ("pw.deur.52.1", "pw.52.1", {**DUE, "recht_nog_niet_vastgesteld": False}, SHUT),
    ("pw.deur.52.1", "pw.52.1", {"recht_nog_niet_vastgesteld": True}, ASKED),
    *[("pw.deur.52.1", "pw.52.1", {**DUE, name: True, "recht_nog_niet_vastgesteld": True}, EXCLUDED) for name in DUE],
    # Awb: powers only, policy rules only
    *[
        ("pw.deur.awb.3.4.2", ground, {"uitkomst_evenwichtig": False}, OPEN)
        for ground in ("pw.35.2", "pw.54.1", "pw.54.3.anders", "pw.54.4", "pw.55", "pw.58.2", "pw.58.2.e", "pw.60.3")
    ],
    ("pw.deur.awb.3.4.2", "pw.58.2", {"uitkomst_geschikt": False}, OPEN),
    ("pw.deur.awb.3.4.2", "pw.58.2", {"uitkomst_noodzakelijk": False}, OPEN),
    ("pw.deur.awb.3.4.2", "pw.58.2", BALANCED, SHUT),
    ("pw.deur.awb.3.4.2", "pw.58.2", {}, ASKED),
    ("awb.deur.3.4.2", "awb.bevoegdheid", {"uitkomst_evenwichtig": False}, OPEN),
    ("awb.deur.3.4.2", "awb.bevoegdheid", BALANCED, SHUT),
    ("awb.deur.3.4.2", "awb.bevoegdheid", {}, ASKED),
    ("awb.deur.hardheid", "awb.verordening", {"hardheidsclausule_in_verordening": True, "verordening_werkt_onredelijk_uit": True}, OPEN),
    ("awb.deur.hardheid", "awb.verordening", {"hardheidsclausule_in_verordening": True, "verordening_werkt_onredelijk_uit": False}, SHUT),
    (
        "awb.deur.hardheid",
        "awb.verordening",
        {"hardheidsclausule_in_verordening": False, "verordening_werkt_onredelijk_uit": True},
        EXCLUDED,
    ),
    ("awb.deur.hardheid", "awb.verordening", {"verordening_werkt_onredelijk_uit": True}, ASKED),
    ("awb.deur.4.84", "awb.beleidsregel", {"beleidsregel_onevenredig": True}, OPEN),
    ("awb.deur.4.84", "awb.beleidsregel", {"beleidsregel_onevenredig": False}, SHUT),
    ("awb.deur.4.84", "awb.beleidsregel", {}, ASKED),
]


@pytest.mark.parametrize(("name", "ground", "facts", "state"), ROWS)
def test_a_door_stands_as_its_article_says(name: str, ground: str, facts: dict[str, Any], state: str) -> None:
    seen = door(given(facts, ground), name)
    assert seen.state == state
    assert ground in seen.lifts


BEYOND_RULES = [found for found in program().second.doors if set(found.decl.opens_for) & set(program().second.grounds)]


@pytest.mark.parametrize("found", BEYOND_RULES, ids=lambda found: found.decl.id)
def test_every_such_door_is_seen_open_shut_and_asked_and_excluded_where_it_excludes(found: Door) -> None:
    states = {state for name, _, _, state in ROWS if name == found.decl.id}
    assert states == {OPEN, SHUT, ASKED, *([EXCLUDED] if found.decl.excluded_when is not None else [])}


def test_care_elsewhere_keeps_the_payment_going_only_from_2026() -> None:
    facts: dict[str, Any] = {"adres_zonder_gevolg": False, "adres_verwijtbaar": True, "dringende_redenen_adres": False}
    facts["aanvrager"] = {"tijdelijk_elders_voor_mantelzorg": True}
    for day, state in ((date(2025, 12, 31), SHUT), (date(2026, 1, 1), OPEN)):
        assert door(given(facts, "pw.40.2", day=day), "pw.deur.40.3").state == state


# --- grounds without a door, and what a door leaves standing ---------------------------------------------------------

NO_DOOR = ["pw.40.5", "pw.53a.3", "pw.54.3", "pw.60.4", "pw.35.14", "pw.36.1.inkomen", "pw.36.3"]
BOUND = [
    "pw.9.1.a",
    "pw.9.1.b",
    "pw.9.1.c",
    "pw.18.2",
    "pw.18.4",
    "pw.18a.1",
    "pw.18b.1",
    "pw.40.2",
    "pw.54.3",
    "pw.58.1",
    "pw.60.4",
    "pw.60c",
]


@pytest.mark.parametrize("ground", NO_DOOR)
def test_where_the_law_has_no_door_and_the_outcome_is_out_of_balance_it_goes_to_a_lawyer(ground: str) -> None:
    second = given({"uitkomst_evenwichtig": False, "kinderen": []}, ground).second
    assert second.doors == ()
    assert second.words["deuren_bekend"] is True
    assert "deur_ontbreekt" in (second.advice, *second.possible)
    assert not {"afwijken_onderbouwd"} & {second.advice, *second.possible}


def test_every_ground_beyond_the_rules_has_a_door_or_is_known_to_have_none() -> None:
    lifted = {ground for found in program().second.doors for ground in found.decl.opens_for}
    assert set(program().second.grounds) - lifted == set(NO_DOOR)


@pytest.mark.parametrize("ground", BOUND)
def test_proportionality_alone_lifts_nothing_that_the_law_binds(ground: str) -> None:
    seen = given(dict.fromkeys(BALANCED, False), ground)
    assert not [found for found in seen.second.doors if "awb" in found.door.decl.id]


@pytest.mark.parametrize(
    ("ground", "fires"),
    [
        ("awb.verordening", True),
        ("awb.beleidsregel", True),
        ("pw.8.1.a", True),
        ("pw.36.1.inkomen", True),
        ("pw.58.1", False),
        ("awb.bevoegdheid", False),
    ],
)
def test_only_a_lower_rule_in_the_way_is_a_reason_to_look_further(ground: str, fires: bool) -> None:
    (seen,) = [item for item in given({}, ground).second.triggers if item.trigger.decl.id == "t6"]
    assert seen.truth is fires


def test_a_ground_of_the_law_beside_a_lower_rule_is_not_only_a_lower_rule() -> None:
    (seen,) = [item for item in given({}, "pw.18.2", "pw.8.1.a").second.triggers if item.trigger.decl.id == "t6"]
    assert seen.truth is False


# --- worked and published cases --------------------------------------------------------------------------------------

PW_08 = {
    "betrokkene_is_alleenstaande_ouder": True,
    "kinderen": [
        {"geboortedatum": "2023-06-01", "kinderbijslag": True, "volledige_zorg": True, "in_nederland": True},
        {"geboortedatum": "2020-06-01", "kinderbijslag": True, "volledige_zorg": True, "in_nederland": True},
    ],
    "elke_verwijtbaarheid_ontbreekt": False,
    "dreigt_woning_te_verliezen": True,
}


def test_pw_08_a_lowering_with_an_eviction_ahead_and_small_children_asks_before_it_lowers() -> None:
    seen = given(PW_08, "pw.18.4")
    states = {found.door.decl.id: found.state for found in seen.second.doors}
    assert states == {"pw.deur.9.4": ASKED, "pw.deur.18.9": SHUT, "pw.deur.18.10": ASKED, "pw.deur.18.11": ASKED}
    fired = {item.trigger.decl.id for item in seen.second.triggers if item.truth is True}
    assert {"t1", "t3", "t4"} <= fired
    asked = {question.path for question in seen.follow_up}
    assert {"dringende_redenen_maatregel", "opvang_scholing_en_kracht_nagegaan", "belang_kind_gewogen", "uitkomst_evenwichtig"} <= asked
    assert seen.second.advice in ("professional_beslist", "eerst_onderzoeken")


def test_pw_08_with_urgent_reasons_and_the_children_weighed_the_lowering_can_be_tuned() -> None:
    judged = {
        "dringende_redenen_maatregel": True,
        "belang_kind_gewogen": True,
        "uitkomst_evenwichtig": False,
        "lichter_middel_bereikt_doel": False,
    }
    assert given({**PW_08, **judged}, "pw.18.4").second.advice == "afwijken_onderbouwd"


def test_pw_08_nothing_is_done_for_the_parent_while_no_child_is_weighed() -> None:
    judged = {"dringende_redenen_maatregel": True, "uitkomst_evenwichtig": False, "lichter_middel_bereikt_doel": False}
    assert given({**PW_08, **judged}, "pw.18.4").second.advice == "professional_beslist"


RECOVERED = {"kinderen": [], "aandeel_overheid": True, "uitkomst_evenwichtig": False, "lichter_middel_bereikt_doel": False}


def test_a_share_of_the_authority_carries_a_waiver_of_the_recovery() -> None:
    """CRvB 10-12-2024, ECLI:NL:CRVB:2024:2195: the recovery was annulled."""
    assert given({**RECOVERED, "dringende_redenen_terugvordering": True}, "pw.58.1").second.advice == "afwijken_onderbouwd"


def test_and_leaves_the_withdrawal_and_the_fine_standing() -> None:
    """The same ruling: withdrawal and fine were upheld."""
    seen = given({**RECOVERED, "dringende_redenen_terugvordering": True}, "pw.54.3", "pw.58.1", "pw.18a.1").second
    assert {ground for found in seen.doors if found.state == OPEN for ground in found.lifts} == {"pw.58.1"}
    assert seen.advice == "deur_ontbreekt"


def test_reasons_that_are_not_shown_carry_nothing() -> None:
    """CRvB 10-12-2024, ECLI:NL:CRVB:2024:2192: nothing was substantiated, the recovery stood."""
    facts = {"kinderen": [], "dringende_redenen_terugvordering": False, "terugbetaling": "geen_van_deze"}
    judged = {**BALANCED, "waarde_van_de_wet_verloren": False, "lichter_middel_bereikt_doel": False}
    assert given({**facts, **judged}, "pw.58.1").second.advice == "regel_volgen"


@pytest.mark.parametrize("ground", sorted(program().second.grounds))
@pytest.mark.parametrize(("suits", "own_cause"), [(True, True), (True, False), (False, True), (False, False)])
def test_two_answers_fill_every_corner_whatever_the_ground(ground: str, suits: bool, own_cause: bool) -> None:
    answered = {"uitkomst_geschikt": suits, "oorzaak_bij_betrokkene": own_cause}
    assert given({}, ground).second.empty_corners == ("betrokken", "rendement")
    assert given(answered, ground).second.empty_corners == ()
