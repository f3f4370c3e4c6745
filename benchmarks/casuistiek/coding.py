# SPDX-License-Identifier: EUPL-1.2
"""The blind coding of the published cases, read as it stands. Nothing here knows how a case ended."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

FILE = Path(__file__).resolve().parents[2] / "tests" / "casuistiek" / "codering.yaml"
NOT_SAID = ("niet vermeld", "geen")


def _truth(value: Any) -> Any:
    words = {"ja": True, "waar": True, "nee": False, "onwaar": False, "onbekend": None}
    if not isinstance(value, str) or value not in words:
        raise ValueError(f"{value!r} is not one of {', '.join(words)}")
    return words[value]


def _some(value: Any) -> Any:
    return () if value in NOT_SAID else value


Truth: TypeAlias = Annotated[bool | None, BeforeValidator(_truth)]
"""Yes, no, or unknown."""


class Coded(BaseModel):
    """A part of a coding: nothing it does not know, nothing that changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)


class Answer(Coded):
    """A trigger or a check, with the sentence it rests on."""

    truth: Truth = Field(alias="waarde")
    fact: str = Field(alias="feit")


class Outcome(Coded):
    """What following the rule alone gave."""

    result: str = Field(alias="uitkomst")
    also: tuple[str, ...] = Field((), alias="ook")
    burdening: Truth = Field(alias="belastend")
    grounds: Annotated[tuple[str, ...], BeforeValidator(_some)] = Field(alias="gronden")
    grounds_from: str = Field(alias="grond_uit")
    source: str = Field(alias="bron")


class Person(Coded):
    """Somebody in the case."""

    role: str = Field(alias="rol")
    minor: Truth = Field(alias="minderjarig")


class Wish(Coded):
    """A wanted effect in the words of the file of facts."""

    words: str = Field(alias="wens")
    domain: str = Field(alias="domein")
    who: str = Field(alias="wie")


class Fact(Coded):
    """One sentence of the file of facts: said by whom, and whether disputed."""

    words: str = Field(alias="feit")
    who: str = Field(alias="wie")
    disputed: Truth = Field(alias="betwist")


class Door(Coded):
    """A provision that the coder found, and whether its condition is met."""

    article: str = Field(alias="artikel")
    sort: Literal[
        "uitzondering", "hardheid", "onbenutte bevoegdheid", "afstemming", "evenredigheid", "beleid", "zorgvuldigheid", "andere voorziening"
    ] = Field(alias="soort")
    held_by: str = Field(alias="gehouden_door")
    condition: Truth = Field(alias="voorwaarde")
    why: str = Field(alias="waarom")
    text: str = Field(alias="tekst")


class Question(Coded):
    """What the facts leave open, and who could say."""

    words: str = Field(alias="vraag")
    asked_of: str = Field(alias="aan")


class Lighter(Coded):
    """A lighter means that the coder saw."""

    words: str = Field(alias="middel")
    source: str = Field(alias="bron")


class Case(Coded):
    """One published case as it was coded."""

    id: str
    law: str = Field(alias="wet")
    day: str = Field(alias="datum")
    claim: str = Field(alias="aanspraak")
    outcome: Outcome = Field(alias="regeluitkomst")
    people: tuple[Person, ...] = Field(alias="personen")
    wishes: Annotated[tuple[Wish, ...], BeforeValidator(_some)] = Field(alias="beoogd_effect")
    triggers: dict[str, Answer] = Field(alias="aanleidingen")
    facts: tuple[Fact, ...] = Field(alias="feiten")
    checks: dict[str, Answer] = Field(alias="toetsen")
    doors: tuple[Door, ...] = Field(alias="deuren")
    questions: tuple[Question, ...] = Field(alias="onbekend")
    lighter: Annotated[tuple[Lighter, ...], BeforeValidator(_some)] = Field(alias="lichter_middel")
    doubt: str | None = Field(None, alias="twijfel")


def read(text: str | None = None) -> tuple[Case, ...]:
    """The coded cases in the order of the file (or of ``text``)."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8") if text is None else text)
    return tuple(Case.model_validate(case) for case in data["zaken"])


def substance() -> str:
    """A hash of what is coded, not of how the file is laid out: it changes when a coded value does."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def header() -> tuple[str, ...]:
    """The limits of coding blind, as the head of the file gives them."""
    lines = FILE.read_text(encoding="utf-8").split("zaken:", 1)[0].splitlines()
    text = "\n".join(line.removeprefix("#").strip() for line in lines)
    _, _, rest = text.partition("Grenzen van het blind coderen:\n")
    return tuple(" ".join(item.split()) for item in rest.partition("\n\n")[0].removeprefix("- ").split("\n- "))
