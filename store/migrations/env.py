# SPDX-License-Identifier: EUPL-1.2
"""Runs the steps over the connection, and in the transaction, that :func:`store.database.upgrade` gives."""

from __future__ import annotations

from alembic import context

from store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
