# SPDX-License-Identifier: EUPL-1.2
"""The part of the contract about the reversed test: values of the law, options, doors, checks, arguments, the advice."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.contract_base import (
    Answer,
    Bron,
    Day,
    MaybeDay,
    MaybeText,
    Oorzaak,
    ReadStatus,
    TruthWord,
    Voorwaarde,
)
from api.contract_stated import GenoemdDoor, Sterren


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
