"""The first shape of the store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "citizens",
        *_row(),
        sa.Column("external_id", sa.Text),
        sa.Column("cpr", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("target_group", sa.String(8), nullable=False),
        sa.Column("spell_start", sa.Date, nullable=False),
        sa.Column("unemployment_start", sa.Date),
        sa.Column("cadence", sa.String(16)),
        sa.Column("channels", sa.JSON, nullable=False),
        sa.Column("handover_on", sa.Date),
        sa.Column("exempt_on", sa.Date),
        sa.Column("exempt_until", sa.Date),
        sa.Column("exempt_reason", sa.Text),
        sa.Column("preferred_channel", sa.String(16)),
        sa.Column("interpreter", sa.Text),
        sa.PrimaryKeyConstraint("key", name="pk_citizens"),
        sa.UniqueConstraint("external_id", name="uq_citizens_external_id"),
    )
    _belonging(
        "facts",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("on_date", sa.Date, nullable=False),
        sa.Column("until_date", sa.Date),
        sa.Column("documented", sa.Boolean, nullable=False),
        sa.Column("noted_on", sa.Date),
    )
    _belonging(
        "conversations",
        sa.Column("on_date", sa.Date, nullable=False),
        sa.Column("start_time", sa.Time, nullable=False),
        sa.Column("start_utc", sa.DateTime, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("counterpart", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("agenda", sa.JSON, nullable=False),
        sa.Column("locked", sa.Boolean, nullable=False),
        sa.Column("self_booked", sa.Boolean, nullable=False),
    )
    _belonging(
        "unavailable",
        sa.Column("first_date", sa.Date),
        sa.Column("last_date", sa.Date),
        sa.Column("weekday", sa.Integer),
        sa.Column("start_time", sa.Time),
        sa.Column("end_time", sa.Time),
        sa.Column("reason", sa.Text),
    )
    _belonging(
        "notes",
        sa.Column("at_local", sa.DateTime, nullable=False),
        sa.Column("at_utc", sa.DateTime, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    _office()
    _journal()


def _office() -> None:
    op.create_table(
        "adoptions",
        *_row(),
        sa.Column("experiment", sa.Text, nullable=False),
        sa.Column("first_date", sa.Date, nullable=False),
        sa.Column("last_date", sa.Date),
        sa.Column("authority", sa.Text, nullable=False),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_adoptions"),
    )
    for name, column in (("office", "data"), ("import_maps", "mapping")):
        op.create_table(
            name,
            *_row(),
            sa.Column(column, sa.JSON, nullable=False),
            sa.PrimaryKeyConstraint("key", name=f"pk_{name}"),
        )


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at_local", sa.DateTime, nullable=False),
        sa.Column("at_utc", sa.DateTime, nullable=False),
        sa.Column("verb", sa.String(32), nullable=False),
        sa.Column("citizen", sa.String(64)),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("changes", sa.LargeBinary, nullable=False),
        sa.Column("target", sa.Integer),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_journal"),
    )
    op.create_index("ix_journal_citizen", "journal", ["citizen"])
    op.create_index("ix_journal_target", "journal", ["target"])


def _row() -> tuple[sa.Column[str], sa.Column[int]]:
    return sa.Column("key", sa.String(64), nullable=False), sa.Column("version", sa.Integer, nullable=False)


def _belonging(table: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        table,
        *_row(),
        sa.Column("citizen", sa.String(64), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["citizen"], ["citizens.key"], name=f"fk_{table}_citizen"),
        sa.PrimaryKeyConstraint("key", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_citizen", table, ["citizen"])
