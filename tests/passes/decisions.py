# SPDX-License-Identifier: EUPL-1.2
"""A case of the tiny law on which somebody decides, and a complete record of that decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model.problems import Problem
from engine.passes.assess import Assessment
from engine.rationale.decision import check_record
from tests.helpers import judged
from tests.passes.reversed_law import weighed

FACTS: Mapping[str, Any] = {"a": False, "b": False, "c": False, "aangenomen": True, "ernstig": judged(False), "leefvorm": "alleen"}
"""Refused by wet.1; the door wet.deur is open for it."""
WORDS = "Zonder dit geld raakt zij haar kamer kwijt, en een andere kamer is er voorlopig nergens in de stad."
RECORD: Mapping[str, Any] = {
    "besluit": "afgeweken",
    "optie": "optie.wet.deur",
    "rol": "teamleider",
    "door": "A. de Wit",
    "datum": "2026-07-20",
    "eigenWoorden": WORDS,
    "motief": "Zonder geld volgt verlies van de kamer.",
    "verworpenArgumenten": [{"argument": "arg.regel", "reden": "Dat weegt hier minder dan een dak."}],
    "gehoord": {"gehoord": True, "datum": "2026-07-10"},
    "beoogdEffect": "geen effect genoemd",
}
FOLLOWED: Mapping[str, Any] = {**RECORD, "besluit": "gevolgd", "optie": "opt.regel", "verworpenArgumenten": []}


def without(record: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """The record without some of its keys."""
    return {key: value for key, value in record.items() if key not in keys}


def problems(record: Any, case: Assessment | None = None) -> list[tuple[str, str]]:
    """What a record lacks, as (code, pointer)."""
    return [(problem.code, problem.place.pointer or "") for problem in found(record, case)]


def found(record: Any, case: Assessment | None = None) -> tuple[Problem, ...]:
    """What a record lacks."""
    return check_record(case if case is not None else weighed(FACTS), record)
