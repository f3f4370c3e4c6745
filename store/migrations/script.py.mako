# SPDX-License-Identifier: EUPL-1.2
"""${message}."""

from __future__ import annotations

from alembic import op
import sqlalchemy as sa

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Step forward."""
    ${upgrades if upgrades else "pass"}
