# SPDX-License-Identifier: EUPL-1.2
"""A second reader's weighing of the coded cases, read as it stands: judgements where the first coding left them open.

It adds, it never changes: what the first coding settled stays. Nothing here knows how a case ended.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field

from benchmarks.casuistiek.coding import Answer, Case, Coded, Door, Truth

FILE = Path(__file__).resolve().parents[2] / "tests" / "casuistiek" / "weging.yaml"

Question = Literal[
    "geschikt", "noodzakelijk", "evenwichtig", "voorzien", "strekking", "oorzaak", "derden", "gelijkheid", "misbruik", "vertrouwen",
    "regie", "uitvoerbaar", "neveneffect", "kind", "onderzoek", "waarde_verloren", "lichter_middel",
]  # fmt: skip


class Judged(Coded):
    """An answer to a question, with why."""

    truth: Truth = Field(alias="waarde")
    reason: str = Field(alias="reden")


class JudgedDoor(Judged):
    """Whether the condition of a coded door is met; the door by the article as it was coded."""

    article: str = Field(alias="artikel")
    truth: Truth = Field(alias="voorwaarde")


class Weighing(Coded):
    """What the second reader judged of one case. ``recognised``: the reader knew the case from elsewhere."""

    id: str
    recognised: Truth = Field(alias="herkend")
    answers: dict[Question, Judged] = Field(default_factory=dict, alias="wegingen")
    children: Judged | None = Field(None, alias="minderjarige_kinderen")
    doors: tuple[JudgedDoor, ...] = Field((), alias="deuren")


NO_CHILDREN = Judged.model_validate({"waarde": "nee", "reden": "De feiten noemen geen minderjarig kind."})


def read(text: str | None = None) -> Mapping[str, Weighing]:
    """The weighings by case (of the file, or of ``text``)."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8") if text is None else text)
    found = [Weighing.model_validate(case) for case in data["zaken"]]
    return {case.id: case for case in found}


def substance() -> str:
    """A hash of what was judged, not of how the file is laid out."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def weighed(case: Case, weighing: Weighing) -> Case:
    """The case with the judgements added where the first coding left a question open.

    Where neither coding nor reader knows of minor children, there are taken to be none: the file of facts names the family
    where it matters. That is a supposition of this measurement alone; a claim leaves it unknown.
    """
    checks = dict(case.checks)
    for name, judged in weighing.answers.items():
        if judged.truth is not None and (name not in checks or checks[name].truth is None):
            checks[name] = _answer(judged)
    triggers = dict(case.triggers)
    if triggers["t4"].truth is None:
        known = weighing.children if weighing.children is not None and weighing.children.truth is not None else NO_CHILDREN
        triggers["t4"] = _answer(known)
    judged_doors = {judged.article: judged for judged in weighing.doors if judged.truth is not None}
    doors = tuple(_door(door, judged_doors.get(door.article)) for door in case.doors)
    return case.model_copy(update={"checks": checks, "triggers": triggers, "doors": doors})


def _door(door: Door, judged: JudgedDoor | None) -> Door:
    if judged is None or door.condition is not None:
        return door
    return door.model_copy(update={"condition": judged.truth, "why": judged.reason})


def _answer(judged: Judged) -> Answer:
    return Answer.model_construct(truth=judged.truth, fact=judged.reason)
