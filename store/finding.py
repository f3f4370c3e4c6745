# SPDX-License-Identifier: EUPL-1.2
"""Finding records: what a search asks of them, and what is read of many at once; within a connection of the caller."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select

from store.adding import read
from store.chain import Record, commitment, moment
from store.errors import Tampered
from store.model import Kind, Listed, News
from store.packing import unpacked
from store.schema import heads, payloads, records, terms

# Only what came after a place is looked at. The last record of a kind would be asked more simply, but there PostgreSQL may
# read a chain from its end to its beginning, with every request, where no such record is in it.
_NEWS = (
    select(heads.c.sequence.label("upto"), records)
    .select_from(heads)
    .outerjoin(
        records,
        (records.c.municipality == heads.c.municipality)
        & (records.c.sequence > bindparam("after"))
        & records.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .where(heads.c.municipality == bindparam("whose"))
    .order_by(records.c.sequence)
)


def fitting(
    municipality: str,
    wanted: Mapping[str, str],
    kinds: tuple[Kind, ...],
    law: str | None,
    about: str | None,
    since: datetime | None,
    until: datetime | None,
) -> list[ColumnElement[bool]]:
    """What a record must be to be found; ``since`` is included, ``until`` is not."""
    asked = [records.c.municipality == municipality]
    asked += [records.c.id.in_(_found_by(name, value)) for name, value in wanted.items()]
    if kinds:
        asked.append(records.c.kind.in_(kinds))
    if law is not None:
        asked.append(records.c.law == law)
    if about is not None:
        asked.append(records.c.about == about)
    if since is not None:
        asked.append(records.c.created_at >= moment(since))
    if until is not None:
        asked.append(records.c.created_at < moment(until))
    return asked


def _found_by(name: str, value: str) -> Select[str]:
    return select(terms.c.record_id).where(terms.c.name == name, terms.c.value == value)


def listed(connection: Connection, fits: list[ColumnElement[bool]], limit: int, offset: int) -> Listed:
    """A part of the records that fit, newest first, and how many fit."""
    count = connection.scalar(select(func.count()).select_from(records).where(*fits)) or 0
    rows = connection.execute(select(records).where(*fits).order_by(records.c.sequence.desc()).limit(limit).offset(offset))
    return Listed(tuple(read(row) for row in rows), count)


def terms_of(connection: Connection, record_ids: Collection[str]) -> dict[str, dict[str, list[str]]]:
    """What each record is found by: record id -> name -> values in order."""
    query = select(terms).where(terms.c.record_id.in_(record_ids)).order_by(terms.c.record_id, terms.c.name, terms.c.value)
    found: dict[str, dict[str, list[str]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.record_id, {}).setdefault(row.name, []).append(row.value)
    return found


def with_payload(
    connection: Connection, municipality: str, kinds: tuple[Kind, ...], name: str, after: int, upto: int
) -> list[tuple[Record, bytes]]:
    """A payload of every record of these kinds in this part of the chain that has it, oldest first. Raises :class:`Tampered`."""
    query = (
        select(records, payloads.c.salt, payloads.c.data)
        .join(payloads, payloads.c.record_id == records.c.id)
        .where(*fitting(municipality, {}, kinds, None, None, None, None), payloads.c.name == name)
        .where(records.c.sequence > after, records.c.sequence <= upto)
        .order_by(records.c.sequence)
    )
    found = []
    for *columns, salt, data in connection.execute(query):
        record = read(tuple(columns))
        if commitment(salt, data) != record.commitments.get(name):
            raise Tampered
        found.append((record, unpacked(name, data)))
    return found


def news(connection: Connection, municipality: str, kinds: tuple[Kind, ...], after: int) -> News:
    """The records of these kinds that came after a place in the chain, oldest first, and where the chain ends now."""
    rows = connection.execute(_NEWS, {"whose": municipality, "kinds": kinds, "after": after}).all()
    return News(rows[0].upto if rows else 0, tuple(read(row[1:]) for row in rows if row.id is not None))
