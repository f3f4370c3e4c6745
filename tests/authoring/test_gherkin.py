# SPDX-License-Identifier: EUPL-1.2
"""Tests in Dutch sentences: they say the same as tests in YAML, and a wrong sentence says which was meant."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from engine.authoring.gherkin import SENTENCES, feature_files, read_feature, read_features
from engine.authoring.tests import run_test
from engine.model import documents as doc
from engine.model.problems import Problem, RulesError
from engine.rulebook import Rulebook, load_files
from tests.authoring.small_law import files
from tests.law import RULES, law

LAW = load_files(files())


def feature(steps: str, source: str = "Bron: art. 1") -> str:
    head = "# language: nl\nFunctionaliteit: De proefwet\n\n  Scenario: Een zaak\n"
    return head + f"    {source}\n" + indent(dedent(steps).strip(), "    ") + "\n"


def read(steps: str, book: Rulebook = LAW) -> doc.TestDecl:
    (test,) = read_feature(feature(steps), "wet/toetsen/zinnen.feature", book)
    return test


def refused(text: str) -> tuple[Problem, ...]:
    with pytest.raises(RulesError) as caught:
        read_feature(text, "zinnen.feature", LAW)
    return caught.value.problems


def test_sentences_say_what_a_test_in_yaml_says() -> None:
    test = read("""
        Gegeven n is 4
        En a is ja
        En b is nee
        En c is ja
        En de peildatum is 15-07-2026
        Als wet/aanspraak wordt beoordeeld
        Dan is de uitkomst toekennen
        En is uitkering € 110,00
        En is de regel wet.1 waar
    """)
    assert (test.test, test.source, test.date.isoformat()) == ("Een zaak", "art. 1", "2026-07-15")
    assert test.facts == {"n": "4", "a": "ja", "b": "nee", "c": "ja"}
    assert (test.expected.outcome, test.expected.values, test.expected.rules) == ("toekennen", {"uitkering": "110.00"}, {"wet.1": "waar"})
    assert run_test(LAW, "x", test).passed


def test_facts_of_a_person_and_lists_are_found_by_the_words_people_use() -> None:
    facts = {"wet/aanspraak/2020-01-01.yaml": "", **files()}
    test = read(
        """
        Gegeven de geboortedatum van aanvrager is 1-2-1990
        En aanvrager inkomen is 1.200,50 euro
        En de dag een is 2026-03-01
        En de kinderen zijn
          | geboortedatum | thuiswonend |
          | 03-04-2015    | ja          |
        En de peildatum is 2026-07-15
        Als wet/aanspraak wordt beoordeeld
        Dan wordt gevraagd naar dag een
        """,
        load_files(facts),
    )
    assert test.facts == {
        "kinderen": [{"geboortedatum": "2015-04-03", "thuiswonend": "ja"}],
        "aanvrager": {"geboortedatum": "1990-02-01", "inkomen": "1200.50"},
        "dag_een": "2026-03-01",
    }
    assert test.expected.missing == ("dag_een",)


def test_an_outline_is_a_test_for_each_example() -> None:
    text = """# language: nl
Functionaliteit: x
  Abstract Scenario: n is <n>
    Bron: art. 1
    Gegeven n is <n>
    En de peildatum is 15-07-2026
    Als wet/aanspraak wordt beoordeeld
    Dan is de regel wet.1 <waarheid>

    Voorbeelden:
      | n | waarheid |
      | 4 | onbekend |
      | 5 | onwaar   |
"""
    tests = read_feature(text, "x.feature", LAW)
    assert [(test.test, test.expected.rules["wet.1"]) for test in tests] == [("n is 4 (12)", "onbekend"), ("n is 5 (13)", "onwaar")]
    assert all(run_test(LAW, "x.feature", test).passed for test in tests)


def test_everything_that_a_test_can_expect_has_a_sentence() -> None:
    steps = {
        "uitkomst": "is de uitkomst toekennen",
        "mogelijke uitkomsten": "zijn de mogelijke uitkomsten afwijzen, toekennen",
        "waarden": "is uitkering 110",
        "bedrag": "is het bedrag 110",
        "regels": "is de regel wet.1 waar",
        "gronden": "is de grond wet.1",
        "vraagt": "wordt gevraagd naar n",
        "vraagt niet": "wordt niet gevraagd naar n",
        "rust op oordelen": "rust de uitkomst op het oordeel n",
        "opties": "is optie opt.1 te onderzoeken",
        "advies": "is het advies regel_volgen",
        "aanleidingen": "is de aanleiding wet.t.1 waar",
        "deuren": "is deur wet.deur.1 te onderzoeken",
        "geen deuren": "zijn er geen deuren",
        "signalen": "is er het signaal sig.1",
        "geweigerd": "wordt de aanvraag geweigerd om /gegevens/n",
    }
    assert set(steps) == {field.alias for field in doc.Expected.model_fields.values()}
    for key, step in steps.items():
        test = read(f"Gegeven de peildatum is 15-07-2026\nAls wet/aanspraak wordt beoordeeld\nDan {step}")
        assert test.expected.model_dump(by_alias=True, exclude_defaults=True).keys() == {key}


def test_no_sentence_belongs_to_one_law() -> None:
    names = {name.rpartition(".")[2] for found in law().programs.values() for compiled in found for name in compiled.program.facts}
    words = {word for sentence in SENTENCES for word in sentence.text.split() if not word.startswith("<")}
    assert words & names <= {"peildatum"}


def test_a_sentence_that_is_not_known_asks_which_was_meant() -> None:
    (problem,) = refused(feature("Gegeven het uitgangspnt gezin\nEn de peildatum is 15-07-2026\nAls wet/aanspraak wordt beoordeeld"))
    assert (problem.place.file, problem.place.line) == ("zinnen.feature", 6)
    assert problem.remedy == "Bedoelde u `Gegeven het uitgangspunt <naam>`?"


def test_a_fact_that_does_not_exist_asks_which_was_meant() -> None:
    (problem,) = refused(
        feature("Gegeven lon is 4\nEn de peildatum is 15-07-2026\nAls wet/aanspraak wordt beoordeeld\nDan is de uitkomst x")
    )
    assert (problem.place.line, problem.cause, problem.remedy) == (6, "Het gegeven `lon` bestaat niet.", "Bedoelde u `loon`?")


def test_a_scenario_needs_a_source_a_date_and_a_claim() -> None:
    causes = [problem.cause for problem in refused(feature("Gegeven n is 4", source="Zomaar"))]
    assert causes == ["Dit scenario heeft geen peildatum.", "Dit scenario beoordeelt niets.", "Dit scenario noemt geen bron."]


@pytest.mark.parametrize(
    ("step", "remedy"),
    [("Dan is de regel wet.1 gelijk", "waar, onwaar, onbekend"), ("Dan is deur x kapot", "open, dicht, te onderzoeken, uitgesloten")],
)
def test_a_value_that_cannot_be_lists_what_can(step: str, remedy: str) -> None:
    (problem,) = refused(feature(f"Gegeven de peildatum is 15-07-2026\nAls wet/aanspraak wordt beoordeeld\n{step}"))
    assert remedy in problem.remedy


def test_a_list_without_a_table_asks_for_one() -> None:
    (problem,) = refused(feature("Gegeven de kinderen zijn\nEn de peildatum is 15-07-2026\nAls wet/aanspraak wordt beoordeeld"))
    assert problem.cause == "Bij deze zin hoort een tabel."


def test_what_is_no_gherkin_says_how_it_begins() -> None:
    (problem,) = refused("zomaar tekst\n")
    assert "Begin met `# language: nl`" in problem.remedy


def test_the_examples_that_stand_beside_the_law_pass() -> None:
    tests = [(file, test) for file, found in read_features(feature_files(RULES), law()) for test in found]
    assert len(tests) >= 6
    assert [test.test for file, test in tests if not run_test(law(), file, test).passed] == []
