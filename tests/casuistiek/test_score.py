# SPDX-License-Identifier: EUPL-1.2
"""The scoring counts what it says it counts, and the page in the documentation is what was measured."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks.casuistiek import __main__ as command, coding, outcomes
from benchmarks.casuistiek.outcomes import ByArgument, ByCheck, ByDoor, ByOption, BySignal, ByTrigger, Ending
from benchmarks.casuistiek.report import page, share
from benchmarks.casuistiek.score import (
    AGREES,
    Found,
    Measured,
    Scored,
    Share,
    agreement,
    covered,
    failures,
    measure,
    score,
    wilson,
    with_weighing,
)
from benchmarks.casuistiek.translate import Translated, citable_laws
from engine.passes.assess import Assessment, assess
from tests.law import law

CODED = {case.id: case for case in coding.read()}


@lru_cache(maxsize=1)
def measured() -> Measured:
    return measure(law())


@lru_cache(maxsize=1)
def weighed() -> Measured:
    return measure(law(), with_weighing())


def ending(ended: str = "houdt_stand", **more: Any) -> Ending:
    known = {"id": "CAS-X", "afloop": ended, "weg": "geen", "beslist_door": "rechter", "bron": "x", "gelezen": "deels"}
    return Ending.model_validate(known | more)


def judged(value: bool) -> dict[str, Any]:
    return {"waarde": value, "door": "p", "rol": "kwaliteitsmedewerker", "datum": "2024-03-01", "reden": "omdat"}


WEIGHED = {name: judged(True) for name in ("uitkomst_geschikt", "uitkomst_noodzakelijk", "uitkomst_evenwichtig")}
FOLLOWED = {**WEIGHED, "kinderen": [], "waarde_van_de_wet_verloren": judged(False), "lichter_middel_bereikt_doel": judged(False)}
DEVIATED = {**FOLLOWED, "uitkomst_evenwichtig": judged(False)}
DOOR = {
    "id": "eigen.deur",
    "titel": "Deur",
    "bron": "art. 58 lid 8 Participatiewet",
    "niveau": "formele wet",
    "heftOp": ["eigen.grond"],
    "rol": "jurist",
    "gesteldDoor": "p",
    "gesteldOp": "2024-03-01",
}


def assessed(facts: Mapping[str, Any] | None = None, doors: Iterable[Mapping[str, Any]] = (), **more: Any) -> Assessment:
    """A burdening outcome of law that is not in rules."""
    ground = {"id": "eigen.grond", "bron": "art. 58 lid 1 Participatiewet", "niveau": "formele wet"}
    outcome = {"uitkomst": "terugvorderen", "belastend": True, "gronden": [ground], "bron": "besluit"}
    claim = {
        "regeling": "algemeen",
        "peildatum": "2024-03-01",
        "regeluitkomst": outcome,
        "gegevens": dict(facts or {}),
        "deuren": list(doors),
    }
    return assess(claim | more, law())


def scored(assessment: Assessment, end: Ending) -> Scored:
    case = next(iter(CODED.values()))
    return score(Translated(case, {}, "algemeen", False, {}, ()), assessment, end, citable_laws(law()))


def found(assessment: Assessment, *places: Any) -> Found:
    told = {"tekst": "Omdat.", "als": [place.model_dump(by_alias=True) for place in places], "reden": "hetzelfde"}
    return scored(assessment, ending(argument=told)).argument


# --- the file of outcomes --------------------------------------------------------------------------------------------


def test_every_coded_case_has_an_end_and_every_end_a_case() -> None:
    assert [item.id for item in outcomes.read()] == list(CODED)


def test_a_case_with_a_known_end_has_an_argument_and_a_question_and_any_other_has_neither() -> None:
    for item in outcomes.read():
        known = item.ended != "onbekend"
        assert (item.argument is not None, item.question is not None) == (known, known), item.id


def test_every_place_of_an_argument_has_its_reason() -> None:
    assert [item.id for item in outcomes.read() if item.argument and bool(item.argument.places) != bool(item.argument.reason)] == []


def test_a_question_of_the_coding_is_quoted_as_it_was_asked() -> None:
    for item in outcomes.read():
        if isinstance(item.question, outcomes.Question) and item.question.coded is not None:
            assert item.question.coded in [question.words for question in CODED[item.id].questions], item.id


def test_what_an_argument_points_at_exists() -> None:
    programs = [compiled.program for compileds in law().programs.values() for compiled in compileds]
    parts = [program.second for program in programs]
    arguments = {item.decl.id for part in parts for item in part.arguments}
    triggers = {item.decl.id for part in parts for item in part.triggers}
    checks = {item.decl.id for part in parts for item in part.checks}
    signals = {item.decl.id for part in parts for item in part.signals}
    facts = {path for program in programs for path in program.facts}
    for item in outcomes.read():
        case = CODED[item.id]
        doors = {door.article for door in case.doors}
        options = {means.words for means in case.lighter} | doors
        for place in item.argument.places if item.argument else ():
            match place:
                case ByArgument(argument=name):
                    assert name in arguments
                case ByTrigger(trigger=name):
                    assert name in triggers
                case ByCheck(check=name):
                    assert name in checks
                case BySignal(signal=name):
                    assert name in signals
                case ByOption(option=text):
                    assert text in options, item.id
                case ByDoor(door=text):
                    assert any(text in article for article in doors), item.id
        if isinstance(item.question, outcomes.Question):
            assert set(item.question.facts) <= facts, item.id


def test_every_miss_says_what_would_have_been_needed_and_nothing_else_does() -> None:
    missed = {case.ending.id for case in measured().scored if case.missed}
    assert {item.id for item in outcomes.read() if item.needed} == missed


# --- arithmetic ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        # By hand, z = 1.96, z2 = 3.8416. 5 of 10: centre (0.5 + 0.19208) / 1.38416 = 0.5, half 1.96 * sqrt(0.025 + 0.009604) / 1.38416.
        (5, 10, 0.2366, 0.7634),
        (0, 10, 0.0, 0.2775),  # 3.8416 / 13.8416
        (10, 10, 0.7225, 1.0),  # 10 / 13.8416
        # 81 of 263: (0.307985 + 0.007303 -+ 1.96 * sqrt(0.000810375 + 0.00001388)) / 1.014607. Newcombe, Stat. Med. 17 (1998), table I.
        (81, 263, 0.2553, 0.3662),
        (0, 0, 0.0, 1.0),
    ],
)
def test_the_interval_of_wilson_is_that_of_the_hand(hits: int, total: int, low: float, high: float) -> None:
    assert wilson(hits, total) == pytest.approx((low, high), abs=1e-4)


def test_a_share_is_told_with_its_interval() -> None:
    assert share(Share(5, 10)) == "5 van 10 (50%; 24%-76%)"
    assert share(Share(0, 0)) == "0 van 0"


def some(ended: str, agrees: bool | None, **more: Any) -> Scored:
    base = measured().scored[0]
    return dataclasses.replace(base, ending=ending(ended), agrees=agrees, **more)


def test_abstaining_costs_coverage_and_stands_outside_the_agreement() -> None:
    cases = [some("wijkt", True), some("wijkt", False), some("wijkt", None), some("wijkt", None)]
    assert covered(cases) == Share(2, 4)
    assert agreement(cases) == Share(1, 2)


def test_a_baseline_says_the_same_of_every_case() -> None:
    few = Measured((), (some("houdt_stand", False), some("wijkt", False), some("opnieuw", True)), ())
    assert few.baseline("regel_volgen") == Share(1, 3)
    assert few.baseline("eerst_onderzoeken") == Share(1, 3)
    assert few.baseline("professional_beslist") == Share(0, 3)


# --- agreement -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ended", "good"),
    [
        ("houdt_stand", {"regel_volgen", "deur_ontbreekt"}),
        ("wijkt", {"afwijken_onderbouwd", "lichter_middel", "adviseren_aan_bevoegde"}),
        ("deels", {"afwijken_onderbouwd", "lichter_middel", "adviseren_aan_bevoegde"}),
        ("opnieuw", {"eerst_onderzoeken"}),
    ],
)
def test_results_compare_as_the_table_says(ended: str, good: set[str]) -> None:
    assert AGREES[ended] == good


@pytest.mark.parametrize(
    ("facts", "doors", "advice", "stood", "fell"),
    [
        (FOLLOWED, [], "regel_volgen", True, False),
        (DEVIATED, [DOOR | {"voorwaarde": True}], "afwijken_onderbouwd", False, True),
        (DEVIATED, [DOOR | {"voorwaarde": True, "gehoudenDoor": "rechtbank"}], "adviseren_aan_bevoegde", False, True),
        (DEVIATED, [DOOR | {"voorwaarde": False}], "professional_beslist", None, None),
        ({}, [], "eerst_onderzoeken", False, False),
    ],
)
def test_an_advice_agrees_with_how_it_ended(
    facts: Mapping[str, Any], doors: list[dict[str, Any]], advice: str, stood: bool | None, fell: bool | None
) -> None:
    assessment = assessed(facts, doors)
    assert assessment.second.advice == advice
    assert scored(assessment, ending("houdt_stand")).agrees is stood
    assert scored(assessment, ending("wijkt")).agrees is fell


def test_a_signal_that_the_rule_reads_otherwise_agrees_with_an_outcome_that_fell_only() -> None:
    signalled = assessed({"grond_maakt_waarde_leeg": judged(True)})
    assert scored(signalled, ending("wijkt")).agrees is True
    assert scored(signalled, ending("houdt_stand")).agrees is False


# --- harm ------------------------------------------------------------------------------------------------------------


def test_following_the_rule_without_a_warning_where_the_outcome_fell_is_silent_harm() -> None:
    for ended, silent in (("houdt_stand", False), ("wijkt", True), ("deels", True), ("opnieuw", True)):
        assert scored(assessed(FOLLOWED), ending(ended)).silent_harm is silent


@pytest.mark.parametrize("fact", ["aandeel_overheid", "omstandigheid_niet_voorzien", "grond_maakt_waarde_leeg"])
def test_a_trigger_or_signal_of_its_own_is_a_warning(fact: str) -> None:
    warned = scored(assessed({**FOLLOWED, fact: judged(True)}), ending("wijkt"))
    assert (warned.advice, warned.silent_harm) == ("regel_volgen", False)


def test_deviating_where_the_outcome_stood_is_unfounded() -> None:
    deviated = assessed(DEVIATED, [DOOR | {"voorwaarde": True}])
    assert scored(deviated, ending("houdt_stand")).unfounded
    assert not scored(deviated, ending("wijkt")).unfounded


def test_what_the_advice_no_longer_allows_is_excluded() -> None:
    assert scored(assessed(FOLLOWED), ending("wijkt")).excluded
    assert not scored(assessed(FOLLOWED), ending("houdt_stand")).excluded
    assert not scored(assessed({}, [DOOR]), ending("wijkt")).excluded


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        ([("wijkt", False, {"silent_harm": True})], ["Stille schade"]),
        ([("houdt_stand", False, {"unfounded": True})], ["Ongegronde afwijking"]),
        ([("wijkt", True, {})] * 3 + [("wijkt", None, {})] * 2, []),
        ([("wijkt", True, {})] * 2 + [("wijkt", None, {})] * 2, ["Dekking"]),
        ([], ["Dekking"]),
    ],
)
def test_a_threshold_that_is_not_met_is_told(cases: list[tuple[str, bool | None, dict[str, Any]]], words: list[str]) -> None:
    told = failures(Measured((), tuple(some(ended, agrees, **more) for ended, agrees, more in cases), ()))
    assert len(told) == len(words)
    assert all(word in line for word, line in zip(words, told, strict=True))


def test_the_command_fails_where_a_threshold_is_not_met(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    for agrees, code in ((True, 0), (None, 1)):
        case = some("wijkt", agrees)
        monkeypatch.setattr(command, "measure", lambda *_, case=case: Measured((), (case,), ()))
        monkeypatch.setattr(command, "page", lambda *_: "")
        monkeypatch.setattr(command, "PAGE", tmp_path / "casuistiek.md")
        assert command.main() == code
        assert ("Dekking 0%" in capsys.readouterr().err) is bool(code)


# --- argument and question -------------------------------------------------------------------------------------------


def test_an_argument_that_is_not_mapped_stands_nowhere() -> None:
    assert found(assessed()) is Found.NOWHERE


def test_an_argument_stands_in_the_list_when_it_holds() -> None:
    place = ByArgument(argument="arg.aandeel")
    assert found(assessed({"aandeel_overheid": judged(True)}), place) is Found.RULES
    assert found(assessed(), place) is Found.NOWHERE


@pytest.mark.parametrize(
    ("facts", "where"), [({}, Found.OPEN), ({"aandeel_overheid": True}, Found.RULES), ({"aandeel_overheid": False}, Found.NOWHERE)]
)
def test_a_trigger_that_is_unknown_is_a_question(facts: dict[str, bool], where: Found) -> None:
    known = {name: judged(value) for name, value in facts.items()}
    assert found(assessed(known), ByTrigger(aanleiding="t5")) is where


@pytest.mark.parametrize(
    ("facts", "where"), [({}, Found.OPEN), ({"uitkomst_geschikt": False}, Found.RULES), ({"uitkomst_geschikt": True}, Found.NOWHERE)]
)
def test_a_check_counts_only_with_the_answer_that_decided(facts: dict[str, bool], where: Found) -> None:
    known = {name: judged(value) for name, value in facts.items()}
    assert found(assessed(known), ByCheck(toets="geschikt", antwoord="nee")) is where


@pytest.mark.parametrize(("door", "where"), [({"voorwaarde": False}, Found.CODED), ({}, Found.OPEN), ({"voorwaarde": True}, Found.NOWHERE)])
def test_a_door_that_somebody_named_is_not_of_the_rules(door: dict[str, Any], where: Found) -> None:
    named = assessed({}, [DOOR | door])
    assert found(named, ByDoor(deur="art. 58 lid 8 Participatiewet", stand="dicht")) is where


def test_an_option_that_somebody_added_is_not_of_the_rules() -> None:
    added = {"id": "eigen.optie", "tekst": "Een deel.", "bron": "x", "rol": "jurist", "gesteldDoor": "p", "gesteldOp": "2024-03-01"}
    assert found(assessed(opties=[added]), ByOption(optie="Een deel.")) is Found.CODED
    assert found(assessed(), ByOption(optie="De regels volgen, met de redenen erbij.")) is Found.RULES
    assert found(assessed(), ByOption(optie="Iets anders.")) is Found.NOWHERE


def test_the_best_place_counts() -> None:
    places = (ByTrigger(aanleiding="t5"), ByArgument(argument="arg.rechtszekerheid"))
    assert found(assessed(), *places) is Found.RULES


def test_a_question_is_asked_by_the_rules_or_with_a_door_that_is_open_to_inquiry() -> None:
    asked = {"tekst": "Waarom?", "gegevens": ["uitkomst_evenwichtig"], "codering": "Waarom?"}
    only_coded = asked | {"gegevens": []}
    door = DOOR | {"vraag": "Waarom? Hoelang?", "aan": "betrokkene"}
    assert scored(assessed(), ending(vraag=asked)).question is Found.RULES
    assert scored(assessed({}, [door]), ending(vraag=only_coded)).question is Found.CODED
    assert scored(assessed({}, [door | {"voorwaarde": False}]), ending(vraag=only_coded)).question is Found.NOWHERE
    assert scored(assessed(), ending(vraag="geen")).question is None


# --- the measurement -------------------------------------------------------------------------------------------------


def test_the_thresholds_are_met() -> None:
    assert failures(measured()) == []


def test_the_thresholds_are_met_too_when_a_reader_has_weighed() -> None:
    assert failures(weighed()) == []


def test_weighing_tells_the_cases_apart() -> None:
    assert len({case.advice for case in weighed().scored}) >= 4
    assert agreement(weighed().scored).part > weighed().baseline("regel_volgen").part


def test_only_cases_with_a_known_end_are_scored() -> None:
    assert (len(measured().translated), len(measured().scored)) == (30, 26)


def test_the_page_is_what_was_measured() -> None:
    assert command.PAGE.read_text(encoding="utf-8") == page(measured(), weighed()), "Run `make casuistiek`."


def test_the_page_says_what_it_does_not_say() -> None:
    _, _, limits = page(measured(), weighed()).partition("## Wat dit niet zegt")
    assert "geen steekproef" in limits
    assert all(limit in limits for limit in coding.header())
