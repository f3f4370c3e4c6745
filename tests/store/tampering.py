# SPDX-License-Identifier: EUPL-1.2
"""Ways to tamper with a stored chain: each changes an image of its tables, and says in words what it did.

Those of :data:`SEEN` the check of the store finds by itself: who does them has the database and not the keys. Those of
:data:`BY_EXPORT` leave a store that is whole, and are found by who kept checkpoints only.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from store import chain
from store.chain import START, Record, canonical, record_hash
from store.keys import Keys
from tests.store.chains import KEYS, STRANGER, TOWN, Image, Row, at

States = Sequence[Image]
"""The chain as it was after each of its records, from none on; the last is as it is."""
Tampering = Callable[[Image, random.Random, States], str]
LATER = "2026-07-15T10:59:00.000000Z"


# --- values ------------------------------------------------------------------------------------------------------------


def bit(value: Any, rng: random.Random) -> Any:
    """The same value with one bit turned."""
    match value:
        case None:
            return "iets"
        case int():
            return value ^ (1 << rng.randrange(6))
        case str():
            other = bit(value.encode(), rng).decode() if value.isascii() and value else "iets"
            return "iets" if "\x00" in other else other  # which PostgreSQL does not hold
        case bytes():
            place, turned = rng.randrange(len(value)), 1 << rng.randrange(7)  # of a text in ASCII a text in ASCII
            return value[:place] + bytes([value[place] ^ turned]) + value[place + 1 :]
    raise TypeError(value)


def _of(image: Image, rng: random.Random, *tables: str) -> Row:
    """A row of one of these tables, or of any."""
    return rng.choice(image.tables[rng.choice([name for name in image.tables if not tables or name in tables])])


def column(image: Image, rng: random.Random, _: States) -> str:
    table = rng.choice(list(image.tables))
    row = _of(image, rng, table)
    name = rng.choice(list(row))
    row[name] = bit(row[name], rng)
    return f"a bit of {table}.{name}"


def payload(image: Image, rng: random.Random, _: States) -> str:
    row = _of(image, rng, "payloads")
    row["data"] = bit(row["data"], rng)
    return f"a bit of the payload {row['name']} of {row['record_id']}"


def salt(image: Image, rng: random.Random, _: States) -> str:
    row = _of(image, rng, "payloads")
    row["salt"] = bit(row["salt"], rng)
    return f"a bit of the salt of {row['name']} of {row['record_id']}"


def committed(image: Image, rng: random.Random, _: States) -> str:
    """A commitment changed in the record, whose hash is left or made to fit."""
    index = rng.choice([index for index, row in enumerate(image.records) if json.loads(row["content"])["stukken"]])
    row = image.records[index]
    found = json.loads(row["content"])
    name = rng.choice(list(found["stukken"]))
    found["stukken"][name] = f"{int(found['stukken'][name], 16) ^ (1 << rng.randrange(256)):064x}"
    row["content"] = canonical(found)
    fits = rng.random() < 0.5
    if fits:
        image.relink(index)
    return f"a bit of the commitment of {name} in record {index + 1}{', linked anew' if fits else ''}"


def seal(image: Image, rng: random.Random, _: States) -> str:
    table = rng.choice(("heads", "checkpoints"))
    row = _of(image, rng, table)
    name = rng.choice(("sequence", "hash", "number", "signed_at", "key_id", "signature"))
    row[name] = bit(row[name], rng)
    return f"a bit of {table}.{name}"


def kind(image: Image, rng: random.Random, _: States) -> str:
    """A column that holds nothing, or another kind of value."""
    table = rng.choice(list(image.tables))
    row = _of(image, rng, table)
    name = rng.choice(list(row))
    old = row[name]
    row[name] = rng.choice([None, b"", b"\x00", "", "x", 0, -1, 2.5, old.encode() if isinstance(old, str) else b"x"])
    return f"{table}.{name} is {row[name]!r}"


def exchanged(image: Image, rng: random.Random, _: States) -> str:
    """A value of one row and the same column of another one, exchanged."""
    table = rng.choice([name for name, rows in image.tables.items() if len(rows) > 1])
    a, b = rng.sample(image.tables[table], 2)
    name = rng.choice(list(a))
    a[name], b[name] = b[name], a[name]
    return f"{table}.{name} exchanged between two rows"


# --- rows ------------------------------------------------------------------------------------------------------------


def deleted(image: Image, rng: random.Random, _: States) -> str:
    table = rng.choice(list(image.tables))
    rows = image.tables[table]
    rows.pop(rng.randrange(len(rows)))
    return f"a row of {table} deleted"


def doubled(image: Image, rng: random.Random, _: States) -> str:
    table = rng.choice([name for name in image.tables if name != "bundles"])
    rows = image.tables[table]
    rows.append(dict(rng.choice(rows)))
    return f"a row of {table} twice"


def moved(image: Image, rng: random.Random, _: States) -> str:
    table = rng.choice(("records", "heads", "checkpoints"))
    _of(image, rng, table)["municipality"] = "GM0001"
    return f"a row of {table} moved to another municipality"


def inserted(image: Image, rng: random.Random, _: States) -> str:
    """A record of one's own, with a hash that is right, at some place or at the end."""
    index = rng.randrange(len(image.records) + 1)
    image.records.insert(index, _own(image, rng))
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


def replaced(image: Image, rng: random.Random, _: States) -> str:
    """Another record in the place of one, with a hash that is right; what follows is left."""
    index = rng.randrange(len(image.records))
    row = image.records[index]
    row["content"] = canonical({**json.loads(row["content"]), "inhoud": {"uitkomst": "anders"}})
    row["hash"] = record_hash(Record(**row))
    return f"record {index + 1} replaced"


def _own(image: Image, rng: random.Random, **changes: Any) -> Row:
    content = chain.content({"uitkomst": "afwijzen"}, {}, None)
    return {**rng.choice(image.records), "id": str(uuid.UUID(int=rng.getrandbits(128))), "content": content, **changes}


def beside(image: Image, rng: random.Random, _: States) -> str:
    """Something of one's own beside a record, or a seal by a key of one's own."""
    name = rng.choice(image.records)["id"]
    last = image.records[-1]
    made = STRANGER.sealed(TOWN, last["sequence"], last["hash"], len(image.checkpoints) + 1, at(59))
    match rng.randrange(4):
        case 0:
            image.payloads.append({"record_id": name, "name": "bijlage", "salt": b"s" * 32, "data": b"x"})
            return "a payload inserted"
        case 1:
            image.terms.append({"record_id": name, "name": "zaak", "value": "andere"})
            return "a term inserted"
        case 2:
            image.checkpoints.append(dataclasses.asdict(made))
            return "a checkpoint inserted"
        case _:
            image.heads.append(dataclasses.asdict(made))
            return "a head inserted"


def posed(image: Image, rng: random.Random, states: States) -> str:
    """The signed end of the chain, as it was at some moment, in the place of the checkpoint that it has the number of."""
    ends = [head for each in states for head in each.heads if all(head["signature"] != row["signature"] for row in each.checkpoints)]
    head = rng.choice([head for head in ends if head["number"]])
    image.checkpoints[head["number"] - 1] = dict(head)
    return f"the end at record {head['sequence']} in the place of checkpoint {head['number']}"


def swapped(image: Image, rng: random.Random, _: States) -> str:
    a, b = rng.sample(image.records, 2)
    a["sequence"], b["sequence"] = b["sequence"], a["sequence"]
    return f"records {b['sequence']} and {a['sequence']} swapped"


def reordered(image: Image, rng: random.Random, _: States) -> str:
    """Some records in another order, everything linked anew."""
    first = rng.randrange(len(image.records) - 1)
    part = image.records[first:]
    while part == image.records[first:]:
        rng.shuffle(part)
    image.records[first:] = part
    image.relink(first)
    return f"the records from {first + 1} in another order, linked anew"


def _drop(image: Image, names: set[str]) -> None:
    image.payloads = [row for row in image.payloads if row["record_id"] not in names]
    image.terms = [row for row in image.terms if row["record_id"] not in names]


def cut(image: Image, rng: random.Random, _: States) -> str:
    """The tail gone with all that belongs to it; the head left, gone, made to fit, or replaced by one that a stranger signed."""
    length = rng.randrange(len(image.records))
    _drop(image, {row["id"] for row in image.records[length:]})
    image.records = image.records[:length]
    if rng.random() < 0.5:
        image.checkpoints = [row for row in image.checkpoints if row["sequence"] <= length]
    return f"cut after {length}, the head {_head(image, rng)}"


def _head(image: Image, rng: random.Random) -> str:
    """What becomes of the head where the records before it changed, by somebody without the keys."""
    how = rng.choice(("left", "gone", "made to fit", "forged")) if image.records else "left"
    last = image.records[-1] if image.records else {}
    match how:
        case "gone":
            image.heads = []
        case "made to fit":
            image.heads[0].update(sequence=last["sequence"], hash=last["hash"], number=len(image.checkpoints))
        case "forged":
            image.heads = [_forged(TOWN, last["sequence"], last["hash"], len(image.checkpoints), LATER, rng)]
    return how


def _forged(municipality: str, sequence: int, last: str, number: int, signed_at: str, rng: random.Random) -> Row:
    """A seal by a key of one's own, under its own name or under that of ours."""
    made = dataclasses.asdict(STRANGER.sealed(municipality, sequence, last, number, signed_at))
    return made | {"key_id": chain.key_id(rng.choice((KEYS, STRANGER)).public)}


def rewritten(image: Image, rng: random.Random, _: States) -> str:
    """Another history from some record on, everything linked anew."""
    index = rng.randrange(len(image.records))
    image.records[index]["created_at"] = LATER
    image.relink(index)
    return f"history written anew from {index + 1}, the head {_head(image, rng)}"


def forged(image: Image, rng: random.Random, _: States) -> str:
    """Another history, and every seal made to fit it by a key of one's own."""
    index = rng.randrange(len(image.records))
    image.records[index]["created_at"] = LATER
    image.relink(index)
    for row in (*image.heads, *image.checkpoints):
        last = image.records[row["sequence"] - 1]["hash"]
        row.update(_forged(row["municipality"], row["sequence"], last, row["number"], row["signed_at"], rng))
    return f"history written anew from {index + 1}, every seal forged"


# --- what was destroyed ------------------------------------------------------------------------------------------------


def emptied(image: Image, rng: random.Random, _: States) -> str:
    """What stands beside a record gone, without a record of its destruction."""
    name = _of(image, rng, "payloads")["record_id"]
    _drop(image, {name})
    return f"everything beside {name} gone"


def disowned(image: Image, rng: random.Random, _: States) -> str:
    """The same, with a record of destruction that nobody signed."""
    name = _of(image, rng, "payloads")["record_id"]
    _drop(image, {name})
    content = chain.content({"grond": "bewaartermijn verstreken"}, {}, None)
    image.records.append(_own(image, rng, kind="vernietiging", about=name, content=content))
    image.relink(len(image.records) - 1)
    return f"everything beside {name} gone, a record of destruction added, the head {_head(image, rng)}"


def put_back(image: Image, rng: random.Random, states: States) -> str:
    """What was lawfully destroyed, in its place again."""
    there = {(row["record_id"], row["name"]) for row in image.payloads}
    gone = {(row["record_id"], row["name"]): row for each in states for row in each.payloads}
    key = rng.choice([key for key in gone if key not in there])
    image.payloads.append(dict(gone[key]))
    return f"{key[1]} of {key[0]} put back"


# --- what only another party finds -------------------------------------------------------------------------------------


def restored(image: Image, rng: random.Random, states: States) -> str:
    """Everything as it was at an earlier moment, of before the last checkpoint: a backup put back."""
    length = rng.randrange(max(row["sequence"] for row in image.checkpoints))
    for name, rows in vars(copy.deepcopy(states[length])).items():
        setattr(image, name, rows)
    return f"put back as it was after {length} records"


def _anew(image: Image, rng: random.Random, keys: Keys) -> int:
    """Another history from before the last checkpoint, all of it sealed by who has the keys."""
    index = rng.randrange(max(row["sequence"] for row in image.checkpoints))
    found = json.loads(image.records[index]["content"])
    image.records[index]["content"] = canonical({**found, "inhoud": {"uitkomst": f"anders {rng.random()}"}})
    image.relink(index)
    for row in (*image.heads, *image.checkpoints):
        last = image.records[row["sequence"] - 1]["hash"]
        row.update(dataclasses.asdict(keys.sealed(row["municipality"], row["sequence"], last, row["number"], row["signed_at"])))
    return index + 1


def by_insider(image: Image, rng: random.Random, _: States) -> str:
    return f"history written anew from {_anew(image, rng, KEYS)} with the keys of the store"


def by_new_keys(image: Image, rng: random.Random, _: States) -> str:
    return f"history written anew from {_anew(image, rng, STRANGER)} with other keys, put in the key file beside ours"


SEEN: Mapping[str, Tampering] = {
    found.__name__: found
    for found in (
        *(column, payload, salt, committed, seal, kind, exchanged),
        *(deleted, doubled, moved, inserted, replaced, beside, posed, swapped, reordered),
        *(cut, rewritten, forged, emptied, disowned, put_back),
    )
}
BY_EXPORT: Mapping[str, Tampering] = {found.__name__: found for found in (restored, by_insider, by_new_keys)}
SORTS: Mapping[str, Tampering] = {**SEEN, **BY_EXPORT}
TRIES = 50


def tampered(states: States, rng: random.Random, sort: str | None = None) -> tuple[Image, str]:
    """A copy of the last state that somebody tampered with (a sort that the store sees, where none is asked), and what was done.

    What is stored differs from what was: a tampering that happens to change nothing is done anew.
    """
    name = sort or rng.choice(list(SEEN))
    before = states[-1].state()
    for _ in range(TRIES):
        other = copy.deepcopy(states[-1])
        what = SORTS[name](other, rng, states)
        if other.state() != before:
            return other, f"{name}: {what}"
    raise AssertionError(f"{name} changes nothing")


def trusted(sort: str) -> Mapping[str, Ed25519PublicKey]:
    """The keys that the store trusts after a tampering."""
    return {**KEYS.trusted, **(STRANGER.trusted if sort == "by_new_keys" else {})}
