# SPDX-License-Identifier: EUPL-1.2
"""Commands around a person's decision: hold its record against the assessment, keep it, and learn from what was kept."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from cli.claims import read_claim_file
from cli.outcome import Exit, fail, load_rules
from engine.authoring.learning import COLUMNS, Export, Learned, as_data, export, learn
from engine.logic.durable import second_opinion
from engine.model.calendar import civil_day
from engine.model.precedent import Precedent
from engine.model.problems import EngineError, InvalidInput, RulesError
from engine.passes.assess import assess
from engine.passes.precedents import RECURRING, laid_together, read_precedents
from engine.passes.record import RecordError
from engine.rationale.decision import Decision, as_line, decide, number_of, precedent_of, with_decision
from engine.rationale.text import decision_part
from engine.rationale.wording import how_many

Rules = Annotated[
    Path | None, typer.Option("--regels", help="De map met regels (anders TOETSSTEEN_REGELS, anders de meegeleverde regels).")
]
Precedents = Annotated[
    Path | None,
    typer.Option("--precedenten", metavar="REGISTER", help="Vergelijk met eerdere besluiten: een register, een besluit per regel (JSONL)."),
]


def register(app: typer.Typer, epilog: str) -> None:
    """Add the commands of this module to the program."""
    for command in (besluit, leren):
        app.command(epilog=epilog)(command)


def read_register(path: Path | None) -> tuple[Precedent, ...]:
    """The decisions of a register; none without a file. A file that is wrong ends the command with every line that is."""
    if path is None:
        return ()
    try:
        return read_precedents(path.read_bytes(), str(path))
    except OSError as error:
        fail(Exit.USAGE, f"{path}: het register is niet te lezen: {error.strerror}.")
    except RulesError as error:
        fail(Exit.CLAIM, *(str(problem) for problem in error.problems))


def besluit(
    aanvraag: Annotated[Path, typer.Argument(help="Het bestand met de aanvraag, JSON of YAML.", metavar="AANVRAAG")],
    vastlegging: Annotated[
        Path, typer.Argument(help="Het bestand waarin een mens vastlegt wat is besloten, JSON of YAML.", metavar="VASTLEGGING")
    ],
    precedenten: Precedents = None,
    schrijf: Annotated[
        Path | None, typer.Option("--schrijf", metavar="REGISTER", help="Voeg het besluit, zonder personen, toe aan dit register (JSONL).")
    ] = None,
    regels: Rules = None,
) -> None:
    """Ga na of een mens een besluit volledig heeft vastgelegd, en toon het dan: door wie, in welke rol, in eigen woorden."""
    book = load_rules(regels, tests=False)
    earlier = laid_together(read_register(precedenten))
    try:
        claim, record = read_claim_file(aanvraag), read_claim_file(vastlegging, "een vastlegging")
        assessment = assess(claim, book, earlier, second_opinion())
        decision = decide(assessment, record, civil_day(datetime.now(UTC)))
    except RecordError as error:
        fail(Exit.CLAIM, f"{vastlegging}: er is nog geen besluit.", *(f"  {problem}" for problem in error.problems))
    except InvalidInput as error:
        fail(Exit.CLAIM, f"{aanvraag}: de aanvraag is geweigerd.", *(f"  {problem}" for problem in error.problems))
    except EngineError as error:
        fail(Exit.ENGINE, f"{aanvraag}: geen beoordeling. {error}")
    typer.echo(decision_part(with_decision(decision)))
    if schrijf is not None:
        _keep(decision, schrijf)


def _keep(decision: Decision, path: Path) -> None:
    """Add a decision to a register, once."""
    kept = read_register(path if path.exists() else None)
    precedent = precedent_of(decision, number_of(decision))
    if precedent is None:
        typer.echo("Niets toegevoegd: er stond geen grond in de weg en er is geen deur gewogen.", err=True)
        return
    if any(earlier.id == precedent.id for earlier in kept):
        typer.echo(f"Niets toegevoegd: het besluit {precedent.id} staat al in {path}.", err=True)
        return
    with path.open("a+b") as file:
        file.seek(0)
        before = file.read()
        file.write((b"" if before.endswith(b"\n") or not before else b"\n") + as_line(precedent).encode())
    typer.echo(f"Toegevoegd aan {path}: het besluit {precedent.id}.", err=True)


def leren(
    register: Annotated[Path, typer.Argument(help="Het register: een besluit per regel (JSONL).", metavar="REGISTER")],
    als_json: Annotated[bool, typer.Option("--json", help="Geef alles als JSON, voor eigen gebruik: kleine aantallen staan erin.")] = False,
    uitvoer: Annotated[
        Path | None,
        typer.Option(
            "--export", metavar="BESTAND", help="Schrijf wat naar buiten mag (.json of .csv): aantallen onder 5 zijn afgeschermd."
        ),
    ] = None,
    vanaf: Annotated[
        int, typer.Option("--vanaf", metavar="N", min=2, help="Vraag om beleid vanaf zoveel gelijke afwijkingen.")
    ] = RECURRING,
) -> None:
    """Leer van eerdere besluiten: welke afwijkingen terugkomen, en hoe vaak advies wordt gevolgd."""
    if uitvoer is not None and uitvoer.suffix not in (".json", ".csv"):
        fail(Exit.USAGE, f"`--export` schrijft .json of .csv; `{uitvoer.suffix}` is geen van beide.")
    decisions = read_register(register)
    learned = learn(decisions, vanaf)
    typer.echo(json.dumps(as_data(learned), ensure_ascii=False, indent=2) if als_json else "\n".join(_told(learned)))
    if uitvoer is not None:
        shown = export(decisions)
        text = json.dumps(shown.as_data(), ensure_ascii=False, indent=2) + "\n" if uitvoer.suffix == ".json" else _csv(shown)
        uitvoer.write_text(text, encoding="utf-8")
        typer.echo(f"Geschreven: {uitvoer}", err=True)


def _told(learned: Learned) -> Iterator[str]:
    period = f", van {learned.first} tot en met {learned.last}" if learned.first is not None else ""
    yield f"Het register telt {how_many(learned.count, 'besluit', 'besluiten')}{period}."
    if learned.similar:
        yield "\nAfgeweken of niet, per grond en deur:"
    for item in learned.similar:
        law, grounds, door = item.kind.label
        yield f"- {grounds} ({law}), deur {door}: {item.deviated} keer afgeweken, {item.kept} keer niet."
    if learned.tickets:
        yield "\nAfwijkingen die terugkomen:"
    yield from (f"- {ticket.text}" for ticket in learned.tickets)
    if learned.advice:
        yield "\nHoe vaak advies is gevolgd:"
    for found in learned.advice:
        rate = f"{float(Fraction(100 * found.followed, found.count)):.1f}%".replace(".", ",")
        yield f"- {found.advice.replace('_', ' ')}: {found.followed} van de {found.count} ({rate})."
        if found.alarm is not None:
            yield f"  LET OP: {found.alarm}"


def _csv(shown: Export) -> str:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_no_formula(cell) for cell in line] for line in shown.lines())
    return file.getvalue()


def _no_formula(cell: str) -> str:
    """A cell that a spreadsheet takes for text, whatever stands in the register."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
