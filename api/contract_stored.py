# SPDX-License-Identifier: EUPL-1.2
"""The contract of what is kept: assessments with their number, effects, decisions, searches and the register."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, JsonValue, WithJsonSchema

from api.contract import AanvraagIn, BeoogdEffectIn, Beoordeling, Fout, Regel
from api.contract_base import Answer, Day, LifeDomain, MaybeText, Request
from api.contract_stated import EffectIn
from api.stored.paging import LAST_PAGE, MOST, USUAL_SIZE

MaybeNumber = Annotated[int | None, WithJsonSchema({"type": ["integer", "null"]})]
MaybeTruth = Annotated[bool | None, WithJsonSchema({"type": ["boolean", "null"]})]
MaybeDay = Annotated[Day | None, WithJsonSchema({"type": "string", "format": "date"})]
Address = Annotated[
    str, Field(max_length=200), WithJsonSchema({"type": "string", "format": "uri", "pattern": "^https?://[!-~]+$", "maxLength": 200})
]
_NUMBER = {"pattern": r"^[0-9]{9}$", "json_schema_extra": {"format": "elfproef"}}
Rsin = Annotated[str, Field(description="RSIN van de gemeente; voldoet aan de elfproef.", **_NUMBER)]
Bsn = Annotated[str, Field(description="Het burgerservicenummer; voldoet aan de elfproef.", **_NUMBER)]
_TERM = r"^[^\x00-\x1f\x7f]{1,200}$"
Case = Annotated[str, Field(description="Het nummer of adres van de zaak in het zaaksysteem.", pattern=_TERM)]
LINE = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
"""A text of one line in which something stands."""
Verval = Literal["tijdelijk", "ingetrokken_overheid", "ingetrokken_belanghebbende"]

# --- in --------------------------------------------------------------------------------------------------------------


class BetrokkeneIn(Request):
    """Om wie het gaat. Bewaard wordt alleen een pseudoniem."""

    bsn: Bsn


class BewaardeAanvraagIn(AanvraagIn):
    """Een zaak om te beoordelen en te bewaren. De gemeente is verplicht."""

    gemeente: str = Field(description="CBS-code van de gemeente.", pattern=r"^GM\d{4}$")
    betrokkene: BetrokkeneIn | None = None
    zaak: Case | None = None


class EffectenIn(Request):
    """Effecten die mensen noemen nadat de beoordeling er is; ten minste een."""

    beoogde_effecten: list[BeoogdEffectIn] = Field(
        default_factory=list, description="Wat iemand wil bereiken. Genoemd op of na de dag van de uitkomst: dan staat er `naUitkomst`."
    )
    effecten: list[EffectIn] = Field(default_factory=list, description="Wat een optie met iemand doet.")


class VerworpenIn(Request):
    """Een argument dat niet de doorslag geeft, en waarom niet."""

    argument: str
    reden: str


class BeantwoordIn(Request):
    """Een argument waaraan is tegemoetgekomen, en hoe."""

    argument: str
    antwoord: str


class GehoordIn(Request):
    """Of de betrokkene is gehoord: wanneer, of waarom niet."""

    gehoord: bool
    datum: MaybeDay = None
    reden: str | None = None


class GeraadpleegdIn(Request):
    """Iemand die om advies is gevraagd."""

    wie: str
    datum: Day
    inbreng: str | None = None


class KindIn(Request):
    """Het belang van een kind, en hoe het is gewogen."""

    wie: str
    belang: str
    gewogen: str


class NadeelIn(Request):
    """Iemand van het huishouden voor wie het besluit nadelig is, en waarom dat zo mag zijn."""

    wie: str
    reden: str


class PrecedentVerschilIn(Request):
    """Het feit waarin dit geval verschilt van een eerder besluit."""

    precedent: str
    verschil: str


class LaatEffectIn(Request):
    """Een effect dat pas na de uitkomst is genoemd, in de woorden van de betrokkene."""

    persoon: str
    leefgebied: LifeDomain
    omschrijving: str
    termijn: Literal["kort", "lang"]
    gesteld_door: str
    gesteld_op: Day


class ZgwBesluitIn(Request):
    """Wat de Besluiten API nog meer vraagt. Wat is ingesteld, mag ontbreken."""

    identificatie: str | None = Field(None, max_length=50, pattern=LINE)
    verantwoordelijke_organisatie: Rsin | None = None
    besluittype: Address | None = None
    zaak: Address | None = None
    bestuursorgaan: str | None = Field(None, max_length=50, pattern=LINE)
    ingangsdatum: MaybeDay = None
    vervaldatum: MaybeDay = None
    vervalreden: Verval | None = None
    publicatiedatum: MaybeDay = None
    verzenddatum: MaybeDay = None
    uiterlijke_reactiedatum: MaybeDay = None


class BesluitIn(Request):
    """De vastlegging van een mens die besluit. Wat nog ontbreekt, geeft 409 en staat in `fouten`."""

    besluit: Literal["gevolgd", "afgeweken", "lichter middel", "anders"] | None = None
    optie: str | None = None
    ook_deuren: list[str] = Field(default_factory=list)
    rol: str | None = Field(None, description="De rol waarin is besloten.")
    door: str | None = Field(None, description="Wie besluit; alleen als het token geen persoon noemt.")
    datum: MaybeDay = None
    eigen_woorden: str | None = None
    motief: str | None = Field(None, description="In een zin waarom, zonder iets waaraan iemand te herkennen is; voor het register.")
    verworpen_argumenten: list[VerworpenIn] = Field(default_factory=list)
    beantwoorde_argumenten: list[BeantwoordIn] = Field(default_factory=list)
    gehoord: GehoordIn | None = None
    geraadpleegd: list[GeraadpleegdIn] = Field(default_factory=list)
    kinderen: list[KindIn] = Field(default_factory=list)
    ten_nadele_van: list[NadeelIn] = Field(default_factory=list)
    verschil_met_precedent: list[PrecedentVerschilIn] = Field(default_factory=list)
    beoogd_effect: Literal["geen effect genoemd"] | None = None
    effect_na_uitkomst: list[LaatEffectIn] = Field(default_factory=list)
    zgw_besluit: ZgwBesluitIn | None = None
    corrigeert: str | None = Field(None, description="De id van het besluit dat dit besluit corrigeert.")


class HerberekenIn(Request):
    """Met welke regels opnieuw."""

    regels: Literal["toen", "nu"]


class GezochtePersoonIn(Request):
    """Een persoon, op een van beide."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    bsn: Bsn | None = None
    pseudoniem: str | None = Field(None, pattern=_TERM)


class ZoekIn(Request):
    """Waarop wordt gezocht; wat ontbreekt, telt niet mee."""

    gemeente: str | None = Field(None, description="Mag ontbreken bij een sleutel van een gemeente.", pattern=r"^GM\d{4}$")
    zaak: Case | None = None
    betrokkene: GezochtePersoonIn | None = None
    grond: str | None = Field(None, description="De id van een regel die in de weg stond of kon staan.", pattern=_TERM)
    deur: str | None = Field(None, description="De id van een deur die openstond of kon openstaan.", pattern=_TERM)
    vanaf: MaybeDay = None
    tot_en_met: MaybeDay = None
    page: int = Field(1, ge=1, le=LAST_PAGE)
    page_size: int = Field(USUAL_SIZE, ge=1, le=MOST)


# --- out -------------------------------------------------------------------------------------------------------------


class BewaardeBeoordeling(Beoordeling):
    """Een beoordeling die is bewaard."""

    id: str
    zaak: MaybeText
    aanvulling_op: MaybeText = Field(description="De beoordeling die met genoemde effecten opnieuw is uitgewerkt.")


class Stappen(Answer):
    """Het hele spoor van een beoordeling."""

    id: str
    stappen: list[Regel]


class VerschilBijHerberekening(Answer):
    """Een onderdeel dat nu anders uitkomt."""

    onderdeel: str
    naam: str
    toen: JsonValue
    nu: JsonValue


class OorzaakVanVerschil(Answer):
    """Een regel of bedrag dat de uitkomst keert."""

    regel: str
    reden: str
    bron: str


class Wijziging(Answer):
    """Wat er tussen twee regelbestanden is gewijzigd."""

    soort: str
    onderwerp: str
    zin: str
    voor: MaybeText
    na: MaybeText
    vanaf: Annotated[Any, WithJsonSchema({"type": ["string", "null"], "format": "date"})]


class Herberekening(Answer):
    """Een bewaarde beoordeling, opnieuw gemaakt en vergeleken."""

    beoordeling: str
    regels: Literal["toen", "nu"]
    gelijk: bool = Field(description="Of alles wat telt gelijk is.")
    woordelijk_gelijk: bool = Field(description="Of ook elke tekst gelijk is.")
    regelbestand_toen: str
    regelbestand_nu: str
    regelmotor_toen: str
    regelmotor_nu: str
    verschillen: list[VerschilBijHerberekening]
    geweigerd: list[Fout] = Field(description="Waarom de regels van nu deze aanvraag niet meer aannemen.")
    oorzaken: list[OorzaakVanVerschil]
    wijzigingen: list[Wijziging]


class VastgelegdBesluit(Answer):
    """Wat een mens heeft besloten."""

    besluit: Literal["gevolgd", "afgeweken", "lichter middel", "anders"]
    optie: str
    ook_deuren: list[str]
    rol: str
    door: str
    datum: Day
    eigen_woorden: str
    motief: str
    verworpen_argumenten: list[dict[str, JsonValue]]
    beantwoorde_argumenten: list[dict[str, JsonValue]]
    gehoord: dict[str, JsonValue]
    geraadpleegd: list[dict[str, JsonValue]]
    kinderen: list[dict[str, JsonValue]]
    ten_nadele_van: list[dict[str, JsonValue]]
    verschil_met_precedent: list[dict[str, JsonValue]]
    beoogd_effect: MaybeText
    effect_na_uitkomst: list[dict[str, JsonValue]]
    optie_tekst: str
    deuren: list[str]
    advies: str
    advies_gevolgd: MaybeTruth
    bij_advies: str


class BesluitConcept(Answer):
    """Een besluit zoals de Besluiten API (1.1) het aanneemt. Deze dienst stuurt het nergens heen."""

    identificatie: str | None = None
    verantwoordelijke_organisatie: Rsin
    besluittype: Address
    zaak: Address | None = None
    datum: Day
    toelichting: str
    bestuursorgaan: str | None = None
    ingangsdatum: Day
    vervaldatum: MaybeDay = None
    vervalreden: Verval | None = None
    publicatiedatum: MaybeDay = None
    verzenddatum: MaybeDay = None
    uiterlijke_reactiedatum: MaybeDay = None


class Besluit(Answer):
    """Een besluit op een beoordeling."""

    id: str
    beoordeling: str
    corrigeert: MaybeText
    besluit: VastgelegdBesluit
    besluit_concept: BesluitConcept | None = Field(description="Leeg als er geen RSIN is ingesteld en het verzoek geen `zgwBesluit` heeft.")


class GevondenBeoordeling(Answer):
    """Een beoordeling in een lijst."""

    id: str
    gemeente: str
    aanspraak: MaybeText
    peildatum: Annotated[Day | None, WithJsonSchema({"type": ["string", "null"], "format": "date"})]
    vastgelegd_op: datetime
    zaak: MaybeText
    pseudoniem: MaybeText = Field(description="Van de betrokkene, in deze gemeente.")
    aanvulling_op: MaybeText
    aangevuld_door: MaybeText
    besloten: bool
    vernietigd: bool


class GevondenBeoordelingen(Answer):
    """Een bladzijde van beoordelingen, de nieuwste eerst."""

    count: int
    next: MaybeNumber = Field(description="Het nummer van de volgende bladzijde, voor `page`.")
    previous: MaybeNumber
    results: list[GevondenBeoordeling]


Telling = Annotated[int | str, WithJsonSchema({"type": ["integer", "string"]})]


class _Geteld(Answer):
    """Aantallen, of het woord voor een aantal dat niet mag worden gezien."""

    afgeweken: Telling
    niet_afgeweken: Telling
    samen: Telling


class Totaal(_Geteld):
    """De totalen van het register."""


class Afwijking(_Geteld):
    """Gelijke besluiten: dezelfde gronden, dezelfde deur."""

    regeling: str
    gronden: str
    deur: str


class AdviesGeteld(_Geteld):
    """Besluiten naar het advies dat er lag."""

    advies: str


class Afwijkingen(Answer):
    """Het register van afwijkingen, zoals het mag worden gezien."""

    count: int
    next: MaybeText = Field(description="Het adres van de volgende bladzijde.")
    previous: MaybeText
    results: list[Afwijking]
    gemeente: str
    toelichting: str
    jaren: Annotated[list[int] | None, WithJsonSchema({"type": ["array", "null"], "items": {"type": "integer"}})]
    adviezen: list[AdviesGeteld]
    totaal: Totaal
