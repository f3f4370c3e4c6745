# SPDX-License-Identifier: EUPL-1.2
"""What must hold of every decision: (m) a person's complete record, (n) in a person's own words, (g) with a line for each child."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from engine.passes.assess import Assessment, assess
from engine.passes.household import household
from engine.passes.record import RecordError
from engine.rationale.build import rationale
from engine.rationale.decision import REASON, Decision, check_record, decide
from engine.rationale.own_words import PIECE, texts_in, words
from engine.rationale.text import render
from tests.law import example, law
from tests.passes.decisions import FACTS, FOLLOWED, RECORD
from tests.passes.reversed_law import weighed as weighed_small
from tests.properties.test_reversed import Law, cases, laws, weighed

MUST = ("besluit", "optie", "rol", "door", "datum", "eigenWoorden", "motief", "gehoord")
CASE = weighed_small(FACTS)
anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=30), st.lists(st.text(max_size=5)), st.dictionaries(st.text(), st.text())
)


# --- (m) -------------------------------------------------------------------------------------------------------------


@given(st.sets(st.sampled_from(MUST), min_size=1), st.sampled_from([RECORD, FOLLOWED]))
def test_m_no_decision_exists_while_a_part_of_the_record_lacks(left_out: set[str], record: Mapping[str, Any]) -> None:
    data = {key: value for key, value in record.items() if key not in left_out}
    with pytest.raises(RecordError) as caught:
        decide(CASE, data)
    assert {f"/{key}" for key in left_out} <= {problem.place.pointer for problem in caught.value.problems}


@given(st.dictionaries(st.sampled_from(sorted(RECORD)), anything))
def test_m_whatever_is_written_a_decision_exists_exactly_when_nothing_lacks(changes: dict[str, Any]) -> None:
    data = {**RECORD, **changes}
    if check_record(CASE, data):
        with pytest.raises(RecordError):
            decide(CASE, data)
    else:
        record = decide(CASE, data).record
        assert all((record.choice, record.option, record.role, record.by, record.day, record.words, record.motive, record.heard))


@given(anything)
def test_m_what_is_no_record_is_told_and_never_breaks(data: Any) -> None:
    assert check_record(CASE, data)


def test_m_a_decision_cannot_be_made_around_its_checks() -> None:
    decision = decide(CASE, RECORD)
    with pytest.raises(RecordError):
        Decision(CASE, decision.record.model_copy(update={"words": "Omdat het moet."}))
    with pytest.raises(RecordError):
        Decision(weighed_small({**FACTS, "kinderen": [{"geboortedatum": "2018-01-01"}]}), decision.record)


# --- (n) -------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def case() -> Assessment:
    return assess(example("2-"), law())


@lru_cache(maxsize=1)
def told() -> tuple[str, ...]:
    """Every text of an explained assessment of the law that ships, but for what people stated in its claim."""
    data = rationale(case())
    stated = {row for text in texts_in(example("2-")) for row in rows(text)}
    found = {text for text in (*texts_in(data), *render(data).splitlines()) if "jansen" not in text}
    return tuple(sorted(text for text in found if len(words(text)) >= PIECE and stated.isdisjoint(rows(text))))


def rows(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[start : start + 3]) for start in range(len(found) - 2)}


OWN = ("omdat", "ik", "zag", "dat", "hij", "gisteren", "huilde", "en", "vandaag")
TURNED = (str.upper, str.title, lambda text: text.replace(" ", "  \n"), lambda text: text.replace(".", " !"), lambda text: f"«{text}»")


@settings(max_examples=40)
@given(st.data())
def test_n_text_of_the_engine_is_never_somebody_s_own_words(data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.sampled_from(told()), min_size=1, max_size=5))
    turned = [data.draw(st.sampled_from(TURNED))(text) for text in texts]
    own = data.draw(st.lists(st.sampled_from(OWN), max_size=REASON - 1))
    place = data.draw(st.integers(0, len(turned)))
    text = " ".join([*turned[:place], *own, *turned[place:]])
    record = {**RECORD, "optie": "optie.pw.deur.16.1", "eigenWoorden": text}
    codes = {problem.code for problem in check_record(case(), record) if problem.place.pointer == "/eigenWoorden"}
    assert codes & {"TS-H07", "TS-H08"}


@settings(max_examples=40)
@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=4))
def test_n_sentences_cut_up_and_put_together_again_are_no_own_words(starts: list[int]) -> None:
    found = [words(text) for text in told() if len(words(text)) > PIECE + 3]
    cut = []
    for number in starts:
        text = found[number % len(found)]
        start = number % (len(text) - PIECE - 2)
        cut.append(" ".join(text[start : start + PIECE + 3]))
    record = {**RECORD, "eigenWoorden": ". En ".join(cut)}
    codes = {problem.code for problem in check_record(case(), record) if problem.place.pointer == "/eigenWoorden"}
    assert codes & {"TS-H07", "TS-H08"}


# --- (g) -------------------------------------------------------------------------------------------------------------

LINE = {"wie": "kinderen[0]", "belang": "Zij blijft op haar eigen school.", "gewogen": "Dat geeft hier de doorslag voor mij."}
CHOICES = ("gevolgd", "afgeweken", "lichter middel", "anders")


@settings(max_examples=60)
@given(laws, cases, st.sampled_from(CHOICES), st.integers(0, 20), st.booleans())
def test_g_a_minor_and_a_burdening_outcome_there_is_a_line_for_the_child_or_no_decision(
    found: Law, facts: dict[str, Any], choice: str, pick: int, line: bool
) -> None:
    assessment = weighed(found, {**facts, "kind": True, "belang_kind_gewogen": True})
    options = [option.id for option in assessment.second.options]
    arguments = [argument.decl.id for argument in assessment.second.arguments]
    record = {
        **RECORD,
        "besluit": choice,
        "optie": options[pick % len(options)],
        "verworpenArgumenten": [{"argument": name, "reden": "Dat weegt hier minder dan een dak."} for name in arguments],
        "kinderen": [LINE] if line else [],
    }
    minors = [one.whom for one in household(assessment.program, assessment.state, assessment.claim) if one.minor is not False]
    assert minors == ["kinderen[0]"]
    if not line and (assessment.first.burdening is not False or choice == "afgeweken"):
        assert "TS-H11" in {problem.code for problem in check_record(assessment, record)}
    if not check_record(assessment, record) and assessment.first.burdening is not False:
        assert decide(assessment, record).record.children


@settings(max_examples=60)
@given(laws, cases, st.sampled_from([False, None]))
def test_g_while_the_interest_of_the_child_was_not_weighed_nothing_is_decided(
    found: Law, facts: dict[str, Any], answer: bool | None
) -> None:
    assessment = weighed(found, {**facts, "kind": True, "belang_kind_gewogen": answer})
    if assessment.first.burdening is True:
        for choice, option in (("gevolgd", "opt.regeluitkomst"), ("anders", "opt.verwijzen")):
            record = {**RECORD, "besluit": choice, "optie": option, "kinderen": [LINE]}
            assert "TS-H12" in {problem.code for problem in check_record(assessment, record)}
