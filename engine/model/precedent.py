# SPDX-License-Identifier: EUPL-1.2
"""Earlier human decisions, pseudonymised: one per line of a JSONL file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from engine.model.document import IsoDate, RuleId, YesNo
from engine.model.statements import Statement, Text


class Precedent(Statement):
    """One decision about a deviation: the same ground, the same door, what was relevant, and what was decided.

    ``signals`` are facts that may be compared (`vergelijken op`), with the value that they had. Nothing says who it was.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,80}$")]
    day: IsoDate = Field(alias="datum")
    law: Text = Field(alias="regeling")
    municipality: str | None = Field(None, alias="gemeente", pattern=r"^GM\d{4}$")
    grounds: tuple[RuleId, ...] = Field(alias="gronden", min_length=1)
    door: RuleId | None = Field(None, alias="deur")
    signals: Mapping[str, YesNo | str] = Field(default_factory=dict, alias="kenmerken")
    granted: YesNo = Field(alias="afgeweken")
    followed: YesNo | None = Field(None, alias="adviesGevolgd")
    advice: str | None = Field(None, alias="advies")
    motive: Text = Field(alias="motief")
    status: Literal["geldig", "herzien"] = "geldig"
