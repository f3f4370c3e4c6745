# SPDX-License-Identifier: EUPL-1.2
"""The tests of policy staff: what came out differently, and why."""

from __future__ import annotations

from textwrap import indent

from engine.authoring.tests import Case, Difference, listed, merged, run_test
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
