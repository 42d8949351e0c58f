"""Open the store: one process at a time, made when it is missing, brought up to date when it is old."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock

from sqlalchemy import create_engine, delete, event, insert
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool

from planner.errors import StoreError
from planner.locale import N_
from planner.locations import cause, make_private
from planner.services.ports import Clock, KeptPlan
from planner.store import migrate, sqlite
from planner.store.chain import zipped
from planner.store.lock import LOCK_SUFFIX, ProcessLock
from planner.store.reading import SqlReading
from planner.store.tables import plans
from planner.store.unit import SqlUnit

NEW_SUFFIX = ".new"
_SHOWN = "shown"


class SqlStore:
    """The store in an SQLite file; units of work run one at a time, whichever thread they come from."""

    def __init__(self, path: Path, lock: ProcessLock, clock: Clock) -> None:
        self._path = path
        self._lock = lock
        self._clock = clock
        self._engine = make_engine(path)
        self._turn = RLock()
        # The last connection to close would fold the write-ahead log into the file, at the price of two syncs a unit.
        self._keeper: sqlite3.Connection | None = sqlite.connect(path)

    @contextmanager
    def read(self) -> Iterator[SqlReading]:
        """A transaction that reads."""
        with self._turn, sqlite.explained(self._path):
            self._check_open()
            with self._engine.begin() as connection:
                yield SqlReading(connection)

    @contextmanager
    def write(self) -> Iterator[SqlUnit]:
        """A transaction that writes; it is rolled back when an exception leaves it or nothing was recorded."""
        with self._turn, sqlite.explained(self._path):
            self._check_open()
            writing = self._engine.execution_options(write=True)
            with writing.connect() as connection, connection.begin() as began:
                unit = SqlUnit(connection, self._clock.now())
                yield unit
                if unit.pending:
                    raise RuntimeError("changes were made after the journal's row")
                if not unit.recorded:
                    began.rollback()

    def keep_plan(self, plan: KeptPlan) -> None:
        """Keep a plan in the place of the one before, as far as there is room and leave to write."""
        with suppress(StoreError), self._turn, sqlite.explained(self._path):
            self._check_open()
            with self._engine.execution_options(write=True).begin() as connection:
                connection.execute(delete(plans))
                previous = None if plan.previous is None else zipped(plan.previous)
                row = {"key": _SHOWN, "basis": plan.basis, "data": zipped(plan.data), "previous": previous}
                connection.execute(insert(plans), row)

    def close(self) -> None:
        """Let go of the files."""
        with self._turn:
            if self._keeper is not None:
                self._keeper.close()
                self._keeper = None
            self._engine.dispose()
            self._lock.release()

    def _check_open(self) -> None:
        # A worker that comes late must not write to a store that another process may have taken over.
        if self._keeper is None:
            raise StoreError(N_("The store {path} is closed."), path=self._path)


def open_store(path: Path, clock: Clock, wait: float = 2.0) -> SqlStore:
    """Open the store at `path`, waiting `wait` seconds for another process; raises StoreError with a sentence."""
    make_private(path.parent)
    lock = ProcessLock(path.with_name(path.name + LOCK_SUFFIX), wait)
    try:
        with sqlite.explained(path):
            _prepare(path)
            return SqlStore(path, lock, clock)
    except BaseException:
        lock.release()
        raise


def make_engine(path: Path, *, foreign_keys: bool = True) -> Engine:
    """An engine on the file whose every connection comes from `sqlite.connect` and is not kept."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite.connect(path, foreign_keys=foreign_keys),
        poolclass=NullPool,
        hide_parameters=True,
    )
    event.listen(engine, "begin", sqlite.begin)
    return engine


def _prepare(path: Path) -> None:
    if not os.path.lexists(path):
        _create(path)
    elif not path.is_file():
        raise StoreError(N_("The path {path} is not a file. Choose another one with --store."), path=path)
    elif path.stat().st_size == 0:
        raise StoreError(
            N_("The store {path} is empty. Go back to a backup, or delete the file if it was never used."), path=path
        )
    else:
        _update(path)
    sqlite.set_journal_mode(path)


def _create(path: Path) -> None:
    # Made beside and moved into place, so that a store is either there as a whole or not at all.
    if any(path.with_name(path.name + suffix).exists() for suffix in ("-wal", "-journal")):
        raise StoreError(
            N_("The store {path} is missing, but files beside it belong to it. Go back to a backup."), path=path
        )
    made = path.with_name(path.name + NEW_SUFFIX)
    try:
        for suffix in ("", *sqlite.SIDE_FILES):
            made.with_name(made.name + suffix).unlink(missing_ok=True)
        os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise StoreError(
            N_("The folder {folder} cannot be written: {cause}"), folder=path.parent, cause=cause(error)
        ) from error
    migrate.upgrade(make_engine(made, foreign_keys=False))
    made.replace(path)
    _sync(path.parent)


def _update(path: Path) -> None:
    engine = make_engine(path, foreign_keys=False)
    with engine.connect() as connection:
        revision = _checked_revision(path, connection)
    if revision == migrate.HEAD:
        _probe(engine)
    elif migrate.is_older(revision):
        kept = path.with_name(f"{path.name}.before-{migrate.HEAD}")
        kept.unlink(missing_ok=True)
        sqlite.copy(path, kept)
        migrate.upgrade(engine)
    else:
        raise StoreError(
            N_("The store {path} was written by a newer version of the program. Nothing was changed."), path=path
        )


def _checked_revision(path: Path, connection: Connection) -> str:
    revision = migrate.revision_of(connection)
    if revision is None:
        raise StoreError(
            N_("The file {path} is not a store of this program. Choose another one with --store."), path=path
        )
    if not sqlite.is_sound(connection):
        raise sqlite.damaged(path)
    return revision


def _probe(engine: Engine) -> None:
    # A read-only file or folder is found out now, not after an hour's work. Beginning to write is not enough for that.
    with (
        sqlite.unless_full(),
        engine.execution_options(write=True).connect() as connection,
        connection.begin() as began,
    ):
        migrate.touch(connection)
        began.rollback()


def _sync(folder: Path) -> None:
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
