"""Open the store: one process at a time, made when it is missing, brought up to date when it is old."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from sqlalchemy import create_engine, delete, event, insert
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool

from planner.errors import DamagedStore, StoreError
from planner.locale import N_
from planner.locations import cause, make_private
from planner.services.ports import Access, Clock, Glance, KeptPlan
from planner.store import backups, erasing, migrate, sqlite
from planner.store.backups import Backup, Reason
from planner.store.chain import zipped
from planner.store.durable import sync_folder
from planner.store.keys.beside import NEW_SUFFIX
from planner.store.lock import LOCK_SUFFIX, ProcessLock
from planner.store.looks import forget_attempts, take_attempts, write_accesses
from planner.store.reading import SqlReading
from planner.store.sqlite import StoreFile
from planner.store.tables import drafts, glances, plans
from planner.store.unit import SqlUnit

_SHOWN = "shown"


class SqlStore:
    """The store in an SQLite file; units of work run one at a time, whichever thread they come from."""

    def __init__(self, file: StoreFile, lock: ProcessLock, clock: Clock, *, was_cut_off: bool = False) -> None:
        self.was_cut_off = was_cut_off
        self._file = file
        self._lock = lock
        self._clock = clock
        self._engine = make_engine(file)
        self._turn = RLock()
        # The last connection to close would fold the write-ahead log into the file, at the price of two syncs a unit.
        self._keeper: Any = sqlite.connect(file)
        self._reader: Any = None
        self._secret = file.key or b""
        self._looks: list[tuple[datetime, Access]] = []

    @contextmanager
    def read(self) -> Iterator[SqlReading]:
        """A transaction that reads."""
        with self._turn, sqlite.explained(self._file):
            self._check_open()
            with self._engine.begin() as connection:
                self._reader = connection.connection.dbapi_connection
                try:
                    yield SqlReading(connection, self._secret)
                finally:
                    self._reader = None

    @contextmanager
    def write(self) -> Iterator[SqlUnit]:
        """A transaction that writes; it is rolled back when an exception leaves it or nothing was recorded."""
        with self._turn, sqlite.explained(self._file):
            self._check_open()
            writing = self._engine.execution_options(write=True)
            with writing.connect() as connection, connection.begin() as began:
                unit = SqlUnit(connection, self._clock.now(), self._secret)
                yield unit
                if unit.pending:
                    raise RuntimeError("changes were made after the journal's row")
                if not unit.recorded:
                    began.rollback()

    def keep_plan(self, plan: KeptPlan) -> None:
        """Keep a plan in the place of the one before, as far as there is room and leave to write."""
        with suppress(StoreError), self._turn, sqlite.explained(self._file):
            self._check_open()
            with self._engine.execution_options(write=True).begin() as connection:
                connection.execute(delete(plans))
                connection.execute(delete(glances))  # they show the plan before
                previous = None if plan.previous is None else zipped(plan.previous)
                row = {"key": _SHOWN, "basis": plan.basis, "data": zipped(plan.data), "previous": previous}
                connection.execute(insert(plans), row)

    def keep_glance(self, glance: Glance) -> None:
        """Keep a glance in the place of the one with its key, where the store is still as it was made from."""
        with suppress(StoreError), self._turn, sqlite.explained(self._file):
            self._check_open()
            with self._engine.execution_options(write=True).begin() as connection:
                if SqlReading(connection).head_hash() == glance.state:
                    connection.execute(delete(glances).where(glances.c.key == glance.key))
                    row = {"key": glance.key, "basis": glance.basis, "data": zipped(glance.data)}
                    connection.execute(insert(glances), row)

    def keep_draft(self, data: bytes | None) -> None:
        """Keep what was typed and not saved, in the place of what was kept before; None: nothing any more."""
        with self._turn, sqlite.explained(self._file):
            self._check_open()
            with self._engine.execution_options(write=True).begin() as connection:
                connection.execute(delete(drafts))
                if data is not None:
                    connection.execute(insert(drafts), {"key": _SHOWN, "data": zipped(data)})

    def log_access(self, *looks: Access) -> None:
        """Log looks; where that is not possible now, it is done with the next ones."""
        self._looks += [(self._clock.now(), look) for look in looks]
        self._write_looks()

    def _write_looks(self) -> None:
        with suppress(StoreError), self._turn, sqlite.explained(self._file):
            self._check_open()
            if self._looks:
                with self._engine.execution_options(write=True).begin() as connection:
                    write_accesses(sqlite.own_connection(connection), self._looks)
                self._looks.clear()

    def clean(self) -> None:
        """Let nothing of what was erased stay in the files."""
        with self._turn, sqlite.explained(self._file):
            self._check_open()
            erasing.clean(self._file)

    def back_up_before(self, reason: str) -> None:
        """Make a backup before much is changed at once; an empty store and a demo need none. Raises StoreError."""
        if self._file.key is not None and self._head():
            self.back_up(Reason(reason))

    def back_up_now(self) -> int:
        """Make one because it is asked for; gives the number of the last action in it. Raises StoreError."""
        return self.back_up(Reason.ASKED).seq

    def back_up(self, reason: Reason) -> Backup:
        """Make a backup now; raises StoreError where that is not possible."""
        with self._turn, sqlite.explained(self._file):
            self._check_open()
            return backups.back_up(self._file, self._head(), self._utc(), reason)

    def back_up_if_due(self) -> bool:
        """Make one where something changed and the last one is old enough; a demo has none. Raises StoreError."""
        with self._turn, sqlite.explained(self._file):
            self._check_open()
            due = self._file.key is not None and backups.is_due(self._file.path, self._head(), self._utc())
            if due:
                backups.back_up(self._file, self._head(), self._utc(), Reason.REGULAR)
            return due

    def close(self) -> None:
        """Let go of the files; whoever still reads is cut short with a StoreError."""
        reader = self._reader
        if reader is not None:
            with suppress(sqlite.DRIVER.Error):
                reader.interrupt()
        with self._turn:
            if self._keeper is not None:
                self._write_looks()
                self._keeper.close()
                self._keeper = None
            self._engine.dispose()
            self._lock.release()

    def _head(self) -> int:
        with self.read() as view:
            return view.head()

    def _utc(self) -> datetime:
        return self._clock.now().astimezone(UTC)

    def _check_open(self) -> None:
        # A worker that comes late must not write to a store that another process may have taken over.
        if self._keeper is None:
            raise StoreError(N_("The store {path} is closed."), path=self._file.path)


def open_store(path: Path, clock: Clock, wait: float = 2.0, key: bytes | None = None) -> SqlStore:
    """Open the store at `path`, waiting `wait` seconds for another process; raises StoreError with a sentence.

    `key`: the 32 bytes that it is encrypted with; None for a demo. A store that is missing is made, unless there is a
    key: then it was there once.
    """
    make_private(path.parent)
    lock = ProcessLock(path.with_name(path.name + LOCK_SUFFIX), wait)
    file = StoreFile(path, key)
    try:
        with sqlite.explained(file):
            was_cut_off = file.key is not None and sqlite.is_cut_off(file)
            _prepare(file, clock.now())
            _catch_up(file, clock.now())
            return SqlStore(file, lock, clock, was_cut_off=was_cut_off)
    except BaseException:
        lock.release()
        raise


def make_engine(file: StoreFile, *, foreign_keys: bool = True, read_only: bool = False) -> Engine:
    """An engine on the file whose every connection comes from `sqlite.connect` and is not kept."""
    engine = create_engine(
        "sqlite://",
        module=sqlite.DRIVER,
        creator=lambda: sqlite.connect(file, foreign_keys=foreign_keys, read_only=read_only),
        poolclass=NullPool,
        hide_parameters=True,
        json_deserializer=_from_json,
    )
    event.listen(engine, "begin", sqlite.begin)
    return engine


def _from_json(text: str) -> Any:
    # The agenda of most conversations, of which there are a hundred thousand.
    return [] if text == "[]" else json.loads(text)


def _prepare(file: StoreFile, now: datetime) -> None:
    path = file.path
    if not os.path.lexists(path):
        if file.key is not None:
            raise DamagedStore(
                N_("The store {path} is missing, but its keys are there. Go back to a backup with: planner restore"),
                path=path,
            )
        make_store(file)
    elif not path.is_file():
        raise StoreError(N_("The path {path} is not a file. Choose another one with --store."), path=path)
    elif path.stat().st_size <= 1:  # SQLite takes one byte for none, and would remove the log that lies beside
        raise DamagedStore(
            N_("The store {path} is empty. Go back to a backup, or delete the file if it was never used."), path=path
        )
    else:
        _update(file, now)
    sqlite.set_journal_mode(file)


def make_store(file: StoreFile, before_move: Callable[[], None] = lambda: None) -> None:
    """Make an empty store where there is none; `before_move` runs when it is whole, just before it is in its place."""
    path = file.path
    # Made beside and moved into place, so that a store is either there as a whole or not at all.
    if any(path.with_name(path.name + suffix).exists() for suffix in sqlite.LOGS):
        raise StoreError(
            N_("The store {path} is missing, but files beside it belong to it. Go back to a backup."), path=path
        )
    made = new_file(file)
    migrate.upgrade(make_engine(made, foreign_keys=False))
    before_move()
    made.path.replace(path)
    sync_folder(path.parent)


def new_file(file: StoreFile) -> StoreFile:
    """An empty file beside the store's, for this user alone, in which a store can be made; what was there goes."""
    made = file.beside(NEW_SUFFIX)
    try:
        for suffix in ("", *sqlite.SIDE_FILES):
            made.beside(suffix).path.unlink(missing_ok=True)
        os.close(os.open(made.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise StoreError(
            N_("The folder {folder} cannot be written: {cause}"), folder=file.path.parent, cause=cause(error)
        ) from error
    return made


def _catch_up(file: StoreFile, now: datetime) -> None:
    """Do what could not be done before: log who opened the store, and clean away what a crash kept from it."""
    engine = make_engine(file)
    if file.key is not None:
        with sqlite.unless_full():
            with engine.execution_options(write=True).begin() as connection:
                take_attempts(file.path, sqlite.own_connection(connection))
            forget_attempts(file.path)  # not where the disk is full: they wait there for the next time
    with engine.connect() as connection:
        is_clean, erased = erasing.is_clean(connection), SqlReading(connection).last_erasure()
    if not is_clean:
        with sqlite.unless_full():
            erasing.clean(file)
    if file.key is not None and erased and all(one.seq < erased for one in backups.backups_of(file.path)):
        with suppress(StoreError):  # else a lost store would take along who was erased
            backups.back_up(file, _actions(engine), now.astimezone(UTC), Reason.ERASED)


def _update(file: StoreFile, now: datetime) -> None:
    path, engine = file.path, make_engine(file, foreign_keys=False)
    # Closing a connection that may write folds the log into the file, even one that belongs to another file.
    with make_engine(file, read_only=sqlite.has_log(file)).connect() as connection:
        revision = _checked_revision(path, connection)
    if revision == migrate.HEAD:
        _probe(engine)
    elif migrate.is_older(revision):
        backups.back_up(file, _actions(engine), now.astimezone(UTC), Reason.MIGRATION)
        migrate.upgrade(engine)
    else:
        raise StoreError(
            N_("The store {path} was written by a newer version of the program. Nothing was changed."), path=path
        )


def _actions(engine: Engine) -> int:
    """How many actions are in the journal of a store of any age."""
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM journal").scalar_one())


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
