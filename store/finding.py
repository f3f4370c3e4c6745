# SPDX-License-Identifier: EUPL-1.2
"""Finding records: what a search asks of them, and what is read of many at once; within a connection of the caller."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select

from store.adding import read
from store.chain import Record, commitment, moment
from store.errors import Tampered
from store.model import Kind, Listed
from store.packing import unpacked
from store.schema import payloads, records, terms

_MARK = select(func.max(records.c.sequence)).where(
    records.c.municipality == bindparam("whose"), records.c.kind.in_(bindparam("kinds", expanding=True))
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


def about(connection: Connection, record_ids: Collection[str], kinds: tuple[Kind, ...]) -> tuple[Record, ...]:
    """The records of these kinds about any of these records, oldest first."""
    query = select(records).where(records.c.about.in_(record_ids), records.c.kind.in_(kinds)).order_by(records.c.sequence)
    return tuple(read(row) for row in connection.execute(query))


def terms_of(connection: Connection, record_ids: Collection[str]) -> dict[str, dict[str, list[str]]]:
    """What each record is found by: record id -> name -> values in order."""
    query = select(terms).where(terms.c.record_id.in_(record_ids)).order_by(terms.c.record_id, terms.c.name, terms.c.value)
    found: dict[str, dict[str, list[str]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.record_id, {}).setdefault(row.name, []).append(row.value)
    return found


def with_payload(
    connection: Connection, municipality: str, kinds: tuple[Kind, ...], name: str, law: str | None
) -> list[tuple[Record, bytes]]:
    """A payload of every record of these kinds that has it, oldest first. Raises :class:`Tampered`."""
    query = (
        select(records, payloads.c.salt, payloads.c.data)
        .join(payloads, payloads.c.record_id == records.c.id)
        .where(*fitting(municipality, {}, kinds, law, None, None, None), payloads.c.name == name)
        .order_by(records.c.sequence)
    )
    found = []
    for *columns, salt, data in connection.execute(query):
        record = read(tuple(columns))
        if commitment(salt, data) != record.commitments.get(name):
            raise Tampered
        found.append((record, unpacked(name, data)))
    return found


def mark(connection: Connection, municipality: str, kinds: tuple[Kind, ...]) -> int:
    """The sequence of the last record of these kinds; 0 where there is none."""
    return connection.scalar(_MARK, {"whose": municipality, "kinds": kinds}) or 0
