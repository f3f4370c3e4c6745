# SPDX-License-Identifier: EUPL-1.2
"""What a municipality's document may fill in: dated values, and never over the head of a higher document."""

from __future__ import annotations

from datetime import date

import pytest

from engine.model.documents import is_above
from engine.model.values import Duration, Value
from engine.rulebook import Rulebook, load_files
from tests.helpers import book, law, outcome, problems_of, run, the_problem

OPEN = "- {id: wet.1, bron: art. 1, bepaalt: uit, soort: weken, open voor: {niveau: gemeente%s}}"
PLACE = "gemeenten/GM0000/document.yaml"


def document(fillings: str, *, rank: str = "verordening", since: str = "2020-01-01") -> str:
    return f"gemeente: GM0000\nrang: {rank}\nciteertitel: Besluit {rank}\ngeldig vanaf: {since}\ninvulling:\n{fillings}"


def files(fillings: str, *, rank: str = "verordening", asked: str = "", **more: str) -> dict[str, str]:
    others = {f"gemeenten/GM0000/{name}.yaml": text for name, text in more.items()}
    return law(OPEN % asked, files={PLACE: document(fillings, rank=rank), **others})


def on(rules: Rulebook, day: str) -> Value | None:
    return rules.filled("GM0000", date.fromisoformat(day)).get("wet.1")


SERIES = """  wet.1:
    - {waarde: 4, bron: art. 7, geldig vanaf: 2024-01-01}
    - {waarde: 6, bron: art. 7 (nieuw), geldig vanaf: 2025-01-01, geldig tot: 2026-01-01}
    - {waarde: 8, geldig vanaf: 2026-06-01}
"""


@pytest.mark.parametrize(
    ("day", "weeks"),
    [
        ("2023-12-31", None),
        ("2024-01-01", 4),
        ("2024-12-31", 4),
        ("2025-01-01", 6),
        ("2025-12-31", 6),
        ("2026-01-01", None),
        ("2026-05-31", None),
        ("2026-06-01", 8),
    ],
)
def test_in_a_list_each_value_holds_until_the_next_or_until_its_end(day: str, weeks: int | None) -> None:
    assert on(load_files(files(SERIES)), day) == (None if weeks is None else Duration(days=7 * weeks))


def test_the_order_of_a_list_changes_nothing() -> None:
    head, first, second, third = SERIES.splitlines(keepends=True)
    turned = load_files(files(head + third + first + second))
    assert [on(turned, day) for day in ("2024-05-01", "2025-05-01", "2026-07-01")] == [Duration(days=7 * n) for n in (4, 6, 8)]


def test_two_values_in_a_list_may_not_hold_on_one_day() -> None:
    twice = files("  wet.1:\n    - {waarde: 4, geldig vanaf: 2024-01-01}\n    - {waarde: 6, geldig vanaf: 2024-01-01}\n")
    problem = the_problem(twice)
    assert (problem.code, problem.place.file, problem.place.line) == ("TS-I04", PLACE, 8)
    longer = files(SERIES.replace("geldig tot: 2026-01-01", "geldig tot: 2026-07-01"))
    assert (the_problem(longer).code, the_problem(longer).place.line) == ("TS-I04", 9)


def test_a_value_without_a_day_holds_as_long_as_its_document() -> None:
    rules = load_files(files("  wet.1: {waarde: 4}\n"))
    assert (on(rules, "2019-12-31"), on(rules, "2020-01-01")) == (None, Duration(days=28))


def test_a_value_may_not_hold_before_its_document() -> None:
    problem = the_problem(files("  wet.1:\n    waarde: 4\n    geldig vanaf: 2019-12-31\n"))
    assert (problem.code, problem.place.line) == ("TS-I04", 8)
    assert "2020-01-01" in problem.cause


def test_a_mistake_in_a_list_is_shown_at_its_own_value() -> None:
    problem = the_problem(files(SERIES.replace("waarde: 6", "waarde: 60"), asked=", ten hoogste: 8"))
    assert (problem.code, problem.place.line) == ("TS-I02", 8)
    assert problem.shown[problem.place.column - 1 :].startswith("60")


# --- rank ------------------------------------------------------------------------------------------------------------

RANKS = ("verordening", "nadere regel", "beleidsregel")


@pytest.mark.parametrize("asked", RANKS)
@pytest.mark.parametrize("rank", RANKS)
def test_a_law_that_asks_a_rank_takes_that_rank_or_a_higher_one(asked: str, rank: str) -> None:
    given = files("  wet.1: {waarde: 4}\n", rank=rank, asked=f", rang: {asked}")
    if RANKS.index(rank) <= RANKS.index(asked):
        assert load_files(given).fillings["GM0000"]
    else:
        problem = the_problem(given)
        assert (problem.code, problem.place.line) == ("TS-I05", 6)
        assert asked in problem.cause
        assert rank in problem.cause


@pytest.mark.parametrize("rank", RANKS)
def test_a_law_that_asks_no_rank_takes_any(rank: str) -> None:
    assert load_files(files("  wet.1: {waarde: 4}\n", rank=rank)).fillings["GM0000"]


@pytest.mark.parametrize("lower_first", [True, False])
def test_a_lower_document_never_overrides_a_higher_one(*, lower_first: bool) -> None:
    low, high = ("a", "b") if lower_first else ("b", "a")
    ranked = {low: document("  wet.1: {waarde: 8}\n", rank="beleidsregel"), high: document("  wet.1: {waarde: 4}\n")}
    given = law(OPEN % "", files={f"gemeenten/GM0000/{name}.yaml": text for name, text in ranked.items()})
    problem = the_problem(given)
    assert (problem.code, problem.place.file, problem.place.line) == ("TS-I06", f"gemeenten/GM0000/{low}.yaml", 6)
    assert f"gemeenten/GM0000/{high}.yaml:6" in problem.cause


def test_a_lower_document_may_hold_where_the_higher_one_does_not() -> None:
    earlier = "  wet.1: {waarde: 4, geldig tot: 2025-01-01}\n"
    rules = load_files(files(earlier, later=document("  wet.1: {waarde: 8, geldig vanaf: 2025-01-01}\n", rank="beleidsregel")))
    assert [on(rules, day) for day in ("2024-12-31", "2025-01-01")] == [Duration(days=28), Duration(days=56)]


def test_two_municipalities_do_not_meet() -> None:
    other = document("  wet.1: {waarde: 8}\n", rank="beleidsregel").replace("GM0000", "GM0001")
    given = files("  wet.1: {waarde: 4}\n")
    rules = load_files({**given, "gemeenten/GM0001/document.yaml": other})
    found = [outcome(run(rules, {}, gemeente=code), "uit") for code in ("GM0000", "GM0001")]
    assert found == [Duration(days=28), Duration(days=56)]


# --- levels of rules -------------------------------------------------------------------------------------------------

LEVELS = ("verdrag", "formele wet", "amvb", "ministeriele regeling", "verordening", "nadere regel", "beleidsregel")


def precedence(own: str, other: str) -> str:
    return f"""
    - {{id: wet.1, bron: art. 1, niveau: {own}, bepaalt: uit, als: a, waarde: "3", gaat voor: [wet.2]}}
    - {{id: wet.2, bron: art. 2, niveau: {other}, bepaalt: uit, waarde: "4"}}
    """


@pytest.mark.parametrize("own", LEVELS)
@pytest.mark.parametrize("other", LEVELS)
def test_a_rule_sets_aside_its_equals_and_what_stands_below_it(own: str, other: str) -> None:
    if LEVELS.index(own) <= LEVELS.index(other):
        assert outcome(run(book(precedence(own, other)), {"a": True}), "uit") == 3
    else:
        problem = the_problem(law(precedence(own, other)))
        assert (problem.code, problem.shown.strip().startswith("- {id: wet.1")) == ("TS-C24", True)


def test_a_rule_without_a_level_is_a_formal_law() -> None:
    lower = precedence("amvb", "formele wet").replace("niveau: formele wet, ", "")
    assert {problem.code for problem in problems_of(law(lower))} == {"TS-C24"}


def test_levels_are_ordered_strictly() -> None:
    assert is_above("formele wet", "beleidsregel")
    assert not is_above("beleidsregel", "formele wet")
    assert not is_above("amvb", "amvb")


DOOR = """
deuren:
  - {id: wet.deur.1, titel: Hardheid, bron: art. 16, soort: hardheid, niveau: %s, opent voor: [wet.1], geldig vanaf: 2020-01-01}
"""


@pytest.mark.parametrize("door", RANKS)
@pytest.mark.parametrize("ground", LEVELS)
def test_a_local_door_opens_grounds_of_its_own_level_or_lower(door: str, ground: str) -> None:
    refusal = f"- {{id: wet.1, bron: art. 1, niveau: {ground}, bepaalt: uit, rol: weigeringsgrond, als: a}}"
    given = law(refusal, files={"wet/omgekeerde_toets.yaml": DOOR % door})
    if LEVELS.index(door) <= LEVELS.index(ground):
        assert load_files(given).programs
    else:
        problem = the_problem(given)
        assert (problem.code, problem.shown[problem.place.column - 1 :].startswith("wet.1")) == ("TS-R03", True)
