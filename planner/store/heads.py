"""Whether the logs are whole, and go on from where the newest backup has them: then nobody has written them anew."""

from __future__ import annotations

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from planner.errors import StoreError
from planner.store import migrate, sqlite
from planner.store.engine import make_engine
from planner.store.reading import SqlReading
from planner.store.sqlite import StoreFile
from planner.store.tables import accesses, journal


def logs_are_whole(file: StoreFile, backup: StoreFile | None) -> bool:
    """Check the chains of the journal and of the looks, and that they hold the heads of the backup's chains."""
    try:
        with make_engine(file, read_only=sqlite.has_log(file)).connect() as connection:
            if migrate.revision_of(connection) != migrate.HEAD:
                return True  # an older store is checked when it has been brought up to date
            SqlReading(connection).verify()
            if backup is None:
                return True
            with make_engine(backup, read_only=sqlite.has_log(backup)).connect() as before:
                known = sqlite.tables_of(before)
                return all(_goes_on(table, before, connection) for table in (journal, accesses) if table.name in known)
    except (DBAPIError, sqlite.DRIVER.Error, StoreError):
        return False


def _goes_on(table: Table, before: Connection, now: Connection) -> bool:
    head = before.execute(select(table.c.seq, table.c.hash).order_by(table.c.seq.desc()).limit(1)).first()
    return head is None or now.scalar(select(table.c.hash).where(table.c.seq == head.seq)) == head.hash
