# SPDX-License-Identifier: EUPL-1.2
"""The documents of the reversed test: ``omgekeerde_toets.yaml`` and ``kosten.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from engine.model.document import Condition, Document, GroundSort, IdName, IsoDate, Level, Roles, RuleId, Status, YesNo


class ValueDecl(Document):
    """A value that a law exists for (grondwaarde)."""

    id: RuleId
    sort: Literal["vloer", "doel", "behoorlijk bestuur", "beleid"] = Field(alias="soort")
    source: str = Field(alias="bron")
    status: Status = "te verifieren"
    text: str = Field(alias="tekst")


class CaseLaw(Document):
    """A ruling that widened or narrowed a door."""

    date: IsoDate = Field(alias="datum")
    ecli: str
    meaning: str | None = Field(None, alias="strekking")
    status: Status = "te verifieren"


class Proof(Document):
    """Who must show what."""

    who: str = Field(alias="wie")
    what: str | None = Field(None, alias="wat")
    then: str | None = Field(None, alias="daarna")


class DoorDecl(Document):
    """A provision that can carry a deviation: exactly which grounds it lifts, and when."""

    id: RuleId
    title: str = Field(alias="titel")
    source: str = Field(alias="bron")
    status: Status = "te verifieren"
    sort: Literal["onbenutte bevoegdheid", "uitzondering", "hardheid", "buiten toepassing"] = Field(alias="soort")
    level: Level = Field(alias="niveau")
    opens_for: tuple[RuleId, ...] = Field((), alias="opent voor")
    tunes: tuple[IdName, ...] = Field((), alias="stemt af")
    excluded_when: Condition = Field(None, alias="uitgesloten als")
    when: Condition = Field(None, alias="als")
    valid_from: IsoDate = Field(alias="geldig vanaf")
    valid_until: IsoDate | None = Field(None, alias="geldig tot")
    widened_from: CaseLaw | None = Field(None, alias="verruimd vanaf")
    case_law: tuple[CaseLaw, ...] = Field((), alias="rechtspraak")
    proof: Proof | None = Field(None, alias="bewijs")
    weighing_built_in: YesNo = Field(False, alias="weging ingebouwd")
    direction: Literal["gunstig", "beide"] = Field("gunstig", alias="richting")
    authority: Roles = Field((), alias="bevoegd")
    held_by: str = Field("college", alias="gehouden door")
    option: str | None = Field(None, alias="optie")
    values: tuple[RuleId, ...] = Field((), alias="waarden")
    not_covered: str | None = Field(None, alias="niet gedekt")


class TriggerDecl(Document):
    """A reason to look further, the same for everyone."""

    id: RuleId
    source: str = Field(alias="bron")
    when: Condition = Field(alias="als")
    text: str = Field(alias="tekst")
    floor: YesNo = Field(False, alias="vloer")


class CheckDecl(Document):
    """A question of proportionality or ethics that a person answers; ``gegeven`` holds the judgement."""

    id: RuleId
    sort: Literal["evenredigheid", "ethiek"] = Field(alias="soort")
    fact: IdName = Field(alias="gegeven")
    source: str = Field(alias="bron")
    question: str = Field(alias="vraag")
    if_no: str | None = Field(None, alias="bij nee")
    applies_when: Condition = Field(None, alias="geldt als")
    blocks: YesNo = Field(False, alias="blokkeert")


class OptionDecl(Document):
    """Another way to act. ``binnen regels``: needs no deviation. ``gebruikt``: the power (rule id) that it uses.

    With ``bij gronden`` it is an option only for a case with one of these grounds.
    """

    id: RuleId
    sort: Literal["regeluitkomst", "zachter toepassen", "onbenutte bevoegdheid", "andere voorziening", "afwijken", "eerst onderzoeken"] = (
        Field(alias="soort")
    )
    source: str = Field(alias="bron")
    status: Status = "te verifieren"
    text: str = Field(alias="tekst")
    when: Condition = Field(None, alias="als")
    uses_power: RuleId | None = Field(None, alias="gebruikt")
    for_grounds: tuple[RuleId, ...] = Field((), alias="bij gronden")
    within_rules: YesNo = Field(True, alias="binnen regels")
    values: tuple[RuleId, ...] = Field((), alias="waarden")
    valid_from: IsoDate | None = Field(None, alias="geldig vanaf")
    valid_until: IsoDate | None = Field(None, alias="geldig tot")


class ArgumentDecl(Document):
    """An argument for or against an option (by its sort), with its corner of the value triangle."""

    id: RuleId
    direction: Literal["voor", "tegen"] = Field(alias="richting")
    option: str = Field(alias="optie")
    when: Condition = Field(None, alias="als")
    text: str = Field(alias="tekst")
    source: str = Field(alias="bron")
    values: tuple[RuleId, ...] = Field((), alias="waarden")
    corner: Literal["rechtmatig", "betrokken", "rendement"] = Field(alias="hoek")


class GroundDecl(Document):
    """A ground of law that is not in rules: a given rule outcome can name it, and a door can lift it."""

    id: RuleId
    title: str = Field(alias="titel")
    source: str = Field(alias="bron")
    status: Status = "te verifieren"
    level: Level = Field("formele wet", alias="niveau")
    sort: GroundSort = Field(alias="soort")
    valid_from: IsoDate | None = Field(None, alias="geldig vanaf")
    valid_until: IsoDate | None = Field(None, alias="geldig tot")


class IntensityRow(Document):
    """How closely the outcome is to be weighed: the first row that fits."""

    result: Literal["indringend", "gewoon", "terughoudend"] = Field(alias="uitkomst")
    when: Condition = Field(None, alias="als")
    source: str = Field(alias="bron")
    text: str = Field(alias="tekst")


class AdviceRow(Document):
    """A row of the advice table: the first that fits."""

    result: IdName = Field(alias="uitkomst")
    when: Condition = Field(None, alias="als")
    text: str = Field(alias="tekst")


class SignalDecl(Document):
    """Something to tell beside the outcome: about a rule or a policy, never a result."""

    id: RuleId
    source: str = Field(alias="bron")
    status: Status = "te verifieren"
    when: Condition = Field(alias="als")
    text: str = Field(alias="tekst")
    valid_from: IsoDate | None = Field(None, alias="geldig vanaf")
    valid_until: IsoDate | None = Field(None, alias="geldig tot")


class ReversedTestDoc(Document):
    """``omgekeerde_toets.yaml``."""

    values: tuple[ValueDecl, ...] = Field((), alias="waarden")
    doors: tuple[DoorDecl, ...] = Field((), alias="deuren")
    triggers: tuple[TriggerDecl, ...] = Field((), alias="aanleidingen")
    checks: tuple[CheckDecl, ...] = Field((), alias="toetsen")
    options: tuple[OptionDecl, ...] = Field((), alias="opties")
    arguments: tuple[ArgumentDecl, ...] = Field((), alias="argumenten")
    advice: tuple[AdviceRow, ...] = Field((), alias="advies")
    signals: tuple[SignalDecl, ...] = Field((), alias="signalen")
    grounds: tuple[GroundDecl, ...] = Field((), alias="gronden")
    intensity: tuple[IntensityRow, ...] = Field((), alias="intensiteit")
    compared: tuple[str, ...] = Field((), alias="vergelijken op")
    wordings: Mapping[str, str] = Field(default_factory=dict, alias="teksten")


# --- costs and weights -----------------------------------------------------------------------------------------------


class CostDecl(Document):
    """What one unit of something costs, between two bounds in euros, in the prices of a year."""

    description: str = Field(alias="omschrijving")
    unit: str = Field(alias="eenheid")
    low: str = Field(alias="laag")
    high: str = Field(alias="hoog")
    year: str = Field(alias="jaar")
    region: str | None = Field(None, alias="regio")
    payer: str = Field(alias="betaler")
    source: str = Field(alias="bron")
    status: Status = "te verifieren"
    caution: str | None = Field(None, alias="let op")

    @model_validator(mode="after")
    def _interval(self) -> CostDecl:
        if not re.fullmatch(r"\d{4}", self.year):
            raise ValueError("`jaar` heeft vier cijfers: 2026")
        low, high = (_euros(name, text) for name, text in (("laag", self.low), ("hoog", self.high)))
        if low > high:
            raise ValueError("`laag` is hoger dan `hoog`")
        return self


def _euros(name: str, text: str) -> Decimal:
    if not re.fullmatch(r"\d+(\.\d{1,2})?", text):
        raise ValueError(f"`{name}` is een bedrag in euro's met een punt: 15000 of 15000.50")
    return Decimal(text)


class CostsDoc(Document):
    """``kosten.yaml``: price items; empty but for what has a public source."""

    items: Mapping[IdName, CostDecl] = Field(default_factory=dict, alias="posten")


class StarsDecl(Document):
    """How much an ordinance says that a value weighs: one to three stars, with the article that says so."""

    count: Literal["1", "2", "3"] = Field(alias="aantal")
    source: str = Field(alias="bron")
