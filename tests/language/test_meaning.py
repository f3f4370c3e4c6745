# SPDX-License-Identifier: EUPL-1.2
"""The thirteen points of "Meaning" in the design of the rule language, one section each."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from engine.model.problems import EngineError
from engine.model.values import GEEN, Duration, Unknown
from engine.rulebook import load_files
from tests.helpers import CLAIM, FACTS, accepted, book, causes, claim, computes, holds, law, outcome, problems_of, refusals, ruleset, run

# --- 1. three values -------------------------------------------------------------------------------------------------


def test_meaning_01_a_fact_that_is_not_given_is_unknown_and_names_itself_as_the_cause() -> None:
    assert causes(holds("a")) == {"gegeven:a"}


def test_meaning_01_an_unknown_carries_every_cause_it_rests_on() -> None:
    assert causes(holds("a en n > 3")) == {"gegeven:a", "gegeven:n"}


def test_meaning_01_a_cause_that_no_longer_matters_is_left_out() -> None:
    assert causes(holds("(a of b) en c", {"a": True})) == {"gegeven:c"}


def test_meaning_01_a_judgement_is_a_cause_of_its_own_kind() -> None:
    assert causes(holds("ernstig")) == {"oordeel:ernstig"}


def test_meaning_01_an_unknown_has_no_truth_value_in_python() -> None:
    with pytest.raises(TypeError):
        bool(holds("a"))


# --- 2. monotonicity -------------------------------------------------------------------------------------------------

_BOOLS = ("a", "b", "c")
_LINES = (
    "a en b",
    "a of b",
    "niet a",
    "a en niet b",
    "(a of b) en c",
    "niet (a en (b of niet c))",
    "n > 3 en a",
    "n is 4 of b",
    "m is geen of a",
)


@given(
    line=st.sampled_from(_LINES),
    known=st.dictionaries(st.sampled_from([*_BOOLS, "n", "m"]), st.booleans()),
    added=st.sampled_from([*_BOOLS, "n", "m"]),
    value=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_meaning_02_adding_a_fact_never_turns_true_into_false(line: str, known: dict[str, bool], added: str, value: bool) -> None:
    def typed(name: str, flag: bool) -> Any:
        return {"n": 4 if flag else 2, "m": 4 if flag else "geen"}.get(name, flag)

    before = {name: typed(name, flag) for name, flag in known.items() if name != added}
    first, second = holds(line, before), holds(line, {**before, added: typed(added, value)})
    assert isinstance(first, Unknown) or first is second


def test_meaning_02_a_given_fact_may_overturn_an_assumption() -> None:
    assert holds("aangenomen") is False
    assert holds("aangenomen", {"aangenomen": True}) is True


# --- 3. one false condition decides ----------------------------------------------------------------------------------


def test_meaning_03_one_false_condition_decides_whatever_else_is_unknown() -> None:
    assert holds("a en b en n > 3", {"b": False}) is False


def test_meaning_03_one_true_alternative_decides_whatever_else_is_unknown() -> None:
    assert holds("a of b of n > 3", {"b": True}) is True


def test_meaning_03_an_unknown_exception_leaves_the_outcome_unknown() -> None:
    rules = book("- {id: wet.1, bron: art. 1, bepaalt: uit, als: a, tenzij: b}")
    assert causes(outcome(run(rules, {"a": True}), "uit")) == {"gegeven:b"}
    assert outcome(run(rules, {"a": True, "b": False}), "uit") is True
    assert outcome(run(rules, {"a": True, "b": True}), "uit") is False


def test_meaning_03_an_unknown_exception_says_nothing_where_the_rule_is_false() -> None:
    rules = book("- {id: wet.1, bron: art. 1, bepaalt: uit, als: a, tenzij: b}")
    assert outcome(run(rules, {"a": False}), "uit") is False


PRECEDENCE = """
- id: wet.1
  bron: art. 1
  bepaalt: uit
  als: a
  waarde: 1
- id: wet.2
  bron: art. 2
  bepaalt: uit
  als: b
  waarde: 2
  gaat voor: [wet.1]
"""


def test_meaning_03_a_rule_that_goes_first_sets_the_other_aside() -> None:
    assert outcome(run(book(PRECEDENCE), {"a": True, "b": True}), "uit") == 2


def test_meaning_03_an_unknown_rule_that_goes_first_leaves_the_outcome_unknown() -> None:
    assert causes(outcome(run(book(PRECEDENCE), {"a": True}), "uit")) == {"gegeven:b"}


def test_meaning_03_the_order_of_precedence_is_transitive() -> None:
    third = PRECEDENCE + "- {id: wet.3, bron: art. 3, bepaalt: uit, als: c, waarde: '3', gaat voor: [wet.2]}\n"
    assert outcome(run(book(third), {"a": True, "b": True, "c": True}), "uit") == 3
    assert outcome(run(book(third), {"a": True, "b": False, "c": True}), "uit") == 3


def test_meaning_03_the_order_of_precedence_may_not_run_in_a_circle() -> None:
    circle = PRECEDENCE.replace("waarde: 1", "waarde: 1\n  gaat voor: [wet.2]")
    (problem,) = problems_of(law(circle))
    assert problem.code == "TS-C15"


def test_meaning_03_two_rules_with_different_values_in_one_case_are_an_error_with_the_case() -> None:
    rules = book(PRECEDENCE.replace("  gaat voor: [wet.1]\n", ""))
    with pytest.raises(EngineError, match=r"wet\.1 geeft 1, wet\.2 geeft 2"):
        run(rules, {"a": True, "b": True})


def test_meaning_03_two_rules_with_the_same_value_agree() -> None:
    rules = book(PRECEDENCE.replace("  gaat voor: [wet.1]\n", "").replace("waarde: 2", "waarde: 1"))
    assert outcome(run(rules, {"a": True, "b": True}), "uit") == 1


def test_meaning_03_where_no_rule_applies_the_value_is_unknown_and_never_zero() -> None:
    value = outcome(run(book(PRECEDENCE), {"a": False, "b": False}), "uit")
    assert causes(value) == {"regel:wet.aanspraak.uit"}


# --- 4. lists --------------------------------------------------------------------------------------------------------

HOME = {"thuiswonend": True, "kosten": "10.00"}
AWAY = {"thuiswonend": False, "kosten": "20.00"}


def incomplete(*items: dict[str, Any]) -> dict[str, Any]:
    return {"kinderen": {"volledig": False, "items": list(items)}}


def test_meaning_04_a_list_that_is_not_given_is_unknown() -> None:
    assert causes(holds("een(kinderen waar thuiswonend)")) == {"gegeven:kinderen"}
    assert causes(computes("aantal(kinderen)")) == {"gegeven:kinderen"}


def test_meaning_04_an_empty_list_is_empty() -> None:
    nobody: dict[str, Any] = {"kinderen": []}
    assert holds("een(kinderen waar thuiswonend)", nobody) is False
    assert holds("alle(kinderen waar thuiswonend)", nobody) is True
    assert computes("aantal(kinderen)", nobody) == 0
    assert computes("som(kosten over kinderen)", nobody) == 0


def test_meaning_04_a_list_that_is_given_is_complete() -> None:
    assert holds("een(kinderen waar thuiswonend)", {"kinderen": [AWAY]}) is False
    assert computes("aantal(kinderen waar thuiswonend)", {"kinderen": [HOME, AWAY]}) == 1
    assert computes("som(kosten over kinderen waar thuiswonend)", {"kinderen": [HOME, AWAY, HOME]}) == 2000


def test_meaning_04_in_an_incomplete_list_een_can_still_be_true_but_not_false() -> None:
    assert holds("een(kinderen waar thuiswonend)", incomplete(HOME)) is True
    assert causes(holds("een(kinderen waar thuiswonend)", incomplete(AWAY))) == {"gegeven:kinderen"}


def test_meaning_04_in_an_incomplete_list_alle_can_still_be_false_but_not_true() -> None:
    assert holds("alle(kinderen waar thuiswonend)", incomplete(AWAY)) is False
    assert causes(holds("alle(kinderen waar thuiswonend)", incomplete(HOME))) == {"gegeven:kinderen"}


def test_meaning_04_aantal_and_som_over_an_incomplete_list_are_unknown() -> None:
    assert causes(computes("aantal(kinderen)", incomplete(HOME))) == {"gegeven:kinderen"}
    assert causes(computes("som(kosten over kinderen)", incomplete(HOME))) == {"gegeven:kinderen"}


def test_meaning_04_a_member_that_is_not_given_is_named_with_its_place_in_the_list() -> None:
    found = holds("een(kinderen waar thuiswonend)", {"kinderen": [AWAY, {"kosten": "1.00"}]})
    assert causes(found) == {"gegeven:kinderen[1].thuiswonend"}


def test_meaning_04_a_rule_for_each_item_decides_them_one_by_one() -> None:
    rules = book("""
        - {id: wet.1, bron: art. 1, voor elke: kinderen, bepaalt: telt, als: thuiswonend en zaak.a}
        - {id: wet.2, bron: art. 2, bepaalt: uit, waarde: aantal(kinderen waar telt)}
    """)
    assert outcome(run(rules, {"a": True, "kinderen": [HOME, AWAY, HOME]}), "uit") == 2


# --- 5. geen ---------------------------------------------------------------------------------------------------------

NONE = {"m": "geen"}


@pytest.mark.parametrize("op", ["is", "is niet", "<", "<=", ">", ">="])
def test_meaning_05_geen_in_a_comparison_is_false(op: str) -> None:
    assert holds(f"m {op} 5", NONE) is False


def test_meaning_05_geen_in_a_comparison_is_false_and_niet_does_not_flip_the_operator() -> None:
    assert holds("niet (m < 5)", NONE) is True
    assert holds("m >= 5", NONE) is False


def test_meaning_05_geen_is_found_only_by_is_geen() -> None:
    assert holds("m is geen", NONE) is True
    assert holds("m is niet geen", NONE) is False
    assert holds("m is geen", {"m": 0}) is False
    assert causes(holds("m is geen")) == {"gegeven:m"}


def test_meaning_05_geen_in_arithmetic_is_geen() -> None:
    assert computes("m + 1", NONE) is GEEN
    assert computes("n * m", {"m": "geen", "n": 2}) is GEEN
    assert computes("loon - toeslag", {"loon": "10.00", "toeslag": "geen"}) is GEEN


def test_meaning_05_geen_is_in_no_list_of_choices_and_outside_of_none() -> None:
    assert holds("grond in [alleen]", {"grond": "geen"}) is False
    assert holds("grond niet in [alleen]", {"grond": "geen"}) is False
    assert holds("niet grond in [alleen]", {"grond": "geen"}) is True


def test_meaning_05_of_a_person_who_does_not_exist_every_comparison_is_false() -> None:
    alone = {"aanvrager": {"student": False}, "partner": "geen"}
    assert holds("partner is geen", alone) is True
    assert holds("partner is niet geen en niet partner.student", alone) is False
    assert holds("een(volwassenen waar student)", alone) is False
    assert holds("alle(volwassenen waar niet student)", alone) is True
    assert computes("aantal(volwassenen)", alone) == 1


def test_meaning_05_whether_there_is_a_partner_can_be_unknown() -> None:
    assert causes(holds("partner is geen")) == {"gegeven:partner"}
    assert causes(computes("aantal(volwassenen)")) == {"gegeven:partner"}


# --- 6. a value only where the rule may apply ------------------------------------------------------------------------

DIVISION = """
- id: wet.1
  bron: art. 1
  bepaalt: uit
  als: n > 0
  waarde: 100 / n
  anders: 0
"""


def test_meaning_06_a_division_by_zero_where_the_rule_does_not_apply_says_nothing() -> None:
    assert outcome(run(book(DIVISION), {"n": 0}), "uit") == 0
    assert outcome(run(book(DIVISION), {"n": 4}), "uit") == 25


def test_meaning_06_a_division_by_zero_where_it_does_apply_is_unknown() -> None:
    assert causes(computes("100 / n", {"n": 0})) == {"rekenfout:deling door nul"}


def test_meaning_06_a_row_of_a_table_that_is_not_reached_is_not_computed() -> None:
    rules = book("""
        - id: wet.1
          bron: art. 1
          bepaalt: uit
          tabel:
            - als: n is 0
              dan: 1
            - dan: 100 / n
    """)
    assert outcome(run(rules, {"n": 0}), "uit") == 1


AMOUNT = """
norm:
  bron: art. 2
  eenheid: EUR per maand
  ingevoerd tot en met: 2026-12-31
  waarden:
    2026-01-01: 100.00
    2026-07-01: onbekend
    2026-08-01: 110.50
"""


def test_meaning_06_a_missing_amount_where_the_rule_does_not_apply_says_nothing() -> None:
    rules = book("- {id: wet.1, bron: art. 1, bepaalt: uit, als: a, waarde: norm, anders: '0'}", amounts=AMOUNT)
    assert outcome(run(rules, {"a": False}, "2026-07-15"), "uit") == 0
    assert causes(outcome(run(rules, {"a": True}, "2026-07-15"), "uit")) == {"bedrag:norm"}


# --- 7. exact --------------------------------------------------------------------------------------------------------


def test_meaning_07_a_third_stays_a_third_until_it_is_rounded() -> None:
    assert computes("loon / 3", {"loon": "100.00"}) == Fraction(10000, 3)
    assert computes("loon / 3 * 3", {"loon": "100.00"}) == 10000


def test_meaning_07_the_cost_sharer_norm_of_three_people_is_exact() -> None:
    """(40% + 3 * 30%) / 3 * 2027.79 = 1.3 / 3 * 2027.79 = 878.709: by hand."""
    assert computes("(40% + n * 30%) / n * loon", {"n": 3, "loon": "2027.79"}) == Fraction(2027_79 * 13, 30)
    assert computes("(40% + n * 30%) / n * loon", {"n": 3, "loon": "2027.79"}, afronden="cent") == 878_71


def test_meaning_07_shares_rounded_before_adding_differ_a_cent_and_both_can_be_written() -> None:
    shares = """
        - {id: wet.1, bron: art. 1, bepaalt: ieder, waarde: loon / 3, afronden: cent}
        - {id: wet.2, bron: art. 2, bepaalt: samen, waarde: ieder * 3}
        - {id: wet.3, bron: art. 3, bepaalt: heel, waarde: loon / 3 * 3, afronden: cent}
    """
    found = run(book(shares), {"loon": "100.00"})
    assert outcome(found, "samen") == 9999
    assert outcome(found, "heel") == 10000


@pytest.mark.parametrize(
    ("how", "cents", "rounded"),
    [
        ("cent", "1.00", 33),  # 1/3 of 100 cents
        ("euro", "4.50", 200),  # 1.50 goes up
        ("omlaag op 0.20", "2.99", 80),  # 0.99667 down to 0.80
        ("omhoog op 50", "150.03", 10000),  # 50.01 up to 100
        ("omhoog op 50", "150.00", 5000),  # exactly 50 stays
    ],
)
def test_meaning_07_rounding_is_the_step_that_the_rule_names(how: str, cents: str, rounded: int) -> None:
    assert computes("loon / 3", {"loon": cents}, afronden=how) == rounded


def test_meaning_07_a_half_cent_goes_up() -> None:
    assert computes("loon / 2", {"loon": "0.05"}, afronden="cent") == 3


def test_meaning_07_a_decimal_number_is_read_exactly() -> None:
    assert computes("x + y", {"x": 0.1, "y": 0.2}) == Fraction(3, 10)


# --- 8. dates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "day", "expected"),
    [
        ("dag_een + 1 maand", "2026-01-31", date(2026, 2, 28)),  # clamps to the end of the month
        ("dag_een + 1 maand", "2024-01-31", date(2024, 2, 29)),
        ("dag_een + 2 maanden", "2026-01-31", date(2026, 3, 31)),  # one addition from the anchor, not two
        ("dag_een + 1 maand + 1 maand", "2026-01-31", date(2026, 3, 31)),  # so written, still one addition
        ("dag_een + 6 weken", "2026-07-01", date(2026, 8, 12)),
        ("dag_een - 1 jaar", "2024-02-29", date(2023, 3, 1)),  # 29 February: as a birthday, 1 March by default
        ("dag_een + 1 dag", "2026-12-31", date(2027, 1, 1)),
    ],
)
def test_meaning_08_dates_are_added_once_from_the_anchor(line: str, day: str, expected: date) -> None:
    assert computes(line, {"dag_een": day}) == expected


@pytest.mark.parametrize(("day", "inside"), [("2026-08-12", True), ("2026-08-13", False)])
def test_meaning_08_within_six_weeks_includes_the_last_day(day: str, inside: bool) -> None:
    assert holds("dag_twee <= dag_een + 6 weken", {"dag_een": "2026-07-01", "dag_twee": day}) is inside


@pytest.mark.parametrize(("on", "age"), [("2026-07-14", 17), ("2026-07-15", 18), ("2026-07-16", 18)])
def test_meaning_08_somebody_gets_older_on_the_birthday(on: str, age: int) -> None:
    person = {"aanvrager": {"geboortedatum": "2008-07-15"}}
    assert computes("aanvrager.leeftijd op peildatum", person, on) == age
    assert holds("aanvrager.geboortedatum + 18 jaar <= peildatum", person, on) is (age >= 18)


def calendar(birthday: str) -> dict[str, str]:
    text = f"verjaardag van 29 februari: {birthday}\ndag die de maand niet heeft: laatste dag van de maand\nbron: ingesteld\n"
    return {
        "algemeen/kalender.yaml": text
        + "feestdagen vanaf: 2026-01-01\nfeestdagen tot en met: 2026-12-31\nfeestdagen: {2026-12-25: kerst}\n"
    }


@pytest.mark.parametrize(("birthday", "first_day"), [("1 maart", "2026-03-01"), ("28 februari", "2026-02-28")])
def test_meaning_08_the_birthday_of_29_february_is_a_setting_and_one_function_with_adding_years(birthday: str, first_day: str) -> None:
    rules = book(
        """
        - {id: wet.1, bron: art. 1, bepaalt: jaren, waarde: aanvrager.leeftijd op peildatum}
        - {id: wet.2, bron: art. 2, bepaalt: achttien, als: aanvrager.geboortedatum + 18 jaar <= peildatum}
        """,
        files=calendar(birthday),
    )
    born = {"aanvrager": {"geboortedatum": "2008-02-29"}}
    for day in ("2026-02-27", "2026-02-28", "2026-03-01"):
        found = run(rules, born, day)
        assert outcome(found, "achttien") is (day >= first_day)
        assert outcome(found, "jaren") == (18 if day >= first_day else 17)


def test_meaning_08_working_days_skip_weekends_and_holidays_and_are_unknown_past_the_calendar() -> None:
    rules = book("- {id: wet.1, bron: art. 1, bepaalt: uit, waarde: dag_een + 2 werkdagen}", files=calendar("1 maart"))
    assert outcome(run(rules, {"dag_een": "2026-12-24"}), "uit") == date(2026, 12, 29)  # Friday 25 is Christmas, then a weekend
    assert causes(outcome(run(rules, {"dag_een": "2026-12-31"}), "uit")) == {"kalender:feestdagen 2027"}


def test_meaning_08_without_a_calendar_working_days_are_unknown() -> None:
    assert causes(computes("eerstvolgende_werkdag(dag_een)", {"dag_een": "2026-07-04"})) == {"kalender:feestdagen 2026"}


def test_meaning_08_time_between_counts_whole_units() -> None:
    days = {"dag_een": "2026-01-31", "dag_twee": "2026-02-28"}
    assert computes("dagen tussen dag_een en dag_twee", days) == Duration(days=28)
    assert computes("maanden tussen dag_een en dag_twee", days) == Duration(months=1)
    assert holds("weken tussen dag_een en dag_twee >= 28 dagen", days) is True


# --- 9. dated --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "known"),
    [
        ("2025-12-31", None),  # before the first
        ("2026-01-01", 10000),
        ("2026-06-30", 10000),
        ("2026-07-01", None),  # in the gap
        ("2026-08-01", 11050),
        ("2026-12-31", 11050),
        ("2027-01-01", None),  # after what was entered
    ],
)
def test_meaning_09_an_amount_holds_from_its_date_and_never_beyond_what_was_entered(day: str, known: int | None) -> None:
    found = computes("norm", {}, day, AMOUNT)
    assert found == known if known is not None else causes(found) == {"bedrag:norm"}


def test_meaning_09_a_result_that_rests_on_a_missing_amount_is_not_determinable() -> None:
    rules = book(
        "- {id: wet.1, bron: art. 1, bepaalt: uit, waarde: norm}",
        amounts=AMOUNT,
        files={
            "wet/aanspraak/2020-01-01.yaml": ruleset("- {id: wet.1, bron: art. 1, bepaalt: uit, waarde: norm}").replace(
                "regels:", "  waarden: {gereed: [uit]}\nregels:"
            )
        },
    )
    assert run(rules, {}, "2026-08-01").first.result == "gereed"
    assert run(rules, {}, "2027-01-01").first.result == "niet_te_bepalen"


def two_versions() -> dict[str, str]:
    first = ruleset("- {id: wet.1, bron: art. 1, bepaalt: uit, waarde: '1'}")
    second = ruleset("- {id: wet.1, bron: art. 1, bepaalt: uit, waarde: '2'}", ladder="", head="wijzigt: 2020-01-01\n", since="2026-07-01")
    return law(files={"wet/aanspraak/2020-01-01.yaml": first, "wet/aanspraak/2026-07-01.yaml": second})


@pytest.mark.parametrize(("day", "value"), [("2020-01-01", 1), ("2026-06-30", 1), ("2026-07-01", 2), ("2030-01-01", 2)])
def test_meaning_09_the_version_in_force_on_the_peildatum_decides(day: str, value: int) -> None:
    assert outcome(run(load_files(two_versions()), {}, day), "uit") == value


def by_judgment() -> dict[str, str]:
    files = two_versions()
    for path in ("wet/aanspraak/2020-01-01.yaml", "wet/aanspraak/2026-07-01.yaml"):
        files[path] = files[path].replace("regelset:", "versie volgens: dag_een\nregelset:")
    return files


@pytest.mark.parametrize(("judgment", "value"), [("2026-06-30", 1), ("2026-07-01", 2)])
def test_meaning_09_versie_volgens_names_the_date_that_picks_the_version(judgment: str, value: int) -> None:
    rules = load_files(by_judgment())
    assert outcome(run(rules, {"dag_een": judgment}, "2026-12-01"), "uit") == value


def test_meaning_09_the_amounts_follow_the_same_date_as_the_version() -> None:
    rules = book("- {id: wet.1, bron: art. 1, bepaalt: uit, waarde: norm}", head="versie volgens: dag_een\n", amounts=AMOUNT)
    assert outcome(run(rules, {"dag_een": "2026-08-01"}, "2027-06-01"), "uit") == 11050


def test_meaning_09_without_the_date_that_picks_the_version_the_claim_is_refused() -> None:
    (problem,) = refusals(load_files(by_judgment()), claim())
    assert problem.place.pointer == "/gegevens/dag_een"


def test_meaning_09_versie_volgens_must_name_a_date() -> None:
    files = {path: text.replace("dag_een\n", "n\n") for path, text in by_judgment().items()}
    assert {problem.code for problem in problems_of(files)} == {"TS-V04"}


# --- 10. two clocks --------------------------------------------------------------------------------------------------


def test_meaning_10_bekend_vanaf_of_a_regelset_and_of_a_rule_is_carried() -> None:
    rules = book(
        "- {id: wet.1, bron: art. 1, bepaalt: uit, als: a, bekend vanaf: 2020-03-01}",
        head="bekend vanaf: 2020-02-04\n",
    )
    program = run(rules, {"a": True}).program
    assert program.versions[0].known_from == date(2020, 2, 4)
    assert program.rules["wet.1"].decl.known_from == date(2020, 3, 1)


def test_meaning_10_the_second_clock_does_not_change_the_outcome() -> None:
    rules = book("- {id: wet.1, bron: art. 1, bepaalt: uit, als: a, bekend vanaf: 2026-12-01}")
    assert outcome(run(rules, {"a": True}, "2026-07-15"), "uit") is True


# --- 11. derived facts across laws -----------------------------------------------------------------------------------

INCOME = ruleset("- {id: bron.1, bron: art. 1, bepaalt: inkomen, waarde: verdiend + 10}", ladder="", name="bronwet/middelen")
OTHER_LAW = {
    "bronwet/regeling.yaml": "naam: Bronwet\n",
    "bronwet/gegevens.yaml": "gegevens:\n  verdiend: {soort: bedrag, per: maand}\n",
    "bronwet/middelen/2020-01-01.yaml": INCOME,
}
READS_IT = "- {id: wet.1, bron: art. 1, bepaalt: uit, als: bronwet.middelen.inkomen > 100}"


def across() -> dict[str, str]:
    return law(READS_IT, files=OTHER_LAW)


def test_meaning_11_an_outcome_of_another_law_is_read_by_its_name_with_dots() -> None:
    rules = load_files(across())
    assert outcome(run(rules, {"verdiend": "100.00"}), "uit") is True
    assert outcome(run(rules, {"verdiend": "90.00"}), "uit") is False


def test_meaning_11_the_facts_of_that_law_are_asked_too() -> None:
    assert causes(outcome(run(load_files(across())), "uit")) == {"gegeven:verdiend"}


def test_meaning_11_the_regelset_of_the_other_law_in_force_then_decides() -> None:
    later = INCOME.replace("geldig vanaf: 2020-01-01", "geldig vanaf: 2026-07-01").replace("+ 10", "+ 1000")
    rules = load_files({**across(), "bronwet/middelen/2026-07-01.yaml": later})
    assert outcome(run(rules, {"verdiend": "1.00"}, "2026-06-30"), "uit") is False
    assert outcome(run(rules, {"verdiend": "1.00"}, "2026-07-01"), "uit") is True


def test_meaning_11_a_caller_may_give_it_as_a_fact_which_wins_and_is_shown() -> None:
    decided = {"waarde": "500.00", "herkomst": "besluit van 1 juli 2026", "datum": "2026-07-01"}
    found = run(load_files(across()), {"verdiend": "1.00", "bronwet.middelen.inkomen": decided})
    assert outcome(found, "uit") is True
    shown = found.claim.given["bronwet.middelen.inkomen"]
    assert (shown.value, shown.origin, shown.day) == (50000, "besluit van 1 juli 2026", date(2026, 7, 1))


def test_meaning_11_a_given_outcome_asks_nothing_of_what_it_replaces() -> None:
    decided = {"waarde": "500.00", "herkomst": "besluit van 1 juli 2026"}
    assert outcome(run(load_files(across()), {"bronwet.middelen.inkomen": decided}), "uit") is True


def test_meaning_11_a_given_outcome_needs_its_origin() -> None:
    (problem,) = refusals(load_files(across()), claim({"bronwet.middelen.inkomen": "500.00"}))
    assert problem.place.pointer == "/gegevens/bronwet.middelen.inkomen"


def test_meaning_11_a_given_outcome_is_checked_against_its_kind() -> None:
    decided = {"waarde": "veel", "herkomst": "besluit van 1 juli 2026"}
    (problem,) = refusals(load_files(across()), claim({"bronwet.middelen.inkomen": decided}))
    assert problem.place.pointer == "/gegevens/bronwet.middelen.inkomen/waarde"


def test_meaning_11_what_this_claim_itself_decides_cannot_be_given() -> None:
    decided = {"waarde": True, "herkomst": "besluit van 1 juli 2026"}
    (problem,) = refusals(load_files(across()), claim({"wet.aanspraak.uit": decided}))
    assert problem.code == "TS-Z12"


def test_meaning_11_a_ground_of_another_law_does_not_block_this_claim() -> None:
    refusing = INCOME + "  - {id: bron.2, bron: art. 2, bepaalt: uitgesloten, rol: weigeringsgrond, als: verdiend > 1}\n"
    rules = load_files({**across(), "bronwet/middelen/2020-01-01.yaml": refusing})
    found = run(rules, {"verdiend": "100.00"})
    assert outcome(found, "blokkerende_grond") is False
    assert found.first.grounds == ()


def test_meaning_11_a_circle_across_laws_is_refused_with_the_chain() -> None:
    files = across()
    files["bronwet/middelen/2020-01-01.yaml"] = ruleset(
        "- {id: bron.1, bron: art. 1, bepaalt: inkomen, als: wet.aanspraak.uit, waarde: verdiend, anders: '0'}",
        ladder="",
        name="bronwet/middelen",
    )
    found = [problem for problem in problems_of(files) if problem.code == "TS-C09"]
    assert any("inkomen" in problem.cause and "uit" in problem.cause for problem in found)


def test_meaning_11_one_name_for_two_facts_in_laws_that_meet_is_refused() -> None:
    files = across()
    files["bronwet/gegevens.yaml"] += "  n: {soort: geheel getal}\n"
    (problem,) = problems_of(files)
    assert problem.code == "TS-G08"


# --- 12. order changes nothing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_meaning_12_the_order_of_files_rules_and_facts_changes_nothing(seed: int) -> None:
    rules = [
        "- {id: wet.1, bron: art. 1, bepaalt: uit, als: a en een_ding}",
        "- {id: wet.2, bron: art. 2, bepaalt: uit, als: b}",
        "- {id: wet.3, bron: art. 3, bepaalt: een_ding, als: n > 3}",
        "- {id: wet.4, bron: art. 4, bepaalt: bedrag_uit, als: a, waarde: loon / 3}",
        "- {id: wet.5, bron: art. 5, bepaalt: bedrag_uit, als: niet a, waarde: '7', gaat voor: [wet.4]}",
    ]
    facts: dict[str, Any] = {"a": True, "n": 4, "loon": "100.00", "kinderen": [HOME]}
    names = ("uit", "een_ding", "bedrag_uit")
    usual = run(load_files(law("\n".join(rules))), facts)
    shuffle = random.Random(seed).shuffle
    shuffle(rules)
    items = list(facts.items())
    shuffle(items)
    files = list(law("\n".join(rules)).items())
    shuffle(files)
    other = run(load_files(dict(files)), dict(items))
    assert [outcome(other, name) for name in names] == [outcome(usual, name) for name in names]
    assert other.first.result == usual.first.result
    assert other.first.causes == usual.first.causes


def test_meaning_12_the_hash_does_not_depend_on_the_order_of_files() -> None:
    files = across()
    assert load_files(files).hash == load_files(dict(reversed(files.items()))).hash


def test_meaning_12_the_hash_covers_every_file() -> None:
    files = across()
    assert load_files(files).hash != load_files({**files, "bronwet/regeling.yaml": "naam: Bronwet\n# gelezen\n"}).hash


# --- 13. one meaning -------------------------------------------------------------------------------------------------

DOUBLE = """
- {id: wet.1, bron: art. 1, bepaalt: uit, als: a, tenzij: b of n > 3}
- {id: wet.2, bron: art. 2, bepaalt: som_uit, als: uit, waarde: loon / n, anders: '0'}
"""


@given(
    facts=st.fixed_dictionaries(
        {}, optional={"a": st.booleans(), "b": st.booleans(), "n": st.integers(0, 5), "loon": st.sampled_from(["0.00", "100.00"])}
    )
)
@settings(max_examples=60, deadline=None)
def test_meaning_13_the_traced_and_the_quick_evaluation_give_the_same(facts: dict[str, Any]) -> None:
    rules = book(DOUBLE)
    found = run(rules, facts)
    state = found.state.changed({})
    for step in found.compiled.quick:
        step.run(state)
    assert state.out == found.state.out


def test_meaning_13_the_tree_holds_no_python_callbacks() -> None:
    from engine.model import tree  # noqa: PLC0415 - only here

    program = run(book(DOUBLE)).program
    for decided in program.outcomes:
        for rule in decided.rules:
            assert all(not callable(node) for node in tree.walk(rule.criterion()))


def test_the_claim_of_the_tiny_law_is_accepted() -> None:
    assert accepted(book(), claim()).claim == CLAIM
    assert "gegevens" in FACTS
