# SPDX-License-Identifier: EUPL-1.2
"""Problems as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import engine
from engine.authoring.codes import codes
from engine.model.problems import Problem, Severity, excerpt

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "docs/regels"
_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning"}


def report(problems: Iterable[Problem], root: str) -> dict[str, Any]:
    """A SARIF log with one run. ``root`` is the rules folder, as a path ending in `/` that files are relative to."""
    found = list(problems)
    used = sorted({problem.code for problem in found})
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "toetssteen",
                        "version": engine.__version__,
                        "language": "nl",
                        "rules": [_rule(code) for code in used],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(problem, used.index(problem.code), root) for problem in found],
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    found = codes()[code]
    return {
        "id": code,
        "shortDescription": {"text": found.short},
        "fullDescription": {"text": found.why},
        "helpUri": f"{HOME}/{code}.md",
        "help": {"text": f"Vermijd:\n{found.avoid.rstrip()}\n\nLiever:\n{found.prefer.rstrip()}"},
    }


def _result(problem: Problem, index: int, root: str) -> dict[str, Any]:
    return {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": _LEVEL[problem.severity],
        "message": {"text": f"{problem.cause} {problem.remedy}".strip()},
        "locations": [{"physicalLocation": _location(problem, root)}],
    }


def _location(problem: Problem, root: str) -> dict[str, Any]:
    place = problem.place
    address = {"uri": f"{root}{place.file}".replace(" ", "%20")}
    if not place.line:
        return {"artifactLocation": address}
    region: dict[str, Any] = {"startLine": place.line, "startColumn": max(place.column, 1)}
    if problem.shown:
        region["snippet"] = {"text": excerpt(problem.shown, place.column)[0]}
    return {"artifactLocation": address, "region": region}
