# SPDX-License-Identifier: EUPL-1.2
"""Random cases for the programs of ``trees``: full ones, ones with facts hidden, and completions of those."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from random import Random

from engine.logic.state import State
from engine.model.calendar import Calendar
from engine.model.kinds import INT, Base, Kind
from engine.model.program import Program
from engine.model.values import GEEN, CauseKind, Dimension, Duration, ListValue, Number, Unknown, Value
from tests.properties.trees import AMOUNTS, CASE_FACTS, EUROS, FILLING, LISTS, MEMBERS, PARTNER

HOLIDAYS = {date(2026, 1, 1): "Nieuwjaarsdag", date(2026, 4, 27): "Koningsdag"}
CALENDAR = Calendar(holidays=HOLIDAYS, first=date(2026, 1, 1), last=date(2026, 12, 31))
NUMBERS: tuple[Number, ...] = (0, 1, Fraction(1, 3), Fraction(-4, 3), Fraction(5, 2))
Facts = dict[str, Value]


def powers_of(program: Program) -> list[str]:
    """The facts that hold the choice on a `kan` rule."""
    return [rule.power for outcome in program.outcomes for rule in outcome.rules if rule.power is not None]


def full_case(program: Program, random: Random) -> Facts:
    """A case in which everything is given; amounts and what a municipality fills in count as facts here."""
    facts: Facts = {path: some_value(kind, random) for path, kind in CASE_FACTS.items()}
    facts[PARTNER] = True if random.random() < 0.7 else GEEN
    if facts[PARTNER] is GEEN:
        facts |= {path: GEEN for path in CASE_FACTS if path.startswith(f"{PARTNER}.")}
    facts |= {power: random.random() < 0.5 for power in powers_of(program)}
    facts |= {name: some_value(EUROS, random) for name in AMOUNTS}
    facts |= {name: some_list(random) for name in LISTS}
    facts[FILLING] = some_value(INT, random) if random.random() < 0.7 else missing(FILLING)
    return facts


def some_value(kind: Kind, random: Random) -> Value:
    """A known value of a kind, from a small pool so that comparisons hit their limits."""
    if kind.optional and random.random() < 0.3:
        return GEEN
    match kind.base:
        case Base.BOOL:
            return random.random() < 0.5
        case Base.NUMBER:
            return random.choice(NUMBERS)
        case Base.MONEY:
            return random.choice([0, 1, 4999, 5000, 5001, 141946])
        case Base.DATE:
            return random.choice([date(1999, 7, 15), date(2008, 2, 29), date(2026, 1, 31), date(2026, 7, 15), date(2027, 3, 1)])
        case Base.DURATION:
            number = random.choice([0, 1, 12, 14])
            return Duration(months=number) if kind.dimension is Dimension.MONTHS else Duration(days=number)
        case Base.CHOICE:
            return str(random.choice(kind.choices))
        case Base.TEXT:
            return random.choice(["x", "y"])
    return random.choice([0, 1, 2, 3, 4])


def some_list(random: Random) -> Value:
    """A complete list of up to three items, or none at all."""
    if random.random() < 0.1:
        return GEEN
    return _rows(random)


def _rows(random: Random) -> ListValue:
    return ListValue(
        tuple({name: some_value(kind, random) for name, kind in MEMBERS.items()} for _ in range(random.choice([0, 1, 1, 2, 3])))
    )


def hidden(facts: Mapping[str, Value], share: float, random: Random) -> Facts:
    """The same case with some of it not given: facts, whole lists, items of a list, members of an item.

    What a municipality filled in stays: where it filled in nothing, that is known.
    """
    partner = random.random() < share
    found: Facts = {}
    for path, value in facts.items():
        of_partner = path == PARTNER or path.startswith(f"{PARTNER}.")
        if path == FILLING:
            found[path] = value
        elif (of_partner and partner) or (path != PARTNER and random.random() < share):
            found[path] = missing(path)
        elif isinstance(value, ListValue):
            found[path] = _thinned(path, value, share, random)
        else:
            found[path] = value
    return found


def _thinned(path: str, rows: ListValue, share: float, random: Random) -> ListValue:
    kept = len(rows.items) if random.random() >= share else random.randint(0, len(rows.items))
    items = tuple(
        {name: missing(f"{path}[{index}].{name}") if random.random() < share else value for name, value in item.items()}
        for index, item in enumerate(rows.items[:kept])
    )
    return ListValue(items, complete=rows.complete and kept == len(rows.items) and random.random() >= share / 2)


def completed(facts: Mapping[str, Value], program: Program, random: Random) -> Facts:
    """A full case that agrees with everything that is given."""
    fresh = full_case(program, random)
    partner = facts[PARTNER]
    if not isinstance(partner, Unknown) and partner is not fresh[PARTNER]:
        fresh[PARTNER] = partner
        for path, kind in CASE_FACTS.items():
            if path.startswith(f"{PARTNER}."):
                fresh[path] = GEEN if partner is GEEN else some_value(kind, random)
    fresh[FILLING] = facts[FILLING]
    return {path: _filled(value, fresh[path], random) for path, value in facts.items()}


def _filled(value: Value, fresh: Value, random: Random) -> Value:
    if isinstance(value, Unknown):
        return fresh
    if not isinstance(value, ListValue):
        return value
    more = () if value.complete else _rows(random).items
    items = tuple(
        {name: some_value(MEMBERS[name], random) if isinstance(member, Unknown) else member for name, member in item.items()}
        for item in value.items
    )
    return ListValue((*items, *more))


def missing(path: str) -> Unknown:
    """A fact that is not given."""
    return Unknown.because(CauseKind.FACT, path)


def state_of(facts: Mapping[str, Value]) -> State:
    """A state to run, with amounts and what is filled in at their own places."""
    outside = {FILLING, *AMOUNTS}
    filling = facts[FILLING]
    return State(
        {path: value for path, value in facts.items() if path not in outside},
        {name: facts[name] for name in AMOUNTS},
        {} if isinstance(filling, Unknown) else {FILLING: filling},
        CALENDAR,
    )


def shuffled(facts: Iterable[tuple[str, Value]], random: Random) -> Facts:
    """The same facts in another order."""
    items = list(facts)
    random.shuffle(items)
    return dict(items)
