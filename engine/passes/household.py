# SPDX-License-Identifier: EUPL-1.2
"""The household of a claim: everybody of whom there is a date of birth to give, and who of them is a minor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from engine.logic.state import State
from engine.model.claim import Claim
from engine.model.program import Program
from engine.model.values import GEEN, ListValue, Truth, Unknown, Value

BIRTH = "geboortedatum"
ADULT = 18
"""Majority begins at 18 (art. 1:233 BW)."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the household by the path of the claim (``aanvrager``, ``kinderen[0]``), with whether they are a minor."""

    whom: str
    minor: Truth


def lists_of_people(program: Program) -> tuple[str, ...]:
    """The lists of a program of which each item is somebody."""
    return tuple(name for name, listed in program.lists.items() if BIRTH in listed.members)


def household(program: Program, state: State, claim: Claim) -> tuple[Member, ...]:
    """Everybody, on the peildatum; minors, and who may be one, first."""
    return tuple(sorted(_members(program, state, claim), key=lambda member: member.minor is False))


def _members(program: Program, state: State, claim: Claim) -> Iterator[Member]:
    for name in program.groups:
        if f"{name}.{BIRTH}" in program.facts and state.facts.get(name) is not GEEN and claim.given.get(name) is not None:
            yield Member(name, _minor(state.facts[f"{name}.{BIRTH}"], state, claim))
    for name in lists_of_people(program):
        rows = state.facts.get(name)
        if isinstance(rows, ListValue):
            for number, row in enumerate(rows.items):
                yield Member(f"{name}[{number}]", _minor(row[BIRTH], state, claim))


def _minor(birth: Value, state: State, claim: Claim) -> Truth:
    if isinstance(birth, Unknown):
        return birth
    return isinstance(birth, date) and state.calendar.years_between(birth, claim.day) < ADULT
