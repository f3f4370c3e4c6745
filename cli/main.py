# SPDX-License-Identifier: EUPL-1.2
"""The command ``toetssteen``: a thin layer of words over the engine and the service."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

import engine
from api import config
from api.config import SettingsError
from api.logboek import File, LogbookError
from api.stored import settings as stored
from cli import chain, change, deciding, keys, proving, reading, service, storage, testing
from cli.claims import read_claim_file
from cli.deciding import Precedents, read_register
from cli.dutch import App
from cli.outcome import Exit, cache_folder, fail, load_rules, problem_data, refused, rules_root
from engine import cache
from engine.authoring import questions, show
from engine.authoring.release import frozen
from engine.language.schema import facts_schema
from engine.logic.durable import available, second_opinion
from engine.model.claim import Received
from engine.model.problems import EngineError, InvalidInput, RulesError, nearest
from engine.passes.assess import SecondOpinion, assess
from engine.passes.first import UNDECIDED
from engine.passes.precedents import Earlier, laid_together
from engine.rationale import html, text
from engine.rationale.build import rationale
from engine.rationale.parts import Rendering
from engine.rationale.wording import how_many
from engine.rulebook import Compiled, Rulebook
from store.errors import StoreError
from store.keys import KeysError

EPILOG = (
    "Afsluitcodes: 0 in orde; 1 regels of toetsen fout; 2 opdracht verkeerd getypt; 3 aanvraag of vastlegging geweigerd; "
    "4 beoordeling onvolledig (er ontbreken gegevens, oordelen of bedragen); 5 de motor spreekt zichzelf tegen."
)
app = App(
    help="Toetssteen beoordeelt aanvragen in het sociaal domein in twee rondes: eerst de wet, dan de omgekeerde toets.",
    epilog=EPILOG,
)

Rules = Annotated[
    Path | None, typer.Option("--regels", help="De map met regels (anders TOETSSTEEN_REGELS, anders de meegeleverde regels).")
]
Day = Annotated[str, typer.Option("--peildatum", help="De dag waarvoor de regels gelden: jjjj-mm-dd.")]
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def _version(value: bool) -> None:
    if value:
        typer.echo(f"toetssteen {engine.__version__}")
        raise typer.Exit()


@app.callback()
def main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Toon de versie en stop.")] = False,
) -> None:
    """Toetssteen."""


@app.command(epilog=EPILOG)
def bereken(
    aanvragen: Annotated[list[Path], typer.Argument(help="Bestanden met een aanvraag, JSON of YAML.", metavar="AANVRAAG")],
    als_json: Annotated[bool, typer.Option("--json", help="Geef de beoordeling als JSON, een per aanvraag.")] = False,
    html_bestand: Annotated[
        Path | None, typer.Option("--html", help="Schrijf de beoordeling als pagina naar dit bestand (bij een aanvraag).")
    ] = None,
    weergave: Annotated[
        Rendering | None,
        typer.Option("--weergave", help="Voor wie de tekst of de pagina is: wie weegt (zonder keuze), wie toetst, of om wie het gaat."),
    ] = None,
    stappen: Annotated[bool, typer.Option("--stappen", help="Geef bij --json ook elke stap van elke regel.")] = False,
    peildatum: Annotated[str | None, typer.Option("--peildatum", help="Beoordeel naar deze dag in plaats van die in de aanvraag.")] = None,
    tweede_mening: Annotated[
        bool, typer.Option("--tweede-mening/--zonder-tweede-mening", help="Laat een tweede motor meerekenen, als die er is.")
    ] = True,
    precedenten: Precedents = None,
    regels: Rules = None,
) -> None:
    """Beoordeel een of meer aanvragen en leg de uitkomst uit."""
    if html_bestand is not None and len(aanvragen) > 1:
        fail(Exit.USAGE, "`--html` schrijft een pagina en past bij een aanvraag tegelijk.")
    if weergave is not None and als_json and html_bestand is None:
        fail(Exit.USAGE, "`--weergave` kiest een tekst of pagina; JSON is voor iedereen gelijk. Laat een van de twee weg.")
    rendering = weergave or Rendering.PROFESSIONAL
    book = load_rules(regels, tests=False)
    opinion = second_opinion() if tweede_mening else None
    earlier = laid_together(read_register(precedenten))
    worst = Exit.OK
    for number, path in enumerate(aanvragen):
        try:
            claim = read_claim_file(path)
            data, code = _assessed(claim if peildatum is None else claim.on(peildatum), book, opinion, earlier, steps=stappen)
        except InvalidInput as error:
            worst = max(worst, Exit.CLAIM)
            typer.echo(f"{path}: de aanvraag is geweigerd.", err=True)
            for problem in error.problems:
                typer.echo(f"  {problem}", err=True)
            continue
        except EngineError as error:
            worst = max(worst, Exit.ENGINE)
            typer.echo(f"{path}: geen beoordeling. {error}", err=True)
            continue
        worst = max(worst, code)
        if als_json:
            typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            typer.echo(("\n" if number else "") + text.render(data, rendering), nl=False)
        if html_bestand is not None:
            html_bestand.write_text(html.render(data, rendering), encoding="utf-8")
            typer.echo(f"Pagina geschreven naar {html_bestand}.", err=True)
    raise typer.Exit(int(worst))


def _assessed(
    claim: Received, book: Rulebook, opinion: SecondOpinion | None, earlier: Earlier | None = None, *, steps: bool = False
) -> tuple[dict[str, Any], Exit]:
    assessment = assess(claim, book, earlier, opinion)
    data = rationale(assessment, steps=steps)
    return data, Exit.INCOMPLETE if assessment.first.result in UNDECIDED else Exit.OK


@app.command(epilog=EPILOG)
def controleer(
    pad: Annotated[Path | None, typer.Argument(help="De map met regels.")] = None,
    als_json: Annotated[bool, typer.Option("--json", help="Geef de problemen als JSON.")] = False,
    sarif: Annotated[Path | None, typer.Option("--sarif", help="Schrijf de problemen ook als SARIF 2.1.0 naar dit bestand.")] = None,
    streng: Annotated[bool, typer.Option("--streng", help="Reken een waarschuwing als fout.")] = False,
) -> None:
    """Controleer de regels: elke fout met bestand, regel, kolom, oorzaak en remedie."""
    try:
        book = load_rules(pad, quiet=True, fresh=True)
    except RulesError as error:
        reading.write_sarif(sarif, error.problems, rules_root(pad))
        if als_json:
            typer.echo(json.dumps([problem_data(problem) for problem in error.problems], ensure_ascii=False, indent=2))
            raise typer.Exit(int(Exit.RULES)) from None
        refused(error)
    reading.write_sarif(sarif, book.warnings, rules_root(pad))
    broken = frozen(rules_root(pad))
    if als_json:
        typer.echo(json.dumps([problem_data(problem) for problem in (*broken, *book.warnings)], ensure_ascii=False, indent=2))
    else:
        for problem in (*broken, *book.warnings):
            typer.echo(str(problem))
        word = "Niet in orde" if broken else "In orde"
        parts = (
            how_many(len(book.sets), "regelset", "regelsets"),
            how_many(len(book.programs), "aanspraak", "aanspraken"),
            how_many(len(book.warnings), "waarschuwing", "waarschuwingen"),
        )
        typer.echo(f"{word}: {', '.join(parts)}.")
    raise typer.Exit(int(Exit.RULES if broken or (streng and book.warnings) else Exit.OK))


@app.command(epilog=EPILOG)
def gegevens(
    aanspraak: Annotated[
        str, typer.Argument(help="Bijvoorbeeld participatiewet/algemene_bijstand; of een wet zonder regels: leerplichtwet.")
    ],
    peildatum: Day,
    schema: Annotated[bool, typer.Option("--schema", help="Geef een JSON Schema van de gegevens in plaats van tekst.")] = False,
    regels: Rules = None,
) -> None:
    """Toon welke gegevens een aanspraak kan vragen, met vraag, soort en wie kan antwoorden."""
    compiled = _program(load_rules(regels, tests=False), aanspraak, _day(peildatum))
    if schema:
        typer.echo(json.dumps(facts_schema(compiled.program), ensure_ascii=False, indent=2))
    else:
        typer.echo(questions.as_text(compiled.program), nl=False)


def _program(book: Rulebook, claim: str, day: date) -> Compiled:
    if claim in book.given:
        return book.given[claim]
    if claim not in book.programs:
        fail(Exit.USAGE, f"De aanspraak `{claim}` is niet bekend. {nearest(claim, book.programs)}")
    compiled = book.program(claim, day)
    if compiled is None:
        fail(
            Exit.USAGE,
            f"Op {day} gelden er nog geen regels voor `{claim}`; de eerste gelden vanaf {book.programs[claim][0].program.valid_from}.",
        )
    return compiled


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        fail(Exit.USAGE, f"`{value}` is geen datum. Schrijf jaar-maand-dag: 2026-07-01.")


@app.command(epilog=EPILOG)
def toon(
    regelset: Annotated[str, typer.Argument(help="Bijvoorbeeld participatiewet/algemene_bijstand.")],
    peildatum: Day,
    regels: Rules = None,
) -> None:
    """Toon een regelset zoals hij op een dag geldt, in zijn geheel, als YAML."""
    book = load_rules(regels)
    try:
        typer.echo(show.whole(book, regelset, _day(peildatum)), nl=False)
    except RulesError as error:
        fail(Exit.USAGE, *(f"{problem.cause} {problem.remedy}" for problem in error.problems))


@app.command(epilog=EPILOG)
def serveer(
    host: Annotated[str | None, typer.Option("--host", help="Het adres waarop de dienst luistert.")] = None,
    poort: Annotated[int | None, typer.Option("--poort", help="De poort.", min=1, max=65535)] = None,
    werkers: Annotated[int | None, typer.Option("--werkers", help="Hoeveel processen de dienst draait.", min=1, max=64)] = None,
    tweede_mening: Annotated[
        bool | None, typer.Option("--tweede-mening/--zonder-tweede-mening", help="Laat een tweede motor meerekenen, als die er is.")
    ] = None,
    zonder_aanmelden: Annotated[
        bool, typer.Option("--zonder-aanmelden", help="Laat iedereen toe zonder sleutel; alleen op de eigen machine.")
    ] = False,
    toon_instellingen: Annotated[
        bool, typer.Option("--toon-instellingen", help="Toon de instellingen die gelden, zonder geheimen, en stop.")
    ] = False,
    regels: Rules = None,
) -> None:
    """Start de dienst: de API onder /v1, en zonder aanmelden ook een pagina op /.

    Alles is in te stellen met omgevingsvariabelen (docs/beheer.md); wat hier staat gaat voor.
    """
    flags = {"host": host, "poort": poort, "werkers": werkers, "tweede_mening": tweede_mening, "regels": regels}
    try:
        settings, auth = config.load({**flags, "aanmelden": False if zonder_aanmelden else None})
    except SettingsError as error:
        fail(Exit.USAGE, *error.lines)
    if toon_instellingen:
        for item in config.listed(settings, config.keeping(), auth):
            typer.echo(f"{item.name}={config.shown(item.value)}")
        typer.echo(f"{cache.VARIABLE}={cache_folder() or 'uit'}")
        return
    load_rules(settings.regels, tests=False)
    _open_store()
    try:
        if settings.logboek is not None:
            File(settings.logboek).opened()
    except LogbookError as error:
        fail(Exit.USAGE, f"TOETSSTEEN_LOGBOEK: in {settings.logboek} is niet te schrijven: {error}.")
    address = f"http://{settings.host}:{settings.poort}"
    typer.echo(second_engine_line() if settings.tweede_mening else "Tweede motor (durable_rules): uit, zo gevraagd.", err=True)
    typer.echo(f"{'' if settings.aanmelden else f'Pagina: {address}/   '}API: {address}/v1/openapi.json", err=True)
    if not settings.aanmelden:
        typer.echo(
            "Zonder aanmelden: iedereen op deze machine kan erbij. Maak voor echt gebruik een sleutel: `toetssteen sleutel maak`.", err=True
        )
    try:
        service.serve(settings)
    except service.CannotStart as error:
        fail(Exit.USAGE, str(error))
    except OSError as error:
        fail(Exit.USAGE, f"De dienst kan niet draaien: {error.strerror or error}.")


def _open_store() -> None:
    """Make the store ready and say where it is; without one that can be used the service does not start."""
    settings = config.keeping()
    try:
        archive = stored.archive(settings)
    except (StoreError, KeysError, OSError, ValueError) as error:
        fail(Exit.USAGE, f"De opslag is niet te gebruiken: {error} Kijk naar TOETSSTEEN_OPSLAG, of zet het op `uit` om niets te bewaren.")
    except ModuleNotFoundError:
        fail(Exit.USAGE, "Voor PostgreSQL is de extra `postgres` nodig: pip install 'toetssteen[postgres]'.")
    if archive is None:
        typer.echo("Opslag: uit. De dienst bewaart niets.", err=True)
        return
    archive.store.close()
    typer.echo(f"Opslag: {config.shown(settings.url)}", err=True)


@app.command(epilog=EPILOG)
def demo(regels: Rules = None) -> None:
    """Beoordeel de voorbeelden en leg elke uitkomst uit."""
    book = load_rules(regels, tests=False)
    opinion = second_opinion()
    files = sorted(EXAMPLES.glob("*.json"))
    if not files:
        fail(Exit.RULES, f"Er zijn geen voorbeelden in {EXAMPLES}.")
    for path in files:
        try:
            data, _ = _assessed(read_claim_file(path), book, opinion)
        except InvalidInput as error:
            fail(Exit.CLAIM, f"{path.name}: de aanvraag is geweigerd.", *(str(problem) for problem in error.problems))
        except EngineError as error:
            fail(Exit.ENGINE, f"{path.name}: {error}")
        typer.echo("=" * text.WIDTH)
        typer.echo(f"VOORBEELD {path.stem}")
        typer.echo("=" * text.WIDTH)
        typer.echo(text.render(data))
    typer.echo("=" * text.WIDTH)
    typer.echo("In het kort:")
    for path in files:
        data, _ = _assessed(read_claim_file(path), book, None)
        typer.echo(f"  {path.stem}: {text.headline(data)}")
    typer.echo(second_engine_line())
    typer.echo(
        "Start de dienst met `make serve`: de pagina staat dan op http://127.0.0.1:8000/, de API op http://127.0.0.1:8000/v1/openapi.json."
    )


def second_engine_line() -> str:
    """One line on the second engine: that it takes part, or why not."""
    state = available()
    return (
        "Tweede motor (durable_rules): aan."
        if state
        else f"Tweede motor (durable_rules): uit, {state.reason}; alles werkt, zonder tweede mening."
    )


reading.register(app, EPILOG)
testing.register(app, EPILOG)


deciding.register(app, EPILOG)
change.register(app, EPILOG)
proving.register(app, EPILOG)
app.add_typer(keys.app, name="sleutel")
app.add_typer(chain.app, name="keten")
app.add_typer(storage.app, name="opslag")
