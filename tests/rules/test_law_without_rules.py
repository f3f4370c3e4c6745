# SPDX-License-Identifier: EUPL-1.2
"""Law that is not in rules: the worked cases of the Leerplichtwet, the Wet inburgering and the Awb go through the reversed test.

How each door stands is tested in YAML beside the law; here what holds of all of them, and what must never be proposed.
"""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.program import Program
from engine.passes.assess import Assessment, assess
from engine.rulebook import GIVEN
from tests.helpers import refusals
from tests.law import law

LAWS = ["leerplichtwet", "inburgering"]
DIVERGES = {"afwijken_onderbouwd", "lichter_middel", "professional_beslist", "eerst_onderzoeken", "adviseren_aan_bevoegde"}
"""The advice that counts as a divergence with a door."""
NO_DOOR = {
    "leerplichtwet": {
        "lpw.6.2",
        "lpw.8",
        "lpw.9",
        "lpw.12",
        "lpw.13",
        "lpw.13a.2.lesweken",
        "lpw.13a.2.dagen",
        "lpw.13a.2.eenmaal",
    },
    "inburgering": set(),
}


def program(name: str) -> Program:
    return law().given[name].program


def claim(name: str, day: str, facts: dict[str, Any], *grounds: str, burdening: bool = True) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for path, value in facts.items():
        fact = program(name).facts.get(path)
        said[path] = value
        if fact is not None and fact.judged:
            said[path] = {"waarde": value, "door": "p", "rol": fact.decl.judged_by[0], "datum": day, "reden": "omdat"}
    outcome = {"uitkomst": "besluit", "belastend": burdening, "gronden": list(grounds), "bron": "dossier"}
    return {"regeling": name, "peildatum": day, "gegevens": said, "regeluitkomst": outcome}


def given(*said: Any, **more: Any) -> Assessment:
    return assess(claim(*said, **more), law())


def states(found: Assessment) -> dict[str, str]:
    return {seen.door.decl.id: seen.state for seen in found.second.doors}


# --- the worked cases ------------------------------------------------------------------------------------------------

LP_05 = {
    "jongere": {"geboortedatum": "2013-03-14"},
    "kinderen": [{"geboortedatum": "2013-03-14"}],
    "laatste_leerplichtjaar": False,
    "kennisgeving_datum": "2026-06-22",
    "zegsman_ongeschikt": True,
    "deskundige_aangewezen": False,
    "verklaring_datum": "2026-06-08",
    "weigert_mee_te_werken": False,
    "plek_op_school": False,
}
LP_05_GROUNDS = ("lpw.2.1.inschrijving", "lpw.7", "lpw.22.2.inschrijving")


@pytest.mark.parametrize(
    ("name", "day", "ground"),
    [
        ("leerplichtwet", "2026-10-01", "lpw.11a.1"),
        ("leerplichtwet", "2026-10-05", "lpw.13a.1"),
        ("inburgering", "2026-06-15", "wi.15.1"),
        ("inburgering", "2026-10-12", "wi.12.1"),
        ("algemeen", "2026-06-01", "awb.4.17"),
        ("algemeen", "2026-06-19", "awb.6.9"),
    ],
    ids=["LP-01", "LP-03", "IB-01", "IB-05", "AW-01", "AW-03"],
)
def test_a_favourable_outcome_does_not_diverge(name: str, day: str, ground: str) -> None:
    found = given(name, day, {}, ground, burdening=False)
    assert found.second.advice == "regel_volgen"
    assert found.second.doors == ()
    assert found.first.burdening is False


def test_lp_05_diverges_with_the_doors_of_articles_7_2_and_22_and_another_route_reaches_the_same() -> None:
    found = given("leerplichtwet", "2026-09-21", LP_05, *LP_05_GROUNDS)
    assert found.second.advice in DIVERGES
    usable = {name: state for name, state in states(found).items() if state != "uitgesloten"}
    assert usable == {"lpw.deur.7": "open", "lpw.deur.22": "open", "lpw.deur.2.2": "te onderzoeken"}
    assert {"niet_verantwoordelijk", "belang_kind_gewogen"} <= {question.path for question in found.follow_up}
    other = given("leerplichtwet", "2026-09-21", {**LP_05, "lichter_middel_bereikt_doel": True}, *LP_05_GROUNDS)
    assert other.second.advice == "lichter_middel"


def test_article_5_never_gets_a_hardship_clause_and_article_15_never_a_child_under_the_leerplicht() -> None:
    found = given("leerplichtwet", "2026-09-21", LP_05, *LP_05_GROUNDS)
    assert "hardheid" not in {seen.door.decl.sort for seen in found.second.doors}
    assert "lpw.deur.15" not in states(found)
    thirteen = given("leerplichtwet", "2026-09-21", {**LP_05, "leerplicht_geeindigd": False}, "lpw.4a.1")
    assert states(thirteen)["lpw.deur.15"] == "uitgesloten"


def test_ib_03_a_fine_for_being_in_hospital_diverges_through_a_door_of_the_executive() -> None:
    facts = {"kinderen": [], "overtreding_te_verwijten": False}
    found = given("inburgering", "2026-07-20", facts, "wi.22.1")
    (door,) = [seen for seen in found.second.doors if seen.door.decl.id == "wi.deur.awb.5.41"]
    assert (door.state, door.door.decl.held_by, door.door.elsewhere) == ("open", "college", False)
    assert found.second.advice in DIVERGES - {"adviseren_aan_bevoegde"}
    weighed = given("inburgering", "2026-07-20", {**facts, "uitkomst_evenwichtig": False}, "wi.22.1")
    assert weighed.second.advice == "afwijken_onderbouwd"


# --- what holds of every such law ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LAWS)
def test_every_burdening_ground_has_a_door_or_is_known_to_have_none(name: str) -> None:
    second = program(name).second
    lifted = {ground for door in second.doors for ground in door.decl.opens_for}
    burdening = {id_ for id_, (of, ground) in second.grounds.items() if of == name and ground.sort != "toekennen"}
    assert burdening - lifted == NO_DOOR[name]


@pytest.mark.parametrize("name", LAWS)
def test_no_door_lifts_a_ground_on_which_something_is_granted(name: str) -> None:
    second = program(name).second
    granting = {id_ for id_, (_, ground) in second.grounds.items() if ground.sort == "toekennen"}
    assert not [door.decl.id for door in second.doors if granting & set(door.decl.opens_for)]


def test_an_officer_of_the_municipality_is_not_elsewhere_and_a_school_head_and_the_minister_are() -> None:
    held = {door.decl.held_by: door.elsewhere for name in LAWS for door in program(name).second.doors}
    assert held == {"college": False, "leerplichtambtenaar": False, "schoolhoofd": True, "Minister (DUO)": True}


def test_a_door_of_an_officer_is_used_and_one_of_a_school_head_is_only_advised() -> None:
    facts = {
        "jongere": {"geboortedatum": "2013-03-14"},
        "kinderen": [],
        "gewichtige_omstandigheden": True,
        "verlof_gevraagd_of_tijdig_gemeld": True,
        "belang_kind_gewogen": True,
        "uitkomst_evenwichtig": False,
    }
    advice = {days: given("leerplichtwet", "2026-09-21", {**facts, "verlofdagen": days}, "lpw.14").second.advice for days in (10, 11)}
    assert advice == {10: "adviseren_aan_bevoegde", 11: "afwijken_onderbouwd"}


def test_an_option_that_names_grounds_is_only_there_for_those() -> None:
    leave = given("leerplichtwet", "2026-09-21", LP_05, "lpw.13a.2.dagen")
    absent = given("leerplichtwet", "2026-09-21", LP_05, "lpw.7")
    assert "opt.lpw.deskundige" not in {option.id for option in leave.second.options}
    assert "opt.lpw.deskundige" in {option.id for option in absent.second.options}
    assert leave.second.words["lichter_middel_mogelijk"] is False
    assert absent.second.words["lichter_middel_mogelijk"] is True


def test_a_ground_on_which_something_is_granted_carries_no_burdening_outcome() -> None:
    problems = refusals(law(), claim("leerplichtwet", "2026-09-21", {}, "lpw.13a.1"))
    assert [(p.code, p.place.pointer) for p in problems] == [("TS-Z11", "/regeluitkomst/gronden/0")]
    written = {"id": "eigen.1", "bron": "art. 13a", "soort": "toekennen"}
    data = claim("leerplichtwet", "2026-09-21", {}, "lpw.7")
    data["regeluitkomst"]["gronden"] = [written]
    assert [p.place.pointer for p in refusals(law(), data)] == ["/regeluitkomst/gronden/0"]


def test_a_law_without_rules_has_no_claim_and_one_program() -> None:
    for name in LAWS:
        assert law().given_claim(name) == f"{name}/{GIVEN}"
        assert not [found for found in law().programs if found.startswith(f"{name}/")]
