"""Room for the plan that was shown last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "plans",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("basis", sa.String(64), nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("previous", sa.LargeBinary),
        sa.PrimaryKeyConstraint("key", name="pk_plans"),
    )
