# SPDX-License-Identifier: EUPL-1.2
"""What a person writes down when they decide: as JSON has it (camelCase keys, Dutch), and complete.

A decision is never computed. :class:`Draft` is a record that may still lack anything; :class:`Record` has every part that a
decision must have, and no part of it has a default that stands for a choice.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints

from engine.model.claim import LIFE_DOMAINS
from engine.model.document import IsoDate, OptionId, RuleId, YesNo
from engine.model.statements import Stated, Statement, Text, Whom

Choice: TypeAlias = Literal["gevolgd", "afgeweken", "lichter middel", "anders"]
"""The rule outcome followed; a deviation through a door; a lighter choice within the rules; something else (investigate, refer)."""
Words: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Motive: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


def _life_domain(value: str) -> str:
    if value not in LIFE_DOMAINS:
        raise ValueError(f"een leefgebied is een van: {', '.join(LIFE_DOMAINS)}")
    return value


class Rejected(Statement):
    """An argument (by its id) that does not prevail, and why."""

    argument: RuleId
    reason: Text = Field(alias="reden")


class Answered(Statement):
    """An argument (by its id) that was met, and how."""

    argument: RuleId
    answer: Text = Field(alias="antwoord")


class Heard(Statement):
    """Whether the client was heard: when, or why not (art. 4:7, 4:8, 4:11 and 4:12 Awb)."""

    heard: YesNo = Field(alias="gehoord")
    day: IsoDate | None = Field(None, alias="datum")
    reason: Text | None = Field(None, alias="reden")


class Consulted(Statement):
    """Somebody who was asked for advice."""

    who: Text = Field(alias="wie")
    day: IsoDate = Field(alias="datum")
    said: Text | None = Field(None, alias="inbreng")


class ChildLine(Statement):
    """A minor of the household: what is at stake for this child, and how that was weighed (art. 3 IVRK)."""

    whom: Whom = Field(alias="wie")
    interest: Text = Field(alias="belang")
    weighed: Text = Field(alias="gewogen")


class Harmed(Statement):
    """Somebody of the household to whose detriment the decision is, and why that is carried."""

    whom: Whom = Field(alias="wie")
    reason: Text = Field(alias="reden")


class Difference(Statement):
    """The fact that makes this case another one than an earlier decision that came out otherwise."""

    precedent: Text
    fact: Text = Field(alias="verschil")


class LateEffect(Stated):
    """A wanted effect that was only named when the outcome had been shown, in the client's words."""

    person: Text = Field(alias="persoon")
    domain: Annotated[str, AfterValidator(_life_domain)] = Field(alias="leefgebied")
    words: Text = Field(alias="omschrijving")
    term: Literal["kort", "lang"] = Field(alias="termijn")


class Draft(Statement):
    """A record as far as it was written; None is what nobody wrote yet.

    ``words`` is the reason, ``motive`` the short one without anything that tells who it is about, for the register.
    ``more_doors`` are doors beside that of the option, where one door does not lift every ground.
    """

    choice: Choice | None = Field(None, alias="besluit")
    option: OptionId | None = Field(None, alias="optie")
    more_doors: tuple[RuleId, ...] = Field((), alias="ookDeuren", max_length=20)
    role: Text | None = Field(None, alias="rol")
    by: Text | None = Field(None, alias="door")
    day: IsoDate | None = Field(None, alias="datum")
    words: Words | None = Field(None, alias="eigenWoorden")
    motive: Motive | None = Field(None, alias="motief")
    rejected: tuple[Rejected, ...] = Field((), alias="verworpenArgumenten", max_length=200)
    answered: tuple[Answered, ...] = Field((), alias="beantwoordeArgumenten", max_length=200)
    heard: Heard | None = Field(None, alias="gehoord")
    consulted: tuple[Consulted, ...] = Field((), alias="geraadpleegd", max_length=50)
    children: tuple[ChildLine, ...] = Field((), alias="kinderen", max_length=100)
    harmed: tuple[Harmed, ...] = Field((), alias="tenNadeleVan", max_length=100)
    differences: tuple[Difference, ...] = Field((), alias="verschilMetPrecedent", max_length=50)
    no_effect: Literal["geen effect genoemd"] | None = Field(None, alias="beoogdEffect")
    late_effects: tuple[LateEffect, ...] = Field((), alias="effectNaUitkomst", max_length=100)


class Record(Draft):
    """A record in which every part that a decision must have was written."""

    choice: Choice = Field(alias="besluit")
    option: OptionId = Field(alias="optie")
    role: Text = Field(alias="rol")
    by: Text = Field(alias="door")
    day: IsoDate = Field(alias="datum")
    words: Words = Field(alias="eigenWoorden")
    motive: Motive = Field(alias="motief")
    heard: Heard = Field(alias="gehoord")


RECORD_KEYS: tuple[str, ...] = tuple(field.alias or name for name, field in Draft.model_fields.items())
