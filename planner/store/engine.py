"""Open the store: one process at a time, made when it is missing, brought up to date when it is old."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, RLock
from typing import Any

from sqlalchemy import create_engine, delete, event, insert
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool

from planner.errors import DamagedStore, StoreError
from planner.locale import N_
from planner.locations import cause, make_private
from planner.progress import Reach, unwatched
from planner.services.ports import Access, Clock, Glance, KeptPlan
from planner.store import backups, erasing, migrate, sqlite
from planner.store.backups import Backup, Reason
from planner.store.chain import zipped
from planner.store.durable import sync_folder
from planner.store.keys.beside import NEW_SUFFIX
from planner.store.lock import LOCK_SUFFIX, ProcessLock
from planner.store.looks import are_attempts, forget_attempts, take_attempts, write_accesses
from planner.store.reading import SqlReading
from planner.store.sqlite import StoreFile
from planner.store.tables import drafts, glances, plan_key, plans
from planner.store.unit import SqlUnit

_SHOWN = "shown"
#: Bytes of a file that is looked through whenever it is opened; for a larger one that would be waited for.
SMALL = 4_000_000
_PAUSE = 0.005


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that is ready: a connection that stays open, and whether all of its pages have been looked at."""

    keeper: sqlite.DRIVER.Connection
    was_cut_off: bool
    is_checked: bool
    has_lost: bool


class SqlStore:
    """The store in an SQLite file; units of work run one at a time, whichever thread they come from."""

    def __init__(self, file: StoreFile, lock: ProcessLock, clock: Clock, opened: Opened) -> None:
        self.was_cut_off = opened.was_cut_off
        self.has_lost = opened.has_lost
        self._file = file
        self._opened = os.stat(file.path)
        self._lock = lock
        self._clock = clock
        self._engine = make_engine(file)
        self._turn = RLock()
        # The last connection to close would fold the write-ahead log into the file, at the price of two syncs a unit.
        self._keeper: Any = opened.keeper
        self._reader: Any = None
        self._secret = file.key or b""
        self._looks: list[tuple[datetime, Access]] = []
        self._is_checked = opened.is_checked
        self._checking = Lock()
        self._checker: Any = None

    @contextmanager
    def read(self) -> Iterator[SqlReading]:
        """A transaction that reads."""
        with self._turn, sqlite.explained(self._file):
            self._check_open()
            with self._engine.begin() as connection:
                self._reader = sqlite.own_connection(connection)
                try:
                    yield SqlReading(connection, self._secret)
                    if self._secret and not self._is_checked:
                        sqlite.check_seals(self._reader)
                finally:
                    self._reader = None

    @contextmanager
    def write(self) -> Iterator[SqlUnit]:
        """A transaction that writes; it is rolled back when an exception leaves it or nothing was recorded."""
        self.check()  # what is acknowledged must not go into a file that has to be given up
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

    def check(self) -> None:
        """See once whether the pages of the whole file fit together; raises DamagedStore. For a worker: no unit waits.

        A small file, and one that was cut off, has been looked through when it was opened.
        """
        with self._checking:
            if self._is_checked:
                return
            with sqlite.explained(self._file), closing(sqlite.connect(self._file, read_only=True)) as checker:
                self._checker = checker
                try:
                    self._check_open()
                    if not sqlite.is_sound(checker):
                        raise sqlite.damaged(self._file.path)
                finally:
                    self._checker = None
            self._is_checked = True

    def keep_plan(self, plan: KeptPlan, state: str, *, trial: bool = False, ahead: bool = False) -> None:
        """Keep a plan in the place of the one before, as far as there is room and leave to write.

        Nothing is kept where the store is not any more as it was made from. A `trial`, and what is made `ahead` for
        the working day after, are kept beside it.
        """
        key = plan_key(trial=trial, ahead=ahead)
        with suppress(StoreError), self._turn, sqlite.explained(self._file):
            self._check_open()
            with self._engine.execution_options(write=True).begin() as connection:
                if SqlReading(connection).head_hash() != state:
                    return
                connection.execute(delete(plans).where(plans.c.key == key))
                if not ahead:
                    connection.execute(delete(glances))  # they show the plan before
                previous = None if plan.previous is None else zipped(plan.previous)
                row = {"key": key, "basis": plan.basis, "data": zipped(plan.data), "previous": previous}
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
        made = [(self._clock.now(), look) for look in looks]
        with self._turn:  # else another thread that has just written its own would let go of these too
            self._looks += made
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

    def back_up_before(self, reason: str, reach: Reach = unwatched) -> None:
        """Make a backup before much is changed at once; an empty store and a demo need none. Raises StoreError."""
        if self._file.key is not None and self._head():
            self.back_up(Reason(reason), reach)

    def back_up_now(self, reach: Reach = unwatched) -> int:
        """Make one because it is asked for; gives the number of the last action in it. Raises StoreError."""
        return self.back_up(Reason.ASKED, reach).seq

    def back_up(self, reason: Reason, reach: Reach = unwatched) -> Backup:
        """Make a backup now; raises StoreError where that is not possible."""
        with self._turn, sqlite.explained(self._file):
            self._check_open()
            return backups.back_up(self._file, self._head(), self._utc(), reason, reach)

    def back_up_if_due(self) -> bool:
        """Make one where something changed and the last one is old enough; a demo has none. Raises StoreError."""
        with self._turn, sqlite.explained(self._file):
            self._check_open()
            due = self._file.key is not None and backups.is_due(self._file.path, self._head(), self._utc())
            if due:
                why = Reason.RESTORE if backups.is_led_back(self._file.path) else Reason.REGULAR
                backups.back_up(self._file, self._head(), self._utc(), why)
            return due

    def close(self) -> None:
        """Let go of the files; whoever still reads is cut short with a StoreError."""
        with _cut_short(self._turn, lambda: self._reader):
            if self._keeper is not None:
                self._write_looks()
                keeper, self._keeper = self._keeper, None
                with _cut_short(self._checking, lambda: self._checker):
                    keeper.close()
                if sqlite.is_cut_off(self._file):  # no room to fold the log: it waits, but nothing was cut off
                    self._lock.mark(sqlite.logged_at(self._file))
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
        # Another file in its place would be written together with the log of this one.
        if not self._is_in_place():
            raise StoreError(
                N_(
                    "The store {path} is not in its place any more: the file was moved, deleted or replaced. "
                    "Put it back and try again."
                ),
                path=self._file.path,
            )

    def _is_in_place(self) -> bool:
        try:
            return os.path.samestat(os.stat(self._file.path), self._opened)
        except (FileNotFoundError, NotADirectoryError):
            return False


@contextmanager
def _cut_short(turn: Any, at_work: Callable[[], Any]) -> Iterator[None]:
    """Have the turn, interrupting the connection that is at work until whoever has it gives it up."""
    while not turn.acquire(timeout=_PAUSE):
        connection = at_work()
        if connection is not None:
            with suppress(sqlite.DRIVER.Error):  # it has come to its end meanwhile
                connection.interrupt()
    try:
        yield
    finally:
        turn.release()


def open_store(
    path: Path, clock: Clock, wait: float = 2.0, key: bytes | None = None, reach: Reach = unwatched
) -> SqlStore:
    """Open the store at `path`, waiting `wait` seconds for another process; raises StoreError with a sentence.

    `key`: the 32 bytes that it is encrypted with; None for a demo. A store that is missing is made, unless there is a
    key: then it was there once.
    """
    make_private(path.parent)
    lock = ProcessLock(path.with_name(path.name + LOCK_SUFFIX), wait)
    file = StoreFile(path, key)
    try:
        with sqlite.explained(file):
            opened = _prepare(file, lock, clock.now(), reach)
            try:
                store = SqlStore(file, lock, clock, opened)
                _catch_up(file, opened.keeper, store._engine, clock.now())
            except BaseException:
                opened.keeper.close()
                raise
            return store
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
    )
    event.listen(engine, "begin", sqlite.begin)
    return engine


def _prepare(file: StoreFile, lock: ProcessLock, now: datetime, reach: Reach) -> Opened:
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
    return _opened(file, lock, now, reach)


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
        made.remove()
        os.close(os.open(made.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise StoreError(
            N_("The folder {folder} cannot be written: {cause}"), folder=file.path.parent, cause=cause(error)
        ) from error
    return made


def _opened(file: StoreFile, lock: ProcessLock, now: datetime, reach: Reach) -> Opened:
    """Look at the file before anything is changed in it, bring it up to date, and see whether it can be written."""
    is_unfolded = sqlite.is_cut_off(file)
    was_cut_off = is_unfolded and lock.marked() != sqlite.logged_at(file)
    # What is read first is covered without that: each page has its seal, and each row is looked at as it is read.
    is_checked = is_unfolded or file.path.stat().st_size <= SMALL
    is_logged = sqlite.has_log(file)
    if is_logged:
        # Closing a connection that may write folds the log into the file, even one that belongs to another file.
        with closing(sqlite.connect(file, read_only=True)) as looking:
            _check(file.path, looking, whole=is_checked)
    keeper = sqlite.connect(file)
    try:
        is_current = _check(file.path, keeper, whole=is_checked and not is_logged)
        has_lost = is_logged and sqlite.has_lost(file, keeper)
        if not is_current:
            keeper.close()
            _upgrade(file, now, reach)
            keeper = sqlite.connect(file)
        _probe(keeper)
        sqlite.set_journal_mode(keeper)
        migrate.revision_of(keeper)  # a connection has no part in the log, and cannot keep it, before it has read
    except BaseException:
        keeper.close()
        raise
    return Opened(keeper, file.key is not None and was_cut_off, is_checked, has_lost)


def _catch_up(file: StoreFile, keeper: sqlite.DRIVER.Connection, engine: Engine, now: datetime) -> None:
    """Do what could not be done before: log who opened the store, and clean away what a crash kept from it."""
    if file.key is not None and are_attempts(file.path):
        with sqlite.unless_full():
            with engine.execution_options(write=True).begin() as connection:
                take_attempts(file.path, sqlite.own_connection(connection))
            forget_attempts(file.path)  # not where the disk is full: they wait there for the next time
            sqlite.fold_log(keeper)  # else opening it, and no more, would look like work that was cut off
    with engine.connect() as connection:
        is_clean, erased = erasing.is_clean(connection), SqlReading(connection).last_erasure()
    if not is_clean:
        with sqlite.unless_full():
            erasing.clean(file)
    if file.key is not None and erased and all(one.seq < erased for one in backups.backups_of(file.path)):
        with suppress(StoreError):  # else a lost store would take along who was erased
            backups.back_up(file, _actions(engine), now.astimezone(UTC), Reason.ERASED)


def _check(path: Path, connection: sqlite.DRIVER.Connection, *, whole: bool) -> bool:
    """Whether it is a store of the present shape and not of an older one; raises StoreError where it is neither."""
    revision = migrate.revision_of(connection)
    if revision is None:
        raise StoreError(
            N_("The file {path} is not a store of this program. Choose another one with --store."), path=path
        )
    if whole and not sqlite.is_sound(connection):
        raise sqlite.damaged(path)
    if revision != migrate.HEAD and not migrate.is_older(revision):
        raise StoreError(
            N_("The store {path} was written by a newer version of the program. Nothing was changed."), path=path
        )
    return revision == migrate.HEAD


def _upgrade(file: StoreFile, now: datetime, reach: Reach) -> None:
    engine = make_engine(file, foreign_keys=False)
    backups.back_up(file, _actions(engine), now.astimezone(UTC), Reason.MIGRATION, reach)
    migrate.upgrade(engine, reach=reach)


def _actions(engine: Engine) -> int:
    """How many actions are in the journal of a store of any age."""
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM journal").scalar_one())


def _probe(connection: sqlite.DRIVER.Connection) -> None:
    # A read-only file or folder is found out now, not after an hour's work. Beginning to write is not enough for that.
    with sqlite.unless_full():
        connection.execute("BEGIN IMMEDIATE")
        try:
            migrate.touch(connection)
        finally:
            if connection.in_transaction:  # a disk that fails may have ended it
                connection.execute("ROLLBACK")
