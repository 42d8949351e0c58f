"""The tables. Every row has an opaque key and a version (the journal number that wrote it last)."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    literal_column,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key() -> Column[str]:
    return Column("key", String(64), primary_key=True)


def _version() -> Column[int]:
    return Column("version", Integer, nullable=False)


def _citizen() -> Column[str]:
    return Column("citizen", String(64), ForeignKey("citizens.key"), nullable=False, index=True)


citizens = Table(
    "citizens",
    metadata,
    _key(),
    _version(),
    Column("external_id", Text, unique=True),
    Column("cpr", Text),
    Column("name", Text, nullable=False),
    Column("target_group", String(8), nullable=False),
    Column("spell_start", Date, nullable=False),
    Column("unemployment_start", Date),
    Column("cadence", String(16)),
    Column("channels", JSON, nullable=False),
    Column("handover_on", Date),
    Column("exempt_on", Date),
    Column("exempt_until", Date),
    Column("exempt_reason", Text),
    Column("preferred_channel", String(16)),
    Column("interpreter", Text),
    Column("closed_on", Date),
)

facts = Table(
    "facts",
    metadata,
    _key(),
    _version(),
    _citizen(),
    Column("kind", String(32), nullable=False),
    Column("on_date", Date, nullable=False),
    Column("until_date", Date),
    Column("documented", Boolean, nullable=False),
    Column("noted_on", Date),
)

conversations = Table(
    "conversations",
    metadata,
    _key(),
    _version(),
    Column("citizen", String(64), ForeignKey("citizens.key"), nullable=False),
    Column("on_date", Date, nullable=False),
    Column("start_time", Time, nullable=False),
    Column("start_utc", DateTime, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("counterpart", String(32), nullable=False),
    Column("status", String(32), nullable=False),
    Column("agenda", JSON, nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("self_booked", Boolean, nullable=False),
    Index("ix_conversations_citizen", "citizen", "on_date"),
    Index("ix_conversations_booked", "citizen", sqlite_where=literal_column("status = 'booked'")),
)

# The key is that of the conversation whose case note is in the case system.
filings = Table(
    "filings",
    metadata,
    Column("key", String(64), ForeignKey("conversations.key"), primary_key=True),
    _version(),
    _citizen(),
    Column("filed_on", Date, nullable=False),
)

# The offer that stands; one that was taken or withdrawn is remembered by the journal.
offers = Table(
    "offers",
    metadata,
    _key(),
    _version(),
    Column("citizen", String(64), ForeignKey("citizens.key"), nullable=False, unique=True),
    Column("on_date", Date, nullable=False),
    Column("until_date", Date, nullable=False),
    Column("times", JSON, nullable=False),
)

# A stretch with a reason is a postponement: the caseworker's decision, not the citizen's calendar.
unavailable = Table(
    "unavailable",
    metadata,
    _key(),
    _version(),
    _citizen(),
    Column("first_date", Date),
    Column("last_date", Date),
    Column("weekday", Integer),
    Column("start_time", Time),
    Column("end_time", Time),
    Column("reason", Text),
)

notes = Table(
    "notes",
    metadata,
    _key(),
    _version(),
    _citizen(),
    Column("at_local", DateTime, nullable=False),
    Column("at_utc", DateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("amends", String(64)),
)

adoptions = Table(
    "adoptions",
    metadata,
    _key(),
    _version(),
    Column("experiment", Text, nullable=False),
    Column("first_date", Date, nullable=False),
    Column("last_date", Date),
    Column("authority", Text, nullable=False),
    Column("parameters", JSON, nullable=False),
)

office = Table("office", metadata, _key(), _version(), Column("data", JSON, nullable=False))

import_maps = Table("import_maps", metadata, _key(), _version(), Column("mapping", JSON, nullable=False))

# The plan that the user saw last: made from the rest of the store, so it needs no journal and may be lost. Beside it
# lies one that was only looked at, and those that were made ahead for the day after.
plans = Table(
    "plans",
    metadata,
    _key(),
    Column("basis", String(64), nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("previous", LargeBinary),
)


def plan_key(*, trial: bool = False, ahead: bool = False) -> str:
    """Under which key a plan is kept."""
    return ("trial" if trial else "shown") + ("-ahead" if ahead else "")


# What was shown last, shaped so that it can be shown again before anything else is read; it may be lost like the plan.
glances = Table(
    "glances",
    metadata,
    _key(),
    Column("basis", String(64), nullable=False),
    Column("data", LargeBinary, nullable=False),
)

# What was typed and not saved when the program was locked; it needs no journal, and is taken when it is shown again.
drafts = Table("drafts", metadata, _key(), Column("data", LargeBinary, nullable=False))

journal = Table(
    "journal",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at_local", DateTime, nullable=False),
    Column("at_utc", DateTime, nullable=False),
    Column("verb", String(32), nullable=False),
    Column("citizen", String(64)),
    Column("detail", Text, nullable=False),
    Column("changes", LargeBinary, nullable=False),
    Column("target", Integer),
    Column("salt", String(64), nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    # What an erasure has emptied is known by its digest alone.
    Column("detail_digest", String(64)),
    Column("changes_digest", String(64)),
    Index("ix_journal_citizen", "citizen"),
    Index("ix_journal_target", "target"),
)

# Who looked: no names, no CPR numbers, no texts; append-only, each row's hash covers the one before.
accesses = Table(
    "accesses",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at_local", DateTime, nullable=False),
    Column("at_utc", DateTime, nullable=False),
    Column("account", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("citizen", String(64)),
    Column("counted", Integer),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_accesses_citizen", "citizen"),
)

# The key is that of the citizen who was erased; id and CPR number are known again by a code of them only.
erasures = Table(
    "erasures",
    metadata,
    _key(),
    Column("id_code", String(64), nullable=False),
    Column("cpr_code", String(64)),
    Column("on_date", Date, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("readmitted_on", Date),
    Column("is_clean", Boolean, nullable=False),
)

survey_rounds = Table(
    "survey_rounds",
    metadata,
    _key(),
    _version(),
    Column("name", Text, nullable=False, unique=True),
    Column("on_date", Date, nullable=False),
)

# The key is that of the round. It needs no journal, which would keep each answer beside the moment when it was given.
survey_tallies = Table("survey_tallies", metadata, _key(), Column("tally", JSON, nullable=False))

supervisions = Table(
    "supervisions",
    metadata,
    _key(),
    _version(),
    Column("on_date", Date, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("population", Integer, nullable=False),
    Column("erased", Integer, nullable=False),
    Column("tally", JSON, nullable=False),
)

supervised_cases = Table(
    "supervised_cases",
    metadata,
    _key(),
    _version(),
    Column("supervision", String(64), ForeignKey("supervisions.key"), nullable=False),
    _citizen(),
    Column("findings", JSON, nullable=False),
)

form_texts = Table(
    "form_texts",
    metadata,
    _key(),
    _version(),
    Column("experiment", Text, nullable=False),
    Column("point", Integer, nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("experiment", "point"),
)

#: Tables whose rows a unit of work may change, parents before children.
CHANGING = {
    table.name: table
    for table in (
        *(citizens, facts, conversations, filings, offers, unavailable, notes),
        *(adoptions, office, import_maps),
        *(survey_rounds, supervisions, supervised_cases, form_texts),
    )
}
