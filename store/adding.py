# SPDX-License-Identifier: EUPL-1.2
"""Adding a record to the chain of its municipality, within a transaction that the caller commits."""

from __future__ import annotations

import dataclasses
import secrets
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from store import chain
from store.bsn import Bsn
from store.chain import START, TERMS, Record, Seal, canonical, commitment, moment, record_hash
from store.database import insert_new, one_at_a_time
from store.errors import AlreadyThere, Erased, NotFound, Tampered
from store.keys import Keys
from store.model import OF_A_CASE, SUBJECT, Draft, Kind, Rhythm
from store.schema import bundles, checkpoints, heads, payloads, pseudonyms, records, terms

Clock = Callable[[], datetime]
UNSIGNED = (
    "De stand van de keten is niet ondertekend met een sleutel uit het sleutelbestand. "
    "Is dit het goede bestand, draai dan `toetssteen keten controleer`."
)


def add(connection: Connection, keys: Keys, draft: Draft, now: Clock, rhythm: Rhythm) -> Record:
    """Add a record, and seal the chain behind it.

    Raises :class:`NotFound` (the record it is about, the bundle), :class:`Erased` (what it is about was destroyed),
    :class:`AlreadyThere`, :class:`Tampered` (the end of the chain is not what was signed), and :class:`TypeError` for data
    that has no canonical form.
    """
    one_at_a_time(connection, draft.municipality)
    law = _law(connection, draft)
    head = sound_head(connection, keys, draft.municipality)
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
    connection.execute(insert(records), dataclasses.asdict(record))
    if beside:
        rows = [{"record_id": record.id, "name": name, "salt": salts[name], "data": data} for name, data in beside.items()]
        connection.execute(insert(payloads), rows)
    if TERMS in beside:
        connection.execute(insert(terms), [{"record_id": record.id, "name": n, "value": v} for n, v in chain.term_pairs(beside[TERMS])])
    seal(connection, keys, head, record, record.created_at, keep=_due(connection, record, rhythm))
    return record


def _law(connection: Connection, draft: Draft) -> str | None:
    """The law under which a record is kept; what it asks of the chain is looked at on the way."""
    if draft.bundle is not None and connection.scalar(select(bundles.c.sha256).where(bundles.c.sha256 == draft.bundle)) is None:
        raise NotFound
    if draft.about is None:
        return draft.law
    target = find(connection, draft.about, draft.municipality)
    kinds = set(connection.scalars(select(records.c.kind).where(records.c.about == target.id)))
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
    name = bsn_hmac(keys, municipality, bsn)
    insert_new(connection, pseudonyms, hmac=name, subject=fresh or uuid.uuid4().hex)
    found: str = connection.execute(select(pseudonyms.c.subject).where(pseudonyms.c.hmac == name)).scalar_one()
    return found


def bsn_hmac(keys: Keys, municipality: str, bsn: Bsn) -> str:
    """Under what a BSN is kept: of the same person in two municipalities nobody sees that it is one person."""
    return keys.hmac("bsn", municipality.encode(), bsn.digits.encode())


def find(connection: Connection, record_id: str, municipality: str | None = None) -> Record:
    """A record (of a municipality). Raises :class:`NotFound`, and :class:`Tampered` where it does not fit its hash."""
    query = select(records).where(records.c.id == record_id)
    row = connection.execute(query if municipality is None else query.where(records.c.municipality == municipality)).one_or_none()
    if row is None:
        raise NotFound
    return read(row)


def read(row: tuple[object, ...]) -> Record:
    """A record from its row. Raises :class:`Tampered` where it does not fit its hash."""
    record = Record(*row)  # type: ignore[arg-type]
    if not chain.own(record):
        raise Tampered
    return record


# --- seals -----------------------------------------------------------------------------------------------------------


def sound_head(connection: Connection, keys: Keys, municipality: str) -> Seal | None:
    """The last seal of a chain, to build on. Raises :class:`Tampered` where none of our keys signed it.

    Without this look a history that somebody wrote anew since the last checkpoint would be signed with the next record.
    """
    rows = connection.execute(select(heads).where(heads.c.municipality == municipality)).all()
    if not rows:
        return None
    head = Seal(*rows[0])
    if len(rows) > 1 or not head.holds(keys.trusted):
        raise Tampered(UNSIGNED)
    return head


def _due(connection: Connection, record: Record, rhythm: Rhythm) -> bool:
    """Whether the seal behind a record is to be kept: the first one is."""
    query = select(checkpoints.c.sequence, checkpoints.c.signed_at).where(checkpoints.c.municipality == record.municipality)
    last = connection.execute(query.order_by(checkpoints.c.number.desc()).limit(1)).one_or_none()
    if last is None:
        return True
    since = datetime.fromisoformat(record.created_at) - datetime.fromisoformat(last.signed_at)
    return record.sequence - int(last.sequence) >= rhythm.every or since >= rhythm.after


def seal(connection: Connection, keys: Keys, head: Seal | None, last: Record | Seal, at: str, *, keep: bool) -> Seal:
    """Sign the chain as it ends now (with a record, or where it ended), and keep the seal as a checkpoint where asked."""
    found = keys.sealed(last.municipality, last.sequence, last.hash, (head.number if head else 0) + keep, at)
    row = dataclasses.asdict(found)
    connection.execute(
        insert(heads).values(row) if head is None else update(heads).where(heads.c.municipality == last.municipality).values(row)
    )
    if keep:
        connection.execute(insert(checkpoints).values(row))
    return found


def utc_now() -> datetime:
    """The clock of the machine."""
    return datetime.now(UTC)
