# SPDX-License-Identifier: EUPL-1.2
"""Made-up claims: accepted, the same again, and with every result among them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from engine.authoring.generate import HOUSEHOLDS, generate
from engine.model.problems import RulesError
from engine.passes.assess import assess
from engine.passes.intake import read_claim
from engine.rulebook import Rulebook
from tests.helpers import CLAIM, book

DAY = date(2026, 7, 15)
LADDER = "- doorzenden: niet bevoegd\n- afwijzen: blokkerende_grond\n- toekennen: anders"
AMOUNTS = "grens:\n  bron: art. 3\n  eenheid: EUR per maand\n  waarden: {2020-01-01: 1000.00}"
RULES = """
- id: wet.1
  bron: art. 1
  bepaalt: hier
  rol: bevoegdheid
  als: plaats is "hier"
- id: wet.2
  bron: art. 2
  bepaalt: oud_genoeg
  rol: voorwaarde
  als: aanvrager.leeftijd op peildatum >= 18
- id: wet.3
  bron: art. 3
  bepaalt: arm
  rol: voorwaarde
  als: aanvrager.inkomen + som(kosten over kinderen) < grens
- id: wet.4
  bron: art. 4
  bepaalt: schuldig
  rol: weigeringsgrond
  als:
    alle:
      - partner is niet geen
      - partner.student
      - dag_een < peildatum - 6 weken
  tenzij: ernstig
"""


def small() -> Rulebook:
    return book(RULES, ladder=LADDER, amounts=AMOUNTS)


def made(law: Rulebook, count: int, seed: int = 1, **more: Any) -> list[dict[str, Any]]:
    return list(generate(law, CLAIM, DAY, count, seed, **more))


def results(law: Rulebook, claims: list[dict[str, Any]]) -> Counter[str]:
    return Counter(assess(claim, law).first.result for claim in claims)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    law = small()
    once, again, other = (json.dumps(made(law, 50, seed)) for seed in (1, 1, 2))
    assert once == again
    assert once != other


def test_the_first_claims_do_not_depend_on_how_many_follow() -> None:
    law = small()
    assert made(law, 20)[:5] == made(law, 5)


def test_every_result_of_the_ladder_occurs_from_the_start() -> None:
    law = small()
    assert set(results(law, made(law, 3, incomplete=0))) == {"doorzenden", "afwijzen", "toekennen"}


def test_there_are_households_with_and_without_a_partner() -> None:
    partners = [claim["gegevens"]["partner"] for claim in made(small(), 40)]
    assert 10 <= sum(partner == "geen" for partner in partners) <= 30


def test_a_share_of_the_claims_lacks_facts() -> None:
    law = small()
    assert results(law, made(law, 60, incomplete=0))["onvolledig"] == 0
    assert results(law, made(law, 60, incomplete=1))["onvolledig"] > 10


def test_claims_beyond_the_households_vary_on_them() -> None:
    law = small()
    claims = made(law, HOUSEHOLDS + 200)
    assert len({json.dumps(claim) for claim in claims[HOUSEHOLDS:]}) > 100
    assert set(results(law, claims[HOUSEHOLDS:])) >= {"doorzenden", "afwijzen", "toekennen"}


def test_incomes_lie_around_the_limit_as_well_as_far_from_it() -> None:
    incomes = {float(income) for claim in made(small(), 200) if (income := claim["gegevens"]["aanvrager"].get("inkomen"))}
    assert any(abs(income - 1000) < 0.02 for income in incomes)
    assert any(income < 500 for income in incomes)


def test_a_judgement_comes_with_somebody_who_is_not_real() -> None:
    found = [claim["gegevens"]["ernstig"] for claim in made(small(), 60) if "ernstig" in claim["gegevens"]]
    assert found
    assert all((judged["door"], judged["rol"]) == ("fictief", "consulent") for judged in found)


def test_facts_that_nobody_would_ask_stay_out() -> None:
    assert all("leefvorm" not in claim["gegevens"] for claim in made(small(), 30))


def test_a_claim_that_is_not_there_is_refused() -> None:
    with pytest.raises(RulesError, match="TS-W02"):
        generate(small(), "wet/anders", DAY, 1, 1)
    with pytest.raises(RulesError, match="TS-B05"):
        generate(small(), CLAIM, date(2019, 1, 1), 1, 1)


KINDS = [
    "a",
    "n >= 5",
    "m is geen of m < 3",
    "x > 2.5",
    "deel >= 40%",
    "loon < 1000",
    "jaarloon > 12000",
    "dag_een < dag_twee",
    "termijn > 6 weken",
    "leefvorm in [samen, inwonend]",
    "grond is geen",
    'plaats is "hier"',
    "ernstig",
    "een(kinderen waar thuiswonend en leeftijd op peildatum < 18)",
    "som(kosten over kinderen) > 100",
    "een(volwassenen waar student)",
    "partner is geen",
]


@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=4, unique=True), st.integers(0, 10**9), st.floats(0, 1))
@settings(max_examples=40)
def test_every_claim_is_accepted(lines: list[str], seed: int, incomplete: float) -> None:
    rules = "".join(
        f"- id: wet.{n}\n  bron: art. {n}\n  bepaalt: u{n}\n  rol: voorwaarde\n  als: {line}\n" for n, line in enumerate(lines, 1)
    )
    law = book(rules, ladder="- afwijzen: blokkerende_grond\n- toekennen: anders")
    for claim in made(law, 12, seed, incomplete=incomplete):
        read_claim(json.loads(json.dumps(claim)), law)


# --- the law that ships with the project ------------------------------------------------------------------------------


def test_the_shipped_law_gets_claims_with_every_result_and_is_never_refused() -> None:
    from tests.law import law as shipped  # noqa: PLC0415

    law = shipped()
    ladder: Mapping[str, int] = Counter(
        assess(claim, law).first.result for claim in generate(law, "participatiewet/algemene_bijstand", date(2026, 2, 1), 40, 7)
    )
    assert set(ladder) >= {"doorzenden", "te_vroeg", "geen_aanvraag", "afwijzen", "toekennen"}
