# SPDX-License-Identifier: EUPL-1.2
"""Commands that test the law: the tests of policy staff, what they reach, and whether they would notice a mistake."""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.outcome import Exit, fail, load_rules, rules_root
from engine.authoring import coverage, gherkin, mutate
from engine.authoring.parallel import processors, spread
from engine.authoring.tests import Difference, TestResult, listed, run_test
from engine.language.library import GENERAL, file_bytes
from engine.language.reading import read_plain
from engine.model import documents as doc
from engine.model.problems import RulesError, meant
from engine.rationale.wording import how_many
from engine.rulebook import Rulebook

CHUNK = 40
SORTS = {
    coverage.RULE: "regels",
    coverage.CRITERION: "criteria",
    coverage.VALUE: "waarden",
    coverage.ROW: "rijen",
    coverage.AMOUNT: "bedragen",
    coverage.DOOR: "deuren",
}


def register(app: typer.Typer, epilog: str) -> None:
    """Add the commands of this module to the program."""
    for command in (toets, muteer):
        app.command(epilog=epilog)(command)


class Advance(Protocol):
    """Tells a progress bar how much further the work is."""

    def __call__(self, steps: int, /) -> None:
        """Go on by some steps."""


@contextmanager
def progress(what: str, total: int) -> Iterator[Advance]:
    """A progress bar on a terminal; on a pipe nothing."""
    if not sys.stderr.isatty():
        yield lambda steps: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task(what, total=total)

        def advance(steps: int) -> None:
            bar.update(task, advance=steps, refresh=True)

        yield advance


@dataclass
class _Ran:
    """What a chunk of tests gave: the failures with their number, and everything that was reached."""

    count: int
    failed: list[tuple[int, tuple[Difference, ...]]]
    hits: set[coverage.Hit]


def _run_chunk(shared: tuple[Rulebook, str, bool], numbers: Sequence[int]) -> _Ran:
    book, prefix, cover = shared
    tests = listed(book, prefix)
    hits: set[coverage.Hit] = set()
    watch = coverage.watching(hits) if cover else None
    failed = []
    for number in numbers:
        file, test = tests[number]
        result = run_test(book, file, test, watch)
        if not result.passed:
            failed.append((number, result.differences))
    return _Ran(len(numbers), failed, hits)


def toets(
    pad: Annotated[Path | None, typer.Argument(help="De map met regels.")] = None,
    bestand: Annotated[str, typer.Option("--bestand", help="Alleen toetsen waarvan het bestand zo begint.")] = "",
    dekking: Annotated[bool, typer.Option("--dekking", help="Toon wat de toetsen van de regels bereiken, en wat niet.")] = False,
    drempel: Annotated[
        int | None,
        typer.Option("--drempel", min=0, max=100, help="Eis deze dekking (%) van elke regelset, en niet die uit dekking.yaml."),
    ] = None,
    als_json: Annotated[bool, typer.Option("--json", help="Geef de uitslag als JSON.")] = False,
) -> None:
    """Draai de toetsen die bij de regels staan, en toon wat anders uitkwam."""
    dekking = dekking or drempel is not None
    book = _with_features(load_rules(pad), pad)
    files = file_bytes(rules_root(pad))
    tests = listed(book, bestand)
    if not tests:
        fail(Exit.RULES, "Er is geen enkele toets gevonden.")
    results, hits = _all_tests(book, bestand, tests, cover=dekking)
    failed = [result for _, result in results]
    report = _coverage(book, hits, files, rules_root(pad), tests) if dekking else None
    if als_json:
        typer.echo(json.dumps(_as_json(len(tests), failed, report, drempel), ensure_ascii=False, indent=2))
    else:
        lines = _Lines(files, rules_root(pad))
        for number, result in results:
            _show_failure(result, lines.of(tests, number))
        typer.echo(f"{len(tests) - len(failed)} geslaagd, {len(failed)} mislukt.")
        if report is not None:
            _show_coverage(report, drempel)
    bad = bool(failed) or (report is not None and bool(report.too_low(drempel) or report.stale))
    raise typer.Exit(int(Exit.RULES if bad else Exit.OK))


def _features(book: Rulebook, root: Path | None) -> tuple[tuple[str, tuple[doc.TestDecl, ...]], ...]:
    """The tests in sentences that stand beside those in YAML; said out loud where they are passed over."""
    folder = rules_root(root)
    files = gherkin.feature_files(folder)
    if files and not gherkin.available():
        typer.echo(
            f"Overgeslagen: {how_many(len(files), 'bestand', 'bestanden')} met toetsen in zinnen. Installeer `toetssteen[toetsen]`.",
            err=True,
        )
        return ()
    try:
        return gherkin.read_features(files, book)
    except RulesError as error:
        fail(Exit.RULES, *(str(problem) for problem in error.problems))


def _with_features(book: Rulebook, root: Path | None) -> Rulebook:
    return replace(book, tests=(*book.tests, *_features(book, root)))


def _all_tests(
    book: Rulebook, prefix: str, tests: Sequence[tuple[str, doc.TestDecl]], *, cover: bool
) -> tuple[list[tuple[int, TestResult]], set[coverage.Hit]]:
    """The failed tests with their number, and what all tests reached."""
    failed: list[tuple[int, TestResult]] = []
    hits: set[coverage.Hit] = set()
    workers = processors() if len(tests) > 3 * CHUNK else 1
    with progress("Toetsen", len(tests)) as advance:
        for ran in spread(_run_chunk, (book, prefix, cover), range(len(tests)), workers, CHUNK):
            advance(ran.count)
            hits |= ran.hits
            failed += [(number, TestResult(*tests[number], differences)) for number, differences in ran.failed]
    return failed, hits


class _Lines:
    """The line in its file of each test."""

    def __init__(self, files: dict[str, bytes], root: Path) -> None:
        self.files, self.root = files, root

    def of(self, tests: Sequence[tuple[str, doc.TestDecl]], number: int) -> int:
        """The line of a test, or of the scenario that it comes from."""
        file, test = tests[number]
        if file not in self.files:
            title = re.sub(r" \(\d+\)$", "", test.test)
            lines = (self.root / file).read_text(encoding="utf-8").splitlines()
            return next((line for line, text in enumerate(lines, 1) if text.strip().endswith(f": {title}")), 1)
        first = next(index for index, (name, _) in enumerate(tests) if name == file)
        return read_plain(self.files[file], file)[1].place((number - first,)).line


def _show_failure(result: TestResult, line: int) -> None:
    typer.echo(f"{result.file}:{line}: {result.test.test}")
    width = max(len(difference.what) for difference in result.differences)
    for difference in result.differences:
        typer.echo(f"    {difference.what:{width}}  verwacht  {difference.expected}")
        typer.echo(f"    {'':{width}}  gekregen  {difference.got}")
        for reason in difference.why:
            typer.echo(f"    {'':{width}}            {reason}")
    typer.echo(f"    {'bron':{width}}  {result.test.source}")


# --- mutations ---------------------------------------------------------------------------------------------------------


def muteer(
    pad: Annotated[Path | None, typer.Argument(help="De map met regels.")] = None,
    regelset: Annotated[
        str, typer.Option("--regelset", help="Een regelset of wet: ook wat zij gebruikt, en de bedragen en deuren van haar wet.")
    ] = "participatiewet/algemene_bijstand",
    aantal: Annotated[int, typer.Option("--aantal", min=1, help="Hoeveel fouten worden gemaakt, als steekproef.")] = 200,
    zaad: Annotated[int, typer.Option("--zaad", help="Hetzelfde getal geeft dezelfde steekproef.")] = 1,
    alle: Annotated[bool, typer.Option("--alle", help="Maak elke fout die gemaakt kan worden.")] = False,
    drempel: Annotated[int, typer.Option("--drempel", min=0, max=100, help="Eis dat de toetsen dit deel (%) opmerken.")] = 0,
    als_json: Annotated[bool, typer.Option("--json", help="Geef de uitslag als JSON.")] = False,
) -> None:
    """Maak kleine fouten in de regels, en kijk of de toetsen ze opmerken."""
    shop = mutate.Workshop(file_bytes(rules_root(pad)), _features(load_rules(pad), pad))
    mutants = shop.mutants(shop.files_of(regelset))
    if not mutants:
        fail(Exit.USAGE, f"Er is niets te veranderen in `{regelset}`. {meant(regelset, shop.sets) or 'Noem een regelset of een wet.'}")
    broken = shop.study(f"{regelset.split('/', 1)[0]}/" if regelset != GENERAL else "")
    if broken:
        fail(Exit.RULES, *broken, "Deze toetsen mislukken al zonder fout in de regels. Herstel ze eerst: `toetssteen toets`.")
    chosen = mutants if alle else mutate.sample(mutants, aantal, zaad)
    started = time.monotonic()
    results: list[mutate.Result] = []
    with progress("Muteren", len(chosen)) as advance:
        for found in spread(mutate.attempts, shop, chosen, processors(), max(4, min(25, len(chosen) // 8))):
            advance(len(found))
            results += found
    score = mutate.Score(tuple(results))
    pace = len(chosen) / max(time.monotonic() - started, 0.001)
    if als_json:
        typer.echo(json.dumps(_score_as_json(score, len(mutants), pace), ensure_ascii=False, indent=2))
    else:
        _show_score(score, len(mutants), pace)
    crashed = bool(score.of(mutate.Fate.CRASHED))
    raise typer.Exit(int(Exit.ENGINE if crashed else Exit.RULES if score.percentage < drempel else Exit.OK))


def _show_score(score: mutate.Score, possible: int, pace: float) -> None:
    for title, fate in (
        ("Geen toets merkte dit op:", mutate.Fate.SURVIVED),
        ("Geen toets merkte dit op, en geen bedachte zaak gaf verschil (betekent vermoedelijk hetzelfde):", mutate.Fate.SUSPECTED),
        ("Hier viel de motor om (meld dit):", mutate.Fate.CRASHED),
    ):
        found = score.of(fate)
        if found:
            typer.echo(title)
        for result in found:
            typer.echo(f"  {result.mutant}" + (f" (verschil: {result.by})" if result.by else ""))
    counts = Counter(result.fate for result in score.results)
    typer.echo(
        f"{len(score.results)} van {how_many(possible, 'fout', 'fouten')} gemaakt: "
        f"{counts[mutate.Fate.KILLED]} opgemerkt, {counts[mutate.Fate.SURVIVED]} niet, "
        f"{counts[mutate.Fate.SUSPECTED]} vermoedelijk gelijk; {counts[mutate.Fate.REFUSED]} weigerde de controle al, "
        f"{how_many(counts[mutate.Fate.SAME], 'betekent', 'betekenen')} zeker hetzelfde."
    )
    typer.echo(
        f"Opgemerkt: {score.percentage:.1f}%; zonder wat vermoedelijk gelijk is {score.without_suspects:.1f}%. {pace:.1f} per seconde."
    )


def _score_as_json(score: mutate.Score, possible: int, pace: float) -> dict[str, Any]:
    return {
        "mogelijk": possible,
        "gemaakt": len(score.results),
        "aantallen": {fate.value: len(score.of(fate)) for fate in mutate.Fate},
        "percentage": round(score.percentage, 1),
        "percentageZonderVermoedelijkGelijk": round(score.without_suspects, 1),
        "perSeconde": round(pace, 1),
        "nietOpgemerkt": [
            {
                "bestand": result.mutant.file,
                "regel": result.mutant.line,
                "naam": result.mutant.owner,
                "soort": result.mutant.sort,
                "was": result.mutant.before,
                "werd": result.mutant.after,
                "lot": result.fate.value,
                "verschil": result.by,
            }
            for result in score.results
            if result.fate in (mutate.Fate.SURVIVED, mutate.Fate.SUSPECTED, mutate.Fate.CRASHED)
        ],
    }


# --- coverage --------------------------------------------------------------------------------------------------------


def _coverage(
    book: Rulebook, hits: set[coverage.Hit], files: dict[str, bytes], root: Path, tests: Sequence[tuple[str, doc.TestDecl]]
) -> coverage.Report:
    laws = sorted({file.split("/", 1)[0] for file, _ in tests})
    beside = {f"{law}/{coverage.FILE}": (root / law / coverage.FILE).read_bytes() for law in laws if (root / law / coverage.FILE).is_file()}
    try:
        documents = coverage.read_coverage(beside, laws)
    except RulesError as error:
        fail(Exit.RULES, *(str(problem) for problem in error.problems))
    return coverage.report(coverage.universe(book, laws), hits, coverage.Places(files), documents)


def _show_coverage(report: coverage.Report, least: int | None) -> None:
    for missed in report.missed:
        typer.echo(str(missed))
    typer.echo("")
    typer.echo("Dekking")
    width = max((len(owner) for owner in report.tallies), default=0)
    for owner, tallies in report.tallies.items():
        total = report.total(owner)
        parts = ", ".join(f"{SORTS[sort]} {tally.reached}/{tally.total}" for sort, tally in sorted(tallies.items()))
        typer.echo(f"  {owner:{width}}  {total.percentage:5.1f}%  {parts}")
    typer.echo(f"  Onbereikbaar, met reden: {report.excused}.")
    for text in report.stale:
        typer.echo(f"  Klopt niet meer: {text}")
    for owner, share, wanted in report.too_low(least):
        typer.echo(f"  Te laag: {owner} haalt {share:.1f}%, de drempel is {wanted:g}%.")


def _as_json(total: int, failed: Sequence[TestResult], report: coverage.Report | None, least: int | None) -> dict[str, Any]:
    data: dict[str, Any] = {
        "geslaagd": total - len(failed),
        "mislukt": len(failed),
        "mislukteToetsen": [
            {
                "bestand": result.file,
                "toets": result.test.test,
                "verschillen": [
                    {"wat": d.what, "verwacht": d.expected, "gekregen": d.got, "waarom": list(d.why)} for d in result.differences
                ],
            }
            for result in failed
        ],
    }
    if report is not None:
        data["dekking"] = {
            "regelsets": {
                owner: {
                    "percentage": round(report.total(owner).percentage, 1),
                    "delen": {SORTS[sort]: {"bereikt": tally.reached, "totaal": tally.total} for sort, tally in tallies.items()},
                }
                for owner, tallies in report.tallies.items()
            },
            "gemist": [
                {
                    "bestand": missed.point.file,
                    "regel": missed.line,
                    "soort": missed.point.sort,
                    "naam": missed.point.name,
                    "deel": missed.point.part,
                    "nooit": list(missed.states),
                }
                for missed in report.missed
            ],
            "onbereikbaar": report.excused,
            "kloptNietMeer": report.stale,
            "teLaag": [{"naam": owner, "percentage": round(share, 1), "drempel": wanted} for owner, share, wanted in report.too_low(least)],
        }
    return data
