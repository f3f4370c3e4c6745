# SPDX-License-Identifier: EUPL-1.2
"""The model municipality: it does not exist, and fills in everything that the laws leave open, as long as they do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from engine.model import documents as doc
from engine.rulebook import Rulebook
from tests.law import law

MODEL = "GM0000"


def open_terms(book: Rulebook) -> Iterator[tuple[str, doc.OpenTerm, date, date | None]]:
    """Every open term of every version of every regelset, with the stretch of time in which that version stands."""
    for versions in book.sets.values():
        for version in versions:
            for rule in version.rules.values():
                if rule.decl.open_to is not None:
                    yield rule.decl.id, rule.decl.open_to, version.document.valid_from, version.valid_until


TERMS = list(open_terms(law()))


def gaps(rule: str, first: date, last: date | None) -> list[date]:
    """The days on which a stretch of time begins that the model municipality left empty."""
    filled = sorted((term for term in law().fillings[MODEL] if term.rule == rule), key=lambda term: term.valid_from)
    days = [first, *(term.valid_until for term in filled if term.valid_until is not None and first < term.valid_until)]
    return [day for day in days if (last is None or day < last) and rule not in law().filled(MODEL, day)]


def test_there_are_open_terms_in_every_law_that_leaves_something_to_a_municipality() -> None:
    assert {"pw.27.hoogte", "pw.28.hoogte", "wmo.2.1.3.2.a", "jw.2.9.c", "wgs.4a.3"} <= {rule for rule, *_ in TERMS}


@pytest.mark.parametrize(("rule", "first", "last"), [(rule, first, last) for rule, _, first, last in TERMS])
def test_every_open_term_is_filled_in_as_long_as_it_is_open(rule: str, first: date, last: date | None) -> None:
    assert gaps(rule, first, last) == []


def test_it_fills_in_nothing_that_is_not_open() -> None:
    assert {term.rule for term in law().fillings[MODEL]} == {rule for rule, *_ in TERMS}


def test_everything_about_it_says_that_it_is_made_up() -> None:
    assert "verzonnen" in law().municipalities[MODEL]
    for term in law().fillings[MODEL]:
        assert term.cvdr == "verzonnen"
        assert "verzonnen" in term.title
        assert term.source is not None
        assert term.source.startswith("art. ")
