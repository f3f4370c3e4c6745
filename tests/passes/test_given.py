# SPDX-License-Identifier: EUPL-1.2
"""A rule outcome from elsewhere: the reversed test runs on its grounds, and says what only the rules could know."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.values import Unknown
from engine.passes.assess import Assessment, assess
from engine.rationale import html
from engine.rationale.build import rationale
from engine.rationale.text import render
from tests.helpers import DAY, judged, outcome, refusals
from tests.law import law
from tests.passes.reversed_law import BOOK, REVERSED, RULES, SAID, given, reversed_law, weighed

OWN = {"id": "eigen.grond", "bron": "art. 12 Andere wet", "niveau": "formele wet"}


def doors(found: Assessment) -> dict[str, str]:
    return {door.door.decl.id: door.state for door in found.second.doors}


def test_the_grounds_are_taken_over_and_the_doors_that_lift_them_are_shown() -> None:
    found = weighed({"aangenomen": True}, regeluitkomst=given("wet.2"))
    assert [item.rules for item in found.first.grounds] == [("wet.2",)]
    assert found.first.result == "afwijzen"
    assert doors(found) == {"wet.deur": "open"}
    assert outcome(found, "uitgesloten") is True


def test_what_the_source_does_not_say_stays_unknown_whatever_the_facts() -> None:
    found = weighed({"a": True, "leefvorm": "alleen"}, regeluitkomst=given("wet.2"))
    assert isinstance(outcome(found, "past"), Unknown)
    assert isinstance(outcome(found, "norm"), Unknown)


DEFINED = reversed_law(
    rules=RULES.replace("bepaalt: samenwonend,", "bepaalt: samenwonend, rol: begripsbepaling,"),
    reversed_test=REVERSED.replace("    stemt af: [norm]\n    als: aangenomen", "    stemt af: [norm]\n    als: aangenomen en samenwonend"),
)


@pytest.mark.parametrize(("leefvorm", "state"), [("samen", "open"), ("alleen", "dicht"), (None, "te onderzoeken")])
def test_what_a_word_of_the_law_means_follows_from_the_facts_also_when_the_outcome_was_given(leefvorm: str | None, state: str) -> None:
    facts = {"aangenomen": True, "ernstig": judged(False), **({"leefvorm": leefvorm} if leefvorm else {})}
    found = weighed(facts, book=DEFINED, regeluitkomst=given("wet.5", result="verlagen"))
    assert doors(found) == {"wet.maat": state}
    assert ([question.path for question in found.follow_up] == ["leefvorm"]) is (leefvorm is None)
    assert isinstance(outcome(found, "norm"), Unknown)


def test_no_question_of_the_first_pass_is_asked_and_nothing_is_said_to_be_otherwise() -> None:
    found = weighed(regeluitkomst=given("wet.2"))
    assert found.questions == ()
    assert found.changes == ()


def test_every_ground_needs_an_open_door() -> None:
    alone = weighed({"aangenomen": True, "ernstig": judged(False)}, regeluitkomst=given("wet.2"))
    assert alone.second.advice == "afwijken_onderbouwd"
    beside = weighed({"aangenomen": True, "ernstig": judged(False)}, regeluitkomst=given("wet.2", "wet.3"))
    assert beside.second.advice == "deur_ontbreekt"


def test_a_ground_that_is_no_rule_but_is_declared_has_its_doors() -> None:
    found = weighed({"aangenomen": True}, regeluitkomst=given("wet.58", result="terugvorderen"))
    assert doors(found) == {"wet.deur": "open"}
    assert found.second.words["deuren_bekend"] is True


def test_a_ground_that_is_written_out_never_gives_that_a_door_is_missing() -> None:
    found = weighed({"ernstig": judged(False)}, regeluitkomst=given(OWN))
    assert found.second.words["deuren_bekend"] is False
    assert found.second.advice == "professional_beslist"


def test_a_door_that_adjusts_a_value_softens_a_ground_that_the_value_rests_on() -> None:
    found = weighed({"aangenomen": True, "ernstig": judged(False)}, regeluitkomst=given("wet.4", result="verlagen"))
    assert [(door.door.decl.id, door.tunes) for door in found.second.doors] == [("wet.maat", ("wet.4",))]
    assert found.second.advice == "afwijken_onderbouwd"


def test_a_door_of_an_ordinance_softens_no_ground_of_statute() -> None:
    lower = reversed_law(
        REVERSED.replace(
            "    niveau: formele wet\n    geldig vanaf: 2020-01-01\n    stemt af",
            "    niveau: verordening\n    geldig vanaf: 2020-01-01\n    stemt af",
        )
    )
    found = weighed({"aangenomen": True, "ernstig": judged(False)}, book=lower, regeluitkomst=given("wet.4", result="verlagen"))
    assert [door.tunes for door in found.second.doors if door.door.decl.id == "wet.maat"] in ([], [()])
    assert found.second.advice != "afwijken_onderbouwd"


def named(**more: Any) -> dict[str, Any]:
    return {
        "id": "eigen.deur",
        "titel": "Hardheid",
        "bron": "art. 13",
        "niveau": "formele wet",
        "heftOp": ["eigen.grond"],
        "rol": "jurist",
        **SAID,
        **more,
    }


@pytest.mark.parametrize(
    ("door", "state", "advice"),
    [
        (named(voorwaarde=True), "open", "afwijken_onderbouwd"),
        (named(voorwaarde=False), "dicht", "professional_beslist"),
        (named(vraag="Wat zegt DUO?", aan="DUO"), "te onderzoeken", "eerst_onderzoeken"),
        (named(), "te onderzoeken", "professional_beslist"),
    ],
)
def test_a_professional_can_name_a_door_for_a_ground_that_is_not_in_rules(door: dict[str, Any], state: str, advice: str) -> None:
    found = weighed({"ernstig": judged(False)}, regeluitkomst=given(OWN), deuren=[door])
    assert doors(found) == {"eigen.deur": state}
    assert found.second.advice == advice


def test_a_named_door_of_policy_lifts_no_ground_of_statute() -> None:
    problems = refusals(
        BOOK, {"aanspraak": "wet/aanspraak", "peildatum": DAY, "regeluitkomst": given(OWN), "deuren": [named(niveau="beleidsregel")]}
    )
    assert [(p.code, p.place.pointer) for p in problems] == [("TS-Z30", "/deuren/0/heftOp/0")]


@pytest.mark.parametrize(("ground", "lower"), [("wet.3", True), ("wet.beleid", True), ("wet.2", False)])
def test_whether_only_policy_or_an_ordinance_stands_in_the_way(ground: str, lower: bool) -> None:
    second = weighed(regeluitkomst=given(ground)).second
    assert second.words["alleen_lagere_regel"] is lower
    assert [item.trigger.decl.id for item in second.triggers if item.truth is True] == (["t1", "t6"] if lower else ["t1"])


def test_a_statutory_ground_beside_policy_means_that_it_is_not_only_policy() -> None:
    assert weighed(regeluitkomst=given("wet.3", "wet.2")).second.words["alleen_lagere_regel"] is False


@pytest.mark.parametrize(
    ("grounds", "about"),
    [
        (("wet.2",), True),
        (("wet.58",), False),
        (("wet.58", "wet.2"), True),
        (({"id": "eigen.1", "bron": "art. 58 lid 2", "soort": "terugvorderen"},), False),
        (({"id": "eigen.1", "bron": "art. 18a", "soort": "boete"}, "wet.58"), False),
        (({"id": "eigen.1", "bron": "art. 54 lid 3", "soort": "beeindigen"},), True),
    ],
)
def test_paying_back_and_a_fine_are_not_about_the_entitlement(grounds: tuple[Any, ...], about: bool) -> None:
    assert weighed(regeluitkomst=given(*grounds)).second.words["over_het_recht"] is about


def test_a_ground_written_out_without_its_sort_leaves_open_what_it_is_about() -> None:
    word = weighed(regeluitkomst=given({"id": "eigen.1", "bron": "art. 58 lid 2"})).second.words["over_het_recht"]
    assert isinstance(word, Unknown)
    assert {cause.ref for cause in word.causes} == {"regeluitkomst"}


def test_what_the_rules_themselves_found_is_about_the_entitlement() -> None:
    assert weighed().second.words["over_het_recht"] is True


def test_a_favourable_outcome_gives_no_reason_to_look_further() -> None:
    found = weighed(regeluitkomst=given("wet.4", result="toekennen", burdening=False))
    assert found.second.reason_seen is False
    assert found.second.advice == "regel_volgen"


# --- of a law, with or without rules -----------------------------------------------------------------------------------


def of_law(regulation: str, *grounds: Any) -> dict[str, Any]:
    return {"regeling": regulation, "peildatum": "2026-07-15", "gegevens": {}, "regeluitkomst": given(*grounds)}


def test_a_law_with_rules_lends_its_doors_to_an_outcome_without_a_claim() -> None:
    found = assess(of_law("participatiewet", "pw.15.1"), law())
    assert found.program.claim == "participatiewet/algemene_bijstand"
    assert "pw.deur.16.1" in doors(found)


def test_a_law_that_is_not_here_is_tested_on_what_all_laws_share() -> None:
    found = assess(of_law("algemeen", OWN), law())
    assert found.second.reason_seen is True
    assert {check.check.decl.id for check in found.second.checks} >= {"geschikt", "noodzakelijk", "evenwichtig"}
    assert found.second.doors == ()


@pytest.mark.parametrize("data", [of_law("participatiewet", "pw.15.1", OWN), of_law("algemeen", OWN)], ids=["participatiewet", "algemeen"])
def test_all_three_renderings_say_that_the_rules_did_not_run(data: dict[str, Any]) -> None:
    told = rationale(assess(data, law()))
    assert told["regeluitkomst"]["gronden"][-1]["bron"]["tekst"] == OWN["bron"]
    assert told["regels"] == []
    assert "komt van elders" in render(told)
    assert "komt van elders" in html.render(told)


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"regeling": "onbekende_wet"}, "TS-Z31", "/regeling"),
        ({"regeling": None}, "TS-Z03", "/regeling"),
        ({"regeluitkomst": given("pw.bestaat_niet")}, "TS-Z11", "/regeluitkomst/gronden/0"),
        ({"regeluitkomst": given({"id": "pw.15.1", "bron": "art. 15"})}, "TS-Z11", "/regeluitkomst/gronden/0/id"),
        ({"regeluitkomst": {**given("pw.15.1"), "belastend": "misschien"}}, "TS-Z11", "/regeluitkomst/belastend"),
        ({"regeluitkomst": {**given("pw.15.1"), "extra": 1}}, "TS-Z02", "/regeluitkomst/extra"),
        ({"regeluitkomst": {"uitkomst": "afwijzen", "belastend": True, "gronden": ["pw.15.1"]}}, "TS-Z04", "/regeluitkomst/bron"),
        ({"regeluitkomst": given()}, "TS-Z04", "/regeluitkomst/gronden"),
        ({"regeluitkomst": given(12)}, "TS-Z14", "/regeluitkomst/gronden/0"),
        ({"regeluitkomst": given({"id": "g.1"})}, "TS-Z04", "/regeluitkomst/gronden/0/bron"),
        ({"aanspraak": "participatiewet/algemene_bijstand"}, "TS-Z31", "/regeling"),
    ],
)
def test_what_is_wrong_is_refused_at_its_place(change: dict[str, Any], code: str, pointer: str) -> None:
    problems = refusals(law(), {**of_law("participatiewet", "pw.15.1"), **change})
    assert (code, pointer) in [(p.code, p.place.pointer) for p in problems]
