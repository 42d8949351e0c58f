"""Everything that holds for SQLite only: how a connection is opened, how a transaction begins, what its errors mean."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from sqlcipher3 import dbapi2 as driver

from planner.catalogue import N_
from planner.errors import DamagedStore, PlannerError, StoreError
from planner.locations import cause
from planner.progress import Reach, unwatched

if TYPE_CHECKING:  # what is read before the first picture needs the driver alone
    from sqlalchemy.engine import Connection

#: The driver whose every error is explained here; nothing else opens the file.
DRIVER = driver
#: Of the SQLite that is under the cipher.
VERSION = str(driver.sqlite_version)
#: The revision of the store's shape that this program writes and reads.
REVISION = "0008"
BUSY_MILLISECONDS = 5000
_DEMO = 0x44454D4F
SIDE_FILES = ("-wal", "-shm", "-journal")
_CLEAR = b"SQLite format 3\0"
#: Those of them that hold what is not in the file itself.
LOGS = ("-wal", "-journal")
# Without the fix, a write beside a checkpoint can damage a database in WAL mode.
_WAL_IS_SOUND = driver.sqlite_version_info >= (3, 51, 3)

#: Copied between two looks at whether it is still wanted.
_PAGES = 1000
#: Instructions of SQLite between two looks at whether somebody has pressed Ctrl+C.
_INSTRUCTIONS = 100_000
COPYING = N_("Copying the store…")

_SENTENCES = {
    driver.SQLITE_NOTADB: N_("The file {path} is not a store of this program. Choose another one with --store."),
    driver.SQLITE_CORRUPT: N_(
        "The store {path} is damaged. Keep the file, and go back to a backup with: planner restore"
    ),
    driver.SQLITE_READONLY: N_("The store {path} cannot be written: the file or its folder is read-only."),
    driver.SQLITE_PERM: N_("The store {path} cannot be written: the file or its folder is read-only."),
    driver.SQLITE_CANTOPEN: N_(
        "The store {path} cannot be opened: the file or its folder cannot be reached or written."
    ),
    driver.SQLITE_FULL: N_("The disk is full: nothing was saved in {path}. Make room and try again."),
    driver.SQLITE_BUSY: N_("The store {path} is used by another program. Close it and try again."),
    driver.SQLITE_LOCKED: N_("The store {path} is used by another program. Close it and try again."),
    driver.SQLITE_IOERR: N_("The disk failed while {path} was read or written: nothing was saved."),
}
_OTHER = N_("The store {path} cannot be used ({cause}).")
_NOT_WRITTEN = {
    driver.SQLITE_FULL: errno.ENOSPC,
    driver.SQLITE_IOERR: errno.EIO,
    driver.SQLITE_READONLY: errno.EROFS,
    driver.SQLITE_CANTOPEN: errno.EACCES,
}
# What a backup fails with has no code.
_TEXTS = {
    "database or disk is full": driver.SQLITE_FULL,
    "disk I/O error": driver.SQLITE_IOERR,
    "attempt to write a readonly database": driver.SQLITE_READONLY,
    "unable to open database file": driver.SQLITE_CANTOPEN,
    "database disk image is malformed": driver.SQLITE_CORRUPT,
    "file is not a database": driver.SQLITE_NOTADB,
}


@dataclass(frozen=True, slots=True)
class StoreFile:
    """The file of a store and what opens it: 32 bytes, or None for a demo that is not encrypted."""

    path: Path
    key: bytes | None = field(default=None, repr=False)

    def beside(self, suffix: str) -> StoreFile:
        """A file beside it with the same key."""
        return StoreFile(self.path.with_name(self.path.name + suffix), self.key)

    def remove_logs(self) -> None:
        """Remove what SQLite has written beside it."""
        for suffix in SIDE_FILES:
            self.beside(suffix).path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove it; what lies beside it first, since nobody would come back for that."""
        self.remove_logs()
        self.path.unlink(missing_ok=True)


def connect(file: StoreFile, *, foreign_keys: bool = True, read_only: bool = False) -> driver.Connection:
    """The one place where a connection to a file that is there is made; transactions are begun explicitly."""
    connection = driver.connect(
        _address(file.path, "ro" if read_only else "rw"),  # else SQLite would make one that is missing
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_MILLISECONDS / 1000,
        uri=True,
    )
    try:
        if file.key is not None:
            connection.execute("PRAGMA cipher_log_level = NONE")  # SQLCipher would write on the screen
            connection.execute(f"PRAGMA key = \"x'{file.key.hex()}'\"")
            connection.execute("SELECT count(*) FROM sqlite_master")
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
            raise damaged(file.path) from None
        raise
    return connection


def _address(path: Path, mode: str) -> str:
    whole = path.absolute().as_posix()
    # A server's name on Windows belongs to the path; SQLite takes no other host than this one.
    return f"file://{'' if whole.startswith('/') else '/'}{quote(os.fsencode(whole))}?mode={mode}"


def set_journal_mode(connection: driver.Connection) -> None:
    """Write-ahead logging where this SQLite does it safely; the mode is kept in the file."""
    connection.execute(f"PRAGMA journal_mode = {'WAL' if _WAL_IS_SOUND else 'DELETE'}")


def fold_log(connection: driver.Connection) -> None:
    """Put what is in the log into the file, and empty the log."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def has_log(file: StoreFile) -> bool:
    """Whether a log lies beside the file that a crash has left, and no journal that must be played back first."""
    return file.beside("-wal").path.exists() and not file.beside("-journal").path.exists()


def is_cut_off(file: StoreFile) -> bool:
    """Whether whoever wrote last did not close the file, which would have folded its log in and removed it."""
    logs = (file.beside(suffix).path for suffix in LOGS)
    return any(path.exists() and path.stat().st_size > 0 for path in logs)


def has_lost(file: StoreFile, connection: driver.Connection) -> bool:
    """Whether the log beside the file holds more than SQLite takes from it: what was written last cannot be read.

    Called before anything is written, on a connection that has read. The format is that of
    https://www.sqlite.org/walformat.html: a header of 32 bytes, and frames of a page with 24 bytes before it, of which
    those count that have the header's salt, up to the last one that ends a transaction.
    """
    try:
        with file.beside("-wal").path.open("rb") as log:
            header = log.read(32)
            if not _is_header(header):
                return bool(header)
            size, salt = int.from_bytes(header[8:12], "big"), header[16:24]
            frames = committed = 0
            while log.seek(32 + frames * (24 + size)) and (frame := log.read(24))[8:16] == salt:
                frames += 1
                committed = frames if any(frame[4:8]) else committed
        taken = connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()[1]
    except (OSError, driver.Error):  # whoever writes is told why that is not possible
        return False
    return committed > max(0, int(taken))


def _is_header(data: bytes) -> bool:
    """Whether a log begins so: the last eight bytes are the checksum of the others."""
    order: Literal["little", "big"] = "big" if data[3:4] == b"\x83" else "little"
    first = second = 0
    for at in range(0, 24, 8):
        first = (first + int.from_bytes(data[at : at + 4], order) + second) & 0xFFFFFFFF
        second = (second + int.from_bytes(data[at + 4 : at + 8], order) + first) & 0xFFFFFFFF
    return data[:3] == b"\x37\x7f\x06" and data[24:] == first.to_bytes(4, "big") + second.to_bytes(4, "big")


def logged_at(file: StoreFile) -> int:
    """When a log beside the file was last written to, in nanoseconds; 0 where there is none."""
    logs = (file.beside(suffix).path for suffix in LOGS)
    return max((path.stat().st_mtime_ns for path in logs if path.exists()), default=0)


def copy(file: StoreFile, target: Path, reach: Reach = unwatched) -> None:
    """Copy the store as of now, its journal included, to a file that must not exist; the key is the same.

    Raises OSError where the copy cannot be written, and whatever `reach` raises.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    copied = StoreFile(target, file.key)
    with closing(connect(file)) as source:
        try:
            with closing(connect(copied)) as into:
                source.backup(into, pages=_PAGES, progress=lambda _, left, of: reach(COPYING, of - left, of))
                into.execute("PRAGMA journal_mode = DELETE")  # what is read from a folder that cannot be written
        except driver.Error as error:
            if _code(error) in _NOT_WRITTEN:
                raise OSError(_NOT_WRITTEN[_code(error)], "the copy cannot be written") from error
            raise


def encrypt(plain: Path, made: StoreFile) -> None:
    """Write what is in an unencrypted store into an encrypted file that must not exist."""
    assert made.key is not None
    with closing(connect(StoreFile(plain))) as connection:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute("ATTACH DATABASE ? AS made KEY ?", (str(made.path.absolute()), f"x'{made.key.hex()}'"))
        connection.execute("SELECT sqlcipher_export('made')")
        connection.execute("DETACH DATABASE made")


def is_demo(path: Path) -> bool:
    """Whether the file says of itself that it holds invented citizens only."""
    with closing(connect(StoreFile(path))) as connection:
        return says_demo(connection)


def is_sealed(path: Path) -> bool:
    """Whether something is in the file that does not begin as a database in clear does."""
    try:
        with path.open("rb") as file:
            return file.read(len(_CLEAR)) not in (b"", _CLEAR)
    except OSError:
        return False


def says_demo(connection: driver.Connection) -> bool:
    """The same of a file that is open."""
    return bool(connection.execute("PRAGMA application_id").fetchone()[0] == _DEMO)


def mark_demo(path: Path) -> None:
    """Let the file say that it holds invented citizens only, so that it may stay without encryption."""
    with closing(connect(StoreFile(path))) as connection:
        connection.execute(f"PRAGMA application_id = {_DEMO}")


def begin(connection: Connection) -> None:
    """Begin a transaction; one that is to write takes the lock at once, because a later upgrade would not wait."""
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def own_connection(connection: Connection) -> driver.Connection:
    """The driver's own connection below SQLAlchemy's, in the same transaction."""
    own: driver.Connection = connection.connection.driver_connection
    return own


def orphans(connection: Connection) -> int:
    """How many rows refer to one that does not exist."""
    return len(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall())


def tables_of(connection: driver.Connection) -> set[str]:
    """The names of all tables in the file."""
    return {str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def is_sound(connection: driver.Connection) -> bool:
    """Whether the pages of the file fit together; all of them are read."""
    return [str(row[0]) for row in connection.execute("PRAGMA quick_check(1)")] == ["ok"]


def check_seals(connection: driver.Connection) -> None:
    """Raise the driver's error where a page that was read had a broken seal.

    The cipher gives zeros in its place, which the end of a long text does not betray, and the error with the page that
    is read after it.
    """
    connection.execute("PRAGMA shrink_memory")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


@contextmanager
def explained(file: StoreFile) -> Iterator[None]:
    """Turn errors of the database and its files into a StoreError with a sentence; data never gets into it."""
    path = file.path
    try:
        yield
    except PlannerError:
        raise
    except OSError as error:
        raise StoreError(_OTHER, path=path, cause=cause(error)) from error
    except UnicodeEncodeError:
        # Its text would show the data.
        raise StoreError(N_("A text has characters in it that cannot be kept; nothing was saved.")) from None
    except Exception as error:
        first = _of_driver(error)
        if first is None:
            raise
        raise _story(file, first) from error


@contextmanager
def unless_full() -> Iterator[None]:
    """Let a full disk pass: what is kept can still be read, and each write will say it by itself."""
    try:
        yield
    except Exception as error:
        first = _of_driver(error)
        if first is None or _code(first) != driver.SQLITE_FULL:
            raise


def is_unreadable(error: BaseException) -> bool:
    """Whether a file is no store, one of another key, or damaged; not whether it is busy or out of reach."""
    return _code(error) in (driver.SQLITE_NOTADB, driver.SQLITE_CORRUPT)


def _go_on() -> int:
    """Where Python sees to signals while SQLite works."""
    return 0


@contextmanager
def interruptible(connection: driver.Connection) -> Iterator[None]:
    """Let Ctrl+C end a long look inside, which the driver then takes for its own interruption."""
    connection.set_progress_handler(_go_on, _INSTRUCTIONS)
    try:
        yield
    except driver.Error as error:
        if _code(error) == driver.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


def damaged(path: Path) -> DamagedStore:
    """The error for a file whose contents do not fit together."""
    return DamagedStore(_SENTENCES[driver.SQLITE_CORRUPT], path=path)


def _of_driver(error: BaseException) -> BaseException | None:
    """The driver's error, bare or as SQLAlchemy wraps it; None for one that is not the database's."""
    first = getattr(error, "orig", error)
    return first if isinstance(first, driver.Error) else None


def _story(file: StoreFile, error: BaseException) -> StoreError:
    code = _code(error)
    # A key that a slot gave is the right one: what it does not open is damaged.
    if code == driver.SQLITE_CORRUPT or (code == driver.SQLITE_NOTADB and file.key is not None):
        return damaged(file.path)
    return StoreError(
        _SENTENCES.get(code, _OTHER), path=file.path, cause=getattr(error, "sqlite_errorname", type(error).__name__)
    )


def _code(error: BaseException) -> int:
    # The low byte is the primary code; extended codes only refine it.
    return int(getattr(error, "sqlite_errorcode", _TEXTS.get(str(error), 0))) & 0xFF
