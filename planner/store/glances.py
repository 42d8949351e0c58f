"""Read a glance with the driver alone: SQLAlchemy takes longer to load than all the rest of what is shown first."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

from planner.errors import StoreError
from planner.store import sqlite
from planner.store.keys.beside import NEW_SUFFIX
from planner.store.lock import alone
from planner.store.looks import forget_attempts, take_attempts, write_look
from planner.store.sqlite import StoreFile

T = TypeVar("T")
#: What the database and its files may raise; opening the store as usual will tell what is wrong.
_TROUBLE = (sqlite.DRIVER.Error, StoreError, OSError, ValueError, TypeError, zlib.error)


class Glances:
    """The glances of a store that is open."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    @property
    def state(self) -> str:
        """The hash of the last journal row; empty for an empty journal."""
        row = self._connection.execute("SELECT hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
        return "" if row is None else str(row[0])

    def of(self, key: str, basis: str) -> bytes | None:
        """The glance with that key, where it was made from the same."""
        query = "SELECT data FROM glances WHERE key = ? AND basis = ?"
        row = self._connection.execute(query, (key, basis)).fetchone()
        return None if row is None else zlib.decompress(row[0])


def glance(
    file: StoreFile, at: datetime, purpose: str, find: Callable[[Glances], tuple[T, int] | None], *, opens: bool = False
) -> T | None:
    """What `find` finds among the glances, once it is logged that as many citizens are seen as it says.

    Nothing is looked for where the store is not there, in use, left by a crash, not to be opened so, or of another
    shape, nor where opening it as usual would find something to do: except for a backup that is due where somebody
    `opens` it afterwards. `at` has a time zone.
    """
    with suppress(*_TROUBLE), _opened(file) as connection:
        if connection is not None and _is_at_rest(file, connection, None if opens else at):
            found = find(Glances(connection))
            if found is not None:
                what, count = found
                _log(file, connection, at, purpose, count)
                return what
    return None


def _log(file: StoreFile, connection: Any, at: datetime, purpose: str, count: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    if file.key is not None:
        take_attempts(file.path, connection)
    write_look(connection, at, purpose, count)
    connection.execute("COMMIT")
    if file.key is not None:
        forget_attempts(file.path)


@contextmanager
def _opened(file: StoreFile) -> Iterator[Any]:
    """A connection to a store that was closed in order and is nobody else's now; None where there is no such store."""
    if file.path.is_file():
        with alone(file.path, 0.0):
            if not sqlite.is_cut_off(file):
                with closing(sqlite.connect(file)) as connection:
                    yield connection if file.key is not None or sqlite.says_demo(connection) else None
                    return
    yield None


def _is_at_rest(file: StoreFile, connection: Any, at: datetime | None) -> bool:
    """Whether opening the store as usual would neither change it nor refuse it, and no backup is due at that time."""
    (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    erased, unclean = connection.execute("SELECT max(seq), max(NOT is_clean) FROM erasures").fetchone()
    if revision != sqlite.REVISION or unclean:
        return False
    if file.key is None:
        return True
    from planner.store.backups import backups_of, is_due  # a demo has none

    (head,) = connection.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchone()
    if file.beside(NEW_SUFFIX).path.exists() or (at is not None and is_due(file.path, head, at.astimezone(UTC))):
        return False
    return not erased or any(one.seq >= erased for one in backups_of(file.path))
