"""Whether the logs are whole, and go on from where the newest backup has them: then nobody has written them anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from planner.errors import StoreError
from planner.store import migrate, sqlite
from planner.store.backups import is_led_back
from planner.store.engine import make_engine
from planner.store.reading import SqlReading
from planner.store.sqlite import StoreFile
from planner.store.tables import accesses, journal


def logs_are_whole(file: StoreFile, made: Sequence[StoreFile]) -> bool:
    """Check the chains of journal and looks, and that they hold the heads that backups have, newest first.

    A restore leads the journal back, so that of the newest backup counts, once there is one of after it; the looks go
    on over it.
    """
    try:
        with make_engine(file, read_only=sqlite.has_log(file)).connect() as connection:
            if migrate.revision_of(sqlite.own_connection(connection)) != migrate.HEAD:
                return True  # an older store is checked when it has been brought up to date
            SqlReading(connection).verify()
            with_journal = [] if is_led_back(file.path) else made[:1]
            return all(
                _holds(connection, backup, (journal, accesses) if backup in with_journal else (accesses,))
                for backup in made
            )
    except (DBAPIError, sqlite.DRIVER.Error, StoreError):
        return False


def _holds(now: Connection, backup: StoreFile, tables: Iterable[Table]) -> bool:
    try:
        with make_engine(backup, read_only=sqlite.has_log(backup)).connect() as before:
            known = sqlite.tables_of(sqlite.own_connection(before))
            return all(_goes_on(table, before, now) for table in tables if table.name in known)
    except (DBAPIError, sqlite.DRIVER.Error):
        return True  # a backup that cannot be read says nothing of the logs


def _goes_on(table: Table, before: Connection, now: Connection) -> bool:
    head = before.execute(select(table.c.seq, table.c.hash).order_by(table.c.seq.desc()).limit(1)).first()
    return head is None or now.scalar(select(table.c.hash).where(table.c.seq == head.seq)) == head.hash
