# SPDX-License-Identifier: EUPL-1.2
"""The data of the reversed test: every trigger, check, door and signal of the law that ships says what its source says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.model.values import Unknown
from engine.passes.assess import Assessment, assess
from tests.law import example, law


def judged(value: bool, role: str = "consulent") -> dict[str, Any]:
    return {"waarde": value, "door": "p", "rol": role, "datum": "2026-09-01", "reden": "omdat"}


def said(name: str, value: Any, assessment: Assessment) -> Any:
    """A value as a claim writes it: with who judged it where the fact is an open norm."""
    fact = assessment.program.facts[name]
    return judged(value, fact.decl.judged_by[0]) if fact.judged else value


def refused(**facts: Any) -> Assessment:
    """The refusal of the examples, by a detained single person, with facts laid over it."""
    claim = example("2-")
    bare = assess(claim, law())
    for name, value in facts.items():
        claim["gegevens"][name] = value if isinstance(value, list) else said(name, value, bare)
    return assess(claim, law())


def word(truth: bool | Unknown) -> str:
    return "onbekend" if isinstance(truth, Unknown) else "waar" if truth else "onwaar"


CHILD = [{"geboortedatum": "2020-01-01"}]

TRIGGERS: list[tuple[str, dict[str, Any], str]] = [
    ("t1", {}, "waar"),
    ("t3", {"dreigt_woning_te_verliezen": True}, "waar"),
    ("t3", {"dreigt_woning_te_verliezen": False, "dreigt_afsluiting": True}, "waar"),
    ("t3", {"dreigt_woning_te_verliezen": False, "dreigt_afsluiting": False, "dreigt_ernstig_gevaar": True}, "waar"),
    ("t3", {"dreigt_woning_te_verliezen": False, "dreigt_afsluiting": False, "dreigt_ernstig_gevaar": False}, "onwaar"),
    ("t4", {"kinderen": CHILD}, "waar"),
    ("t4", {"kinderen": []}, "onwaar"),
    ("t4", {"kinderen": [{"geboortedatum": "2000-01-01"}]}, "onwaar"),
    ("t5", {"aandeel_overheid": True}, "waar"),
    ("t5", {"aandeel_overheid": False}, "onwaar"),
    ("t7", {"omstandigheid_niet_voorzien": True}, "waar"),
    ("t7", {"omstandigheid_niet_voorzien": False}, "onwaar"),
    ("t8", {"meer_nadelige_besluiten": True}, "waar"),
    ("t8", {"meer_nadelige_besluiten": False}, "onwaar"),
    ("t9", {"iemand_vraagt_afwijking": True}, "waar"),
    ("t9", {}, "onwaar"),
]


@pytest.mark.parametrize(("trigger", "facts", "truth"), TRIGGERS)
def test_a_trigger_fires_on_its_reason_and_on_nothing_else(trigger: str, facts: dict[str, Any], truth: str) -> None:
    seen = {item.trigger.decl.id: word(item.truth) for item in refused(**facts).second.triggers}
    assert seen[trigger] == truth


@pytest.mark.parametrize("trigger", ["t3", "t4", "t5", "t7", "t8"])
def test_what_is_not_said_leaves_a_trigger_unknown(trigger: str) -> None:
    claim = example("2-")
    for name in ("kinderen", "dreigt_woning_te_verliezen", "dreigt_afsluiting", "dreigt_ernstig_gevaar", "aandeel_overheid"):
        claim["gegevens"].pop(name, None)
    seen = {item.trigger.decl.id: word(item.truth) for item in assess(claim, law()).second.triggers}
    assert seen[trigger] == "onbekend"


@pytest.mark.parametrize(("trigger", "stage_word"), [("t6", "alleen_lagere_regel"), ("t3", "vloer_geraakt")])
def test_a_trigger_fires_on_what_a_stage_says(trigger: str, stage_word: str) -> None:
    assessment = refused(dreigt_woning_te_verliezen=False, dreigt_afsluiting=False, dreigt_ernstig_gevaar=False)
    (found,) = [item for item in assessment.program.second.triggers if item.decl.id == trigger]
    for value, expected in ((True, True), (False, False)):
        assert assessment.compiled.test(found.when)(assessment.state.changed({stage_word: value})) is expected


CHECKS = [
    "geschikt",
    "noodzakelijk",
    "evenwichtig",
    "voorzien",
    "strekking",
    "oorzaak",
    "kind",
    "derden",
    "gelijkheid",
    "misbruik",
    "vertrouwen",
    "regie",
    "uitvoerbaar",
    "neveneffect",
]


def test_every_check_of_the_method_is_there_and_only_the_child_blocks() -> None:
    checks = {item.check.decl.id: item.check.decl for item in refused(kinderen=CHILD).second.checks}
    assert list(checks) == CHECKS
    assert [name for name, decl in checks.items() if decl.blocks] == ["kind"]


def test_every_check_is_answered_by_a_person_and_says_what_no_means() -> None:
    assessment = refused(kinderen=CHILD)
    for item in assessment.second.checks:
        decl = item.check.decl
        fact = assessment.program.facts[decl.fact]
        assert fact.judged or (decl.id, fact.decl.origin) == ("regie", "aanvrager")
        assert fact.decl.assumed is None
        assert decl.if_no


@pytest.mark.parametrize("check", [name for name in CHECKS if name not in ("geschikt", "noodzakelijk", "evenwichtig", "kind")])
@pytest.mark.parametrize("answer", [True, False])
def test_a_check_of_ethics_is_an_argument_and_no_switch(check: str, answer: bool) -> None:
    assessment = refused()
    (fact,) = [item.check.decl.fact for item in assessment.second.checks if item.check.decl.id == check]
    answered = refused(**{fact: answer}).second
    assert answered.advice == assessment.second.advice
    assert {item.check.decl.id: item.answer for item in answered.checks}[check] is answer


NOTHING_THREATENS = dict.fromkeys(
    ("dreigt_woning_te_verliezen", "dreigt_afsluiting", "dreigt_ernstig_gevaar", "grondrecht_in_geding"), False
)


def intensity(assessment: Assessment, **words: bool) -> list[str]:
    """The rows of the table of intensity that fit or may fit, up to the first that certainly does."""
    state = assessment.state.changed(words)
    rows: list[str] = []
    for row in assessment.program.second.intensity:
        truth = assessment.compiled.test(row.when)(state)
        if truth is not False:
            rows.append(row.decl.result)
        if truth is True:
            break
    return rows


@pytest.mark.parametrize(
    ("facts", "words", "rows"),
    [
        ({}, {}, ["gewoon"]),
        ({"grondrecht_in_geding": True}, {}, ["indringend"]),
        ({"dreigt_woning_te_verliezen": True}, {}, ["indringend"]),
        ({"dreigt_afsluiting": True}, {}, ["indringend"]),
        ({"dreigt_ernstig_gevaar": True}, {}, ["indringend"]),
        ({}, {"ernstig_gevolg": True}, ["indringend"]),
        ({}, {"vloer_geraakt": True}, ["indringend"]),
        ({}, {"belastende_uitkomst": False}, ["terughoudend"]),
        ({"dreigt_woning_te_verliezen": True}, {"belastende_uitkomst": False}, ["terughoudend"]),
        ({"grondrecht_in_geding": True}, {"belastende_uitkomst": False}, ["indringend"]),
    ],
)
def test_the_graver_the_effect_the_closer_the_outcome_is_weighed(facts: dict[str, Any], words: dict[str, bool], rows: list[str]) -> None:
    assert intensity(refused(**{**NOTHING_THREATENS, **facts}), **words) == rows


def test_what_nobody_said_leaves_open_how_closely_the_outcome_is_weighed() -> None:
    assert intensity(refused()) == ["indringend", "gewoon"]


OWN = {"id": "eigen.grond", "bron": "art. 99", "niveau": "formele wet"}


@pytest.mark.parametrize(("ground", "advice"), [("pw.40.1", "deur_ontbreekt"), (OWN, "professional_beslist")])
def test_that_a_door_is_missing_is_only_said_of_a_ground_whose_doors_are_in_rules(ground: Any, advice: str) -> None:
    outcome = {"uitkomst": "afwijzen", "belastend": True, "gronden": [ground], "bron": "besluit"}
    facts = {
        "kinderen": [],
        "uitkomst_evenwichtig": judged(False),
        "lichter_middel_bereikt_doel": judged(False),
        "zeer_bijzondere_situatie": judged(False),
    }
    claim = {"regeling": "participatiewet", "peildatum": "2026-07-15", "regeluitkomst": outcome, "gegevens": facts}
    assert assess(claim, law()).second.advice == advice


@pytest.mark.parametrize(
    ("grounds", "listed"),
    [
        (["pw.58.1"], False),
        (["pw.40.1"], True),
        (["pw.58.1", "pw.40.1"], True),
        ([OWN | {"soort": "boete"}], False),
    ],
)
def test_ways_to_give_assistance_are_no_options_where_only_money_is_claimed_back(grounds: list[Any], listed: bool) -> None:
    outcome = {"uitkomst": "uitkomst", "belastend": True, "gronden": grounds, "bron": "besluit"}
    found = assess({"regeling": "participatiewet", "peildatum": "2026-07-15", "regeluitkomst": outcome}, law())
    assert ("opt.pw.44.5" in {option.id for option in found.second.options}) is listed


# --- arguments -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suits", [True, False])
@pytest.mark.parametrize("own_cause", [True, False])
def test_two_answers_fill_every_corner_of_a_burdening_outcome(suits: bool, own_cause: bool) -> None:
    second = refused(uitkomst_geschikt=suits, oorzaak_bij_betrokkene=own_cause).second
    assert {argument.decl.corner for argument in second.arguments} == {"rechtmatig", "betrokken", "rendement"}
    assert second.empty_corners == ()


ARGUED: list[tuple[str, dict[str, Any]]] = [
    ("arg.gelijkheid", {"zelfde_voor_ieder": False}),
    ("arg.misbruik", {"doel_van_regel_blijft_beschermd": False}),
    ("arg.voorzien", {"omstandigheid_niet_voorzien": False}),
    ("arg.eigen_oorzaak", {"oorzaak_bij_betrokkene": True}),
    ("arg.derden", {"gevolg_voor_derden_aanvaardbaar": False}),
    ("arg.regie", {"client_wil_dit": False}),
    ("arg.geschikt", {"uitkomst_geschikt": True}),
    ("arg.uitvoerbaar", {"op_tijd_uitvoerbaar": False}),
    ("arg.kind", {"kinderen": CHILD}),
    ("arg.aandeel", {"aandeel_overheid": True}),
    ("arg.niet_verwijtbaar", {"oorzaak_bij_betrokkene": False}),
    ("arg.vloer", {"dreigt_woning_te_verliezen": True}),
    ("arg.niet_geschikt", {"uitkomst_geschikt": False}),
    ("arg.stapeling", {"meer_nadelige_besluiten": True}),
    ("arg.onevenredig", {"uitkomst_evenwichtig": False}),
    ("arg.onvoorzien", {"omstandigheid_niet_voorzien": True}),
    ("arg.vertrouwen", {"past_bij_toezegging": False}),
    ("arg.grondrecht", {"grondrecht_in_geding": True}),
    ("arg.pw.uitweg", {"geen_alternatief": False}),
    ("arg.pw.nood", {"gevolg_levensbedreigend": True}),
    ("arg.pw.nood", {"gevolg_ernstig_voor_gezondheid": True}),
    ("arg.pw.menselijke_maat", {"uitkomst_evenwichtig": False}),
    ("arg.pw.opvang", {"betrokkene_is_alleenstaande_ouder": True, "opvang_scholing_en_kracht_nagegaan": False}),
    ("arg.pw.ontheffing", {"dringende_redenen_ontheffing": True}),
    ("arg.pw.geen_verwijt", {"elke_verwijtbaarheid_ontbreekt": True}),
    ("arg.pw.verlaging_werkt_niet", {"dringende_redenen_maatregel": True}),
    ("arg.pw.doel_bereikt", {"komt_plichten_weer_na": True}),
    ("arg.pw.leert_taal", {"leert_taal_met_voortgang": True}),
    ("arg.pw.niet_gemeld", {"inlichtingenplicht_geschonden": True}),
    ("arg.pw.opzet", {"opzet_of_grove_schuld": True}),
    ("arg.pw.niet_aannemelijk", {"dringende_redenen_terugvordering": False}),
    ("arg.pw.eigen_aandeel", {"inlichtingenplicht_geschonden": True, "aandeel_overheid": True}),
    ("arg.pw.minder_verwijtbaar", {"verminderd_verwijtbaar": True}),
    ("arg.pw.schuldregeling", {"schuldregeling": True}),
    ("arg.pw.al_betaald", {"terugbetaling": "helft_in_een_keer"}),
    ("arg.pw.verzuim", {"verzuim_verwijtbaar": False}),
    ("arg.pw.adres", {"adres_verwijtbaar": False}),
    ("arg.pw.uit_de_norm", {"kosten_door_bijzondere_omstandigheden": False}),
    ("arg.pw.uitzicht", {"uitzicht_op_beter_inkomen": True}),
    ("arg.pw.past_niet", {"voorziening_voor_kosten_past": False}),
    ("arg.pw.bijzondere_kosten", {"kosten_door_bijzondere_omstandigheden": True}),
    ("arg.pw.voorschot", {"kan_niet_wachten_op_voorschot": True}),
    ("arg.pw.zeer_bijzonder", {"zeer_bijzondere_situatie": True}),
]


@pytest.mark.parametrize(("argument", "facts"), ARGUED)
def test_an_argument_is_made_on_what_was_said_and_not_before(argument: str, facts: dict[str, Any]) -> None:
    claim = example("2-")
    for name in (*facts, "gevolg_levensbedreigend", "gevolg_ernstig_voor_gezondheid"):
        claim["gegevens"].pop(name, None)
    silent = {item.decl.id for item in assess(claim, law()).second.arguments}
    assert argument in {item.decl.id for item in refused(**facts).second.arguments}
    assert argument not in silent


def test_every_value_that_a_door_an_option_or_an_argument_names_is_a_value_of_the_law() -> None:
    for compileds in law().programs.values():
        for compiled in compileds:
            second = compiled.program.second
            known = {decl.id for _, decl in second.values}
            named = [door.decl.values for door in second.doors] + [option.decl.values for option in second.options]
            named += [argument.decl.values for argument in second.arguments]
            assert {value for values in named for value in values} <= known


# --- what may be compared --------------------------------------------------------------------------------------------


def test_decisions_are_compared_on_what_the_grounds_and_doors_ask() -> None:
    program = refused().program
    compared = program.second.compared
    assert {"aandeel_overheid", "oorzaak_bij_betrokkene", "geen_alternatief", "dringende_redenen_terugvordering", "terugbetaling"} <= set(
        compared
    )
    assert len(compared) == len(set(compared))


# --- costs and stars -------------------------------------------------------------------------------------------------


def test_every_price_that_ships_has_a_source_a_year_and_what_to_mind() -> None:
    prices = law().prices[""]
    assert len(prices) == 5
    for item in prices.values():
        assert item.decl.status == "secundair"
        assert item.decl.caution
        assert item.decl.source
        assert 0 < item.low <= item.high


def test_no_price_that_is_held_to_come_from_abroad_ships() -> None:
    assert not {3_000_000, 8_500_000} & {bound for item in law().prices[""].values() for bound in (item.low, item.high)}


def test_the_model_municipality_gives_stars_in_an_ordinance_that_says_it_is_made_up() -> None:
    stars = law().stars_on("GM0000", date(2026, 10, 5))
    assert {star.value: star.count for star in stars.values()} == {
        "pw.bestaanszekerheid": 3,
        "pw.vangnet": 3,
        "pw.gezin": 2,
        "pw.werk": 2,
        "pw.eigen_verantwoordelijkheid": 1,
    }
    assert all("verzonnen" in star.title and star.source.startswith("art. ") for star in stars.values())
    assert law().stars_on("GM0000", date(2022, 12, 31)) == {}
