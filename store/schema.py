# SPDX-License-Identifier: EUPL-1.2
"""The tables. What a record says for ever stands in ``records``; what the law may have erased stands beside it.

``records`` and ``checkpoints`` refuse UPDATE and DELETE by a trigger: a guard against mistakes. Against intent there is
the chain (:mod:`store.chain`).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

records = Table(
    "records",
    metadata,
    Column("id", String(36), nullable=False),
    Column("municipality", String(6), nullable=False),
    Column("sequence", BigInteger, nullable=False),  # 1, 2, 3 ... within the municipality
    Column("kind", String(40), nullable=False),
    Column("law", String(100)),  # which retention holds
    Column("about", String(36), ForeignKey("records.id")),
    Column("created_at", String(27), nullable=False),  # UTC, as in store.chain.moment
    Column("content", Text, nullable=False),  # canonical JSON, nothing about a person
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("municipality", "sequence"),
    UniqueConstraint("hash"),
    Index(None, "about"),
    Index(None, "municipality", "kind", "sequence"),
    Index(None, "kind", "law", "created_at"),
)

payloads = Table(  # what can be erased; the record holds SHA-256(salt + data)
    "payloads",
    metadata,
    Column("record_id", String(36), ForeignKey("records.id"), nullable=False),
    Column("name", String(40), nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("record_id", "name"),
)

terms = Table(  # what a record is found by: an index over its payload `kenmerken`
    "terms",
    metadata,
    Column("record_id", String(36), ForeignKey("records.id"), nullable=False),
    Column("name", String(40), nullable=False),
    Column("value", String(200), nullable=False),
    PrimaryKeyConstraint("record_id", "name", "value"),
    Index(None, "name", "value"),
)

heads = Table(  # the last seal of each municipality, made anew with every record
    "heads",
    metadata,
    Column("municipality", String(6), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("signed_at", String(27), nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("signature", String(128), nullable=False),
    PrimaryKeyConstraint("municipality"),
)

checkpoints = Table(  # the seals that are kept and exported
    "checkpoints",
    metadata,
    Column("municipality", String(6), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("number", BigInteger, nullable=False),  # 1, 2, 3 ... within the municipality
    Column("signed_at", String(27), nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("signature", String(128), nullable=False),
    PrimaryKeyConstraint("municipality", "number"),
)

bundles = Table(  # the rule files that an assessment was made with, under the SHA-256 of the archive
    "bundles",
    metadata,
    Column("sha256", String(64), nullable=False),
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("sha256"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("client", String(100), nullable=False),
    Column("key", String(255), nullable=False),
    Column("fingerprint", String(64), nullable=False),  # keyed HMAC of the request
    Column("token", String(32), nullable=False),  # who holds the key while it runs
    Column("state", String(7), nullable=False),  # running, done
    Column("record_id", String(36), ForeignKey("records.id")),
    Column("status", Integer),
    Column("created_at", String(27), nullable=False),
    PrimaryKeyConstraint("client", "key"),
    Index(None, "created_at"),
)

pseudonyms = Table(  # keyed HMAC of a municipality and a BSN -> the subject that records are found by
    "pseudonyms",
    metadata,
    Column("hmac", String(64), nullable=False),
    Column("subject", String(32), nullable=False),
    PrimaryKeyConstraint("hmac"),
    UniqueConstraint("subject"),
)
