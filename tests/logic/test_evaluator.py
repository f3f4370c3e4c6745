# SPDX-License-Identifier: EUPL-1.2
"""The python engine, node by node: what each gives for known values, for `geen` and for what is not known."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from engine.logic.arithmetic import rounded
from engine.logic.closures import Compiler
from engine.model import tree
from engine.model.kinds import BOOL, DATE, INT, NUMBER, Base, Kind, duration, money
from engine.model.problems import EngineError
from engine.model.values import GEEN, CauseKind, Dimension, Duration, ListValue, Number, Truth, Unknown, Value
from engine.rulebook import Compiled
from tests.logic.small import (
    expr_of,
    fact,
    lit,
    number_rule,
    outcome,
    program,
    ran,
    says,
    state,
    truth_of,
    unknown,
    value_of,
    yes_no_rule,
)

ALWAYS = tree.Const(True)
EUROS = money("maand")
COLOUR = Kind(Base.CHOICE, choices=("rood", "groen"))
DAYS = duration(Dimension.DAYS)
MONTHS = duration(Dimension.MONTHS)
P, Q, P_OR_Q = unknown("p"), unknown("q"), unknown("p", "q")
N, M = fact("n"), fact("m")


def because(kind: CauseKind, ref: str) -> Unknown:
    return Unknown.because(kind, ref)


# --- conditions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "truth"), [(True, True), (False, False), (P, P), (GEEN, False)])
def test_a_yes_or_no_fact_as_a_condition(value: Value, truth: Truth) -> None:
    assert truth_of(says("p"), p=value) == truth


@pytest.mark.parametrize(
    ("op", "truths"),
    [
        ("is", (False, True, False)),
        ("is niet", (True, False, True)),
        ("<", (True, False, False)),
        ("<=", (True, True, False)),
        (">", (False, False, True)),
        (">=", (False, True, True)),
    ],
)
def test_a_comparison_below_at_and_above_the_limit(op: str, truths: tuple[bool, bool, bool]) -> None:
    assert tuple(truth_of(tree.Compare(op, N, lit(5)), n=value) for value in (4, 5, 6)) == truths


@pytest.mark.parametrize("op", ["is", "is niet", "<", "<=", ">", ">="])
def test_a_comparison_with_geen_is_false_and_with_something_unknown_is_unknown(op: str) -> None:
    node = tree.Compare(op, N, M)
    assert truth_of(node, n=GEEN, m=5) is False
    assert truth_of(node, n=GEEN, m=Q) is False
    assert truth_of(node, n=P, m=5) == P
    assert truth_of(node, n=P, m=Q) == unknown("p", "q")


def test_not_smaller_holds_for_geen_where_greater_or_equal_does_not() -> None:
    smaller, at_least = tree.Compare("<", N, lit(5)), tree.Compare(">=", N, lit(5))
    assert truth_of(tree.Not(smaller), n=GEEN) is True
    assert truth_of(at_least, n=GEEN) is False


def test_durations_are_compared_by_their_length() -> None:
    node = tree.Compare(">", fact("u", MONTHS), tree.Lit(MONTHS, Duration(months=12)))
    assert truth_of(node, u=Duration(months=13)) is True
    assert truth_of(node, u=Duration(months=12)) is False


@pytest.mark.parametrize(("value", "among", "not_among"), [("rood", True, False), ("groen", False, True), (GEEN, False, False), (P, P, P)])
def test_a_choice_among_these_or_not(value: Value, among: Truth, not_among: Truth) -> None:
    assert truth_of(tree.OneOf(fact("k", COLOUR), ("rood",), False), k=value) == among
    assert truth_of(tree.OneOf(fact("k", COLOUR), ("rood",), True), k=value) == not_among


@pytest.mark.parametrize(("value", "none", "some"), [(GEEN, True, False), (3, False, True), (P, P, P)])
def test_the_one_test_that_geen_passes(value: Value, none: Truth, some: Truth) -> None:
    assert truth_of(tree.IsGeen(N, False), n=value) == none
    assert truth_of(tree.IsGeen(N, True), n=value) == some


@pytest.mark.parametrize(("value", "truth"), [(True, True), (GEEN, False), (P, P)])
def test_a_person_is_there(value: Value, truth: Truth) -> None:
    assert truth_of(tree.Present("partner"), partner=value) == truth


def test_a_line_means_what_it_says_inside() -> None:
    assert truth_of(tree.Line("niet p", tree.Not(says("p")), 7), p=False) is True


def test_all_one_and_none_of_several_conditions() -> None:
    parts = (says("p"), says("q"), ALWAYS)
    assert truth_of(tree.And(parts), p=True, q=True) is True
    assert truth_of(tree.And(parts), p=False, q=Q) is False
    assert truth_of(tree.Or(parts[:2]), p=P, q=True) is True
    assert truth_of(tree.Not(tree.Or(parts[:2])), p=P, q=False) == P
    assert truth_of(tree.Const(False)) is False


# --- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("op", "left", "right", "result"),
    [
        ("+", 3, 4, 7),
        ("-", 3, 4, -1),
        ("*", Fraction(2, 5), 200213, Fraction(400426, 5)),
        ("/", 1, 3, Fraction(1, 3)),
        ("/", 6, 3, 2),
        ("+", Duration(months=1), Duration(months=2), Duration(months=3)),
        ("-", Duration(days=7), Duration(days=2), Duration(days=5)),
    ],
)
def test_arithmetic_is_exact(op: str, left: Value, right: Value, result: Value) -> None:
    found = expr_of(tree.Arith(NUMBER, op, N, M), n=left, m=right)
    assert (found, type(found)) == (result, type(result))


@pytest.mark.parametrize("op", ["+", "-", "*", "/"])
def test_geen_in_arithmetic_is_geen_and_unknown_is_unknown(op: str) -> None:
    node = tree.Arith(NUMBER, op, N, M)
    assert expr_of(node, n=GEEN, m=P) is GEEN
    assert expr_of(node, n=2, m=GEEN) is GEEN
    assert expr_of(node, n=P, m=2) == P
    assert expr_of(node, n=P, m=Q) == unknown("p", "q")


def test_a_division_by_zero_is_unknown() -> None:
    assert expr_of(tree.Arith(NUMBER, "/", N, M), n=2, m=0) == because(CauseKind.ARITHMETIC, "deling door nul")


def test_geen_as_a_value() -> None:
    assert expr_of(tree.GeenLit(INT)) is GEEN


def test_an_amount_that_was_not_entered_is_unknown() -> None:
    missing = because(CauseKind.AMOUNT, "norm")
    evaluate = Compiler({}, traced=False).value(tree.AmountRef(EUROS, "norm"))
    assert evaluate(state(norm=141946)) == 141946
    assert evaluate(state(norm=missing)) == missing


def test_what_a_municipality_fills_in_goes_before_what_the_law_says_otherwise() -> None:
    with_default, without = (Compiler({}, traced=False).value(tree.FillingRef(INT, "wet.4", other)) for other in (lit(8), None))
    filled, empty = state(), state()
    filled.fillings = {"wet.4": 6}
    assert (with_default(filled), without(filled)) == (6, 6)
    assert (with_default(empty), without(empty)) == (8, because(CauseKind.FILLING, "wet.4"))


def test_a_date_plus_and_minus_a_duration() -> None:
    day, length = fact("d", DATE), fact("u", MONTHS)
    assert expr_of(tree.Shift(DATE, day, length, 1), d=date(2026, 1, 31), u=Duration(months=1)) == date(2026, 2, 28)
    assert expr_of(tree.Shift(DATE, day, length, -1), d=date(2026, 3, 31), u=Duration(months=1)) == date(2026, 2, 28)
    assert expr_of(tree.Shift(DATE, day, length, 1), d=P, u=Duration(months=1)) == P


def test_a_number_of_units_is_a_duration() -> None:
    assert expr_of(tree.Span(DAYS, N, Duration(days=7)), n=6) == Duration(days=42)
    assert expr_of(tree.Span(DAYS, N, Duration(days=7)), n=GEEN) is GEEN


@pytest.mark.parametrize(
    ("unit", "length"),
    [
        ("dagen", Duration(days=61)),
        ("weken", Duration(days=56)),
        ("maanden", Duration(months=2)),
        ("jaar", Duration(months=0)),
        ("werkdagen", Duration(workdays=43)),
    ],
)
def test_completed_units_between_two_dates(unit: str, length: Duration) -> None:
    node = tree.Between(DAYS, unit, fact("d", DATE), fact("e", DATE))
    assert expr_of(node, d=date(2026, 5, 15), e=date(2026, 7, 15)) == length
    assert expr_of(node, d=date(2026, 5, 15), e=Q) == Q


def test_weeks_that_run_back_count_completed_weeks_too() -> None:
    node = tree.Between(DAYS, "weken", fact("d", DATE), fact("e", DATE))
    assert expr_of(node, d=date(2026, 7, 15), e=date(2026, 7, 5)) == Duration(days=-7)


def test_an_age_on_a_day() -> None:
    node = tree.Age(INT, fact("d", DATE), fact("e", DATE))
    assert expr_of(node, d=date(2008, 7, 16), e=date(2026, 7, 15)) == 17
    assert expr_of(node, d=GEEN, e=date(2026, 7, 15)) is GEEN


@pytest.mark.parametrize(
    ("function", "args", "result"),
    [
        ("laagste", (3, 1, 2), 1),
        ("hoogste", (3, 1, 2), 3),
        ("hoogste", (Duration(days=3), Duration(days=10)), Duration(days=10)),
        ("vroegste", (date(2026, 7, 15), date(2026, 1, 1)), date(2026, 1, 1)),
        ("laatste", (date(2026, 7, 15), date(2026, 1, 1)), date(2026, 7, 15)),
        ("jaar_van", (date(2026, 7, 15),), 2026),
        ("eerste_dag_van_maand", (date(2026, 7, 15),), date(2026, 7, 1)),
        ("eerstvolgende_werkdag", (date(2026, 4, 25),), date(2026, 4, 28)),
        ("laagste", (3, GEEN), GEEN),
        ("laagste", (3, P, Q), unknown("p", "q")),
    ],
)
def test_functions(function: str, args: tuple[Value, ...], result: Value) -> None:
    names = [f"x{number}" for number in range(len(args))]
    node = tree.Call(INT, function, tuple(fact(name) for name in names))
    assert expr_of(node, **dict(zip(names, args, strict=True))) == result


# --- lists -----------------------------------------------------------------------------------------------------------

OLDER = tree.Compare(">=", tree.MemberRef(INT, "l", "leeftijd"), lit(27))
COUNT = tree.Count(INT, "l", OLDER)
COSTS = tree.Sum(EUROS, "l", tree.MemberRef(EUROS, "l", "kosten"), OLDER)


def people(*ages: Value, complete: bool = True) -> ListValue:
    return ListValue(tuple({"leeftijd": age, "kosten": 100} for age in ages), complete)


@pytest.mark.parametrize(
    ("given", "one", "every", "count", "costs"),
    [
        (people(), False, True, 0, 0),
        (people(30, 20), True, False, 1, 100),
        (people(30, 40), True, True, 2, 200),
        (people(30, P), True, P, P, P),
        (people(20, P), P, False, P, P),
        (people(30, complete=False), True, unknown("l"), unknown("l"), unknown("l")),
        (people(20, complete=False), unknown("l"), False, unknown("l"), unknown("l")),
        (unknown("l"), unknown("l"), unknown("l"), unknown("l"), unknown("l")),
        (GEEN, False, True, 0, 0),
    ],
)
def test_lists_that_are_complete_incomplete_and_not_given(given: Value, one: Truth, every: Truth, count: Value, costs: Value) -> None:
    assert truth_of(tree.Exists("l", OLDER), l=given) == one
    assert truth_of(tree.ForAll("l", OLDER), l=given) == every
    assert expr_of(COUNT, l=given) == count
    assert expr_of(COSTS, l=given) == costs


def test_a_value_of_zero_or_geen_adds_nothing_whether_or_not_its_item_counts() -> None:
    rows = ListValue(({"leeftijd": P, "kosten": 0}, {"leeftijd": P, "kosten": GEEN}, {"leeftijd": 30, "kosten": 5}))
    assert expr_of(COSTS, l=rows) == 5


def test_a_count_without_a_condition_counts_everybody() -> None:
    assert expr_of(tree.Count(INT, "l", None), l=people(1, P)) == 2


def test_persons_who_are_written_out_are_counted_and_added() -> None:
    count = tree.Tally(INT, (says("p"), says("q"), ALWAYS))
    assert expr_of(count, p=True, q=False) == 2
    assert expr_of(count, p=True, q=Q) == Q
    total = tree.TallySum(INT, ((says("p"), N), (says("q"), M)))
    assert expr_of(total, p=True, q=False, n=3, m=P) == 3
    assert expr_of(total, p=True, q=True, n=3, m=GEEN) == 3
    assert expr_of(total, p=True, q=Q, n=3, m=4) == Q


# --- rules of a yes or no outcome ------------------------------------------------------------------------------------


def decides(*rules: tree.Rule, **facts: Value) -> Value:
    return value_of(rules, **facts)


def test_one_rule_that_holds_is_enough_and_false_needs_all_to_fail() -> None:
    rules = (yes_no_rule("r1", says("p")), yes_no_rule("r2", says("q")))
    assert decides(*rules, p=P, q=True) is True
    assert decides(*rules, p=P, q=False) == P
    assert decides(*rules, p=False, q=False) is False


def test_an_unknown_exception_leaves_the_outcome_unknown() -> None:
    rule = yes_no_rule("r", says("p"), exceptions=(says("q"), tree.Const(False)))
    assert decides(rule, p=True, q=Q) == Q
    assert decides(rule, p=True, q=True) is False
    assert decides(rule, p=True, q=False) is True
    assert decides(rule, p=False, q=Q) is False


def test_a_power_is_absent_without_its_conditions_and_a_choice_with_them() -> None:
    rule = yes_no_rule("r", says("p"), power="keuze(r)")
    choice = because(CauseKind.CHOICE, "keuze(r)")

    def decided(conditions: bool, chosen: Truth) -> Value:
        return decides(rule, **{"p": conditions, "keuze(r)": chosen})

    assert decided(False, choice) is False
    assert decided(True, choice) == choice
    assert decided(True, True) is True
    assert decided(True, False) is False


def test_an_outcome_and_a_rule_are_read_by_later_outcomes() -> None:
    first = outcome("u", yes_no_rule("r1", says("p")), yes_no_rule("r2", says("q")))
    later = outcome("v", yes_no_rule("s", tree.And((tree.Truth(tree.OutcomeRef(BOOL, "u")), tree.Not(tree.RuleHolds("r1"))))))
    assert ran(program(first, later), {"p": False, "q": True}).out["v"] is True
    assert ran(program(first, later), {"p": True, "q": True}).out["v"] is False


def test_a_trace_shows_every_condition_also_where_the_result_was_clear() -> None:
    rule = yes_no_rule("r", tree.And((says("p"), says("q"))))
    (trace,) = ran(program(outcome("u", rule)), {"p": False, "q": True}).traces["r"]
    assert trace.holds is False
    assert trace.nodes == [False, False, True]


# --- rules of a value ------------------------------------------------------------------------------------------------


def test_the_value_of_the_one_rule_that_applies() -> None:
    rules = (number_rule("r1", says("p"), lit(1)), number_rule("r2", tree.Not(says("p")), lit(2)))
    assert decides(*rules, p=True) == 1
    assert decides(*rules, p=False) == 2
    assert decides(*rules, p=P) == P


def test_that_perhaps_no_rule_applies_is_no_cause_while_a_fact_can_still_tell() -> None:
    assert decides(number_rule("r", says("p"), lit(1)), p=P) == P


def test_no_rule_that_applies_leaves_the_value_unknown_unless_there_is_an_otherwise() -> None:
    assert decides(number_rule("r", says("p"), lit(1)), p=False) == because(CauseKind.RULE, "u")
    assert decides(number_rule("r", says("p"), lit(1), otherwise=lit(0)), p=False) == 0
    assert decides(number_rule("r", says("p"), lit(1), otherwise=lit(0)), p=P) == P
    assert decides(number_rule("r", says("p"), lit(0), otherwise=lit(0)), p=P) == 0


def test_two_rules_that_apply_with_different_values_are_an_error_that_names_both() -> None:
    rules = (number_rule("r1", says("p"), lit(1)), number_rule("r2", says("q"), lit(2)))
    with pytest.raises(EngineError, match=r"r1.*r2"):
        decides(*rules, p=True, q=True)


def test_two_rules_that_apply_with_the_same_value_agree() -> None:
    rules = (number_rule("r1", says("p"), lit(3)), number_rule("r2", says("q"), lit(3)))
    assert decides(*rules, p=True, q=True) == 3
    assert decides(*rules, p=True, q=Q) == 3


@pytest.mark.parametrize("order", [1, -1])
def test_two_rules_that_both_apply_leave_the_value_open_while_one_of_the_two_is_open(order: int) -> None:
    rules = [number_rule("r1", ALWAYS, N), number_rule("r2", ALWAYS, lit(5))][::order]
    assert decides(*rules, n=P) == P


@pytest.mark.parametrize("order", [1, -1])
def test_a_rule_that_goes_before_another_sets_it_aside_only_where_it_holds(order: int) -> None:
    rules = [number_rule("r1", ALWAYS, lit(1)), number_rule("r2", says("p"), lit(2), sets_aside=("r1",))][::order]
    assert decides(*rules, p=True) == 2
    assert decides(*rules, p=False) == 1
    assert decides(*rules, p=P) == P


def test_a_division_by_zero_where_the_rule_does_not_apply_says_nothing() -> None:
    share = number_rule("r1", tree.Compare(">", N, lit(0)), tree.Arith(NUMBER, "/", lit(12), N))
    assert decides(share, number_rule("r2", tree.Compare("is", N, lit(0)), lit(0, NUMBER)), n=0) == 0
    assert decides(share, n=4) == 3


# --- formulas --------------------------------------------------------------------------------------------------------


def formula(**parts: object) -> tree.Formula:
    return tree.Formula(INT, **parts)  # type: ignore[arg-type]


def computes(found: tree.Formula, **facts: Value) -> Value:
    return Compiler({}, traced=False).formula(found, "wet.uitkomst")(state(facts))


TABLE = formula(table=(tree.Row(says("p"), lit(1)), tree.Row(says("q"), lit(2)), tree.Row(ALWAYS, lit(2))))


@pytest.mark.parametrize(
    ("p", "q", "result"),
    [(True, Q, 1), (False, True, 2), (False, False, 2), (False, Q, 2), (P, True, P), (P, Q, unknown("p", "q"))],
)
def test_the_first_row_that_fits_decides_and_an_open_row_matters_only_where_its_value_differs(p: Truth, q: Truth, result: Value) -> None:
    assert computes(TABLE, p=p, q=q) == result


def test_a_table_in_which_no_row_fits_is_unknown_and_names_what_it_does_not_decide() -> None:
    assert computes(formula(table=(tree.Row(says("p"), lit(1)),)), p=False) == because(CauseKind.RULE, "wet.uitkomst")


COLOURS = tree.Formula(
    COLOUR,
    table=(tree.Row(says("p"), lit("rood", COLOUR)), tree.Row(says("q"), lit("groen", COLOUR)), tree.Row(ALWAYS, tree.GeenLit(COLOUR))),
)


def colour_met(**facts: Value) -> list[Truth]:
    """`is rood`, `is niet rood`, one of the two, neither of the two and `is geen`, of the colour that the table decides."""
    colour = tree.OutcomeRef(COLOUR, "kleur")
    red = lit("rood", COLOUR)
    criteria: tuple[tree.Criterion, ...] = (
        tree.Compare("is", colour, red),
        tree.Compare("is niet", colour, red),
        tree.OneOf(colour, ("rood", "groen"), negated=False),
        tree.OneOf(colour, ("rood", "groen"), negated=True),
        tree.IsGeen(colour, negated=False),
    )
    table = tree.Rule("r", "r", "kleur", ALWAYS, formula=COLOURS)
    readers = [outcome(f"u{number}", yes_no_rule(f"u{number}.r", found, f"u{number}")) for number, found in enumerate(criteria)]
    after = ran(program(tree.Outcome("kleur", "kleur", COLOUR, (table,)), *readers), facts)
    return [after.out[f"u{number}"] for number in range(len(criteria))]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("p", "q", "truths"),
    [
        (P, True, [P, P, True, False, False]),
        (P, False, [P, False, P, False, P]),
        (False, Q, [False, Q, Q, False, Q]),
        (P, Q, [P_OR_Q, P_OR_Q, P_OR_Q, False, P_OR_Q]),
        (True, Q, [True, False, True, False, False]),
    ],
)
def test_a_choice_that_no_possible_row_gives_is_false_and_what_all_of_them_give_is_true(p: Truth, q: Truth, truths: list[Truth]) -> None:
    assert colour_met(p=p, q=q) == truths


TIERS = formula(tiers_over=N, tiers=(tree.Tier(lit(14), lit(23)), tree.Tier(lit(28), lit(10)), tree.Tier(None, lit(1))))


@pytest.mark.parametrize(
    ("number", "result"),
    [(0, 0), (14, 14 * 23), (15, 14 * 23 + 10), (28, 14 * 23 + 14 * 10), (30, 14 * 23 + 14 * 10 + 2), (GEEN, GEEN), (P, P)],
)
def test_every_unit_counts_in_its_own_tier(number: Value, result: Value) -> None:
    assert computes(TIERS, n=number) == result


def test_a_price_matters_only_where_its_tier_is_reached() -> None:
    found = formula(tiers_over=N, tiers=(tree.Tier(lit(14), lit(23)), tree.Tier(None, M)))
    assert computes(found, n=14, m=Q) == 14 * 23
    assert computes(found, n=15, m=Q) == Q


def test_a_tier_with_a_limit_or_a_price_that_is_geen_gives_geen() -> None:
    assert computes(formula(tiers_over=N, tiers=(tree.Tier(M, lit(23)), tree.Tier(None, lit(1)))), n=3, m=GEEN) is GEEN
    assert computes(formula(tiers_over=N, tiers=(tree.Tier(None, M),)), n=3, m=GEEN) is GEEN


def test_above_the_last_limit_nothing_more_is_added() -> None:
    assert computes(formula(tiers_over=N, tiers=(tree.Tier(lit(14), lit(23)),)), n=20) == 14 * 23


@pytest.mark.parametrize(
    ("number", "step", "mode", "result"),
    [
        (Fraction(5, 2), 1, "half", 3),
        (Fraction(-5, 2), 1, "half", -3),
        (Fraction(249, 100), 1, "half", 2),
        (150, 100, "half", 200),
        (149, 100, "half", 100),
        (139, 20, "omlaag", 120),
        (-139, 20, "omlaag", -140),
        (5001, 5000, "omhoog", 10000),
        (-5001, 5000, "omhoog", -5000),
        (5000, 5000, "omhoog", 5000),
        (Fraction(1, 3), Fraction(1, 8), "omlaag", Fraction(1, 4)),
    ],
)
def test_rounding_half_up_down_and_up(number: Number, step: Number, mode: str, result: Number) -> None:
    assert rounded(number, step, mode) == result


def test_rounding_comes_after_the_bounds_and_the_bounds_after_the_sum() -> None:
    found = formula(expression=N, at_most=lit(149), at_least=lit(50), rounding=(100, "half"))
    assert [computes(found, n=number) for number in (10, 120, 900)] == [100, 100, 100]
    bounded = formula(expression=N, at_most=lit(149), at_least=lit(50))
    assert [computes(bounded, n=number) for number in (10, 120, 900, GEEN, P)] == [50, 120, 149, GEEN, P]


# --- outcomes per item -----------------------------------------------------------------------------------------------


def test_a_rule_for_each_item_decides_them_one_by_one() -> None:
    shares = outcome("kostendeler", yes_no_rule("r", OLDER, "kostendeler", list="l"), place="l")
    holds = tree.Truth(tree.MemberOutcomeRef(BOOL, "l", "kostendeler"))
    number = outcome("aantal", number_rule("s", ALWAYS, tree.Count(INT, "l", tree.And((holds, tree.RuleHolds("r")))), "aantal"))
    after = ran(program(shares, number), {"l": people(30, 20, 40)})
    assert after.items["kostendeler"] == [True, False, True]
    assert after.item_holds["r"] == [True, False, True]
    assert after.out["aantal"] == 2
    assert len(after.traces["r"]) == 3


def test_a_list_that_is_not_given_has_no_items_to_decide() -> None:
    shares = outcome("kostendeler", yes_no_rule("r", OLDER, "kostendeler", list="l"), place="l")
    assert ran(program(shares), {"l": unknown("l")}).items["kostendeler"] == []


def test_one_value_per_item_adds_up() -> None:
    costs = tree.MemberRef(EUROS, "l", "kosten")
    net = outcome("eigen", number_rule("r", OLDER, costs, "eigen", list="l", otherwise=lit(0, EUROS)), place="l")
    total = tree.Sum(EUROS, "l", tree.MemberOutcomeRef(EUROS, "l", "eigen"), None)
    both = program(net, outcome("samen", number_rule("s", ALWAYS, total, "samen")))
    assert ran(both, {"l": people(30, 20, 40)}).out["samen"] == 200
    assert ran(both, {"l": people(30, P)}, traced=False).out["samen"] == P


def test_a_tried_answer_leaves_the_case_as_it_was() -> None:
    compiled = Compiled(program(outcome("u", yes_no_rule("r", says("p")))))
    before = ran(compiled.program, {"p": P})
    after = before.changed({"p": True})
    compiled.quick[0].run(after)
    assert (before.out["u"], after.out["u"]) == (P, True)
    assert before.facts["p"] == P
