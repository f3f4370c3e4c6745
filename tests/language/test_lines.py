# SPDX-License-Identifier: EUPL-1.2
"""The line: what loads (good/lijnen.txt) and what is refused, where and with which remedy (bad/lijnen.txt)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from engine.language.lines import MAX_LINE, LineError, parse_line
from engine.model.problems import Problem, RulesError
from engine.rulebook import load_files
from tests.helpers import book, law, problems_of, the_problem
from tests.language.fixtures import Case, cases

RULE = "- id: wet.1\n  bron: art. 1\n  bepaalt: uit\n  als: "
BAD = list(cases("bad/lijnen.txt"))
GOOD = [line for case in cases("good/lijnen.txt") for line in case.text.split("\n") if line]


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_a_bad_line_is_refused_at_its_place_with_a_remedy(case: Case) -> None:
    found = set()
    for problem in problems_of(law(RULE + case.text)):
        column = problem.place.column - problem.shown.index(case.text)
        found.add((1, column, problem.code, f"{problem.cause} {problem.remedy}".strip()))
    assert found == case.expected


@pytest.mark.parametrize("line", GOOD)
def test_a_good_line_loads(line: str) -> None:
    assert book(RULE + (f"'{line}'" if line.startswith(('"', "[")) else line)).programs


def test_every_code_of_a_line_has_a_fixture() -> None:
    """A refusal without a test is a refusal that nobody has seen."""
    tested = {code for case in BAD for _, _, code, _ in case.expected}
    assert {f"TS-L{number:02}" for number in range(2, 13)} <= tested
    assert {f"TS-T{number:02}" for number in range(1, 30) if number not in (14, 16, 18)} <= tested


@pytest.mark.parametrize(
    ("quoted", "column"),
    [
        ("onbekend_iets en a", 10),
        ("'onbekend_iets en a'", 11),
        ('"onbekend_iets en a"', 11),
        ("a en onbekend_iets", 15),
        ("'a en onbekend_iets'", 16),
    ],
)
def test_the_column_of_a_mistake_is_that_of_the_file_also_behind_a_quote(quoted: str, column: int) -> None:
    problem = the_problem(law(RULE + quoted))
    assert (problem.place.line, problem.place.column) == (11, column)
    assert problem.shown[column - 1 :].startswith("onbekend_iets")


@pytest.mark.parametrize(
    "written",
    [
        "als:\n    alle:\n      - a\n      - onbekend_iets",
        "als:\n    alle:\n      - a\n      - een van:\n          - b\n          - n > 3 en onbekend_iets",
        "als:\n    geen van:\n      - 'onbekend_iets'",
        "als: a\n  tenzij:\n    - b\n    - onbekend_iets",
        "als: a\n  tenzij: onbekend_iets",
        "als: {alle: [a, onbekend_iets]}",
        "als: a of\n    onbekend_iets",
        "als: >\n    a of\n    onbekend_iets",
        "waarde: 3 * onbekend_iets",
        "waarde: 3\n  ten hoogste: onbekend_iets",
        "als: a\n  waarde: 3\n  anders: n + onbekend_iets",
        "tabel:\n    - als: onbekend_iets\n      dan: 3\n    - dan: 4",
        "tabel:\n    - als: a\n      dan: 3\n    - dan: 3 * onbekend_iets",
        "schijven:\n    over: n\n    rijen:\n      - tot en met: 14\n        per stuk: 2\n      - per stuk: 3 * onbekend_iets",
        "schijven:\n    over: onbekend_iets\n    rijen:\n      - per stuk: 3",
    ],
)
def test_a_mistake_is_shown_at_its_own_place_wherever_a_line_stands(written: str) -> None:
    problem = the_problem(law(f"- id: wet.1\n  bron: art. 1\n  bepaalt: uit\n  {written}"))
    assert problem.code == "TS-T19"
    assert problem.shown[problem.place.column - 1 :].startswith("onbekend_iets")


def test_a_mistake_is_told_once_though_other_rules_read_the_outcome() -> None:
    rules = """
        - {id: wet.1, bron: art. 1, bepaalt: fout, waarde: onbekend_iets * 2}
        - {id: wet.2, bron: art. 2, bepaalt: leest, waarde: fout + 1}
        - {id: wet.3, bron: art. 3, bepaalt: uit, als: leest > 3 en fout < 7}
    """
    assert the_problem(law(rules)).cause == "`onbekend_iets` is niet bekend."


def test_every_mistake_of_every_rule_is_told_at_once() -> None:
    rules = """
        - {id: wet.1, bron: art. 1, bepaalt: een_ding, als: onbekend_een}
        - {id: wet.2, bron: art. 2, bepaalt: twee_ding, als: loon > jaarloon, waarde: 2 * onbekend_twee}
    """
    assert [problem.code for problem in problems_of(law(rules))] == ["TS-T19", "TS-T07", "TS-T19"]


def test_a_member_with_the_name_of_a_choice_fact_is_a_value_and_no_bare_choice() -> None:
    facts = "groepen:\n  kind:\n    soort_kind: {soort: keuze, keuzes: [eigen, pleeg]}\ngegevens:\n  kinderen: {soort: lijst van kind}\n"
    rules = book("- {id: wet.1, bron: art. 1, voor elke: kinderen, bepaalt: uit, waarde: soort_kind}", facts=facts)
    (program,) = rules.programs["wet/aanspraak"]
    (decided,) = (found for found in program.program.outcomes if found.name == "uit")
    assert decided.rules[0].formula is not None
    assert type(decided.rules[0].formula.expression).__name__ == "MemberRef"


def test_a_bare_word_that_is_the_only_choice_of_an_outcome_is_a_mistyped_name() -> None:
    problem = the_problem(law("- {id: wet.1, bron: art. 1, bepaalt: uit, waarde: lon}"))
    assert problem.code == "TS-T19"
    assert "`loon`" in problem.remedy


def test_a_guard_in_the_same_alle_is_enough() -> None:
    rules = """
        - id: wet.1
          bron: art. 1
          bepaalt: uit
          als:
            alle:
              - partner is niet geen
              - partner.student
          tenzij: partner.inkomen > 100
    """
    assert book(rules).programs


def test_a_guard_in_a_row_above_is_enough() -> None:
    rules = """
        - id: wet.1
          bron: art. 1
          bepaalt: uit
          tabel:
            - als: partner is geen
              dan: 0
            - dan: partner.inkomen
    """
    assert book(rules).programs


def test_a_guard_in_another_alternative_is_not_enough() -> None:
    rules = "- {id: wet.1, bron: art. 1, bepaalt: uit, als: (partner is niet geen en a) of partner.student}"
    assert the_problem(law(rules)).code == "TS-T12"


def test_a_line_of_more_than_a_thousand_characters_is_refused() -> None:
    with pytest.raises(LineError, match="langer dan"):
        parse_line("a en " * MAX_LINE + "a")


@pytest.mark.parametrize("deep", ["(" * 490 + "a" + ")" * 490, "(" * 60 + "a" + ")" * 60, "niet " * 190 + "a", "n > " + "-" * 900 + "3"])
def test_a_line_that_is_nested_too_deep_is_refused_and_no_crash(deep: str) -> None:
    assert the_problem(law(RULE + deep)).code == "TS-L01"


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_parses_or_is_refused_with_a_column_inside_it(text: str) -> None:
    column = 0
    try:
        parse_line(text)
    except LineError as error:
        column = error.column
    assert 0 <= column <= max(len(text), 1)


_WORDS = ["a", "b", "n", "m", "3", "40%", "loon", "en", "of", "niet", "is", "geen", "(", ")", "<", ">=", "+", "-", "*", "van", "in"]
_WORDS += ["[alleen]", "leefvorm", "peildatum", "een", "alle", "aantal", "kinderen", "waar", "thuiswonend", "6", "weken", "zaak.a"]


@given(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=9))
@settings(max_examples=200, deadline=None)
def test_any_row_of_words_loads_or_is_refused_in_its_place(words: list[str]) -> None:
    line = " ".join(words)
    problems: tuple[Problem, ...] = ()
    try:
        load_files(law(f"{RULE}'{line}'"))
    except RulesError as error:
        problems = error.problems
    assert all(problem.shown[problem.place.column - 1 :] or problem.code == "TS-L09" for problem in problems)
