# SPDX-License-Identifier: EUPL-1.2
"""The documents that policy staff write, one model per kind of YAML file.

Attributes are English, keys in the file Dutch (the alias). Scalars arrive as text. Conditions and sums stay text here;
:mod:`engine.language.checker` reads them. Anything that is not named here is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from engine.model.document import (
    MAX_ID,
    NAME,
    RESERVED,
    Condition,
    Document,
    IdName,
    IsoDate,
    Level,
    Line,
    Rank,
    Roles,
    RuleId,
    SetStatus,
    Status,
    YesNo,
    is_above,
)
from engine.model.reversed_documents import (
    AdviceRow,
    ArgumentDecl,
    CaseLaw,
    CheckDecl,
    CostDecl,
    CostsDoc,
    DoorDecl,
    GroundDecl,
    IntensityRow,
    OptionDecl,
    Proof,
    ReversedTestDoc,
    SignalDecl,
    StarsDecl,
    TriggerDecl,
    ValueDecl,
)

# --- facts -----------------------------------------------------------------------------------------------------------


class FactDecl(Document):
    """One fact: its kind, where it comes from, how it is asked."""

    kind: str = Field(alias="soort")
    choices: tuple[IdName, ...] = Field((), alias="keuzes")
    per: Literal["maand", "jaar", "week", "dag", "eenmalig"] | None = None
    unit: Literal["dagen", "maanden", "werkdagen"] | None = Field(None, alias="eenheid")
    question: str | None = Field(None, alias="vraag")
    explanation: str | None = Field(None, alias="toelichting")
    source: str | None = Field(None, alias="bron")
    origin: str | None = Field(None, alias="herkomst")
    changeable: YesNo = Field(True, alias="veranderbaar")
    may_lack: YesNo = Field(False, alias="mag ontbreken")
    assumed: str | None = Field(None, alias="aanname")
    judged_by: Roles = Field((), alias="oordeel van")
    minimum: str | None = Field(None, alias="ten minste")
    maximum: str | None = Field(None, alias="ten hoogste")

    @model_validator(mode="after")
    def _choices_once(self) -> FactDecl:
        if twice := next((choice for choice in self.choices if self.choices.count(choice) > 1), None):
            raise ValueError(f"`keuzes` noemt {twice} twee keer")
        return self


class FactsDoc(Document):
    """``gegevens.yaml``."""

    groups: Mapping[IdName, Mapping[IdName, FactDecl]] = Field(default_factory=dict, alias="groepen")
    facts: Mapping[IdName, FactDecl] = Field(default_factory=dict, alias="gegevens")
    composed: Mapping[IdName, tuple[Line, ...]] = Field(default_factory=dict, alias="samengesteld")
    origins: Mapping[str, Literal["register", "document", "aanvrager", "professional"]] = Field(default_factory=dict, alias="herkomsten")


# --- amounts ---------------------------------------------------------------------------------------------------------


class AmountEntry(Document):
    """A value with a mark of its own."""

    value: str = Field(alias="waarde")
    status: Status | None = None
    note: str | None = Field(None, alias="opmerking")


class AmountDecl(Document):
    """A dated series: each value holds from its date until the next one, the last until ``ingevoerd tot en met``."""

    source: str = Field(alias="bron")
    unit: str = Field(alias="eenheid")
    description: str | None = Field(None, alias="omschrijving")
    status: Status = "te verifieren"
    entered_until: IsoDate | None = Field(None, alias="ingevoerd tot en met")
    not_covered: str | None = Field(None, alias="niet gedekt")
    values: Mapping[IsoDate, str | AmountEntry] = Field(alias="waarden", min_length=1)


class AmountsDoc(Document):
    """``bedragen.yaml``."""

    amounts: Mapping[IdName, AmountDecl] = Field(alias="bedragen")


# --- laws ------------------------------------------------------------------------------------------------------------


def _bwb(value: str) -> str:
    if not re.fullmatch(r"BWB[RVW]\d{7}", value):
        raise ValueError("een BWB-nummer wordt geschreven als BWBR0015703, en dat van een verdrag als BWBV0002508")
    return value


Bwb: TypeAlias = Annotated[str, AfterValidator(_bwb)]


class LawName(Document):
    """A law that may be cited, with its number in the Basiswettenbestand.

    ``boeken``: a number for each book of a law of which an article names its book (`art. 1:3 BW`).
    """

    name: str = Field(alias="naam")
    bwb: Bwb | None = None
    books: Mapping[str, Bwb] = Field(default_factory=dict, alias="boeken")

    @model_validator(mode="after")
    def _one_number(self) -> LawName:
        if self.bwb is not None and self.books:
            raise ValueError("`bwb` en `boeken` gaan niet samen: een wet met boeken heeft een nummer per boek")
        return self


class WordDecl(Document):
    """A word that readers may not know, with what it means; ``vormen`` are the other forms that count as the word.

    Without ``bron`` the word is one of our own, or one that the law uses without saying what it means.
    """

    word: str = Field(alias="woord", min_length=2)
    forms: tuple[str, ...] = Field((), alias="vormen")
    explanation: str = Field(alias="uitleg", min_length=2)
    source: str | None = Field(None, alias="bron")
    status: Status = "te verifieren"
    valid_from: IsoDate | None = Field(None, alias="geldig vanaf")
    valid_until: IsoDate | None = Field(None, alias="geldig tot")

    @model_validator(mode="after")
    def _read_somewhere(self) -> WordDecl:
        if self.source is None and "status" in self.model_fields_set:
            raise ValueError("`status` doet niets zonder `bron`: er is dan niets na te lezen")
        return self

    def holds(self, day: date) -> bool:
        """Whether the word has this meaning on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_until is None or day < self.valid_until)

    def meets(self, other: WordDecl) -> bool:
        """Whether there is a day on which both hold."""
        return (other.valid_until is None or self.valid_from is None or self.valid_from < other.valid_until) and (
            self.valid_until is None or other.valid_from is None or other.valid_from < self.valid_until
        )


class LawDoc(Document):
    """``regeling.yaml``: the law itself with its words; in ``algemeen/`` the words and the other laws that laws share."""

    name: str = Field(alias="naam")
    bwb: Bwb | None = None
    body: str | None = Field(None, alias="bevoegd orgaan")
    within: Roles = Field((), alias="binnen de gemeente")
    description: str | None = Field(None, alias="omschrijving")
    citable: Mapping[str, LawName] = Field(default_factory=dict, alias="aanhaalbaar")
    words: tuple[WordDecl, ...] = Field((), alias="woorden")


# --- rules -----------------------------------------------------------------------------------------------------------


class Explanation(Document):
    """What a rule says to a person, per truth value."""

    true: str | None = Field(None, alias="waar")
    false: str | None = Field(None, alias="onwaar")
    unknown: str | None = Field(None, alias="onbekend")


class TableRow(Document):
    """A row of a ``tabel``; the last may leave out ``als``."""

    when: Condition = Field(None, alias="als")
    value: Line = Field(alias="dan")


class TierRow(Document):
    """A tier; the last may leave out ``tot en met``."""

    upto: Line | None = Field(None, alias="tot en met")
    each: Line = Field(alias="per stuk")


class Tiers(Document):
    """``schijven``: over which number, and the tiers in order."""

    over: Line
    rows: tuple[TierRow, ...] = Field(alias="rijen", min_length=1)


class OpenTerm(Document):
    """What a lower level may fill in."""

    level: Literal["gemeente"] = Field(alias="niveau")
    rank: Rank | None = Field(None, alias="rang")
    minimum: Line | None = Field(None, alias="ten minste")
    maximum: Line | None = Field(None, alias="ten hoogste")
    otherwise: Line | None = Field(None, alias="anders")
    question: str | None = Field(None, alias="vraag")


Role = Literal["voorwaarde", "weigeringsgrond", "ontvankelijkheid", "bevoegdheid", "plicht", "begripsbepaling"]


class RuleDecl(Document):
    """One rule, as it is written."""

    id: RuleId
    source: str = Field(alias="bron")
    level: Level = Field("formele wet", alias="niveau")
    status: Status = "te verifieren"
    not_covered: str | None = Field(None, alias="niet gedekt")
    decides: IdName = Field(alias="bepaalt")
    kind: str | None = Field(None, alias="soort")
    per_item: IdName | None = Field(None, alias="voor elke")
    role: Role | None = Field(None, alias="rol")
    modality: Literal["gebonden", "kan"] = Field("gebonden", alias="modaliteit")
    when: Condition = Field(None, alias="als")
    unless: Condition = Field(None, alias="tenzij")
    value: Line | None = Field(None, alias="waarde")
    table: tuple[TableRow, ...] = Field((), alias="tabel")
    tiers: Tiers | None = Field(None, alias="schijven")
    at_most: Line | None = Field(None, alias="ten hoogste")
    at_least: Line | None = Field(None, alias="ten minste")
    rounding: str | None = Field(None, alias="afronden")
    otherwise: Line | None = Field(None, alias="anders")
    sets_aside: tuple[RuleId, ...] = Field((), alias="gaat voor")
    open_to: OpenTerm | None = Field(None, alias="open voor")
    duty_of: str | None = Field(None, alias="plicht van")
    question: str | None = Field(None, alias="vraag")
    decided_by: Roles = Field((), alias="keuze van")
    explanation: Explanation = Field(default_factory=Explanation, alias="uitleg")
    title: str | None = Field(None, alias="titel")
    known_from: IsoDate | None = Field(None, alias="bekend vanaf")

    @model_validator(mode="after")
    def _one_form(self) -> RuleDecl:
        forms = [
            name
            for name, given in (("waarde", self.value), ("tabel", self.table), ("schijven", self.tiers), ("open voor", self.open_to))
            if given
        ]
        if len(forms) > 1:
            raise ValueError(f"`{forms[0]}` en `{forms[1]}` gaan niet samen in een regel")
        if not forms:
            for name, given in (
                ("ten hoogste", self.at_most),
                ("ten minste", self.at_least),
                ("afronden", self.rounding),
                ("anders", self.otherwise),
                ("gaat voor", self.sets_aside),
            ):
                if given:
                    raise ValueError(f"`{name}` doet niets zonder `waarde`, `tabel` of `schijven`")
        if self.otherwise is not None and self.when is None and self.unless is None and self.modality != "kan":
            raise ValueError("`anders` doet niets zonder `als` of `tenzij`: de regel geldt dan altijd")
        if self.per_item and self.role in ("bevoegdheid", "ontvankelijkheid"):
            raise ValueError(f"`rol` {self.role} gaat over de hele zaak en past niet bij `voor elke`")
        if forms and self.role and self.role != "begripsbepaling":
            raise ValueError(f"`rol` {self.role} past alleen bij een regel die ja of nee bepaalt, niet bij een waarde")
        if self.role == "begripsbepaling" and self.modality == "kan":
            raise ValueError("`rol` begripsbepaling zegt wat iets is: een keuze (`modaliteit: kan`) past daar niet bij")
        if forms and self.modality == "kan" and self.open_to:
            raise ValueError("`modaliteit: kan` en `open voor` gaan niet samen in een regel")
        if self.open_to and not self.kind:
            raise ValueError("`open voor` heeft een `soort` nodig, die zegt wat er mag worden ingevuld")
        if self.kind and not self.open_to:
            raise ValueError("`soort` doet alleen iets bij `open voor`; anders volgt het soort uit de waarde")
        if self.duty_of and self.role != "plicht":
            raise ValueError("`plicht van` doet alleen iets bij `rol: plicht`")
        if self.modality != "kan" and (self.question or self.decided_by):
            raise ValueError("`vraag` en `keuze van` doen alleen iets bij `modaliteit: kan`")
        return self


OutcomeRow: TypeAlias = Mapping[IdName, Line]


class AssessmentDecl(Document):
    """``beoordeling``: the ladder of results, and which values belong to which."""

    sort: Literal["beschikking", "advies aan rechtbank", "advies"] = Field(alias="soort")
    outcomes: tuple[OutcomeRow, ...] = Field(alias="uitkomsten", min_length=1)
    values: Mapping[str, tuple[IdName, ...]] = Field(default_factory=dict, alias="waarden")
    indicative: Mapping[str, tuple[IdName, ...]] = Field(default_factory=dict, alias="ter indicatie")
    burdening: tuple[IdName, ...] = Field((), alias="belastend")
    texts: Mapping[str, str] = Field(default_factory=dict, alias="teksten")
    letter: Mapping[str, str] = Field(default_factory=dict, alias="uitleg")


class RuleSetDoc(Document):
    """A regelset version: the rules of one thing that can be claimed (or a shared part), as the law stood from a day."""

    ruleset: str = Field(alias="regelset")
    title: str | None = Field(None, alias="titel")
    valid_from: IsoDate = Field(alias="geldig vanaf")
    known_from: IsoDate | None = Field(None, alias="bekend vanaf")
    status: SetStatus = "concept"
    note: str | None = Field(None, alias="opmerking")
    amends: IsoDate | None = Field(None, alias="wijzigt")
    lapses: tuple[RuleId, ...] = Field((), alias="vervalt")
    repairs: str | None = Field(None, alias="herstelt")
    version_by: IdName | None = Field(None, alias="versie volgens")
    uses: tuple[str, ...] = Field((), alias="gebruikt")
    assessment: AssessmentDecl | None = Field(None, alias="beoordeling")
    rules: tuple[RuleDecl, ...] = Field((), alias="regels")


# --- calendar, municipalities, tests ---------------------------------------------------------------------------------


class CalendarDoc(Document):
    """``kalender.yaml``."""

    leap_birthday: Literal["1 maart", "28 februari"] = Field(alias="verjaardag van 29 februari")
    month_end: Literal["laatste dag van de maand"] = Field(alias="dag die de maand niet heeft")
    source: str = Field(alias="bron")
    status: Status = "te verifieren"
    first: IsoDate | None = Field(None, alias="feestdagen vanaf")
    last: IsoDate | None = Field(None, alias="feestdagen tot en met")
    holidays: Mapping[IsoDate, str] = Field(default_factory=dict, alias="feestdagen")

    @model_validator(mode="after")
    def _within(self) -> CalendarDoc:
        if (self.first is None) is not (self.last is None) or (self.holidays and self.first is None):
            raise ValueError("`feestdagen` zegt niets zonder zowel `feestdagen vanaf` als `feestdagen tot en met`")
        if self.first is not None and self.last is not None:
            outside = [day for day in self.holidays if not self.first <= day <= self.last]
            if outside:
                raise ValueError(f"`feestdagen` noemt {outside[0]}, en dat ligt buiten {self.first} tot en met {self.last}")
        return self


class FillingDecl(Document):
    """What one municipality filled in for one open term.

    ``bron`` names the article of the document; without ``geldig vanaf`` it holds as long as the document does.
    """

    value: Line = Field(alias="waarde")
    source: str | None = Field(None, alias="bron")
    valid_from: IsoDate | None = Field(None, alias="geldig vanaf")
    valid_until: IsoDate | None = Field(None, alias="geldig tot")


def _cvdr(value: str) -> str:
    if not re.fullmatch(r"CVDR\d{1,9}/\d{1,4}|verzonnen", value):
        raise ValueError("een CVDR-nummer wordt geschreven als CVDR123456/1; van een verzonnen document staat er `verzonnen`")
    return value


Fillings: TypeAlias = Annotated[
    Annotated[FillingDecl, Tag("FillingDecl")] | Annotated[tuple[FillingDecl, ...], Field(min_length=1), Tag("tuple[FillingDecl, ...]")],
    Discriminator(lambda value: "tuple[FillingDecl, ...]" if isinstance(value, list | tuple) else "FillingDecl"),
]
"""One value, or dated values of which each holds until the next."""


class MunicipalityDoc(Document):
    """A file under ``gemeenten/<CBS-code>/``: one ordinance or policy document, and the open terms that it fills in."""

    municipality: str = Field(alias="gemeente", pattern=r"^GM\d{4}$")
    name: str | None = Field(None, alias="naam")
    rank: Rank = Field(alias="rang")
    title: str = Field(alias="citeertitel", min_length=1)
    cvdr: Annotated[str, AfterValidator(_cvdr)] | None = None
    valid_from: IsoDate = Field(alias="geldig vanaf")
    fillings: Mapping[RuleId, Fillings] = Field(default_factory=dict, alias="invulling")
    stars: Mapping[RuleId, StarsDecl] = Field(default_factory=dict, alias="sterren")
    costs: Mapping[IdName, CostDecl] = Field(default_factory=dict, alias="kosten")


DoorState: TypeAlias = Literal["open", "dicht", "te onderzoeken", "uitgesloten", "niet genoemd"]
"""How a door must stand; one that lifts no ground of the case is not named."""
OptionState: TypeAlias = Literal["mogelijk", "te onderzoeken", "niet genoemd"]
"""How an option must stand; one that does not fit the case is not named."""


class Expected(Document):
    """What a test of policy staff expects; only what is named is compared."""

    outcome: str | None = Field(None, alias="uitkomst")
    possible: tuple[str, ...] | None = Field(None, alias="mogelijke uitkomsten")
    values: Mapping[str, str] = Field(default_factory=dict, alias="waarden")
    amount: str | None = Field(None, alias="bedrag")
    rules: Mapping[str, Literal["waar", "onwaar", "onbekend"]] = Field(default_factory=dict, alias="regels")
    grounds: tuple[str, ...] | None = Field(None, alias="gronden")
    missing: tuple[str, ...] | None = Field(None, alias="vraagt")
    not_asked: tuple[str, ...] = Field((), alias="vraagt niet")
    carried: tuple[str, ...] | None = Field(None, alias="rust op oordelen")
    advice: str | None = Field(None, alias="advies")
    doors: Mapping[str, DoorState] = Field(default_factory=dict, alias="deuren")
    no_doors: YesNo = Field(False, alias="geen deuren")
    options: Mapping[str, OptionState] = Field(default_factory=dict, alias="opties")
    triggers: Mapping[str, Literal["waar", "onwaar", "onbekend"]] = Field(default_factory=dict, alias="aanleidingen")
    signals: tuple[str, ...] | None = Field(None, alias="signalen")
    refused: str | None = Field(None, alias="geweigerd")


class GivenInTest(Document):
    """A rule outcome from elsewhere, on which a test tries the reversed test; where it comes from is the source of the test."""

    result: str = Field("besluit", alias="uitkomst")
    burdening: YesNo = Field(True, alias="belastend")
    grounds: tuple[RuleId, ...] = Field(alias="gronden", min_length=1)


class TestDecl(Document):
    """One test, of a claim or of a rule outcome under a law; ``amounts`` are values for amounts that are not entered on its day."""

    __test__ = False
    test: str = Field(alias="toets")
    claim: str | None = Field(None, alias="aanspraak")
    law: str | None = Field(None, alias="regeling")
    date: IsoDate = Field(alias="peildatum")
    municipality: str | None = Field(None, alias="gemeente")
    base: str | None = Field(None, alias="uitgangspunt")
    facts: Mapping[str, Any] = Field(default_factory=dict, alias="gegevens")
    amounts: Mapping[str, str] = Field(default_factory=dict, alias="bedragen")
    given: GivenInTest | None = Field(None, alias="regeluitkomst")
    expected: Expected = Field(alias="verwacht")
    source: str = Field(alias="bron")

    @model_validator(mode="after")
    def _about_one_thing(self) -> TestDecl:
        if (self.claim is None) is (self.law is None):
            raise ValueError("noem een `aanspraak`, of een `regeling` met een `regeluitkomst`")
        if self.law is not None and self.given is None:
            raise ValueError("een toets van een `regeling` heeft een `regeluitkomst` nodig")
        return self


class BaseCaseDecl(Document):
    """A named, visible base household."""

    description: str = Field(alias="omschrijving")
    facts: Mapping[str, Any] = Field(alias="gegevens")


class BaseCasesDoc(Document):
    """``uitgangspunten.yaml``."""

    bases: Mapping[IdName, BaseCaseDecl] = Field(alias="uitgangspunten")


__all__ = [
    "MAX_ID",
    "NAME",
    "RESERVED",
    "AdviceRow",
    "AmountDecl",
    "AmountEntry",
    "AmountsDoc",
    "ArgumentDecl",
    "AssessmentDecl",
    "BaseCaseDecl",
    "BaseCasesDoc",
    "CalendarDoc",
    "CaseLaw",
    "CheckDecl",
    "Condition",
    "CostDecl",
    "CostsDoc",
    "Document",
    "DoorDecl",
    "Expected",
    "Explanation",
    "FactDecl",
    "FactsDoc",
    "FillingDecl",
    "Fillings",
    "GivenInTest",
    "GroundDecl",
    "IdName",
    "IntensityRow",
    "IsoDate",
    "LawDoc",
    "LawName",
    "Level",
    "Line",
    "MunicipalityDoc",
    "OpenTerm",
    "OptionDecl",
    "Proof",
    "Rank",
    "ReversedTestDoc",
    "Roles",
    "RuleDecl",
    "RuleId",
    "RuleSetDoc",
    "SetStatus",
    "SignalDecl",
    "StarsDecl",
    "Status",
    "TableRow",
    "TestDecl",
    "TierRow",
    "Tiers",
    "TriggerDecl",
    "ValueDecl",
    "YesNo",
    "is_above",
]
