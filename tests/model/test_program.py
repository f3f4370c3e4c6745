# SPDX-License-Identifier: EUPL-1.2
"""Amounts over time, the tree that engines share, and problems as people read them."""

from __future__ import annotations

from datetime import date

import pytest

from engine.model import tree
from engine.model.kinds import BOOL, DATE, INT, Base, Kind, duration, money
from engine.model.problems import Place, Problem, RulesError, Severity, meant
from engine.model.program import Amount, AmountValue
from engine.model.values import Dimension
from tests.helpers import CLAIM, book

SERIES = "norm: {bron: art. 1, eenheid: EUR, %s waarden: {2026-07-01: 110, 2025-01-01: 100, 2026-01-01: onbekend}}"


def amount(until: str = "") -> Amount:
    (compiled,) = book(amounts=SERIES % until).programs[CLAIM]
    return compiled.program.amounts["norm"]


@pytest.mark.parametrize(
    ("day", "cents"),
    [("2024-12-31", None), ("2025-01-01", 10000), ("2025-12-31", 10000), ("2026-01-01", None), ("2026-06-30", None), ("2026-07-01", 11000)],
)
def test_an_amount_holds_from_its_date_until_the_next_whatever_their_order_in_the_file(day: str, cents: int | None) -> None:
    found = amount().at(date.fromisoformat(day))
    assert (found.value if found is not None else None) == cents


@pytest.mark.parametrize(("day", "entered"), [("2026-12-31", True), ("2027-01-01", False)])
def test_an_amount_ends_with_what_was_entered(day: str, entered: bool) -> None:
    found = amount("ingevoerd tot en met: 2026-12-31,").at(date.fromisoformat(day))
    assert isinstance(found, AmountValue) is entered


def test_without_an_end_the_last_amount_goes_on() -> None:
    found = amount().at(date(2100, 1, 1))
    assert found is not None
    assert found.value == 11000


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (BOOL, "ja/nee"),
        (money("maand"), "bedrag per maand"),
        (money("eenmalig"), "bedrag (eenmalig)"),
        (duration(Dimension.WORKDAYS), "duur in werkdagen"),
        (Kind(Base.LIST, group="kind"), "lijst van kind"),
        (Kind(Base.GROUP, group="persoon"), "persoon"),
    ],
)
def test_a_kind_reads_as_policy_staff_write_it(kind: Kind, text: str) -> None:
    assert str(kind) == text


def test_a_kind_without_geen_is_the_same_kind() -> None:
    optional = Kind(Base.INT, optional=True)
    assert optional.required() == INT
    assert INT.required() is INT


def test_walking_a_tree_meets_every_part_once_in_the_order_of_the_text() -> None:
    left, right = tree.FactRef(INT, "n"), tree.Lit(INT, 3)
    compare = tree.Compare(">", left, right)
    birth, day = tree.FactRef(DATE, "geboren"), tree.FactRef(DATE, "peildatum")
    age = tree.Compare("<", tree.Age(INT, birth, day), right)
    whole = tree.Line("tekst", tree.And((compare, tree.Not(age), tree.Const(True))))
    assert list(tree.walk(whole)) == [
        whole,
        whole.child,
        compare,
        left,
        right,
        tree.Not(age),
        age,
        age.left,
        birth,
        day,
        right,
        tree.Const(True),
    ]


def test_a_term_of_a_sum_over_people_is_met_with_its_condition() -> None:
    term = (tree.Const(True), tree.Lit(INT, 3))
    assert list(tree.children(tree.TallySum(INT, (term,)))) == list(term)


def test_a_rule_holds_when_its_conditions_do_its_power_is_used_and_no_exception_is_true() -> None:
    a, b = tree.Const(True), tree.Const(False)
    assert tree.Rule("r", "r", "o", a).criterion() == a
    power = tree.Truth(tree.FactRef(BOOL, "keuze(r)"))
    assert tree.Rule("r", "r", "o", a, (b,), "keuze(r)").criterion() == tree.And((a, power, tree.Not(tree.Or((b,)))))


def test_a_problem_names_its_place_severity_code_cause_and_remedy() -> None:
    problem = Problem("TS-X01", Place("wet/a.yaml", 3, 5), "Dit kan niet.", "Doe iets anders.", shown="  a: b")
    assert str(problem) == "wet/a.yaml:3:5: fout TS-X01: Dit kan niet. Doe iets anders.\n      a: b\n        ^"


def test_a_problem_of_a_claim_has_a_pointer_and_one_of_a_file_may_lack_a_line() -> None:
    assert str(Place(pointer="/gegevens/a")) == "/gegevens/a"
    assert str(Place(pointer="")) == "/"
    assert str(Place("wet/a.yaml")) == "wet/a.yaml"


def test_an_error_carries_every_problem() -> None:
    problems = [Problem("TS-X01", Place("a"), "Een."), Problem("TS-X02", Place("b"), "Twee.", severity=Severity.WARNING)]
    error = RulesError(iter(problems))
    assert error.problems == tuple(problems)
    assert str(error).count("\n") == 1


@pytest.mark.parametrize(
    ("word", "hint"), [("loom", "Bedoelde u `loon`?"), ("zzz", ""), ("kind", "Bedoelde u `kind` of `kinderen`?"), ("", "")]
)
def test_a_hint_names_the_nearest_words(word: str, hint: str) -> None:
    assert meant(word, ["loon", "kinderen", "kind"]) == hint
