# SPDX-License-Identifier: EUPL-1.2
"""What a register of decisions says: deviations that recur ask for policy, and advice that is always followed decides by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from engine.authoring.learning import AUTOMATIC, COLUMNS, USELESS, as_data, export, learn
from engine.model.precedent import Precedent


def decision(number: int = 0, *, granted: bool = True, **more: Any) -> Precedent:
    """One decision of the register."""
    data = {
        "id": f"d{number}",
        "datum": "2026-03-01",
        "regeling": "wet",
        "gemeente": "GM0001",
        "gronden": ["wet.1"],
        "deur": "wet.deur",
        "afgeweken": granted,
        "motief": "zo besloten",
    }
    return Precedent.model_validate({**data, **more})


def many(count: int, **more: Any) -> list[Precedent]:
    return [decision(number, **more) for number in range(count)]


registers = st.lists(
    st.builds(
        decision,
        granted=st.booleans(),
        gronden=st.sampled_from([["wet.1"], ["wet.2"], ["wet.1", "wet.2"], ["wet.2", "wet.1"]]),
        deur=st.sampled_from(["wet.deur", "wet.maat", None]),
        gemeente=st.sampled_from(["GM0001", "GM0002", None]),
        datum=st.dates(date(2025, 1, 1), date(2026, 12, 31)).map(str),
        advies=st.sampled_from(["regel_volgen", "afwijken_onderbouwd", None]),
        adviesGevolgd=st.sampled_from([True, False, None]),
        status=st.sampled_from(["geldig", "herzien"]),
    ),
    max_size=40,
)


# --- deviations ------------------------------------------------------------------------------------------------------


def test_deviations_are_counted_per_ground_and_door_beside_the_decisions_that_did_not_deviate() -> None:
    register = [*many(3), *many(2, granted=False), *many(1, deur="wet.maat"), *many(1, gronden=["wet.1", "wet.2"])]
    found = {item.kind.label: (item.deviated, item.kept) for item in learn(register).similar}
    assert found == {
        ("wet", "wet.1", "wet.deur"): (3, 2),
        ("wet", "wet.1", "wet.maat"): (1, 0),
        ("wet", "wet.1 + wet.2", "wet.deur"): (1, 0),
    }


def test_the_order_of_the_grounds_makes_no_other_kind() -> None:
    register = [decision(gronden=["wet.1", "wet.2"]), decision(gronden=["wet.2", "wet.1"])]
    assert [item.deviated for item in learn(register).similar] == [2]


@pytest.mark.parametrize(("count", "tickets"), [(4, 0), (5, 1), (6, 1)])
def test_five_similar_deviations_ask_for_policy(count: int, tickets: int) -> None:
    assert len(learn(many(count)).tickets) == tickets
    assert len(learn(many(count), at_least=count).tickets) == 1
    assert learn(many(count), at_least=count + 1).tickets == ()


def test_a_ticket_names_the_rule_the_door_the_municipality_and_the_period_and_says_whose_defect_it_is() -> None:
    register = [*many(4), decision(9, datum="2025-11-30"), decision(10, datum="2026-04-02")]
    (ticket,) = learn(register).tickets
    assert ticket.text == (
        "Maak beleid. In GM0001 is van 2025-11-30 tot en met 2026-04-02 6 keer op dezelfde manier afgeweken van `wet.1` (wet), door de "
        "deur `wet.deur`. Een afwijking die terugkomt, is een gebrek van een regel of van beleid: pas de regel aan, of leg in beleid "
        "vast wanneer dit voor iedereen geldt."
    )


@pytest.mark.parametrize(
    "other",
    [{"granted": False}, {"gronden": ["wet.2"]}, {"deur": "wet.maat"}, {"gemeente": "GM0002"}, {"status": "herzien"}],
)
def test_what_is_not_similar_or_was_taken_up_in_policy_makes_no_ticket(other: dict[str, Any]) -> None:
    assert learn([*many(4), *many(1, **other)]).tickets == ()


def test_a_ticket_without_a_municipality_or_a_door_says_so() -> None:
    (ticket,) = learn(many(5, gemeente=None, deur=None)).tickets
    assert "In een gemeente zonder code" in ticket.text
    assert "zonder deur" in ticket.text


# --- advice ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("followed", "not_followed", "alarm"),
    [
        (19, 0, None),
        (20, 0, AUTOMATIC),
        (19, 1, AUTOMATIC),
        (94, 6, None),
        (95, 5, AUTOMATIC),
        (10, 10, None),
        (1, 19, USELESS),
        (6, 94, None),
        (0, 20, USELESS),
        (0, 19, None),
    ],
)
def test_advice_that_is_nearly_always_or_nearly_never_followed_raises_the_alarm(
    followed: int, not_followed: int, alarm: str | None
) -> None:
    register = [*many(followed, advies="regel_volgen", adviesGevolgd=True), *many(not_followed, advies="regel_volgen", adviesGevolgd=False)]
    (found,) = learn(register).advice
    assert (found.advice, found.count, found.followed, found.alarm) == ("regel_volgen", followed + not_followed, followed, alarm)


def test_advice_that_left_the_choice_open_is_neither_followed_nor_not() -> None:
    assert learn(many(30, advies="professional_beslist")).advice == ()


def test_the_alarm_says_what_it_means_and_who_said_so() -> None:
    assert "in feite een automatisch besluit" in AUTOMATIC
    assert "C-634/21" in AUTOMATIC


# --- what is given away ----------------------------------------------------------------------------------------------


@given(registers)
def test_nothing_that_is_given_away_is_a_count_under_five_a_day_or_a_municipality(register: list[Precedent]) -> None:
    shown = export(register)
    for table in (shown.deviations, shown.advice):
        for row in (*table.rows.values(), table.totals):
            assert all(cell >= 5 for cell in (*row.counts, row.total) if isinstance(cell, int))
    text = str(shown.as_data())
    assert "GM0" not in text
    assert "-01" not in text


def test_the_lines_of_the_sheet_hold_both_tables_and_their_totals() -> None:
    shown = export([*many(30, advies="regel_volgen"), *many(12, granted=False)])
    assert shown.lines() == [
        ("wet", "wet.1", "wet.deur", "", "30", "12", "42"),
        ("", "", "", "(geen)", "<5", "afgeschermd", "niet gegeven"),
        ("", "", "", "regel_volgen", "afgeschermd", "<5", "niet gegeven"),
        ("totaal", "", "", "", "30", "12", "42"),
    ]
    assert {len(line) for line in shown.lines()} == {len(COLUMNS)}
    assert shown.as_data()["jaren"] == [2026, 2026]


def test_a_small_register_gives_no_number_at_all() -> None:
    assert [line[4:] for line in export(many(3, advies="regel_volgen")).lines()] == [("<5", "<5", "niet gegeven")] * 3


# --- order -----------------------------------------------------------------------------------------------------------


@given(registers, st.randoms(use_true_random=False))
def test_the_order_of_the_register_changes_nothing(register: list[Precedent], random: Any) -> None:
    turned = list(register)
    random.shuffle(turned)
    assert learn(turned) == learn(register)
    assert as_data(learn(turned)) == as_data(learn(register))
    assert export(turned) == export(register)


@given(registers)
def test_every_decision_is_counted_once(register: list[Precedent]) -> None:
    found = learn(register)
    assert sum(item.deviated + item.kept for item in found.similar) == found.count == len(register)
    assert sum(item.deviated for item in found.similar) == sum(item.granted for item in register)


def test_an_empty_register_says_nothing() -> None:
    assert as_data(learn([])) == {"aantal": 0, "vanaf": None, "totEnMet": None, "afwijkingen": [], "maakBeleid": [], "adviezen": []}
    assert export([]).as_data()["jaren"] is None
