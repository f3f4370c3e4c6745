# SPDX-License-Identifier: EUPL-1.2
"""SARIF 2.1.0: the structure that the standard asks for, and the place of every problem."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from cli.main import app
from engine.authoring.sarif import report
from tests.helpers import book, law, problems_of

# What the standard requires (sections 3.13, 3.14, 3.18, 3.19, 3.27 to 3.30, 3.49), as far as it is used here.
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
ESSENCE = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "$schema": {"type": "string", "format": "uri"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "properties": {"shortDescription": TEXT, "fullDescription": TEXT, "help": TEXT},
                                        },
                                    }
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message", "ruleId"],
                            "properties": {
                                "message": TEXT,
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "locations": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "properties": {
                                            "physicalLocation": {
                                                "type": "object",
                                                "required": ["artifactLocation"],
                                                "properties": {
                                                    "artifactLocation": {"type": "object", "required": ["uri"]},
                                                    "region": {
                                                        "type": "object",
                                                        "properties": {
                                                            "startLine": {"type": "integer", "minimum": 1},
                                                            "startColumn": {"type": "integer", "minimum": 1},
                                                        },
                                                    },
                                                },
                                            }
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}
WRONG = law("- {id: wet.1, bron: art. 1, bepaalt: uit, als: onbekend_iets}\n- {id: wet.1, bepaalt: uit, als: a}")


def checked(found: dict[str, Any]) -> dict[str, Any]:
    Draft202012Validator(ESSENCE).validate(found)
    for run in found["runs"]:
        rules = run["tool"]["driver"]["rules"]
        assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    return found


def test_a_problem_stands_at_its_place_with_its_code() -> None:
    (run,) = checked(report(problems_of(WRONG), "rules/"))["runs"]
    (result,) = run["results"]
    place = result["locations"][0]["physicalLocation"]
    assert result["ruleId"] == "TS-D01"
    assert place["artifactLocation"]["uri"] == "rules/wet/aanspraak/2020-01-01.yaml"
    assert (place["region"]["startLine"], place["region"]["startColumn"]) == (9, 5)


def test_a_warning_is_a_warning() -> None:
    found = checked(report(book().warnings, ""))
    assert {result["level"] for result in found["runs"][0]["results"]} == {"warning"}


def test_nothing_wrong_is_a_log_without_results() -> None:
    assert checked(report((), ""))["runs"][0]["results"] == []


@pytest.mark.parametrize(("files", "code"), [(WRONG, 1), (law(), 0)])
def test_controleer_writes_the_log_beside_what_it_says(files: dict[str, str], code: int, tmp_path: Path) -> None:
    for path, text in files.items():
        (tmp_path / "rules" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "rules" / path).write_text(text, encoding="utf-8")
    log = tmp_path / "log.sarif"
    result = CliRunner().invoke(app, ["controleer", str(tmp_path / "rules"), "--sarif", str(log)])
    assert result.exit_code == code
    found = checked(json.loads(log.read_text(encoding="utf-8")))
    assert len(found["runs"][0]["results"]) > 0
