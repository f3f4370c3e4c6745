# SPDX-License-Identifier: EUPL-1.2
"""What is proved about rules: each kind of finding planted in the tiny law, and found with a case that the engine confirms."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from engine.authoring.prove import NoSolver, prove
from engine.authoring.prove_result import Finding, Report
from engine.model.problems import EngineError, Severity
from engine.model.values import CauseKind, Unknown
from engine.passes.assess import assess
from engine.rulebook import Rulebook
from tests.helpers import CLAIM, book, run

pytest.importorskip("z3")


def rule(number: int, body: str, decides: str = "uit") -> str:
    lines = "\n  ".join(body.strip().split("\n"))
    return f"- id: wet.{number}\n  bron: art. {number}\n  bepaalt: {decides}\n  {lines}\n"


def proved(rules: str, result: str = "uit of c", **parts: Any) -> tuple[Rulebook, Report]:
    """The report on rules of which one ja/nee outcome makes the result."""
    law = book(rules, ladder=f"- ja_dus: {result}\n- gereed: anders", **parts)
    return law, prove(law)


def codes(report: Report) -> list[str]:
    return [finding.problem.code for finding in report.findings]


def the(report: Report) -> Finding:
    (finding,) = report.findings
    assert not report.undecided
    return finding


def facts(finding: Finding) -> Mapping[str, Any]:
    assert finding.case is not None
    found: Mapping[str, Any] = finding.case.claim["gegevens"]
    return found


# --- findings --------------------------------------------------------------------------------------------------------


def test_a_law_without_fault_gives_no_finding() -> None:
    _, report = proved(rule(1, "als: a en leefvorm is alleen") + rule(2, "als: b\ntenzij: c"))
    assert (report.findings, report.undecided) == ((), ())
    assert report.questions > 0


def test_two_rules_that_give_different_values_are_shown_with_a_case_that_the_engine_refuses() -> None:
    law, report = proved(
        rule(1, "als: n >= 5\nwaarde: 100\nanders: 0", "totaal") + rule(2, "als: n <= 5\nwaarde: 200", "totaal"),
        "totaal > 150 en m > totaal",
    )
    finding = the(report)
    assert (finding.problem.code, finding.problem.severity) == ("TS-P11", Severity.ERROR)
    assert facts(finding) == {"n": 5}
    assert finding.case is not None
    with pytest.raises(EngineError, match=r"wet\.1 geeft .*wet\.2 geeft"):
        assess(finding.case.claim, law)


def test_two_rules_of_which_one_goes_before_the_other_do_not_clash() -> None:
    _, report = proved(
        rule(1, "als: n >= 5\nwaarde: 100\nanders: 0", "totaal") + rule(2, "gaat voor: [wet.1]\nals: n <= 5\nwaarde: 200", "totaal"),
        "totaal > 150 en m > totaal",
    )
    assert codes(report) == []


def test_two_rules_that_give_the_same_value_do_not_clash() -> None:
    _, report = proved(rule(1, "als: a\nwaarde: 2 * n\nanders: 0", "totaal") + rule(2, "als: b\nwaarde: n + n", "totaal"), "totaal > 150")
    assert "TS-P11" not in codes(report)


def test_a_case_that_no_rule_decides_is_shown_and_leaves_the_result_open() -> None:
    law, report = proved(
        rule(1, "als: n < 5\nwaarde: 100", "totaal") + rule(2, "als: n > 5\nwaarde: 200", "totaal"), "totaal > 150 en m > totaal"
    )
    finding = the(report)
    assert finding.problem.code == "TS-P12"
    assert facts(finding)["n"] == 5
    assert finding.case is not None
    found = assess(finding.case.claim, law)
    assert {cause.kind for cause in found.first.causes} == {CauseKind.RULE}


def test_a_gap_that_never_leaves_the_result_open_is_no_finding() -> None:
    _, report = proved(rule(1, "als: a\nwaarde: 100", "totaal"), "a en totaal > n")
    assert codes(report) == []


def test_a_case_that_no_row_fits_is_shown() -> None:
    law, report = proved(
        rule(1, "tabel:\n  - als: leefvorm is alleen\n    dan: 100\n  - als: leefvorm is samen\n    dan: 200", "totaal"), "totaal > n"
    )
    finding = the(report)
    assert finding.problem.code == "TS-P13"
    assert facts(finding)["leefvorm"] == "inwonend"
    assert finding.case is not None
    assert assess(finding.case.claim, law).first.result == "niet_te_bepalen"


def test_a_rule_that_can_never_hold_is_shown_with_what_keeps_it_from_holding() -> None:
    law, report = proved(rule(1, "als: a") + rule(2, "als:\n  alle:\n    - n > 3\n    - b\n    - n < 4"))
    finding = the(report)
    assert finding.problem.code == "TS-P14"
    assert (finding.problem.place.line, finding.problem.place.column) == (13, 5)
    assert finding.problem.shown.strip() == "- id: wet.2"
    assert finding.case is not None
    assert facts(finding)["n"] > 3
    assert assess(finding.case.claim, law).state.holds["wet.2"] is False


def test_a_rule_whose_exception_takes_all_its_cases_can_never_hold() -> None:
    _, report = proved(rule(1, "als: a") + rule(2, "als: n > 3\ntenzij: n > 2"))
    assert the(report).problem.code == "TS-P14"


def test_an_exception_that_never_meets_its_rule_is_shown() -> None:
    _, report = proved(rule(1, "als: leefvorm is alleen\ntenzij:\n  - a\n  - leefvorm is samen"))
    finding = the(report)
    assert finding.problem.code == "TS-P15"
    assert finding.problem.shown.strip() == "- leefvorm is samen"
    assert facts(finding)["leefvorm"] == "alleen"


def test_a_row_behind_a_wider_row_is_shown() -> None:
    _, report = proved(rule(1, "tabel:\n  - als: n > 3\n    dan: 100\n  - als: n > 5\n    dan: 200\n  - dan: 0", "totaal"), "totaal > n")
    finding = the(report)
    assert finding.problem.code == "TS-P16"
    assert "rij 2" in finding.problem.cause


def test_a_condition_that_the_others_already_say_is_shown() -> None:
    _, report = proved(rule(1, "als:\n  alle:\n    - n > 5\n    - n > 3"))
    finding = the(report)
    assert (finding.problem.code, finding.problem.shown.strip()) == ("TS-P17", "- n > 3")
    assert facts(finding)["n"] > 5


def test_an_alternative_that_adds_nothing_is_shown() -> None:
    _, report = proved(rule(1, "als:\n  een van:\n    - n > 3\n    - n > 5"))
    finding = the(report)
    assert (finding.problem.code, finding.problem.shown.strip()) == ("TS-P18", "- n > 5")


def test_a_condition_beside_one_that_always_decides_never_matters() -> None:
    _, report = proved(rule(1, "als:\n  alle:\n    - b\n    - een van:\n        - a\n        - n >= 0\n"))
    assert set(codes(report)) == {"TS-P17", "TS-P19"}


def test_an_outcome_of_the_ladder_behind_a_wider_one_is_shown() -> None:
    law = book(rule(1, "als: a") + rule(2, "als: a en b", "ook"), ladder="- eerst: uit\n- daarna: ook\n- gereed: anders")
    finding = the(prove(law))
    assert (finding.problem.code, "daarna" in finding.problem.cause) == ("TS-P20", True)


def test_what_nothing_rests_on_is_shown() -> None:
    _, report = proved(rule(1, "als: a") + rule(2, "als: b", "los"))
    finding = the(report)
    assert (finding.problem.code, finding.case) == ("TS-P21", None)
    assert "`los`" in finding.problem.cause


# --- exact, and said where not ---------------------------------------------------------------------------------------


def test_ages_are_exact_to_the_day() -> None:
    _, report = proved(
        rule(1, "als:\n  alle:\n    - aanvrager.leeftijd op peildatum >= 27\n    - aanvrager.geboortedatum + 27 jaar > peildatum")
    )
    assert "TS-P14" in codes(report)
    _, report = proved(
        rule(1, "als:\n  alle:\n    - aanvrager.leeftijd op peildatum >= 27\n    - aanvrager.geboortedatum + 27 jaar >= peildatum")
    )
    assert codes(report) == []


def test_days_are_counted_over_months_of_every_length() -> None:
    month = "als:\n  alle:\n    - dag_twee is dag_een + 1 maand\n    - dag_twee > dag_een + {} dagen"
    _, report = proved(rule(1, month.format(30)))
    assert codes(report) == []
    _, report = proved(rule(1, month.format(31)))
    assert codes(report) == ["TS-P14"]


def test_what_never_holds_is_proved_for_lists_of_any_length() -> None:
    _, report = proved(rule(1, "als:\n  alle:\n    - een(kinderen waar thuiswonend)\n    - alle(kinderen waar niet thuiswonend)"))
    assert codes(report) == ["TS-P14"]


def test_what_only_a_longer_list_can_show_is_not_called_impossible() -> None:
    _, report = proved(rule(1, "als: aantal(kinderen) > 4"))
    assert codes(report) == []
    assert any("langere lijsten" in item.reason for item in report.undecided)


def test_working_days_are_said_to_be_out_of_reach() -> None:
    _, report = proved(rule(1, "als: eerstvolgende_werkdag(dag_een) < dag_een"))
    assert codes(report) == []
    assert any("werkdagen" in item.reason for item in report.undecided)
    assert any("Werkdagen" in text for text in report.outside)


def test_an_amount_that_was_not_entered_hides_no_clash_while_it_was() -> None:
    amounts = "grens:\n  bron: art. 9\n  eenheid: EUR per maand\n  ingevoerd tot en met: 2020-06-30\n  waarden:\n    2020-01-01: 100"
    law, report = proved(
        rule(1, "als: a\nwaarde: grens\nanders: 0", "totaal") + rule(2, "als: a\nwaarde: grens + 1", "totaal"),
        "totaal > loon",
        amounts=amounts,
    )
    clash = next(finding for finding in report.findings if finding.problem.code == "TS-P11")
    assert clash.case is not None
    assert clash.case.claim["peildatum"] <= "2020-06-30"
    with pytest.raises(EngineError):
        assess(clash.case.claim, law)


def test_a_rule_for_each_item_of_a_list_is_proved_too() -> None:
    _, report = proved(
        "- id: wet.1\n  bron: art. 1\n  bepaalt: telt\n  voor elke: kinderen\n  als: thuiswonend en niet thuiswonend\n"
        + rule(2, "als: een(kinderen waar telt) of a")
    )
    assert "TS-P14" in codes(report)


def test_a_finding_for_one_person_only_is_none() -> None:
    _, report = proved(
        "- id: wet.1\n  bron: art. 1\n  bepaalt: telt\n  voor elke: volwassenen\n  als: student en zaak.partner is geen\n"
        + rule(2, "als: een(volwassenen waar telt)")
    )
    assert "TS-P14" not in codes(report)


def test_without_the_solver_one_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(NoSolver, match=r"pip install 'toetssteen\[bewijs\]'"):
        prove(book(rule(1, "als: a")))


def test_several_processes_find_the_same() -> None:
    law = book(rule(1, "als: a en niet a") + rule(2, "als: n > 3\ntenzij: n > 5"), ladder="- ja_dus: uit\n- gereed: anders")
    assert [item.problem for item in prove(law, workers=2).findings] == [item.problem for item in prove(law).findings]


# --- brute force -----------------------------------------------------------------------------------------------------

ATOMS = ["a", "niet b", "c", "leefvorm is alleen", "leefvorm in [samen, inwonend]", "grond is geen", "grond is anders_dan"]
ALL_CASES = [
    {"a": a, "b": b, "c": c, "leefvorm": form, "grond": ground}
    for a, b, c in itertools.product([True, False], repeat=3)
    for form in ("alleen", "samen", "inwonend")
    for ground in ("alleen", "anders_dan", "geen")
]
conditions = st.one_of(
    st.sampled_from(ATOMS).map(lambda atom: f"als: {atom}"),
    st.lists(st.sampled_from(ATOMS), min_size=2, max_size=4).map(
        lambda found: "als:\n  alle:\n" + "".join(f"    - {atom}\n" for atom in found)
    ),
    st.lists(st.sampled_from(ATOMS), min_size=2, max_size=3).map(
        lambda found: "als:\n  een van:\n" + "".join(f"    - {atom}\n" for atom in found)
    ),
)
exceptions = st.one_of(st.just(""), st.sampled_from(ATOMS).map(lambda atom: f"\ntenzij: {atom}"))


@settings(max_examples=10)
@given(st.lists(st.tuples(conditions, exceptions, st.sampled_from([100, 200])), min_size=1, max_size=3))
def test_the_proofs_say_what_trying_every_case_says(found: list[tuple[str, str, int]]) -> None:
    rules = "".join(
        rule(number, f"{condition.rstrip()}{exception}\nwaarde: {value}", "totaal")
        for number, (condition, exception, value) in enumerate(found)
    )
    law = book(rules, ladder="- ja_dus: totaal > 150\n- gereed: anders")
    holding: set[str] = set()
    clash = gap = False
    for case in ALL_CASES:
        try:
            done = run(law, case)
        except EngineError:
            clash = True
            holding |= _holding_alone(found, case)
            continue
        holding |= {key for key, truth in done.state.holds.items() if truth is True and key.startswith("wet.")}
        gap = gap or isinstance(done.state.out[f"{CLAIM.replace('/', '.')}.totaal"], Unknown)
    report = prove(law)
    assert not report.undecided
    never = {name for item in report.findings if item.problem.code == "TS-P14" for name in [item.problem.cause.split("`")[1]]}
    assert ("TS-P11" in codes(report), "TS-P12" in codes(report)) == (clash, gap)
    if not clash:
        assert never == {f"wet.{number}" for number in range(len(found))} - holding
    assert all(item.case is not None for item in report.findings if item.problem.code in ("TS-P11", "TS-P12", "TS-P14"))


def _holding_alone(found: list[tuple[str, str, int]], case: Mapping[str, Any]) -> set[str]:
    """Which rules hold in a case in which they clash: each tried on its own."""
    holding = set()
    for number, (condition, exception, _) in enumerate(found):
        alone = book(rule(number, f"{condition.rstrip()}{exception}"))
        if run(alone, case).state.holds[f"wet.{number}"] is True:
            holding.add(f"wet.{number}")
    return holding
