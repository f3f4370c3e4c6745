# SPDX-License-Identifier: EUPL-1.2
"""The check of what is stored: every chain walked from its first record, and what was exported earlier held against it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Engine, select

from store import chain
from store.chain import Break, Entry, Record, Report, Seal, Sort, key_id
from store.database import reachable, require_current
from store.errors import StoreError
from store.model import Kind
from store.schema import bundles, checkpoints, heads, payloads, records, terms

BATCH = 100
"""So many records are in memory at a time, with what stands beside them."""
UNCHECKED = (
    "Controlepunt {} van {} is ondertekend met sleutel {}, en die staat niet in het sleutelbestand: niemand kan het controleren. "
    "Zet het sleutelbestand terug waarin die sleutel staat. Is die sleutel van niemand, draai dan `toetssteen keten controleer`."
)
SPOILED = "Controlepunt {} van {} klopt niet met zijn handtekening. Draai `toetssteen keten controleer`."
_STREAM = {"stream_results": True, "max_row_buffer": BATCH}

Keys = Mapping[str, Ed25519PublicKey]


@dataclass(frozen=True)
class Audit:
    """What a check found: a report for each municipality, and the breaks that belong to none."""

    reports: tuple[Report, ...]
    breaks: tuple[Break, ...]

    @property
    def whole(self) -> bool:
        """Nothing is wrong."""
        return not self.breaks and all(report.whole for report in self.reports)


@dataclass(frozen=True)
class Exported:
    """Checkpoints that another party kept, by municipality, and the public keys that signed them."""

    seals: Mapping[str, tuple[Seal, ...]] = field(default_factory=dict)
    keys: Keys = field(default_factory=dict)


def audit(engine: Engine, keys: Keys, exported: Exported | None = None) -> Audit:
    """Check everything. ``keys`` are the public keys that are trusted, by id; memory stays bounded.

    Raises :class:`store.errors.StoreDown` and :class:`store.errors.StoreOutdated`.
    """
    kept = exported or Exported()
    with reachable():
        with _snapshot(engine) as connection:
            require_current(connection)
            names, breaks = _municipalities(connection)
            breaks += [*_bundles(connection), *_strays(connection), *_strange(kept.keys, keys)]
        reports = []
        for name in sorted({*names, *kept.seals}):
            with _snapshot(engine) as connection:
                found = _one(connection, name, keys, kept.seals.get(name, ()))
                known = set(connection.scalars(select(bundles.c.sha256)))
            reports.append(found)
            breaks += [Break(name, 0, Sort.MISSING, f"Het regelbestand {address} ontbreekt.") for address in sorted(found.bundles - known)]
    return Audit(tuple(reports), tuple(breaks))


def _municipalities(connection: Connection) -> tuple[set[str], list[Break]]:
    """Whose chains there are, and a break where a column holds something that is no name."""
    found: set[Any] = set()
    for table in (records, heads, checkpoints):
        found.update(connection.scalars(select(table.c.municipality).distinct()))
    names = {name for name in found if _text(name)}
    return names, [Break("opslag", 0, Sort.EDITED, "Een rij noemt geen gemeente.")] if len(names) < len(found) else []


def _text(value: Any) -> bool:
    """Whether a column holds text that can be asked for; SQLite may hold anything."""
    try:
        return isinstance(value, str) and bool(value.encode())
    except UnicodeEncodeError:
        return False


def _strange(signed: Keys, trusted: Keys) -> list[Break]:
    """Keys that signed what another party kept, and that are not trusted (any more)."""
    what = "Een controlepunt van elders is ondertekend met sleutel {}; die vertrouwt deze controle niet."
    return [Break("sleutels", 0, Sort.SIGNATURE, what.format(name)) for name in sorted(signed.keys() - trusted.keys())]


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """A transaction in which everything is read as it was at one moment."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**options) as connection:
        yield connection


def _one(connection: Connection, municipality: str, keys: Keys, exported: Sequence[Seal]) -> Report:
    rows = connection.execute(select(checkpoints).where(checkpoints.c.municipality == municipality).order_by(checkpoints.c.number))
    seals = [Seal(*row) for row in rows]
    ends = [Seal(*row) for row in connection.execute(select(heads).where(heads.c.municipality == municipality))]
    return chain.verify(municipality, entries(connection, municipality), ends, seals, keys, exported)


def entries(connection: Connection, municipality: str) -> Iterator[Entry]:
    """The records of a municipality in order, each with what stands beside it."""
    query = select(records).where(records.c.municipality == municipality).order_by(records.c.sequence)
    for batch in connection.execute(query, execution_options=_STREAM).partitions(BATCH):
        ids = [row.id for row in batch if _text(row.id)]
        stuff: dict[str, list[tuple[str, bytes, bytes]]] = {}
        for record_id, name, salt, data in connection.execute(select(payloads).where(payloads.c.record_id.in_(ids))).all():
            stuff.setdefault(record_id, []).append((name, salt, data))
        words: dict[str, list[tuple[str, str]]] = {}
        for record_id, name, value in connection.execute(select(terms).where(terms.c.record_id.in_(ids))).all():
            words.setdefault(record_id, []).append((name, value))
        gone = set(connection.scalars(select(records.c.about).where(records.c.about.in_(ids), records.c.kind == Kind.DESTRUCTION)))
        for row in batch:
            yield Entry(Record(*row), tuple(stuff.get(row.id, ())), tuple(words.get(row.id, ())), row.id in gone)


def _bundles(connection: Connection) -> list[Break]:
    """The rule files that are not what their address says."""
    breaks = []
    for row in connection.execute(select(bundles), execution_options=_STREAM):
        if not isinstance(row.data, bytes) or hashlib.sha256(row.data).hexdigest() != row.sha256:
            breaks.append(Break("regelbestanden", 0, Sort.EDITED, f"Het regelbestand {row.sha256} is niet wat zijn adres zegt."))
    return breaks


def _strays(connection: Connection) -> list[Break]:
    """Payloads and terms that belong to no record."""
    found = []
    for table, what in ((payloads, "Een stuk"), (terms, "Een zoekterm")):
        query = select(table.c.record_id).outerjoin(records, records.c.id == table.c.record_id).where(records.c.id.is_(None)).limit(1)
        if connection.execute(query).first() is not None:
            found.append(Break("opslag", 0, Sort.INSERTED, f"{what} hoort bij geen enkel record."))
    return found


# --- checkpoints for a second party -----------------------------------------------------------------------------------


def export(seals: Iterable[Seal], keys: Keys, file: IO[str]) -> tuple[int, list[str]]:
    """Write checkpoints as JSON lines, each with the public key that checks it; how many, and why others were not written.

    Hand them to a party that cannot write to the database: with them it can tell that a tail was cut off or a history was
    written anew, whoever did it. Left out is a checkpoint that none of these keys (by id) signed, of which nobody could check a
    thing: it keeps those of the others from nobody.
    """
    count = 0
    left_out: list[str] = []
    for seal in seals:
        if not seal.holds(keys):
            why = UNCHECKED if seal.key_id not in keys else SPOILED
            left_out.append(why.format(seal.number, seal.municipality, seal.key_id))
            continue
        line = {
            "gemeente": seal.municipality,
            "nummer": seal.number,
            "volgnummer": seal.sequence,
            "hash": seal.hash,
            "ondertekendOp": seal.signed_at,
            "sleutel": seal.key_id,
            "handtekening": seal.signature,
            "publiekeSleutel": keys[seal.key_id].public_bytes_raw().hex(),
        }
        file.write(json.dumps(line) + "\n")
        count += 1
    return count, left_out


def read_export(lines: Iterable[str]) -> Exported:
    """Checkpoints as :func:`export` wrote them. Raises :class:`StoreError` for a line that is none, or is not well signed."""
    seals: dict[str, list[Seal]] = {}
    keys: dict[str, Ed25519PublicKey] = {}
    for number, line in enumerate(lines, 1):
        try:
            seal, key = _line(json.loads(line))
        except (AttributeError, KeyError, TypeError, ValueError):
            raise StoreError(f"Regel {number} van de controlepunten is geen controlepunt.") from None
        keys[key_id(key)] = key
        if not seal.holds({key_id(key): key}):
            raise StoreError(f"Regel {number} van de controlepunten heeft geen geldige handtekening.")
        seals.setdefault(seal.municipality, []).append(seal)
    return Exported({name: tuple(found) for name, found in seals.items()}, keys)


def _line(data: dict[str, Any]) -> tuple[Seal, Ed25519PublicKey]:
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(data["publiekeSleutel"]))
    names = ("gemeente", "volgnummer", "hash", "nummer", "ondertekendOp", "sleutel", "handtekening")
    return Seal(*(data[name] for name in names)), key
