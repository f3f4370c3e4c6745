# SPDX-License-Identifier: EUPL-1.2
"""Earlier decisions laid together: however many there are, a case is told the same as if each was looked at."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as forall, strategies as st

from engine.model.precedent import Precedent
from engine.model.values import Cause, CauseKind, Unknown
from engine.passes.precedents import Alike, Earlier, as_json, compare, from_json, laid_together, together

DOORS, NAMES = ("wet.deur", "wet.maat"), ("a", "leefvorm", "duur")


def decision(id: str, **changes: Any) -> Precedent:
    found = {"id": id, "datum": "2026-03-01", "regeling": "wet", "gronden": ["wet.1"], "deur": "wet.deur", "afgeweken": True, "motief": id}
    return Precedent.model_validate(found | changes)


@st.composite
def decisions(draw: st.DrawFn) -> list[Precedent]:
    """Decisions of which many are of a kind."""
    return [
        decision(
            f"d{number}",
            datum=(date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 3)))).isoformat(),
            gronden=draw(st.sampled_from([["wet.1"], ["wet.1", "wet.2"], ["wet.2", "wet.1"]])),
            deur=draw(st.sampled_from([*DOORS, None])),
            afgeweken=draw(st.booleans()),
            status=draw(st.sampled_from(["geldig", "geldig", "geldig", "herzien"])),
            kenmerken=draw(st.dictionaries(st.sampled_from(["a", "leefvorm"]), st.sampled_from([True, False, "alleen"]), max_size=2)),
        )
        for number in draw(st.permutations(range(draw(st.integers(0, 12)))))
    ]


def one_by_one(found: list[Precedent], grounds: list[str]) -> Earlier:
    """Those on these grounds, each apart."""
    valid = [Alike(one) for one in found if one.status == "geldig" and set(one.grounds) == set(grounds)]
    return Earlier({frozenset(grounds): tuple(valid)})


FACTS = st.dictionaries(
    st.sampled_from(NAMES), st.sampled_from([True, False, "alleen", Unknown(frozenset({Cause(CauseKind.FACT, "a")}))]), max_size=3
)


@forall(decisions(), FACTS, st.sets(st.sampled_from(DOORS)), st.sampled_from([["wet.1"], ["wet.1", "wet.2"]]))
def test_a_case_is_told_the_same_as_where_each_decision_is_looked_at(
    found: list[Precedent], facts: dict[str, Any], doors: set[str], grounds: list[str]
) -> None:
    told = compare(Earlier.of(found).on(grounds), doors, facts, NAMES, {"d1": "anders"})
    assert told == compare(one_by_one(found, grounds), doors, facts, NAMES, {"d1": "anders"})


@forall(decisions())
def test_what_is_kept_of_them_is_read_back_as_it_was(found: list[Precedent]) -> None:
    assert from_json(as_json(Earlier.of(found))) == Earlier.of(found)


@forall(decisions(), st.integers(0, 12))
def test_it_does_not_matter_in_how_many_places_they_are(found: list[Precedent], cut: int) -> None:
    whole = together(Earlier.of(found[:cut]), None, Earlier.of(found[cut:]))
    assert whole is not None
    assert {grounds: set(alike) for grounds, alike in kinds(whole)} == {grounds: set(alike) for grounds, alike in kinds(Earlier.of(found))}


def kinds(earlier: Earlier) -> list[tuple[frozenset[str], list[tuple[str, int]]]]:
    return [(grounds, [(item.precedent.id, item.count) for item in alike]) for grounds, alike in earlier.by_grounds.items()]


def test_decisions_of_a_kind_count_as_many_and_are_kept_as_the_latest() -> None:
    found = [decision("eerste"), decision("laatste", datum="2026-04-01"), decision("ander", kenmerken={"a": True})]
    earlier = laid_together(found)
    assert earlier is not None
    assert sorted((alike.precedent.id, alike.count) for alike in earlier) == [("ander", 1), ("laatste", 2)]


@pytest.mark.parametrize("changes", [{"gronden": ["wet.2"]}, {"deur": "wet.maat"}, {"afgeweken": False}, {"kenmerken": {"a": True}}])
def test_what_can_matter_to_a_case_keeps_decisions_apart(changes: dict[str, Any]) -> None:
    assert len(list(Earlier.of([decision("een"), decision("twee", **changes)]))) == 2


def test_without_decisions_there_is_nothing_to_compare_with() -> None:
    assert laid_together([]) is None
    assert together(None, None) is None
