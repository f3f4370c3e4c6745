# SPDX-License-Identifier: EUPL-1.2
"""A small law in YAML, in pieces that can be put in any order, with random claims on it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from engine.passes.assess import Assessment, assess
from engine.rationale.build import rationale
from engine.rulebook import load_files
from tests.helpers import CLAIM, judged, law, ruleset

SHARED_RULES = """
- id: deel.1
  bron: art. 1
  bepaalt: volwassen
  voor elke: volwassenen
  als: leeftijd op peildatum >= 18

- id: deel.2
  bron: art. 2
  bepaalt: inkomen_samen
  waarde: som(inkomen over volwassenen)

- id: deel.3
  bron: art. 3
  bepaalt: telt_mee
  voor elke: kinderen
  als:
    alle:
      - thuiswonend
      - leeftijd op peildatum < 18

- id: deel.4
  bron: art. 4
  bepaalt: kindertal
  waarde: aantal(kinderen waar telt_mee)
"""
RULES = """
- id: wet.1
  bron: art. 5
  bepaalt: bekwaam
  rol: voorwaarde
  als: een(volwassenen waar volwassen)

- id: wet.2.a
  bron: art. 6 onder a
  bepaalt: uitgesloten
  rol: weigeringsgrond
  als: a
  tenzij:
    - b
    - kindertal > 1

- id: wet.2.b
  bron: art. 6 onder b
  bepaalt: uitgesloten
  rol: weigeringsgrond
  als:
    een van:
      - leefvorm is inwonend
      - c

- id: wet.3
  bron: art. 7
  bepaalt: verlicht
  modaliteit: kan
  als: ernstig en niet aangenomen

- id: wet.4.a
  bron: art. 8 lid 1
  bepaalt: norm
  als: leefvorm is alleen
  waarde: laagste(hoog, inkomen_samen)
  afronden: cent

- id: wet.4.b
  bron: art. 8 lid 2
  bepaalt: norm
  als: leefvorm is samen
  tabel:
    - als: kindertal > 0
      dan: hoog + laag
    - dan: hoog

- id: wet.4.c
  bron: art. 8 lid 3
  bepaalt: norm
  gaat voor: [wet.4.a, wet.4.b]
  als: verlicht
  waarde: 2 * hoog
  anders: 0
"""
LADDER = "- afwijzen: blokkerende_grond\n- toekennen: anders"
HEAD = "gebruikt: [wet/gedeeld]\n"
AMOUNTS = (
    "  hoog:\n    bron: art. 9\n    eenheid: EUR per maand\n    waarden:\n      2020-01-01: 1419.46\n",
    "  laag:\n    bron: art. 9\n    eenheid: EUR per maand\n    waarden:\n      2020-01-01: 300.10\n      2027-01-01: onbekend\n",
)
Order = Callable[[Sequence[Any]], Sequence[Any]]


def files(inside: Order = tuple, around: Order = tuple) -> dict[str, str]:
    """The files of the law; ``inside`` orders rules and amounts within a file, ``around`` the files."""
    ladder = ruleset("\n".join(inside(_blocks(RULES))), ladder=LADDER, head=HEAD).replace(
        "regels:", "  waarden:\n    toekennen: [norm]\n  belastend: [afwijzen]\nregels:"
    )
    found = {
        **law(),
        "wet/aanspraak/2020-01-01.yaml": ladder,
        "wet/gedeeld/2020-01-01.yaml": ruleset("\n".join(inside(_blocks(SHARED_RULES))), ladder="", name="wet/gedeeld"),
        "wet/bedragen.yaml": "bedragen:\n" + "".join(inside(AMOUNTS)),
    }
    return {path: found[path] for path in around(sorted(found))}


def _blocks(text: str) -> list[str]:
    return text.strip().split("\n\n")


def some_claim(random: Random) -> dict[str, Any]:
    """A claim with some facts left out."""
    births = ["1990-03-31", "2008-02-29", "2008-07-15", "2012-12-01"]

    def person() -> dict[str, Any]:
        return some({"geboortedatum": random.choice(births), "inkomen": random.choice(["0", "1419.46"])})

    def child() -> dict[str, Any]:
        return some({"geboortedatum": random.choice(births), "thuiswonend": random.random() < 0.7})

    def some(found: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in found.items() if random.random() < 0.8}

    facts = some(
        {
            **{name: random.random() < 0.5 for name in ("a", "b", "c", "aangenomen")},
            "leefvorm": random.choice(["alleen", "samen", "inwonend"]),
            "ernstig": judged(random.random() < 0.5),
            "keuze(wet.3)": judged(random.random() < 0.5, "professional"),
            "aanvrager": person(),
            "partner": random.choice(["geen", person()]),
            "kinderen": [child() for _ in range(random.randint(0, 3))],
        }
    )
    return {"aanspraak": CLAIM, "peildatum": random.choice(["2026-07-15", "2027-02-28"]), "gegevens": facts}


def canonical(found: Assessment) -> str:
    """Everything there is to say about an assessment, as one text."""
    return json.dumps(rationale(found, steps=True), sort_keys=True, ensure_ascii=False)


def main() -> None:
    """Print what comes out for the claims of some seeds: for a test that does this in processes of their own."""
    book = load_files(files())
    for seed in range(int(sys.argv[1])):
        sys.stdout.write(canonical(assess(some_claim(Random(seed)), book)) + "\n")


if __name__ == "__main__":
    main()
