"""Who looked, what was erased, and when a case was closed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make room for the access log, the erasures, the end of a case, and what an emptied journal row is checked by."""
    op.add_column("citizens", sa.Column("closed_on", sa.Date()))
    op.add_column("journal", sa.Column("detail_digest", sa.String(64)))
    op.add_column("journal", sa.Column("changes_digest", sa.String(64)))
    op.create_table(
        "accesses",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at_local", sa.DateTime(), nullable=False),
        sa.Column("at_utc", sa.DateTime(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("citizen", sa.String(64)),
        sa.Column("counted", sa.Integer()),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_accesses"),
    )
    op.create_index("ix_accesses_citizen", "accesses", ["citizen"])
    op.create_table(
        "erasures",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("id_code", sa.String(64), nullable=False),
        sa.Column("cpr_code", sa.String(64)),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("readmitted_on", sa.Date()),
        sa.Column("is_clean", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_erasures"),
    )
