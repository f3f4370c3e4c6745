# SPDX-License-Identifier: EUPL-1.2
"""The trace of every rule is told from what was noted and the rules of then, as it was told when it was made."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest

from engine.passes.assess import Assessment, assess
from engine.rationale.build import rationale, rationale_to_keep
from engine.rationale.trace import told_again
from engine.rulebook import Rulebook, load_files
from tests.helpers import law as tiny_law, run
from tests.law import example, example_names, law
from tests.rationale.test_fillings import filled


def kept_and_told_again(found: Assessment, book: Rulebook) -> Any:
    """The trace from what a store gives back of it: JSON."""
    return json.loads(json.dumps(told_again(book, orjson.loads(orjson.dumps(rationale_to_keep(found)[1])))))


def in_full(found: Assessment) -> Any:
    return json.loads(json.dumps(rationale(found, steps=True)["stappen"]))


@pytest.mark.parametrize("name", example_names())
def test_of_every_example(name: str) -> None:
    found = assess(example(name), law())
    assert kept_and_told_again(found, law()) == in_full(found)


@pytest.mark.parametrize("municipality", [None, "GM0000"])
def test_with_what_a_municipality_filled_in_or_did_not(municipality: str | None) -> None:
    book, found = filled(municipality)
    assert kept_and_told_again(found, book) == in_full(found)


def test_it_says_which_row_of_a_table_gave_the_value() -> None:
    table = "- {id: wet.1, bron: art. 1, bepaalt: hoogte, tabel: [{als: a, dan: 10}, {dan: 20}]}\n"
    book = load_files(tiny_law(table, ladder="- gereed: anders\n"))
    found = run(book, {"a": True})
    assert in_full(found)[0]["berekening"] == "10"
    assert kept_and_told_again(found, book) == in_full(found)


def test_what_is_noted_holds_no_words_of_the_rules() -> None:
    found = assess(example("2-"), law())
    answer, notes = rationale_to_keep(found)
    text = json.dumps(notes, ensure_ascii=False)
    assert answer == rationale(found)
    assert not [rule["titel"] for rule in answer["regels"] if rule["titel"] and rule["titel"] in text]
    assert len(text) < len(json.dumps(in_full(found), ensure_ascii=False)) / 5
