# SPDX-License-Identifier: EUPL-1.2
"""A small chain in memory, as rows of its tables, and ways to tamper with it."""

from __future__ import annotations

import copy
import dataclasses
import random
import string
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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

    def entries(self) -> list[Entry]:
        payloads: dict[str, list[tuple[str, bytes, bytes]]] = {}
        for row in self.payloads:
            payloads.setdefault(row["record_id"], []).append((row["name"], row["salt"], row["data"]))
        terms: dict[str, list[tuple[str, str]]] = {}
        for row in self.terms:
            terms.setdefault(row["record_id"], []).append((row["name"], row["value"]))
        destroyed = {row["about"] for row in self.records if row["kind"] == "vernietiging"}
        records = [Record(**row) for row in sorted(self.records, key=lambda row: row["sequence"]) if row["municipality"] == TOWN]
        return [Entry(found, tuple(payloads.get(found.id, ())), tuple(terms.get(found.id, ())), found.id in destroyed) for found in records]

    def verify(self, keys: Mapping[str, Ed25519PublicKey] = KEYS.trusted, exported: tuple[Seal, ...] = ()) -> Report:
        head = next((Seal(**row) for row in self.heads if row["municipality"] == TOWN), None)
        kept = [Seal(**row) for row in sorted(self.checkpoints, key=lambda row: row["number"]) if row["municipality"] == TOWN]
        return chain.verify(TOWN, self.entries(), head, kept, keys, exported)

    def seals(self) -> tuple[Seal, ...]:
        return tuple(Seal(**row) for row in self.checkpoints)

    def relink(self, start: int) -> None:
        """Make every hash anew from a place in the list of records, as somebody would who knows how."""
        for index in range(start, len(self.records)):
            row = self.records[index]
            row["previous"] = self.records[index - 1]["hash"] if index else START
            row["sequence"] = index + 1
            row["hash"] = record_hash(Record(**row))


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
        seal = dataclasses.asdict(KEYS.sealed(TOWN, sequence, record.hash, number, at(sequence)))
        image.heads = [seal]
        if sequence % every == 0:
            image.checkpoints.append(dict(seal))
    return image


# --- tampering: each changes an image, and says in words what it did ---------------------------------------------------

Tampering = Callable[[Image, random.Random], str]


def spoiled(value: Any, rng: random.Random) -> Any:
    """Another value, one byte or one unit away."""
    match value:
        case None:
            return "iets"
        case int():
            return value + rng.choice((-1, 1, 1000))
        case bytes():
            place = rng.randrange(len(value))
            return value[:place] + bytes([value[place] ^ (1 << rng.randrange(8))]) + value[place + 1 :]
        case _:
            place = rng.randrange(len(value))
            other = rng.choice([sign for sign in string.printable if sign != value[place]])
            return value[:place] + other + value[place + 1 :]


def edit(image: Image, rng: random.Random) -> str:
    table = rng.choice([field.name for field in dataclasses.fields(image)])
    row = rng.choice(getattr(image, table))
    column = rng.choice(list(row))
    row[column] = spoiled(row[column], rng)
    return f"{table}.{column} edited"


def delete(image: Image, rng: random.Random) -> str:
    table = rng.choice([field.name for field in dataclasses.fields(image)])
    rows = getattr(image, table)
    rows.pop(rng.randrange(len(rows)))
    return f"a row of {table} deleted"


def forge(image: Image, rng: random.Random) -> str:
    """A record of one's own, with a hash that is right, at some place or at the end."""
    index = rng.randrange(len(image.records) + 1)
    model = rng.choice(image.records)
    content = chain.content({"uitkomst": "afwijzen"}, {}, None)
    image.records.insert(index, {**model, "id": str(uuid.UUID(int=rng.getrandbits(128))), "content": content})
    if rng.random() < 0.5:
        image.relink(index)
        return f"a record inserted at {index}, all later ones linked anew"
    row = image.records[index]
    row["previous"] = image.records[index - 1]["hash"] if index else START
    row["sequence"] = index + 1
    row["hash"] = record_hash(Record(**row))
    for offset, later in enumerate(image.records[index + 1 :], index + 2):
        later["sequence"] = offset
    return f"a record inserted at {index}"


def beside(image: Image, rng: random.Random) -> str:
    """Something of one's own beside a record, or a checkpoint by a key of one's own."""
    name = rng.choice(image.records)["id"]
    match rng.randrange(3):
        case 0:
            image.payloads.append({"record_id": name, "name": "bijlage", "salt": b"s" * 32, "data": b"x"})
            return "a payload inserted"
        case 1:
            image.terms.append({"record_id": name, "name": "zaak", "value": "andere"})
            return "a term inserted"
        case _:
            last = image.records[-1]
            seal = STRANGER.sealed(TOWN, last["sequence"], last["hash"], len(image.checkpoints) + 1, at(59))
            image.checkpoints.append(dataclasses.asdict(seal))
            return "a checkpoint inserted"


def swap(image: Image, rng: random.Random) -> str:
    a, b = rng.sample(image.records, 2)
    a["sequence"], b["sequence"] = b["sequence"], a["sequence"]
    return f"records {b['sequence']} and {a['sequence']} swapped"


def cut(image: Image, rng: random.Random) -> str:
    """The tail gone with all that belongs to it; the head left, gone, or replaced by one that a stranger signed."""
    length = rng.randrange(len(image.records))
    gone = {row["id"] for row in image.records[length:]}
    image.records = image.records[:length]
    image.payloads = [row for row in image.payloads if row["record_id"] not in gone]
    image.terms = [row for row in image.terms if row["record_id"] not in gone]
    if rng.random() < 0.5:
        image.checkpoints = [row for row in image.checkpoints if row["sequence"] <= length]
    head = rng.choice(("left", "gone", "forged")) if image.records else "left"
    if head == "gone":
        image.heads = []
    elif head == "forged":
        seal = STRANGER.sealed(TOWN, length, image.records[-1]["hash"], len(image.checkpoints), at(59))
        image.heads = [dataclasses.asdict(seal) | {"key_id": chain.key_id(rng.choice((KEYS, STRANGER)).public)}]
    return f"cut after {length}, the head {head}"


def rewrite(image: Image, rng: random.Random) -> str:
    """Another history from some record on, everything linked anew, the head made to fit but for its signature."""
    index = rng.randrange(len(image.records))
    image.records[index]["created_at"] = at(58)
    image.relink(index)
    if rng.random() < 0.5:
        image.heads[0]["hash"] = image.records[-1]["hash"]
    return f"history written anew from {index + 1}"


TAMPERINGS: tuple[Tampering, ...] = (edit, delete, forge, beside, swap, cut, rewrite)


def tampered(image: Image, rng: random.Random) -> tuple[Image, str]:
    """A copy that somebody tampered with, and what was done."""
    other = copy.deepcopy(image)
    return other, rng.choice(TAMPERINGS)(other, rng)
