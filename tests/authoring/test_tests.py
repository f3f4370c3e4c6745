# SPDX-License-Identifier: EUPL-1.2
"""The tests of policy staff: what came out differently, and why."""

from __future__ import annotations

from textwrap import indent

import pytest

from engine.authoring.tests import Case, Difference, listed, merged, run_test
from engine.model.problems import RulesError
from engine.rulebook import Rulebook, load_files
from tests.authoring.small_law import AMOUNTS, GRANTED, a_test, files


def only(book: Rulebook) -> tuple[Difference, ...]:
    ((file, test),) = listed(book, "")
    return run_test(book, file, test).differences


def test_a_test_that_expects_what_the_law_says_passes() -> None:
    assert only(load_files(files(GRANTED))) == ()


def test_a_difference_shows_expected_and_got() -> None:
    (found,) = only(load_files(files(a_test("n: 4, a: ja, b: nee, c: ja", "waarden: {uitkering: 220}"))))
    assert (found.what, found.expected, found.got) == ("uitkering", "220", "€ 110,00")


def test_a_rule_that_differs_tells_its_criteria() -> None:
    (found,) = only(load_files(files(a_test("n: 5, a: ja, b: nee, c: ja", "regels: {wet.1: waar}"))))
    assert found.got == "onwaar"
    assert [line.split(None, 1) for line in found.why] == [["onwaar", "n < 5 en a"], ["onwaar", "b"]]


def test_what_is_not_given_is_unknown_and_named() -> None:
    (found,) = only(load_files(files(a_test("n: 4, a: ja, c: ja", "uitkomst: toekennen"))))
    assert found.got == "onvolledig (open: b)"


def test_a_base_that_does_not_exist_asks_which_was_meant() -> None:
    text = GRANTED.replace("  gegevens:", "  uitgangspunt: gezin\n  gegevens:")
    bases = "uitgangspunten:\n  gezinnen:\n    omschrijving: x\n    gegevens: {a: ja}\n"
    (found,) = only(load_files({**files(text), "wet/uitgangspunten.yaml": bases}))
    assert "Bedoelde u `gezinnen`?" in found.got


def test_a_refused_claim_is_a_difference_unless_the_test_expects_it() -> None:
    (found,) = only(load_files(files(a_test("n: vier", "uitkomst: toekennen"))))
    assert found.got.startswith("geweigerd: /gegevens/n:")
    assert only(load_files(files(a_test("n: vier", "geweigerd: /gegevens/n")))) == ()


def test_the_word_onbekend_takes_a_fact_of_the_base_away() -> None:
    assert merged({"a": "ja", "p": {"x": "1", "y": "2"}}, {"a": "onbekend", "p": {"y": "onbekend"}}) == {"p": {"x": "1"}}


def test_a_watcher_sees_the_case_that_was_assessed() -> None:
    book = load_files(files(GRANTED))
    seen: list[Case] = []
    ((file, test),) = listed(book, "wet/")
    run_test(book, file, test, seen.append)
    assert [case.first.result for case in seen] == ["toekennen"]


def test_an_amount_that_is_not_entered_may_be_supposed() -> None:
    text = a_test("n: 4, a: ja, b: nee, c: ja", "waarden: {uitkering: 250}").replace("  gegevens:", "  bedragen: {basis: 250}\n  gegevens:")
    not_entered = AMOUNTS.replace("  waarden:", "  ingevoerd tot en met: 2025-12-31\n  waarden:").replace("    2026-01-01: 110\n", "")
    assert only(load_files({**files(text), "wet/bedragen.yaml": f"bedragen:{indent(not_entered, '  ')}"})) == ()


def test_an_amount_that_is_entered_may_not_be_supposed() -> None:
    text = a_test("n: 4, a: ja, b: nee, c: ja", "uitkomst: toekennen").replace("  gegevens:", "  bedragen: {basis: 250}\n  gegevens:")
    (found,) = only(load_files(files(text)))
    assert (found.what, found.got) == ("bedrag basis", "ingevoerd: € 110,00")


def test_a_supposed_amount_that_does_not_exist_asks_which_was_meant() -> None:
    text = a_test("n: 4, a: ja, b: nee, c: ja", "uitkomst: toekennen").replace("  gegevens:", "  bedragen: {bassis: 250}\n  gegevens:")
    (found,) = only(load_files(files(text)))
    assert "Bedoelde u `basis`?" in found.got


def test_a_reason_to_look_further_can_be_expected() -> None:
    triggers = "aanleidingen:\n  - {id: t.kort, bron: art. 5, als: n < 3, tekst: Kort.}\n"

    def expecting(truth: str) -> dict[str, str]:
        text = a_test("n: 4, a: ja, b: nee, c: ja", f"aanleidingen: {{t.kort: {truth}}}")
        return {**files(text), "wet/omgekeerde_toets.yaml": triggers}

    assert only(load_files(expecting("onwaar"))) == ()
    (found,) = only(load_files(expecting("waar")))
    assert (found.what, found.got) == ("aanleiding t.kort", "onwaar")


# --- a rule outcome from elsewhere ----------------------------------------------------------------------------------------

BARE = {
    "kaal/regeling.yaml": "naam: Kale wet\nbwb: BWBR0000002\n",
    "kaal/gegevens.yaml": "gegevens:\n  ernstig: {soort: ja/nee}\n",
    "kaal/omgekeerde_toets.yaml": """
gronden:
  - {id: kw.1, titel: Niet, bron: art. 1, soort: weigeren}
  - {id: kw.2, titel: Ook niet, bron: art. 2, soort: weigeren}
aanleidingen:
  - {id: t1, bron: art. 1, als: belastende_uitkomst, tekst: "Nadelig."}
deuren:
  - id: kw.deur
    titel: Deur
    bron: art. 3
    soort: hardheid
    niveau: formele wet
    geldig vanaf: 2020-01-01
    opent voor: [kw.1]
    als: ernstig
opties:
  - {id: opt.regel, soort: regeluitkomst, bron: art. 1, tekst: "De regel volgen."}
advies:
  - {uitkomst: regel_volgen, tekst: "Zo is het."}
""",
}


def of_law(
    expected: str, given: str = "regeluitkomst: {uitkomst: geweigerd, gronden: [kw.2]}", law: str = "regeling: kaal"
) -> dict[str, str]:
    test = f'- toets: t\n  {law}\n  peildatum: 2026-07-15\n  {given}\n  verwacht: {{{expected}}}\n  bron: "zelf"\n'
    return {**BARE, "kaal/toetsen/t.yaml": test}


def test_a_test_can_name_a_law_without_rules_and_sees_the_outcome_that_was_given() -> None:
    assert only(load_files(of_law("uitkomst: geweigerd, gronden: [kw.2], geen deuren: ja"))) == ()
    (found,) = only(load_files(of_law("uitkomst: toegekend")))
    assert (found.expected, found.got) == ("toegekend", "geweigerd")


def test_a_door_can_be_expected_not_to_be_named() -> None:
    assert only(load_files(of_law("deuren: {kw.deur: niet genoemd}"))) == ()
    (found,) = only(load_files(of_law("deuren: {kw.deur: niet genoemd}", "regeluitkomst: {gronden: [kw.1]}")))
    assert (found.expected, found.got) == ("niet genoemd", "te onderzoeken")


@pytest.mark.parametrize("state", ["niet genoemd", "open"])
def test_a_door_that_does_not_exist_is_never_as_expected(state: str) -> None:
    (found,) = only(load_files(of_law(f"deuren: {{kw.deurr: {state}}}")))
    assert found.got == "bestaat niet. Bedoelde u `kw.deur`?"


@pytest.mark.parametrize(
    ("given", "law"),
    [
        ("gegevens: {}", "regeling: kaal"),
        ("regeluitkomst: {gronden: [kw.1]}", "regeling: kaal\n  aanspraak: kaal/iets"),
        ("gegevens: {}", "bron_van: niets"),
    ],
)
def test_a_test_is_about_a_claim_or_about_an_outcome_under_a_law(given: str, law: str) -> None:
    with pytest.raises(RulesError):
        load_files(of_law("uitkomst: x", given, law))


def test_a_fact_of_a_law_without_rules_that_no_door_reads_is_a_warning() -> None:
    facts = "gegevens:\n  ernstig: {soort: ja/nee}\n  ongebruikt: {soort: ja/nee}\n"
    warnings = load_files({**BARE, "kaal/gegevens.yaml": facts}).warnings
    assert [warning.cause for warning in warnings] == ["Het gegeven `ongebruikt` wordt door geen enkele regel gebruikt."]


@pytest.mark.parametrize("state", ["niet genoemd", "mogelijk"])
def test_an_option_that_does_not_exist_is_never_as_expected(state: str) -> None:
    (found,) = only(load_files(of_law(f"opties: {{optie.kw.deurr: {state}}}")))
    assert found.got == "bestaat niet. Bedoelde u `optie.kw.deur`?"
