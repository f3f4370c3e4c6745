# SPDX-License-Identifier: EUPL-1.2
"""The steps by which the tables came to be (Alembic)."""
