# SPDX-License-Identifier: EUPL-1.2
"""What would have to be different: smallest changes, of facts that can change, each confirmed by the law."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from engine.passes import whatif
from engine.passes.assess import assess
from engine.passes.whatif import Change, what_if
from engine.rationale.values import plain
from tests.helpers import book, judged, run
from tests.law import example, law


def changes(claim: dict[str, Any]) -> tuple[Change, ...]:
    assessment = assess(claim, law())
    return what_if(assessment.compiled, assessment.state, assessment.first, assessment.claim)


def told(claim: dict[str, Any]) -> dict[str, object]:
    return {change.differences[0].path: change.differences[0].answer for change in changes(claim) if len(change.differences) == 1}


def test_the_nearest_amount_that_turns_the_outcome_is_found_to_the_cent() -> None:
    # art. 34 lid 4 (2025): 7.770 - 7.500 = 270 euro of the inheritance stays free.
    assert told(example("4-"))["verworven_tijdens_bijstand"] == 27_000


def test_income_equal_to_the_norm_turns_one_cent_lower() -> None:
    claim = example("5-")
    claim["gegevens"]["aanvrager"] |= {
        "inkomsten_uit_arbeid": "1401.50",
        "draagt_bij_aan_arbeidsinschakeling": judged(False),
        "maanden_vrijlating_arbeid": 6,
        "medisch_urenbeperkt": False,
        "doelgroep_loonkostensubsidie": False,
    }
    assert told(claim)["aanvrager.inkomsten_uit_arbeid"] == 140_149


def test_what_cannot_change_is_never_told() -> None:
    for name in ("2-", "4-"):
        for change in changes(example(name)):
            assert all(difference.fact.decl.changeable and not difference.fact.judged for difference in change.differences)


def test_a_grant_and_an_open_outcome_have_nothing_to_tell() -> None:
    assert changes(example("1-")) == ()
    assert changes(example("3-")) == ()


def test_every_change_is_confirmed_by_the_law_itself() -> None:
    claim = example("4-")
    for change in changes(claim):
        (difference,) = change.differences
        turned = example("4-")
        answer = plain(difference.answer, difference.fact.kind)
        turned["gegevens"][difference.path] = answer
        assert assess(turned, law()).first.result == change.result


RULES = """
- id: w.1
  bron: art. 1
  status: gelezen
  bepaalt: genoeg
  rol: voorwaarde
  als: a en b
"""
LADDER = """
- afwijzen: blokkerende_grond
- toekennen: anders
"""


def test_two_facts_are_told_together_only_when_neither_does_it_alone() -> None:
    rules = book(RULES, ladder=LADDER, burdening="afwijzen")
    for a, b, expected in ((False, False, {("a", "b")}), (True, False, {("b",)})):
        assessment = run(rules, {"a": a, "b": b})
        found = what_if(assessment.compiled, assessment.state, assessment.first, assessment.claim)
        assert {tuple(difference.path for difference in change.differences) for change in found} == expected


def inheritance(income: str, debts: str) -> dict[str, Any]:
    """An inheritance that no single fact makes small enough for certain: with an income somebody has to judge first."""
    claim = example("4-")
    claim["gegevens"]["aanvrager"]["inkomsten_uit_arbeid"] = income
    claim["gegevens"]["schulden"] = debts
    return claim


@pytest.mark.parametrize(("income", "debts"), [("203.03", "203.03"), ("1203.03", "20000"), ("1950", "1950")])
def test_pairs_are_left_out_that_cannot_turn_the_outcome_and_no_others(income: str, debts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = changes(inheritance(income, debts))

    def all_of_them(self: whatif._Search, other: str, path: str) -> Iterator[whatif._Try]:
        return iter(self._other_answers(path))

    monkeypatch.setattr(whatif._Search, "_open_to", all_of_them)
    assert changes(inheritance(income, debts)) == found


def test_rules_that_contradict_each_other_only_where_one_of_two_facts_is_different_hide_no_change() -> None:
    amounts = """
- {id: w.2, bron: art. 2, status: gelezen, bepaalt: bedrag, waarde: 1, als: niet a}
- {id: w.3, bron: art. 2, status: gelezen, bepaalt: bedrag, waarde: 2, als: b}
"""
    assessment = run(book(RULES + amounts, ladder=LADDER, burdening="afwijzen"), {"a": False, "b": False})
    (change,) = what_if(assessment.compiled, assessment.state, assessment.first, assessment.claim)
    assert {difference.path for difference in change.differences} == {"a", "b"}


def test_two_facts_that_turn_an_inheritance_together_are_found() -> None:
    """Without the income nobody has to judge what of it counts (art. 31 lid 2 onder n), and less of the inheritance stays under art. 34."""
    together = {tuple(difference.path for difference in change.differences) for change in changes(inheritance("203.03", "203.03"))}
    assert ("aanvrager.inkomsten_uit_arbeid", "verworven_tijdens_bijstand") in together
