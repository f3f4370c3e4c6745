# SPDX-License-Identifier: EUPL-1.2
"""The commands around a change of rules: what changed, what it does to claims, made-up claims, and release."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from api.reader import receive_json
from cli.claim_rows import ClaimFile
from cli.outcome import Exit, fail, load_rules, rules_root
from engine import rulebook
from engine.authoring import release, report
from engine.authoring.compare import Change, Side, compare
from engine.authoring.generate import generate
from engine.authoring.impact import CHUNK, Impact, Row, Terms, impact
from engine.model.problems import InvalidInput, Place, Problem, RulesError
from engine.rationale.values import euro
from engine.rationale.wording import how_many

T = TypeVar("T")
Rules = Annotated[
    Path | None, typer.Option("--regels", help="De map met regels (anders TOETSSTEEN_REGELS, anders de meegeleverde regels).")
]
State = Annotated[str, typer.Argument(help="REGELSET@DATUM, een map met regels, of git:REVISIE.")]
Json = Annotated[bool, typer.Option("--json", help="Geef het als JSON in plaats van tekst.")]
_HEADINGS = {
    "regelset": "Regelsets",
    "bedrag": "Bedragen",
    "regel": "Regels",
    "uitkomsten": "Uitkomsten",
    "deur": "Deuren",
    "omgekeerde toets": "Omgekeerde toets",
    "gegeven": "Gegevens",
}


def register(app: typer.Typer, epilog: str) -> None:
    """Add these commands to the program."""
    for command in (vergelijk, gevolgen, genereer, vrijgeven):
        app.command(epilog=epilog)(command)


# --- which rules -----------------------------------------------------------------------------------------------------


def side(text: str, regels: Path | None) -> Side:
    """A state of the law as it is named on the command line. Raises :class:`RulesError` when it is not there or does not load."""
    if text.startswith("git:"):
        return Side(rulebook.load_files(git_files(rules_root(regels), text.removeprefix("git:"))))
    name, at, day = text.rpartition("@")
    if at and not Path(text).is_dir():
        return Side(load_rules(regels), name, _date(day))
    if Path(text).is_dir():
        return Side(rulebook.load(Path(text)))
    raise _wrong(text, "Dit is geen map met regels.", "Noem een map, REGELSET@DATUM of git:REVISIE.")


def git_files(root: Path, revision: str) -> dict[str, bytes]:
    """The rules folder as it stood in a git revision, read without touching the working tree."""
    prefix = _git(root, "rev-parse", "--show-prefix").decode().strip()
    tree = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}:{prefix}").decode().strip()
    names = _git(root, "ls-tree", "-r", "-z", "--name-only", "--full-tree", tree).decode().split("\0")
    return {name: _git(root, "show", f"{tree}:{name}") for name in names if name.endswith((".yaml", ".yml"))}


def _git(root: Path, *words: str) -> bytes:
    try:
        return subprocess.run(["git", "-C", str(root), *words], capture_output=True, check=True).stdout
    except FileNotFoundError:
        raise _wrong(str(root), "Git is niet geïnstalleerd.", "Vergelijk mappen, of installeer git.") from None
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode(errors="replace").strip().split("\n")[0]
        raise _wrong(words[-1], f"Git vindt dit niet. {told}".strip(), "Noem een revisie die er is: git:HEAD, git:main, git:v1.") from None


def _wrong(what: str, cause: str, remedy: str) -> RulesError:
    return RulesError([Problem("TS-W03", Place(what), cause, remedy)])


def _date(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        fail(Exit.USAGE, f"`{value}` is geen datum. Schrijf jaar-maand-dag: 2026-07-01.")


def _sides(a: str, b: str, regels: Path | None) -> tuple[Side, Side]:
    return _or_fail(lambda: (side(a, regels), side(b, regels)))


def _or_fail(work: Callable[[], T], code: Exit = Exit.RULES) -> T:
    """What the work gives; a refusal is shown and ends the command."""
    try:
        return work()
    except InvalidInput as error:
        fail(code, *(str(problem) for problem in error.problems))


# --- vergelijk -------------------------------------------------------------------------------------------------------


def vergelijk(a: State, b: State, als_json: Json = False, regels: Rules = None) -> None:
    """Zeg in zinnen wat er veranderde tussen twee versies van de regels."""
    old, new = _sides(a, b, regels)
    changes = _or_fail(lambda: compare(old, new))
    if als_json:
        typer.echo(json.dumps([change.plain() for change in changes], ensure_ascii=False, indent=2))
    else:
        typer.echo(as_text(changes, a, b), nl=False)


def as_text(changes: tuple[Change, ...], a: str, b: str) -> str:
    """The changes under a heading for each sort."""
    if not changes:
        return f"Tussen {a} en {b} is er geen verschil.\n"
    lines = [f"Van {a} naar {b}: {how_many(len(changes), 'verschil', 'verschillen')}."]
    sort = None
    for change in changes:
        if change.sort != sort:
            sort = change.sort
            lines += ["", _HEADINGS[sort]]
        since = f" (vanaf {change.day})" if change.day and str(change.day) not in change.sentence else ""
        lines.append(f"  {change.sentence}{since}")
    return "\n".join(lines) + "\n"


# --- gevolgen --------------------------------------------------------------------------------------------------------


def gevolgen(
    a: State,
    b: State,
    zaken: Annotated[Path, typer.Option("--zaken", help="Een bestand met zaken: .jsonl, .csv of .parquet.")],
    html_bestand: Annotated[Path | None, typer.Option("--html", help="Schrijf een verslag met grafieken naar dit bestand.")] = None,
    als_json: Json = False,
    peildatum_a: Annotated[str | None, typer.Option("--peildatum-a", help="Beoordeel onder A naar deze dag.")] = None,
    peildatum_b: Annotated[str | None, typer.Option("--peildatum-b", help="Beoordeel onder B naar deze dag.")] = None,
    processen: Annotated[int | None, typer.Option("--processen", help="Hoeveel processen rekenen.", min=1, max=64)] = None,
    regels: Rules = None,
) -> None:
    """Tel wat een wijziging doet met een bestand vol zaken: hoeveel, welke kant op, hoe groot, waardoor."""
    old, new = _sides(a, b, regels)
    terms = Terms(old, _date(peildatum_a) if peildatum_a else None), Terms(new, _date(peildatum_b) if peildatum_b else None)
    source = ClaimFile(zaken)
    started = time.perf_counter()
    with _bar() as progress:
        rows, workers = _or_fail(lambda: _split(source.rows(), processen or os.cpu_count() or 1), Exit.CLAIM)
        task = progress.add_task("zaken", total=source.size or None)

        def moved(done: int) -> None:
            progress.update(task, completed=source.read, total=source.size or None, description=how_many(done, "zaak", "zaken"))

        counted = _or_fail(lambda: impact(*terms, rows, receive_json, workers=workers, progress=moved), Exit.CLAIM)
    seconds = time.perf_counter() - started
    if not counted.total:
        fail(Exit.CLAIM, f"In {zaken} staat geen enkele zaak.")
    if als_json:
        typer.echo(json.dumps(report.as_data(counted, a, b), ensure_ascii=False, indent=2))
    else:
        _show(counted, a, b)
    cases = how_many(counted.total, "zaak", "zaken")
    typer.echo(f"{cases} in {seconds:.1f} s: {how_many(round(counted.total / seconds), 'zaak', 'zaken')} per seconde.", err=True)
    if html_bestand is not None:
        html_bestand.write_text(report.render(counted, a, b), encoding="utf-8")
        typer.echo(f"Verslag geschreven naar {html_bestand}.", err=True)


def _split(rows: Iterator[Row], workers: int) -> tuple[Iterator[Row], int]:
    """The rows, and how many processes are worth starting for them: a small file is done before they have started."""
    first: list[Row] = []
    for row in rows:
        first.append(row)
        if len(first) > 4 * CHUNK:
            break

    def again() -> Iterator[Row]:
        yield from first
        yield from rows

    return again(), workers if len(first) > 4 * CHUNK else 1


def _bar() -> Progress:
    """A progress bar on a terminal, and nothing elsewhere."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _show(counted: Impact, a: str, b: str) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    refused = counted.total - counted.assessed
    console.print(f"A is {a}, B is {b}.", markup=False)
    part = report.share(counted.changed, counted.assessed)
    cases = how_many(counted.assessed, "beoordeelde zaak", "beoordeelde zaken")
    changes = "verandert" if counted.changed == 1 else "veranderen"
    console.print(f"{counted.changed} van de {cases} {changes} ({part}). {refused} geweigerd.")
    _table(console, "Wat verandert", ("verandering", "zaken"), counted.changes.most_common())
    moves = sorted(counted.moves.items(), key=lambda move: (-move[1], move[0]))
    _table(console, "Van uitkomst naar uitkomst", ("A", "B", "zaken"), [(*_words(move), times) for move, times in moves])
    if counted.up.count or counted.down.count:
        rows = [
            (word, s.count, euro(s.total), euro(s.median), euro(s.largest))
            for word, s in (("omhoog", counted.up), ("omlaag", counted.down))
        ]
        per = f" per {counted.per}" if counted.per and counted.per != "eenmalig" else ""
        _table(console, f"Bedragen{per}", ("richting", "zaken", "som", "mediaan", "grootste"), rows)
    causes = sorted(counted.causes.items(), key=lambda cause: (-cause[1], cause[0]))[: report.CAUSES]
    _table(console, "Waardoor", ("bron", "regel", "waardoor", "zaken"), [(c.source, c.rule, c.reason, times) for c, times in causes])
    for example in counted.examples:
        console.print(f"Zaak {example.number}: was {example.before}; wordt {example.after}.", markup=False)
        for cause in example.causes[:3]:
            console.print(f"    {cause}", markup=False)
    refusals = sorted(counted.refused.items(), key=lambda refusal: (-refusal[1], refusal[0]))
    _table(console, "Geweigerd", ("door", "reden", "zaken"), [(*refusal, times) for refusal, times in refusals])


def _words(move: tuple[str, str]) -> tuple[str, str]:
    return move[0].replace("_", " "), move[1].replace("_", " ")


def _table(console: Console, title: str, heads: tuple[str, ...], rows: list[Any]) -> None:
    if not rows:
        return
    table = Table(title=title, title_justify="left", title_style="bold")
    numbers = ("zaken", "som", "mediaan", "grootste")
    for head in heads:
        table.add_column(head, justify="right" if head in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(str(cell).replace("[", "\\[") for cell in row))
    console.print(table)


# --- genereer --------------------------------------------------------------------------------------------------------


def genereer(
    aanspraak: Annotated[str, typer.Argument(help="Bijvoorbeeld participatiewet/algemene_bijstand.")],
    peildatum: Annotated[str, typer.Option("--peildatum", help="De dag waarop de zaken spelen: jjjj-mm-dd.")],
    aantal: Annotated[int, typer.Option("--aantal", help="Hoeveel zaken.", min=1)] = 100,
    zaad: Annotated[int, typer.Option("--zaad", help="Hetzelfde zaad geeft dezelfde zaken.")] = 1,
    onvolledig: Annotated[float, typer.Option("--onvolledig", help="Welk deel gegevens mist.", min=0, max=1)] = 0.1,
    gemeente: Annotated[str | None, typer.Option("--gemeente", help="De CBS-code van de gemeente, zoals GM0000.")] = None,
    uit: Annotated[Path | None, typer.Option("--uit", help="Schrijf naar dit bestand in plaats van de standaarduitvoer.")] = None,
    regels: Rules = None,
) -> None:
    """Verzin aannemelijke zaken (JSON Lines), zonder gegevens van echte mensen."""
    book = load_rules(regels)
    claims = _or_fail(
        lambda: generate(book, aanspraak, _date(peildatum), aantal, zaad, incomplete=onvolledig, municipality=gemeente), Exit.USAGE
    )
    with uit.open("w", encoding="utf-8") if uit is not None else nullcontext(sys.stdout) as file, _made() as progress:
        for claim in progress.track(claims, total=aantal, description="zaken"):
            file.write(json.dumps(claim, ensure_ascii=False, separators=(",", ":")) + "\n")


def _made() -> Progress:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


# --- vrijgeven -------------------------------------------------------------------------------------------------------


def vrijgeven(
    regelset: Annotated[str, typer.Argument(help="Bijvoorbeeld participatiewet/algemene_bijstand.")],
    versie: Annotated[str, typer.Option("--versie", help="De dag waarop de versie begint: jjjj-mm-dd.")],
    door: Annotated[str, typer.Option("--door", help="Wie vrijgeeft.")],
    tweede: Annotated[str, typer.Option("--tweede", help="Wie meekeek: iemand anders.")],
    datum: Annotated[str, typer.Option("--datum", help="De dag van de vrijgave: jjjj-mm-dd.")],
    regels: Rules = None,
) -> None:
    """Geef een versie vrij: alles gecontroleerd, alle toetsen geslaagd, twee namen; daarna staat zij vast."""
    root = rules_root(regels)
    found = _or_fail(lambda: release.release(root, regelset, _date(versie), door, tweede, _date(datum)))
    tests = found.content["toetsen"]
    typer.echo(f"{regelset} {versie} is vrijgegeven door {found.content['vrijgegevenDoor']}; {found.content['tweedePersoon']} keek mee.")
    typer.echo(f"{tests['geslaagd']} van de {how_many(tests['aantal'], 'toets', 'toetsen')} geslaagd. Vastgelegd in {root / found.record}.")
