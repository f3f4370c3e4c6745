# SPDX-License-Identifier: EUPL-1.2
"""The kinds of problem: what a caller can tell apart without reading Dutch. The `type` of a kind stays what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

URN = "urn:toetssteen:probleem:"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: the last part of its `type`, its status, its title, and the sentence for a case about which no more is known."""

    name: str
    status: int
    title: str
    detail: str

    @property
    def type(self) -> str:
        """The URI that stands in a problem of this kind."""
        return f"{URN}{self.name}"


_STANDARD = (
    Kind("ongeldig-verzoek", 400, "Ongeldig verzoek", "Het verzoek is niet in orde. Alle fouten staan in `fouten`."),
    Kind("niet-aangemeld", 401, "Niet aangemeld", "Stuur een geldige sleutel of een geldig token mee."),
    Kind("niet-toegestaan", 403, "Niet toegestaan", "Dit mag niet met deze sleutel."),
    Kind("niet-gevonden", 404, "Niet gevonden", "Hier is niets."),
    Kind(
        "methode-niet-toegestaan",
        405,
        "Methode niet toegestaan",
        "Deze methode kan hier niet. De kop `Allow` noemt de methoden die wel kunnen.",
    ),
    Kind("niet-aanvaardbaar", 406, "Niet aanvaardbaar", "Het antwoord bestaat niet in een vorm die de kop `Accept` toelaat."),
    Kind("conflict", 409, "Conflict", "Dit past niet bij wat er al is vastgelegd."),
    Kind("vernietigd", 410, "Vernietigd", "Dit was hier, en is vernietigd. Dat het er was, staat nog in de keten."),
    Kind("te-groot", 413, "Te groot", "Het bericht is te groot."),
    Kind("soort-inhoud-niet-ondersteund", 415, "Soort inhoud niet ondersteund", "Deze soort inhoud wordt hier niet aangenomen."),
    Kind("verkeerd-adres", 421, "Verkeerd adres", "Dit verzoek is voor een andere machine bedoeld dan deze."),
    Kind("te-veel-verzoeken", 429, "Te veel verzoeken", "Wacht even. De kop `Retry-After` zegt hoeveel seconden."),
    Kind("interne-fout", 500, "Interne fout", "Er ging iets mis in de dienst. Er is geen beoordeling gegeven."),
    Kind("niet-beschikbaar", 503, "Niet beschikbaar", "De dienst is nu niet beschikbaar. Probeer het later opnieuw."),
)
STANDARD: Mapping[int, Kind] = {kind.status: kind for kind in _STANDARD}
"""The kind of a status about which no more is to be told apart."""

ROLE_LACKING = Kind("rol-ontbreekt", 403, "Rol ontbreekt", "Deze sleutel heeft geen rol die dit mag.")
OTHER_TOWN = Kind("andere-gemeente", 403, "Andere gemeente", "Deze gemeente hoort niet bij deze sleutel.")

KEY_BUSY = Kind("sleutel-bezig", 409, "Verzoek loopt nog", "Een verzoek met deze sleutel loopt nog.")
KEY_REUSED = Kind("sleutel-hergebruikt", 409, "Sleutel hergebruikt", "Deze sleutel is gebruikt voor een ander verzoek.")
KEY_LOST = Kind("sleutel-overgenomen", 409, "Sleutel overgenomen", "Een ander verzoek met dezelfde sleutel heeft dit overgenomen.")
SUPPLEMENTED = Kind("aangevuld", 409, "Beoordeling is aangevuld", "Deze beoordeling is aangevuld. Ga verder met de aanvulling.")
DECIDED = Kind("besloten", 409, "Er is al besloten", "Op deze beoordeling is al besloten. Een correctie noemt dat besluit.")
UNDECIDED = Kind("niet-besloten", 409, "Er is nog niet besloten", "Op deze beoordeling is nog niet besloten.")
INCOMPLETE = Kind("vastlegging-onvolledig", 409, "Vastlegging onvolledig", "Er is nog geen besluit: de vastlegging is niet volledig.")
OTHER_OUTCOME = Kind(
    "andere-uitkomst",
    409,
    "Andere uitkomst",
    "Deze versie van het programma komt op deze zaak anders uit. Beoordeel opnieuw, en besluit daarop.",
)
UNREADABLE_RULES = Kind("regels-onleesbaar", 409, "Regels onleesbaar", "Deze versie van het programma kan de regels van toen niet lezen.")

CONTRADICTION = Kind(
    "tegenspraak",
    500,
    "Tegenspraak",
    "De regels of de twee motoren spreken elkaar in deze zaak tegen. Er is geen beoordeling gegeven.",
)
TAMPERED = Kind("opslag-aangetast", 500, "Opslag aangetast", "Wat in de opslag staat is niet wat is vastgelegd.")

FULL = Kind("dienst-vol", 503, "Dienst is vol", "De dienst is vol. Probeer het zo weer.")
KEEPS_NOTHING = Kind("geen-opslag", 503, "Geen opslag", "Deze dienst bewaart niets: er is geen opslag ingesteld. Gebruik `_bereken`.")
STORE_DOWN = Kind("opslag-onbereikbaar", 503, "Opslag onbereikbaar", "De opslag is niet bereikbaar.")
STORE_OUTDATED = Kind("opslag-verouderd", 503, "Opslag verouderd", "De tabellen van de opslag horen bij een andere versie.")
SIGN_IN_DOWN = Kind(
    "aanmelden-onbereikbaar",
    503,
    "Aanmelden kan nu niet",
    "De dienst kan nu niet vaststellen wie dit vraagt: de sleutels van de uitgever van tokens, of het bestand met sleutels, zijn er niet.",
)
LOGBOOK_DOWN = Kind(
    "logboek-onbereikbaar",
    503,
    "Logboek onbereikbaar",
    "De verwerking kon niet worden vastgelegd in het logboek. Er is geen beoordeling gegeven en niets bewaard.",
)

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        *_STANDARD,
        ROLE_LACKING,
        OTHER_TOWN,
        KEY_BUSY,
        KEY_REUSED,
        KEY_LOST,
        SUPPLEMENTED,
        DECIDED,
        UNDECIDED,
        INCOMPLETE,
        OTHER_OUTCOME,
        UNREADABLE_RULES,
        CONTRADICTION,
        TAMPERED,
        FULL,
        KEEPS_NOTHING,
        STORE_DOWN,
        STORE_OUTDATED,
        SIGN_IN_DOWN,
        LOGBOOK_DOWN,
    )
}
"""Every kind by its name."""
