# SPDX-License-Identifier: EUPL-1.2
"""What can go wrong with the store. Every message is Dutch, for a user, and holds nothing of a case."""

from __future__ import annotations

from store.model import Destroyed


class StoreError(Exception):
    """Base of every error that the store raises on purpose."""

    text = ""

    def __init__(self, text: str = "") -> None:
        super().__init__(text or self.text)


class StoreDown(StoreError):
    """The database cannot be reached or cannot write: whether the last thing was kept is not known (HTTP 503)."""

    text = "De opslag is niet bereikbaar."


class RetentionStopped(StoreDown):
    """The database went away in the midst of a retention run; ``done`` is what the run did before."""

    def __init__(self, done: Destroyed) -> None:
        super().__init__()
        self.done = done


class StoreOutdated(StoreError):
    """The tables are of another version."""

    text = "De tabellen van de opslag horen bij een andere versie. Draai `toetssteen opslag bijwerken`."


class NotFound(StoreError):
    """There is no such record, payload or bundle (in this municipality)."""

    text = "Dit staat niet in de opslag."


class Erased(StoreError):
    """The payload was there, and was lawfully destroyed."""

    text = "Dit stuk is vernietigd. Dat het er was, en dat het is vernietigd, staat in de keten."


class Tampered(StoreError):
    """What is stored is not what was recorded."""

    text = "Wat in de opslag staat is niet wat is vastgelegd. Draai `toetssteen keten controleer`."


class AlreadyThere(StoreError):
    """A record of this kind was asked for once, and there is one."""

    text = "Dit is al vastgelegd."


class Held(StoreError):
    """A legal hold forbids the destruction."""

    text = "Er ligt een bewaarplicht op dit dossier: het wordt niet vernietigd."


class NoMistake(StoreError):
    """A file of which something was destroyed on another ground cannot be one that was kept by mistake as well."""

    text = (
        "Van wat over dit record gaat is al iets vernietigd op een andere grond: dat is dus wel vastgelegd, en blijft zo gelden. "
        "Kies die grond ook hier."
    )


class KeyBusy(StoreError):
    """The first request with this Idempotency-Key is still running."""

    text = "Een verzoek met deze sleutel loopt nog."


class KeyReused(StoreError):
    """This Idempotency-Key was used for another request."""

    text = "Deze sleutel is gebruikt voor een ander verzoek."


class KeyLost(StoreError):
    """The request took so long that another one took its Idempotency-Key over: nothing was recorded."""

    text = "Dit verzoek duurde te lang; een ander verzoek met dezelfde sleutel heeft het overgenomen."
