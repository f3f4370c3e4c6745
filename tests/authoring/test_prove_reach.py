# SPDX-License-Identifier: EUPL-1.2
"""What is declared unreachable: proved where no claim gives the state, refused with a claim where one does, and otherwise said."""

from __future__ import annotations

from random import Random

import pytest

from engine.authoring import coverage
from engine.authoring.prove import unreachable
from engine.authoring.prove_result import Status, Verdict
from engine.authoring.tests import listed, run_test
from engine.rulebook import Rulebook
from tests.helpers import book
from tests.law import law

pytest.importorskip("z3")


def said(rules: str, what: str, state: str, part: str = "", *, in_words: bool = False, **parts: str) -> Verdict:
    """What is said of one declaration about the rules of the tiny law."""
    found = book(rules, **parts)
    return asked(found, what, state, part, in_words=in_words)


def asked(
    found: Rulebook, what: str, state: str, part: str = "", *, law: str = "wet", version: str = "", in_words: bool = False
) -> Verdict:
    """The same for a law that is loaded."""
    lines = [f"  - wat: {what}", f"    toestand: {state}", "    reden: zo is het"]
    lines += [f'    deel: "{part}"'] if part else []
    lines += [f"    versie: {version}"] if version else []
    lines += ["    bewijs: in woorden"] if in_words else []
    text = "\n".join(["onbereikbaar:", *lines, ""])
    documents = coverage.read_coverage({f"{law}/dekking.yaml": text.encode()}, [law])
    (verdict,) = unreachable(found, documents, seconds=5)
    return verdict


def case_lines(verdict: Verdict) -> list[str]:
    assert verdict.status is Status.REACHED
    assert verdict.case is not None
    return list(verdict.case.lines[1:])


RULE = "- id: wet.1\n  bron: art. 1\n  bepaalt: uit\n"
TABLE = "- id: wet.1\n  bron: art. 1\n  bepaalt: hoogte\n"


def test_what_contradicts_itself_is_proved_never_to_hold() -> None:
    verdict = said(f"{RULE}  als: n < 5 en n > 7\n", "wet.1", "waar")
    assert (verdict.status, verdict.stands, str(verdict)) == (Status.NEVER, True, "wet.1: waar")


def test_what_can_hold_is_refused_with_a_claim_in_the_words_of_the_facts() -> None:
    verdict = said(f"{RULE}  als: n < 5 en n > 3\n", "wet.1", "waar")
    assert case_lines(verdict) == ["n: 4"]
    assert not verdict.stands


def test_what_is_not_given_is_unknown_so_a_claim_without_it_shows_that() -> None:
    assert case_lines(said(f"{RULE}  als: a\n", "wet.1", "onbekend")) == []


def test_a_fact_with_an_assumption_is_never_unknown() -> None:
    assert said(f"{RULE}  als: aangenomen\n", "wet.1", "onbekend", "aangenomen").status is Status.NEVER
    assert case_lines(said(f"{RULE}  als: aangenomen\n", "wet.1", "waar", "aangenomen")) == ["aangenomen: ja"]


def test_an_unknown_that_cannot_change_the_rule_leaves_it_certain() -> None:
    assert said(f"{RULE}  als: a en niet a en b\n", "wet.1", "waar").status is Status.NEVER
    assert case_lines(said(f"{RULE}  als: a en niet a en b\n", "wet.1", "onbekend")) == []


def test_a_fact_of_a_person_that_is_not_there_is_not_unknown() -> None:
    rules = f"{RULE}  als:\n    alle:\n      - partner is niet geen\n      - partner.student\n"
    assert case_lines(said(rules, "wet.1", "onwaar", "partner.student")) == ["partner: geen"]
    assert case_lines(said(rules, "wet.1", "onbekend", "partner.student")) == []
    alone = f"{RULE}  als:\n    alle:\n      - niet student_erbij\n      - partner is geen\n"
    student = "- id: wet.2\n  bron: art. 2\n  bepaalt: student_erbij\n  als: partner is niet geen en partner.student\n"
    assert said(alone + student, "wet.1", "waar").status is Status.REACHED
    assert said(f"{RULE}  als: partner is geen en student_erbij\n{student}", "wet.1", "waar").status is Status.NEVER


def test_a_criterion_in_a_row_is_reached_only_behind_the_rows_before_it() -> None:
    rules = f"{TABLE}  tabel:\n    - als: n < 5\n      dan: 1\n    - als: n < 3\n      dan: 2\n    - dan: 3\n"
    assert said(rules, "wet.1", "waar", "n < 3").status is Status.NEVER
    assert said(rules, "wet.1", "toegepast", "2").status is Status.NEVER
    assert case_lines(said(rules, "wet.1", "toegepast", "3")) == ["n: 5"]


def test_a_rule_that_always_yields_to_another_gives_no_value() -> None:
    rules = f"{TABLE}  als: a\n  waarde: 1\n- id: wet.2\n  bron: art. 2\n  bepaalt: hoogte\n  als: a\n  gaat voor: [wet.1]\n  waarde: 2\n"
    assert said(rules, "wet.1", "toegepast").status is Status.NEVER
    assert case_lines(said(rules, "wet.2", "toegepast")) == ["a: ja"]


def test_a_rule_with_an_amount_that_is_not_entered_gives_no_value() -> None:
    series = "basis: {bron: art. 1, eenheid: EUR per maand, waarden: {2020-01-01: onbekend}}"
    assert said(f"{TABLE}  waarde: 2 * basis\n", "wet.1", "toegepast", amounts=series).status is Status.NEVER


def test_a_list_can_be_unknown_or_not_complete() -> None:
    rules = f"{RULE}  als: een(kinderen waar thuiswonend)\n"
    assert case_lines(said(rules, "wet.1", "onbekend")) == []
    certain = f"{RULE}  als: aantal(kinderen) < 1 en een(kinderen waar thuiswonend)\n"
    assert said(certain, "wet.1", "waar").status is Status.NEVER


def test_more_items_than_are_tried_are_not_decided() -> None:
    verdict = said(f"{RULE}  als: aantal(kinderen waar thuiswonend) > 2\n", "wet.1", "waar")
    assert (verdict.status, verdict.case) == (Status.OPEN, None)
    assert "langere lijsten" in verdict.reason


def test_a_decision_that_is_given_counts_instead_of_the_rules() -> None:
    shared = "regelset: wet/gedeeld\ngeldig vanaf: 2020-01-01\nregels:\n  - {id: deel.1, bron: art. 1, bepaalt: telt, als: a}\n"
    rules = f"{RULE}  als: telt en niet a\n"
    parts = {"head": "gebruikt: [wet/gedeeld]\n", "files": {"wet/gedeeld/2020-01-01.yaml": shared}}
    assert case_lines(said(rules, "wet.1", "waar", **parts)) == ["a: nee", "wet.gedeeld.telt: ja"]  # type: ignore[arg-type]


def test_an_amount_or_a_door_is_out_of_reach_unless_words_will_do() -> None:
    series = "basis: {bron: art. 1, eenheid: EUR per maand, waarden: {2020-01-01: 100}}"
    rules = f"{TABLE}  waarde: 2 * basis\n"
    verdict = said(rules, "basis", "toegepast", "2020-01-01", amounts=series)
    assert (verdict.status, verdict.stands) == (Status.OPEN, False)
    assert "bedragen en deuren niet" in verdict.reason
    assert said(rules, "basis", "toegepast", "2020-01-01", amounts=series, in_words=True).stands


def test_a_state_that_the_point_does_not_have_is_not_proved() -> None:
    assert said(f"{RULE}  als: a\n", "wet.1", "toegepast").status is Status.OPEN


def test_words_do_not_excuse_what_a_claim_reaches() -> None:
    assert not said(f"{RULE}  als: a\n", "wet.1", "waar", in_words=True).stands


def test_a_declaration_may_be_about_one_version() -> None:
    later = "regelset: wet/aanspraak\ngeldig vanaf: 2025-01-01\nwijzigt: 2020-01-01\nregels:\n" + (
        "  - {id: wet.1, bron: art. 1, bepaalt: uit, als: n < 5 en n > 7}\n"
    )
    found = book(f"{RULE}  als: n < 5\n", files={"wet/aanspraak/2025-01-01.yaml": later})
    assert asked(found, "wet.1", "waar", version="2025-01-01").status is Status.NEVER
    assert asked(found, "wet.1", "waar").status is Status.REACHED


@pytest.mark.parametrize("name", ["wmo", "wsnp", "jeugdwet"])
def test_what_a_test_of_the_law_reaches_is_never_proved_unreachable(name: str) -> None:
    found: set[coverage.Hit] = set()
    for file, test in listed(law(), f"{name}/"):
        run_test(law(), file, test, coverage.watching(found))
    hits = sorted(hit for hit in found if hit[0].sort in (coverage.RULE, coverage.CRITERION, coverage.VALUE, coverage.ROW))
    for point, state in Random(1).sample(hits, 12):
        version = point.file.rpartition("/")[2].removesuffix(".yaml")
        verdict = asked(law(), point.name, state, point.part.replace('"', '\\"'), law=name, version=version)
        assert verdict.status is not Status.NEVER, (point, state)
