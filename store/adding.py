# SPDX-License-Identifier: EUPL-1.2
"""Adding a record to the chain of its municipality, within a transaction that the caller commits."""

from __future__ import annotations

import dataclasses
import secrets
import uuid
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, literal, select, update

from store import chain, idempotency
from store.bsn import Bsn
from store.chain import START, TERMS, Record, Seal, canonical, commitment, moment, record_hash
from store.database import insert_new
from store.errors import AlreadyThere, Erased, KeyLost, NotFound, Tampered
from store.keys import Keys
from store.model import OF_A_CASE, SUBJECT, Draft, KeyClaim, Kind, Rhythm, undone
from store.schema import bundles, checkpoints, heads, payloads, pseudonyms, records, terms
from store.together import Ask, lock, one_at_a_time, together

FIRST = "toetssteen/eerste"
"""The lock of whoever begins a chain with a person in it: of its municipality nothing is to be seen before."""
Clock = Callable[[], datetime]
UNSIGNED = (
    "De stand van de keten van {} is niet ondertekend met een sleutel uit het sleutelbestand. "
    "Is dit het goede bestand, draai dan `toetssteen keten controleer`."
)

# Each statement is built once: with every record anew that would cost more than to carry it out.
_RECORD = select(records).where(records.c.id == bindparam("id"))
_ABOUT = (
    select(records)
    .where(records.c.about.in_(bindparam("ids", expanding=True)), records.c.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(records.c.sequence)
)
_SUBJECT = select(pseudonyms.c.subject).where(pseudonyms.c.hmac == bindparam("person"))
_PERSON = select(pseudonyms.c.hmac).where(pseudonyms.c.subject == bindparam("subject"))
_ALWAYS = select(literal(1).label("one")).subquery()
_PLACE = (  # the number of a head is that of the last checkpoint, and signed
    select(bundles.c.sha256, heads, checkpoints)
    .select_from(_ALWAYS)
    .outerjoin(bundles, bundles.c.sha256 == bindparam("address"))
    .outerjoin(heads, heads.c.municipality == bindparam("whose"))
    .outerjoin(checkpoints, (checkpoints.c.municipality == heads.c.municipality) & (checkpoints.c.number == heads.c.number))
)
_ADD_RECORD, _ADD_PAYLOADS, _ADD_TERMS, _ADD_CHECKPOINT = insert(records), insert(payloads), insert(terms), insert(checkpoints)
_FIRST_HEAD, _NEXT_HEAD = insert(heads), update(heads).where(heads.c.municipality == bindparam("whose"))


def add(
    connection: Connection,
    keys: Keys,
    draft: Draft,
    now: Clock,
    rhythm: Rhythm,
    *,
    key: KeyClaim | None = None,
    status: int = 201,
    last: bool = False,
) -> Record:
    """Add a record, and seal the chain behind it; bind the Idempotency-Key ``key`` to it, as answered with ``status``.

    ``last`` says that nothing follows in this transaction (:func:`store.together.together`).
    Raises :class:`NotFound` (the record it is about, the bundle), :class:`Erased` (what it is about was destroyed),
    :class:`AlreadyThere`, :class:`KeyLost`, :class:`Tampered` (the end of the chain is not what was signed), and
    :class:`TypeError` for data that has no canonical form.
    """
    law = _law(connection, draft)
    end = sound_end(connection, keys, draft.municipality, draft.bundle, key)
    head = end.head if end else None
    if head is None and draft.subject is not None:
        one_at_a_time(connection, FIRST)
    beside = _beside(connection, keys, draft)
    salts = {name: secrets.token_bytes(32) for name in beside}
    at = moment(now())
    record = Record(
        id=draft.id or str(uuid.uuid4()),
        municipality=draft.municipality,
        sequence=head.sequence + 1 if head else 1,
        kind=draft.kind,
        law=law,
        about=draft.about,
        created_at=max(at, head.signed_at) if head else at,  # a clock that was put back does not turn the order round
        content=chain.content(draft.data, {name: commitment(salts[name], data) for name, data in beside.items()}, draft.bundle),
        previous=head.hash if head else START,
        hash="",
    )
    record = dataclasses.replace(record, hash=record_hash(record))
    writes = [Ask(_ADD_RECORD, _row(record))]
    if beside:
        rows = [{"record_id": record.id, "name": name, "salt": salts[name], "data": data} for name, data in beside.items()]
        writes.append(Ask(_ADD_PAYLOADS, rows))
    if TERMS in beside:
        rows = [{"record_id": record.id, "name": name, "value": value} for name, value in chain.term_pairs(beside[TERMS])]
        writes.append(Ask(_ADD_TERMS, rows))
    _, sealing = _sealed(keys, head, record, record.created_at, keep=_due(record, end, rhythm))
    writes += sealing
    if key is not None:
        writes.append(idempotency.finished(key, record.id, status))
    together(connection, *writes, last=last)
    return record


def _law(connection: Connection, draft: Draft) -> str | None:
    """The law under which a record is kept; what it asks of the chain is looked at on the way."""
    if draft.about is None:
        return draft.law
    one_at_a_time(connection, draft.municipality)
    target = find(connection, draft.about, draft.municipality)
    kinds = {record.kind for record in about(connection, [target.id], tuple(Kind))}
    if kinds.intersection(draft.unless) or (draft.once and draft.kind in kinds):
        raise AlreadyThere
    if draft.kind in OF_A_CASE and Kind.DESTRUCTION in kinds:
        raise Erased
    return draft.law or target.law


def _beside(connection: Connection, keys: Keys, draft: Draft) -> dict[str, bytes]:
    """Every payload of a record, the one with its terms among them."""
    found = {name: sorted(set(values)) for name, values in draft.terms.items() if values}
    if draft.subject is not None:
        found[SUBJECT] = [subject_of(connection, keys, draft.municipality, draft.subject, draft.pseudonym)]
    elif draft.pseudonym is not None:
        found[SUBJECT] = [draft.pseudonym]
    return {**draft.payloads, **({TERMS: canonical(found).encode()} if found else {})}


def subject_of(connection: Connection, keys: Keys, municipality: str, bsn: Bsn, fresh: str | None = None) -> str:
    """The pseudonym of a person in a municipality, made where there is none yet (``fresh`` is then the one)."""
    made, person = fresh or uuid.uuid4().hex, bsn_hmac(keys, municipality, bsn)
    if insert_new(connection, pseudonyms, hmac=person, subject=made):
        return made
    found: str = connection.execute(_SUBJECT, {"person": person}).scalar_one()
    return found


def known_subject(connection: Connection, keys: Keys, municipality: str, bsn: Bsn) -> str | None:
    """The pseudonym of a person in a municipality; None where nothing is kept."""
    found: str | None = connection.scalar(_SUBJECT, {"person": bsn_hmac(keys, municipality, bsn)})
    return found


def recognized(connection: Connection, keys: Keys, municipality: str, subject: str, among: Iterable[Bsn]) -> Bsn | None:
    """Which of some BSNs is that of a person of whom the pseudonym is known; None where none is."""
    kept = connection.scalar(_PERSON, {"subject": subject})
    return next((bsn for bsn in among if kept is not None and bsn_hmac(keys, municipality, bsn) == kept), None)


def bsn_hmac(keys: Keys, municipality: str, bsn: Bsn) -> str:
    """Under what a BSN is kept: of the same person in two municipalities nobody sees that it is one person."""
    return keys.hmac("bsn", municipality.encode(), bsn.digits.encode())


def find(connection: Connection, record_id: str, municipality: str | None = None) -> Record:
    """A record (of a municipality). Raises :class:`NotFound`, and :class:`Tampered` where it does not fit its hash."""
    row = connection.execute(_RECORD, {"id": record_id}).one_or_none()
    if row is None or municipality not in (None, row.municipality):
        raise NotFound
    return read(row)


def about(connection: Connection, record_ids: Collection[str], kinds: tuple[Kind, ...]) -> tuple[Record, ...]:
    """The records of these kinds about any of these records, oldest first; without what was destroyed as kept by mistake."""
    found = _about(connection, record_ids, kinds)
    of_a_case = [record.id for record in found if record.kind in OF_A_CASE]
    gone = undone(_about(connection, of_a_case, (Kind.DESTRUCTION,))) if of_a_case else ()
    return tuple(record for record in found if record.id not in gone)


def _about(connection: Connection, record_ids: Collection[str], kinds: tuple[Kind, ...]) -> list[Record]:
    return [read(row) for row in connection.execute(_ABOUT, {"ids": record_ids, "kinds": kinds})]


def read(row: tuple[object, ...]) -> Record:
    """A record from its row. Raises :class:`Tampered` where it does not fit its hash."""
    record = Record(*row)  # type: ignore[arg-type]
    if not chain.own(record):
        raise Tampered
    return record


# --- seals -----------------------------------------------------------------------------------------------------------


class End(NamedTuple):
    """Where a chain ends: its last seal, and the last one that was kept as a checkpoint."""

    head: Seal
    checkpoint: Seal | None


def sound_end(connection: Connection, keys: Keys, municipality: str, bundle: str | None = None, key: KeyClaim | None = None) -> End | None:
    """Where a chain ends, to build on: nobody else adds to it before the end of the transaction.

    Raises :class:`Tampered` where none of our keys signed its last seal, also none of those that came in their file since we
    started, or it is there twice. Without this look a history that somebody wrote anew since the last checkpoint would be signed
    with the next record. Raises :class:`NotFound` where the rule files ``bundle``, which the next record names, are not kept,
    and :class:`KeyLost` where another request took the Idempotency-Key ``key`` over; it is then ours until the end of the
    transaction.
    """
    ours = [idempotency.holding(key)] if key is not None else []
    place = Ask(_PLACE, {"whose": municipality, "address": bundle})
    *before, found = together(connection, *lock(connection, municipality), *ours, place)
    files, *seals = found[0]
    if files != bundle:
        raise NotFound
    head, kept = seals[: len(heads.c)], seals[len(heads.c) :]
    end = End(Seal(*head), Seal(*kept) if any(kept) else None) if head[0] is not None else None
    if end is not None and (len(found) > 1 or not (end.head.ends(keys.trusted) or end.head.ends(keys.again()))):
        raise Tampered(UNSIGNED.format(municipality))
    if key is not None and not before[-1]:
        raise KeyLost
    return end


def _due(record: Record, end: End | None, rhythm: Rhythm) -> bool:
    """Whether the seal behind a record is to be kept: the first one is."""
    if end is None or end.checkpoint is None:
        return True
    since = datetime.fromisoformat(record.created_at) - datetime.fromisoformat(end.checkpoint.signed_at)
    return record.sequence - end.checkpoint.sequence >= rhythm.every or since >= rhythm.after


def checkpoint(connection: Connection, keys: Keys, municipality: str, now: Clock) -> Seal | None:
    """Keep a checkpoint of a chain that grew since its last one; nothing else may follow in this transaction.

    Raises :class:`Tampered` as :func:`sound_end` does.
    """
    end = sound_end(connection, keys, municipality)
    if end is None or (end.checkpoint is not None and end.checkpoint.sequence == end.head.sequence):
        return None
    seal, writes = _sealed(keys, end.head, end.head, max(moment(now()), end.head.signed_at), keep=True)
    together(connection, *writes, last=True)
    return seal


def _sealed(keys: Keys, head: Seal | None, last: Record | Seal, at: str, *, keep: bool) -> tuple[Seal, list[Ask]]:
    """Sign the chain as it ends now (with a record, or where it ended), and what is to be written: as a checkpoint too where asked."""
    seal = keys.sealed(last.municipality, last.sequence, last.hash, (head.number if head else 0) + keep, at, kept=keep)
    row = _row(seal)
    writes = [Ask(_FIRST_HEAD, row) if head is None else Ask(_NEXT_HEAD, {"whose": last.municipality, **row})]
    return seal, [*writes, Ask(_ADD_CHECKPOINT, row)] if keep else writes


def _row(found: Record | Seal) -> dict[str, object]:
    """A record or a seal as a row: its fields are the columns."""
    return {name: getattr(found, name) for name in found.__slots__}


def utc_now() -> datetime:
    """The clock of the machine."""
    return datetime.now(UTC)
