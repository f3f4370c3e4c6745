# SPDX-License-Identifier: EUPL-1.2
"""What an operator types, and what somebody does who owns the database file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from typer.testing import CliRunner, Result

from cli.main import app

run = CliRunner()
WHO = ("--door", "a.bewaarder", "--reden", "Verzoek van 1 juli.")


def typed(*words: str | Path, code: int = 0) -> Result:
    """The result of a command, which ends with this code."""
    result = run.invoke(app, [str(word) for word in words], prog_name="toetssteen")
    assert result.exit_code == code, (result.output, result.exception)
    return result


def tamper(place: Path, *statements: str) -> None:
    """Do what somebody can do who owns the database file."""
    with sqlite3.connect(place / "opslag.sqlite") as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
    connection.close()
