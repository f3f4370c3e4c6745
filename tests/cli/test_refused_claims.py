# SPDX-License-Identifier: EUPL-1.2
"""A claim that is refused on the command line: every mistake of writing and of facts at once, and never an assessment."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from tests.helpers import law
from tests.mistakes import IN_JSON, IN_YAML, TOLD_OF_JSON, TOLD_OF_YAML

run = CliRunner()
TOLD = re.compile(r"  (/\S*(?: \w+)*)(?: \(regel (\d+)\))?: fout (TS-[A-Z]\d\d): ")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    for path, text in law("- {id: wet.1, bron: art. 1, bepaalt: uit, als: a}").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


def assessed(rules: Path, name: str, text: str, *options: str) -> Result:
    path = rules.parent / name
    path.write_text(text, encoding="utf-8")
    return run.invoke(app, ["bereken", str(path), "--regels", str(rules), *options])


def told(result: Result) -> list[tuple[str, ...]]:
    return [match.groups() for line in result.stderr.split("\n") if (match := TOLD.match(line))]


def test_every_mistake_of_a_claim_in_json_comes_at_once(rules: Path) -> None:
    result = assessed(rules, "aanvraag.json", IN_JSON)
    assert (result.exit_code, result.stdout) == (3, "")
    assert [(pointer, code) for pointer, _, code in told(result)] == TOLD_OF_JSON
    assert "Bedoelde u `leefvorm`?" in result.stderr


def test_every_mistake_of_a_claim_in_yaml_comes_at_once_with_its_line(rules: Path) -> None:
    result = assessed(rules, "aanvraag.yaml", IN_YAML)
    assert (result.exit_code, result.stdout) == (3, "")
    assert [(pointer, code, int(line)) for pointer, line, code in told(result)] == TOLD_OF_YAML


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("kapot.json", '{"aanspraak": "wet/aanspraak", "peildatum": NaN,}', "TS-J03"),
        ("kapot.yaml", "aanspraak: wet/aanspraak\naanspraak: [wet\n", "TS-Y05"),
        ("tab.yaml", "aanspraak: wet/aanspraak\ngegevens:\n\ta: ja\n", "TS-Y03"),
    ],
)
def test_what_cannot_be_read_at_all_comes_alone(rules: Path, name: str, text: str, code: str) -> None:
    result = assessed(rules, name, text)
    assert (result.exit_code, result.stdout) == (3, "")
    assert re.findall(r"TS-[A-Z]\d\d", result.stderr) == [code]


def test_another_day_takes_the_place_of_a_day_that_is_written_wrong(rules: Path) -> None:
    text = '{"aanspraak": "wet/aanspraak", "peildatum": NaN, "gegevens": {"a": true}}'
    assert assessed(rules, "dag.json", text).exit_code == 3
    assert assessed(rules, "dag.json", text, "--peildatum", "2026-07-15").exit_code == 0
    assert [code for _, _, code in told(assessed(rules, "dag.json", text, "--peildatum", "1850-01-01"))] == ["TS-Z07"]
