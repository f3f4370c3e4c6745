# SPDX-License-Identifier: EUPL-1.2
"""Every coded case becomes a claim by one rule, which knows no case, no outcome of a court and nothing that was not coded."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.casuistiek import coding, translate as translating
from benchmarks.casuistiek.coding import Case
from benchmarks.casuistiek.translate import CHECKS, Translated, day_of, facts_behind, translate
from engine.model import tree
from engine.model.kinds import BOOL
from engine.passes.assess import Assessment, assess
from tests.law import law

CASES = {case.id: case for case in coding.read()}
SOURCE = Path(translating.__file__).read_text(encoding="utf-8")


def translated(case: Case) -> tuple[Translated, Assessment]:
    found = translate(case, law())
    return found, assess(found.claim, law())


def door(**more: Any) -> dict[str, Any]:
    return {
        "artikel": "art. 16 lid 1 Participatiewet",
        "soort": "hardheid",
        "gehouden_door": "college",
        "voorwaarde": "onbekend",
        "waarom": "Daarom.",
        "tekst": "gelezen",
    } | more


def coded(**more: Any) -> Case:
    """A case about which little is known, with something laid over it."""
    unknown = {"waarde": "onbekend", "feit": "De feiten zeggen hier niets over."}
    triggers = {f"t{number}": unknown for number in range(1, 10)} | more.pop("aanleidingen", {})
    checks = dict.fromkeys(CHECKS, unknown) | more.pop("toetsen", {})
    outcome = {
        "uitkomst": "weigeren",
        "belastend": "ja",
        "gronden": ["art. 15 lid 1 Participatiewet"],
        "grond_uit": "wet",
        "bron": "college",
    }
    bare = {
        "id": "CAS-X",
        "wet": "Participatiewet",
        "datum": "2024-03-01",
        "aanspraak": "Bijstand.",
        "regeluitkomst": outcome | more.pop("regeluitkomst", {}),
        "personen": [],
        "beoogd_effect": "niet vermeld",
        "aanleidingen": triggers,
        "feiten": [],
        "toetsen": checks,
        "deuren": [],
        "onbekend": [],
        "lichter_middel": "geen",
    }
    return Case.model_validate(bare | more)


def said(sentence: str, truth: str = "waar") -> dict[str, str]:
    return {"waarde": truth, "feit": sentence}


# --- blind -----------------------------------------------------------------------------------------------------------


def test_the_coding_is_what_it_was_when_it_was_blind() -> None:
    assert coding.substance() == "e69449f526707a22f10757a6e5a965a87d293cda6fa0e89f99c3825dfffaf312", (
        "A coded value was changed. Nobody may do that who has seen an outcome."
    )


@pytest.mark.parametrize("module", [coding, translating], ids=["coding", "translate"])
def test_what_reads_and_translates_the_coding_cannot_see_an_outcome(module: Any) -> None:
    text = Path(module.__file__).read_text(encoding="utf-8")
    imported = {
        alias.name if isinstance(node, ast.Import) else f"{node.module}.{alias.name}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert [name for name in imported if "outcomes" in name or "score" in name] == []
    assert "uitkomsten.yaml" not in text


def test_the_translation_names_no_case_and_no_article() -> None:
    assert [case for case in CASES if case in SOURCE] == []
    assert re.findall(r"\b(?:CAS-|art\.\s*\d|ECLI:)", SOURCE) == []


def test_the_coding_says_how_blind_it_was() -> None:
    assert len(coding.header()) == 3
    assert any("minder blind" in limit for limit in coding.header())


# --- every case ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_case_translates_without_refusal(case: Case) -> None:
    found, assessment = translated(case)
    assert found.claim["regeling"] == found.law
    assert len(assessment.first.grounds) == len(found.claim["regeluitkomst"]["gronden"])


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_what_was_coded_unknown_is_in_no_claim(case: Case) -> None:
    claim = translate(case, law()).claim
    reasons = {told["reden"] for told in claim.get("gegevens", {}).values() if "reden" in told}
    known = {answer.fact for answer in (*case.triggers.values(), *case.checks.values()) if answer.truth is not None}
    assert reasons <= known | {door.why for door in case.doors if door.condition is not None}
    unknown = {door.article for door in case.doors if door.condition is None}
    assert [named["bron"] for named in claim.get("deuren", []) if (named["bron"] in unknown) is ("voorwaarde" in named)] == []


def test_every_coded_check_is_a_check_of_the_rules() -> None:
    _, assessment = translated(coded())
    known = {check.decl.id for check in assessment.program.second.checks}
    assert set(CHECKS) <= known
    assert all(set(case.checks) == set(CHECKS) - {"strekking"} for case in CASES.values())


# --- the rule --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2016", date(2016, 7, 1)),
        ("2008-02 (verzoek); 2009 (zaak)", date(2008, 2, 1)),
        ("2016-05-04", date(2016, 5, 4)),
        ("onbekend", translating.NO_DAY),
    ],
)
def test_a_day_is_read_as_far_as_it_was_coded(text: str, day: date) -> None:
    assert day_of(text) == day


def test_a_law_from_before_its_first_version_is_not_in_rules() -> None:
    assert translate(coded(datum="2024"), law()).law == "participatiewet"
    assert translate(coded(datum="2016"), law()).law == "algemeen"


def test_a_case_without_grounds_has_one_ground_that_nobody_named() -> None:
    found = translate(coded(regeluitkomst={"gronden": "niet vermeld"}), law())
    assert found.law == "participatiewet"
    (ground,) = found.claim["regeluitkomst"]["gronden"]
    assert ground["bron"] == "Niet vermeld in de feiten"


@pytest.mark.parametrize(
    ("article", "ground"),
    [
        ("art. 15 lid 1 Participatiewet", "pw.15.1"),
        ("art. 22a lid 1 Participatiewet (kostendelers)", "pw.22a.1"),
        ("art. 13 lid 1 onder e Participatiewet", "pw.13.1.e"),
        ("art. 13 lid 1 Participatiewet", "eigen.1"),
        ("handboek van de gemeente", "eigen.1"),
    ],
)
def test_an_article_is_a_ground_of_the_rules_only_when_it_is_the_same_article(article: str, ground: str) -> None:
    found = translate(coded(regeluitkomst={"gronden": [article]}), law())
    assert found.grounds == {article: ground}


def test_a_ground_by_policy_is_no_statute() -> None:
    (ground,) = translate(coded(regeluitkomst={"gronden": ["handboek van de gemeente"]}), law()).claim["regeluitkomst"]["gronden"]
    assert ground["niveau"] == "beleidsregel"


@pytest.mark.parametrize(
    ("check", "yes", "no"),
    [
        ("geschikt", True, False),
        ("voorzien", False, True),
        ("oorzaak", False, None),
        ("derden", None, True),
        ("misbruik", False, None),
        ("vertrouwen", False, True),
        ("regie", True, False),
        ("uitvoerbaar", None, False),
    ],
)
def test_a_coded_check_answers_what_the_rules_ask_and_no_more(check: str, yes: bool | None, no: bool | None) -> None:
    for word, expected in (("ja", yes), ("nee", no)):
        _, assessment = translated(coded(toetsen={check: said("Omdat.", word)}))
        answer = next(item.answer for item in assessment.second.checks if item.check.decl.id == check)
        assert (answer if isinstance(answer, bool) else None) is expected


def test_a_judgement_carries_the_sentence_of_the_coding() -> None:
    claim = translate(coded(aanleidingen={"t5": said("Het duurde drie jaar.")}), law()).claim
    assert claim["gegevens"]["aandeel_overheid"]["reden"] == "Het duurde drie jaar."


def test_two_answers_that_clash_are_both_left_out() -> None:
    found = translate(coded(aanleidingen={"t7": said("Nooit bedacht.")}, toetsen={"voorzien": said("Wel bedacht.", "ja")}), law())
    assert found.clashes == ("omstandigheid_niet_voorzien",)
    assert "gegevens" not in found.claim


def test_a_floor_becomes_the_fact_that_its_words_name_and_an_effect_on_a_floor_of_the_law() -> None:
    found, assessment = translated(coded(aanleidingen={"t3": said("Uithuiszetting.")}))
    assert found.claim["gegevens"]["dreigt_woning_te_verliezen"] == {
        "waarde": True,
        "datum": "2024-03-01",
        "herkomst": translating.CODER,
    }
    assert "dreigt_afsluiting" not in found.claim["gegevens"]
    assert assessment.second.words["vloer_geraakt"] is True


def test_a_minor_is_a_child_of_the_claim_only_when_it_was_coded() -> None:
    minors = {"personen": [{"rol": "kind", "minderjarig": "ja"}, {"rol": "kind", "minderjarig": "onbekend"}]}
    with_child = coded(aanleidingen={"t4": said("Er is een kind.")}, **minors)
    assert len(translate(with_child, law()).claim["gegevens"]["kinderen"]["items"]) == 1
    assert "gegevens" not in translate(coded(**minors), law()).claim


def test_a_door_of_the_law_gets_its_facts_where_the_coded_truth_settles_them() -> None:
    shut = coded(
        regeluitkomst={"gronden": ["art. 22a lid 1 Participatiewet"]},
        deuren=[door(artikel="art. 18 lid 1 Participatiewet", voorwaarde="onwaar")],
    )
    found, assessment = translated(shut)
    assert found.claim["gegevens"]["zeer_bijzondere_situatie"]["waarde"] is False
    assert "deuren" not in found.claim
    assert {item.door.decl.id: item.state for item in assessment.second.doors}["pw.deur.18.1"] == "dicht"


def test_a_door_that_the_law_does_not_have_is_named_with_the_open_questions() -> None:
    asked = [{"vraag": "Waarom?", "aan": "betrokkene"}, {"vraag": "Hoelang?", "aan": "gemeente"}]
    found, assessment = translated(coded(deuren=[door(artikel="art. 99 Participatiewet")], onbekend=asked))
    (named,) = found.claim["deuren"]
    assert (named["vraag"], named["aan"]) == ("Waarom? Hoelang?", "betrokkene; gemeente")
    assert "voorwaarde" not in named
    assert {item.door.decl.id: item.state for item in assessment.second.doors}[named["id"]] == "te onderzoeken"


def test_a_named_door_lifts_the_ground_of_its_own_article_where_there_is_one() -> None:
    grounds = ["art. 17 lid 1 Participatiewet", "art. 58 lid 1 Participatiewet"]
    near = coded(regeluitkomst={"gronden": grounds}, deuren=[door(artikel="art. 58 lid 99 Participatiewet"), door(artikel="art. 99 Awb")])
    found = translate(near, law())
    lifted = {named["bron"]: named["heftOp"] for named in found.claim["deuren"]}
    assert lifted["art. 58 lid 99 Participatiewet"] == [found.grounds[grounds[1]]]
    assert lifted["art. 99 Awb"] == [found.grounds[ground] for ground in grounds]


def test_a_door_below_every_ground_is_not_named() -> None:
    found = translate(coded(deuren=[door(artikel="uitzondering in de verordening")]), law())
    assert found.doors == (("uitzondering in de verordening", "te laag"),)
    assert "deuren" not in found.claim


def test_a_duty_to_investigate_and_a_lighter_means_are_options_and_no_doors() -> None:
    duty = door(artikel="art. 3:2 Awb", soort="zorgvuldigheid")
    found = translate(coded(deuren=[duty], lichter_middel=[{"middel": "Een deel.", "bron": "feiten"}]), law())
    assert [option["tekst"] for option in found.claim["opties"]] == ["art. 3:2 Awb", "Een deel."]
    assert "deuren" not in found.claim


A, B = (tree.Truth(tree.FactRef(BOOL, name)) for name in "ab")


@pytest.mark.parametrize(
    ("condition", "truth", "facts"),
    [
        (A, True, {"a": True}),
        (tree.Not(A), True, {"a": False}),
        (tree.And((A, B)), True, {"a": True, "b": True}),
        (tree.And((A, B)), False, {}),
        (tree.Or((A, B)), False, {"a": False, "b": False}),
        (tree.Or((A, B)), True, {}),
        (tree.Or((A,)), True, {"a": True}),
        (tree.Const(True), True, {}),
    ],
)
def test_the_truth_of_a_condition_settles_only_the_facts_that_it_must(
    condition: tree.Criterion, truth: bool, facts: dict[str, bool]
) -> None:
    assert dict(facts_behind(condition, truth)) == facts
