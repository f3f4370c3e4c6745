# SPDX-License-Identifier: EUPL-1.2
"""The law as it ships: it loads without a warning, and every test beside it passes."""

from __future__ import annotations

from datetime import date

import pytest

from engine.authoring.tests import TestResult, run_tests
from engine.rulebook import Rulebook
from tests.law import RULES, law

CLAIM = "participatiewet/algemene_bijstand"
AMOUNT_DATES = [date(year, month, 1) for year in (2023, 2024, 2025, 2026) for month in (1, 7)]


def results() -> list[TestResult]:
    return list(run_tests(law()))


@pytest.mark.parametrize("file", sorted({file for file, _ in law().tests}))
def test_every_test_that_stands_beside_the_law_passes(file: str) -> None:
    failed = [f"{result.test.test}: {difference}" for result in run_tests(law(), file) for difference in result.differences]
    assert not failed, "\n".join(failed)


def test_there_are_tests_beside_the_law_and_each_cites_its_source() -> None:
    tests = [test for _, tests in law().tests for test in tests]
    assert len(tests) > 400
    assert all(test.source.strip() for test in tests)


def test_the_law_loads_without_a_warning() -> None:
    assert law().warnings == ()


@pytest.mark.parametrize("case", ["01", "02", "03", "05", "06", "09", "12", "13", "15", "18", "19", "22"])
def test_every_worked_case_is_there(case: str) -> None:
    assert any(f"PW-{case}" in test.test for _, tests in law().tests for test in tests)


@pytest.mark.parametrize("day", AMOUNT_DATES)
def test_every_norm_is_entered_at_every_amount_date(day: date) -> None:
    compiled = law().program(CLAIM, day)
    assert compiled is not None
    missing = [name for name, amount in compiled.program.amounts.items() if name.startswith("norm_") and amount.at(day) is None]
    assert missing == []


def test_the_text_of_2027_is_provisional_and_nothing_of_it_works_in_2026() -> None:
    book: Rulebook = law()
    before, after = (book.program(CLAIM, day) for day in (date(2026, 12, 31), date(2027, 1, 1)))
    assert before is not None
    assert after is not None
    assert not any(rule.startswith(("pw.24a", "pw.34a", "pw.34b")) for rule in before.program.rules)
    assert any(rule.startswith("pw.34a") for rule in after.program.rules)
    assert all(version.status == "concept" for version in after.program.versions if version.valid_from == date(2027, 1, 1))


def test_every_rule_amount_and_door_says_whether_it_was_read() -> None:
    for compiled in law().programs[CLAIM]:
        for info in compiled.program.rules.values():
            assert info.decl.source.startswith("art. "), info.decl.id


def test_the_rules_ship_in_one_place() -> None:
    assert (RULES / "participatiewet" / "dekking.md").is_file()
