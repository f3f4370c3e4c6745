# SPDX-License-Identifier: EUPL-1.2
"""Lawful destruction, holds, and how long the law has a case kept; within a transaction that the caller commits.

A file (*dossier*) is an assessment with everything about it. What is destroyed are payloads and terms; the records stay,
and each gets a record of its destruction. With the last of a person's terms the pseudonym goes too.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, exists, func, select

from store.adding import FIRST, Clock, add, find, read
from store.chain import Record, canonical, moment
from store.errors import Erased, Held, NoMistake, StoreError
from store.keys import Keys
from store.model import ACCOUNT, OF_A_CASE, SUBJECT, Draft, Ground, Kind, Rhythm, undone
from store.schema import heads, payloads, pseudonyms, records, terms
from store.together import nobody_else, one_at_a_time

WITHIN = 1.0
"""Seconds in which the clean-up must have every chain."""
_NAMED = exists().where(terms.c.name == SUBJECT, terms.c.value == pseudonyms.c.subject)


@dataclass(frozen=True)
class Retention:
    """How many years a file is kept after the last record of the case, by law. A law that is not named is kept."""

    years: Mapping[str, int]

    @classmethod
    def read(cls, path: Path) -> Retention:
        """From TOML: a table `bewaartermijnen` of law = years. Raises :class:`StoreError` for anything else."""
        try:
            years = tomllib.loads(path.read_text(encoding="utf-8"))["bewaartermijnen"]
        except OSError as error:
            raise StoreError(f"{path} is niet te lezen ({error.strerror}).") from None
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError):
            raise StoreError(f"{path} is niet te lezen als TOML met een tabel `bewaartermijnen`.") from None
        if not isinstance(years, dict) or not all(type(term) is int and 1 <= term <= 200 for term in years.values()):
            raise StoreError(f"{path}: een bewaartermijn is een geheel aantal jaren van 1 tot en met 200.")
        return cls(years)

    def before(self, law: str, at: datetime) -> str:
        """A file whose last record is older than this is due."""
        year = at.year - self.years[law]
        return moment(at.replace(year=year) if (at.month, at.day) != (2, 29) else at.replace(year=year, day=28))


def due(connection: Connection, law: str, before: str) -> list[str]:
    """The assessments under a law, older than a moment, of which something is left to destroy."""
    kept = exists().where(payloads.c.record_id == records.c.id)
    query = select(records.c.id).where(records.c.kind == Kind.ASSESSMENT, records.c.law == law, records.c.created_at < before, kept)
    return list(connection.scalars(query.order_by(records.c.created_at)))


def without_term(connection: Connection, years: Mapping[str, int]) -> dict[str, int]:
    """How many files are kept under each law that has no term."""
    kept = exists().where(payloads.c.record_id == records.c.id)
    query = select(records.c.law, func.count()).where(records.c.kind == Kind.ASSESSMENT, kept).group_by(records.c.law)
    return {law or "zonder wet": count for law, count in connection.execute(query) if law not in years}


def last_of_case(file: Sequence[Record]) -> str:
    """When the last record of the case itself was made."""
    return max(record.created_at for record in file if record.kind in OF_A_CASE)


def file_of(connection: Connection, record: Record) -> list[Record]:
    """The whole file that a record belongs to, in the order of the chain."""
    root = record
    while root.about is not None:
        root = find(connection, root.about)
    return below(connection, root)


def below(connection: Connection, root: Record) -> list[Record]:
    """A record with everything about it, and about that. Raises :class:`Tampered` where one does not fit its hash."""
    tree = select(records.c.id).where(records.c.id == root.id).cte(recursive=True)
    tree = tree.union(select(records.c.id).join(tree, records.c.about == tree.c.id))
    rows = connection.execute(select(records).join(tree, records.c.id == tree.c.id).order_by(records.c.sequence))
    return [read(tuple(row)) for row in rows]


def held(file: Sequence[Record]) -> bool:
    """Whether a hold lies on any record of a file: who laid one counts on it, so each must be lifted."""
    laid: Counter[str | None] = Counter()
    for record in file:
        if record.kind == Kind.HOLD:
            laid[record.about] += 1
        elif record.kind == Kind.LIFTED and laid[record.about]:
            laid[record.about] -= 1
    return laid.total() > 0


def destroy(
    connection: Connection, keys: Keys, record_id: str, ground: Ground, by: str, reason: str, now: Clock, rhythm: Rhythm
) -> list[Record]:
    """Destroy what stands beside a record and beside everything about it. The records of destruction.

    Raises :class:`Held`, :class:`NoMistake`, and :class:`Erased` where nothing is left.
    """
    record = find(connection, record_id)
    one_at_a_time(connection, record.municipality)
    done = []
    for found, names in doomed(connection, record, ground):
        _forget(connection, found.id)
        draft = Draft(
            found.municipality,
            Kind.DESTRUCTION,
            {"grond": ground, "stukken": names},
            payloads={ACCOUNT: account(by, reason)},
            about=found.id,
        )
        done.append(add(connection, keys, draft, now, rhythm))
    return done


def doomed(connection: Connection, record: Record, ground: Ground) -> list[tuple[Record, list[str]]]:
    """What a destruction of a record takes with it: each record that it touches, with the names of what stands beside it.

    Raises :class:`Held`, :class:`NoMistake`, and :class:`Erased` where nothing is left.
    """
    if held(file_of(connection, record)):
        raise Held
    file = below(connection, record)
    if ground is Ground.MISTAKE and _lawfully_gone(file):
        raise NoMistake
    return left(connection, file, record.id)


def _lawfully_gone(file: Sequence[Record]) -> bool:
    """Whether a record of the case was destroyed on another ground than that it was a mistake: a decision by which that stays taken."""
    of_a_case = {record.id for record in file if record.kind in OF_A_CASE}
    gone = {record.about for record in file if record.kind == Kind.DESTRUCTION} & of_a_case
    return not gone <= undone(file)


def left(connection: Connection, file: Sequence[Record], record_id: str) -> list[tuple[Record, list[str]]]:
    """The records of a file that something stands beside, with its names; of destructions none but the record that is asked about.

    Raises :class:`Erased` where nothing is left.
    """
    found = []
    for each in file:
        names = list(connection.scalars(select(payloads.c.name).where(payloads.c.record_id == each.id).order_by(payloads.c.name)))
        if names and (each.kind != Kind.DESTRUCTION or each.id == record_id):
            found.append((each, names))
    if not found:
        raise Erased
    return found


def _forget(connection: Connection, record_id: str) -> None:
    """Take away payloads and terms, and a pseudonym that nothing is left of."""
    subjects = list(connection.scalars(select(terms.c.value).where(terms.c.record_id == record_id, terms.c.name == SUBJECT)))
    connection.execute(delete(terms).where(terms.c.record_id == record_id))
    connection.execute(delete(payloads).where(payloads.c.record_id == record_id))
    for subject in subjects:
        if connection.execute(select(terms.c.record_id).where(terms.c.name == SUBJECT, terms.c.value == subject).limit(1)).first() is None:
            connection.execute(delete(pseudonyms).where(pseudonyms.c.subject == subject))


def of_nobody(connection: Connection) -> set[str]:
    """The pseudonyms under which nothing is kept: of people who were told to a logbook, and whose record did not come (yet)."""
    return set(connection.scalars(select(pseudonyms.c.subject).where(~_NAMED)))


def forget_nobody(connection: Connection, found: Collection[str]) -> None:
    """Take these pseudonyms away where there is still nothing kept under them, while nobody adds to a chain.

    A record that is under way makes its pseudonym again. Fails (:class:`StoreDown`) where it has not every chain within a second:
    all of them would wait for who stands still in a transaction.
    """
    nobody_else(connection, (FIRST,), WITHIN / 2)  # who begins a chain: from here on we see the end of every one
    nobody_else(connection, sorted(connection.scalars(select(heads.c.municipality))), WITHIN / 2)
    connection.execute(delete(pseudonyms).where(pseudonyms.c.subject.in_(found), ~_NAMED))


def account(by: str, reason: str) -> bytes:
    """Who did it and why: a payload, as it may name people."""
    return canonical({"door": by, "reden": reason}).encode()
