# SPDX-License-Identifier: EUPL-1.2
"""Commands to read the law and to write it: schemas, codes, descriptions, spreadsheets, scaffolds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from cli.outcome import Exit, fail, load_rules, rules_root
from engine.authoring import codes, sarif, schemas
from engine.model.problems import Problem, meant

Rules = Annotated[
    Path | None, typer.Option("--regels", help="De map met regels (anders TOETSSTEEN_REGELS, anders de meegeleverde regels).")
]


def register(app: typer.Typer, epilog: str) -> None:
    """Add the commands of this module to the program."""
    for command in (schema, uitleg):
        app.command(epilog=epilog)(command)


def schema(
    map_: Annotated[Path | None, typer.Argument(metavar="MAP", help="Waar de schema's komen (anders `schema` naast de regels).")] = None,
    regels: Rules = None,
) -> None:
    """Schrijf de JSON Schema's waarmee een editor sleutels voorstelt en fouten onderstreept."""
    folder = map_ or rules_root(regels).resolve().parent / "schema"
    changed = schemas.write(load_rules(regels), folder)
    typer.echo(f"{folder}: {', '.join(changed) if changed else 'alles was al gelijk'}.")


def uitleg(
    code: Annotated[str, typer.Argument(help="Een code zoals TS-L10; zonder code een lijst van alle codes.")] = "",
    schrijf: Annotated[Path | None, typer.Option("--schrijf", metavar="MAP", help="Schrijf alle pagina's naar deze map.")] = None,
) -> None:
    """Leg een code van een probleem uit: kort, wat te vermijden, wat liever, en waarom."""
    if schrijf is not None:
        codes.write(schrijf)
        typer.echo(f"{schrijf}: {len(codes.pages())} bladzijden.")
    elif not code:
        typer.echo("\n".join(f"{known}  {entry.short}" for known, entry in codes.codes().items()))
    elif code.upper() in codes.codes():
        typer.echo(codes.page(code.upper()), nl=False)
    else:
        fail(Exit.USAGE, f"De code `{code}` bestaat niet. {meant(code.upper(), codes.codes())}".strip())


def write_sarif(path: Path | None, problems: Iterable[Problem], root: Path) -> None:
    """Write problems as SARIF, if asked; files are named from the folder in which the command runs, where that can be."""
    if path is None:
        return
    here = Path.cwd()
    folder = root.resolve()
    start = f"{folder.relative_to(here).as_posix()}/" if folder.is_relative_to(here) else f"{folder.as_uri()}/"
    found = sarif.report(problems, "" if folder == here else start)
    path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
