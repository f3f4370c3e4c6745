# SPDX-License-Identifier: EUPL-1.2
"""``toetssteen keten``: check what is stored, and hand checkpoints to a second party."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.dutch import App
from cli.outcome import Exit, fail
from cli.stored import EPILOG, KeyFile, Url, engine_at, key_file, keys_at, must_exist, opened, told
from engine.rationale.wording import how_many
from store.audit import Audit, Exported, audit, export, read_export
from store.chain import Break, Report
from store.errors import StoreError, Tampered
from store.files import put

app = App(help="Controleer de keten van wat is vastgelegd, of geef controlepunten aan een tweede partij.", epilog=EPILOG)
SHOWN = 20
"""So many breaks of one chain are shown as text; JSON holds them all."""


@app.command(epilog=EPILOG)
def controleer(
    controlepunten: Annotated[
        Path | None,
        typer.Option("--controlepunten", metavar="BESTAND", help="Vergelijk met controlepunten die een tweede partij bewaarde."),
    ] = None,
    als_json: Annotated[bool, typer.Option("--json", help="Geef wat is gevonden als JSON.")] = False,
    opslag: Url = None,
    sleutels: KeyFile = None,
) -> None:
    """Loop de hele keten van elke gemeente na: is zij heel, en zo niet, waar breekt zij en hoe.

    Een tweede partij heeft geen sleutelbestand nodig: met haar eigen controlepunten tellen de sleutels die daarin staan.
    """
    engine = engine_at(opslag)
    must_exist(engine)
    kept = _read(controlepunten)
    trusted = kept.keys if kept is not None and key_file(sleutels) is None else keys_at(sleutels).trusted
    with told(engine):
        found = audit(engine, trusted, kept)
    engine.dispose()
    count = sum(len(seals) for seals in kept.seals.values()) if kept is not None else 0
    if als_json:
        typer.echo(json.dumps(as_data(found, controlepunten, count), ensure_ascii=False, indent=2).encode(errors="backslashreplace"))
    else:
        typer.echo("\n".join(_told(found)).encode(errors="backslashreplace"))
        if controlepunten is not None:
            typer.echo(f"Vergeleken met {how_many(count, 'controlepunt', 'controlepunten')} uit {controlepunten}.")
        elif found.whole and found.reports:
            typer.echo(
                "Niet vergeleken met controlepunten van een tweede partij (`--controlepunten`): "
                "een staart die netjes is weggehaald, of een keten die met de sleutels is herschreven, valt dan niet op.",
                err=True,
            )
    raise typer.Exit(int(Exit.OK if found.whole else Exit.BROKEN))


@app.command(epilog=EPILOG)
def uitvoer(
    bestand: Annotated[
        Path | None, typer.Argument(help="Het bestand om te schrijven; zonder dit gaan zij naar standaarduitvoer.", metavar="BESTAND")
    ] = None,
    opslag: Url = None,
    sleutels: KeyFile = None,
) -> None:
    """Zet een controlepunt op het einde van elke keten en schrijf ze alle, ondertekend, voor een tweede partij (JSON Lines).

    Geef ze aan wie niet in de opslag kan schrijven. Wat daarna aan de keten verandert, ziet die met `toetssteen keten controleer`.
    Klopt het einde van een keten of een controlepunt niet, dan komt wat wel klopt in een bestand ernaast (`.nieuw`) en blijft een
    eerdere uitvoer staan.
    """
    if bestand is not None and bestand.exists() and not bestand.is_file():
        fail(Exit.USAGE, f"{bestand}: dit is geen gewoon bestand. Laat het weg: dan gaan de controlepunten naar standaarduitvoer.")
    text, wrong = io.StringIO(), []
    with opened(opslag, sleutels) as store:
        try:
            store.checkpoint()
        except Tampered as error:  # the checkpoints of the other chains are evidence, now more than ever
            wrong.append(str(error))
        count, left_out = export(store.checkpoints(), store.keys.trusted, text)
    wrong += left_out[:SHOWN]
    wrong += [f"En nog {how_many(len(left_out) - SHOWN, 'controlepunt', 'controlepunten')}."] if len(left_out) > SHOWN else []
    for line in wrong:
        typer.echo(line, err=True)
    if wrong and bestand is not None:
        earlier, bestand = bestand, bestand.with_name(f"{bestand.name}.nieuw")
        if earlier.exists():
            typer.echo(f"{earlier} is gebleven zoals het was.", err=True)
    if bestand is None:
        typer.echo(text.getvalue(), nl=False)
    else:
        _written(bestand, text.getvalue())
    typer.echo(f"{how_many(count, 'controlepunt', 'controlepunten')} geschreven{f' naar {bestand}' if bestand else ''}.", err=True)
    if wrong:
        fail(Exit.CLAIM, "Zie docs/beheer.md: De keten controleren.")


def _written(path: Path, text: str) -> None:
    """Write an export, which holds no secret, in place of an earlier one."""
    try:
        put(path, text, secret=False)
    except OSError as error:
        fail(Exit.USAGE, f"{path}: dit bestand is niet te schrijven: {error.strerror}.")


def _read(path: Path | None) -> Exported | None:
    """Checkpoints that were exported earlier. A file without any checks nothing, and is refused."""
    if path is None:
        return None
    try:
        with path.open(encoding="utf-8") as file:
            found = read_export(line for line in file if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        fail(Exit.USAGE, f"{path}: de controlepunten zijn niet te lezen: {getattr(error, 'strerror', None) or 'dit is geen tekst'}.")
    except StoreError as error:
        fail(Exit.CLAIM, f"{path}: {error}", "Neem een bestand dat `toetssteen keten uitvoer` schreef en dat niemand wijzigde.")
    if not found.seals:
        fail(Exit.CLAIM, f"{path}: hierin staat geen enkel controlepunt; er is niets om mee te vergelijken.")
    return found


def _told(found: Audit) -> Iterator[str]:
    for report in found.reports:
        yield from _chain(report)
    yield from (str(broken) for broken in found.breaks)
    records = sum(report.records for report in found.reports)
    total = f"{how_many(len(found.reports), 'keten', 'ketens')}, {how_many(records, 'record', 'records')}"
    if found.whole:
        yield f"Heel: {total}." if found.reports else "De opslag is leeg: er is geen keten om te controleren."
        return
    number = len(found.breaks) + sum(len(report.breaks) + report.more for report in found.reports)
    broken = sum(not report.whole for report in found.reports)
    yield f"GEBROKEN: {how_many(number, 'breuk', 'breuken')}; {broken} van de {total}."
    yield "Wijzig niets, maak een kopie van de opslag, en zie docs/beheer.md: De keten controleren."


def _chain(report: Report) -> Iterator[str]:
    size = f"{report.size / 1e6:.1f}".replace(".", ",")
    state = "heel" if report.whole else "GEBROKEN"
    seals = how_many(report.checkpoints, "controlepunt", "controlepunten")
    yield f"{report.municipality}: {state}; {how_many(report.records, 'record', 'records')}, {seals}, {size} MB."
    for broken in report.breaks[:SHOWN]:
        yield f"  {f'record {broken.sequence}' if broken.sequence else 'de hele keten'}: {broken.sort}. {broken.what}"
    if rest := max(len(report.breaks) - SHOWN, 0) + report.more:
        yield f"  en nog {how_many(rest, 'breuk', 'breuken')} (`--json` noemt de eerste 200 van elke gemeente)."


def as_data(found: Audit, path: Path | None, count: int) -> dict[str, Any]:
    """What a check found, as JSON carries it: `record` is null where a break belongs to no single record."""
    return {
        "heel": found.whole,
        "vergeleken": {"bestand": str(path), "controlepunten": count} if path is not None else None,
        "gemeenten": [
            {
                "gemeente": report.municipality,
                "heel": report.whole,
                "records": report.records,
                "bytes": report.size,
                "controlepunten": report.checkpoints,
                "breuken": [_break(broken) for broken in report.breaks],
                "nietGenoemd": report.more,
            }
            for report in found.reports
        ],
        "breuken": [{"waar": broken.municipality, **_break(broken)} for broken in found.breaks],
    }


def _break(broken: Break) -> dict[str, Any]:
    return {"record": broken.sequence or None, "soort": broken.sort.value, "wat": broken.what}
