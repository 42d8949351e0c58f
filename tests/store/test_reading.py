"""Citizens as they are read from bare rows are those that SQLAlchemy's types and the plain constructors make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Row, Table, select
from sqlcipher3.dbapi2 import SQLITE_IOERR, OperationalError

from planner.domain.caseload import Caseload
from planner.domain.citizens import Cadence, Citizen, Exemption, Fact, FactKind, TargetGroup
from planner.domain.conversations import Channel, Conversation, Counterpart, Offer, Status
from planner.errors import StoreError
from planner.store import mapping, sqlite
from planner.store.engine import SqlStore
from planner.store.tables import citizens, conversations, facts, filings, offers, unavailable
from tests.full import many
from tests.store.support import aase, opened
from tests.strategies import caseloads

T = TypeVar("T")
#: Cells that are read and the odd things that may stand in them.
CELLS = [
    *((facts, name) for name in ("citizen", "kind", "on_date", "until_date", "documented", "noted_on")),
    *((conversations, name) for name in ("citizen", "on_date", "start_time", "minutes", "channel", "counterpart")),
    *((conversations, name) for name in ("status", "agenda", "locked", "self_booked")),
    *((unavailable, name) for name in ("citizen", "first_date", "last_date", "weekday", "start_time", "end_time")),
    *((citizens, column.name) for column in citizens.columns if not column.primary_key),
    (filings, "filed_on"),
]
ODD = (
    *("", "x", "2026-13-01", "20260101", "2026-W05-1", "09:00", "9", "[]", '["x"]', '["phone"]', "null", '"x"', "{"),
    *(7, b"\xff"),
)


def by_types(connection: Connection) -> dict[str, Citizen]:
    """Everybody, each row with the types of its columns."""

    def of(
        table: Table, key: str, order: tuple[str, ...], make: Callable[[Row[tuple[object, ...]]], T]
    ) -> tuple[T, ...]:
        query = select(table).where(table.c.citizen == key).order_by(*(table.c[name] for name in order))
        return tuple(make(row) for row in connection.execute(query))

    filed = {row.key: row.filed_on for row in connection.execute(select(filings))}
    found = {}
    for row in connection.execute(select(citizens)):
        exempt = Exemption(row.exempt_on, row.exempt_until, row.exempt_reason) if row.exempt_on else None
        offered = of(offers, row.key, ("key",), mapping.offer_of)
        found[row.key] = Citizen(
            id=row.external_id or row.key,
            name=row.name,
            target_group=TargetGroup(row.target_group),
            spell_start=row.spell_start,
            unemployment_start=row.unemployment_start,
            cadence=None if row.cadence is None else Cadence(row.cadence),
            channels=tuple(Channel(channel) for channel in row.channels),
            handover_on=row.handover_on,
            exemption=exempt,
            preferred_channel=None if row.preferred_channel is None else Channel(row.preferred_channel),
            interpreter=row.interpreter,
            closed_on=row.closed_on,
            unavailable=of(
                unavailable,
                row.key,
                ("first_date", "weekday", "start_time", "key"),
                lambda away: mapping.away_of(away).stretch,
            ),
            facts=of(
                facts,
                row.key,
                ("on_date", "kind", "key"),
                lambda fact: Fact(
                    FactKind(fact.kind), fact.on_date, fact.until_date, fact.documented, fact.noted_on, fact.key
                ),
            ),
            conversations=of(
                conversations,
                row.key,
                ("on_date", "start_time", "key"),
                lambda talk: Conversation(
                    on=talk.on_date,
                    start=talk.start_time,
                    minutes=talk.minutes,
                    channel=Channel(talk.channel),
                    counterpart=Counterpart(talk.counterpart),
                    status=Status(talk.status),
                    agenda=tuple(talk.agenda),
                    locked=talk.locked,
                    self_booked=talk.self_booked,
                    filed_on=filed.get(talk.key),
                    key=talk.key,
                ),
            ),
            offer=offered[0] if offered else None,
        )
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where there is a new store for each example."""
    return tmp_path_factory.mktemp("reading")


@contextmanager
def filled(folder: Path, caseload: Caseload) -> Iterator[SqlStore]:
    """A new store with these people."""
    path = folder / f"{len(list(folder.iterdir()))}.db"
    with opened(path) as store:
        with store.write() as unit:
            for citizen in caseload.citizens:
                unit.add_citizen(citizen)
            unit.add_citizen(aase("everything"))
            unit.record("load", None, {})
        yield store


@settings(max_examples=many(15, 300))
@given(caseloads())
def test_whoever_is_kept_is_read_as_the_types_say(folder: Path, caseload: Caseload) -> None:
    with filled(folder, caseload) as store, store.read() as view:
        wanted = by_types(view.connection)
        assert len(wanted) == len(caseload.citizens) + 1
        found = view.citizens()
        assert found == wanted
        assert list(found) == list(wanted)
        some = list(wanted)[::2]
        assert view.citizens(some) == {key: wanted[key] for key in some}
        assert view.citizens([]) == {}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """A store with one citizen who has something in every field."""
    with opened(tmp_path_factory.mktemp("reading") / "s.db") as store:
        with store.write() as unit:
            key = unit.add_citizen(aase())
            unit.save_offer(key, Offer(date(2026, 11, 1), date(2026, 11, 9), ()))
            unit.record("load", None, {})
        yield store


def outcome(read: Callable[[], dict[str, Citizen]]) -> object:
    """What was read, or that it cannot be."""
    try:
        return read()
    except (StoreError, LookupError, ValueError, TypeError):
        return "damaged"


def test_an_error_after_which_the_transaction_may_be_gone_is_not_passed_over(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Broken:
        """The driver on a disk that cannot be read once."""

        def execute(self, query: str, values: object) -> None:
            asked.append(query)
            error = OperationalError("disk I/O error")
            error.sqlite_errorcode, error.sqlite_errorname = SQLITE_IOERR, "SQLITE_IOERR"
            raise error

    with store.read() as view:
        keys = list(view.citizens())
        monkeypatch.setattr(sqlite, "own_connection", lambda connection: Broken())
        with pytest.raises(OperationalError):
            view.citizens(keys)
        assert len(asked) == 1


def test_a_text_that_is_none_is_told_the_same_for_all_and_for_some(store: SqlStore) -> None:
    with store.read() as view:
        everybody = list(view.citizens())
        view.connection.exec_driver_sql("UPDATE citizens SET name = CAST(x'ff41' AS TEXT)")
        for keys in (None, everybody):
            with pytest.raises(OperationalError, match="UTF-8"):
                view.citizens(keys)
        view.connection.rollback()


@settings(max_examples=many(150, 2000))
@given(st.sampled_from(CELLS), st.sampled_from(ODD))
def test_whatever_stands_in_a_cell_is_read_or_told_as_damage_as_the_types_say(
    store: SqlStore, cell: tuple[Table, str], odd: object
) -> None:
    table, name = cell
    with store.read() as view:
        everybody = list(view.citizens())
        view.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        view.connection.exec_driver_sql(f"UPDATE {table.name} SET {name} = ?", (odd,))
        wanted = outcome(lambda: by_types(view.connection))
        assert outcome(view.citizens) == wanted
        assert outcome(lambda: view.citizens(everybody)) == wanted
        view.connection.rollback()
