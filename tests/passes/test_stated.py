# SPDX-License-Identifier: EUPL-1.2
"""What people state beside the facts: effects, options, costs, evidence; and what the reversed test does with it."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as forall, strategies as st

from engine.model.problems import RulesError
from engine.model.values import CauseKind, Unknown
from engine.passes.precedents import read_precedents
from engine.rationale.build import rationale
from tests.helpers import DAY, judged, refusals
from tests.passes.reversed_law import BOOK, REVERSED, SAID, effect, reversed_law, weighed

REFUSED = {"a": False, "b": False, "c": False}


# --- effects ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "serious", "floor"),
    [
        ({}, True, True),
        ({"ernst": "onomkeerbaar"}, True, True),
        ({"ernst": "licht"}, False, False),
        ({"richting": "bevordert"}, False, False),
        ({"waarde": "wet.doel"}, True, False),
        ({"optie": "opt.elders"}, False, False),
        ({"zekerheid": "aannemelijk"}, True, True),
    ],
)
def test_serious_harm_by_the_rule_outcome_is_a_word_and_harm_to_a_floor_another(change: dict[str, Any], serious: bool, floor: bool) -> None:
    words = weighed(REFUSED, effecten=[effect(**change)]).second.words
    assert (words["ernstig_gevolg"], words["vloer_geraakt"]) == (serious, floor)


def test_a_suspicion_alone_is_an_open_judgement_and_never_counts_as_false() -> None:
    words = weighed(REFUSED, effecten=[effect(zekerheid="vermoed")]).second.words
    assert isinstance(words["ernstig_gevolg"], Unknown)
    assert {cause.kind for cause in words["ernstig_gevolg"].causes} == {CauseKind.JUDGEMENT}


def test_a_deviation_that_harms_somebody_in_the_household_is_never_advised() -> None:
    facts = {**REFUSED, "aangenomen": True, "ernstig": judged(False)}
    assert weighed(facts).second.advice == "afwijken_onderbouwd"
    harm = effect(optie="optie.wet.deur", ernst="licht")
    assert weighed(facts, effecten=[harm]).second.advice == "professional_beslist"
    assert weighed(facts, effecten=[{**harm, "wie": "derden"}]).second.advice == "afwijken_onderbouwd"


def test_the_option_through_a_door_with_the_longest_id_that_there_can_be_is_named_as_any_other() -> None:
    longest = "wet." + "d" * 196
    book = reversed_law(REVERSED.replace("wet.deur", longest))
    facts = {**REFUSED, "aangenomen": True, "ernstig": judged(False)}
    harm = effect(optie=f"optie.{longest}", ernst="licht")
    assert weighed(facts, book=book, effecten=[harm]).second.advice == "professional_beslist"


def test_of_everybody_in_the_household_it_is_asked_what_a_burdening_outcome_means_children_first() -> None:
    household = {**REFUSED, "aanvrager": {"geboortedatum": "1990-01-01"}, "kinderen": [{"geboortedatum": "2015-01-01"}, {}]}
    asked = weighed(household).second.effect_questions
    assert [question.whom for question in asked] == ["kinderen[0]", "kinderen[1]", "aanvrager"]
    assert [question.minor is True for question in asked] == [True, False, False]
    told = weighed(household, effecten=[effect(wie="kinderen[0]")]).second.effect_questions
    assert [question.whom for question in told] == ["kinderen[1]", "aanvrager"]


def test_nothing_is_asked_about_effects_of_a_plain_grant() -> None:
    assert weighed({"a": True, "b": False, "c": False, "aanvrager": {}}).second.effect_questions == ()


@pytest.mark.parametrize(
    ("effects", "result"),
    [([effect()], "indringend"), ([], "gewoon"), ([effect(zekerheid="vermoed")], None)],
)
def test_how_closely_to_weigh_follows_from_what_is_at_stake(effects: list[Any], result: str | None) -> None:
    found = weighed(REFUSED, effecten=effects).second.intensity
    assert found is not None
    assert (found.row.result if found.row else None) == result
    assert found.possible == (() if result else ("indringend", "gewoon"))


# --- options, evidence -----------------------------------------------------------------------------------------------


def test_an_option_that_a_professional_adds_stands_among_the_others() -> None:
    added = {"id": "eigen.optie", "tekst": "Betaal in delen.", "bron": "gesprek", "rol": "consulent", **SAID}
    second = weighed(REFUSED, opties=[added], effecten=[effect(optie="eigen.optie", richting="bevordert")]).second
    assert [option.id for option in second.options if option.added_by] == ["eigen.optie"]


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
    {"soort": "last", "niveau": "micro", "omschrijving": "schulden", "bron": "gesprek"},
    {"soort": "kracht", "niveau": "meso", "omschrijving": "een zus die helpt", "bron": "gesprek"},
    {"soort": "loonwaarde", "percentage": 60, "rapport": "R-1", "deskundige": "D. de Vries", "datum": DAY},
]


@forall(st.lists(st.sampled_from(EVIDENCE), max_size=4), st.sampled_from([True, False, None]))
def test_evidence_opens_and_closes_no_door_and_changes_no_advice(evidence: list[Any], open_door: bool | None) -> None:
    facts = {**REFUSED, **({} if open_door is None else {"aangenomen": open_door})}
    bare, with_evidence = weighed(facts).second, weighed(facts, instrumenten=evidence).second
    assert [door.state for door in with_evidence.doors] == [door.state for door in bare.doors]
    assert with_evidence.advice == bare.advice


def test_evidence_is_told_as_it_came_in() -> None:
    told = rationale(weighed(REFUSED, instrumenten=EVIDENCE))["instrumenten"]
    assert [item["soort"] for item in told] == ["zelfredzaamheid", "last", "kracht", "loonwaarde"]
    assert told[0]["niveau"] == 2
    assert told[3]["percentage"] == "60"


# --- costs and stars -------------------------------------------------------------------------------------------------


def cost(option: str, item: str, number: str, direction: str = "kost", **more: Any) -> dict[str, Any]:
    return {"optie": option, "post": item, "aantal": number, "richting": direction, **SAID, **more}


def test_costs_are_intervals_by_payer_and_a_saving_turns_the_bounds() -> None:
    # half a year of shelter costs 7,500 to 35,000 euros; a year of assistance saves 14,000 to 14,500.50.
    lines = [cost("opt.regel", "opvang", "0.5"), cost("opt.regel", "bijstand", "1", "bespaart")]
    (found,) = weighed(REFUSED, kosten=lines).second.costs
    assert (found.total.low, found.total.high) == (Fraction(750000 - 1450050), Fraction(3500000 - 1400000))
    by_payer = {payer: (int(i.low), int(i.high)) for payer, i in found.payers.items()}
    assert by_payer == {
        "gemeente": (750000, 3500000),
        "rijk": (-1450050, -1400000),
    }


def test_cheaper_is_said_only_where_the_intervals_do_not_overlap() -> None:
    apart = [cost("opt.elders", "bijstand", "1"), cost("opt.regel", "opvang", "1")]
    told = {one.option: one.cheaper_than for one in weighed(REFUSED, kosten=apart).second.costs}
    assert told == {"opt.elders": ("opt.regel",), "opt.regel": ()}
    meeting = [cost("opt.elders", "bijstand", "2"), cost("opt.regel", "opvang", "1")]
    assert all(one.cheaper_than == () for one in weighed(REFUSED, kosten=meeting).second.costs)


def test_what_a_municipality_entered_goes_before_what_comes_with_the_law() -> None:
    (found,) = weighed(REFUSED, gemeente="GM0001", kosten=[cost("opt.regel", "opvang", "1")]).second.costs
    assert (int(found.total.low), int(found.total.high)) == (2000000, 3000000)


costs = st.lists(
    st.builds(
        cost,
        st.sampled_from(["opt.regel", "opt.elders", "optie.wet.deur"]),
        st.sampled_from(["opvang", "bijstand"]),
        st.sampled_from(["0.5", "1", "12"]),
        st.sampled_from(["kost", "bespaart"]),
    ),
    max_size=4,
)


@forall(costs, st.sampled_from([True, False, None]), st.sampled_from([True, False, None]))
def test_costs_alone_change_neither_a_door_nor_the_advice(lines: list[Any], open_door: bool | None, suitable: bool | None) -> None:
    facts: dict[str, Any] = dict(REFUSED)
    facts |= {} if open_door is None else {"aangenomen": open_door}
    facts |= {} if suitable is None else {"ernstig": judged(suitable)}
    bare, priced = weighed(facts).second, weighed(facts, kosten=lines).second
    assert (priced.advice, priced.possible, priced.causes, priced.words) == (bare.advice, bare.possible, bare.causes, bare.words)
    assert [door.state for door in priced.doors] == [door.state for door in bare.doors]


def test_stars_come_from_the_ordinance_of_the_municipality_and_change_nothing() -> None:
    here, elsewhere = weighed(REFUSED, gemeente="GM0001"), weighed(REFUSED)
    assert {value: star.count for value, star in here.second.stars.items()} == {"wet.vangnet": 3}
    assert elsewhere.second.stars == {}
    assert here.second.advice == elsewhere.second.advice
    value = next(item for item in rationale(here)["waardenVanDeWet"] if item["id"] == "wet.vangnet")
    assert value["sterren"] == {"aantal": 3, "bron": "art. 2", "verordening": "Verordening"}


def test_an_empty_corner_of_the_value_triangle_shows() -> None:
    assert weighed(REFUSED).second.empty_corners == ("betrokken", "rendement")
    assert weighed(REFUSED, effecten=[effect()]).second.empty_corners == ("rendement",)


# --- earlier decisions -----------------------------------------------------------------------------------------------


def decided(number: str, *, granted: bool, day: str = "2025-03-01", **signals: Any) -> bytes:
    record = {
        "id": number,
        "datum": day,
        "regeling": "wet",
        "gronden": ["wet.1"],
        "deur": "wet.deur",
        "kenmerken": signals,
        "afgeweken": granted,
        "motief": "zo besloten",
    }
    return json.dumps(record).encode() + b"\n"


OPEN = {**REFUSED, "aangenomen": True, "ernstig": judged(False), "leefvorm": "alleen"}


def test_the_nearest_decision_that_deviated_and_the_nearest_that_did_not_are_shown() -> None:
    lines = decided("p1", granted=False, a=False, leefvorm="samen") + decided("p2", granted=False, a=False, leefvorm="alleen")
    lines += decided("p3", granted=True, a=True) + decided("p4", granted=True, a=False)
    compared = weighed(OPEN, precedents=lines).second.compared
    assert compared is not None
    assert compared.count == 4
    assert compared.refused is not None
    assert compared.granted is not None
    assert (compared.refused.precedent.id, compared.refused.same) == ("p2", ("a", "leefvorm"))
    assert compared.granted.precedent.id == "p4"


def many(count: int, **more: Any) -> bytes:
    lines = [json.loads(decided(f"p{number}", granted=True, a=False)) for number in range(count)]
    return b"".join(json.dumps({**line, **more}).encode() + b"\n" for line in lines)


@pytest.mark.parametrize(
    ("register", "often"),
    [
        (many(5), {"wet.deur": 5}),
        (many(4), {}),
        (many(5, status="herzien"), {}),
        (many(5, afgeweken=False), {}),
        (many(5, gronden=["wet.2"]), {}),
        (many(5, deur="wet.andere"), {}),
    ],
)
def test_a_deviation_that_comes_back_five_times_through_a_door_that_may_open_is_told(register: bytes, often: dict[str, int]) -> None:
    second = weighed(OPEN, precedents=register).second
    assert second.compared is not None
    assert second.compared.recurring == often
    assert second.words["afwijking_keert_terug"] is bool(often)


def test_without_earlier_decisions_no_deviation_comes_back() -> None:
    assert weighed(OPEN).second.words["afwijking_keert_terug"] is False


def test_deciding_otherwise_than_a_case_that_nothing_tells_apart_waits_for_the_difference() -> None:
    same = decided("p1", granted=False, a=False, leefvorm="alleen", ernstig=False)
    clashing = weighed(OPEN, precedents=same).second
    assert clashing.words["precedent_botst"] is True
    assert clashing.advice == "professional_beslist"
    explained = [{"precedent": "p1", "verschil": "Er is nu een kind.", **SAID}]
    assert weighed(OPEN, precedents=same, precedentVerschillen=explained).second.advice == "afwijken_onderbouwd"
    assert weighed({**OPEN, "leefvorm": "samen"}, precedents=same).second.advice == "afwijken_onderbouwd"


def test_a_fact_that_could_tell_two_cases_apart_and_is_missing_is_asked() -> None:
    same = decided("p1", granted=False, a=False, leefvorm="alleen")
    found = weighed({name: value for name, value in OPEN.items() if name != "leefvorm"}, precedents=same)
    assert found.second.advice == "eerst_onderzoeken"
    assert "leefvorm" in [question.path for question in found.follow_up]


def test_only_facts_that_the_law_declares_are_compared() -> None:
    compared = weighed({**OPEN, "plaats": "Delft"}, precedents=decided("p1", granted=False, plaats="Delft")).second.compared
    assert compared is not None
    assert compared.refused is not None
    assert compared.refused.same == ()


@pytest.mark.parametrize("change", [{"gronden": ["wet.2"]}, {"deur": "wet.maat"}, {"status": "herzien"}])
def test_another_ground_another_door_or_a_revised_decision_is_no_precedent(change: dict[str, Any]) -> None:
    record = {**json.loads(decided("p1", granted=False)), **change}
    compared = weighed(OPEN, precedents=json.dumps(record).encode()).second.compared
    assert compared is not None
    assert compared.count == 0


@forall(st.permutations(["p1", "p2", "p3"]))
def test_the_order_of_earlier_decisions_changes_nothing(order: list[str]) -> None:
    lines = {name: decided(name, granted=name == "p2", a=False) for name in order}
    told = rationale(weighed(OPEN, precedents=b"".join(lines[name] for name in order)))
    assert told == rationale(weighed(OPEN, precedents=b"".join(lines[name] for name in sorted(order))))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{", "geen JSON"),
        (b'{"id": "p1"}', "datum"),
        (decided("p1", granted=True) * 2, "staat ook op regel 1"),
        (b'{"id": "p1", "naam": "Jan"}', "naam"),
    ],
)
def test_a_file_of_earlier_decisions_that_is_wrong_is_refused_with_its_line(line: bytes, words: str) -> None:
    with pytest.raises(RulesError) as caught:
        read_precedents(line, "besluiten.jsonl")
    assert any(words in problem.cause for problem in caught.value.problems)
    assert {problem.code for problem in caught.value.problems} == {"TS-K01"}


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "code", "pointer"),
    [
        ({"effecten": [effect(optie="opt.bestaat_niet")]}, "TS-Z11", "/effecten/0/optie"),
        ({"effecten": [effect(waarde="wet.niets")]}, "TS-Z11", "/effecten/0/waarde"),
        ({"effecten": [effect(wie="buurvrouw")]}, "TS-Z11", "/effecten/0/wie"),
        ({"effecten": [effect(wie="kinderen[0]")]}, "TS-Z11", "/effecten/0/wie"),
        ({"effecten": [effect(ernst="enorm")]}, "TS-Z11", "/effecten/0/ernst"),
        ({"effecten": [effect(gesteldOp="gisteren")]}, "TS-Z11", "/effecten/0/gesteldOp"),
        ({"effecten": [effect(bron="  ")]}, "TS-Z04", "/effecten/0/bron"),
        ({"effecten": effect()}, "TS-Z14", "/effecten"),
        ({"effecten": ["erg"]}, "TS-Z14", "/effecten/0"),
        ({"kosten": [cost("opt.regel", "paleis", "1")]}, "TS-Z11", "/kosten/0/post"),
        ({"kosten": [cost("opt.regel", "opvang", "-1")]}, "TS-Z11", "/kosten/0/aantal"),
        ({"instrumenten": [{**EVIDENCE[0], "niveau": 6}]}, "TS-Z11", "/instrumenten/0/niveau"),
        ({"instrumenten": [{**EVIDENCE[0], "tekst": "criteria"}]}, "TS-Z02", "/instrumenten/0/tekst"),
        ({"instrumenten": [{"soort": "iq"}]}, "TS-Z11", "/instrumenten/0/soort"),
        ({"instrumenten": [{**EVIDENCE[3], "percentage": 101}]}, "TS-Z11", "/instrumenten/0/percentage"),
        ({"deuren": [{}]}, "TS-Z04", "/deuren/0/id"),
        ({"opties": [{"id": "x", "tekst": "t", "bron": "b", "rol": "r", **SAID}] * 2}, "TS-Z11", "/opties/1/id"),
    ],
)
def test_what_is_wrong_in_a_statement_is_refused_at_its_place(more: dict[str, Any], code: str, pointer: str) -> None:
    problems = refusals(BOOK, {"aanspraak": "wet/aanspraak", "peildatum": DAY, **more})
    assert (code, pointer) in [(p.code, p.place.pointer) for p in problems]


def test_mistakes_in_statements_come_together_with_those_in_the_facts() -> None:
    problems = refusals(
        BOOK, {"aanspraak": "wet/aanspraak", "peildatum": DAY, "gegevens": {"bestaat_niet": 1}, "effecten": [effect(ernst="x")]}
    )
    assert {p.place.pointer for p in problems} == {"/gegevens/bestaat_niet", "/effecten/0/ernst"}


@pytest.mark.parametrize(
    "name", ["nationaliteit", "aanvrager.postcode", "geslacht", "partner.voornaam", "naam", "aanvrager.geboorteland", "naam_van_partner"]
)
def test_who_somebody_is_can_never_be_declared_relevant(name: str) -> None:
    text = REVERSED.replace("[a, leefvorm, ernstig]", f"[a, {name}]")
    with pytest.raises(RulesError) as caught:
        reversed_law(text)
    assert {problem.code for problem in caught.value.problems} == {"TS-R04"}
