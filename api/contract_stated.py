# SPDX-License-Identifier: EUPL-1.2
"""The contract of what people state beside the facts, and of what the reversed test lays beside it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, WithJsonSchema

from api.contract_base import Answer, Bron, Day, MaybeDay, MaybeText, Niveau, Oorzaak, Plain, ReadStatus, Request, TruthWord

Zwaarte: TypeAlias = Literal["licht", "ernstig", "onomkeerbaar"]
Aantal: TypeAlias = Annotated[str, WithJsonSchema({"type": ["number", "string"]})]


# --- in --------------------------------------------------------------------------------------------------------------


class GegevenGrondIn(Request):
    """Een grond die niet in regels staat, uitgeschreven."""

    id: str = Field(description="Een eigen id, waar `deuren` naar kan verwijzen.")
    bron: str = Field(description="Het artikel.")
    niveau: Niveau = "formele wet"


class RegeluitkomstIn(Request):
    """Een uitkomst die elders is bepaald: door een ander systeem, of onder een wet die niet in regels staat."""

    uitkomst: str
    belastend: bool
    gronden: list[str | GegevenGrondIn] = Field(description="De id's van regels of gronden, of gronden uitgeschreven; alle gronden.")
    bron: str = Field(description="Waar deze uitkomst vandaan komt.")
    datum: Annotated[Day | None, WithJsonSchema({"type": "string", "format": "date"})] = None


class GenoemdeDeurIn(Request):
    """Een deur die een professional noemt bij een grond waarvan de deuren niet in regels staan."""

    id: str
    titel: str
    bron: str
    niveau: Niveau
    heft_op: list[str]
    soort: Literal["onbenutte bevoegdheid", "uitzondering", "hardheid", "buiten toepassing"] = "hardheid"
    voorwaarde: bool | None = Field(None, description="Of aan de voorwaarde is voldaan; weglaten als dat niet bekend is.")
    reden: str | None = None
    vraag: str | None = Field(None, description="Wat zou laten zien of de deur open is.")
    aan: str | None = Field(None, description="Aan wie dat te vragen is.")
    gehouden_door: str = "college"
    rol: str
    gesteld_door: str
    gesteld_op: Day


class OptieIn(Request):
    """Een manier om te handelen die een professional toevoegt."""

    id: str
    tekst: str
    bron: str
    binnen_regels: bool = True
    rol: str
    gesteld_door: str
    gesteld_op: Day


class EffectIn(Request):
    """Wat een optie met iemand doet, nu of later: gezegd door iemand, met een bron."""

    optie: str
    wie: str = Field(description="`aanvrager`, `partner`, `kinderen[0]`, ... of `derden`, `bestuur`, `samenleving`.")
    naam: str | None = None
    waarde: str | None = Field(None, description="De id van de waarde van de wet die dit raakt.")
    richting: Literal["bevordert", "schaadt"]
    termijn: Literal["kort", "lang"]
    ernst: Zwaarte
    zekerheid: Literal["vastgesteld", "aannemelijk", "vermoed"]
    omschrijving: str
    bron: str
    gesteld_door: str
    gesteld_op: Day


class KostenIn(Request):
    """Een aantal eenheden van een kostenpost die een optie kost of bespaart."""

    optie: str
    post: str
    aantal: Aantal
    richting: Literal["kost", "bespaart"]
    betaler: str | None = None
    gesteld_door: str
    gesteld_op: Day


class ZelfredzaamheidIn(Request):
    """Een niveau op een instrument voor zelfredzaamheid."""

    soort: Literal["zelfredzaamheid"]
    instrument: str
    versie: str
    domein: str
    niveau: int = Field(ge=1, le=5)
    beoordelaar: str
    datum: Day
    persoon: str = "aanvrager"


class BalansIn(Request):
    """Een last of een kracht; er wordt niets opgeteld of afgetrokken."""

    soort: Literal["last", "kracht"]
    persoon: str = "aanvrager"
    niveau: Literal["micro", "meso", "macro"]
    omschrijving: str
    bron: str


class LoonwaardeIn(Request):
    """Een loonwaarde uit het rapport van een deskundige."""

    soort: Literal["loonwaarde"]
    percentage: Aantal
    rapport: str
    deskundige: str
    datum: Day
    persoon: str = "aanvrager"


class VerschilMetPrecedentIn(Request):
    """Wat deze zaak anders maakt dan een eerder besluit."""

    precedent: str
    verschil: str
    gesteld_door: str
    gesteld_op: Day


# --- out -------------------------------------------------------------------------------------------------------------


class GegevenGrond(Answer):
    """Een grond van een uitkomst van elders."""

    id: str
    titel: MaybeText
    bron: Bron
    niveau: Niveau
    in_regels: bool = Field(description="Of deze grond in de regels staat, zodat zijn deuren zijn nagegaan.")


class Regeluitkomst(Answer):
    """Een uitkomst van elders: de regels zijn niet toegepast."""

    uitkomst: str
    belastend: bool
    bron: str
    datum: MaybeDay
    gronden: list[GegevenGrond]
    toelichting: str


class Intensiteit(Answer):
    """Hoe indringend de uitkomst wordt gewogen."""

    uitkomst: Literal["indringend", "gewoon", "terughoudend"] | None
    tekst: MaybeText
    bron: Bron | None
    mogelijk: list[str]
    rust_op: list[Oorzaak]


class Persoon(Answer):
    """Iemand in het huishouden."""

    wie: str
    getoond: str
    minderjarig: TruthWord


class Effect(Answer):
    """Wat een optie met iemand doet, zoals iemand het zegt."""

    optie: str
    wie: str
    naam: MaybeText
    waarde: MaybeText
    richting: Literal["bevordert", "schaadt"]
    termijn: Literal["kort", "lang"]
    ernst: Zwaarte
    zekerheid: Literal["vastgesteld", "aannemelijk", "vermoed"]
    omschrijving: str
    bron: str
    gesteld_door: str
    gesteld_op: Day


class EffectVraag(Answer):
    """Van wie nog niemand heeft gezegd wat de uitkomst betekent."""

    optie: str
    wie: str
    minderjarig: TruthWord
    vraag: str
    aan: str


class Zelfredzaamheid(Answer):
    """Een niveau op een instrument; het opent of sluit geen deur."""

    soort: Literal["zelfredzaamheid"]
    instrument: str
    versie: str
    domein: str
    niveau: int
    beoordelaar: str
    datum: Day
    persoon: str


class Balans(Answer):
    """Een last of een kracht."""

    soort: Literal["last", "kracht"]
    persoon: str
    niveau: Literal["micro", "meso", "macro"]
    omschrijving: str
    bron: str


class Loonwaarde(Answer):
    """Een loonwaarde uit een rapport."""

    soort: Literal["loonwaarde"]
    percentage: str
    rapport: str
    deskundige: str
    datum: Day
    persoon: str


class _Interval(Answer):
    """Tussen twee bedragen in euro's; negatief is een besparing."""

    laag: str
    hoog: str
    getoond: str


class KostenRegel(_Interval):
    """Een kostenpost met zijn bron."""

    post: str
    omschrijving: str
    eenheid: str
    aantal: str
    richting: Literal["kost", "bespaart"]
    betaler: str
    jaar: str
    regio: MaybeText
    bron: str
    status: ReadStatus
    let_op: MaybeText
    gesteld_door: str
    gesteld_op: Day


class KostenPerBetaler(_Interval):
    """Wat een optie een betaler kost."""

    betaler: str


class Kosten(_Interval):
    """Wat een optie kost en bespaart."""

    optie: str
    regels: list[KostenRegel]
    per_betaler: list[KostenPerBetaler]
    goedkoper_dan: list[str] = Field(description="Opties die zeker meer kosten: alleen als de intervallen elkaar niet raken.")


class Sterren(Answer):
    """Hoe zwaar de verordening een waarde laat tellen."""

    aantal: Literal[1, 2, 3]
    bron: str
    verordening: str


class GenoemdDoor(Answer):
    """Wie een deur noemde die niet in regels staat."""

    door: str
    rol: str
    datum: Day
    reden: MaybeText
    vraag: MaybeText
    aan: MaybeText


class Vergeleken(Answer):
    """Een gegeven waarop is vergeleken."""

    naam: str
    toen: bool | str
    nu: Plain
    getoond: MaybeText


class EerderBesluit(Answer):
    """Een eerder besluit met dezelfde gronden en deur."""

    id: str
    datum: Day
    gronden: list[str]
    deur: MaybeText
    motief: str
    gelijk: list[Vergeleken]
    anders: list[Vergeleken]
    onbekend: list[Vergeleken]
    verschil: MaybeText = Field(description="Het verschil, zoals iemand het noemde.")


class Terugkerend(Answer):
    """Een deur waardoor van dezelfde gronden vijf keer of vaker is afgeweken."""

    deur: str
    aantal: int


class Precedenten(Answer):
    """De eerdere besluiten die het dichtst bij liggen."""

    aantal: int
    afgeweken: EerderBesluit | None
    niet_afgeweken: EerderBesluit | None
    terugkerend: list[Terugkerend]
