# SPDX-License-Identifier: EUPL-1.2
"""The command that proves: gaps, clashes and dead text in the rules, and what does not fit together in time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.outcome import Exit, fail, load_rules, problem_data, rules_root
from engine.authoring.parallel import processors
from engine.authoring.prove import SECONDS, NoSolver, prove
from engine.authoring.prove_result import Finding, Report
from engine.authoring.validity import validity
from engine.model.problems import Problem, Severity, nearest
from engine.rationale.wording import how_many


def register(app: typer.Typer, epilog: str) -> None:
    """Add the command of this module to the program."""
    app.command(epilog=epilog)(bewijs)


def bewijs(
    pad: Annotated[Path | None, typer.Argument(help="De map met regels.")] = None,
    aanspraak: Annotated[list[str] | None, typer.Option("--aanspraak", help="Alleen deze aanspraak; mag vaker.")] = None,
    tijd: Annotated[float, typer.Option("--tijd", help="Hoeveel seconden een vraag ongeveer mag kosten.", min=0.1)] = SECONDS,
    als_json: Annotated[bool, typer.Option("--json", help="Geef wat is gevonden als JSON.")] = False,
) -> None:
    """Bewijs dat regels elkaar niet tegenspreken, niets openlaten en allemaal kunnen gelden; elke vondst met een zaak."""
    book = load_rules(pad)
    for name in aanspraak or ():
        if name not in book.programs:
            fail(Exit.USAGE, f"De aanspraak `{name}` is niet bekend. {nearest(name, book.programs)}")
    try:
        report = prove(book, aanspraak, seconds=tijd, workers=processors())
    except NoSolver as error:
        fail(Exit.USAGE, str(error))
    dated = validity(book, rules_root(pad), aanspraak)
    if als_json:
        typer.echo(json.dumps(_as_json(report, dated), ensure_ascii=False, indent=2))
    else:
        _show(report, dated)
    wrong = any(problem.severity is Severity.ERROR for problem in (*(item.problem for item in report.findings), *dated))
    raise typer.Exit(int(Exit.RULES if wrong else Exit.OK))


def _show(report: Report, dated: tuple[Problem, ...]) -> None:
    for finding in report.findings:
        typer.echo(str(finding.problem))
        if finding.versions:
            typer.echo(f"    Gevonden in: {'; '.join(finding.versions)}")
        if finding.case is not None:
            typer.echo("    Een zaak die dit laat zien, door de motor bevestigd:")
            for line in finding.case.lines:
                typer.echo(f"      {line}")
    for problem in dated:
        typer.echo(str(problem))
    if report.undecided:
        typer.echo("Niet beslist:")
        for item in report.undecided:
            typer.echo(f"  {item.place}: {item.what} {item.reason}.")
    typer.echo("Wat deze bewijzen niet zeggen:")
    for text in report.outside:
        typer.echo(f"  {text}")
    typer.echo(
        f"{how_many(report.questions, 'vraag', 'vragen')} in {how_many(round(report.seconds), 'seconde', 'seconden')}: "
        f"{how_many(len(report.findings), 'vondst', 'vondsten')}, {len(report.undecided)} niet beslist; "
        f"{how_many(len(dated), 'opmerking', 'opmerkingen')} over de tijd."
    )


def _as_json(report: Report, dated: tuple[Problem, ...]) -> dict[str, Any]:
    return {
        "vondsten": [_finding(finding) for finding in report.findings],
        "geldigheid": [problem_data(problem) for problem in dated],
        "nietBeslist": [{"vraag": item.what, "plaats": str(item.place), "reden": item.reason} for item in report.undecided],
        "buitenBereik": list(report.outside),
        "vragen": report.questions,
        "seconden": round(report.seconds, 1),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    found = {**problem_data(finding.problem), "versies": list(finding.versions)}
    if finding.case is not None:
        found["zaak"] = {"aanvraag": finding.case.claim, "inWoorden": list(finding.case.lines)}
    return found


__all__ = ["bewijs", "register"]
