# SPDX-License-Identifier: EUPL-1.2
"""The record of a person's decision: everything that it lacks is told, each with its place, and nothing is chosen for anybody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from api.reader import receive_json
from engine.model.precedent import Precedent
from engine.model.problems import RulesError
from engine.model.record import Draft, Record
from engine.passes.assess import Assessment
from engine.passes.precedents import read_precedents
from engine.rationale.decision import as_line, check_record, decide, number_of, precedent_of
from tests.helpers import judged
from tests.passes.decisions import FACTS, FOLLOWED, RECORD, found, problems, without
from tests.passes.reversed_law import REVERSED, RULES, SAID, effect, given, reversed_law, ruleset, weighed

CHILD = {"kinderen": [{"geboortedatum": "2018-01-01"}]}
LINE = {"wie": "kinderen[0]", "belang": "Zij blijft op haar eigen school.", "gewogen": "Dat geeft hier de doorslag voor mij."}
WANTED = {"persoon": "aanvrager", "leefgebied": "wonen", "omschrijving": "Ik wil mijn kamer houden.", "termijn": "kort", **SAID}


def earlier(number: str, *, granted: bool, **more: Any) -> bytes:
    """An earlier decision on the same ground and door."""
    record = {"id": number, "datum": "2025-03-01", "regeling": "wet", "gronden": ["wet.1"], "deur": "wet.deur", "motief": "zo besloten"}
    return json.dumps({**record, "afgeweken": granted, **more}).encode() + b"\n"


def door(change: str) -> str:
    """The reversed test with a line more in its first door."""
    return REVERSED.replace("    titel: Hardheid\n", f"    titel: Hardheid\n    {change}\n")


# --- complete --------------------------------------------------------------------------------------------------------


def test_a_complete_record_lacks_nothing() -> None:
    assert problems(RECORD) == []
    assert problems(FOLLOWED) == []


def test_an_empty_record_lacks_everything_and_nothing_is_chosen_for_anybody() -> None:
    assert problems({}) == [
        ("TS-H17", "/beoogdEffect"),
        ("TS-H03", "/besluit"),
        ("TS-H01", "/datum"),
        ("TS-H01", "/door"),
        ("TS-H07", "/eigenWoorden"),
        ("TS-H10", "/gehoord"),
        ("TS-H01", "/motief"),
        ("TS-H03", "/optie"),
        ("TS-H01", "/rol"),
        ("TS-H09", "/verworpenArgumenten"),
    ]
    assert {name for name, field in Record.model_fields.items() if field.is_required()} == {
        "choice",
        "option",
        "role",
        "by",
        "day",
        "words",
        "motive",
        "heard",
    }


def arguments(record: dict[str, Any]) -> list[str]:
    return [problem.cause for problem in found(record) if problem.code == "TS-H09"]


def test_the_arguments_are_told_before_an_option_is_chosen_with_the_options_that_they_stand_against() -> None:
    """In the tiny law `arg.regel` stands against every option but the rule (helpers: for `regeluitkomst`)."""
    (told,) = arguments({})
    assert "`arg.regel`" in told
    assert "`optie.wet.deur`" in told
    assert "`opt.regel`" not in told
    assert arguments({"besluit": "gevolgd"}) == []
    assert arguments({"besluit": "afgeweken", "verworpenArgumenten": RECORD["verworpenArgumenten"]}) == []


def test_every_problem_has_a_cause_a_remedy_and_a_pointer() -> None:
    for problem in found({}):
        assert problem.cause.endswith(".")
        assert problem.remedy.endswith(".")
        assert problem.place.pointer


def test_the_choices_and_options_are_offered_in_neutral_order() -> None:
    told = {problem.place.pointer: problem.remedy for problem in found({})}
    assert told["/besluit"] == "Kies uit: afgeweken, anders, gevolgd, lichter middel."
    assert told["/optie"] == "Kies uit: opt.elders, opt.regel, optie.wet.deur."


@pytest.mark.parametrize("key", sorted({field.alias or "" for field in Record.model_fields.values() if field.is_required()}))
def test_no_part_that_a_decision_must_have_can_be_left_out_or_left_empty(key: str) -> None:
    assert f"/{key}" in {pointer for _, pointer in problems(without(RECORD, key))}
    assert f"/{key}" in {pointer for _, pointer in problems({**RECORD, key: ""})}
    assert f"/{key}" in {pointer for _, pointer in problems({**RECORD, key: None})}


# --- shape -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "code", "pointer"),
    [
        ([], "TS-H02", ""),
        ({**RECORD, "besluit": "geweigerd"}, "TS-H02", "/besluit"),
        ({**RECORD, "datum": "20 juli"}, "TS-H02", "/datum"),
        ({**RECORD, "datum": 20260720}, "TS-H02", "/datum"),
        ({**RECORD, "score": 3}, "TS-H02", "/score"),
        ({**RECORD, "a/b": 3}, "TS-H02", "/a~1b"),
        ({**RECORD, "kinderen": [{"wie": "kinderen[0]", "belang": "x"}]}, "TS-H01", "/kinderen/0/gewogen"),
        ({**RECORD, "gehoord": "ja"}, "TS-H02", "/gehoord"),
        ({**RECORD, "eigenWoorden": f"{RECORD['eigenWoorden']}\x00"}, "TS-H02", "/eigenWoorden"),
        ({**RECORD, "gehoord": {"gehoord": False, "reden": "Zij kon op geen enkele dag\x1b komen."}}, "TS-H02", "/gehoord/reden"),
        ({**RECORD, "optie": "opt.regel\x00"}, "TS-H02", "/optie"),
        ({**RECORD, "verworpenArgumenten": "alle"}, "TS-H02", "/verworpenArgumenten"),
        (
            {**without(RECORD, "beoogdEffect"), "effectNaUitkomst": [{**WANTED, "leefgebied": "x"}]},
            "TS-H02",
            "/effectNaUitkomst/0/leefgebied",
        ),
    ],
)
def test_what_has_the_wrong_shape_is_told_at_its_place_and_only_once(record: Any, code: str, pointer: str) -> None:
    assert problems(record) == [(code, pointer)]


def test_the_lines_of_a_reason_may_end_and_be_set_in() -> None:
    assert problems({**RECORD, "eigenWoorden": RECORD["eigenWoorden"].replace(", ", ",\r\n\t")}) == []


def test_what_is_wrong_in_one_part_does_not_hide_what_another_part_lacks() -> None:
    assert problems({**without(RECORD, "rol"), "datum": "morgen"}) == [("TS-H02", "/datum"), ("TS-H01", "/rol")]


def test_a_mistake_of_writing_is_told_with_the_rest() -> None:
    text = json.dumps({**without(RECORD, "rol"), "motief": "@"}).replace('"@"', "NaN")
    told = problems(receive_json(text.encode()))
    assert ("TS-H01", "/rol") in told
    assert [code for code, pointer in told if pointer == "/motief"] == ["TS-J06"]


def test_a_draft_may_lack_everything() -> None:
    assert Draft().choice is None


# --- choice, option, role --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "option", "fits"),
    [
        ("gevolgd", "opt.regel", True),
        ("gevolgd", "opt.elders", False),
        ("gevolgd", "optie.wet.deur", False),
        ("afgeweken", "optie.wet.deur", True),
        ("afgeweken", "opt.regel", False),
        ("lichter middel", "opt.elders", True),
        ("lichter middel", "opt.regel", False),
        ("lichter middel", "optie.wet.deur", False),
        ("anders", "opt.elders", True),
        ("anders", "opt.regel", False),
        ("anders", "optie.wet.deur", False),
    ],
)
def test_what_is_decided_and_the_option_belong_together(choice: str, option: str, fits: bool) -> None:
    told = problems({**RECORD, "besluit": choice, "optie": option})
    assert (("TS-H04", "/optie") in told) is not fits


def test_an_option_that_the_assessment_does_not_have_is_no_option() -> None:
    (problem,) = found({**RECORD, "optie": "optie.wet.deu"})
    assert (problem.code, problem.place.pointer) == ("TS-H18", "/optie")
    assert "`optie.wet.deur`" in problem.remedy


def test_an_option_within_the_rules_of_which_nothing_is_sure_cannot_be_chosen() -> None:
    book = reversed_law(
        REVERSED.replace("opties:", 'opties:\n  - {id: opt.z, soort: zachter toepassen, bron: art. 1, als: n > 1, tekst: "Z."}')
    )
    record = {**RECORD, "besluit": "lichter middel", "optie": "opt.z"}
    assert problems(record, weighed(FACTS, book=book)) == [("TS-H04", "/optie")]
    assert problems(record, weighed({**FACTS, "n": 2}, book=book)) == []


def test_an_outcome_that_is_not_sure_yet_can_be_neither_followed_nor_left() -> None:
    case = weighed({name: value for name, value in FACTS.items() if name not in "abc"} | {"a": True})
    assert case.first.result == "onvolledig"
    assert ("TS-H05", "/besluit") in problems(FOLLOWED, case)
    assert ("TS-H05", "/besluit") in problems(RECORD, case)
    assert ("TS-H05", "/besluit") not in problems({**RECORD, "besluit": "anders", "optie": "opt.elders"}, case)


def test_only_a_role_that_the_door_names_decides_through_it() -> None:
    case = weighed(FACTS, book=reversed_law(door("bevoegd: [jurist, directeur]")))
    assert problems(RECORD, case) == [("TS-H06", "/rol")]
    assert "jurist, directeur" in found(RECORD, case)[0].remedy
    assert problems({**RECORD, "rol": "jurist"}, case) == []
    assert problems(FOLLOWED, case) == []


def test_only_a_role_that_may_use_a_power_uses_it() -> None:
    rules = RULES + "- {id: wet.6, bron: art. 6, bepaalt: uitstel, modaliteit: kan, als: a of niet a, keuze van: jurist}\n"
    option = '\n  - {id: opt.z, soort: onbenutte bevoegdheid, bron: art. 6, gebruikt: wet.6, tekst: "Z."}'
    case = weighed(FACTS, book=reversed_law(REVERSED.replace("opties:", "opties:" + option), rules))
    record = {**RECORD, "besluit": "lichter middel", "optie": "opt.z"}
    assert problems(record, case) == [("TS-H06", "/rol")]
    assert problems({**record, "rol": "jurist"}, case) == []


# --- doors and grounds -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["dicht", "te onderzoeken", "uitgesloten"])
def test_nobody_deviates_through_a_door_that_is_not_open(state: str) -> None:
    change = {"dicht": "als: a", "te onderzoeken": "als: n > 1", "uitgesloten": "uitgesloten als: niet a"}[state]
    text = REVERSED.replace("opent voor: [wet.1, wet.2, wet.58]\n    als: aangenomen", f"opent voor: [wet.1, wet.2, wet.58]\n    {change}")
    case = weighed(FACTS, book=reversed_law(text))
    assert {item.door.decl.id: item.state for item in case.second.doors}["wet.deur"] == state
    told = {code for code, _ in problems(RECORD, case)}
    assert told & {"TS-H13", "TS-H18"}


def test_a_deviation_without_a_door_is_none() -> None:
    added = {"id": "opt.eigen", "tekst": "Toch geven.", "bron": "zelf", "binnenRegels": False, "rol": "consulent", **SAID}
    case = weighed(FACTS, opties=[added])
    assert problems({**RECORD, "optie": "opt.eigen"}, case) == [("TS-H13", "/optie")]


def test_a_door_of_another_body_is_only_advised() -> None:
    case = weighed(FACTS, book=reversed_law(door("gehouden door: rechtbank")))
    assert problems(RECORD, case) == [("TS-H13", "/optie")]
    advice = {**RECORD, "besluit": "anders"}
    assert problems(advice, case) == []


def test_a_deviation_needs_an_open_door_for_every_ground() -> None:
    more = (
        "  - {id: wet.twee, titel: Twee, bron: art. 8, soort: hardheid, niveau: formele wet, geldig vanaf: 2020-01-01, "
        "opent voor: [wet.3], als: aangenomen}\ntoetsen:"
    )
    case = weighed({**FACTS, "c": True}, book=reversed_law(REVERSED.replace("toetsen:", more)))
    assert problems(RECORD, case) == [("TS-H14", "/ookDeuren")]
    assert problems({**RECORD, "ookDeuren": ["wet.twee"]}, case) == []
    assert problems({**RECORD, "ookDeuren": ["wet.drie"]}, case) == [("TS-H14", "/ookDeuren"), ("TS-H18", "/ookDeuren/0")]


def test_more_doors_belong_to_a_deviation_only() -> None:
    assert problems({**FOLLOWED, "ookDeuren": ["wet.deur"]}) == [("TS-H04", "/ookDeuren")]


@pytest.mark.parametrize("answer", [False, None])
def test_a_blocking_question_that_is_denied_or_open_blocks_every_decision(answer: bool | None) -> None:
    book = reversed_law(REVERSED.replace("gegeven: ernstig, bron", "gegeven: ernstig, blokkeert: ja, bron"))
    facts = FACTS if answer is False else without(FACTS, "ernstig")
    for record in (RECORD, FOLLOWED, {**RECORD, "besluit": "anders", "optie": "opt.elders"}):
        assert ("TS-H12", "/besluit") in problems(record, weighed(facts, book=book))
    assert problems(FOLLOWED, weighed({**FACTS, "ernstig": judged(True)}, book=book)) == []


# --- detriment -------------------------------------------------------------------------------------------------------

HARM = effect(optie="optie.wet.deur", ernst="licht")
HARMED = {"wie": "aanvrager", "reden": "Zij kiest hier zelf voor."}


def test_a_deviation_to_somebody_s_detriment_is_refused_unless_the_door_says_so_and_it_is_explained() -> None:
    facts = {**FACTS, "aanvrager": {"geboortedatum": "1990-01-01"}}
    case = weighed(facts, effecten=[HARM])
    assert problems(RECORD, case) == [("TS-H15", "/tenNadeleVan")]
    assert problems({**RECORD, "tenNadeleVan": [HARMED]}, case) == [("TS-H15", "/tenNadeleVan")]
    both = weighed(facts, effecten=[HARM], book=reversed_law(door("richting: beide")))
    assert problems(RECORD, both) == [("TS-H15", "/tenNadeleVan")]
    assert problems({**RECORD, "tenNadeleVan": [HARMED]}, both) == []


def test_a_detriment_that_only_the_record_names_is_refused_as_well() -> None:
    case = weighed({**FACTS, "aanvrager": {"geboortedatum": "1990-01-01"}})
    assert problems({**RECORD, "tenNadeleVan": [HARMED]}, case) == [("TS-H15", "/tenNadeleVan")]


def test_harm_to_third_parties_is_for_the_check_on_them() -> None:
    assert problems(RECORD, weighed(FACTS, effecten=[{**HARM, "wie": "derden"}])) == []


# --- people ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heard", "lacks"),
    [
        ({"gehoord": True, "datum": "2026-07-10"}, []),
        ({"gehoord": True}, [("TS-H10", "/gehoord/datum")]),
        ({"gehoord": False}, [("TS-H10", "/gehoord/reden")]),
        ({"gehoord": "nee", "reden": "Er was geen tijd: de ontruiming is morgen."}, []),
        ({"gehoord": True, "datum": "2026-07-21"}, [("TS-H20", "/gehoord/datum")]),
    ],
)
def test_the_client_is_heard_before_the_decision_or_it_is_said_why_not(heard: Mapping[str, Any], lacks: list[tuple[str, str]]) -> None:
    assert problems({**RECORD, "gehoord": heard}) == lacks


def test_each_minor_has_a_line_when_the_outcome_burdens_or_is_left() -> None:
    children = {"kinderen": [{"geboortedatum": "2018-01-01"}, {"geboortedatum": "2000-01-01"}, {"geboortedatum": "2020-01-01"}]}
    case = weighed({**FACTS, **children})
    assert [problem.cause.split()[0] for problem in found(FOLLOWED, case)] == ["kinderen[0]", "kinderen[2]"]
    assert problems({**RECORD, "kinderen": [LINE, {**LINE, "wie": "kinderen[2]"}]}, case) == []


def test_a_child_of_unknown_age_may_be_a_minor() -> None:
    (problem,) = found(FOLLOWED, weighed({**FACTS, "kinderen": [{}]}))
    assert problem.code == "TS-H11"
    assert "kan minderjarig zijn" in problem.cause
    assert "geboortedatum" in problem.remedy


def test_a_grant_that_is_followed_needs_no_line_for_a_child() -> None:
    case = weighed({**FACTS, **CHILD, "a": True, "leefvorm": "alleen"})
    assert case.first.burdening is False
    assert problems(FOLLOWED, case) == []


def test_a_line_for_somebody_outside_the_household_is_for_nobody() -> None:
    assert problems({**FOLLOWED, "kinderen": [LINE]}) == [("TS-H18", "/kinderen/0/wie")]


def test_nothing_is_decided_before_it_was_asked_what_the_client_wants() -> None:
    silent = without(RECORD, "beoogdEffect")
    assert problems(silent) == [("TS-H17", "/beoogdEffect")]
    named = weighed(FACTS, beoogdeEffecten=[WANTED])
    assert problems(silent, named) == []
    assert problems(RECORD, named) == [("TS-H17", "/beoogdEffect")]
    assert problems({**silent, "effectNaUitkomst": [WANTED]}) == []


def test_what_came_after_the_decision_did_not_lead_to_it() -> None:
    late = {**WANTED, "gesteldOp": "2026-07-21"}
    assert problems({**without(RECORD, "beoogdEffect"), "effectNaUitkomst": [late]}) == [("TS-H20", "/effectNaUitkomst/0/gesteldOp")]
    asked = {"wie": "de jurist", "datum": "2026-07-21"}
    assert problems({**RECORD, "geraadpleegd": [asked]}) == [("TS-H20", "/geraadpleegd/0/datum")]


def test_what_was_judged_or_stated_after_the_decision_did_not_lead_to_it_either() -> None:
    judged_late = weighed({**FACTS, "ernstig": {**judged(False), "datum": "2026-07-21"}})
    assert problems(RECORD, judged_late) == [("TS-H20", "/datum")]
    effect = {
        "optie": "opt.regel",
        "wie": "derden",
        "richting": "schaadt",
        "termijn": "kort",
        "ernst": "licht",
        "zekerheid": "vermoed",
        "omschrijving": "De verhuurder wacht langer.",
        "bron": "gesprek",
        "gesteldDoor": "consulent",
    }
    stated = [weighed(FACTS, effecten=[{**effect, "gesteldOp": day}]) for day in ("2026-07-20", "2026-07-21")]
    assert [problems(RECORD, case) for case in stated] == [[], [("TS-H20", "/datum")]]
    expert = {"soort": "loonwaarde", "percentage": 40, "rapport": "r", "deskundige": "d", "datum": "2026-07-21"}
    assert problems(RECORD, weighed(FACTS, instrumenten=[expert])) == [("TS-H20", "/datum")]


def test_the_option_through_a_door_with_the_longest_id_that_there_can_be_is_chosen_as_any_other() -> None:
    longest = "wet." + "d" * 196
    case = weighed(FACTS, book=reversed_law(REVERSED.replace("wet.deur", longest)))
    assert problems({**RECORD, "optie": f"optie.{longest}"}, case) == []


def test_a_decision_of_a_day_that_is_still_to_come_is_no_decision_yet() -> None:
    def lacks(today: date) -> list[str]:
        return [problem.code for problem in check_record(weighed(FACTS), RECORD, today)]

    assert [lacks(day) for day in (date(2026, 7, 19), date(2026, 7, 20), date(2026, 7, 21))] == [["TS-H21"], [], []]


# --- arguments and earlier decisions ---------------------------------------------------------------------------------


def test_every_argument_on_the_other_side_is_answered_or_rejected_with_a_reason() -> None:
    silent = without(RECORD, "verworpenArgumenten")
    assert problems(silent) == [("TS-H09", "/verworpenArgumenten")]
    assert (
        problems({**silent, "beantwoordeArgumenten": [{"argument": "arg.regel", "antwoord": "Voor gelijke gevallen geldt hetzelfde."}]})
        == []
    )
    assert problems({**silent, "verworpenArgumenten": [{"argument": "arg.regel", "reden": "Nee."}]}) == [
        ("TS-H07", "/verworpenArgumenten/0/reden")
    ]


def test_who_follows_the_rule_answers_what_speaks_against_it() -> None:
    case = weighed(FACTS, effecten=[effect()])
    assert problems(FOLLOWED, case) == [("TS-H09", "/verworpenArgumenten")]
    answer = {"argument": "arg.ernst", "reden": "De voedselbank helpt tot september."}
    assert problems({**FOLLOWED, "verworpenArgumenten": [answer]}, case) == []


def test_an_argument_that_nobody_made_cannot_be_answered() -> None:
    told = problems({**FOLLOWED, "verworpenArgumenten": [{"argument": "arg.ernst", "reden": "De voedselbank helpt tot september."}]})
    assert told == [("TS-H18", "/verworpenArgumenten/0/argument")]


@pytest.mark.parametrize("granted", [True, False])
def test_deciding_otherwise_than_in_a_like_case_asks_for_the_fact_that_makes_the_difference(granted: bool) -> None:
    case = weighed(FACTS, precedents=earlier("p1", granted=granted, kenmerken={"a": False, "leefvorm": "alleen"}))
    same, other = (RECORD, FOLLOWED) if granted else (FOLLOWED, RECORD)
    assert problems(same, case) == []
    assert problems(other, case) == [("TS-H16", "/verschilMetPrecedent")]
    difference = {"precedent": "p1", "verschil": "Daar stond een kamer bij familie klaar."}
    assert problems({**other, "verschilMetPrecedent": [difference]}, case) == []


def test_a_case_that_already_differs_needs_no_further_explanation() -> None:
    case = weighed(FACTS, precedents=earlier("p1", granted=True, kenmerken={"leefvorm": "samen"}))
    assert problems(FOLLOWED, case) == []


def test_a_fact_that_is_not_known_here_does_not_tell_two_cases_apart() -> None:
    case = weighed(without(FACTS, "leefvorm"), precedents=earlier("p1", granted=True, kenmerken={"leefvorm": "samen"}))
    assert problems(FOLLOWED, case) == [("TS-H16", "/verschilMetPrecedent")]


def test_a_difference_with_a_decision_that_was_not_compared_explains_nothing() -> None:
    difference = {"precedent": "p9", "verschil": "Daar stond een kamer bij familie klaar."}
    assert problems({**RECORD, "verschilMetPrecedent": [difference]}) == [("TS-H18", "/verschilMetPrecedent/0/precedent")]


# --- the register ----------------------------------------------------------------------------------------------------


def kept(record: Mapping[str, Any], case: Assessment | None = None) -> Precedent | None:
    decision = decide(case if case is not None else weighed(FACTS), record)
    return precedent_of(decision, number_of(decision))


def test_the_register_keeps_ground_door_compared_facts_outcome_motive_and_advice_and_nothing_of_the_person() -> None:
    precedent = kept(RECORD)
    assert precedent is not None
    assert precedent.model_dump(mode="json", by_alias=True, exclude={"id"}) == {
        "datum": "2026-07-20",
        "regeling": "wet",
        "gemeente": None,
        "gronden": ["wet.1"],
        "deur": "wet.deur",
        "kenmerken": {"a": False, "leefvorm": "alleen", "ernstig": False},
        "afgeweken": True,
        "adviesGevolgd": True,
        "advies": "afwijken_onderbouwd",
        "motief": "Zonder geld volgt verlies van de kamer.",
        "status": "geldig",
    }


def test_a_line_of_the_register_is_read_back_as_it_was_and_compared_in_the_next_case() -> None:
    precedent = kept(RECORD)
    assert precedent is not None
    line = as_line(precedent).encode()
    assert read_precedents(line, "register.jsonl") == (precedent,)
    compared = weighed(FACTS, precedents=line).second.compared
    assert compared is not None
    assert compared.granted is not None
    assert compared.granted.precedent == precedent
    with pytest.raises(RulesError):
        read_precedents(line + line, "register.jsonl")


def test_the_number_is_of_this_claim_and_record_only() -> None:
    numbers = {number_of(decide(weighed({**FACTS, "n": n}), {**RECORD, "datum": f"2026-07-{day}"})) for n in (1, 2) for day in (20, 21, 20)}
    assert len(numbers) == 4


def test_who_followed_the_rule_keeps_the_door_that_was_not_used() -> None:
    precedent = kept(FOLLOWED)
    assert precedent is not None
    assert (precedent.granted, precedent.door, precedent.followed) == (False, "wet.deur", False)


def test_a_choice_within_the_rules_is_no_deviation_and_no_refusal_of_one() -> None:
    precedent = kept({**RECORD, "besluit": "lichter middel", "optie": "opt.elders"})
    assert precedent is not None
    assert (precedent.granted, precedent.door) == (False, None)


def test_a_deviation_that_adjusts_a_value_is_kept_under_the_rule_that_gave_it() -> None:
    text = REVERSED.replace("aanleidingen:", 'aanleidingen:\n  - {id: t9, bron: art. 1, als: leefvorm is samen, tekst: "Lager."}')
    rules = ruleset(RULES, ladder="- afwijzen: blokkerende_grond\n- toekennen: anders").replace(
        "  uitkomsten:", "  waarden: {toekennen: [norm]}\n  belastend: [afwijzen]\n  uitkomsten:"
    )
    case = weighed({**FACTS, "a": True, "leefvorm": "samen"}, book=reversed_law(text, **{"wet/aanspraak/2020-01-01.yaml": rules}))
    record = {**without(RECORD, "verworpenArgumenten"), "optie": "optie.wet.maat"}
    assert case.first.grounds == ()
    precedent = kept(record, case)
    assert precedent is not None
    assert (precedent.grounds, precedent.door, precedent.granted) == (("wet.5",), "wet.maat", True)


def test_where_no_ground_and_no_door_were_weighed_there_is_nothing_to_keep() -> None:
    assert kept(FOLLOWED, weighed({**FACTS, "a": True})) is None


@pytest.mark.parametrize(
    ("advice", "record", "followed"),
    [
        ("afwijken_onderbouwd", RECORD, True),
        ("afwijken_onderbouwd", FOLLOWED, False),
        ("professional_beslist", FOLLOWED, None),
        ("regel_volgen", FOLLOWED, True),
        ("regel_volgen", RECORD, False),
        ("eerst_onderzoeken", {**RECORD, "besluit": "anders", "optie": "opt.onderzoek"}, True),
        ("eerst_onderzoeken", FOLLOWED, False),
        ("adviseren_aan_bevoegde", {**RECORD, "besluit": "anders", "optie": "opt.elders"}, True),
        ("lichter_middel", {**RECORD, "besluit": "lichter middel", "optie": "opt.elders"}, True),
        ("lichter_middel", {**RECORD, "besluit": "anders", "optie": "opt.elders"}, False),
        ("deur_ontbreekt", FOLLOWED, None),
    ],
)
def test_whether_advice_was_followed_is_told_where_it_advised_one_thing(advice: str, record: dict[str, Any], followed: bool | None) -> None:
    row = f'advies:\n  - {{uitkomst: {advice}, als: belastende_uitkomst, tekst: "Zo luidt het advies."}}\n'
    text = REVERSED.replace("advies:\n", row).replace(
        "opties:", 'opties:\n  - {id: opt.onderzoek, soort: eerst onderzoeken, bron: art. 1, tekst: "Zoek het uit."}'
    )
    decision = decide(weighed(FACTS, book=reversed_law(text)), record)
    assert decision.assessment.second.advice == advice
    assert decision.followed is followed


def test_a_given_outcome_can_be_decided_on_as_well() -> None:
    case = weighed({"aangenomen": True, "ernstig": judged(False)}, regeling="wet", regeluitkomst=given("wet.58"))
    precedent = kept(RECORD, case)
    assert precedent is not None
    assert precedent.grounds == ("wet.58",)
