# SPDX-License-Identifier: EUPL-1.2
"""The contract: what comes in and what goes out, as models that the OpenAPI description is made of.

Attributes carry the Dutch names of the API, in snake_case; the alias is the camelCase key. Nothing at run time passes
through these models: the rationale is written out as it is, and the tests hold it against them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from api.contract_base import (
    Answer,
    Bron,
    Day,
    LifeDomain,
    MaybeDay,
    MaybeText,
    Niveau,
    Oorzaak,
    Plain,
    ReadStatus,
    Request,
    TruthWord,
    Voorwaarde,
)
from api.contract_stated import (
    Balans,
    BalansIn,
    Effect,
    EffectIn,
    EffectVraag,
    GenoemdeDeurIn,
    Intensiteit,
    Kosten,
    KostenIn,
    Loonwaarde,
    LoonwaardeIn,
    OptieIn,
    Persoon,
    Precedenten,
    Regeluitkomst,
    RegeluitkomstIn,
    VerschilMetPrecedentIn,
    Zelfredzaamheid,
    ZelfredzaamheidIn,
)
from api.contract_weighed import Aanleiding, Advies, Argument, Deur, Optie, Signaal, Toets, WaardeVanDeWet
from api.kinds import KINDS, URN

# --- problems --------------------------------------------------------------------------------------------------------


class Fout(Answer):
    """Een fout in het verzoek."""

    code: str = Field(description="Vaste code van de fout.")
    pointer: str = Field(description="JSON-pointer (RFC 6901) naar de plaats in het bericht; leeg bij het hele bericht.")
    parameter: str | None = Field(None, description="De naam van de parameter, als de fout daarin zit.")
    oorzaak: str = Field(description="Wat er mis is.")
    remedie: str = Field(description="Wat u kunt doen.")


class Probleem(Answer):
    """Problem details (RFC 9457)."""

    type: str = Field(
        description=f"De soort probleem, als URI die niet verandert: `{URN}` met daarachter een van: {', '.join(KINDS)}.",
        json_schema_extra={"format": "uri"},
    )
    title: str
    status: int
    detail: str = Field(description="Wat er in dit geval is; voor een mens.")
    instance: str
    id: str | None = Field(None, description="De id van wat in de weg staat: de aanvulling bij `aangevuld`, het besluit bij `besloten`.")
    fouten: list[Fout] = Field(description="Alle fouten tegelijk; leeg als er niets te verbeteren valt.")


# --- the claim -------------------------------------------------------------------------------------------------------


class BeoogdEffectIn(Request):
    """Wat iemand wil bereiken, in eigen woorden, gesteld voor de uitkomst bekend was."""

    persoon: str
    leefgebied: LifeDomain
    omschrijving: str
    termijn: Literal["kort", "lang"]
    gesteld_door: str
    gesteld_op: Day
    waarde: str | None = Field(None, description="De id van de waarde van de wet waar dit effect bij hoort.")
    na_uitkomst: bool = Field(False, description="Waar als het effect pas na de uitkomst is genoemd.")


class AanvraagIn(Request):
    """Een zaak om te beoordelen."""

    aanspraak: str | None = Field(
        None, description="De aanspraak, zoals `GET /regelingen` haar noemt; mag alleen ontbreken bij een `regeluitkomst`."
    )
    regeling: str | None = Field(
        None, description="De wet van een `regeluitkomst` zonder aanspraak; `algemeen` voor een wet die hier niet bestaat."
    )
    peildatum: Day = Field(description="De dag waarop wordt beoordeeld.")
    gemeente: str | None = Field(None, description="CBS-code van de gemeente.", pattern=r"^GM\d{4}$")
    gegevens: dict[str, JsonValue] = Field(
        default_factory=dict,
        description="De gegevens, met de namen uit het gegevensschema van de aanspraak. Een gegeven dat ontbreekt, is onbekend.",
    )
    beoogde_effecten: list[BeoogdEffectIn] = Field(default_factory=list)
    regeluitkomst: RegeluitkomstIn | None = None
    deuren: list[GenoemdeDeurIn] = Field(default_factory=list)
    opties: list[OptieIn] = Field(default_factory=list)
    effecten: list[EffectIn] = Field(default_factory=list)
    kosten: list[KostenIn] = Field(default_factory=list)
    instrumenten: list[Annotated[ZelfredzaamheidIn | BalansIn | LoonwaardeIn, Field(discriminator="soort")]] = Field(default_factory=list)
    precedent_verschillen: list[VerschilMetPrecedentIn] = Field(default_factory=list)


# --- the rationale ---------------------------------------------------------------------------------------------------


class RegelingKort(Answer):
    """De regeling waar de aanspraak bij hoort."""

    id: str
    naam: str
    bwb: MaybeText


class Waarde(Answer):
    """Een waarde die bij de uitkomst hoort."""

    naam: str
    waarde: Plain
    soort: str
    getoond: str
    regel: MaybeText
    ter_indicatie: bool


class Waarschuwing(Answer):
    """Iets wat de lezer moet weten voor hij op de uitkomst afgaat."""

    code: Literal["concept", "te verifieren", "niet gedekt", "terugwerkend"]
    tekst: str
    regel: str | None = None
    bedrag: str | None = None
    bronnen: list[Bron] = Field(description="De bron van de regel of het bedrag, en wat de tekst verder aanhaalt.")


class BeoogdEffect(Answer):
    """Wat iemand wil bereiken."""

    persoon: str
    leefgebied: LifeDomain
    omschrijving: str
    termijn: Literal["kort", "lang"]
    gesteld_door: str
    gesteld_op: Day
    waarde: MaybeText
    na_uitkomst: bool


class Gegeven(Answer):
    """Een gegeven van de zaak, met waar het vandaan komt.

    Bij een oordeel staan ook `door`, `rol` en `reden`, en of een nadelige uitkomst erop rust.
    """

    naam: str
    waarde: Plain
    getoond: str
    vraag: MaybeText
    bron: Bron | None = Field(description="Het artikel waar het gegeven vandaan komt.")
    stand: Literal["gegeven", "oordeel", "aanname"]
    telt_mee: bool = Field(description="Of een regel die de uitkomst verklaart dit gegeven gebruikt.")
    herkomst: MaybeText = Field(description="Het register of document dat bij het gegeven is genoemd; `null` als niemand er een noemde.")
    datum: MaybeDay
    door: MaybeText = None
    rol: MaybeText = None
    reden: MaybeText = None
    toelichting: MaybeText = None
    draagt_uitkomst: bool = Field(
        False, description="Of een nadelige uitkomst op dit oordeel rust: ga na of het voor deze persoon nu klopt."
    )
    draagt_gronden: list[str] = Field([], description="De gronden die niet zeker meer zijn als dit oordeel nog open was.")


class Grond(Answer):
    """Een grond die de aanspraak blokkeert of kan blokkeren."""

    regels: list[str]
    soort: Literal["voorwaarde", "weigeringsgrond"]
    persoon: MaybeText
    lijst: MaybeText
    uitkomst: TruthWord
    bepaalt: str
    teksten: list[str]
    bronnen: list[Bron]


class Gebruikt(Answer):
    """Een uitkomst die een regel gebruikt."""

    naam: str
    waarde: Plain
    getoond: str


class GebruiktGegeven(Gebruikt):
    """Een gegeven dat een regel gebruikt, en waar het vandaan komt."""

    stand: Literal["gegeven", "oordeel", "aanname", "ontbreekt"]
    herkomst: MaybeText = Field(
        description="Het register of document dat erbij is genoemd, of wie oordeelde; `null` als dat niet is gezegd."
    )


class Verschil(Answer):
    """Een gegeven dat anders zou moeten zijn."""

    naam: str
    vraag: MaybeText
    nu: str
    anders: str
    grens: MaybeText = Field(description="`hoogstens` of `ten minste` bij de dichtstbijzijnde waarde die de uitkomst keert.")


class WatAnders(Answer):
    """Een kleinste verandering en de uitkomst die de regels dan geven."""

    uitkomst: str
    tekst: str
    verschillen: list[Verschil]


class Invulling(Answer):
    """Waar de waarde vandaan komt die een gemeente invulde voor wat de wet openlaat."""

    gemeente: str = Field(description="CBS-code van de gemeente.")
    rang: Literal["verordening", "nadere regel", "beleidsregel"]
    titel: str = Field(description="De citeertitel van het document.")
    bron: MaybeText = Field(description="Het artikel van het document.")
    geldig_vanaf: Day
    cvdr: MaybeText = Field(description="Het nummer in de Centrale Voorziening Decentrale Regelgeving; `verzonnen` bij een voorbeeld.")
    link: MaybeText


class _Spoor(Answer):
    uitkomst: TruthWord
    tekst: MaybeText
    voorwaarden: Voorwaarde | None
    uitzonderingen: list[Voorwaarde | None]
    keuze: TruthWord | None = None
    waarde: Plain = None
    getoond: str | None = None
    berekening: str | None = None
    gegevens: list[GebruiktGegeven]
    uitkomsten: list[Gebruikt]
    bedragen: list[str]
    rust_op: list[Oorzaak] | None = None


class RegelOnderdeel(_Spoor):
    """Een regel, toegepast op een onderdeel van een lijst."""

    onderdeel: str


class Regel(Answer):
    """Een regel met wat zij in deze zaak doet. Bij een regel per onderdeel staat het spoor in `voorElke`."""

    id: str
    persoon: MaybeText
    titel: MaybeText
    bepaalt: str
    rol: MaybeText
    modaliteit: Literal["gebonden", "kan"]
    bron: Bron
    niveau: Niveau
    invulling: Invulling | None = Field(description="`null` als de gemeente hier niets invulde of de wet niets openlaat.")
    status: ReadStatus
    regelset: str
    versie: Day
    niet_gedekt: MaybeText
    voor_elke: list[RegelOnderdeel] | None = None
    uitkomst: TruthWord | None = None
    tekst: MaybeText = None
    voorwaarden: Voorwaarde | None = None
    uitzonderingen: list[Voorwaarde | None] | None = None
    keuze: TruthWord | None = None
    waarde: Plain = None
    getoond: str | None = None
    berekening: str | None = None
    gegevens: list[GebruiktGegeven] | None = None
    uitkomsten: list[Gebruikt] | None = None
    bedragen: list[str] | None = None
    rust_op: list[Oorzaak] | None = None


class Bedrag(Answer):
    """Een bedrag uit de wet, zoals het op de peildatum geldt."""

    id: str
    omschrijving: MaybeText
    waarde: Plain
    getoond: str
    bron: str
    verwijzing: Bron
    geldig_vanaf: MaybeDay
    status: Literal["gelezen", "secundair", "te verifieren", "niet ingevoerd"]
    opmerking: MaybeText


class BeslissendAntwoord(Answer):
    """Een antwoord dat de uitkomst op zichzelf vastlegt."""

    antwoord: str
    uitkomst: str


class Vraag(Answer):
    """Een vraag waarvan het antwoord nog ontbreekt."""

    naam: str
    soort: Literal["gegeven", "oordeel", "keuze"]
    vraag: str
    toelichting: MaybeText
    bron: Bron | None = Field(description="Het artikel waar het gegeven vandaan komt.")
    verwacht: str
    keuzes: list[str]
    wie: Literal["register", "document", "aanvrager", "professional"]
    rollen: list[str]
    herkomst: MaybeText = Field(description="Waar de regels dit gegeven verwachten, zoals een register.")
    beslissend: Literal["beslissend", "samen beslissend"]
    beslissend_bij: list[BeslissendAntwoord]


class Aanname(Answer):
    """Een gegeven dat niet is opgegeven en is aangenomen."""

    naam: str
    waarde: Plain
    getoond: str
    vraag: MaybeText
    bron: Bron | None = Field(description="Het artikel waar het gegeven vandaan komt.")
    draagt_uitkomst: bool


class NietTeBepalen(Answer):
    """Wat geen antwoord kan herstellen: het is niet ingevoerd."""

    soort: str
    naam: str
    tekst: str
    bron: Bron | None


class NogTeDoen(Answer):
    """Een plicht die nu geldt: iets wat iemand nog moet doen."""

    regel: str
    wie: MaybeText
    tekst: str
    bron: Bron


class HoeVerder(Answer):
    """Hoe het verder gaat: wat er nog moet gebeuren."""

    tekst: str
    bronnen: list[Bron] = Field(description="De artikelen die de tekst aanhaalt.")
    plichten: list[NogTeDoen]


class Woord(Answer):
    """Een woord van de wet dat in deze beoordeling staat, met wat het betekent."""

    woord: str
    vormen: list[str] = Field(description="Andere vormen die als dit woord tellen.")
    uitleg: str
    bron: Bron | None = Field(description="Het artikel dat zegt wat het woord betekent; `null` als de wet het niet uitlegt.")
    status: ReadStatus | None


class VersieKort(Answer):
    """Een versie van een regelset die meedeed, en waarom deze."""

    regelset: str
    titel: str
    geldig_vanaf: Day
    geldig_tot: MaybeDay
    bekend_vanaf: MaybeDay
    status: Literal["concept", "vastgesteld", "ingetrokken"]
    waarom: str


class Verantwoording(Answer):
    """Waarmee is beoordeeld."""

    regelmotor: str
    regelbestand: str = Field(description="SHA-256 over alles wat is geladen.")
    versies: list[VersieKort]


class Beoordeling(Answer):
    """De uitgelegde beoordeling, in concept. Een besluit neemt alleen een mens."""

    aanspraak: str
    titel: str
    soort: Literal["beschikking", "advies aan rechtbank", "advies"]
    regeling: RegelingKort
    peildatum: Day
    gemeente: MaybeText
    status: Literal["concept"]
    toelichting: str
    uitkomst: str
    uitkomst_tekst: str
    mogelijke_uitkomsten: list[str]
    regeluitkomst: Regeluitkomst | None
    waarden: list[Waarde]
    waarschuwingen: list[Waarschuwing]
    beoogde_effecten: list[BeoogdEffect]
    gegevens: list[Gegeven]
    gronden: list[Grond]
    regels: list[Regel]
    bedragen: list[Bedrag]
    personen: list[Persoon]
    effecten: list[Effect]
    effect_vragen: list[EffectVraag]
    instrumenten: list[Annotated[Zelfredzaamheid | Balans | Loonwaarde, Field(discriminator="soort")]]
    waarden_van_de_wet: list[WaardeVanDeWet]
    aanleidingen: list[Aanleiding]
    opties: list[Optie]
    deuren: list[Deur]
    intensiteit: Intensiteit | None
    toetsen: list[Toets]
    argumenten: list[Argument]
    lege_hoeken: list[Literal["rechtmatig", "betrokken", "rendement"]]
    kosten: list[Kosten]
    signalen: list[Signaal]
    precedenten: Precedenten | None
    advies: Advies
    ontbrekende_gegevens: list[Vraag]
    vervolgvragen: list[Vraag]
    wat_anders: list[WatAnders] = Field(description="De kleinste veranderingen die een belastende uitkomst keren: uitleg, geen advies.")
    aannames: list[Aanname]
    niet_te_bepalen: list[NietTeBepalen]
    hoe_verder: HoeVerder
    besluit: None = Field(description="Altijd leeg: een besluit komt van een mens.")
    woorden: list[Woord] = Field(description="De woorden van de wet in deze beoordeling, elk een keer, op alfabet.")
    verantwoording: Verantwoording
    stappen: list[Regel] | None = Field(None, description="Alle regels met hun spoor; alleen met `stappen=true`.")
    tweede_mening: Literal["gelijk", "geen", "uit"] = Field(
        description="Of een tweede motor hetzelfde vond: `gelijk`; `geen` als hij niet antwoordde; `uit` als hij niet aan staat."
    )
