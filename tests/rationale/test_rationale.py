# SPDX-License-Identifier: EUPL-1.2
"""The rationale as data and as text: every statement has its source, nothing is decided, the same case gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, strategies as st

from engine.model.kinds import Base, Kind, money
from engine.passes.assess import assess
from engine.rationale import text
from engine.rationale.build import rationale
from engine.rationale.parts import Rendering
from engine.rationale.values import euro, plain, show
from tests.law import example, example_names, law


def data(name: str, **options: bool) -> dict[str, Any]:
    return rationale(assess(example(name), law()), **options)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


@pytest.mark.parametrize("name", example_names())
def test_the_same_case_gives_the_same_bytes(name: str) -> None:
    assert json.dumps(data(name)) == json.dumps(data(name))


@pytest.mark.parametrize("name", example_names())
def test_the_machine_never_says_that_something_was_refused(name: str) -> None:
    found = data(name, steps=True)
    assert found["status"] == "concept"
    assert found["besluit"] is None
    assert not any("afgewezen" in word.lower() for word in strings({key: value for key, value in found.items() if key != "gegevens"}))


@pytest.mark.parametrize("name", example_names())
def test_every_rule_in_it_has_an_article_with_a_link_to_the_version_in_force(name: str) -> None:
    for rule in data(name)["regels"]:
        assert rule["bron"]["tekst"].startswith("art. ")
        assert rule["bron"]["link"].startswith("https://wetten.overheid.nl/jci1.3:c:BWBR"), rule["id"]
        assert f"&g={example(name)['peildatum']}" in rule["bron"]["jci"]


@pytest.mark.parametrize("name", example_names())
def test_the_text_opens_with_the_outcome_and_keeps_the_order_of_an_explained_decision(name: str) -> None:
    shown = text.render(data(name))
    assert shown.startswith("UITKOMST VAN DE REGELS (concept): ")
    numbers = [int(line.split(".")[0]) for line in shown.splitlines() if line[:1].isdigit() and ". " in line[:5]]
    parts = [number for number, after in zip(numbers, [*numbers[1:], 99], strict=True) if number <= 13]
    assert parts == sorted(parts)


@pytest.mark.parametrize("name", example_names())
def test_no_line_of_the_text_is_wider_than_a_page_save_an_address_that_must_stay_whole(name: str) -> None:
    lines = [line for line in text.render(data(name)).splitlines() if not line.startswith("  https://")]
    assert max(map(len, lines)) <= text.WIDTH


@pytest.mark.parametrize("name", example_names())
def test_the_text_gives_the_address_of_every_source_of_what_it_says(name: str) -> None:
    told = data(name)
    assumed = [item for item in told["aannames"] if item["draagtUitkomst"]]
    words = [word for word in told["woorden"] if f"\n- {word['woord']}: " in text.render(told)]
    said = told | {"gegevens": [], "aannames": assumed, "woorden": words}  # the other facts stand in the text by name only
    addresses = {found for found in strings(said) if found.startswith("https://")}
    assert len(addresses) >= 10
    assert {line.strip() for line in text.render(told).splitlines() if line.startswith("  https://")} == addresses


def test_a_ground_names_its_rule_its_person_and_its_article() -> None:
    (ground,) = data("2-")["gronden"]
    assert (ground["regels"], ground["persoon"], ground["uitkomst"]) == (["pw.13.2.c"], "aanvrager", "waar")
    assert ground["bronnen"][0]["tekst"] == "art. 13 lid 2 onder c"


def test_a_rule_shows_its_conditions_line_by_line_with_the_exceptions_that_did_not_apply() -> None:
    rule = next(rule for rule in data("2-", steps=True)["stappen"] if rule["id"] == "pw.13.1.a" and rule["persoon"] == "aanvrager")
    assert rule["uitkomst"] == "onwaar"
    assert rule["voorwaarden"] == {"tekst": "vrijheid_ontnomen", "uitkomst": "onwaar"}
    assert len(rule["uitzonderingen"]) == 2


def test_a_judgement_is_told_with_who_gave_it_and_why() -> None:
    judged = next(fact for fact in data("1-")["gegevens"] if fact["naam"] == "aanvrager.draagt_bij_aan_arbeidsinschakeling")
    assert judged["stand"] == "oordeel"
    assert judged["door"] == "m.jansen"
    assert judged["reden"]


def test_where_a_fact_comes_from_is_told_as_it_was_given_and_never_made_up() -> None:
    found, name = data("1-", steps=True), "aanvrager.woont_in_nederland"
    facts = {fact["naam"]: fact for fact in found["gegevens"]}
    assert facts["aanvrager.geboortedatum"]["herkomst"] == "BRP"
    assert facts[name]["herkomst"] is None  # the rules expect it from the BRP; nobody said that it is
    read = [fact["herkomst"] for rule in found["regels"] for fact in rule["gegevens"] if fact["naam"] == name]
    assert read
    assert set(read) == {None}
    assert "herkomst: niet genoemd" in text.render(found, Rendering.LEGAL)


def test_missing_facts_are_asked_with_who_can_answer_and_whether_they_decide_alone() -> None:
    questions = data("3-")["ontbrekendeGegevens"]
    nationality = next(question for question in questions if question["naam"] == "aanvrager.nationaliteit")
    assert nationality["wie"] == "register"
    assert nationality["vraag"].endswith("?")
    assert {question["beslissend"] for question in questions} <= {"beslissend", "samen beslissend"}


def test_the_text_names_the_outcomes_that_are_still_possible() -> None:
    assert "\nNog mogelijk: afwijzen, toekennen.\n" in text.render(data("3-"))
    assert "Nog mogelijk" not in text.render(data("1-"))


def test_the_text_says_about_whom_a_question_and_an_assumption_are() -> None:
    shown = " ".join(text.render(data("3-")).split())
    assert "Aanvrager: Welke nationaliteit heeft deze persoon?" in shown
    assert "Aanvrager: Vervult deze persoon militaire of vervangende dienstplicht?" in shown
    assert ". Wie wonen er nog meer in dezelfde woning?" in shown


def test_an_amount_carries_its_article_and_the_day_from_which_it_holds() -> None:
    norm = next(amount for amount in data("1-")["bedragen"] if amount["id"] == "norm_alleenstaande")
    assert (norm["waarde"], norm["geldigVanaf"], norm["bron"]) == ("1401.50", "2026-01-01", "art. 21 onderdeel a")


def test_rules_that_are_not_fixed_yet_are_labelled_in_every_rendering() -> None:
    found = data("1-")
    assert any(warning["code"] == "concept" for warning in found["waarschuwingen"])
    assert "LET OP" in text.render(found)


def test_a_retroactive_rule_is_explained_for_days_before_it_was_known() -> None:
    claim = example("1-")
    claim["peildatum"] = "2026-01-15"
    claim["gegevens"]["melding_datum"] = "2026-01-05"
    claim["gegevens"]["giften_dit_jaar"] = 2000
    warnings = rationale(assess(claim, law()))["waarschuwingen"]
    assert any(warning["code"] == "terugwerkend" and "2026-02-04" in warning["tekst"] for warning in warnings)


@pytest.mark.parametrize(
    ("cents", "shown"),
    [(0, "€ 0,00"), (141946, "€ 1.419,46"), (Fraction(1, 2), "€ 0,01"), (-150, "-€ 1,50"), (100000000, "€ 1.000.000,00")],
)
def test_money_reads_as_dutch_people_write_it(cents: int, shown: str) -> None:
    assert euro(cents) == shown


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_money_in_json_is_exact(cents: int) -> None:
    kind = money("maand")
    assert Fraction(plain(cents, kind)) * 100 == cents
    assert plain(Fraction(cents), kind) == plain(cents, kind)


def test_a_choice_and_a_percentage_read_as_words() -> None:
    assert show("verder_of_niet", Kind(Base.CHOICE, choices=("verder_of_niet",))) == "verder of niet"
    assert show(Fraction(13, 30), Kind(Base.PERCENTAGE)) == "43,333333%"
