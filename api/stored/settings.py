# SPDX-License-Identifier: EUPL-1.2
"""Where the service keeps what it keeps, from the environment: the store, its keys, and who the organisations are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import URL, exc, make_url

from api.stored.archive import Archive, Organisations
from api.stored.concept import is_address
from store.bsn import is_bsn
from store.database import connect
from store.erasure import Retention
from store.errors import StoreDown, StoreError
from store.keys import Keys, KeysError
from store.model import MUNICIPALITY, Rhythm
from store.store import Store, in_use

OFF = "uit"

Pairs = Annotated[
    tuple[str, ...],
    NoDecode,
    BeforeValidator(lambda value: tuple(value.replace(",", " ").split()) if isinstance(value, str) else value),
]


def written_out(url: str) -> str:
    """The address of a store, with the home folder of a SQLite file written out."""
    return url.replace("sqlite:///~/", f"sqlite:///{Path.home()}/", 1)


class StoreSettings(BaseSettings):
    """``TOETSSTEEN_OPSLAG*``."""

    model_config = SettingsConfigDict(env_prefix="TOETSSTEEN_", frozen=True, extra="ignore", env_ignore_empty=True)

    opslag: str = Field(
        "sqlite:///~/.local/share/toetssteen/opslag.sqlite",
        description="De opslag: `sqlite:///bestand`, `postgresql://...`, of `uit`: dan bewaart de dienst niets.",
    )
    opslag_sleutels: Path = Field(
        Path("~/.local/share/toetssteen/opslag-sleutels.json"),
        description="Het sleutelbestand van de opslag; de dienst maakt het als het er niet is.",
    )
    opslag_wachtwoord: Path | None = Field(
        None, description="Een bestand met het wachtwoord van PostgreSQL; bij elke verbinding opnieuw gelezen."
    )
    opslag_bewaartermijnen: Path | None = Field(
        None, description="Het bestand met bewaartermijnen per wet (TOML); de dienst controleert het bij de start en vernietigt zelf niets."
    )
    opslag_zegel_records: int = Field(100, description="Na hoeveel records een controlepunt blijft staan.", ge=1, le=100_000)
    opslag_zegel_minuten: int = Field(60, description="Na hoeveel minuten een controlepunt blijft staan.", ge=1, le=10_080)
    opslag_verzoek_seconden: int = Field(60, description="Hoe lang een verzoek mag lopen voor een herhaling het overneemt.", ge=5, le=3_600)
    opslag_rsin: Pairs = Field(
        (), description="Het RSIN van elke gemeente voor de Besluiten API, met komma's ertussen: `GM0344=002564440`."
    )
    opslag_besluittypen: Path | None = Field(
        None, description="Een JSON-bestand met per gemeente en aanspraak het adres van het besluittype in de Catalogi API."
    )

    @property
    def keeps(self) -> bool:
        """Whether anything is kept."""
        return self.opslag != OFF

    @property
    def url(self) -> str:
        """The address of the store, with the home folder written out."""
        return written_out(self.opslag)

    @property
    def key_file(self) -> Path:
        """The file of the keys, with the home folder written out."""
        return self.opslag_sleutels.expanduser()

    @property
    def password(self) -> Path | None:
        """The file with the password of PostgreSQL, with the home folder written out."""
        return self.opslag_wachtwoord.expanduser() if self.opslag_wachtwoord is not None else None

    def organisations(self) -> Organisations:
        """Who the organisations are. Raises :class:`ValueError` and :class:`OSError`."""
        types = _decision_types(self.opslag_besluittypen) if self.opslag_besluittypen is not None else {}
        return Organisations(dict(_pair(text) for text in self.opslag_rsin), types)


def misfits(settings: StoreSettings) -> Iterator[str]:
    """What is well-formed and cannot be: one line in Dutch for each mistake."""
    if settings.keeps:
        try:
            kind = make_url(settings.url).get_backend_name()
        except (exc.ArgumentError, ValueError):
            kind = ""
        if kind not in ("sqlite", "postgresql"):
            yield "TOETSSTEEN_OPSLAG: schrijf sqlite:///pad, postgresql://gebruiker@machine/naam of `uit`."
    if (file := settings.password) is not None:
        try:
            if file.stat().st_mode & 0o007:
                yield f"TOETSSTEEN_OPSLAG_WACHTWOORD: iedereen kan {file} lezen. Geef het rechten 0600."
        except OSError as error:
            yield f"TOETSSTEEN_OPSLAG_WACHTWOORD: {file} is niet te lezen ({error.strerror})."
    for text in settings.opslag_rsin:
        try:
            _pair(text)
        except ValueError as error:
            yield f"TOETSSTEEN_OPSLAG_RSIN: {error}"
    if settings.opslag_besluittypen is not None:
        try:
            _decision_types(settings.opslag_besluittypen)
        except OSError as error:
            yield f"TOETSSTEEN_OPSLAG_BESLUITTYPEN: {settings.opslag_besluittypen} is niet te lezen ({error.strerror})."
        except ValueError as error:
            yield f"TOETSSTEEN_OPSLAG_BESLUITTYPEN: {error}"
    if settings.opslag_bewaartermijnen is not None:
        try:
            Retention.read(settings.opslag_bewaartermijnen)
        except StoreError as error:
            yield f"TOETSSTEEN_OPSLAG_BEWAARTERMIJNEN: {error}"


def _keys(settings: StoreSettings, url: URL) -> Keys:
    """The keys in their file, which is made for a store that nothing was kept in yet.

    Raises :class:`store.keys.KeysError` where the store was begun with others, and :class:`store.errors.StoreDown` where
    there are none and it cannot be asked.
    """
    path = settings.key_file
    if not path.exists():
        engine = connect(url, settings.password)
        try:
            if in_use(engine):
                raise KeysError(f"{path} is er niet, en de opslag is al in gebruik. Zet het bestand terug waarmee zij is begonnen.")
        finally:
            engine.dispose()
    return Keys.make(path)


def archive(settings: StoreSettings) -> Archive | None:
    """What these settings keep, ready for use: keys and tables are made for a new one. None where nothing is kept.

    A PostgreSQL that does not answer is waited for: until then every request that needs it is 503. Raises
    :class:`store.errors.StoreError`, :class:`store.keys.KeysError` and :class:`OSError`.
    """
    if not settings.keeps:
        return None
    url = make_url(settings.url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    settings.key_file.parent.mkdir(parents=True, exist_ok=True)
    store = Store(
        url,
        _keys(settings, url),
        rhythm=Rhythm(settings.opslag_zegel_records, timedelta(minutes=settings.opslag_zegel_minuten)),
        lease=timedelta(seconds=settings.opslag_verzoek_seconden),
        password=settings.password,
    )
    try:
        store.prepare()
    except StoreDown:
        if url.get_backend_name() == "sqlite":
            raise
    return Archive(store, settings.organisations())


def _pair(text: str) -> tuple[str, str]:
    municipality, _, rsin = text.partition("=")
    if not MUNICIPALITY.fullmatch(municipality) or not is_bsn(rsin):
        raise ValueError("schrijf per gemeente haar CBS-code en een RSIN van negen cijfers dat voldoet aan de elfproef: GM0344=002564440.")
    return municipality, rsin


def _decision_types(path: Path) -> Mapping[str, Mapping[str, str]]:
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise ValueError(f"{path} is geen JSON.") from None
    if not isinstance(found, dict):
        raise ValueError(f"{path} is geen JSON-object met gemeenten.")
    for municipality, types in found.items():
        if not MUNICIPALITY.fullmatch(municipality) or not isinstance(types, dict):
            raise ValueError(f"{path}: `{municipality}` is geen gemeente met een object van aanspraken.")
        for claim, address in types.items():
            if not is_address(address):
                raise ValueError(f"{path}: bij `{municipality}` heeft `{claim}` geen volledig adres van een besluittype.")
    return found
