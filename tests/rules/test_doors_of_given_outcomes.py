# SPDX-License-Identifier: EUPL-1.2
"""Doors to grounds of the Participatiewet and of every law that stand outside the rules: only a given outcome names those.

How each door stands is tested in YAML beside the law; here what holds of all of them, and published cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from engine.model.program import Program
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


def test_care_elsewhere_keeps_the_payment_going_only_from_2026() -> None:
    facts: dict[str, Any] = {"adres_zonder_gevolg": False, "adres_verwijtbaar": True, "dringende_redenen_adres": False}
    facts["aanvrager"] = {"tijdelijk_elders_voor_mantelzorg": True}
    for day, state in ((date(2025, 12, 31), SHUT), (date(2026, 1, 1), OPEN)):
        assert door(given(facts, "pw.40.2", day=day), "pw.deur.40.3").state == state


# --- grounds without a door, and what a door leaves standing ---------------------------------------------------------

BURDENING = {name for name, (_, ground) in program().second.grounds.items() if ground.sort != "toekennen"}
NO_DOOR = ["pw.40.5", "pw.53a.3", "pw.54.3", "pw.60.4", "pw.35.14", "pw.36.1.inkomen", "pw.36.3", "awb.4.17.5"]
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
    assert BURDENING - lifted == set(NO_DOOR)


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


@pytest.mark.parametrize("ground", sorted(BURDENING))
@pytest.mark.parametrize(("suits", "own_cause"), [(True, True), (True, False), (False, True), (False, False)])
def test_two_answers_fill_every_corner_whatever_the_ground(ground: str, suits: bool, own_cause: bool) -> None:
    answered = {"uitkomst_geschikt": suits, "oorzaak_bij_betrokkene": own_cause}
    assert given({}, ground).second.empty_corners == ("betrokken", "rendement")
    assert given(answered, ground).second.empty_corners == ()
