# SPDX-License-Identifier: EUPL-1.2
"""``toetssteen opslag``: keep the store up to date, and destroy what may no longer be kept, by whom and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import orjson
import typer

from cli.dutch import App
from cli.outcome import Exit, fail, load_rules
from cli.stored import EPILOG, KEYS, By, Id, KeyFile, Reason, Url, address, engine_at, key_file, keys_at, opened, told
from engine.model.problems import RulesError
from engine.rationale.wording import how_many
from store import database
from store.erasure import Retention
from store.errors import Erased, NotFound, RetentionStopped, StoreError
from store.keys import Keys
from store.model import Destroyed, Ground
from store.replay import Replay, Replayer
from store.store import Store, in_use

app = App(help="Beheer de opslag: bijwerken, bewaartermijnen, bewaarplicht en vernietiging.", epilog=EPILOG)

Really = Annotated[bool, typer.Option("--vernietig", help="Vernietig echt. Zonder dit staat er alleen wat er zou gebeuren.")]
_UNDONE = "Er is niets vernietigd. Met `--vernietig` gebeurt het echt; terughalen kan niet."
_LOG_LEFT = (
    "Sporen van wat is vernietigd staan nog in {}-wal: een ander programma leest of schrijft in de opslag, of zij is niet bereikbaar. "
    "Geef deze opdracht straks opnieuw; een dienst die draait, probeert het ook."
)
_TRACES_LEFT = (
    "Sporen van wat is vernietigd staan nog in de tabellen: een andere transactie loopt nog, deze gebruiker is niet de eigenaar, "
    "of de database antwoordt niet. "
    "Geef deze opdracht straks opnieuw, of laat de eigenaar `VACUUM (ANALYZE, INDEX_CLEANUP ON) payloads, terms, pseudonyms` draaien; "
    "een dienst die draait, probeert het ook."
)


class Cause(StrEnum):
    """Why somebody has a record destroyed, as it is typed."""

    REQUEST = "verzoek"
    ORDER = "bevel"
    MISTAKE = "vergissing"

    @property
    def ground(self) -> Ground:
        """The ground as the record of destruction holds it."""
        return Ground[self.name]


@app.command(epilog=EPILOG)
def bijwerken(opslag: Url = None) -> None:
    """Maak de tabellen van de opslag, of werk ze bij naar deze versie. Mag zo vaak als u wilt."""
    engine = engine_at(opslag)
    with told(engine):
        with database.reachable(), engine.connect() as connection:
            before = database.revision(connection)
        database.upgrade(engine)
        with database.reachable(), engine.connect() as connection:
            after = database.revision(connection)
    engine.dispose()
    if before == after:
        typer.echo(f"De opslag was al bij (versie {after}).")
    else:
        typer.echo(f"De opslag is bijgewerkt: {f'van versie {before} ' if before else ''}naar versie {after}.")


@app.command(name="sleutels", epilog=EPILOG)
def sleutels_maken(
    vernieuw: Annotated[
        bool, typer.Option("--vernieuw", help="Onderteken voortaan met een nieuwe sleutel; wat met de oude is ondertekend blijft geldig.")
    ] = False,
    opslag: Url = None,
    sleutels: KeyFile = None,
) -> None:
    """Maak het sleutelbestand van een nieuwe opslag, of vernieuw de sleutel waarmee de keten wordt ondertekend.

    Bewaar een kopie op een andere plaats dan de opslag. Zonder dit bestand wordt niemand op BSN teruggevonden.
    """
    path = key_file(sleutels)
    if path is None:
        fail(Exit.USAGE, f"Waar moeten de sleutels komen? Geef `--sleutels BESTAND`, of zet {KEYS}.")
    if vernieuw:
        keys_at(path)
        found = _save(Keys.renew, path)
        typer.echo(
            f"{path}: voortaan ondertekent sleutel {found.id}. Voer controlepunten uit. Een dienst die draait, vertrouwt haar vanzelf en "
            "ondertekent met haar zodra u die opnieuw start."
        )
        return
    if path.exists():
        typer.echo(f"{path} is er al; sleutel {keys_at(path).id} ondertekent.")
        return
    if _in_use(opslag):
        fail(
            Exit.CLAIM,
            f"De opslag is al in gebruik, en {path} is er niet. Zet het sleutelbestand terug waarmee zij is begonnen: met nieuwe "
            "sleutels klopt geen handtekening en wordt niemand teruggevonden.",
        )
    _save(Keys.make, path)
    typer.echo(f"{path}: gemaakt; sleutel {keys_at(path).id} ondertekent. Bewaar een kopie, niet bij de opslag.")


def _save(work: Callable[[Path], Keys], path: Path) -> Keys:
    try:
        return work(path)
    except OSError as error:
        fail(Exit.USAGE, f"{path}: dit bestand is niet te schrijven: {error.strerror}.")


def _in_use(url: str | None) -> bool:
    """Whether something is sealed in the store, where one is named and has tables."""
    if address(url) is None:
        return False
    engine = engine_at(url)
    with told(engine):
        found = in_use(engine)
    engine.dispose()
    return found


# --- destruction and holds -------------------------------------------------------------------------------------------


@app.command(epilog=EPILOG)
def bewaren(
    bewaartermijnen: Annotated[
        Path, typer.Option("--bewaartermijnen", metavar="BESTAND", help="TOML met een tabel `bewaartermijnen`: wet = aantal jaren.")
    ],
    door: By,
    vernietig: Really = False,
    opslag: Url = None,
    sleutels: KeyFile = None,
) -> None:
    """Vernietig de dossiers waarvan de bewaartermijn voorbij is, of toon welke dat zijn.

    Een termijn loopt vanaf het laatste record van de zaak. Een dossier onder bewaarplicht blijft; een wet zonder termijn ook.
    Kan een dossier niet worden vernietigd, dan staat er welk en waarom, gaan de andere door, en is de afsluitcode 3.
    """
    try:
        terms = Retention.read(bewaartermijnen)
    except StoreError as error:
        fail(Exit.USAGE, str(error))
    with opened(opslag, sleutels) as store:
        try:
            found = store.retain(terms, by=door, dry=not vernietig)
        except RetentionStopped as stopped:
            if vernietig:
                _tell(stopped.done, door, really=True)
                _overwrite(store)
            raise
        _tell(found, door, really=vernietig)
        if vernietig:
            _overwrite(store)
    if not vernietig and found.destroyed:
        typer.echo(_UNDONE, err=True)
    if found.failed:
        raise typer.Exit(int(Exit.CLAIM))


def _tell(found: Destroyed, by: str, *, really: bool) -> None:
    typer.echo("\n".join(_kept(found, by, really=really)))
    if found.failed:
        typer.echo(f"Niet te vernietigen: {how_many(len(found.failed), 'dossier', 'dossiers')}.", err=True)
    for file in found.failed:
        typer.echo(f"  {file.id}: {file.law}. {file.why}", err=True)


def _overwrite(store: Store) -> None:
    """Take away the traces of what was destroyed, and tell where some are left."""
    if not store.overwrite():
        file = database.sqlite_file(store.engine)
        typer.echo(_TRACES_LEFT if file is None else _LOG_LEFT.format(file), err=True)


def _kept(found: Destroyed, by: str, *, really: bool) -> Iterator[str]:
    gone = [file for file in found.files if not file.held]
    verb = "Vernietigd" if really else "Zou vernietigen"
    yield f"{verb}: {how_many(len(gone), 'dossier', 'dossiers')}{f' (grond: {Ground.TERM}; door: {by})' if gone else ''}."
    yield from (f"  {file.municipality} {file.id}: {file.law}, laatste record {file.last[:10]}. {file.reason}" for file in gone)
    if found.held:
        yield f"Blijft onder bewaarplicht: {how_many(found.held, 'dossier', 'dossiers')}."
        yield from (f"  {file.municipality} {file.id}: {file.law}, laatste record {file.last[:10]}." for file in found.files if file.held)
    for law, count in sorted(found.without_term.items()):
        yield f"Blijft, want zonder bewaartermijn: {how_many(count, 'dossier', 'dossiers')} onder {law}."


@app.command(epilog=EPILOG)
def wissen(
    nummer: Id,
    grond: Annotated[Cause, typer.Option("--grond", help="Verzoek van de betrokkene, bevel van rechter of toezichthouder, of vergissing.")],
    door: By,
    reden: Reason,
    vernietig: Really = False,
    opslag: Url = None,
    sleutels: KeyFile = None,
) -> None:
    """Vernietig wat bij een record hoort, en bij alles wat daarover is vastgelegd; of toon wat dat is.

    De keten blijft heel: dat het er was, en op welke grond het is vernietigd, blijft erin staan.
    """
    with opened(opslag, sleutels, nummer) as store:
        try:
            doomed = store.erasable(nummer, grond.ground)
            done = store.erase(nummer, ground=grond.ground, by=door, reason=reden) if vernietig else []
        except Erased:
            if vernietig:
                _overwrite(store)
            raise
        typer.echo(f"{'Vernietigd' if vernietig else 'Zou vernietigen'} (grond: {grond.ground}; door: {door}; reden: {reden}):")
        for record, names in doomed:
            typer.echo(f"  {record.municipality}, record {record.sequence} ({record.kind}): {', '.join(names)}")
        if vernietig:
            typer.echo(f"Vastgelegd in de keten als record {', '.join(str(record.sequence) for record in done)}.")
            _overwrite(store)
        else:
            typer.echo(_UNDONE, err=True)


@app.command(epilog=EPILOG)
def vasthouden(nummer: Id, door: By, reden: Reason, opslag: Url = None, sleutels: KeyFile = None) -> None:
    """Leg een bewaarplicht op het dossier van een record: niets ervan wordt vernietigd tot u het vrijgeeft."""
    with opened(opslag, sleutels, nummer) as store:
        record = store.hold(nummer, by=door, reason=reden)
    typer.echo(f"{nummer}: bewaarplicht gelegd, record {record.sequence} van {record.municipality}.")


@app.command(epilog=EPILOG)
def vrijgeven(nummer: Id, door: By, reden: Reason, opslag: Url = None, sleutels: KeyFile = None) -> None:
    """Hef een bewaarplicht op die op dit record is gelegd; liggen er meer, dan geldt de volgende nog."""
    with opened(opslag, sleutels, nummer) as store:
        try:
            record = store.lift_hold(nummer, by=door, reason=reden)
        except NotFound:
            store.record(nummer)
            fail(Exit.CLAIM, f"{nummer}: op dit record ligt geen bewaarplicht. Geef het nummer waarop zij is gelegd.")
        still = store.held(nummer)
    typer.echo(f"{nummer}: bewaarplicht opgeheven, record {record.sequence} van {record.municipality}.")
    if still:
        typer.echo("Op dit dossier ligt nog een bewaarplicht; het blijft bewaard.")


# --- replay ----------------------------------------------------------------------------------------------------------


@app.command(epilog=EPILOG)
def herbereken(
    nummer: Id,
    met_regels: Annotated[
        Path | None, typer.Option("--met-regels", metavar="MAP", help="Reken met deze regels in plaats van met die van toen.")
    ] = None,
    als_json: Annotated[bool, typer.Option("--json", help="Geef de vergelijking als JSON.")] = False,
    opslag: Url = None,
    sleutels: KeyFile = None,
) -> None:
    """Maak een bewaarde beoordeling opnieuw, met de regels van toen of met andere, en vergelijk."""
    book = load_rules(met_regels) if met_regels is not None else None
    with opened(opslag, sleutels, nummer) as store:
        try:
            found = Replayer(store).replay(nummer, book)
        except RulesError as error:
            fail(Exit.ENGINE, f"{nummer}: deze versie van het programma kan de regels van toen niet laden.", *map(str, error.problems))
    if als_json:
        typer.echo(orjson.dumps(found.plain(nummer, "toen" if book is None else "andere"), option=orjson.OPT_INDENT_2))
    else:
        typer.echo("\n".join(_compared(found)))
    raise typer.Exit(int(Exit.OK if found.equal or book is not None else Exit.ENGINE))


def _compared(found: Replay) -> Iterator[str]:
    if found.refused:
        yield "Met deze regels wordt de aanvraag geweigerd:"
        yield from (f"  {problem}" for problem in found.refused)
    elif found.identical:
        yield "Gelijk, tot op de letter."
    elif found.equal:
        yield f"Gelijk; alleen teksten verschillen (toen {found.engine_then}, nu {found.engine_now})."
    else:
        yield f"Anders: {how_many(len(found.differences), 'verschil', 'verschillen')}."
    for each in found.differences:
        before, after = (orjson.dumps(value).decode() for value in (each.before, each.after))
        yield f"  {each.part}{f' {each.name}' if each.name != each.part else ''}: toen {before}, nu {after}"
    if found.causes:
        yield "Door:"
        yield from (f"  {cause}" for cause in found.causes)
