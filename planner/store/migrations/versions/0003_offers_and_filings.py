"""Room for offers of self-booking, and for what of a conversation stands in the case system."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "filings",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("citizen", sa.String(64), nullable=False),
        sa.Column("filed_on", sa.Date, nullable=False),
        sa.ForeignKeyConstraint(["key"], ["conversations.key"], name="fk_filings_key"),
        sa.ForeignKeyConstraint(["citizen"], ["citizens.key"], name="fk_filings_citizen"),
        sa.PrimaryKeyConstraint("key", name="pk_filings"),
    )
    op.create_index("ix_filings_citizen", "filings", ["citizen"])
    op.create_table(
        "offers",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("citizen", sa.String(64), nullable=False),
        sa.Column("on_date", sa.Date, nullable=False),
        sa.Column("until_date", sa.Date, nullable=False),
        sa.Column("times", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["citizen"], ["citizens.key"], name="fk_offers_citizen"),
        sa.UniqueConstraint("citizen", name="uq_offers_citizen"),
        sa.PrimaryKeyConstraint("key", name="pk_offers"),
    )
