"""Which note another one amends."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Let a note name the one that it amends."""
    op.add_column("notes", sa.Column("amends", sa.String(64)))
