# SPDX-License-Identifier: EUPL-1.2
"""A claim is taken whole or refused whole: every mistake with its pointer and code, all at once, and never a crash."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st

from engine.model.claim import Received, Standing
from engine.model.problems import MAX_PROBLEMS, ClaimError, Place, Problem
from engine.model.values import GEEN, Cause, CauseKind, Duration, ListValue, Unknown
from engine.passes.assess import assess
from engine.passes.facts_given import MAX_ITEMS
from engine.passes.intake import read_claim
from engine.passes.values_given import MAX_TEXT
from tests.helpers import FACTS, accepted, book, claim, judged, refusals

AMOUNT = "norm: {bron: art. 1, eenheid: EUR per maand, ingevoerd tot en met: 2026-12-31, waarden: {2026-01-01: 100}}"
KAN = "- {id: wet.1, bron: art. 1, bepaalt: mag, modaliteit: kan, als: a, keuze van: [consulent]}"
LAW = book(
    KAN + "\n- {id: wet.2, bron: art. 2, bepaalt: uit, waarde: norm}",
    amounts=AMOUNT,
    facts=FACTS.replace(
        "  n: {soort: geheel getal}", "  n: {soort: geheel getal}\n  kamers: {soort: geheel getal, ten minste: 1, ten hoogste: 20}"
    ).replace(
        "  dag_twee: {soort: datum}",
        "  dag_twee: {soort: datum, ten minste: 2020-01-01, ten hoogste: 2030-12-31}\n  gebeurd: {soort: datum, ten hoogste: peildatum}",
    ),
)
EFFECT = {
    "persoon": "aanvrager",
    "leefgebied": "wonen",
    "omschrijving": "ik wil hier blijven wonen",
    "termijn": "kort",
    "gesteldDoor": "aanvrager",
    "gesteldOp": "2026-07-01",
}


def told(data: Any) -> list[tuple[str | None, str]]:
    return [(problem.place.pointer, problem.code) for problem in refusals(LAW, data)]


def value(**facts: Any) -> Any:
    (name,) = facts
    return accepted(LAW, claim(facts)).facts[name]


# --- the claim itself ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [None, [], "tekst", 3, True])
def test_a_claim_is_an_object(data: Any) -> None:
    assert told(data) == [("", "TS-Z01")]


def test_an_empty_claim_is_told_what_it_lacks() -> None:
    assert told({}) == [("/aanspraak", "TS-Z04"), ("/peildatum", "TS-Z04")]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"peildatun": "2026-07-01"}, "/peildatun", "TS-Z02"),
        ({"a/b~c": 1}, "/a~1b~0c", "TS-Z02"),
        ({"gemeente": None}, "/gemeente", "TS-Z03"),
        ({"aanspraak": "wet/aanspraken"}, "/aanspraak", "TS-Z05"),
        ({"aanspraak": ["wet/aanspraak"]}, "/aanspraak", "TS-Z04"),
        ({"gegevens": [1]}, "/gegevens", "TS-Z06"),
        ({"gegevens": "a"}, "/gegevens", "TS-Z06"),
        ({"peildatum": "2019-12-31"}, "/peildatum", "TS-Z07"),
        ({"peildatum": "1849-12-31"}, "/peildatum", "TS-Z08"),
        ({"peildatum": "1850-01-01"}, "/peildatum", "TS-Z07"),
        ({"peildatum": "2201-01-01"}, "/peildatum", "TS-Z08"),
        ({"peildatum": "2026-02-30"}, "/peildatum", "TS-Z08"),
        ({"peildatum": "2026-7-1"}, "/peildatum", "TS-Z08"),
        ({"peildatum": "01-07-2026"}, "/peildatum", "TS-Z08"),
        ({"peildatum": "2026-07-01T00:00:00"}, "/peildatum", "TS-Z08"),
        ({"peildatum": "\u0662\u0660\u0662\u0666-\u0660\u0667-\u0660\u0661"}, "/peildatum", "TS-Z08"),
        ({"peildatum": 20260701}, "/peildatum", "TS-Z04"),
        ({"gemeente": "0344"}, "/gemeente", "TS-Z09"),
        ({"gemeente": "GM034"}, "/gemeente", "TS-Z09"),
        ({"gemeente": "GM\u0660\u0663\u0664\u0664"}, "/gemeente", "TS-Z09"),
        ({"gemeente": 344}, "/gemeente", "TS-Z09"),
        ({"beoogdeEffecten": {}}, "/beoogdeEffecten", "TS-Z10"),
    ],
)
def test_a_claim_with_this_is_refused(change: dict[str, Any], pointer: str, code: str) -> None:
    assert (pointer, code) in told({**claim(), **change})


def test_before_the_first_version_the_refusal_names_its_date() -> None:
    (problem,) = refusals(LAW, claim(day="2019-12-31"))
    assert "2020-01-01" in problem.cause


def test_after_the_last_amount_the_claim_is_taken_and_the_amount_is_unknown() -> None:
    found = assess(claim({"a": False}, "2027-01-01"), LAW)
    assert found.state.out["wet.aanspraak.uit"] == Unknown.because(CauseKind.AMOUNT, "norm")


def test_a_word_that_is_nearly_right_gets_a_hint() -> None:
    (problem,) = refusals(LAW, {**claim(), "gegevns": {}})
    assert problem.remedy == "Bedoelde u `gegevens`?"
    (problem,) = refusals(LAW, claim({"leefvrm": "alleen"}))
    assert problem.remedy == "Bedoelde u `leefvorm`?"
    (problem,) = refusals(LAW, claim({"student": True}))
    assert problem.remedy == "Schrijf het bij de persoon: aanvrager -> student."
    (problem,) = refusals(LAW, claim({"aanvrager.student": True}))
    assert problem.remedy == "Schrijf `student` in het object `aanvrager`."


def test_all_mistakes_are_told_at_once_in_the_order_of_their_pointers() -> None:
    facts = {"a": 1, "n": None, "loon": True, "kinderen": [{"kosten": -1}, 3], "aanvrager": {"studnt": True}, "ernstig": True}
    assert told({**claim(facts), "extra": 1}) == [
        ("/extra", "TS-Z02"),
        ("/gegevens/a", "TS-Z20"),
        ("/gegevens/aanvrager/studnt", "TS-Z12"),
        ("/gegevens/ernstig", "TS-Z18"),
        ("/gegevens/kinderen/0/kosten", "TS-Z21"),
        ("/gegevens/kinderen/1", "TS-Z14"),
        ("/gegevens/loon", "TS-Z20"),
        ("/gegevens/n", "TS-Z03"),
    ]


def test_a_flood_of_mistakes_is_cut_off() -> None:
    found = told(claim({f"onbekend_{n}": 1 for n in range(5_000)}))
    assert (len(found), found[-1]) == (MAX_PROBLEMS + 1, ("", "TS-Z24"))


def test_without_a_usable_peildatum_the_facts_are_held_against_today() -> None:
    facts = {"n": "drie", "aanvrager": {"geboortedatum": "2190-01-01"}, "partner": {"geboortedatum": "1990-01-01"}, "gebeurd": "2020-01-01"}
    wrong = [("/gegevens/aanvrager/geboortedatum", "TS-Z21"), ("/gegevens/n", "TS-Z20")]
    for day, code in (("1850-06-01", "TS-Z07"), ("1849-12-31", "TS-Z08"), ("morgen", "TS-Z08")):
        assert told(claim(facts, day=day)) == [*wrong, ("/peildatum", code)]


def test_without_an_aanspraak_what_stands_beside_the_facts_is_looked_at() -> None:
    data = {"peildatum": "morgen", "gegevens": {"zomaar": 1}, "beoogdeEffecten": [{**EFFECT, "termijn": "ooit", "waarde": "pw.vangnet"}]}
    assert told(data) == [("/aanspraak", "TS-Z04"), ("/beoogdeEffecten/0/termijn", "TS-Z11"), ("/peildatum", "TS-Z08")]


def test_a_value_that_is_wrong_does_not_hide_what_is_wrong_beside_it() -> None:
    facts = {"n": {"waarde": "drie", "datum": "gisteren"}, "ernstig": {"waarde": 3, "door": 5, "rol": "buurman"}, "keuze(wet.1)": 3}
    assert told(claim(facts)) == [
        ("/gegevens/ernstig/datum", "TS-Z18"),
        ("/gegevens/ernstig/door", "TS-Z18"),
        ("/gegevens/ernstig/reden", "TS-Z18"),
        ("/gegevens/ernstig/rol", "TS-Z19"),
        ("/gegevens/ernstig/waarde", "TS-Z20"),
        ("/gegevens/keuze(wet.1)", "TS-Z18"),
        ("/gegevens/keuze(wet.1)", "TS-Z20"),
        ("/gegevens/n/datum", "TS-Z08"),
        ("/gegevens/n/waarde", "TS-Z20"),
    ]


def unread(*pointers: str) -> Received:
    """A claim with something at these pointers (of facts, or of a wanted effect) that could not be read."""
    data: Any = {**claim(), "beoogdeEffecten": [dict(EFFECT)]}
    for pointer in pointers:
        *way, last = (int(part) if part.isdigit() else part for part in pointer.split("/")[1:])
        target = data
        for part in way:
            target = target[part] if isinstance(part, int) else target.setdefault(part, {})
        target[last] = None
    problems = tuple(Problem("TS-J06", Place(pointer=pointer), "Dit is geen getal.") for pointer in pointers)
    return Received(data, problems, frozenset(pointers))


@pytest.mark.parametrize(
    "pointer",
    [
        "/aanspraak",
        "/peildatum",
        "/gemeente",
        "/gegevens",
        "/beoogdeEffecten",
        "/beoogdeEffecten/0",
        *(f"/beoogdeEffecten/0/{key}" for key in (*EFFECT, "waarde", "naUitkomst")),
        *(f"/gegevens/{name}" for name in ("n", "ernstig", "aanvrager", "partner", "kinderen", "keuze(wet.1)")),
        "/gegevens/aanvrager/inkomen",
        "/gegevens/n/waarde",
        "/gegevens/kinderen/items",
    ],
)
def test_of_a_value_that_could_not_be_read_nothing_more_is_said(pointer: str) -> None:
    assert told(unread(pointer)) == [(pointer, "TS-J06")]


def test_what_could_not_be_read_beside_a_value_is_told_once() -> None:
    details = ("door", "rol", "datum", "reden")
    received = unread("/gegevens/ernstig/waarde", *(f"/gegevens/ernstig/{key}" for key in details))
    assert [code for _, code in told(received)] == ["TS-J06"] * 5


def test_of_a_name_that_is_not_known_it_is_told_as_well() -> None:
    found = told(unread("/zomaar", "/gegevens/zomaar", "/gegevens/aanvrager/zomaar", "/gegevens/n/zomaar"))
    assert found == [
        ("/gegevens/aanvrager/zomaar", "TS-J06"),
        ("/gegevens/aanvrager/zomaar", "TS-Z12"),
        ("/gegevens/n", "TS-Z16"),
        ("/gegevens/n/zomaar", "TS-J06"),
        ("/gegevens/zomaar", "TS-J06"),
        ("/gegevens/zomaar", "TS-Z12"),
        ("/zomaar", "TS-J06"),
        ("/zomaar", "TS-Z02"),
    ]


def test_a_claim_that_is_nothing_but_a_value_that_could_not_be_read_is_refused() -> None:
    assert told(Received(None, (Problem("TS-J06", Place(pointer=""), "`NaN` is geen getal."),), frozenset({""}))) == [("", "TS-J06")]


def test_a_flood_of_mistakes_of_writing_is_cut_off_too() -> None:
    problems = tuple(Problem("TS-J06", Place(pointer=f"/gegevens/x{n}"), "Dit is geen getal.") for n in range(5_000))
    assert len(told(Received(claim(), problems))) == MAX_PROBLEMS + 1


# --- facts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"a": True}, True),
        ({"a": "nee"}, False),
        ({"n": 3}, 3),
        ({"n": "3"}, 3),
        ({"n": 3.0}, 3),
        ({"n": -0.0}, 0),
        ({"m": "geen"}, GEEN),
        ({"x": 0.1}, Fraction(1, 10)),
        ({"x": Decimal("0.1")}, Fraction(1, 10)),
        ({"x": "-2.50"}, Fraction(-5, 2)),
        ({"x": 1e3}, 1000),
        ({"x": 1e-7}, Fraction(1, 10_000_000)),
        ({"deel": "12.5%"}, Fraction(1, 8)),
        ({"loon": 1419}, 141900),
        ({"loon": 1419.46}, 141946),
        ({"loon": "1419.46"}, 141946),
        ({"loon": Decimal("1419.4600")}, 141946),
        ({"loon": 0}, 0),
        ({"dag_een": "2026-07-01"}, date(2026, 7, 1)),
        ({"termijn": 28}, Duration(days=28)),
        ({"termijn": "4 weken"}, Duration(days=28)),
        ({"leefvorm": "samen"}, "samen"),
        ({"plaats": "Den Haag"}, "Den Haag"),
        ({"a": {"waarde": True, "herkomst": "BRP", "datum": "2026-07-01"}}, True),
    ],
)
def test_a_value_is_read_exactly(facts: dict[str, Any], expected: Any) -> None:
    found = value(**facts)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"a": 1}, "TS-Z20"),
        ({"a": 0}, "TS-Z20"),
        ({"a": "true"}, "TS-Z20"),
        ({"a": "geen"}, "TS-Z20"),
        ({"a": []}, "TS-Z20"),
        ({"n": True}, "TS-Z20"),
        ({"n": 3.5}, "TS-Z20"),
        ({"n": "drie"}, "TS-Z20"),
        ({"n": -1}, "TS-Z21"),
        ({"n": 10**30}, "TS-Z20"),
        ({"n": "\u0663"}, "TS-Z20"),
        ({"n": ""}, "TS-Z20"),
        ({"n": " 3"}, "TS-Z20"),
        ({"n": b"3"}, "TS-Z20"),
        ({"kamers": 0}, "TS-Z21"),
        ({"kamers": 21}, "TS-Z21"),
        ({"x": float("nan")}, "TS-Z20"),
        ({"x": float("inf")}, "TS-Z20"),
        ({"x": -float("inf")}, "TS-Z20"),
        ({"x": Decimal("NaN")}, "TS-Z20"),
        ({"x": Decimal("sNaN")}, "TS-Z20"),
        ({"x": Decimal("Infinity")}, "TS-Z20"),
        ({"x": Decimal("1e400")}, "TS-Z20"),
        ({"x": Decimal("1e-400")}, "TS-Z20"),
        ({"x": Decimal(10**40)}, "TS-Z20"),
        ({"x": 1e300}, "TS-Z20"),
        ({"x": "1e3"}, "TS-Z20"),
        ({"x": "1.419,46"}, "TS-Z20"),
        ({"x": "1,5"}, "TS-Z20"),
        ({"x": "9" * 100_000}, "TS-Z20"),
        ({"deel": 40}, "TS-Z20"),
        ({"deel": 0.4}, "TS-Z20"),
        ({"deel": "40"}, "TS-Z20"),
        ({"deel": "40 %"}, "TS-Z20"),
        ({"loon": True}, "TS-Z20"),
        ({"loon": 10.005}, "TS-Z20"),
        ({"loon": "€ 10"}, "TS-Z20"),
        ({"loon": -0.01}, "TS-Z21"),
        ({"loon": [10]}, "TS-Z20"),
        ({"dag_een": 20260701}, "TS-Z20"),
        ({"dag_een": "2026-02-29"}, "TS-Z20"),
        ({"dag_een": "1849-01-01"}, "TS-Z21"),
        ({"dag_een": "2201-01-01"}, "TS-Z21"),
        ({"dag_twee": "2019-12-31"}, "TS-Z21"),
        ({"dag_twee": "2031-01-01"}, "TS-Z21"),
        ({"termijn": "²"}, "TS-Z20"),
        ({"termijn": "2 maanden"}, "TS-Z20"),
        ({"termijn": "-3"}, "TS-Z20"),
        ({"leefvorm": "getrouwd"}, "TS-Z20"),
        ({"leefvorm": 3}, "TS-Z20"),
        ({"leefvorm": ["alleen"]}, "TS-Z20"),
        ({"plaats": 3}, "TS-Z20"),
        ({"plaats": "geen"}, "TS-Z20"),
        ({"plaats": "a" * (MAX_TEXT + 1)}, "TS-Z14"),
        ({"plaats": "\ud800"}, "TS-Z14"),
        ({"plaats": "a\x00b"}, "TS-Z14"),
        ({"aanvrager": "geen"}, "TS-Z13"),
        ({"aanvrager": True}, "TS-Z14"),
        ({"partner": []}, "TS-Z14"),
        ({"peildatum": "2026-07-01"}, "TS-Z12"),
        ({"volwassenen": []}, "TS-Z12"),
        ({"uit": 3}, "TS-Z12"),
        ({"keuze(wet.9)": True}, "TS-Z12"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(facts: dict[str, Any], code: str) -> None:
    (name,) = facts
    assert told(claim(facts)) == [(f"/gegevens/{name}", code)]


def test_what_was_given_is_not_echoed_at_length() -> None:
    (problem,) = refusals(LAW, claim({"x": "9" * 100_000}))
    assert len(str(problem)) < 500


def test_what_has_not_happened_yet_cannot_be_told() -> None:
    data = claim({"gebeurd": "2026-07-16"}, day="2026-07-15")
    assert told(data) == [("/gegevens/gebeurd", "TS-Z21")]
    assert accepted(LAW, claim({"gebeurd": "2026-07-15"}, day="2026-07-15")).facts["gebeurd"] == date(2026, 7, 15)


@pytest.mark.parametrize("born", ["2026-07-16", "1895-07-15"])
def test_a_birth_after_the_peildatum_or_too_long_before_it_is_refused(born: str) -> None:
    assert told(claim({"aanvrager": {"geboortedatum": born}})) == [("/gegevens/aanvrager/geboortedatum", "TS-Z21")]


def test_somebody_may_be_born_on_the_peildatum() -> None:
    assert accepted(LAW, claim({"aanvrager": {"geboortedatum": "2026-07-15"}})).facts["aanvrager.geboortedatum"] == date(2026, 7, 15)


def test_what_is_not_given_is_unknown_and_never_false_or_zero() -> None:
    facts = accepted(LAW, claim()).facts
    assert facts["a"] == Unknown.because(CauseKind.FACT, "a")
    assert facts["ernstig"] == Unknown.because(CauseKind.JUDGEMENT, "ernstig")
    assert facts["keuze(wet.1)"] == Unknown.because(CauseKind.CHOICE, "keuze(wet.1)")
    assert facts["partner.inkomen"] == Unknown.because(CauseKind.FACT, "partner")
    assert facts["aanvrager"] is True


def test_an_assumption_is_listed_until_the_fact_is_given() -> None:
    assert accepted(LAW, claim()).assumed == ("aangenomen",)
    assert accepted(LAW, claim({"aangenomen": False})).assumed == ()


def test_no_partner_means_that_every_fact_about_one_is_geen() -> None:
    facts = accepted(LAW, claim({"partner": "geen"})).facts
    assert facts["partner"] is GEEN
    assert facts["partner.inkomen"] is GEEN


def test_a_partner_who_is_there_has_facts_of_his_own_that_may_be_unknown() -> None:
    facts = accepted(LAW, claim({"partner": {"student": True}})).facts
    assert facts["partner.student"] is True
    assert facts["partner.inkomen"] == Unknown(frozenset({Cause(CauseKind.FACT, "partner.inkomen")}))


def test_a_fact_carries_its_origin_and_its_date() -> None:
    found = accepted(LAW, claim({"n": {"waarde": 3, "herkomst": "BRP", "datum": "2026-07-01"}})).given["n"]
    assert (found.value, found.origin, found.day, found.standing) == (3, "BRP", date(2026, 7, 1), Standing.GIVEN)


@pytest.mark.parametrize(
    ("wrapped", "pointer", "code"),
    [
        ({}, "", "TS-Z16"),
        ({"value": 3}, "", "TS-Z16"),
        ({"waarde": None}, "/waarde", "TS-Z03"),
        ({"waarde": True}, "/waarde", "TS-Z20"),
        ({"waarde": {"waarde": 3}}, "/waarde", "TS-Z20"),
        ({"waarde": 3, "bron": "BRP"}, "/bron", "TS-Z02"),
        ({"waarde": 3, "herkomst": 5}, "/herkomst", "TS-Z14"),
        ({"waarde": 3, "herkomst": "a" * (MAX_TEXT + 1)}, "/herkomst", "TS-Z14"),
        ({"waarde": 3, "datum": "gisteren"}, "/datum", "TS-Z08"),
        ({"waarde": 3, "datum": 20260701}, "/datum", "TS-Z08"),
        ({"waarde": 3, "door": "J. Jansen"}, "/door", "TS-Z17"),
        ({"waarde": 3, "reden": "daarom"}, "/reden", "TS-Z17"),
    ],
)
def test_a_fact_with_its_origin_is_refused_when(wrapped: dict[str, Any], pointer: str, code: str) -> None:
    assert told(claim({"n": wrapped})) == [(f"/gegevens/n{pointer}", code)]


# --- judgements ------------------------------------------------------------------------------------------------------


def test_a_judgement_comes_with_who_role_date_and_reason() -> None:
    found = accepted(LAW, claim({"ernstig": judged(True, "arts")})).given["ernstig"]
    assert (found.value, found.standing, found.by, found.role) == (True, Standing.JUDGED, "J. Jansen", "arts")
    assert (found.day, found.reason) == (date(2026, 7, 1), "gesproken op 1 juli")


@pytest.mark.parametrize("key", ["door", "rol", "datum", "reden"])
@pytest.mark.parametrize("wrong", [..., "", "  ", 5])
def test_a_judgement_without_one_of_these_is_refused(key: str, wrong: Any) -> None:
    given_ = judged(True)
    if wrong is ...:
        del given_[key]
    else:
        given_[key] = wrong
    assert (f"/gegevens/ernstig/{key}", "TS-Z18") in told(claim({"ernstig": given_}))


def test_a_judgement_by_another_role_is_refused() -> None:
    assert told(claim({"ernstig": judged(True, "aanvrager")})) == [("/gegevens/ernstig/rol", "TS-Z19")]


def test_the_choice_of_a_power_is_a_judgement() -> None:
    assert told(claim({"keuze(wet.1)": True})) == [("/gegevens/keuze(wet.1)", "TS-Z18")]
    assert accepted(LAW, claim({"keuze(wet.1)": judged(True)})).facts["keuze(wet.1)"] is True


# --- lists -----------------------------------------------------------------------------------------------------------


def test_a_list_is_complete_unless_it_says_otherwise() -> None:
    assert value(kinderen=[]) == ListValue((), complete=True)
    assert value(kinderen={"items": []}) == ListValue((), complete=True)
    assert value(kinderen={"volledig": False, "items": []}) == ListValue((), complete=False)
    assert value(kinderen={"volledig": "nee", "items": []}) == ListValue((), complete=False)


def test_a_member_that_is_not_given_is_unknown_with_its_place() -> None:
    (child,) = value(kinderen=[{"thuiswonend": True}]).items
    assert child["thuiswonend"] is True
    assert child["kosten"] == Unknown.because(CauseKind.FACT, "kinderen[0].kosten")


@pytest.mark.parametrize(
    ("rows", "pointer", "code"),
    [
        ("geen", "", "TS-Z14"),
        ({}, "", "TS-Z14"),
        ({"volledig": False}, "", "TS-Z14"),
        ({"items": {}}, "/items", "TS-Z14"),
        ({"items": [], "volledig": 1}, "/volledig", "TS-Z14"),
        ({"items": [], "volledig": "ja hoor"}, "/volledig", "TS-Z14"),
        ({"items": [], "compleet": True}, "/compleet", "TS-Z02"),
        ([3], "/0", "TS-Z14"),
        ([{"kosten": None}], "/0/kosten", "TS-Z03"),
        ([{}, {"kost": 3}], "/1/kost", "TS-Z12"),
        ({"items": [{"kosten": "veel"}]}, "/items/0/kosten", "TS-Z20"),
        ([{"geboortedatum": "2027-01-01"}], "/0/geboortedatum", "TS-Z21"),
        ([{}] * (MAX_ITEMS + 1), "", "TS-Z15"),
    ],
)
def test_a_list_is_refused_when(rows: Any, pointer: str, code: str) -> None:
    assert told(claim({"kinderen": rows})) == [(f"/gegevens/kinderen{pointer}", code)]


# --- wanted effects --------------------------------------------------------------------------------------------------


def test_a_wanted_effect_is_kept_in_the_words_it_was_given_in() -> None:
    (effect,) = accepted(LAW, {**claim(), "beoogdeEffecten": [EFFECT]}).effects
    assert (effect.words, effect.day, effect.after_outcome) == ("ik wil hier blijven wonen", date(2026, 7, 1), False)


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"leefgebied": "woonen"}, "/leefgebied", "TS-Z11"),
        ({"termijn": "ooit"}, "/termijn", "TS-Z11"),
        ({"omschrijving": ""}, "/omschrijving", "TS-Z04"),
        ({"omschrijving": "a" * (MAX_TEXT + 1)}, "/omschrijving", "TS-Z04"),
        ({"omschrijving": "\ud800"}, "/omschrijving", "TS-Z14"),
        ({"gesteldOp": "gisteren"}, "/gesteldOp", "TS-Z08"),
        ({"gesteldOp": 3}, "/gesteldOp", "TS-Z04"),
        ({"waarde": "pw.onbekend"}, "/waarde", "TS-Z11"),
        ({"waarde": ["pw"]}, "/waarde", "TS-Z11"),
        ({"naUitkomst": "misschien"}, "/naUitkomst", "TS-Z11"),
        ({"naUitkomst": 1}, "/naUitkomst", "TS-Z11"),
        ({"kans": 0.5}, "/kans", "TS-Z02"),
    ],
)
def test_a_wanted_effect_is_refused_when(change: dict[str, Any], pointer: str, code: str) -> None:
    assert (f"/beoogdeEffecten/0{pointer}", code) in told({**claim(), "beoogdeEffecten": [{**EFFECT, **change}]})


def test_too_many_wanted_effects_are_refused_and_not_silently_dropped() -> None:
    assert told({**claim(), "beoogdeEffecten": [EFFECT] * (MAX_ITEMS + 1)}) == [("/beoogdeEffecten", "TS-Z15")]


# --- anything at all -------------------------------------------------------------------------------------------------

_NAMES = [
    "a",
    "n",
    "m",
    "x",
    "deel",
    "loon",
    "dag_een",
    "termijn",
    "leefvorm",
    "plaats",
    "ernstig",
    "aanvrager",
    "partner",
    "kinderen",
    "keuze(wet.1)",
]
_MEMBERS = [
    "geboortedatum",
    "inkomen",
    "student",
    "kosten",
    "thuiswonend",
    "waarde",
    "herkomst",
    "datum",
    "door",
    "rol",
    "reden",
    "items",
    "volledig",
]
_ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.decimals(),
    st.text(max_size=8),
    st.sampled_from(["geen", "ja", "nee", "40%", "1.50", "2026-07-01", "alleen", "consulent", "²", "\ud800"]),
)
_JSON = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(st.sampled_from(_MEMBERS), st.text(max_size=4)), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(data=_JSON)
@settings(max_examples=150, deadline=None)
def test_any_json_is_refused_and_never_crashes(data: Any) -> None:
    with pytest.raises(ClaimError):
        read_claim(data, LAW)


@given(
    facts=st.dictionaries(st.sampled_from(_NAMES), _JSON, max_size=5),
    rest=st.dictionaries(st.sampled_from(["gemeente", "beoogdeEffecten"]), _JSON),
)
@settings(max_examples=200, deadline=None)
@example(facts={"kinderen": {"items": [{"kosten": {"waarde": "1.00", "datum": 5}}]}}, rest={})
def test_any_facts_are_taken_or_refused_with_a_pointer_into_the_claim(facts: dict[str, Any], rest: dict[str, Any]) -> None:
    data = {**claim(facts), **rest}
    problems: tuple[Any, ...] = ()
    try:
        read_claim(data, LAW)
    except ClaimError as error:
        problems = error.problems
    for problem in problems:
        assert problem.code.startswith("TS-Z")
        assert problem.place.pointer is not None
        json.dumps(str(problem))
