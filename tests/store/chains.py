# SPDX-License-Identifier: EUPL-1.2
"""A small chain in memory, as rows of its tables."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from store import chain
from store.chain import START, Entry, Record, Report, Seal, canonical, commitment, record_hash
from store.keys import Keys

TOWN = "GM0000"
KEYS = Keys.generate()
STRANGER = Keys.generate()
Row = dict[str, Any]


@dataclass
class Image:
    """The rows of each table."""

    records: list[Row]
    payloads: list[Row]
    terms: list[Row]
    heads: list[Row]
    checkpoints: list[Row]
    bundles: list[Row] = field(default_factory=list)

    @property
    def tables(self) -> dict[str, list[Row]]:
        """The rows of each table that has any."""
        return {each.name: rows for each in dataclasses.fields(self) if (rows := getattr(self, each.name))}

    def state(self) -> dict[str, Counter[str]]:
        """What is stored, in whatever order: equal where no tampering can be seen because there is none."""
        return {name: Counter(repr(list(row.items())) for row in rows) for name, rows in self.tables.items()}

    def entries(self) -> list[Entry]:
        payloads: dict[str, list[tuple[str, bytes, bytes]]] = {}
        for row in self.payloads:
            payloads.setdefault(row["record_id"], []).append((row["name"], row["salt"], row["data"]))
        terms: dict[str, list[tuple[str, str]]] = {}
        for row in self.terms:
            terms.setdefault(row["record_id"], []).append((row["name"], row["value"]))
        destroyed = {row["about"] for row in self.records if row["kind"] == "vernietiging"}
        records = [Record(**row) for row in sorted(self.records, key=lambda row: _order(row["sequence"])) if row["municipality"] == TOWN]
        return [Entry(found, tuple(payloads.get(found.id, ())), tuple(terms.get(found.id, ())), found.id in destroyed) for found in records]

    def verify(self, keys: Mapping[str, Ed25519PublicKey] = KEYS.trusted, exported: tuple[Seal, ...] = ()) -> Report:
        ends = [Seal(**row) for row in self.heads if row["municipality"] == TOWN]
        kept = [Seal(**row) for row in sorted(self.checkpoints, key=lambda row: _order(row["number"])) if row["municipality"] == TOWN]
        return chain.verify(TOWN, self.entries(), ends, kept, keys, exported)

    def seals(self) -> tuple[Seal, ...]:
        return tuple(Seal(**row) for row in self.checkpoints)

    def relink(self, start: int) -> None:
        """Make every hash anew from a place in the list of records, as somebody would who knows how."""
        for index in range(start, len(self.records)):
            row = self.records[index]
            row["previous"] = self.records[index - 1]["hash"] if index else START
            row["sequence"] = index + 1
            row["hash"] = record_hash(Record(**row))


def _order(value: Any) -> tuple[int, Any]:
    """Values of any kind in the order in which SQLite puts them."""
    rank = 0 if value is None else 1 if isinstance(value, int | float) else 2 if isinstance(value, str) else 3
    return rank, 0 if value is None else value


def at(minute: int) -> str:
    return f"2026-07-15T10:{minute:02}:00.000000Z"


def made(length: int = 12, every: int = 4, destroying: int = 11) -> Image:
    """A chain of assessments, each with a payload and terms; the eleventh record destroyed what stood beside the second."""
    image = Image([], [], [], [], [])
    number = 0
    for sequence in range(1, length + 1):
        destroys = sequence == destroying
        name = f"{sequence:08}-0000-4000-8000-000000000000"
        beside = {"antwoord": f'{{"zaak":{sequence}}}'.encode(), chain.TERMS: canonical({"zaak": [f"z{sequence}"]}).encode()}
        salts = {key: sequence.to_bytes(2, "big") * 15 + len(key).to_bytes(2, "big") for key in beside}
        content = chain.content({"uitkomst": "toekennen"}, {key: commitment(salts[key], data) for key, data in beside.items()}, None)
        about = image.records[1]["id"] if destroys else None
        kind = "vernietiging" if destroys else "beoordeling"
        previous = image.records[-1]["hash"] if image.records else START
        record = Record(name, TOWN, sequence, kind, "participatiewet", about, at(sequence), content, previous, "")
        record = dataclasses.replace(record, hash=record_hash(record))
        image.records.append(dataclasses.asdict(record))
        if sequence != 2 or length < destroying:
            image.payloads += [{"record_id": name, "name": key, "salt": salts[key], "data": data} for key, data in beside.items()]
            image.terms.append({"record_id": name, "name": "zaak", "value": f"z{sequence}"})
        number += sequence % every == 0
        seal = dataclasses.asdict(KEYS.sealed(TOWN, sequence, record.hash, number, at(sequence), kept=sequence % every == 0))
        image.heads = [seal]
        if sequence % every == 0:
            image.checkpoints.append(dict(seal))
    return image
