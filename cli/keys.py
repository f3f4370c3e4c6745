# SPDX-License-Identifier: EUPL-1.2
"""``toetssteen sleutel``: make, list and revoke API keys."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from api import logs
from api.auth.keys import LONGEST_NAME, KeyFile, KeyFileError, number_of
from api.auth.principal import Role
from api.auth.settings import AuthSettings
from cli.dutch import App
from cli.outcome import Exit, fail, said
from engine.language.kinds import LiteralError, parse_date
from store.model import MUNICIPALITY

app = App(help="Maak, toon of trek API-sleutels in.")

File = Annotated[Path | None, typer.Option("--bestand", help="Het bestand met sleutels (anders TOETSSTEEN_AANMELDEN_SLEUTELS).")]


def _file(path: Path | None) -> KeyFile:
    found = path or AuthSettings().sleutels
    if found is None:
        fail(Exit.USAGE, "Geef het bestand met `--bestand`, of zet TOETSSTEEN_AANMELDEN_SLEUTELS.")
    keys = KeyFile(found)
    try:
        keys.keys()
    except KeyFileError as error:
        fail(Exit.USAGE, str(error))
    return keys


@contextmanager
def _writing(keys: KeyFile) -> Iterator[None]:
    """Change the file of keys; one that cannot be written ends the command."""
    try:
        yield
    except OSError as error:
        fail(Exit.USAGE, f"{keys.path}: het bestand met sleutels is niet te schrijven: {error.strerror}.")


def _today() -> date:
    """The day by which the service looks at keys too."""
    return datetime.now(UTC).date()


@app.command()
def maak(
    naam: Annotated[str, typer.Option("--naam", callback=said, help="Wie deze sleutel gebruikt: de naam van het systeem.")],
    gemeente: Annotated[list[str], typer.Option("--gemeente", help="CBS-code, zoals GM0344; mag vaker.")],
    rol: Annotated[list[Role], typer.Option("--rol", help="Wat deze sleutel mag; mag vaker.")],
    verloopt: Annotated[str | None, typer.Option("--verloopt", help="De laatste dag waarop hij werkt: jjjj-mm-dd.")] = None,
    bestand: File = None,
) -> None:
    """Maak een sleutel. Hij wordt een keer getoond en niet bewaard."""
    if len(naam) > LONGEST_NAME:
        fail(Exit.USAGE, f"Bij `--naam` hoort een naam van hoogstens {LONGEST_NAME} tekens.")
    wrong = [code for code in gemeente if not MUNICIPALITY.fullmatch(code)]
    if wrong:
        fail(Exit.USAGE, f"`{wrong[0]}` is geen CBS-code. Schrijf GM met vier cijfers, bijvoorbeeld GM0344.")
    try:
        last = parse_date(verloopt) if verloopt is not None else None
    except LiteralError as error:
        fail(Exit.USAGE, f"{error.cause} {error.remedy}")
    keys = _file(bestand)
    with _writing(keys):
        key = keys.make(naam, gemeente, rol, _today(), last)
    roles, until = [role.value for role in rol], last.isoformat() if last is not None else None
    with logs.command(sys.stderr):
        logs.action("sleutel maken", number_of(key), "gelukt", naam=naam, gemeenten=gemeente, rollen=roles, verloopt=until)
    typer.echo(key)
    typer.echo("Bewaar deze sleutel nu: hij is niet nog eens te tonen. Stuur hem mee in de kop `X-Api-Key`.", err=True)


@app.command()
def lijst(bestand: File = None) -> None:
    """Toon de sleutels: nummer, naam, gemeenten, rollen en of zij werken."""
    for key in _file(bestand).keys().values():
        state = "werkt" if key.valid_on(_today()) else "werkt niet"
        roles = ", ".join(role.value for role in key.roles)
        until = f", tot en met {key.expires}" if key.expires else ""
        typer.echo(f"{key.id}  {key.name}: {', '.join(key.municipalities)}; {roles}; gemaakt op {key.made}{until}; {state}")


@app.command()
def intrekken(
    nummer: Annotated[str, typer.Argument(help="Het nummer van de sleutel, zoals `lijst` het toont.", metavar="NUMMER")],
    bestand: File = None,
) -> None:
    """Trek een sleutel in; hij werkt meteen niet meer."""
    keys = _file(bestand)
    with _writing(keys):
        there = keys.revoke(nummer, _today())
    with logs.command(sys.stderr):
        logs.action("sleutel intrekken", nummer if there else "onbekend", "gelukt" if there else "geweigerd")
    if not there:
        fail(Exit.USAGE, f"Er is geen sleutel met nummer {nummer}. `toetssteen sleutel lijst` toont de nummers.")
    typer.echo(f"Sleutel {nummer} is ingetrokken.")
