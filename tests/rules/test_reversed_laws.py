# SPDX-License-Identifier: EUPL-1.2
"""The data of the reversed test law by law: what its words name exists, and every door opens on its grounds and nothing else."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import pytest

from engine.authoring.tests import claim_of, listed
from engine.model.program import Program
from engine.model.reversed_documents import DoorDecl
from engine.passes.assess import Assessment, assess
from tests.law import law

RULED = ["inburgering", "jeugdwet", "leerplichtwet", "wmo", "wsnp"]
SENTENCED = "uitspraak_datum"


def program(name: str) -> Program:
    """The latest program that tests a rule outcome of a law."""
    claim = law().given_claim(name)
    assert claim is not None
    return law().versions(claim)[-1].program


def said(program: Program, facts: dict[str, Any], day: str) -> dict[str, Any]:
    """Facts as a claim writes them: with who judged where the fact is an open norm."""
    judgement = {"door": "p", "datum": day, "reden": "omdat"}
    return {
        name: {"waarde": value, "rol": program.facts[name].decl.judged_by[0], **judgement} if program.facts[name].judged else value
        for name, value in facts.items()
    }


DAY = "2026-09-21"


def given(name: str, *grounds: str, day: str = DAY, **facts: Any) -> Assessment:
    """The second pass on an outcome that somebody else reached on these grounds."""
    words = program(name)
    if SENTENCED in words.facts:
        facts = {SENTENCED: day, **facts}
    outcome = {"uitkomst": "anders", "belastend": True, "gronden": list(grounds), "bron": "besluit"}
    return assess({"regeling": name, "peildatum": day, "gegevens": said(words, facts, day), "regeluitkomst": outcome}, law())


def doors(found: Assessment) -> dict[str, str]:
    return {door.door.decl.id: door.state for door in found.second.doors}


# --- what the words name ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RULED)
def test_every_value_that_a_door_an_option_or_an_argument_serves_is_declared(name: str) -> None:
    second = program(name).second
    served = {value for door in second.doors for value in door.decl.values}
    served |= {value for option in second.options for value in option.decl.values}
    served |= {value for argument in second.arguments for value in argument.decl.values}
    assert served - {value.id for _, value in second.values} == set()


@pytest.mark.parametrize("name", RULED)
def test_every_door_says_who_shows_what_who_decides_and_what_it_leads_to(name: str) -> None:
    for door in program(name).second.doors:
        decl = door.decl
        assert decl.proof is not None, decl.id
        assert decl.proof.who, decl.id
        assert decl.proof.what, decl.id
        assert decl.authority, decl.id
        assert decl.option, decl.id
        assert decl.opens_for or decl.tunes, decl.id


@pytest.mark.parametrize("name", RULED)
def test_a_door_below_the_law_lifts_no_ground_of_the_law(name: str) -> None:
    second = program(name).second
    below = {"verordening", "nadere regel", "beleidsregel"}
    level = {ground.id: ground.level for _, ground in second.grounds.values()}
    for door in second.doors:
        if door.decl.level in below:
            assert {level[ground] for ground in door.decl.opens_for if ground in level} <= below, door.decl.id


@pytest.mark.parametrize("name", RULED)
def test_nobody_is_compared_by_who_he_is(name: str) -> None:
    compared = set(program(name).second.compared)
    assert compared
    assert not compared & {"geboortedatum", "nationaliteit", "naam", "postcode"}


@pytest.mark.parametrize("name", RULED)
def test_each_outcome_that_burdens_can_have_an_argument_in_every_corner(name: str) -> None:
    corners = defaultdict(list)
    for file, test in listed(law(), f"{name}/toetsen/"):
        if file.endswith(("/omgekeerde_toets.yaml", "/gevallen.yaml")) and test.expected.refused is None:
            found = assess(claim_of(law(), file, test), law())
            if found.first.burdening is True:
                corners[found.first.result].append(found.second.empty_corners)
    assert corners
    assert {result for result, seen in corners.items() if () not in seen} == set()


# --- the doors of a ground that is not in rules ------------------------------------------------------------------------


def lifted(name: str, door: str) -> list[str]:
    """The grounds outside the rules of a law that a door lifts."""
    second = program(name).second
    (decl,) = [item.decl for item in second.doors if item.decl.id == door]
    return [ground for ground in decl.opens_for if second.grounds.get(ground, ("",))[0] == name]


def doors_outside(name: str) -> list[DoorDecl]:
    """The doors of a law that lift a ground outside its rules."""
    return [door.decl for door in program(name).second.doors if door.law == name and lifted(name, door.decl.id)]


@pytest.mark.parametrize("name", RULED)
def test_each_way_a_door_can_stand_has_a_test_of_policy_staff(name: str) -> None:
    tried: dict[str, set[str]] = defaultdict(set)
    for _, test in listed(law(), f"{name}/toetsen/"):
        if test.given is not None:
            for tested, state in test.expected.doors.items():
                tried[tested].add(state)
    for door in doors_outside(name):
        ways = {"open"} if door.level != "verordening" else {"te onderzoeken"}
        ways |= {"dicht", "te onderzoeken"} if door.when is not None else set()
        ways |= {"uitgesloten"} if door.excluded_when is not None and door.level != "verordening" else set()
        assert ways - tried[door.id] == set(), door.id


@pytest.mark.parametrize("name", RULED)
def test_a_door_lifts_each_of_its_grounds_and_is_not_shown_for_another(name: str) -> None:
    for ground, (owner, decl) in program(name).second.grounds.items():
        if owner == name and decl.sort != "toekennen":
            shown = {item.door.decl.id: item.lifts for item in given(name, ground).second.doors}
            for door in doors_outside(name):
                assert shown.get(door.id, ()) == ((ground,) if ground in door.opens_for else ()), (ground, door.id)


@pytest.mark.parametrize("name", RULED)
def test_a_door_is_not_there_before_its_text_was_read(name: str) -> None:
    first = min(version.program.valid_from for version in law().versions(law().given_claim(name) or ""))
    for door in doors_outside(name):
        if door.valid_from > first:
            day = date.fromordinal(door.valid_from.toordinal() - 1)
            assert door.id not in doors(given(name, *lifted(name, door.id), day=day.isoformat())), door.id


# --- worked cases ----------------------------------------------------------------------------------------------------


def test_a_refused_statement_can_be_given_after_all_where_no_plan_is_possible() -> None:
    """WS-09: the municipality wants an offer first; the law asks none where paying off is not possible."""
    found = given("wsnp", "fw.285.1.f.werkwijze", aflossing_onvoldoende=True, uitkomst_noodzakelijk=False, kinderen=[])
    assert doors(found) == {"fw.deur.285.2": "open", "wgs.deur.awb.4.84": "te onderzoeken"}
    assert found.second.advice == "afwijken_onderbouwd"


def test_a_period_of_waiting_for_debt_help_gives_way_to_children_and_to_behaviour_that_changed() -> None:
    """WS-11: the law lets the municipality refuse after earlier help; the policy rule adds a period."""
    found = given(
        "wsnp",
        "wgs.3.2",
        "wgs.beleidsregel.weigeren",
        schuldhulp_geweigerd_of_beeindigd=True,
        schuldbeleidsregel_onevenredig=True,
        uitkomst_evenwichtig=False,
        kinderen=[{"geboortedatum": "2018-01-01"}, {"geboortedatum": "2020-01-01"}],
        belang_kind_gewogen=True,
        lichter_middel_bereikt_doel=False,
    )
    assert doors(found) == {"wgs.deur.3.2": "open", "wgs.deur.awb.3.4.2": "open", "wgs.deur.awb.4.84": "open"}
    assert found.second.advice == "afwijken_onderbouwd"
    assert found.second.empty_corners == ()


def test_the_law_has_no_door_for_a_foreigner_without_the_right_of_residence() -> None:
    assert doors(given("wsnp", "wgs.3.4")) == {}


@pytest.mark.parametrize("ground", ["fw.350.3.d", "fw.350.3.e", "fw.350.3.f"])
def test_the_law_has_no_door_for_some_grounds_of_ending_debt_restructuring(ground: str) -> None:
    assert doors(given("wsnp", ground)) == {}
    assert given("wsnp", ground, uitkomst_evenwichtig=False).second.advice == "deur_ontbreekt"


def test_the_court_holds_the_door_of_a_longer_term() -> None:
    assert given("wsnp", "fw.350.3.c", tekortkoming_te_herstellen=True).second.advice == "adviseren_aan_bevoegde"


def test_a_budget_that_was_misspent_by_mistake_need_not_be_withdrawn_or_reclaimed() -> None:
    """A budget that was misspent: withdrawing is a power, and reclaiming asks intent."""
    found = given(
        "wmo",
        "wmo.2.3.10.1.e",
        "wmo.2.4.1.1",
        gehandeld_met_opzet=False,
        uitkomst_evenwichtig=False,
        kinderen=[],
        lichter_middel_bereikt_doel=False,
    )
    states = doors(found)
    assert states["wmo.deur.2.3.10"] == states["wmo.deur.2.4.1.opzet"] == states["wmo.deur.awb.3.4.2"] == "open"
    assert found.second.advice == "afwijken_onderbouwd"
