# SPDX-License-Identifier: EUPL-1.2
"""The reversed test as a thin line: what must hold for every case of the law that ships."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from engine.passes.assess import Assessment, assess
from engine.passes.second import PROFESSIONAL
from tests.law import example, law

JUDGED = (
    "gevolg_levensbedreigend",
    "gevolg_ernstig_voor_gezondheid",
    "geen_alternatief",
    "uitkomst_geschikt",
    "uitkomst_noodzakelijk",
    "uitkomst_evenwichtig",
    "waarde_van_de_wet_verloren",
    "belang_kind_gewogen",
    "lichter_middel_bereikt_doel",
    "zeer_bijzondere_situatie",
    "aandeel_overheid",
)


def judged(value: bool) -> dict[str, Any]:
    return {"waarde": value, "door": "p", "rol": "consulent", "datum": "2026-09-01", "reden": "omdat"}


def refused(**judgements: bool | None) -> Assessment:
    claim = example("2-")
    for name in JUDGED:
        claim["gegevens"].pop(name, None)
    for name, value in judgements.items():
        if value is not None:
            claim["gegevens"][name] = judged(value)
    return assess(claim, law())


cases = st.fixed_dictionaries({name: st.sampled_from([True, False, None]) for name in JUDGED})


@given(cases)
def test_no_deviation_is_advised_while_a_blocking_ground_lacks_an_open_door(judgements: dict[str, bool | None]) -> None:
    assessment = refused(**judgements)
    if assessment.second.advice == "afwijken_onderbouwd":
        opened = {rule for door in assessment.second.doors if door.state == "open" for rule in door.lifts}
        assert {rule for item in assessment.first.grounds for rule in item.rules} <= opened


@given(cases)
def test_where_a_trigger_fired_there_are_two_options_and_the_rule_outcome_is_one(judgements: dict[str, bool | None]) -> None:
    second = refused(**judgements).second
    assert second.reason_seen is True
    assert len(second.options) >= 2
    assert [option.sort for option in second.options].count("regeluitkomst") == 1


@given(cases, st.sampled_from(JUDGED))
def test_an_open_judgement_is_never_more_certain_than_its_answers(judgements: dict[str, bool | None], hidden: str) -> None:
    open_case = refused(**{**judgements, hidden: None}).second
    if not open_case.causes:
        for answer in (True, False):
            assert refused(**{**judgements, hidden: answer}).second.advice == open_case.advice


@given(cases)
def test_a_fault_of_the_authority_never_moves_the_advice_towards_the_rule(judgements: dict[str, bool | None]) -> None:
    without = refused(**{**judgements, "aandeel_overheid": False}).second.advice
    with_fault = refused(**{**judgements, "aandeel_overheid": True}).second.advice
    if with_fault == "regel_volgen":
        assert without == "regel_volgen"


def test_a_plain_grant_records_that_no_reason_was_seen_and_needs_no_options_but_the_rule() -> None:
    second = assess(example("1-"), law()).second
    assert second.reason_seen is False
    assert second.advice == "regel_volgen"
    assert [option.sort for option in second.options] == ["regeluitkomst"]
    assert second.doors == ()


def test_a_door_is_not_open_before_it_is_valid() -> None:
    assessment = refused(gevolg_levensbedreigend=True, geen_alternatief=True)
    (door,) = [door for door in assessment.second.doors if door.door.decl.id == "pw.deur.16.1"]
    assert door.state == "open"
    assert door.door.decl.valid_from <= assessment.claim.day


def test_the_legs_of_proportionality_are_asked_of_a_professional_and_never_of_the_client() -> None:
    asked = {question.path: question.source for question in refused().follow_up}
    assert asked["uitkomst_evenwichtig"] == "professional"
    assert set(asked.values()) == {"professional"}


def test_only_judgements_open_means_that_a_professional_decides() -> None:
    assert refused().second.advice == PROFESSIONAL


@pytest.mark.parametrize(("term", "value", "blocked"), [("kort", "pw.vangnet", True), ("kort", None, None)])
def test_a_wanted_effect_that_belongs_to_a_value_of_the_law_is_a_trigger(term: str, value: str | None, blocked: bool | None) -> None:
    claim = example("2-")
    claim["beoogdeEffecten"][0]["termijn"] = term
    claim["beoogdeEffecten"][0].pop("waarde", None)
    if value:
        claim["beoogdeEffecten"][0]["waarde"] = value
    seen = {item.trigger.decl.id: item.truth for item in assess(claim, law()).second.triggers}
    assert (seen["t2"] if isinstance(seen["t2"], bool) else None) is blocked


def test_the_same_facts_give_the_same_assessment_whatever_their_order() -> None:
    claim = example("2-")
    turned = {**claim, "gegevens": dict(reversed(list(claim["gegevens"].items())))}
    one, other = assess(claim, law()), assess(turned, law())
    assert (one.first, one.second.advice, one.second.options) == (other.first, other.second.advice, other.second.options)
