# SPDX-License-Identifier: EUPL-1.2
"""On which judgements of people a burdening outcome rests."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.passes.assess import Assessment, assess
from engine.passes.precedents import laid_together, read_precedents
from tests.helpers import judged
from tests.law import example, law
from tests.passes.reversed_law import REVERSED, RULES, given, reversed_law, weighed

BOOK = reversed_law(
    rules=RULES.replace("rol: weigeringsgrond, als: b}", "rol: weigeringsgrond, als: b of ernstig}"), reversed_test=REVERSED
)
PASSES = {"a": True, "b": False, "c": False, "leefvorm": "alleen"}


def carried(found: Assessment) -> dict[str, tuple[str, ...]]:
    return {item.path: item.grounds for item in found.carried}


def test_a_refusal_that_only_a_judgement_gives_rests_on_it() -> None:
    assert carried(weighed({**PASSES, "ernstig": judged(True)}, book=BOOK)) == {"ernstig": ("wet.2",)}


def test_a_judgement_beside_a_fact_that_refuses_anyhow_carries_nothing() -> None:
    assert carried(weighed({**PASSES, "b": True, "ernstig": judged(True)}, book=BOOK)) == {}


def test_of_two_grounds_the_one_that_rests_on_a_judgement_is_named() -> None:
    assert carried(weighed({**PASSES, "a": False, "ernstig": judged(True)}, book=BOOK)) == {"ernstig": ("wet.2",)}


def test_a_grant_rests_on_no_judgement_that_must_be_asked_again() -> None:
    found = weighed({**PASSES, "ernstig": judged(False)}, book=BOOK)
    assert (found.first.burdening, found.carried) == (False, ())


def test_what_somebody_else_decided_rests_on_judgements_that_are_not_known_here() -> None:
    assert weighed({**PASSES, "ernstig": judged(True)}, book=BOOK, regeluitkomst=given("wet.2")).carried == ()


def test_whether_education_is_really_possible_is_asked_again_where_the_refusal_rests_on_it() -> None:
    found = assess(example("2-"), law())
    assert carried(found) == {"aanvrager.kan_rijksonderwijs_volgen": ("pw.13.2.c",)}


def register(count: int) -> bytes:
    record: dict[str, Any] = {
        "datum": "2026-03-01",
        "regeling": "participatiewet",
        "gronden": ["pw.13.2.c"],
        "deur": "pw.deur.16.1",
        "kenmerken": {},
        "afgeweken": True,
        "motief": "zo besloten",
    }
    return b"".join(json.dumps({**record, "id": f"p{number}"}).encode() + b"\n" for number in range(count))


@pytest.mark.parametrize(("count", "told"), [(5, True), (4, False)])
def test_a_ground_that_was_often_left_through_the_same_door_asks_whether_the_rule_is_read_well(count: int, told: bool) -> None:
    found = assess(example("2-"), law(), laid_together(read_precedents(register(count), "eerdere.jsonl")))
    assert ("sig.afwijking_keert_terug" in [signal.decl.id for signal in found.second.signals]) is told
