# SPDX-License-Identifier: EUPL-1.2
"""The contract: what comes in and what goes out, as models that the OpenAPI description is made of.

Attributes carry the Dutch names of the API, in snake_case; the alias is the camelCase key. Nothing at run time passes
through these models: the rationale is written out as it is, and the tests hold it against them.
"""

from __future__ import annotations

from datetime import datetime
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
)
from api.contract_stated import (
    Balans,
    BalansIn,
    Effect,
    EffectIn,
    EffectVraag,
    GenoemdDoor,
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
    Sterren,
    VerschilMetPrecedentIn,
    Zelfredzaamheid,
    ZelfredzaamheidIn,
)
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
    herkomst: MaybeText
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


class Voorwaarde(Answer):
    """Een voorwaarde met haar waarheid; `alle`, `een van` en `geen van` hebben delen."""

    tekst: str
    uitkomst: Literal["waar", "onwaar", "onbekend", "niet nagegaan"]
    delen: list[Voorwaarde] | None = None


class Gebruikt(Answer):
    """Een uitkomst die een regel gebruikt."""

    naam: str
    waarde: Plain
    getoond: str


class GebruiktGegeven(Gebruikt):
    """Een gegeven dat een regel gebruikt, en waar het vandaan komt."""

    stand: Literal["gegeven", "oordeel", "aanname", "ontbreekt"]
    herkomst: MaybeText = Field(description="Een register of document, of wie oordeelde.")


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


class WaardeVanDeWet(Answer):
    """Waar de wet voor is."""

    id: str
    soort: Literal["vloer", "doel", "behoorlijk bestuur", "beleid"]
    tekst: str
    bron: Bron
    status: ReadStatus
    sterren: Sterren | None


class Aanleiding(Answer):
    """Een reden om verder te kijken, voor iedereen dezelfde."""

    id: str
    tekst: str
    uitkomst: TruthWord
    bron: Bron


class Optie(Answer):
    """Een manier om te handelen."""

    id: str
    soort: str
    tekst: str
    bron: Bron
    stand: Literal["mogelijk", "te onderzoeken"]
    binnen_regels: bool
    deur: MaybeText
    regel: MaybeText
    toegevoegd_door: MaybeText


class Bewijs(Answer):
    """Wie wat moet aantonen."""

    wie: str
    wat: MaybeText
    daarna: MaybeText


class Rechtspraak(Answer):
    """Een uitspraak over een deur."""

    datum: Day
    ecli: str
    link: MaybeText = Field(description="De uitspraak op rechtspraak.nl; `null` als zij niet van een Nederlandse rechter is.")
    strekking: MaybeText
    status: ReadStatus


class Deur(Answer):
    """Een bepaling die een afwijking kan dragen, met haar voorwaarden."""

    id: str
    titel: str
    bron: Bron
    status: ReadStatus
    soort: str
    niveau: str
    geldig_vanaf: Day
    geldig_tot: MaybeDay = Field(description="Tot, niet tot en met; `null` als er geen laatste dag is.")
    stand: Literal["open", "dicht", "uitgesloten", "te onderzoeken"]
    heft_op: list[str]
    stelt_bij: list[str] = Field(description="Gronden die rusten op een waarde die deze deur kan aanpassen.")
    genoemd_door: GenoemdDoor | None
    uitgesloten: Voorwaarde | None
    voorwaarden: Voorwaarde | None
    bewijs: Bewijs | None
    weging_ingebouwd: bool
    richting: Literal["gunstig", "beide"]
    bevoegd: list[str]
    gehouden_door: str
    elders: bool = Field(
        description="Of wie de deur in handen heeft buiten de gemeente staat; dan is er alleen te adviseren of te verwijzen."
    )
    rechtspraak: list[Rechtspraak]
    niet_gedekt: MaybeText


class Toets(Answer):
    """Een vraag van evenredigheid of ethiek."""

    id: str
    soort: Literal["evenredigheid", "ethiek"]
    vraag: str
    antwoord: Literal["ja", "nee", "onbekend"]
    gegeven: str
    bij_nee: MaybeText
    blokkeert: bool
    bron: Bron


class Argument(Answer):
    """Een argument voor of tegen een optie."""

    id: str
    richting: Literal["voor", "tegen"]
    optie: str
    tekst: str
    bron: Bron
    waarden: list[str]
    hoek: Literal["rechtmatig", "betrokken", "rendement"]


class Signaal(Answer):
    """Iets over een regel of over beleid, naast de uitkomst."""

    id: str
    tekst: str
    bron: Bron
    status: ReadStatus


class OpenUitzondering(Answer):
    """Een uitzondering in de wet waarvan nog niet bekend is of zij geldt."""

    regel: str
    uitzondering: str


class Advies(Answer):
    """Het advies van de omgekeerde toets, in concept."""

    resultaat: str
    tekst: str
    mogelijk: list[str]
    reden_gezien: TruthWord
    rust_op: list[Oorzaak]
    uitzonderingen_open: list[OpenUitzondering]


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
    herkomst: MaybeText
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


# --- laws and rulesets -----------------------------------------------------------------------------------------------


class AanspraakKort(Answer):
    """Iets waar iemand recht op kan hebben."""

    id: str
    titel: str
    soort: Literal["beschikking", "advies aan rechtbank", "advies"]
    geldig_vanaf: Day = Field(description="De eerste dag waarvoor deze aanspraak in regels is gebracht.")


class GrondKort(Answer):
    """Een grond van recht dat niet in regels staat; een gegeven regeluitkomst kan hem noemen."""

    id: str
    titel: str
    bron: str
    status: ReadStatus
    niveau: str
    soort: Literal["toekennen", "weigeren", "verlagen", "beeindigen", "terugvorderen", "boete", "verplichten"]
    geldig_vanaf: MaybeDay
    geldig_tot: MaybeDay = Field(description="Tot, niet tot en met; `null` als er geen laatste dag is.")


class Regeling(Answer):
    """Een wet, wat eronder kan worden aangevraagd, en welke gronden een uitkomst van elders kan noemen."""

    id: str
    naam: str
    bwb: MaybeText
    bevoegd_orgaan: MaybeText
    link: MaybeText
    aanspraken: list[AanspraakKort] = Field(description="Leeg bij een wet die niet in regels staat.")
    gronden: list[GrondKort]


class Regelingen(Answer):
    """Alle regelingen die zijn geladen."""

    regelingen: list[Regeling]


class RegelsetKort(Answer):
    """Een versie van een regelset."""

    regelset: str
    regeling: str
    titel: str
    versie: Day
    geldig_vanaf: Day
    geldig_tot: MaybeDay = Field(description="Tot, niet tot en met; `null` als er geen latere versie is.")
    bekend_vanaf: MaybeDay
    status: Literal["concept", "vastgesteld"]
    aanspraak: bool = Field(description="Of deze regelset zelf een aanspraak beoordeelt, of door andere wordt gebruikt.")
    hash: str = Field(description="SHA-256 van het bestand van deze versie.")


class Regelsets(Answer):
    """Versies van regelsets."""

    regelbestand: str = Field(description="SHA-256 over alles wat is geladen.")
    regelsets: list[RegelsetKort]


class RegelInSet(Answer):
    """Een regel van een regelset, met haar bron."""

    id: str
    titel: MaybeText
    bepaalt: str
    bron: Bron
    status: ReadStatus
    niet_gedekt: MaybeText
    versie: Day = Field(description="De versie waar de tekst van deze regel vandaan komt.")


class Bestand(Answer):
    """Een bestand met de hash van zijn inhoud."""

    bestand: str
    hash: str


class Regelset(RegelsetKort):
    """Een versie van een regelset, met haar regels en bronnen."""

    opmerking: MaybeText
    wijzigt: MaybeDay
    gebruikt: list[str]
    bestanden: list[Bestand]
    regels: list[RegelInSet]


class Bevinding(Answer):
    """Een fout of waarschuwing in een regelbestand."""

    code: str
    ernst: Literal["fout", "waarschuwing"]
    bestand: str
    regelnummer: int = Field(description="Vanaf 1; 0 als het over het hele bestand gaat.")
    kolom: int = Field(description="Vanaf 1; 0 als het over de hele regel gaat.")
    oorzaak: str
    remedie: str
    getoond: str = Field(description="De regel van het bestand.")


class Validatie(Answer):
    """Wat er van een regelbestand wordt gevonden."""

    bestand: str
    geldig: bool
    omvang: Literal["met de geladen regels", "alleen dit bestand"] = Field(description="Waarmee samen het bestand is gecontroleerd.")
    bevindingen: list[Bevinding]


class Levend(Answer):
    """Of de dienst leeft."""

    status: Literal["ok"]


class GeweigerdeRegels(Answer):
    """Nieuwe regels die niet laden. De dienst werkt door met de regels die er al waren."""

    op: datetime = Field(description="Wanneer zij zijn geweigerd.")
    fouten: int
    eerste: str = Field(description="De plaats en de code van de eerste fout; het log heeft ze allemaal.")


class Gereed(Answer):
    """Of de dienst kan beoordelen."""

    status: Literal["ok"]
    opslag: Literal["aan", "uit"] = Field(description="Of beoordelingen worden bewaard; kan dat even niet, dan is het antwoord 503.")
    tweede_motor: Literal["aan", "uit"]
    regelmotor: str
    regelbestand: str
    aanspraken: int
    waarschuwingen: int = Field(description="Hoeveel waarschuwingen de geladen regels geven.")
    geladen_op: datetime = Field(description="Sinds wanneer deze regels gelden in de dienst.")
    geweigerde_regels: GeweigerdeRegels | None = Field(description="Regels die daarna zijn aangeboden en niet laden.")
