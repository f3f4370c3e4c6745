# SPDX-License-Identifier: EUPL-1.2
"""What the commands over the store share: where it is, which keys it has, and in Dutch what is wrong with either."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from sqlalchemy import Engine, exc

from api.stored.settings import OFF, written_out
from cli.outcome import Exit, fail, said
from store import database
from store.errors import StoreDown, StoreError, StoreOutdated
from store.keys import Keys, KeysError
from store.store import Store

STORE, KEYS, PASSWORD = "TOETSSTEEN_OPSLAG", "TOETSSTEEN_OPSLAG_SLEUTELS", "TOETSSTEEN_OPSLAG_WACHTWOORD"
EPILOG = (
    "Afsluitcodes: 0 in orde; 2 opdracht verkeerd getypt of niet ingesteld; 3 geweigerd; 5 een beoordeling komt anders uit; "
    "6 de opslag of het sleutelbestand is niet te gebruiken; 7 de keten is gebroken."
)

Url = Annotated[
    str | None, typer.Option("--opslag", metavar="ADRES", help=f"De opslag: sqlite:///bestand of postgresql://... (anders {STORE}).")
]
KeyFile = Annotated[Path | None, typer.Option("--sleutels", metavar="BESTAND", help=f"Het sleutelbestand van de opslag (anders {KEYS}).")]
By = Annotated[
    str, typer.Option("--door", metavar="NAAM", callback=said, help="Wie dit doet; staat erbij zolang de verantwoording bewaard blijft.")
]
Reason = Annotated[str, typer.Option("--reden", metavar="TEKST", callback=said, help="Waarom.")]
Id = Annotated[str, typer.Argument(help="Het nummer van het record: dat van de beoordeling.", metavar="ID", callback=said)]


def address(url: str | None) -> str | None:
    """The store that was named, here or in the environment; a service that keeps nothing has none."""
    found = url or os.environ.get(STORE)
    return written_out(found) if found and found != OFF else None


def engine_at(url: str | None) -> Engine:
    """An engine for the store that was named; connects to nothing yet."""
    found = address(url)
    if not found:
        fail(Exit.USAGE, f"Waar is de opslag? Geef `--opslag sqlite:///pad/opslag.sqlite`, of zet {STORE}.")
    try:
        return database.connect(found, password_file())
    except ModuleNotFoundError:
        fail(Exit.STORE, "Voor PostgreSQL is de extra `postgres` nodig: pip install 'toetssteen[postgres]'.")
    except (ValueError, exc.ArgumentError):
        fail(Exit.USAGE, "Dit is geen adres van een opslag. Schrijf sqlite:///pad/opslag.sqlite of postgresql://gebruiker@machine/naam.")


def password_file() -> Path | None:
    """The file with the password of PostgreSQL that the environment names."""
    named = os.environ.get(PASSWORD)
    return Path(named).expanduser() if named else None


def must_exist(engine: Engine) -> None:
    """End where a SQLite file is not there: a command that only looks makes none."""
    file = database.sqlite_file(engine)
    if file is not None and not file.is_file():
        fail(Exit.STORE, f"Er is geen opslag in {file}. Klopt het pad? Een nieuwe opslag maakt `toetssteen opslag bijwerken`.")


def key_file(path: Path | None) -> Path | None:
    """The key file that was named, here or in the environment."""
    found = path if path is not None else os.environ.get(KEYS)
    return Path(found).expanduser() if found else None


def keys_at(path: Path | None) -> Keys:
    """The keys of the store; ends where there are none or they cannot be used."""
    found = key_file(path)
    if found is None:
        fail(Exit.USAGE, f"Waar zijn de sleutels van de opslag? Geef `--sleutels BESTAND`, of zet {KEYS}.")
    if not found.exists():
        fail(
            Exit.STORE,
            f"Er is geen sleutelbestand in {found}.",
            "Is de opslag al in gebruik, zet dan het eigen sleutelbestand terug: met andere sleutels klopt geen handtekening en wordt "
            "niemand teruggevonden. Voor een nieuwe opslag maakt `toetssteen opslag sleutels` er een.",
        )
    try:
        return Keys.read(found)
    except KeysError as error:
        fail(Exit.STORE, str(error))


@contextmanager
def opened(url: str | None, path: Path | None, about: str = "") -> Iterator[Store]:
    """The store with its keys, ready for use; what is wrong with it ends the command with the way out.

    ``about`` is the record that the command is about, named where the store refuses something.
    """
    engine = engine_at(url)
    must_exist(engine)
    store = Store(engine.url, keys_at(path), password=password_file())
    with told(engine, about):
        store.ready()
        try:
            yield store
        finally:
            store.close()


@contextmanager
def told(engine: Engine, about: str = "") -> Iterator[None]:
    """End the command in Dutch with what the store refuses."""
    try:
        yield
    except StoreDown as error:
        down(engine, error)
    except StoreOutdated as error:
        fail(Exit.STORE, str(error))
    except StoreError as error:
        fail(Exit.CLAIM, f"{about}: {error}" if about else str(error))


def down(engine: Engine, error: StoreDown) -> NoReturn:
    """Say that the database cannot be used, where it is looked for, and what its driver says."""
    driver = str(getattr(error.__cause__, "orig", None) or error.__cause__ or "").strip().splitlines()
    fail(
        Exit.STORE,
        f"{error} Gezocht op {engine.url.render_as_string(hide_password=True)}.",
        *([f"De database zegt: `{driver[0]}`"] if driver else []),
        f"Kijk of de database draait, of {STORE} klopt, en of deze gebruiker mag lezen en schrijven.",
    )
