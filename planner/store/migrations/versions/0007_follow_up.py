"""Survey rounds, samples of supervision, and the texts of evaluation forms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make room for what experiments are judged by."""
    op.create_table(
        "survey_rounds",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_survey_rounds"),
        sa.UniqueConstraint("name", name="uq_survey_rounds_name"),
    )
    op.create_table(
        "survey_tallies",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_survey_tallies"),
    )
    op.create_table(
        "supervisions",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("erased", sa.Integer(), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_supervisions"),
    )
    op.create_table(
        "supervised_cases",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supervision", sa.String(64), nullable=False),
        sa.Column("citizen", sa.String(64), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["supervision"], ["supervisions.key"], name="fk_supervised_cases_supervision"),
        sa.ForeignKeyConstraint(["citizen"], ["citizens.key"], name="fk_supervised_cases_citizen"),
        sa.PrimaryKeyConstraint("key", name="pk_supervised_cases"),
    )
    op.create_index("ix_supervised_cases_citizen", "supervised_cases", ["citizen"])
    op.create_table(
        "form_texts",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("experiment", sa.Text(), nullable=False),
        sa.Column("point", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_form_texts"),
        sa.UniqueConstraint("experiment", "point", name="uq_form_texts_experiment"),
    )
