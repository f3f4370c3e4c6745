# SPDX-License-Identifier: EUPL-1.2
"""How a command ends: exit codes that scripts can use, and rules that load or say why not."""

from __future__ import annotations

import os
from enum import IntEnum
from pathlib import Path
from typing import Any, NoReturn

import typer

from engine import cache, rulebook
from engine.language.library import GENERAL
from engine.model.problems import Place, Problem, RulesError
from engine.rationale.wording import how_many

SHIPPED_RULES = Path(__file__).resolve().parent.parent / "rules"


class Exit(IntEnum):
    """Exit codes, the worse the higher; 2 is the shell's own word for a command that was typed wrong."""

    OK = 0
    RULES = 1
    USAGE = 2
    CLAIM = 3
    INCOMPLETE = 4
    ENGINE = 5
    STORE = 6
    BROKEN = 7


def fail(code: Exit, *lines: str) -> NoReturn:
    """Say what is wrong on standard error and end."""
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(int(code))


def said(param: typer.CallbackParam, value: str) -> str:
    """What was typed behind an option that is to say something; ends where it says nothing, or holds no readable text."""
    name = param.opts[0]
    if not value.strip():
        fail(Exit.USAGE, f"Bij `{name}` hoort een tekst; hier staat niets.")
    try:
        value.encode()
    except UnicodeEncodeError:
        fail(Exit.USAGE, f"Wat bij `{name}` staat is geen leesbare tekst: typ het in UTF-8.")
    return value


def rules_root(path: Path | None) -> Path:
    """The rules folder: as given, or by the environment, or the one that ships with the program.

    A folder of one law is refused: its rules read facts and dates that stand beside it.
    """
    root = path or Path(os.environ.get("TOETSSTEEN_REGELS", SHIPPED_RULES))
    whole = next((folder for folder in root.resolve().parents if os.path.isfile(folder / GENERAL / "regeling.yaml")), None)
    if whole is not None:
        cause = "Dit is een deel van een map met regels, en de regels daarin lezen ook wat ernaast staat."
        refused(RulesError([Problem("TS-B01", Place(str(root)), cause, f"Geef de hele map: {whole}")]))
    return root


def cache_folder() -> Path | None:
    """Where loaded rules are kept: TOETSSTEEN_CACHE (`uit`: nowhere), otherwise, or with `aan`, the user's own cache folder."""
    named = os.environ.get(cache.VARIABLE)
    if named == "uit":
        return None
    return Path(named) if named and named != "aan" else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "toetssteen"


def load_rules(path: Path | None, *, quiet: bool = False, fresh: bool = False, tests: bool = True) -> rulebook.Rulebook:
    """Load the rules; a mistake ends the command with every problem shown (``quiet``: raises it instead).

    ``fresh`` reads and checks everything anew, whatever the cache holds. ``tests`` off leaves out the tests next to the
    rules, for a command that only assesses.
    """
    folder = None if fresh else cache_folder()
    try:
        return rulebook.load(rules_root(path)) if folder is None else cache.load(rules_root(path), folder, tests=tests)
    except RulesError as error:
        if quiet:
            raise
        refused(error)


def refused(error: RulesError) -> NoReturn:
    """Show every problem of rules that do not load, and end."""
    for problem in error.problems:
        typer.echo(str(problem), err=True)
    fail(Exit.RULES, f"{how_many(len(error.problems), 'fout', 'fouten')}; er is niets geladen.")


def problem_data(problem: Problem) -> dict[str, Any]:
    """A problem as the commands give it in JSON: code, severity, file, line and column (from 1), cause and remedy."""
    return {
        "code": problem.code,
        "ernst": problem.severity.value,
        "bestand": problem.place.file,
        "regel": problem.place.line,
        "kolom": problem.place.column,
        "oorzaak": problem.cause,
        "remedie": problem.remedy,
    }
