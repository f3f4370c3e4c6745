# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from engine.authoring.tests import claim_of
from engine.language.schema import MAX_ITEMS, MAX_TEXT, facts_schema
from engine.model.problems import ClaimError
from engine.model.program import Program
from engine.passes import facts_given, values_given
from engine.passes.intake import read_claim
from engine.rulebook import Rulebook
from tests.helpers import book, claim, judged
from tests.law import example, example_names, law

RULES = """
- id: wet.1
  bron: art. 1
  bepaalt: uit
  als: a of ernstig

- id: wet.2
  bron: art. 2
  bepaalt: soepel
  modaliteit: kan
  als: b
"""

GOOD: list[dict[str, Any]] = [
    {},
    {"a": True, "b": "nee", "c": "ja"},
    {"n": 3, "m": "geen", "x": -1.5, "y": "-2.25"},
    {"n": "3", "m": "4.0", "deel": "40%"},
    {"loon": 1419.46, "toeslag": "geen", "jaarloon": "17033.52"},
    {"dag_een": "2026-07-01"},
    {"termijn": 28},
    {"termijn": "4 weken + 2 dagen"},
    {"leefvorm": "samen", "grond": "geen"},
    {"plaats": "Zutphen"},
    {"a": {"waarde": True, "herkomst": "BRP", "datum": "2026-07-01"}},
    {"ernstig": judged(True)},
    {"ernstig": judged("nee", "arts")},
    {"keuze(wet.2)": judged(True, "professional")},
    {"aanvrager": {"geboortedatum": "1990-06-15", "inkomen": "0", "functie": "geen"}, "partner": "geen"},
    {"aanvrager": {}, "partner": {"student": False}},
    {"kinderen": []},
    {"kinderen": [{"geboortedatum": "2015-01-01", "thuiswonend": True}, {}]},
    {"kinderen": {"volledig": False, "items": [{"kosten": 12}]}},
    {"kinderen": {"items": []}},
]

BAD: list[dict[str, Any]] = [
    {"onbekende_naam": True},
    {"geboortedatum": "1990-06-15"},
    {"aanvrager.geboortedatum": "1990-06-15"},
    {"a": None},
    {"a": 1},
    {"a": "waar"},
    {"a": "geen"},
    {"a": {"herkomst": "BRP"}},
    {"a": {"waarde": None}},
    {"a": {"waarde": True, "waar": "hier"}},
    {"a": {"waarde": True, "herkomst": None}},
    {"a": {"waarde": True, "herkomst": 3}},
    {"a": {"waarde": True, "datum": 20260701}},
    {"a": {"waarde": True, "datum": None}},
    {"a": {"waarde": True, "datum": "1 juli 2026"}},
    {"a": {"waarde": True, "door": "J. Jansen"}},
    {"n": 1.5},
    {"n": -1},
    {"n": "-1"},
    {"n": "drie"},
    {"n": "²"},
    {"n": "٣"},
    {"n": True},
    {"n": 10**15},
    {"n": "geen"},
    {"x": "1,5"},
    {"x": "1e3"},
    {"deel": 0.4},
    {"deel": "40"},
    {"deel": "40 %"},
    {"loon": -5},
    {"loon": "-5.00"},
    {"loon": "1.419,46"},
    {"loon": "12.345"},
    {"loon": [1]},
    {"dag_een": "2026-7-1"},
    {"dag_een": "2026-02-30"},
    {"dag_een": 2026},
    {"termijn": -1},
    {"termijn": 1.5},
    {"termijn": "3 maanden"},
    {"termijn": "3 dagen +"},
    {"termijn": "² dagen"},
    {"termijn": 1_000_000},
    {"leefvorm": "apart"},
    {"leefvorm": "geen"},
    {"leefvorm": ["samen"]},
    {"plaats": "a" * 2001},
    {"plaats": 7},
    {"plaats": "geen"},
    {"ernstig": True},
    {"ernstig": {"waarde": True}},
    {"ernstig": judged(True, "buurman")},
    {"ernstig": judged(None)},
    {"ernstig": judged(True) | {"reden": " "}},
    {"ernstig": judged(True) | {"datum": "gisteren"}},
    {"keuze(wet.2)": True},
    {"keuze(wet.1)": judged(True, "professional")},
    {"aanvrager": "geen"},
    {"aanvrager": []},
    {"aanvrager": {"naam": "Jansen"}},
    {"partner": True},
    {"partner": {"geboortedatum": "geen"}},
    {"kinderen": "geen"},
    {"kinderen": {"rijen": []}},
    {"kinderen": {"volledig": "misschien", "items": []}},
    {"kinderen": {"volledig": True, "items": {}}},
    {"kinderen": [1]},
    {"kinderen": [{"kosten": "veel"}]},
    {"kinderen": [{}] * 501},
]


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return book(RULES)


@pytest.fixture(scope="module")
def validator(rules: Rulebook) -> Draft202012Validator:
    return validator_of(program_of(rules))


def program_of(rules: Rulebook) -> Program:
    return rules.programs["wet/aanspraak"][0].program


def validator_of(program: Program) -> Draft202012Validator:
    schema = facts_schema(program)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker(["date"]))


def accepted(rules: Rulebook, facts: dict[str, Any]) -> bool:
    try:
        read_claim(claim(facts), rules)
    except ClaimError:
        return False
    return True


def name(facts: dict[str, Any]) -> str:
    return str(facts)[:60]


@pytest.mark.parametrize("facts", GOOD, ids=name)
def test_what_intake_accepts_validates(rules: Rulebook, validator: Draft202012Validator, facts: dict[str, Any]) -> None:
    assert accepted(rules, facts)
    validator.validate(facts)


@pytest.mark.parametrize("facts", BAD, ids=name)
def test_what_the_schema_refuses_intake_refuses_too(rules: Rulebook, validator: Draft202012Validator, facts: dict[str, Any]) -> None:
    assert not validator.is_valid(facts)
    assert not accepted(rules, facts)


def test_the_claims_that_policy_staff_wrote_validate() -> None:
    validators: dict[int, Draft202012Validator] = {}
    claims = [claim_of(law(), file, test) for file, tests in law().tests for test in tests if test.expected.refused is None]
    assert claims
    for data in claims:
        _, compiled = read_claim(data, law())
        if id(compiled) not in validators:
            validators[id(compiled)] = Draft202012Validator(facts_schema(compiled.program))
        assert validators[id(compiled)].is_valid(data["gegevens"]), data


@pytest.mark.parametrize("start", example_names())
def test_the_examples_validate(start: str) -> None:
    data = example(start)
    _, compiled = read_claim(data, law())
    facts = json.loads(json.dumps(data["gegevens"], default=float))
    Draft202012Validator(facts_schema(compiled.program)).validate(facts)


def test_a_question_stands_with_its_fact_and_an_open_norm_names_its_roles() -> None:
    program = law().programs["participatiewet/algemene_bijstand"][-1].program
    found = facts_schema(program)["properties"]
    born = found["aanvrager"]["properties"]["geboortedatum"]
    assert born["title"] == "Wat is de geboortedatum?"
    assert born["x-herkomst"] == "BRP"
    judgements = [schema for schema in found.values() if "x-oordeelVan" in schema]
    assert judgements
    assert all(schema["required"] == ["waarde", "door", "rol", "datum", "reden"] for schema in judgements)


def test_an_assumption_is_said_in_the_schema(rules: Rulebook) -> None:
    assert facts_schema(program_of(rules))["properties"]["aangenomen"]["x-aanname"] is False


def test_the_limits_are_those_of_intake() -> None:
    assert (MAX_ITEMS, MAX_TEXT) == (facts_given.MAX_ITEMS, values_given.MAX_TEXT)


values = (
    st.booleans()
    | st.integers(-5, 10**16)
    | st.decimals(-5, 10**6, places=2).map(float)
    | st.sampled_from(["ja", "nee", "geen", "0", "3", "-3", "1.50", "40%", "2026-07-01", "samen", "anders_dan", "3 weken", "", " ", "x"])
    | st.text(max_size=6)
)
facts_of_any_kind = st.sampled_from(
    ["a", "n", "m", "x", "deel", "loon", "toeslag", "dag_een", "termijn", "leefvorm", "grond", "plaats", "ernstig", "partner", "kinderen"]
)


@settings(max_examples=300)
@given(
    st.dictionaries(
        facts_of_any_kind, values | values.map(lambda value: {"waarde": value}) | values.map(lambda v: [{"kosten": v}]), max_size=3
    )
)
def test_nothing_that_intake_accepts_is_refused_by_the_schema(facts: dict[str, Any]) -> None:
    rules, validator = _loaded()
    if accepted(rules, json.loads(json.dumps(facts), parse_float=Decimal)):
        assert [error.message for error in validator.iter_errors(facts)] == []


def _loaded() -> tuple[Rulebook, Draft202012Validator]:
    if not _cache:
        rules = book(RULES)
        _cache.append((rules, validator_of(program_of(rules))))
    return _cache[0]


_cache: list[tuple[Rulebook, Draft202012Validator]] = []
