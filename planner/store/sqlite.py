"""Everything that holds for SQLite only: how a connection is opened, how a transaction begins, what its errors mean."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from planner.errors import PlannerError, StoreError
from planner.locale import N_
from planner.locations import cause

BUSY_MILLISECONDS = 5000
SIDE_FILES = ("-wal", "-shm", "-journal")
# Without the fix, a write beside a checkpoint can damage a database in WAL mode.
_WAL_IS_SOUND = sqlite3.sqlite_version_info >= (3, 51, 3)

_SENTENCES = {
    sqlite3.SQLITE_NOTADB: N_("The file {path} is not a store of this program. Choose another one with --store."),
    sqlite3.SQLITE_CORRUPT: N_("The store {path} is damaged. Keep the file and go back to a backup."),
    sqlite3.SQLITE_READONLY: N_("The store {path} cannot be written: the file or its folder is read-only."),
    sqlite3.SQLITE_PERM: N_("The store {path} cannot be written: the file or its folder is read-only."),
    sqlite3.SQLITE_CANTOPEN: N_("The store {path} cannot be opened: the file or its folder cannot be reached."),
    sqlite3.SQLITE_FULL: N_("The disk is full: nothing was saved in {path}. Make room and try again."),
    sqlite3.SQLITE_BUSY: N_("The store {path} is used by another program. Close it and try again."),
    sqlite3.SQLITE_LOCKED: N_("The store {path} is used by another program. Close it and try again."),
    sqlite3.SQLITE_IOERR: N_("The disk failed while {path} was read or written: nothing was saved."),
}
_OTHER = N_("The store {path} cannot be used ({cause}).")


def connect(path: Path, *, foreign_keys: bool = True) -> sqlite3.Connection:
    """The one place where a connection to the store is made; transactions are begun explicitly."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_MILLISECONDS / 1000)
    try:
        for pragma in (
            "trusted_schema = OFF",
            f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
            f"busy_timeout = {BUSY_MILLISECONDS}",
            "synchronous = FULL",
            "fullfsync = ON",
            "checkpoint_fullfsync = ON",
            "secure_delete = ON",
            "mmap_size = 0",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException as error:
        connection.close()
        if isinstance(error, UnicodeDecodeError):  # the text of SQLite's own complaint is broken
            raise damaged(path) from None
        raise
    return connection


def set_journal_mode(path: Path) -> None:
    """Write-ahead logging where this SQLite does it safely; the mode is kept in the file."""
    with closing(connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {'WAL' if _WAL_IS_SOUND else 'DELETE'}")


def copy(path: Path, target: Path) -> None:
    """Copy the store as of now, journal of the database included, to a file that must not exist."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(connect(path)) as source, closing(sqlite3.connect(target)) as copied:
        source.backup(copied)


def begin(connection: Connection) -> None:
    """Begin a transaction; one that is to write takes the lock at once, because a later upgrade would not wait."""
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def orphans(connection: Connection) -> int:
    """How many rows refer to one that does not exist."""
    return len(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall())


def tables_of(connection: Connection) -> set[str]:
    """The names of all tables in the file."""
    found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {str(name) for (name,) in found}


def is_sound(connection: Connection) -> bool:
    """Whether the pages of the file fit together."""
    return [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(1)")] == ["ok"]


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn errors of the database and its files into a StoreError with a sentence; data never gets into it."""
    try:
        yield
    except PlannerError:
        raise
    except DBAPIError as error:
        raise _story(path, error.orig) from error
    except sqlite3.Error as error:
        raise _story(path, error) from error
    except OSError as error:
        raise StoreError(_OTHER, path=path, cause=cause(error)) from error
    except UnicodeEncodeError:
        # Its text would show the data.
        raise StoreError(N_("A text has characters in it that cannot be kept; nothing was saved.")) from None


@contextmanager
def unless_full() -> Iterator[None]:
    """Let a full disk pass: what is kept can still be read, and each write will say it by itself."""
    try:
        yield
    except DBAPIError as error:
        if _code(error.orig) != sqlite3.SQLITE_FULL:
            raise


def damaged(path: Path) -> StoreError:
    """The error for a file whose contents do not fit together."""
    return StoreError(_SENTENCES[sqlite3.SQLITE_CORRUPT], path=path)


def _story(path: Path, error: BaseException | None) -> StoreError:
    sentence = _SENTENCES.get(_code(error), _OTHER)
    return StoreError(sentence, path=path, cause=getattr(error, "sqlite_errorname", type(error).__name__))


def _code(error: BaseException | None) -> int:
    # The low byte is the primary code; extended codes only refine it.
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
