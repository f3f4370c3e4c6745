# SPDX-License-Identifier: EUPL-1.2
"""How a command ends: exit codes that scripts can use, and rules that load or say why not."""

from __future__ import annotations

import os
from enum import IntEnum
from pathlib import Path
from typing import NoReturn

import typer

from engine import rulebook
from engine.model.problems import RulesError

SHIPPED_RULES = Path(__file__).resolve().parent.parent / "rules"


class Exit(IntEnum):
    """Exit codes, the worse the higher; 2 is the shell's own word for a command that was typed wrong."""

    OK = 0
    RULES = 1
    USAGE = 2
    CLAIM = 3
    INCOMPLETE = 4
    ENGINE = 5


def fail(code: Exit, *lines: str) -> NoReturn:
    """Say what is wrong on standard error and end."""
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(int(code))


def rules_root(path: Path | None) -> Path:
    """The rules folder: as given, or by the environment, or the one that ships with the program."""
    return path or Path(os.environ.get("TOETSSTEEN_REGELS", SHIPPED_RULES))


def load_rules(path: Path | None, *, quiet: bool = False) -> rulebook.Rulebook:
    """Load the rules; a mistake ends the command with every problem shown (``quiet``: raises it instead)."""
    try:
        return rulebook.load(rules_root(path))
    except RulesError as error:
        if quiet:
            raise
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        fail(Exit.RULES, f"{len(error.problems)} {'fout' if len(error.problems) == 1 else 'fouten'}; er is niets geladen.")
