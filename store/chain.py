# SPDX-License-Identifier: EUPL-1.2
"""The chain: what a record's hash covers, what a seal signs, and a walk over a stored chain that finds every break.

Pure functions over values. A record's hash covers every column of it and the hash of the record before. What can be
erased stands outside, as a commitment ``SHA-256(salt + data)`` with a salt of 32 random bytes: with the salt gone nobody
can try what the data was, and the hash still holds. A seal is an Ed25519 signature over the length and the last hash.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

START = "0" * 64
"""What stands as ``previous`` in the first record."""
TERMS = "kenmerken"
"""The payload that :class:`Entry` ``terms`` are an index over: a JSON object of name -> list of values."""
MOST_BREAKS = 200
"""So many breaks of one municipality are told with their place; the rest is counted."""

_RECORD, _SEAL, _END = "toetssteen/record/1", "toetssteen/zegel/1", "toetssteen/einde/1"
_SIGNATURE = re.compile(r"[0-9a-f]{128}")


# --- canonical JSON --------------------------------------------------------------------------------------------------


def canonical(data: Any) -> str:
    """Data as canonical JSON (after RFC 8785): keys sorted, no white space, no floats.

    Takes dicts with text as keys, lists, tuples, text, bool, ``int`` (64 bits) and None. Raises :class:`TypeError` for
    anything else, half a character among it.
    """
    _refuse(data)
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS).decode()


def _refuse(data: Any) -> None:
    match data:
        case None | bool() | int() | str():
            return
        case dict():
            for key, value in data.items():
                if not isinstance(key, str):
                    raise TypeError("a key in canonical JSON is text")
                _refuse(value)
        case list() | tuple():
            for value in data:
                _refuse(value)
        case _:
            raise TypeError(f"canonical JSON has no {type(data).__name__}")


def moment(at: datetime) -> str:
    """A moment as it is stored: UTC, microseconds, `Z`; sorts as text. Raises :class:`ValueError` without a time zone."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


# --- records ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it is stored; the fields are the columns of ``records``, in that order."""

    id: str
    municipality: str
    sequence: int
    kind: str
    law: str | None
    about: str | None
    created_at: str
    content: str
    previous: str
    hash: str

    @property
    def data(self) -> dict[str, Any]:
        """What the record says (the ``inhoud`` of its content)."""
        found: dict[str, Any] = orjson.loads(self.content)["inhoud"]
        return found

    @property
    def commitments(self) -> dict[str, str]:
        """The name of each payload that belongs to the record -> its commitment."""
        found: dict[str, str] = orjson.loads(self.content)["stukken"]
        return found

    @property
    def bundle(self) -> str | None:
        """The address of the rule files that were used."""
        found: str | None = orjson.loads(self.content)["bundel"]
        return found


def content(data: Mapping[str, Any], commitments: Mapping[str, str], bundle: str | None) -> str:
    """The content of a record as canonical JSON. Raises :class:`TypeError` as :func:`canonical` does."""
    return canonical({"inhoud": dict(data), "stukken": dict(commitments), "bundel": bundle})


def record_hash(record: Record, sequence: int | None = None) -> str:
    """The SHA-256 that belongs to a record (or that would, at another place), in hex.

    Raises :class:`TypeError` or :class:`ValueError` where a column does not hold what it should.
    """
    place = record.sequence if sequence is None else sequence
    head = [_RECORD, record.previous, record.municipality, place, record.id, record.kind, record.law, record.about, record.created_at]
    return hashlib.sha256(orjson.dumps(head) + b"\n" + record.content.encode()).hexdigest()


def own(record: Record, sequence: int | None = None) -> bool:
    """Whether a record fits its own hash (or would, at another place)."""
    try:
        return record_hash(record, sequence) == record.hash
    except (AttributeError, TypeError, ValueError):
        return False


def commitment(salt: bytes, data: bytes) -> str:
    """What a record holds of a payload, in hex."""
    digest = hashlib.sha256(salt)
    digest.update(data)
    return digest.hexdigest()


def term_pairs(data: bytes) -> list[tuple[str, str]]:
    """The terms in a payload as pairs of name and value. Raises :class:`ValueError` or the like for what is none."""
    return [(name, value) for name, values in orjson.loads(data).items() for value in values]


# --- seals -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seal:
    """A signed statement: so long is the chain of a municipality, and this is its last hash.

    ``number`` counts the checkpoints so far; for a checkpoint it is its own number. ``signature`` is in hex.
    """

    municipality: str
    sequence: int
    hash: str
    number: int
    signed_at: str
    key_id: str
    signature: str = ""

    def message(self, *, kept: bool = True) -> bytes:
        """The bytes that are signed: others for a checkpoint, which is ``kept``, than for where a chain ends until its next record.

        So no end can stand in the place of the checkpoint that it has the number of.
        """
        fields = [self.municipality, self.sequence, self.hash, self.number, self.signed_at, self.key_id]
        return orjson.dumps([_SEAL if kept else _END, *fields])

    def holds(self, keys: Mapping[str, Ed25519PublicKey]) -> bool:
        """Whether one of these keys (by id) signed it as a checkpoint."""
        return self._signed(keys, kept=True)

    def ends(self, keys: Mapping[str, Ed25519PublicKey]) -> bool:
        """Whether one of these keys (by id) signed it as the end of a chain; a checkpoint was one when it was made."""
        return self._signed(keys, kept=False) or self._signed(keys, kept=True)

    def _signed(self, keys: Mapping[str, Ed25519PublicKey], *, kept: bool) -> bool:
        try:
            key = keys[self.key_id]
            if not _SIGNATURE.fullmatch(self.signature):
                return False
            key.verify(bytes.fromhex(self.signature), self.message(kept=kept))
        except (InvalidSignature, KeyError, TypeError, ValueError):
            return False
        return True


def key_id(key: Ed25519PublicKey) -> str:
    """The name of a key: the first 16 hex digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


# --- what can be wrong -----------------------------------------------------------------------------------------------


class Sort(StrEnum):
    """What happened to a chain, as far as it shows."""

    EDITED = "bewerkt"
    MISSING = "ontbreekt"
    INSERTED = "ingevoegd"
    MOVED = "verplaatst"
    CUT = "afgeknipt"
    REWRITTEN = "herschreven"
    SIGNATURE = "handtekening ongeldig"


@dataclass(frozen=True, slots=True)
class Break:
    """One break: ``sequence`` is the record where it shows (0: the chain as a whole); ``what`` says it in Dutch."""

    municipality: str
    sequence: int
    sort: Sort
    what: str

    def __str__(self) -> str:
        place = f"{self.municipality}, record {self.sequence}" if self.sequence else self.municipality
        return f"{place}: {self.sort}. {self.what}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a walk over one chain found.

    ``size`` is in bytes of content and payloads; ``bundles`` are the rule files that the records name; ``more`` breaks
    were only counted.
    """

    municipality: str
    records: int
    size: int
    checkpoints: int
    breaks: tuple[Break, ...]
    more: int = 0
    bundles: frozenset[str] = frozenset()

    @property
    def whole(self) -> bool:
        """Nothing is wrong."""
        return not self.breaks


# --- the walk --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as it was found, with what stands beside it.

    ``payloads`` are (name, salt, data); ``terms`` are (name, value), each as often as it was found; ``destroyed`` says that
    the chain holds a record of their destruction.
    """

    record: Record
    payloads: tuple[tuple[str, bytes, bytes], ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    destroyed: bool = False


def verify(
    municipality: str,
    entries: Iterable[Entry],
    heads: Sequence[Seal],
    checkpoints: Iterable[Seal],
    keys: Mapping[str, Ed25519PublicKey],
    exported: Iterable[Seal] = (),
) -> Report:
    """Walk over the chain of a municipality and tell every break.

    ``entries`` come in the order of their sequence and are looked at one by one: memory stays bounded, whatever the
    length. ``heads`` holds the last seal (more than one is a break), ``checkpoints`` those that were kept (in order of number),
    ``exported`` those that somebody else kept, whose signatures the caller has checked. ``keys`` are the public keys that are
    trusted, by id.
    """
    walk = _Walk(municipality, keys)
    kept = list(checkpoints)
    head = heads[0] if heads else None
    if len(heads) > 1:
        walk.found(0, Sort.INSERTED, "De stand van de keten staat er meer dan eens.")
    walk.seals = sorted((*walk.sound_seals(head, kept), *exported), key=lambda seal: seal.sequence, reverse=True)
    for entry in entries:
        walk.step(entry)
    walk.end(head)
    return walk.report(len(kept))


@dataclass(slots=True)
class _Suspect:
    """A record whose hash is not its own, and the hash of the record that stood before it."""

    record: Record
    before: str


@dataclass(slots=True)
class _Walk:
    municipality: str
    keys: Mapping[str, Ed25519PublicKey]
    seals: list[Seal] = field(default_factory=list)  # the next one last
    breaks: list[Break] = field(default_factory=list)
    suspects: list[_Suspect] = field(default_factory=list)
    bundles: set[str] = field(default_factory=set)
    more: int = 0
    count: int = 0
    size: int = 0
    place: int = 0  # the sequence of the record last seen
    last: str = START  # its hash
    before: str = START  # the hash of the one before it
    sound: bool = True  # whether it fits its own hash

    def found(self, sequence: int, sort: Sort, what: str) -> None:
        """Note a break."""
        if len(self.breaks) + len(self.suspects) < MOST_BREAKS:
            self.breaks.append(Break(self.municipality, sequence, sort, what))
        else:
            self.more += 1

    # seals

    def sound_seals(self, head: Seal | None, kept: list[Seal]) -> Iterator[Seal]:
        """The seals that say something about the records; what is wrong with the others is noted."""
        number = 0
        for seal in kept:
            if not seal.holds(self.keys):
                self.found(_whole(seal.sequence), Sort.SIGNATURE, f"Controlepunt {seal.number}: de handtekening klopt niet.")
                number = seal.number if seal.number == number + 1 else number
                continue
            if seal.number != number + 1:
                self.found(seal.sequence, Sort.MISSING, f"Voor controlepunt {seal.number} ontbreekt een controlepunt.")
            number = seal.number
            yield seal
        if head is None:
            return
        if not head.ends(self.keys):
            self.found(_whole(head.sequence), Sort.SIGNATURE, "De handtekening onder de stand van de keten klopt niet.")
            return
        if head.number > number:
            self.found(head.sequence, Sort.MISSING, f"De laatste controlepunten ontbreken: {number} van de {head.number} zijn er.")
        elif head.number < number:
            self.found(head.sequence, Sort.INSERTED, f"Er zijn {number} controlepunten; de stand van de keten noemt er {head.number}.")
        yield head

    def _sealed(self, sequence: int, found: str) -> None:
        """Hold the record that was just seen against the seals on it."""
        while self.seals and self.seals[-1].sequence <= sequence:
            seal = self.seals.pop()
            if seal.sequence == sequence and seal.hash != found and self.sound:
                self.found(sequence, Sort.REWRITTEN, f"Op {seal.signed_at} is hier een andere hash ondertekend.")

    # records

    def step(self, entry: Entry) -> None:
        """Look at the next record."""
        record = entry.record
        self.count += 1
        fits = own(record)
        if type(record.sequence) is not int or record.sequence <= self.place:
            self.found(_whole(record.sequence), Sort.INSERTED, "Deze plaats in de keten is al bezet.")
            return
        if record.sequence > self.place + 1:
            first, last = self.place + 1, record.sequence - 1
            which = f"Record {first} ontbreekt." if first == last else f"De records {first} tot en met {last} ontbreken."
            self.found(first, Sort.MISSING, which)
        elif fits and self.sound and record.previous != self.last:
            self._unfit(record)
        if not fits:
            self._suspect(record)
        else:
            self._beside(entry)
        self.size += _length(record.content)
        self.before, self.last, self.place, self.sound = self.last, record.hash, record.sequence, fits
        self._sealed(record.sequence, record.hash)

    def _unfit(self, record: Record) -> None:
        """Two records that fit their own hashes do not fit each other."""
        if record.previous == self.before and self.place:
            self.found(self.place, Sort.INSERTED, f"Record {record.sequence} volgt op record {self.place - 1}, niet op dit record.")
        else:
            self.found(record.sequence, Sort.EDITED, f"Sluit niet aan op record {self.place}: een van beide is later gemaakt.")

    def _suspect(self, record: Record) -> None:
        if len(self.breaks) + len(self.suspects) < MOST_BREAKS:
            self.suspects.append(_Suspect(record, self.last))
        else:
            self.more += 1

    def _beside(self, entry: Entry) -> None:
        """What stands beside a record that fits its hash."""
        place = entry.record.sequence
        try:
            found = orjson.loads(entry.record.content)
            committed, bundle = dict(found["stukken"]), found["bundel"]
        except (KeyError, TypeError, ValueError):
            self.found(place, Sort.EDITED, "De inhoud is niet te lezen.")
            return
        if isinstance(bundle, str):
            self.bundles.add(bundle)
        present = set()
        for name, salt, data in entry.payloads:
            self.size += _length(data)
            if name in present:
                self.found(place, Sort.INSERTED, f"Het stuk `{name}` staat er meer dan eens.")
            present.add(name)
            if name not in committed:
                self.found(place, Sort.INSERTED, f"Het stuk `{name}` hoort niet bij dit record.")
            elif entry.destroyed:
                self.found(place, Sort.INSERTED, f"Het stuk `{name}` is vernietigd en staat er toch.")
            elif not _committed(salt, data, committed[name]):
                self.found(place, Sort.EDITED, f"Het stuk `{name}` is niet wat is vastgelegd.")
        if not entry.destroyed:
            for name in sorted(committed.keys() - present):
                self.found(place, Sort.MISSING, f"Het stuk `{name}` ontbreekt, zonder record van vernietiging.")
        found_terms = frozenset(entry.terms)
        if found_terms != _terms(entry) or len(found_terms) != len(entry.terms):
            self.found(place, Sort.EDITED, "De zoektermen zijn niet die van het record.")

    def end(self, head: Seal | None) -> None:
        """No more records: hold the end against the seals."""
        if head is None and self.count:
            self.found(0, Sort.MISSING, "De ondertekende stand van de keten ontbreekt.")
        longest = self.seals[0] if self.seals else None
        if longest is not None and longest.sequence > self.place:
            text = f"De keten eindigt bij record {self.place}; op {longest.signed_at} is record {longest.sequence} ondertekend."
            self.found(self.place + 1, Sort.CUT, text)
        elif head is not None and head.ends(self.keys) and self.place > head.sequence:
            self.found(head.sequence + 1, Sort.INSERTED, f"Volgens de ondertekende stand eindigt de keten bij record {head.sequence}.")

    def report(self, checkpoints: int) -> Report:
        """Everything, in the order of the chain."""
        breaks = [*self.breaks, *self._suspected()]
        breaks.sort(key=lambda found: found.sequence)
        return Report(self.municipality, self.count, self.size, checkpoints, tuple(breaks), self.more, frozenset(self.bundles))

    def _suspected(self) -> Iterator[Break]:
        """Edited, or moved here from the place of another suspect."""
        places = [suspect.record.sequence for suspect in self.suspects]
        for suspect in self.suspects:
            record = suspect.record
            home = next((place for place in places if place != record.sequence and own(record, place)), None)
            if home is None:
                yield Break(self.municipality, record.sequence, Sort.EDITED, "De inhoud past niet bij de hash.")
            else:
                yield Break(self.municipality, record.sequence, Sort.MOVED, f"Dit record hoort op plaats {home}.")


def _committed(salt: Any, data: Any, expected: str) -> bool:
    try:
        return commitment(salt, data) == expected
    except TypeError:
        return False


def _length(value: Any) -> int:
    """The length of a text or of bytes; 0 of what is neither."""
    return len(value) if isinstance(value, str | bytes) else 0


def _whole(sequence: Any) -> int:
    """A sequence to tell: 0 where the column holds no number."""
    return sequence if type(sequence) is int else 0


def _terms(entry: Entry) -> frozenset[tuple[str, str]] | None:
    """The terms that belong to a record by its payload; None where that does not hold them."""
    data = next((data for name, _, data in entry.payloads if name == TERMS), None)
    if data is None or entry.destroyed:
        return frozenset()
    try:
        return frozenset(term_pairs(data))
    except (AttributeError, TypeError, ValueError):
        return None
