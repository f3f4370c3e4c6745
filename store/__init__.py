# SPDX-License-Identifier: EUPL-1.2
"""What is kept: an append-only chain of records for each municipality, in SQLite or PostgreSQL.

Callers work with :class:`store.store.Store`. Nothing here knows the web.
"""
