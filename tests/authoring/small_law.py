# SPDX-License-Identifier: EUPL-1.2
"""A law of three rules with an amount and a test or two: small enough to know by heart what its tests reach and notice."""

from __future__ import annotations

from textwrap import dedent

from tests.helpers import law

RULES = """
- id: wet.1
  bron: art. 1
  bepaalt: recht
  rol: voorwaarde
  als: n < 5 en a
  tenzij: b
- id: wet.2
  bron: art. 2
  bepaalt: hoogte
  tabel:
    - als: c
      dan: basis
    - dan: 2 * basis
- id: wet.3
  bron: art. 3
  bepaalt: uitkering
  waarde: hoogte
  afronden: cent
"""
LADDER = """
- afwijzen: blokkerende_grond
- toekennen: anders
"""
AMOUNTS = """
basis:
  bron: art. 4
  eenheid: EUR per maand
  waarden:
    2020-01-01: 100
    2026-01-01: 110
"""


def a_test(facts: str, expected: str, day: str = "2026-07-15", title: str = "een toets") -> str:
    """One test of the small law, as text."""
    return dedent(f"""
    - toets: "{title}"
      aanspraak: wet/aanspraak
      peildatum: {day}
      gegevens: {{{facts}}}
      verwacht: {{{expected}}}
      bron: "eigen berekening"
    """)


def files(*tests: str, rules: str = RULES) -> dict[str, str]:
    """The small law with tests beside it."""
    found = law(rules, ladder=LADDER, amounts=AMOUNTS)
    return {**found, "wet/toetsen/toetsen.yaml": "".join(tests)} if tests else found


GRANTED = a_test("n: 4, a: ja, b: nee, c: ja", "uitkomst: toekennen, waarden: {uitkering: 110}")
