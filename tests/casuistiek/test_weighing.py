# SPDX-License-Identifier: EUPL-1.2
"""A second reader's judgements: blind as the coding is, added where it is open, and never in its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from benchmarks.casuistiek import coding, weighing
from benchmarks.casuistiek.translate import translate
from benchmarks.casuistiek.weighing import Weighing, weighed
from tests.law import law

CASES = {case.id: case for case in coding.read()}
JUDGED = weighing.read()


def test_what_was_judged_is_what_it_was_when_it_was_blind() -> None:
    assert weighing.substance() == "c3bf0a069e21685ce1a1751ff39eb484ba382920f86b7c100158c3faa6f80022", (
        "A judgement was changed. Nobody may do that who has seen an outcome."
    )


def test_what_reads_the_weighing_cannot_see_an_outcome() -> None:
    text = Path(weighing.__file__).read_text(encoding="utf-8")
    assert "outcomes" not in text
    assert "uitkomsten" not in text


def test_every_case_was_weighed_and_no_other() -> None:
    assert JUDGED.keys() == CASES.keys()


@pytest.mark.parametrize("name", CASES)
def test_a_judged_door_is_a_coded_door(name: str) -> None:
    assert {door.article for door in JUDGED[name].doors} <= {door.article for door in CASES[name].doors}


@pytest.mark.parametrize("name", CASES)
def test_what_the_coding_settled_stays(name: str) -> None:
    before, after = CASES[name], weighed(CASES[name], JUDGED[name])
    assert {key: answer for key, answer in after.checks.items() if key in before.checks and before.checks[key].truth is not None} == {
        key: answer for key, answer in before.checks.items() if answer.truth is not None
    }
    assert [door for door in before.doors if door.condition is not None] == [
        new for old, new in zip(before.doors, after.doors, strict=True) if old.condition is not None
    ]
    assert (before.outcome, before.facts, before.people) == (after.outcome, after.facts, after.people)


@pytest.mark.parametrize("name", CASES)
def test_a_weighed_case_translates_without_refusal(name: str) -> None:
    found = translate(weighed(CASES[name], JUDGED[name]), law())
    assert found.claim["regeluitkomst"]["gronden"]


def test_a_weighing_that_says_nothing_supposes_only_that_there_are_no_minor_children() -> None:
    case = next(case for case in CASES.values() if case.triggers["t4"].truth is None)
    after = weighed(case, Weighing.model_validate({"id": case.id, "herkend": "nee"}))
    assert after.triggers["t4"].truth is False
    assert (after.checks, after.doors) == (case.checks, case.doors)


@pytest.mark.parametrize(
    "wrong", [{"wegingen": {"verzonnen": {"waarde": "ja", "reden": "x"}}}, {"wegingen": {"geschikt": {"waarde": "ja"}}}]
)
def test_a_question_that_is_not_asked_and_a_judgement_without_a_reason_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Weighing.model_validate({"id": "CAS-X", "herkend": "nee"} | wrong)


def test_that_the_inquiry_does_not_carry_the_outcome_becomes_a_finding() -> None:
    case = next(iter(CASES.values()))
    judged = {"id": case.id, "herkend": "nee", "wegingen": {"onderzoek": {"waarde": "nee", "reden": "Er ligt niets."}}}
    claim = translate(weighed(case, Weighing.model_validate(judged)), law()).claim
    assert claim["gegevens"]["onderzoek_schiet_tekort"]["waarde"] is True
