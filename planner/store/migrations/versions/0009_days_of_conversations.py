"""Find the latest conversations of a citizen, and what is booked, without a look at all the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Put the day into the index by citizen, and index what is booked."""
    op.drop_index("ix_conversations_citizen", "conversations")
    op.create_index("ix_conversations_citizen", "conversations", ["citizen", "on_date"])
    op.create_index(
        "ix_conversations_booked", "conversations", ["citizen"], sqlite_where=sa.literal_column("status = 'booked'")
    )
