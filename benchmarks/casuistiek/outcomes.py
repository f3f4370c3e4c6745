# SPDX-License-Identifier: EUPL-1.2
"""How the published cases ended: what the translation never reads, and the scoring holds it against."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).resolve().parents[2] / "tests" / "casuistiek" / "uitkomsten.yaml"

Ended: TypeAlias = Literal["houdt_stand", "wijkt", "deels", "opnieuw"]
State: TypeAlias = Literal["open", "dicht"]


class _Known(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)


class ByArgument(_Known):
    """An argument of the rules."""

    argument: str


class ByTrigger(_Known):
    """A trigger that fired."""

    trigger: str = Field(alias="aanleiding")


class ByCheck(_Known):
    """A check with this answer."""

    check: str = Field(alias="toets")
    answer: Literal["ja", "nee"] = Field(alias="antwoord")


class ByDoor(_Known):
    """A door, by its article or name, in this state."""

    door: str = Field(alias="deur")
    state: State = Field(alias="stand")


class ByOption(_Known):
    """An option, by its words."""

    option: str = Field(alias="optie")


class BySignal(_Known):
    """A signal about a rule."""

    signal: str = Field(alias="signaal")


Where: TypeAlias = ByArgument | ByTrigger | ByCheck | ByDoor | ByOption | BySignal


class Argument(_Known):
    """What decided the case, and where the same thought would stand in an assessment; one place is enough."""

    text: str = Field(alias="tekst")
    places: tuple[Where, ...] = Field((), alias="als")
    reason: str | None = Field(None, alias="reden")


class Question(_Known):
    """The question whose answer decided the case, as facts of the rules and as the coder asked it."""

    text: str = Field(alias="tekst")
    facts: tuple[str, ...] = Field((), alias="gegevens")
    coded: str | None = Field(None, alias="codering")


class Ending(_Known):
    """The end of one case; without ``argument`` it is not scored. ``needed`` says what a miss would have taken."""

    id: str
    ended: Ended | Literal["onbekend"] = Field(alias="afloop")
    route: Literal["geen", "uitleg", "open_norm", "beleid", "onderzoek", "tegen_de_letter", "onbekend"] = Field(alias="weg")
    decided_by: str = Field(alias="beslist_door")
    source: str = Field(alias="bron")
    read: Literal["inhoudsindicatie", "deels", "begin", "samenvatting", "bericht"] = Field(alias="gelezen")
    argument: Argument | None = None
    question: Question | Literal["geen"] | None = Field(None, alias="vraag")
    needed: str | None = Field(None, alias="nodig")


def read(text: str | None = None) -> tuple[Ending, ...]:
    """The endings in the order of the file (or of ``text``)."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8") if text is None else text)
    return tuple(Ending.model_validate(case) for case in data["zaken"])
