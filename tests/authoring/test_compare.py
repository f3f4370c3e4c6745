# SPDX-License-Identifier: EUPL-1.2
"""What changed between two states of the law, as policy staff read it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from engine.authoring.compare import AMOUNT, DOOR, FACT, LADDER, RULE, SECOND, SET, Change, Side, compare
from engine.model.problems import RulesError
from engine.rulebook import load_files
from tests.helpers import CLAIM, FACTS, book, law, ruleset

GRENS = """
grens:
  bron: art. 34 lid 3
  omschrijving: "Vermogensgrens voor een alleenstaande."
  eenheid: EUR
  status: gelezen
  ingevoerd tot en met: {until}
  waarden: {values}
"""
ONE = "- id: wet.1\n  bron: art. 1 lid 2\n  bepaalt: uit\n  "


def changes(before: Any, after: Any) -> tuple[Change, ...]:
    return compare(Side(before), Side(after))


def sentences(before: Any, after: Any, sort: str | None = None) -> list[str]:
    return [change.sentence for change in changes(before, after) if sort in (None, change.sort)]


def rule(text: str) -> Any:
    """The tiny law with one rule; the facts that it leaves unused are warnings."""
    return book(ONE + text.replace("\n", "\n  "))


def amounts(values: str, until: str = "2026-12-31") -> Any:
    rules = "- id: wet.1\n  bron: art. 1\n  bepaalt: ruimte\n  waarde: grens"
    return book(rules, amounts=GRENS.format(values=values, until=until))


def test_an_amount_says_from_what_to_what_and_since_when() -> None:
    same = amounts("{2025-01-01: 7770, 2026-01-01: 8000}")
    found = compare(Side(same, CLAIM, date(2025, 12, 31)), Side(same, CLAIM, date(2026, 1, 1)))
    assert [change.sentence for change in found] == [
        'art. 34 lid 3: "Vermogensgrens voor een alleenstaande" gaat van 7.770 naar 8.000 euro per 2026-01-01.'
    ]
    assert (found[0].sort, found[0].subject, found[0].before, found[0].after) == (AMOUNT, "grens", "7.770 euro", "8.000 euro")


def test_a_corrected_amount_is_told_once_with_its_own_date() -> None:
    found = changes(amounts("{2025-01-01: 7770, 2026-01-01: 8000}"), amounts("{2025-01-01: 7770, 2026-01-01: 8100.50}"))
    assert [change.sentence for change in found] == [
        'art. 34 lid 3: "Vermogensgrens voor een alleenstaande" gaat van 8.000 naar 8.100,50 euro per 2026-01-01.'
    ]


def test_an_amount_for_a_new_year_was_not_entered_before() -> None:
    found = sentences(amounts("{2026-01-01: 8000}"), amounts("{2026-01-01: 8000, 2027-01-01: 8200}", until="2027-12-31"))
    assert found == ['art. 34 lid 3: "Vermogensgrens voor een alleenstaande" is nu ingevoerd: 8.200 euro per 2027-01-01.']


def test_an_amount_that_is_entered_for_longer_is_told_where_it_used_to_end() -> None:
    found = sentences(amounts("{2026-01-01: 8000}"), amounts("{2026-01-01: 8000}", until="2027-12-31"))
    assert found == ['art. 34 lid 3: "Vermogensgrens voor een alleenstaande" is nu ingevoerd: 8.000 euro per 2027-01-01.']


def test_a_line_of_a_condition_that_changed_is_shown_as_it_was_and_is() -> None:
    found = sentences(rule("als:\n  alle:\n    - a\n    - n >= 5"), rule("als:\n  alle:\n    - a\n    - n >= 6"), RULE)
    assert found == ["art. 1 lid 2 (wet.1): de voorwaarde `n >= 5` wordt `n >= 6`."]


def test_a_line_that_comes_or_goes_is_named() -> None:
    assert sentences(rule("als:\n  alle:\n    - a\n    - b"), rule("als:\n  alle:\n    - a\n    - b\n    - c"), RULE) == [
        "art. 1 lid 2 (wet.1): de voorwaarde `c` komt erbij."
    ]
    assert sentences(rule("als:\n  alle:\n    - a\n    - b\n    - c"), rule("als:\n  alle:\n    - a\n    - c"), RULE) == [
        "art. 1 lid 2 (wet.1): de voorwaarde `b` vervalt."
    ]


def test_all_that_becomes_one_of_is_told_line_by_line() -> None:
    found = sentences(rule("als:\n  alle:\n    - a\n    - b"), rule("als:\n  een van:\n    - a\n    - b"), RULE)
    assert found == [
        "art. 1 lid 2 (wet.1): de voorwaarde `a` stond onder `alle` en staat nu onder `een van`.",
        "art. 1 lid 2 (wet.1): de voorwaarde `b` stond onder `alle` en staat nu onder `een van`.",
    ]


def test_an_exception_is_told_apart_from_a_condition() -> None:
    assert sentences(rule("als: a"), rule("als: a\ntenzij: b"), RULE) == ["art. 1 lid 2 (wet.1): de uitzondering `b` komt erbij."]


def test_a_value_a_bound_and_a_row_are_each_named() -> None:
    old = rule("waarde: 10% van loon\nten hoogste: 500")
    assert sentences(old, rule("waarde: 15% van loon\nten hoogste: 500"), RULE) == [
        "art. 1 lid 2 (wet.1): de waarde gaat van `10% van loon` naar `15% van loon`."
    ]
    assert sentences(old, rule("waarde: 10% van loon"), RULE) == ["art. 1 lid 2 (wet.1): de bovengrens vervalt: `500`."]
    tables = [rule(f"tabel:\n  - als: a\n    dan: {value}\n  - dan: 0") for value in (1, 2)]
    assert sentences(tables[0], tables[1], RULE) == ["art. 1 lid 2 (wet.1): de rij `als a, dan 1` wordt `als a, dan 2`."]


def test_words_for_people_are_told_as_words() -> None:
    old, new = (rule(f'als: a\nuitleg:\n  waar: "{words}"') for words in ("U krijgt het.", "U krijgt dit."))
    assert sentences(old, new) == ["art. 1 lid 2 (wet.1): de tekst bij `uitleg` is veranderd."]


def test_a_rule_that_is_new_and_one_that_lapsed() -> None:
    both = book(ONE + "als: a\n- id: wet.2\n  titel: Twee\n  bron: art. 2\n  bepaalt: ook\n  als: a")
    assert sentences(rule("als: a"), both) == ["art. 2 (wet.2): nieuwe regel, bepaalt `ook` (Twee)."]
    assert sentences(both, rule("als: a")) == ["art. 2 (wet.2): de regel vervalt; zij bepaalde `ook` (Twee)."]


def test_a_step_of_the_ladder_that_changed() -> None:
    rules = ONE + "als: a\n  rol: voorwaarde"
    old = book(rules, ladder="- afwijzen: niet uit\n- toekennen: anders")
    new = book(rules, ladder="- afwijzen: blokkerende_grond\n- toekennen: anders")
    assert sentences(old, new, LADDER) == [
        "De beoordeling: de trede `afwijzen: niet uit` wordt `afwijzen: blokkerende_grond`.",
    ]


def test_a_fact_that_is_asked_no_longer_and_one_that_is() -> None:
    assert sentences(rule("als: a"), rule("als: b"), FACT) == [
        "Het gegeven `a` wordt niet meer gevraagd.",
        "Het gegeven `b` wordt voortaan gevraagd.",
    ]


def test_a_fact_that_gets_another_choice() -> None:
    text = ONE + "als: leefvorm is alleen"
    old, new = book(text), book(text, facts=FACTS.replace("[alleen, samen, inwonend]", "[alleen, samen, inwonend, zwervend]"))
    assert sentences(old, new) == ["Het gegeven `leefvorm`: de keuze `zwervend` komt erbij."]


DOORS = """
deuren:
  - id: wet.deur
    titel: Hardheid
    bron: art. 16
    soort: hardheid
    niveau: formele wet
    opent voor: [wet.1]
    geldig vanaf: {since}
"""


def with_door(since: str, text: str = "als: a\n  rol: voorwaarde") -> Any:
    files = {"wet/omgekeerde_toets.yaml": DOORS.format(since=since)}
    return book(ONE + text, files=files, ladder="- afwijzen: blokkerende_grond\n- toekennen: anders")


def test_a_door_that_opens_on_a_day() -> None:
    law_with_door = with_door("2026-01-01")
    found = compare(Side(law_with_door, CLAIM, date(2025, 12, 31)), Side(law_with_door, CLAIM, date(2026, 1, 1)))
    assert [(change.sort, change.sentence) for change in found] == [(DOOR, "art. 16 (wet.deur): de deur komt erbij.")]


def test_a_version_changes_only_what_it_says() -> None:
    rules = ONE + "als: a\n- id: wet.2\n  bron: art. 2\n  bepaalt: ook\n  als: b"
    version = "regelset: wet/aanspraak\ngeldig vanaf: 2026-01-01\nwijzigt: 2020-01-01\nvervalt: [wet.2]\n"
    old, new = book(rules), load_files(law(rules, files={"wet/aanspraak/2026-01-01.yaml": version}))
    assert [(change.sort, change.day) for change in changes(old, new)] == [
        (SET, date(2026, 1, 1)),
        (RULE, date(2026, 1, 1)),
        (FACT, date(2026, 1, 1)),
    ]


def test_a_change_in_the_first_version_is_told_once_for_all_versions_that_build_on_it() -> None:
    version = {"wet/aanspraak/2026-01-01.yaml": "regelset: wet/aanspraak\ngeldig vanaf: 2026-01-01\nwijzigt: 2020-01-01\n"}
    old, new = book(ONE + "waarde: 1", files=version), book(ONE + "waarde: 2", files=version)
    (found,) = changes(old, new)
    assert (found.sentence, found.day) == ("art. 1 lid 2 (wet.1): de waarde gaat van `1` naar `2`.", date(2020, 1, 1))


def test_a_shared_regelset_is_compared_with_the_amounts_its_own_rules_read() -> None:
    shared = ruleset("- id: deel.1\n  bron: art. 9\n  bepaalt: ruimte\n  waarde: grens", ladder="", name="wet/deel")
    series = GRENS.format(values="{2025-01-01: 7770, 2026-01-01: 8000}", until="2026-12-31")
    found = book(ONE + "als: a", head="gebruikt: [wet/deel]\n", files={"wet/deel/2020-01-01.yaml": shared}, amounts=series)
    told = compare(Side(found, "wet/deel", date(2025, 12, 31)), Side(found, "wet/deel", date(2026, 1, 1)))
    assert [change.subject for change in told] == ["grens"]


def test_a_regelset_or_a_day_that_is_not_there_is_refused_with_what_is() -> None:
    whole = rule("als: a")
    with pytest.raises(RulesError, match="bestaat niet"):
        compare(Side(whole, "wet/aanspraken", date(2026, 1, 1)), Side(whole, CLAIM, date(2026, 1, 1)))
    with pytest.raises(RulesError, match="De eerste geldt vanaf 2020-01-01"):
        compare(Side(whole, CLAIM, date(2019, 12, 31)), Side(whole, CLAIM, date(2026, 1, 1)))
    with pytest.raises(RulesError, match="TS-W01"):
        compare(Side(whole, CLAIM, date(2026, 1, 1)), Side(whole))


def test_a_regelset_that_appears_or_disappears_is_told_whole() -> None:
    shared = {"wet/deel/2020-01-01.yaml": ruleset("", ladder="", name="wet/deel")}
    old, new = rule("als: a"), book(ONE + "als: a", files=shared)
    assert sentences(old, new) == ["De regelset `wet/deel` is nieuw."]
    assert sentences(new, old) == ["De regelset `wet/deel` is verdwenen."]


def test_a_release_is_a_change_of_status() -> None:
    old, new = (book(ONE + "status: gelezen\n  als: a", head=f"status: {status}\n") for status in ("concept", "vastgesteld"))
    assert sentences(old, new) == ["De versie 2020-01-01 van `wet/aanspraak` was `concept` en is nu `vastgesteld`."]


conditions = st.recursive(
    st.sampled_from(["a", "b", "niet c", "n >= 5", "leefvorm is samen"]),
    lambda inner: st.lists(inner, min_size=2, max_size=3).flatmap(
        lambda parts: st.sampled_from(["alle", "een van", "geen van"]).map(lambda word: {word: parts})
    ),
    max_leaves=6,
)


def written(condition: Any) -> str:
    """A condition in flow style, as YAML."""
    if isinstance(condition, str):
        return f'"{condition}"'
    word, parts = next(iter(condition.items()))
    return "{" + str(word) + ": [" + ", ".join(map(written, parts)) + "]}"


@given(conditions, conditions)
def test_a_thing_compared_with_itself_says_nothing_and_with_another_says_something(one: Any, other: Any) -> None:
    old, again, new = rule(f"als: {written(one)}"), rule(f"als: {written(one)}"), rule(f"als: {written(other)}")
    assert changes(old, again) == ()
    assert bool(changes(old, new)) is (one != other)


# --- the law that ships with the project ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> Any:
    from tests.law import law as shipped_law  # noqa: PLC0415

    return shipped_law()


def test_the_limit_of_capital_in_the_participatiewet_went_up_in_2026(shipped: Any) -> None:
    claim = "participatiewet/algemene_bijstand"
    found = compare(Side(shipped, claim, date(2025, 12, 31)), Side(shipped, claim, date(2026, 1, 1)))
    told = [change.sentence for change in found]
    assert 'art. 34 lid 3 onderdeel a: "Vermogensgrens, alleenstaande" gaat van 7.770 naar 8.000 euro per 2026-01-01.' in told
    assert "art. 20 lid 3 (pw.20.3): nieuwe regel, bepaalt `geen_beroep_op_ouders` (Geen beroep op de ouders)." in told, (
        "artikel 20 lid 3 bestaat vanaf 2026"
    )
    assert {change.sort for change in found} >= {AMOUNT, RULE, SECOND, FACT}


def test_the_shipped_law_does_not_differ_from_itself(shipped: Any) -> None:
    assert compare(Side(shipped), Side(shipped)) == ()
