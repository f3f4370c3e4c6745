# SPDX-License-Identifier: EUPL-1.2
"""Whoever asks for help or mistypes a command reads Dutch, at every command there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from cli.dutch import refusal
from cli.main import app

run = CliRunner()
ENGLISH = re.compile(
    r"\b(usage|options?|arguments|commands?|args|show this|message and exit|required|default|env var|missing|no such|did you mean"
    r"|possible|try|for help|error|invalid|input|should|value for|unexpected|extra|requires|does not|range|path|str|int|float|list\[)\b",
    re.IGNORECASE,
)


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with the words that are typed for it, the program itself first."""
    yield path, group
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))


ALL = dict(commands(typer.main.get_command(app)))


def typed(*words: str) -> Result:
    return run.invoke(app, list(words), prog_name="toetssteen")


def english(text: str) -> list[str]:
    """What is English in a text, apart from the names of options and what stands between quotes."""
    return ENGLISH.findall(re.sub(r"--[a-z-]+|`[^`]*`", "", text))


def test_the_walk_finds_every_command() -> None:
    assert {"bereken", "controleer", "serveer"} < {path[0] for path in ALL if path}
    assert ("nieuw", "regeling") in ALL


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_the_help_of_every_command_is_in_dutch(path: tuple[str, ...]) -> None:
    result = typed(*path, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(" ".join(("Gebruik: toetssteen", *path)))
    assert "Toon deze hulp en stop." in result.stdout
    assert english(result.stdout) == []


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_refuses_an_option_that_it_does_not_have_in_dutch(path: tuple[str, ...]) -> None:
    result = typed(*path, "--bestaat-niet")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(" ".join(("Gebruik: toetssteen", *path)))
    assert f"Probeer `{' '.join(('toetssteen', *path))} --help`." in result.stderr
    assert "Fout: De optie `--bestaat-niet` bestaat niet." in result.stderr
    assert english(result.stderr) == []


@pytest.mark.parametrize("path", [path for path, command in ALL.items() if any(param.required for param in command.params)], ids=" ".join)
def test_every_command_says_in_dutch_what_it_misses(path: tuple[str, ...]) -> None:
    result = typed(*path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.search(r"^Fout: (Het argument|De optie) `[^`]+` ontbreekt\.$", result.stderr, re.MULTILINE)
    assert english(result.stderr) == []


@pytest.mark.parametrize("path", [path for path, command in ALL.items() if hasattr(command, "commands")], ids=" ".join)
def test_a_group_of_commands_shows_its_help_when_nothing_is_typed_behind_it(path: tuple[str, ...]) -> None:
    result = typed(*path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == typed(*path, "--help").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("controler", "De opdracht `controler` bestaat niet. Bedoelde u `controleer`?"),
        ("zomaar", "De opdracht `zomaar` bestaat niet."),
        ("nieuw toetss", "De opdracht `toetss` bestaat niet. Bedoelde u `toets`?"),
        ("bereken --jsn", "De optie `--jsn` bestaat niet. Bedoelde u `--json`?"),
        ("vergelijk a b --regel x", "De optie `--regel` bestaat niet. Bedoelde u `--help` of `--regels`?"),
        ("demo -x", "De optie `-x` bestaat niet."),
        ("toon a b --peildatum c", "Dit staat er te veel: `b`."),
        ("toon a --peildatum", "Achter `--peildatum` hoort een waarde."),
        ("bereken a --json=3", "Achter `--json` hoort geen waarde."),
        ("serveer --poort x", "Bij `--poort` hoort een geheel getal."),
        ("serveer --poort 0", "Bij `--poort` hoort een getal van ten minste 1."),
        ("serveer --poort 65536", "Bij `--poort` hoort een getal van hoogstens 65535."),
        ("genereer a --onvolledig x", "Bij `--onvolledig` hoort een getal."),
        ("bedragen-in wet weg.xlsx", "Bij `REKENBLAD`: `weg.xlsx` bestaat niet."),
    ],
)
def test_what_was_typed_wrong_is_told_in_dutch(words: str, told: str) -> None:
    result = typed(*words.split(" "))
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == f"Fout: {told}"
    assert english(result.stderr) == []


def test_what_nobody_foresaw_stays_readable() -> None:
    assert refusal("Missing command.") == "Er ontbreekt een opdracht."
    assert refusal("Something new.") == "Something new."


def test_the_kind_and_the_bounds_of_a_value_are_told() -> None:
    assert "--poort <getal>" in typed("serveer", "--help").stdout
    assert "[standaard: 100; ten minste 1]" in typed("genereer", "--help").stdout
    assert "[1 tot en met 65535]" in typed("serveer", "--help").stdout
    assert "[verplicht]" in typed("toon", "--help").stdout
