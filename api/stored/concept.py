# SPDX-License-Identifier: EUPL-1.2
"""A decision in the form in which the Besluiten API (ZGW, 1.1) takes one: for an integrator to post, never posted here.

Nothing in it stands for a choice: the day on which it takes effect comes from a person, as every other day. Fields and
limits: the schema `Besluit` of the Besluiten API 1.1.0 (VNG-Realisatie/gemma-zaken, api-specificatie/brc/1.1.0/openapi.yaml),
which also takes no decision of a day that is still to come.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from api.stored.archive import Organisations
from engine.language.kinds import LiteralError, parse_date
from engine.model.problems import Problem, choose, escape, problem_at, unknown_keys
from store.bsn import is_bsn

KEY = "zgwBesluit"
TEXTS: Mapping[str, int] = {"identificatie": 50, "bestuursorgaan": 50}
ADDRESSES = ("besluittype", "zaak")
DAYS = ("ingangsdatum", "vervaldatum", "publicatiedatum", "verzenddatum", "uiterlijkeReactiedatum")
REASONS = ("tijdelijk", "ingetrokken_overheid", "ingetrokken_belanghebbende")
KEYS = ("identificatie", "verantwoordelijkeOrganisatie", *ADDRESSES, "bestuursorgaan", *DAYS, "vervalreden")
FIELDS = (
    "identificatie",
    "verantwoordelijkeOrganisatie",
    "besluittype",
    "zaak",
    "datum",
    "toelichting",
    "bestuursorgaan",
    "ingangsdatum",
    "vervaldatum",
    "vervalreden",
    "publicatiedatum",
    "verzenddatum",
    "uiterlijkeReactiedatum",
)
REQUIRED: Mapping[str, str] = {
    "verantwoordelijkeOrganisatie": "Geef het RSIN van de gemeente, of laat het instellen (TOETSSTEEN_OPSLAG_RSIN).",
    "besluittype": "Geef het adres van het besluittype, of laat het instellen (TOETSSTEEN_OPSLAG_BESLUITTYPEN).",
    "ingangsdatum": "Geef de dag waarop het besluit ingaat.",
}
MAX_ADDRESS = 200
_ADDRESS = re.compile(r"https?://[!-~]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
"""What stands in no text of one line."""


def is_address(text: Any) -> bool:
    """Whether this is an address as the Besluiten API takes one."""
    if not isinstance(text, str) or len(text) > MAX_ADDRESS or not _ADDRESS.fullmatch(text):
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def known(organisations: Organisations, municipality: str, claim: str, case: str | None, body: str | None) -> dict[str, str]:
    """What is known of a decision before anybody writes it: from the settings, the case and the law."""
    found = {
        "verantwoordelijkeOrganisatie": organisations.rsin.get(municipality),
        "besluittype": organisations.decision_types.get(municipality, {}).get(claim),
        "zaak": case if is_address(case) else None,
        "bestuursorgaan": body if body is not None and len(body) <= TEXTS["bestuursorgaan"] else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def misfits(given: Any, before: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with the form of what was written for it (TS-O07)."""

    def wrong(name: str, cause: str, remedy: str = "") -> Problem:
        return problem_at("TS-O07", f"/{KEY}/{escape(name)}" if name else f"/{KEY}", cause, remedy)

    if not isinstance(given, Mapping):
        yield wrong("", f"`{KEY}` is een object.", f"Geef: {', '.join(KEYS)}.")
        return
    for unknown in unknown_keys(given, KEYS, f"/{KEY}"):
        yield problem_at("TS-O07", *unknown)
    for name in (name for name in KEYS if name in given):
        value = given[name]
        if not isinstance(value, str) or not value.strip():
            yield wrong(name, f"`{name}` is een tekst.", "Laat de sleutel weg zolang er niets te schrijven is.")
        elif name == "verantwoordelijkeOrganisatie" and not is_bsn(value):
            yield wrong(name, "Dit is geen RSIN: het heeft negen cijfers en voldoet aan de elfproef.", "Controleer het nummer.")
        elif name == "verantwoordelijkeOrganisatie" and before.get(name, value) != value:
            yield wrong(name, "Voor deze gemeente is een ander RSIN ingesteld.", "Laat het weg.")
        elif name == "zaak" and before.get(name, value) != value:
            yield wrong(name, "De beoordeling is van een andere zaak.", "Laat het weg.")
        elif name in ADDRESSES and not is_address(value):
            yield wrong(name, f"`{name}` is een volledig adres van hoogstens {MAX_ADDRESS} tekens.", "Begin met https://.")
        elif name in TEXTS and len(value) > TEXTS[name]:
            yield wrong(name, f"`{name}` is langer dan {TEXTS[name]} tekens.", "Maak het korter.")
        elif name in TEXTS and _CONTROL.search(value):
            yield wrong(name, f"In `{name}` staat een stuurteken of een regeleinde.", "Haal het weg.")
        elif name == "vervalreden" and value not in REASONS:
            yield wrong(name, f"`{value}` is geen reden van verval.", choose(REASONS))
        elif name in DAYS and (mistake := _day(value)):
            yield wrong(name, *mistake)


def _day(text: str) -> tuple[str, str] | None:
    try:
        parse_date(text)
    except LiteralError as error:
        return error.cause, error.remedy
    return None


def lacking(given: Mapping[str, Any], before: Mapping[str, str]) -> Iterator[Problem]:
    """What the Besluiten API asks and nobody gave (TS-O08)."""
    for name, remedy in REQUIRED.items():
        if name not in given and name not in before:
            yield problem_at("TS-O08", f"/{KEY}/{name}", f"Voor de Besluiten API ontbreekt `{name}`.", remedy)


def concept(given: Mapping[str, str], before: Mapping[str, str], day: date, words: str) -> dict[str, str]:
    """The decision for the Besluiten API, in the order of its schema; what nobody gave is left out."""
    found = {**before, **given, "datum": day.isoformat(), "toelichting": words}
    return {name: found[name] for name in FIELDS if name in found}
