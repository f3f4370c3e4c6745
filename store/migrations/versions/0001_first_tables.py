# SPDX-License-Identifier: EUPL-1.2
"""The first tables, and the triggers that keep the chain append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_FIXED = (("records", ("UPDATE", "DELETE")), ("checkpoints", ("UPDATE", "DELETE")), ("payloads", ("UPDATE",)))


def upgrade() -> None:
    """Make everything."""
    op.create_table(
        "bundles",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_bundles")),
    )
    op.create_table(
        "checkpoints",
        sa.Column("municipality", sa.String(length=6), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("signed_at", sa.String(length=27), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("municipality", "number", name=op.f("pk_checkpoints")),
    )
    op.create_table(
        "heads",
        sa.Column("municipality", sa.String(length=6), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("signed_at", sa.String(length=27), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("municipality", name=op.f("pk_heads")),
    )
    op.create_table(
        "pseudonyms",
        sa.Column("hmac", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("hmac", name=op.f("pk_pseudonyms")),
        sa.UniqueConstraint("subject", name=op.f("uq_pseudonyms_subject")),
    )
    op.create_table(
        "records",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("municipality", sa.String(length=6), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("law", sa.String(length=100)),
        sa.Column("about", sa.String(length=36)),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["about"], ["records.id"], name=op.f("fk_records_about")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records")),
        sa.UniqueConstraint("hash", name=op.f("uq_records_hash")),
        sa.UniqueConstraint("municipality", "sequence", name=op.f("uq_records_municipality_sequence")),
    )
    op.create_index(op.f("ix_records_about"), "records", ["about"], unique=False)
    op.create_index(op.f("ix_records_kind_law_created_at"), "records", ["kind", "law", "created_at"], unique=False)
    op.create_index(op.f("ix_records_municipality_kind_sequence"), "records", ["municipality", "kind", "sequence"], unique=False)
    op.create_table(
        "idempotency",
        sa.Column("client", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("record_id", sa.String(length=36)),
        sa.Column("status", sa.Integer()),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name=op.f("fk_idempotency_record_id")),
        sa.PrimaryKeyConstraint("client", "key", name=op.f("pk_idempotency")),
    )
    op.create_index(op.f("ix_idempotency_created_at"), "idempotency", ["created_at"], unique=False)
    op.create_table(
        "payloads",
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name=op.f("fk_payloads_record_id")),
        sa.PrimaryKeyConstraint("record_id", "name", name=op.f("pk_payloads")),
    )
    op.create_table(
        "terms",
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name=op.f("fk_terms_record_id")),
        sa.PrimaryKeyConstraint("record_id", "name", "value", name=op.f("pk_terms")),
    )
    op.create_index(op.f("ix_terms_name_value"), "terms", ["name", "value"], unique=False)
    _fix(op.get_bind().dialect.name)


def _fix(dialect: str) -> None:
    """Refuse what would change a record."""
    if dialect == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'append-only: % on %', TG_OP, TG_TABLE_NAME; END $$"
        )
    for table, actions in _FIXED:
        for action in actions:
            name = f"{table}_no_{action.lower()}"
            if dialect == "postgresql":
                op.execute(f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
            else:
                op.execute(f"CREATE TRIGGER {name} BEFORE {action} ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END")
