# SPDX-License-Identifier: EUPL-1.2
"""What people state beside the facts of a claim: a rule outcome from elsewhere, effects, options, costs, evidence.

One model per statement, as it stands in JSON (camelCase keys, Dutch). None of it is computed, and each says by whom.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from engine.model.document import GroundSort, IsoDate, Level, OptionId, RuleId, YesNo

Text: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
Whom: TypeAlias = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]*(\[\d{1,3}\])?)$")]
"""A group of the claim (``aanvrager``), a list item (``kinderen[0]``), or ``derden``, ``bestuur``, ``samenleving``."""

THIRD_PARTIES = ("derden", "bestuur", "samenleving")


def _number(value: Any) -> Any:
    if isinstance(value, bool | float):
        raise ValueError("een aantal is een getal met hoogstens vier decimalen")
    text = str(value)
    if not re.fullmatch(r"\d{1,9}(\.\d{1,4})?", text):
        raise ValueError("een aantal is een getal met hoogstens vier decimalen: 2 of 0.5")
    return Decimal(text)


def _level(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value in ("1", "2", "3", "4", "5") else value


def _percentage(value: Decimal) -> Decimal:
    if value > 100:
        raise ValueError("een loonwaarde is hoogstens 100 procent")
    return value


Number: TypeAlias = Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": ["number", "string"]})]


class Statement(BaseModel):
    """Base: immutable, and nothing unknown is accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)


class Stated(Statement):
    """By whom and when something was stated."""

    by: Text = Field(alias="gesteldDoor")
    day: IsoDate = Field(alias="gesteldOp")


class GivenGround(Statement):
    """A ground of a given outcome that is not in rules: its article, and its level in law."""

    id: RuleId
    source: Text = Field(alias="bron")
    level: Level = Field("formele wet", alias="niveau")
    sort: GroundSort | None = Field(None, alias="soort")


class GivenOutcome(Statement):
    """A rule outcome from elsewhere: another system's decision, or one under a law that is not in rules.

    ``grounds`` are ids of rules or of declared grounds, or grounds written out; the source is taken to name them all.
    """

    result: Text = Field(alias="uitkomst")
    burdening: YesNo = Field(alias="belastend")
    grounds: tuple[RuleId | GivenGround, ...] = Field(alias="gronden", min_length=1, max_length=50)
    source: Text = Field(alias="bron")
    day: IsoDate | None = Field(None, alias="datum")


class NamedDoor(Stated):
    """A door that a professional names, for a ground of which the doors are not in rules.

    Without ``condition`` it is open whether the door stands open; ``question`` and ``asked_of`` tell what would show it.
    """

    id: RuleId
    title: Text = Field(alias="titel")
    source: Text = Field(alias="bron")
    level: Level = Field(alias="niveau")
    lifts: tuple[RuleId, ...] = Field(alias="heftOp", min_length=1)
    sort: Literal["onbenutte bevoegdheid", "uitzondering", "hardheid", "buiten toepassing"] = Field("hardheid", alias="soort")
    condition: YesNo | None = Field(None, alias="voorwaarde")
    reason: Text | None = Field(None, alias="reden")
    question: Text | None = Field(None, alias="vraag")
    asked_of: Text | None = Field(None, alias="aan")
    held_by: Text = Field("college", alias="gehoudenDoor")
    role: Text = Field(alias="rol")


class AddedOption(Stated):
    """A way to act that a professional adds."""

    id: RuleId
    text: Text = Field(alias="tekst")
    source: Text = Field(alias="bron")
    within_rules: YesNo = Field(True, alias="binnenRegels")
    role: Text = Field(alias="rol")


class StatedEffect(Stated):
    """What an option does to somebody, now or later: said by a person with a source, never estimated."""

    option: OptionId = Field(alias="optie")
    whom: Whom = Field(alias="wie")
    name: Text | None = Field(None, alias="naam")
    value: RuleId | None = Field(None, alias="waarde")
    direction: Literal["bevordert", "schaadt"] = Field(alias="richting")
    term: Literal["kort", "lang"] = Field(alias="termijn")
    gravity: Literal["licht", "ernstig", "onomkeerbaar"] = Field(alias="ernst")
    certainty: Literal["vastgesteld", "aannemelijk", "vermoed"] = Field(alias="zekerheid")
    words: Text = Field(alias="omschrijving")
    source: Text = Field(alias="bron")

    @property
    def grave(self) -> bool:
        """Harm that is serious or irreversible."""
        return self.direction == "schaadt" and self.gravity != "licht"


class CostLine(Stated):
    """A number of units of a price item that an option costs or saves."""

    option: OptionId = Field(alias="optie")
    item: Text = Field(alias="post")
    number: Number = Field(alias="aantal")
    direction: Literal["kost", "bespaart"] = Field(alias="richting")
    payer: Text | None = Field(None, alias="betaler")


class SelfSufficiency(Statement):
    """A level on a self-sufficiency instrument: what was scored by whom; no text of the instrument itself."""

    sort: Literal["zelfredzaamheid"] = Field(alias="soort")
    instrument: Text
    version: Text = Field(alias="versie")
    domain: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,40}$")] = Field(alias="domein")
    level: Annotated[int, BeforeValidator(_level), Field(ge=1, le=5)] = Field(alias="niveau")
    assessor: Text = Field(alias="beoordelaar")
    day: IsoDate = Field(alias="datum")
    person: Whom = Field("aanvrager", alias="persoon")


class Balance(Statement):
    """An item of a load or strength list; shown as text, never added or subtracted."""

    sort: Literal["last", "kracht"] = Field(alias="soort")
    person: Whom = Field("aanvrager", alias="persoon")
    level: Literal["micro", "meso", "macro"] = Field(alias="niveau")
    words: Text = Field(alias="omschrijving")
    source: Text = Field(alias="bron")


class WageValue(Statement):
    """A wage value from an expert's report, in whole percents; never computed here."""

    sort: Literal["loonwaarde"] = Field(alias="soort")
    percentage: Annotated[Number, AfterValidator(_percentage)]
    report: Text = Field(alias="rapport")
    assessor: Text = Field(alias="deskundige")
    day: IsoDate = Field(alias="datum")
    person: Whom = Field("aanvrager", alias="persoon")


Evidence: TypeAlias = Annotated[SelfSufficiency | Balance | WageValue, Field(discriminator="sort")]
"""Evidence for a need; no line of the language can read it, so that it never opens or closes a door."""


class Distinguished(Stated):
    """The fact that makes this case another one than an earlier decision."""

    precedent: Text
    difference: Text = Field(alias="verschil")


class Statements(Statement):
    """Everything that was stated beside the facts."""

    outcome: GivenOutcome | None = Field(None, alias="regeluitkomst")
    doors: tuple[NamedDoor, ...] = Field((), alias="deuren", max_length=50)
    options: tuple[AddedOption, ...] = Field((), alias="opties", max_length=50)
    effects: tuple[StatedEffect, ...] = Field((), alias="effecten", max_length=500)
    costs: tuple[CostLine, ...] = Field((), alias="kosten", max_length=500)
    evidence: tuple[Evidence, ...] = Field((), alias="instrumenten", max_length=200)
    distinguished: tuple[Distinguished, ...] = Field((), alias="precedentVerschillen", max_length=50)


STATEMENT_KEYS: tuple[str, ...] = tuple(field.alias or name for name, field in Statements.model_fields.items())
NOTHING = Statements()
