# SPDX-License-Identifier: EUPL-1.2
"""The part of the contract about the law that is loaded, the check of a file of rules, and the health of the service."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from api.contract_base import (
    Answer,
    Bron,
    Day,
    MaybeDay,
    MaybeText,
    ReadStatus,
)


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
