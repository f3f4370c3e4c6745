# SPDX-License-Identifier: EUPL-1.2
"""Commands to read the law and to write it: schemas, codes, descriptions, spreadsheets, scaffolds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.outcome import load_rules, rules_root
from engine.authoring import schemas

Rules = Annotated[
    Path | None, typer.Option("--regels", help="De map met regels (anders TOETSSTEEN_REGELS, anders de meegeleverde regels).")
]


def register(app: typer.Typer, epilog: str) -> None:
    """Add the commands of this module to the program."""
    for command in (schema,):
        app.command(epilog=epilog)(command)


def schema(
    map_: Annotated[Path | None, typer.Argument(metavar="MAP", help="Waar de schema's komen (anders `schema` naast de regels).")] = None,
    regels: Rules = None,
) -> None:
    """Schrijf de JSON Schema's waarmee een editor sleutels voorstelt en fouten onderstreept."""
    folder = map_ or rules_root(regels).resolve().parent / "schema"
    changed = schemas.write(load_rules(regels), folder)
    typer.echo(f"{folder}: {', '.join(changed) if changed else 'alles was al gelijk'}.")
