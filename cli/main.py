# SPDX-License-Identifier: EUPL-1.2
"""The command ``toetssteen``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from engine import rulebook
from engine.authoring.tests import run_tests
from engine.model.problems import RulesError

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Toetssteen: beoordelen in twee rondes, uitgelegd.")
RULES = Path(__file__).resolve().parent.parent / "rules"


def _root(path: Path | None) -> Path:
    return path or Path(os.environ.get("TOETSSTEEN_REGELS", RULES))


def _load(path: Path | None) -> rulebook.Rulebook:
    try:
        return rulebook.load(_root(path))
    except RulesError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        typer.echo(f"{len(error.problems)} fouten.", err=True)
        raise typer.Exit(1) from None


@app.command()
def controleer(pad: Annotated[Path | None, typer.Argument(help="De map met regels.")] = None) -> None:
    """Controleer de regels: fouten met plaats, oorzaak en remedie."""
    book = _load(pad)
    for warning in book.warnings:
        typer.echo(str(warning))
    typer.echo(f"In orde: {len(book.sets)} regelsets, {len(book.programs)} aanspraken, {len(book.warnings)} waarschuwingen.")


@app.command()
def toets(
    pad: Annotated[Path | None, typer.Argument(help="De map met regels.")] = None,
    bestand: Annotated[str, typer.Option(help="Alleen deze map of dit bestand.")] = "",
) -> None:
    """Draai de toetsen die bij de regels staan."""
    book = _load(pad)
    failed = total = 0
    for result in run_tests(book, bestand):
        total += 1
        if not result.passed:
            failed += 1
            typer.echo(f"{result.file}: {result.test.test}")
            for difference in result.differences:
                typer.echo(f"    {difference}")
    typer.echo(f"{total - failed} geslaagd, {failed} mislukt")
    raise typer.Exit(1 if failed else 0)
