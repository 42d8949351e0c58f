"""What was shown last, so that it can be shown again at once; and indexes to read the present conversations by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make room for the glances, put the day into the index by citizen, and index what is booked."""
    op.create_table(
        "glances",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("basis", sa.String(64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_glances"),
    )
    op.drop_index("ix_conversations_citizen", "conversations")
    op.create_index("ix_conversations_citizen", "conversations", ["citizen", "on_date"])
    op.create_index(
        "ix_conversations_booked", "conversations", ["citizen"], sqlite_where=sa.literal_column("status = 'booked'")
    )
