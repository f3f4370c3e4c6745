# SPDX-License-Identifier: EUPL-1.2
"""What does not fit together in time, planted in the tiny law."""

from __future__ import annotations

from datetime import date

from engine.authoring.validity import holes, validity
from engine.model.problems import Problem
from engine.rulebook import Rulebook, load_files
from tests.helpers import law, ruleset

RULE = "- id: wet.1\n  bron: art. 1\n  status: gelezen\n  bepaalt: uit\n  als: loon > grens"
LADDER = "- ja_dus: uit\n- gereed: anders"


def amount(values: str, more: str = "") -> str:
    return f"grens:\n  bron: art. 9\n  status: gelezen\n  eenheid: EUR per maand\n{more}  waarden:\n    {values}"


def two_versions(values: str, more: str = "") -> Rulebook:
    """The tiny law with a second version from 2022, and one amount that it reads."""
    second = ruleset("", ladder="", head="wijzigt: 2020-01-01\n", since="2022-01-01")
    files = law(RULE, ladder=LADDER, amounts=amount(values, more), files={"wet/aanspraak/2022-01-01.yaml": second})
    return load_files(files)


def found(book: Rulebook, code: str) -> list[Problem]:
    return [problem for problem in validity(book) if problem.code == code]


def test_an_amount_that_is_known_all_the_time_is_no_problem() -> None:
    assert not validity(two_versions("2020-01-01: 100"))


def test_a_stretch_in_which_an_amount_is_not_known_is_named_to_the_day() -> None:
    (problem,) = found(two_versions("2020-01-01: 100\n    2021-01-01: onbekend\n    2021-07-01: 110"), "TS-P22")
    assert "van 2021-01-01 tot en met 2021-06-30" in problem.cause
    assert problem.place.file == "wet/bedragen.yaml"


def test_an_amount_that_starts_after_the_law_is_named() -> None:
    (problem,) = found(two_versions("2020-03-01: 100"), "TS-P22")
    assert "van 2020-01-01 tot en met 2020-02-29" in problem.cause


def test_an_amount_that_ends_before_the_last_version_is_named() -> None:
    book = two_versions("2020-01-01: 100", "  ingevoerd tot en met: 2021-12-31\n")
    (problem,) = found(book, "TS-P23")
    assert "2022-01-01" in problem.cause
    assert not found(book, "TS-P22")


def test_the_last_version_may_run_on_beyond_what_was_entered() -> None:
    assert not validity(two_versions("2020-01-01: 100", "  ingevoerd tot en met: 2023-12-31\n"))


def test_holes_are_found_between_and_behind_values() -> None:
    book = two_versions("2020-01-01: 100\n    2021-01-01: onbekend\n    2021-07-01: 110", "  ingevoerd tot en met: 2021-11-30\n")
    grens = book.programs["wet/aanspraak"][0].program.amounts["grens"]
    assert list(holes(grens, date(2020, 1, 1), date(2022, 1, 1))) == [
        (date(2021, 1, 1), date(2021, 7, 1)),
        (date(2021, 12, 1), date(2022, 1, 1)),
    ]


def test_a_filling_that_ends_while_the_law_leaves_the_term_open_is_named() -> None:
    term = "- id: wet.2\n  bron: art. 2\n  status: gelezen\n  bepaalt: vrij\n  soort: geheel getal\n  open voor:\n    niveau: gemeente"
    filling = (
        "gemeente: GM0000\nrang: verordening\nciteertitel: Verordening vrij\n"
        'geldig vanaf: 2021-01-01\ninvulling:\n  wet.2:\n    waarde: 6\n    bron: "Verordening, art. 7"\n'
        "    geldig vanaf: 2021-01-01\n    geldig tot: 2023-01-01\n"
    )
    files = law(term, ladder="- ja_dus: vrij > n\n- gereed: anders", files={"gemeenten/GM0000/invulling.yaml": filling})
    (problem,) = found(load_files(files), "TS-P24")
    assert "GM0000" in problem.cause
    assert "vanaf 2023-01-01" in problem.cause


def test_what_is_still_to_be_verified_is_listed_as_what_blocks() -> None:
    book = load_files(law(RULE.replace("gelezen", "te verifieren"), ladder=LADDER, amounts=amount("2020-01-01: 100")))
    (problem,) = found(book, "TS-P25")
    assert "wet.1" in problem.cause
