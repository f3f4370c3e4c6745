# SPDX-License-Identifier: EUPL-1.2
"""What is found once for the rules is kept from case to case; of a case nothing is."""

from __future__ import annotations

import json

from engine.rationale.build import rationale
from engine.rationale.told import Told
from tests.passes.reversed_law import given, weighed
from tests.rationale.told import BOOK, EFFECTS, HOUSEHOLD, NAMED, OPTION, OWN


def test_nothing_that_people_state_stays_in_memory_once_a_case_is_told() -> None:
    found = weighed(
        HOUSEHOLD,
        book=BOOK,
        effecten=EFFECTS,
        regeluitkomst={**given("wet.58", {**OWN, "bron": "art. 12 Zebrawet"}), "bron": "besluit op de zebra"},
        opties=[{**OPTION, "tekst": "Betaal de zebra in delen.", "bron": "gesprek bij de zebra"}],
        deuren=[{**NAMED, "titel": "Een zebra als deur", "bron": "art. 13 Zebrawet"}],
    )
    data = json.dumps(rationale(found))
    for text in ("art. 12 Zebrawet", "op de zebra", "Betaal de zebra", "bij de zebra", "Een zebra als deur", "art. 13 Zebrawet"):
        assert text in data
    index = Told(found).index
    kept = repr([vars(index), vars(index.lexicon)])
    assert "wet.deur" in kept
    assert "zebra" not in kept.casefold()
