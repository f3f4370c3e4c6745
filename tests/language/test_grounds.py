# SPDX-License-Identifier: EUPL-1.2
"""Grounds: which rules block, whom, and when the whole claim is blocked."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.values import Value
from tests.helpers import FACTS, book, causes, outcome, run

LADDER = """
- doorzenden: niet bevoegd
- te_vroeg: niet ontvankelijk
- afwijzen: blokkerende_grond
- deels: deels_geblokkeerd
- toekennen: anders
"""
PER_PERSON = "- {id: wet.1, bron: art. 1, voor elke: volwassenen, bepaalt: uitgesloten, rol: weigeringsgrond, als: student}"
PER_CHILD = "- {id: wet.1, bron: art. 1, voor elke: kinderen, bepaalt: telt, rol: voorwaarde, als: thuiswonend}"


def blocked(rules: str, case: dict[str, Any], **parts: Any) -> tuple[str, Value]:
    found = run(book(rules, ladder=LADDER, **parts), case)
    return found.first.result, outcome(found, "blokkerende_grond")


def couple(first: bool, second: bool | str) -> dict[str, Any]:
    return {"aanvrager": {"student": first}, "partner": "geen" if second == "geen" else {"student": second}}


def test_a_condition_blocks_when_its_outcome_is_false_and_names_all_rules_that_decide_it() -> None:
    rules = """
        - {id: wet.1, bron: art. 1, bepaalt: recht_op, rol: voorwaarde, als: a}
        - {id: wet.2, bron: art. 2, bepaalt: recht_op, als: b}
    """
    found = run(book(rules, ladder=LADDER), {"a": False, "b": False})
    assert found.first.result == "afwijzen"
    assert [ground.rules for ground in found.first.grounds] == [("wet.1", "wet.2")]
    assert blocked(rules, {"a": False, "b": True}) == ("toekennen", False)


def test_a_ground_for_refusal_blocks_when_the_rule_is_true_and_only_that_rule_is_named() -> None:
    rules = """
        - {id: wet.1, bron: art. 1, bepaalt: uitgesloten, rol: weigeringsgrond, als: a}
        - {id: wet.2, bron: art. 2, bepaalt: uitgesloten, rol: weigeringsgrond, als: b}
    """
    found = run(book(rules, ladder=LADDER), {"a": False, "b": True})
    assert [ground.rules for ground in found.first.grounds] == [("wet.2",)]


def test_the_ladder_is_read_from_the_top() -> None:
    rules = """
        - {id: wet.1, bron: art. 1, bepaalt: hier, rol: bevoegdheid, als: a}
        - {id: wet.2, bron: art. 2, bepaalt: op_tijd, rol: ontvankelijkheid, als: b}
        - {id: wet.3, bron: art. 3, bepaalt: recht_op, rol: voorwaarde, als: c}
    """
    law = book(rules, ladder=LADDER)
    expected = {
        "doorzenden": {"a": False, "b": False, "c": False},
        "te_vroeg": {"a": True, "b": False, "c": False},
        "afwijzen": {"a": True, "b": True, "c": False},
        "toekennen": {"a": True, "b": True, "c": True},
    }
    assert [run(law, case).first.result for case in expected.values()] == list(expected)


def test_what_is_unknown_leaves_a_set_of_possible_results() -> None:
    rules = "- {id: wet.1, bron: art. 1, bepaalt: recht_op, rol: voorwaarde, als: a}"
    assert run(book(rules, ladder=LADDER)).first.possible == ("afwijzen", "toekennen")


def test_a_duty_is_never_a_refusal() -> None:
    rules = "- {id: wet.1, bron: art. 1, bepaalt: moet_melden, rol: plicht, als: a}"
    assert blocked(rules, {"a": True}) == ("toekennen", False)


@pytest.mark.parametrize(
    ("first", "second", "result"),
    [
        (True, True, "afwijzen"),
        (True, False, "deels"),
        (False, True, "deels"),
        (False, False, "toekennen"),
        (True, "geen", "afwijzen"),
        (False, "geen", "toekennen"),
    ],
)
def test_the_whole_is_blocked_when_every_person_who_counts_is(first: bool, second: bool | str, result: str) -> None:
    assert blocked(PER_PERSON, couple(first, second))[0] == result


def test_a_person_in_a_second_list_is_blocked_only_in_the_list_that_the_rule_is_about() -> None:
    facts = FACTS + "  ouders: [aanvrager]\n"
    rules = (
        PER_PERSON
        + "\n- {id: wet.2, bron: art. 2, voor elke: ouders, bepaalt: jong, rol: weigeringsgrond, als: leeftijd op peildatum < 18}"
    )
    case = couple(True, False)
    case["aanvrager"]["geboortedatum"] = "1990-01-01"
    assert blocked(rules, case, facts=facts) == ("deels", False)


def test_a_person_who_does_not_count_neither_blocks_nor_saves() -> None:
    facts = FACTS.replace("[aanvrager, partner]", "[aanvrager, partner waar a]")
    assert blocked(PER_PERSON, {**couple(True, False), "a": False}, facts=facts)[0] == "afwijzen"
    assert blocked(PER_PERSON, {**couple(True, False), "a": True}, facts=facts)[0] == "deels"
    assert causes(blocked(PER_PERSON, couple(True, False), facts=facts)[1]) == {"gegeven:a"}


@pytest.mark.parametrize(
    ("at_home", "result"),
    [([True, True], "toekennen"), ([True, False], "deels"), ([False, False], "afwijzen"), ([], "toekennen")],
)
def test_costs_or_children_are_decided_one_by_one(at_home: list[bool], result: str) -> None:
    assert blocked(PER_CHILD, {"kinderen": [{"thuiswonend": there} for there in at_home]})[0] == result
