# SPDX-License-Identifier: EUPL-1.2
"""Records for tests, and everything that a database holds."""

from __future__ import annotations

import dataclasses
from typing import Any

from sqlalchemy import Connection, Engine, Table, select, text

from store.bsn import Bsn
from store.model import ANSWER, CLAIM, Draft, Kind
from store.packing import unpacked
from store.schema import metadata, payloads

TOWN, OTHER_TOWN = "GM0000", "GM0001"
PERSON, OTHER_PERSON = Bsn("111222333"), Bsn("123456782")
LAW = "participatiewet"


def assessment(case: str = "zaak-1", **changes: Any) -> Draft:
    """An assessment of a case."""
    draft = Draft(
        TOWN,
        Kind.ASSESSMENT,
        {"uitkomst": "toekennen"},
        payloads={CLAIM: b'{"gegevens":{}}', ANSWER: f'{{"zaak":"{case}"}}'.encode()},
        terms={"zaak": [case], "grond": ["pw.15.1"]},
        law=LAW,
    )
    return dataclasses.replace(draft, **changes)


def decision(about: str, **changes: Any) -> Draft:
    """A decision about an assessment."""
    draft = Draft(TOWN, Kind.DECISION, {"adviesGevolgd": True}, payloads={"besluit": b'{"door":"m.jansen"}'}, about=about, once=True)
    return dataclasses.replace(draft, **changes)


def rows(engine: Engine, table: Table) -> list[dict[str, Any]]:
    """Everything in a table."""
    with engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(select(table))]


def everything(engine: Engine) -> str:
    """Everything in every table, as text; what is kept compressed as it was before too."""
    found = [rows(engine, table) for table in metadata.sorted_tables]
    return repr([found, [unpacked(row["name"], row["data"]) for row in rows(engine, payloads)]])


UNGUARDED = ("idempotency", "terms", "payloads", "checkpoints", "heads", "records")


def unguard(connection: Connection) -> None:
    """Do what somebody can do who owns the database: the same tables without triggers, keys and constraints."""
    for table in UNGUARDED:
        connection.execute(text(f"CREATE TABLE other AS SELECT * FROM {table}"))
        connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text(f"ALTER TABLE other RENAME TO {table}"))
