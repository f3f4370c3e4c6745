# SPDX-License-Identifier: EUPL-1.2
"""The effect of a change on a stream of claims: what is counted, what causes it, and that memory and order do not matter."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from api.reader import receive_json
from engine.authoring import report
from engine.authoring.causes import Cause
from engine.authoring.compare import Side
from engine.authoring.generate import generate
from engine.authoring.impact import CHUNK, EXAMPLES, HIGHER, LOWER, REASONS, RESULT, Impact, Row, Spread, Terms, impact
from engine.authoring.staged import Staged
from engine.logic.state import State
from engine.model.problems import RulesError
from engine.passes.first import read_ladder, run
from engine.passes.intake import read_claim
from engine.rulebook import Rulebook
from tests.helpers import CLAIM, FACTS, book, claim

GRANT = """
- id: wet.1
  bron: art. 1
  bepaalt: genoeg
  rol: voorwaarde
  als: loon <= {limit}
- id: wet.2
  bron: art. 2
  bepaalt: uitkering
  waarde: {share} van loon
  afronden: cent
"""
LADDER = "- afwijzen: blokkerende_grond\n- toekennen: anders"
AMOUNTS = """
grens:
  bron: art. 3
  eenheid: EUR per maand
  ingevoerd tot en met: 2026-12-31
  waarden: {2025-01-01: 1000, 2026-01-01: 1500}
"""


def paying(limit: str = "1000", share: str = "10%", amounts: str = "") -> Rulebook:
    """A law that pays a share of the wage to whoever earns no more than a limit."""
    head = "beoordeling:\n  soort: beschikking\n  uitkomsten:\n    - afwijzen: blokkerende_grond\n    - toekennen: anders\n"
    head += "  waarden:\n    toekennen: [uitkering]\n"
    return book(GRANT.format(limit=limit, share=share), head=head, ladder="", amounts=amounts)


def rows(*facts: Mapping[str, Any]) -> Iterator[Row]:
    return ((number, json.dumps(claim(found)).encode()) for number, found in enumerate(facts, 1))


def wages(*euros: float) -> Iterator[Row]:
    return rows(*({"loon": f"{euro:.2f}"} for euro in euros))


def effect(a: Rulebook, b: Rulebook, stream: Iterator[Row]) -> Impact:
    return impact(Terms(Side(a)), Terms(Side(b)), stream, receive_json)


def test_a_claim_that_is_granted_under_the_new_limit_goes_from_one_result_to_the_other() -> None:
    found = effect(paying(), paying(limit="1500"), wages(900, 1200, 2000))
    assert (found.total, found.assessed, found.changed) == (3, 3, 1)
    assert found.moves == {("toekennen", "toekennen"): 1, ("afwijzen", "toekennen"): 1, ("afwijzen", "afwijzen"): 1}
    assert found.changes == {RESULT: 1}
    assert found.causes == {Cause("wet.1", "gewijzigde regel", "art. 1"): 1}


def test_amounts_that_go_up_and_down_are_told_apart() -> None:
    up = effect(paying(), paying(share="15%"), wages(100, 200, 900))
    assert up.changes == {HIGHER: 3}
    assert (up.up.count, up.up.total, up.up.median, up.up.largest) == (3, 6000, 1000, 4500)
    assert (up.before.total, up.after.total) == (12000, 18000)
    down = effect(paying(share="15%"), paying(), wages(100, 200, 900))
    assert (down.changes, down.down.total) == ({LOWER: 3}, -6000)


def test_an_amount_that_rose_is_the_cause_where_the_rule_stayed_the_same() -> None:
    same = paying(limit="grens", amounts=AMOUNTS)
    a, b = (Terms(Side(same, CLAIM, day)) for day in (date(2025, 12, 31), date(2026, 1, 1)))
    found = impact(a, b, wages(900, 1200), receive_json)
    assert found.causes == {Cause("wet.1", "bedrag grens", "art. 1"): 1}
    assert found.examples[0].lines == ("wet.1: `geldt` was onwaar, wordt waar", "wet.1: `loon <= grens` was onwaar, wordt waar")


def test_only_a_rule_on_the_way_to_the_outcome_is_a_cause() -> None:
    text = GRANT + "- id: wet.3\n  bron: art. 3\n  bepaalt: iets_anders\n  als: n > {other}\n"
    head = "beoordeling:\n  soort: beschikking\n  uitkomsten:\n    - afwijzen: blokkerende_grond\n    - toekennen: anders\n"
    a, b = (book(text.format(limit=limit, share="10%", other=other), head=head, ladder="") for limit, other in (("10", 1), ("20", 5)))
    found = effect(a, b, rows({"loon": 15, "n": 3}))
    assert [cause.rule for cause in found.causes] == ["wet.1"]


def test_the_cause_lies_at_the_first_rule_that_differs_not_at_those_that_follow() -> None:
    text = "- id: wet.1\n  bron: art. 1\n  bepaalt: eerst\n  als: loon <= {limit}\n"
    text += "- id: wet.2\n  bron: art. 2\n  bepaalt: daarna\n  rol: voorwaarde\n  als:\n    alle:\n      - eerst\n      - a\n"
    a, b = (book(text.format(limit=limit), ladder=LADDER) for limit in ("10", "20"))
    assert effect(a, b, rows({"loon": 15, "a": True})).causes == {Cause("wet.1", "gewijzigde regel", "art. 1"): 1}


def test_a_rule_that_is_new_and_one_that_lapsed_are_named_as_such() -> None:
    old = "- id: wet.1\n  bron: art. 1\n  bepaalt: mag\n  rol: voorwaarde\n  als: a\n"
    new = old + "- id: wet.2\n  bron: art. 2\n  bepaalt: mag\n  rol: voorwaarde\n  als: b\n"
    a, b = book(old, ladder=LADDER), book(new, ladder=LADDER)
    facts = {"a": False, "b": True}
    assert effect(a, b, rows(facts)).causes == {Cause("wet.2", "nieuwe regel", "art. 2"): 1}
    assert effect(b, a, rows(facts)).causes == {Cause("wet.2", "vervallen regel", "art. 2"): 1}


def test_a_comment_or_another_place_in_the_file_is_no_cause() -> None:
    moved = paying(amounts=AMOUNTS)
    assert effect(paying(), moved, wages(900, 1200)).changed == 0


def test_refused_claims_are_counted_with_their_reason_and_without_what_they_say() -> None:
    stream = iter([*rows({"loon": "veel"}, {"onbekend_gegeven": 1}), (3, b"{kapot"), *wages(900)])
    found = effect(paying(), paying(), stream)
    assert (found.total, found.assessed) == (4, 1)
    assert found.refused == {
        ("A en B", "TS-Z20 bij /gegevens/loon"): 1,
        ("A en B", "TS-Z12 bij /gegevens/onbekend_gegeven"): 1,
        ("A en B", "TS-J03 bij de aanvraag"): 1,
    }


def test_a_claim_with_several_mistakes_is_counted_under_each() -> None:
    broken = b'{"aanspraak": "wet/aanspraak", "peildatum": "2026-07-15", "gegevens": {"loon": NaN, "onbekend_gegeven": 1}}'
    found = effect(paying(), paying(), iter([(1, broken), *rows({"onbekend_gegeven": 1})]))
    assert (found.total, found.assessed) == (2, 0)
    assert found.refused == {("A en B", "TS-J06 bij /gegevens/loon"): 1, ("A en B", "TS-Z12 bij /gegevens/onbekend_gegeven"): 2}


def test_a_claim_that_one_of_the_two_refuses_says_which() -> None:
    rule = "- id: wet.1\n  bron: art. 1\n  bepaalt: uit\n  als: "
    asks = book(rule + "extra", facts=FACTS.replace("  plaats:", "  extra: {soort: ja/nee}\n  plaats:"))
    lacks = book(rule + "a")
    assert effect(asks, lacks, rows({"extra": True})).refused == {("B", "TS-Z12 bij /gegevens/extra"): 1}
    assert effect(lacks, asks, rows({"extra": True})).refused == {("A", "TS-Z12 bij /gegevens/extra"): 1}


def test_reasons_do_not_pile_up_without_end() -> None:
    counted = Impact()
    for number in range(3 * REASONS):
        counted.refuse("A", [f"TS-Z12 bij /gegevens/x{number}"])
    assert len(counted.refused) == REASONS + 1
    assert sum(counted.refused.values()) == 3 * REASONS


def test_the_peildatum_can_differ_between_the_sides() -> None:
    text = "- id: wet.1\n  bron: art. 1\n  bepaalt: oud\n  rol: voorwaarde\n  als: aanvrager.leeftijd op peildatum >= 18"
    same = book(text, ladder=LADDER)
    stream = rows({"aanvrager": {"geboortedatum": "2008-06-01"}})
    found = impact(Terms(Side(same), date(2026, 5, 31)), Terms(Side(same), date(2026, 6, 1)), stream, receive_json)
    assert found.moves == {("afwijzen", "toekennen"): 1}
    assert found.causes == {Cause("wet.1", "peildatum", "art. 1"): 1}


def test_rules_of_a_day_decide_whatever_the_peildatum_of_the_claim() -> None:
    same = paying(limit="grens", amounts=AMOUNTS)
    on = Terms(Side(same, CLAIM, date(2025, 6, 1)))
    stream = iter([(1, json.dumps(claim({"loon": "1200.00"}, day="2026-07-15")).encode())])
    assert impact(on, on, stream, receive_json).moves == {("afwijzen", "afwijzen"): 1}


def test_an_outcome_that_waits_for_facts_is_counted_as_such() -> None:
    found = effect(paying(), paying(share="15%"), rows({}))
    assert found.moves == {("onvolledig", "onvolledig"): 1}
    assert found.changed == 0


def test_something_that_cannot_be_claimed_is_refused_before_any_claim_is_read() -> None:
    same = paying()
    with pytest.raises(RulesError, match="TS-W02"):
        impact(Terms(Side(same, "wet/niets", date(2026, 1, 1))), Terms(Side(same)), iter([]), receive_json)
    with pytest.raises(RulesError, match="TS-B05"):
        impact(Terms(Side(same, CLAIM, date(2019, 1, 1))), Terms(Side(same)), iter([]), receive_json)


def test_ten_examples_show_every_change_before_any_twice() -> None:
    stream = wages(*range(100, 130), *range(1001, 1030))
    found = effect(paying(), paying(limit="1500", share="15%"), stream)
    shown = [example.change for example in found.examples]
    assert len(shown) == EXAMPLES
    assert set(shown[:2]) == {HIGHER, RESULT}
    assert all(example.claim is None for example in found.examples), "een voorbeeld bewaart de zaak niet"


def test_more_processes_count_the_same() -> None:
    euros = [100 + number % 1500 for number in range(3 * CHUNK + 17)]
    a, b = paying(), paying(limit="1200", share="15%")
    alone = impact(Terms(Side(a)), Terms(Side(b)), wages(*euros), receive_json)
    together = impact(Terms(Side(a)), Terms(Side(b)), wages(*euros), receive_json, workers=2)
    assert together == alone


def test_no_more_is_kept_than_there_are_different_changes() -> None:
    def endless() -> Iterator[Row]:
        for number in range(4 * CHUNK):
            yield from rows({"loon": f"{number % 1400}.00"})

    found = effect(paying(), paying(limit="1200", share="15%"), endless())
    assert found.total == 4 * CHUNK
    assert sum(map(len, found.kept.values())) <= EXAMPLES


def test_the_file_is_read_no_further_ahead_than_the_processes_can_hold() -> None:
    read: list[int] = []
    done: list[int] = []

    def watched() -> Iterator[Row]:
        for number, row in wages(*([500] * (12 * CHUNK))):
            read.append(number)
            yield number, row

    def progress(count: int) -> None:
        done.append(count)
        assert len(read) - count <= 8 * CHUNK

    impact(Terms(Side(paying())), Terms(Side(paying())), watched(), receive_json, workers=2, progress=progress)
    assert done[-1] == 12 * CHUNK


# --- properties ------------------------------------------------------------------------------------------------------

euros = st.lists(st.integers(0, 200_000).map(lambda cents: cents / 100), max_size=20)
limits = st.sampled_from(["500", "1000", "1500"])
shares = st.sampled_from(["5%", "10%", "15%"])


@given(euros, limits, shares)
@settings(max_examples=25)
def test_equal_rules_change_nothing(wage: list[float], limit: str, share: str) -> None:
    found = effect(paying(limit, share), paying(limit, share), wages(*wage))
    assert (found.changed, found.up.count, found.down.count, dict(found.causes)) == (0, 0, 0, {})
    assert found.assessed == len(wage)


@given(euros, limits, shares, limits, shares)
@settings(max_examples=25)
def test_there_and_back_count_alike(wage: list[float], la: str, sa: str, lb: str, sb: str) -> None:
    there = effect(paying(la, sa), paying(lb, sb), wages(*wage))
    back = effect(paying(lb, sb), paying(la, sa), wages(*wage))
    assert there.changed == back.changed
    assert {(new, old): times for (old, new), times in back.moves.items()} == there.moves
    assert (there.up.total, there.up.count) == (-back.down.total, back.down.count)


@given(euros, limits, limits)
@settings(max_examples=25)
def test_every_change_has_a_cause(wage: list[float], old: str, new: str) -> None:
    found = effect(paying(old), paying(new), wages(*wage))
    assert sum(found.causes.values()) == found.changed
    assert all(cause.rule == "wet.1" for cause in found.causes)


@given(st.lists(st.integers(-500_000, 500_000), min_size=1))
def test_sum_median_and_largest_are_those_of_the_list(cents: list[int]) -> None:
    spread, halves = Spread(), [Spread(), Spread()]
    for index, one in enumerate(cents):
        spread.add(one)
        halves[index % 2].add(one)
    assert (spread.total, spread.count, spread.median) == (sum(cents), len(cents), statistics.median_low(cents))
    halves[0].merge(halves[1])
    assert (halves[0].total, halves[0].count, halves[0].median) == (spread.total, spread.count, spread.median)


def test_a_median_of_very_many_different_amounts_says_how_precise_it_is() -> None:
    spread = Spread()
    for cents in range(0, 300_000, 3):
        spread.add(cents)
    assert len(spread.counts) <= Spread.MOST
    assert spread.step > 1
    assert abs(spread.median - 149_998) <= spread.step


# --- the report ------------------------------------------------------------------------------------------------------


def test_the_page_has_the_numbers_and_the_charts_and_no_script() -> None:
    found = effect(paying(), paying(limit="1500", share="15%"), wages(900, 1200, 2000))
    page = report.render(found, "oud", "nieuw")
    assert "2 van de 3 beoordeelde zaken veranderen (66,7%)" in page
    assert page.count("<svg") == 3
    assert "<script" not in page
    assert "€ 45,00" in page


def test_what_a_caller_named_is_text_on_the_page() -> None:
    page = report.render(effect(paying(), paying(), wages(900)), "<b>oud</b>", "nieuw")
    assert "<b>oud</b>" not in page


def test_the_same_numbers_are_there_as_data() -> None:
    data = report.as_data(effect(paying(), paying(share="15%"), wages(100, 900)), "oud", "nieuw")
    assert (data["zaken"], data["veranderd"]) == (2, 2)
    assert data["bedragen"]["omhoog"] == {"aantal": 2, "som": "50.00", "mediaan": "5.00", "grootste": "45.00", "mediaanTotOp": "0.01"}
    assert data["voorbeelden"][0]["was"] == "toekennen, € 10,00 per maand"


@pytest.mark.parametrize("number", range(4))
def test_running_only_what_the_ladder_asks_gives_what_a_full_run_gives(number: int) -> None:
    law = book(STAGES, head=STAGED_HEAD, ladder="")
    compiled = law.programs[CLAIM][0]
    staged = Staged(compiled)
    for data in islice(generate(law, CLAIM, date(2026, 7, 15), 80, number, incomplete=0.5), 80):
        full, part = (_state(law, data) for _ in range(2))
        run(compiled.quick, full)
        assert staged.run(part) == read_ladder(compiled, full)
        assert set(part.out) <= set(full.out)
        staged.finish(part)
        assert (part.out, part.holds, part.items) == (full.out, full.holds, full.items)


STAGED_HEAD = """
beoordeling:
  soort: beschikking
  uitkomsten:
    - doorzenden: niet bevoegd
    - afwijzen: blokkerende_grond
    - toekennen: anders
  waarden:
    toekennen: [bijdrage]
"""
STAGES = """
- id: wet.1
  bron: art. 1
  bepaalt: hier
  rol: bevoegdheid
  als: a
- id: wet.2
  bron: art. 2
  voor elke: kinderen
  bepaalt: duur
  als: kosten > 100
- id: wet.3
  bron: art. 3
  bepaalt: arm
  rol: voorwaarde
  als: een(kinderen waar duur) of loon < 500
- id: wet.4
  bron: art. 4
  bepaalt: bijdrage
  waarde: som(kosten over kinderen waar duur) + 10% van loon
- id: wet.5
  bron: art. 5
  bepaalt: ongebruikt
  als: b
"""


def _state(law: Rulebook, data: Any) -> State:
    claim_read, compiled = read_claim(data, law)
    return State(dict(claim_read.facts), law.amounts(compiled.program, claim_read.day), {}, law.calendar)
