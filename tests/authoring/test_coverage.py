# SPDX-License-Identifier: EUPL-1.2
"""What the tests of a law reach: counted by hand on a law of three rules."""

from __future__ import annotations

import pytest

from engine.authoring import coverage
from engine.authoring.coverage import AMOUNT, CRITERION, ROW, RULE, VALUE, Hit, Report, Tally
from engine.authoring.tests import listed, run_test
from engine.model.problems import RulesError
from engine.rulebook import load_files
from tests.authoring.small_law import GRANTED, a_test, files


def covered(*tests: str, beside: str = "") -> Report:
    found = files(*tests)
    book = load_files(found)
    hits: set[Hit] = set()
    for file, test in listed(book, ""):
        run_test(book, file, test, coverage.watching(hits))
    documents = coverage.read_coverage({"wet/dekking.yaml": beside.encode()} if beside else {}, ["wet"])
    return coverage.report(coverage.universe(book, ["wet"]), hits, coverage.Places(found), documents)


def test_one_case_reaches_each_rule_in_one_value() -> None:
    tallies = covered(GRANTED).tallies["wet/aanspraak"]
    assert tallies == {RULE: Tally(1, 3), CRITERION: Tally(3, 9), VALUE: Tally(2, 2), ROW: Tally(1, 2)}


def test_an_amount_is_reached_on_the_date_that_holds() -> None:
    assert covered(GRANTED).tallies["wet"][AMOUNT] == Tally(1, 2)
    assert covered(GRANTED, a_test("n: 4, a: ja, b: nee, c: ja", "", "2025-01-01")).tallies["wet"][AMOUNT] == Tally(2, 2)


def test_unknown_is_a_value_of_its_own() -> None:
    shut = a_test("n: 4, a: ja, b: ja, c: nee", "uitkomst: afwijzen")
    before, after = covered(GRANTED, shut), covered(GRANTED, shut, a_test("n: 4", ""))
    assert before.tallies["wet/aanspraak"][RULE] == Tally(2, 3)
    assert after.tallies["wet/aanspraak"][RULE] == Tally(3, 3)


def test_what_is_missed_has_its_place_in_the_file() -> None:
    missed = {str(found) for found in covered(GRANTED).missed}
    text = files()["wet/aanspraak/2020-01-01.yaml"].split("\n")
    line = next(number for number, found in enumerate(text, 1) if "tenzij: b" in found)
    assert f"wet/aanspraak/2020-01-01.yaml:{line}: wet.1: b: nooit waar, onbekend" in missed
    assert any("rij wet.2, rij 2: nooit toegepast" in found for found in missed)
    assert any(found.startswith("wet/bedragen.yaml:6: bedrag basis, vanaf 2020-01-01") for found in missed)


def test_a_threshold_tells_what_is_too_low() -> None:
    report = covered(GRANTED, beside="drempels:\n  wet/aanspraak: 90\n")
    assert [owner for owner, _, _ in report.too_low()] == ["wet/aanspraak"]
    assert report.too_low(10) == []


def test_what_cannot_be_reached_does_not_count_against_the_tests() -> None:
    beside = "onbereikbaar:\n  - wat: wet.1\n    deel: b\n    toestand: [waar, onbekend]\n    reden: zo is het\n"
    report = covered(GRANTED, beside=beside)
    assert (report.excused, report.tallies["wet/aanspraak"][CRITERION], report.stale) == (2, Tally(3, 7), [])


def test_an_excuse_that_no_longer_holds_is_told() -> None:
    beside = "onbereikbaar:\n  - wat: wet.1\n    deel: b\n    toestand: onwaar\n    reden: zo was het\n"
    assert covered(GRANTED, beside=beside).stale == ["criterium wet.1 (b): onwaar staat als onbereikbaar en wordt bereikt"]


def test_an_excuse_for_what_does_not_exist_asks_which_was_meant() -> None:
    (text,) = covered(GRANTED, beside="onbereikbaar:\n  - wat: wet.11\n    toestand: waar\n    reden: x\n").stale
    assert "Bedoelde u `wet.1`" in text


def test_an_excuse_for_a_state_that_it_does_not_have_lists_what_it_can_be() -> None:
    (text,) = covered(GRANTED, beside="onbereikbaar:\n  - wat: wet.1\n    toestand: toegepast\n    reden: x\n").stale
    assert "heeft geen toestand `toegepast`. Kies uit: onbekend, onwaar, waar." in text


def test_a_case_with_supposed_amounts_reaches_nothing() -> None:
    supposed = GRANTED.replace("waarden: {uitkering: 110}", "waarden: {uitkering: 250}").replace(
        "  gegevens", "  bedragen: {basis: 250}\n  gegevens"
    )
    found = files(supposed)
    found["wet/bedragen.yaml"] = found["wet/bedragen.yaml"].replace("110", "onbekend")
    book, hits = load_files(found), set[Hit]()
    ((file, test),) = listed(book, "")
    assert run_test(book, file, test, coverage.watching(hits)).passed
    assert hits == set()


def test_a_threshold_that_is_no_percentage_is_refused() -> None:
    with pytest.raises(RulesError, match="`veel` is geen drempel"):
        covered(GRANTED, beside="drempels:\n  wet: veel\n")
