# SPDX-License-Identifier: EUPL-1.2
"""Checks over everything together: circles, double deciders, unused facts, statuses, and what may not meet."""

from __future__ import annotations

import pytest

from engine.model.problems import Severity
from engine.rulebook import load_files
from tests.helpers import CLAIM, book, law, problems_of, ruleset, the_problem

READ = "status: gelezen"


def test_a_circle_of_three_is_told_once_with_its_chain() -> None:
    problem = the_problem(
        law("""
        - {id: wet.1, bron: art. 1, bepaalt: een_ding, als: twee_ding}
        - {id: wet.2, bron: art. 2, bepaalt: twee_ding, als: drie_ding}
        - {id: wet.3, bron: art. 3, bepaalt: drie_ding, als: een_ding}
        """)
    )
    assert problem.code == "TS-C09"
    chain = problem.cause.rstrip(".").split(": ")[1].split(" -> ")
    assert chain[0] == chain[-1]
    assert set(chain) == {"een_ding", "twee_ding", "drie_ding"}


def test_a_circle_of_values_is_refused_too() -> None:
    found = problems_of(
        law("""
        - {id: wet.1, bron: art. 1, bepaalt: een_ding, waarde: twee_ding + 1}
        - {id: wet.2, bron: art. 2, bepaalt: twee_ding, waarde: een_ding * 2}
        """)
    )
    assert {problem.code for problem in found} == {"TS-C09"}
    assert all("een_ding" in problem.cause and "twee_ding" in problem.cause for problem in found)


def test_a_person_may_depend_on_what_is_decided_about_the_other() -> None:
    """`voor elke` unrolls: the applicant's outcome and the partner's are two, so this is no circle."""
    rules = """
        - {id: wet.1, bron: art. 1, voor elke: volwassenen, bepaalt: verdient, als: inkomen > 0}
        - {id: wet.2, bron: art. 2, bepaalt: iemand, als: een(volwassenen waar verdient)}
        - {id: wet.3, bron: art. 3, voor elke: volwassenen, bepaalt: meeverdiener, als: verdient en zaak.iemand}
    """
    assert book(rules).programs


def test_a_fact_that_no_rule_reads_is_a_warning_with_its_place() -> None:
    warnings = book("- {id: wet.1, bron: art. 1, bepaalt: uit, als: a}").warnings
    assert {warning.severity for warning in warnings} == {Severity.WARNING}
    causes = {warning.cause for warning in warnings}
    assert "Het gegeven `b` wordt door geen enkele regel gebruikt." in causes
    assert "Het gegeven `kind.kosten` wordt door geen enkele regel gebruikt." in causes
    assert not any("`a`" in cause for cause in causes)
    assert all(warning.place.file == "wet/gegevens.yaml" and warning.place.line for warning in warnings)


@pytest.mark.parametrize(
    "reads",
    [
        "als: n > 3",
        "als: a\n  tenzij: n > 3",
        "waarde: n + 1",
        "als: a\n  waarde: 1\n  anders: n",
        "waarde: 1\n  ten hoogste: n",
        "tabel:\n    - {als: n > 3, dan: 1}\n    - {dan: 2}",
        "schijven:\n    over: n\n    rijen:\n      - {per stuk: 1}",
    ],
)
def test_a_fact_counts_as_used_wherever_a_rule_may_read_it(reads: str) -> None:
    rules = book(f"- id: wet.1\n  bron: art. 1\n  bepaalt: uit\n  {reads}")
    assert not any("`n`" in warning.cause for warning in rules.warnings)


def fixed(rules: str, *, amounts: str = "", **files: str) -> dict[str, str]:
    return law(
        rules, amounts=amounts, head="status: vastgesteld\ngebruikt: [wet/deel]\n", files={"wet/deel/2020-01-01.yaml": files["deel"]}
    )


def part(status: str) -> str:
    return ruleset(f"- {{id: deel.1, bron: art. 8, {status}, bepaalt: gedeeld, als: a}}", ladder="", name="wet/deel")


def norm(status: str, since: str = "2020-01-01") -> str:
    return f"norm: {{bron: art. 9, eenheid: EUR per maand, {status}, waarden: {{{since}: 100}}}}"


RULE = f"- {{id: wet.1, bron: art. 1, {READ}, bepaalt: uit, als: gedeeld, waarde: norm}}"


def test_what_is_read_throughout_may_be_vastgesteld() -> None:
    assert load_files(fixed(RULE, amounts=norm(READ), deel=part(READ))).programs


@pytest.mark.parametrize(
    ("rule", "amount", "deel", "named"),
    [
        (RULE.replace("gelezen", "te verifieren"), norm(READ), part(READ), "wet.1"),
        (RULE.replace(f"{READ}, ", ""), norm(READ), part(READ), "wet.1"),
        (RULE, norm("status: te verifieren"), part(READ), "norm"),
        (RULE, norm(READ), part("status: te verifieren"), "deel.1"),
    ],
)
def test_vastgesteld_is_refused_while_anything_is_to_be_verified(rule: str, amount: str, deel: str, named: str) -> None:
    problem = the_problem(fixed(rule, amounts=amount, deel=deel))
    assert (problem.code, problem.place.file, problem.place.line) == ("TS-S02", f"{CLAIM}/2020-01-01.yaml", 3)
    assert named in problem.cause


def test_a_concept_may_hold_what_is_to_be_verified_and_says_so() -> None:
    (compiled,) = book("- {id: wet.1, bron: art. 1, bepaalt: uit, als: a}").programs[CLAIM]
    (version,) = compiled.program.versions
    assert (version.status, version.unverified) == ("concept", ("wet.1",))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("wet/bedragen.yaml", "bedragen:\n  norm:\n    bron: artikel 9\n    eenheid: EUR\n    waarden: {2026-01-01: 1}\n"),
        ("wet/omgekeerde_toets.yaml", "waarden:\n  - id: w.1\n    soort: doel\n    bron: art. niets\n    tekst: doel\n"),
    ],
)
def test_the_source_of_everything_that_cites_is_checked(path: str, text: str) -> None:
    problem = the_problem(law(files={path: text}))
    assert (problem.code, problem.place.file) == ("TS-S01", path)


DOOR = """
deuren:
  - id: wet.deur.1
    titel: Hardheid
    bron: art. 16 lid 1
    soort: hardheid
    niveau: formele wet
    opent voor: [wet.1]
    geldig vanaf: 2020-01-01
"""
REFUSAL = "- {id: wet.1, bron: art. 1, bepaalt: uit, rol: weigeringsgrond, als: a}"


def test_a_door_names_grounds_that_exist() -> None:
    problem = the_problem(law(REFUSAL, files={"wet/omgekeerde_toets.yaml": DOOR.replace("[wet.1]", "[wet.1, wet.2]")}))
    assert (problem.code, problem.place.line) == ("TS-R01", 8)
    assert problem.shown[problem.place.column - 1 :].startswith("wet.2")


@pytest.mark.parametrize("level", ["verordening", "beleidsregel"])
def test_a_door_of_a_lower_level_lifts_no_ground_of_the_law(level: str) -> None:
    problem = the_problem(law(REFUSAL, files={"wet/omgekeerde_toets.yaml": DOOR.replace("formele wet", level)}))
    assert problem.code == "TS-R03"


def test_a_line_of_the_reversed_test_is_checked_like_any_other() -> None:
    text = DOOR + "    als: onbekend_iets\n"
    problem = the_problem(law(REFUSAL, files={"wet/omgekeerde_toets.yaml": text}))
    assert (problem.code, problem.shown[problem.place.column - 1 :]) == ("TS-T19", "onbekend_iets")


def test_the_words_of_the_stages_are_known_to_the_reversed_test_only() -> None:
    assert load_files(law(REFUSAL, files={"wet/omgekeerde_toets.yaml": DOOR + "    als: belastende_uitkomst\n"})).programs
    assert the_problem(law("- {id: wet.1, bron: art. 1, bepaalt: uit, als: belastende_uitkomst}")).code == "TS-T19"
