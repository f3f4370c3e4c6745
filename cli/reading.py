# SPDX-License-Identifier: EUPL-1.2
"""Commands to read the law and to write it: schemas, codes, descriptions, spreadsheets, scaffolds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.dutch import App
from cli.outcome import Exit, fail, load_rules, refused, rules_root
from engine.authoring import codes, describe, description, sarif, scaffold, schemas, sheets
from engine.language.kinds import LiteralError, parse_date
from engine.language.library import file_bytes, files_under
from engine.model.problems import Problem, RulesError, meant, nearest
from engine.rationale.wording import how_many
from engine.rulebook import load_files

Rules = Annotated[
    Path | None, typer.Option("--regels", help="De map met regels (anders TOETSSTEEN_REGELS, anders de meegeleverde regels).")
]


def register(app: typer.Typer, epilog: str) -> None:
    """Add the commands of this module to the program."""
    for command in (schema, uitleg, beschrijf, bedragen_uit, bedragen_in):
        app.command(command.__name__.replace("_", "-"), epilog=epilog)(command)
    made = App(help="Maak nieuwe bestanden die meteen in orde zijn.")
    for name, start in (("regeling", _law), ("aanspraak", _claim), ("toets", _tests)):
        made.command(name, epilog=epilog)(start)
    app.add_typer(made, name="nieuw")


def schema(
    map_: Annotated[Path | None, typer.Argument(metavar="MAP", help="Waar de schema's komen (anders `schema` naast de regels).")] = None,
    kopregel: Annotated[
        bool, typer.Option("--kopregel", help="Zet ook bovenaan elk regelbestand de regel waarmee een editor zijn schema vindt.")
    ] = False,
    regels: Rules = None,
) -> None:
    """Schrijf de JSON Schema's waarmee een editor sleutels voorstelt en fouten onderstreept."""
    root = rules_root(regels)
    folder = map_ or root.resolve().parent / "schema"
    changed = schemas.write(load_rules(regels), folder)
    typer.echo(f"{folder}: {', '.join(changed) if changed else 'alles was al gelijk'}.")
    for path in files_under(root, "*.y*ml") if kopregel else ():
        old = path.read_bytes().decode("utf-8")
        if (new := schemas.with_modeline(path.relative_to(root).as_posix(), old)) != old:
            path.write_bytes(new.encode("utf-8"))
            typer.echo(f"Kopregel: {path}")


def uitleg(
    code: Annotated[str, typer.Argument(help="Een code zoals TS-L10; zonder code een lijst van alle codes.")] = "",
    schrijf: Annotated[Path | None, typer.Option("--schrijf", metavar="MAP", help="Schrijf alle pagina's naar deze map.")] = None,
) -> None:
    """Leg een code van een probleem uit: kort, wat te vermijden, wat liever, en waarom."""
    if schrijf is not None:
        codes.write(schrijf)
        typer.echo(f"{schrijf}: {how_many(len(codes.pages()), 'bladzijde', 'bladzijden')}.")
    elif not code:
        typer.echo("\n".join(f"{known}  {entry.short}" for known, entry in codes.codes().items()))
    elif code.upper() in codes.codes():
        typer.echo(codes.page(code.upper()), nl=False)
    else:
        fail(Exit.USAGE, f"De code `{code}` bestaat niet. {meant(code.upper(), codes.codes())}".strip())


def write_sarif(path: Path | None, problems: Iterable[Problem], root: Path) -> None:
    """Write problems as SARIF, if asked; files are named from the folder in which the command runs, where that can be."""
    if path is None:
        return
    here = Path.cwd()
    folder = root.resolve()
    start = f"{folder.relative_to(here).as_posix()}/" if folder.is_relative_to(here) else f"{folder.as_uri()}/"
    found = sarif.report(problems, "" if folder == here else start)
    path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def beschrijf(
    pad: Annotated[str, typer.Argument(help="Een wet of een regelset: participatiewet, participatiewet/algemene_bijstand.")],
    html: Annotated[Path | None, typer.Option("--html", help="Schrijf een pagina naar dit bestand, met een plaat.")] = None,
    markdown: Annotated[Path | None, typer.Option("--markdown", help="Schrijf Markdown naar dit bestand.")] = None,
    regels: Rules = None,
) -> None:
    """Beschrijf een wet of regelset als leesbaar document, alle versies over elkaar heen gelegd."""
    book = load_rules(regels)
    try:
        found = describe.describe(book, pad)
    except RulesError as error:
        fail(Exit.USAGE, *(f"{problem.cause} {problem.remedy}" for problem in error.problems))
    for path, render in ((html, description.as_html), (markdown, description.as_markdown)):
        if path is not None:
            path.write_text(render(found), encoding="utf-8")
            typer.echo(f"Geschreven: {path}", err=True)
    if html is None and markdown is None:
        typer.echo(description.as_markdown(found), nl=False)


Title = Annotated[str, typer.Option("--titel", help="De naam zoals mensen haar lezen.")]


def _law(
    wet: Annotated[str, typer.Argument(help="De naam van de map: wmo.")],
    titel: Title,
    bwb: Annotated[str | None, typer.Option("--bwb", help="Het nummer in het Basiswettenbestand.")] = None,
    regels: Rules = None,
) -> None:
    """Begin een nieuwe regeling."""
    _make(regels, lambda files: scaffold.law(files, wet, titel, bwb))


def _claim(
    regelset: Annotated[str, typer.Argument(help="<wet>/<naam>: wmo/huishoudelijke_hulp.")],
    titel: Title,
    vanaf: Annotated[str, typer.Option("--vanaf", help="De dag waarop de eerste versie ingaat: jaar-maand-dag.")],
    regels: Rules = None,
) -> None:
    """Begin iets nieuws dat kan worden aangevraagd."""
    day = parsed_day(vanaf)
    _make(regels, lambda files: scaffold.claim(files, regelset, titel, day))


def _tests(
    regelset: Annotated[str, typer.Argument(help="<wet>/<naam>: wmo/huishoudelijke_hulp.")],
    naam: Annotated[str, typer.Option("--naam", help="De naam van het bestand: eerste_gevallen.")],
    peildatum: Annotated[str, typer.Option("--peildatum", help="De dag waarvoor de toets geldt: jaar-maand-dag.")],
    regels: Rules = None,
) -> None:
    """Begin een bestand met toetsen."""
    day = parsed_day(peildatum)
    _make(regels, lambda files: scaffold.tests(files, regelset, naam, day))


def parsed_day(text: str) -> date:
    """A date that was typed; anything else ends the command."""
    try:
        return parse_date(text)
    except LiteralError as error:
        fail(Exit.USAGE, f"{error.cause} {error.remedy}")


def _make(rules: Path | None, start: Callable[[scaffold.Files], dict[str, str]]) -> None:
    """Write new files, but only when everything loads with them."""
    root = rules_root(rules)
    try:
        old = {path: data.decode("utf-8", "replace") for path, data in file_bytes(root).items()}
        if old:
            load_files(old)
    except RulesError as error:
        refused(error)
    try:
        made = start(old)
        load_files({**old, **made})
    except RulesError as error:
        fail(Exit.USAGE, *(f"{problem.place}: {problem.cause} {problem.remedy}" for problem in error.problems))
    for path, text in made.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
        typer.echo(f"{'Aangevuld' if path in old else 'Gemaakt'}: {root / path}")


Law = Annotated[str, typer.Argument(help="De map van de wet: participatiewet.")]


def bedragen_uit(
    wet: Law,
    rekenblad: Annotated[Path, typer.Argument(metavar="REKENBLAD", help="Het rekenblad (xlsx) dat wordt geschreven.")],
    regels: Rules = None,
) -> None:
    """Schrijf de bedragen van een wet naar een rekenblad, een rij per waarde."""
    path = _amounts_file(wet, regels)
    try:
        rekenblad.write_bytes(sheets.to_sheet(path.read_bytes(), path.name))
    except RulesError as error:
        refused(error)
    except sheets.NoSpreadsheets as error:
        fail(Exit.USAGE, str(error))
    typer.echo(f"Geschreven: {rekenblad}")


def bedragen_in(
    wet: Law,
    rekenblad: Annotated[Path, typer.Argument(metavar="REKENBLAD", help="Het rekenblad (xlsx) dat wordt gelezen.", exists=True)],
    proef: Annotated[bool, typer.Option("--proef", help="Toon wat er zou veranderen, en schrijf niets.")] = False,
    regels: Rules = None,
) -> None:
    """Neem de waarden van een rekenblad over in de bedragen van een wet; alleen wat veranderde verandert."""
    root, path = rules_root(regels), _amounts_file(wet, regels)
    try:
        old = path.read_bytes().decode("utf-8")
        text, changes = sheets.from_sheet(rekenblad.read_bytes(), rekenblad.name, old, path.name)
        load_files({**file_bytes(root), path.relative_to(root).as_posix(): text})
    except UnicodeDecodeError:
        fail(Exit.RULES, f"{path}: het bestand is geen geldige UTF-8.")
    except RulesError as error:
        refused(error)
    except sheets.NoSpreadsheets as error:
        fail(Exit.USAGE, str(error))
    for change in changes:
        typer.echo(str(change))
    if changes and not proef:
        path.write_bytes(text.encode("utf-8"))
    typer.echo(f"{how_many(len(changes), 'waarde', 'waarden')} veranderd{' (proef: niets geschreven)' if proef else ''}.")


def _amounts_file(law: str, rules: Path | None) -> Path:
    path = rules_root(rules) / law / "bedragen.yaml"
    if not path.is_file():
        known = [found.parent.name for found in rules_root(rules).glob("*/bedragen.yaml")]
        fail(Exit.USAGE, f"`{law}` heeft geen bedragen. {nearest(law, sorted(known))}")
    return path
