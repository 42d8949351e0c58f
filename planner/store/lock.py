"""One process at a time on a store: a lock of the operating system, which dies with the process that holds it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from planner.catalogue import N_
from planner.errors import StoreError
from planner.locations import cause

LOCK_SUFFIX = ".lock"
_PAUSE = 0.05
#: Nanoseconds, a thousand days, by which what the lock file bears lies back: no file that was just made bears it.
_LONG_AGO = 1000 * 86_400 * 10**9

if sys.platform == "win32":
    import msvcrt

    def _seize(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _seize(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class ProcessLock:
    """A lock file beside the store; only its lock counts, so one left behind by a crash hinders nobody."""

    def __init__(self, path: Path, wait: float) -> None:
        """Take the lock within `wait` seconds; raises StoreError when another process keeps it."""
        self._path = path
        self._handle: int | None = _open(path)
        until = time.monotonic() + wait
        while True:
            try:
                _seize(self._handle)
                return
            except OSError as error:
                if time.monotonic() >= until:
                    self.release()
                    raise StoreError(N_("The program is already open on this store. Close it there first.")) from error
            time.sleep(_PAUSE)

    def mark(self, moment: int) -> None:
        """Let the file bear this moment, in nanoseconds, which takes no room on a disk that is full."""
        with suppress(OSError):
            os.utime(self._path, ns=(moment - _LONG_AGO, moment - _LONG_AGO))

    def marked(self) -> int:
        """The moment that the file bears."""
        return self._path.stat().st_mtime_ns + _LONG_AGO

    def release(self) -> None:
        """Let the lock go; harmless when it is already gone."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


@contextmanager
def alone(store: Path, wait: float) -> Iterator[None]:
    """Hold the lock of a store; raises StoreError where another process keeps it."""
    lock = ProcessLock(store.with_name(store.name + LOCK_SUFFIX), wait)
    try:
        yield
    finally:
        lock.release()


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(
            N_("The folder {folder} cannot be written: {cause}"), folder=path.parent, cause=cause(error)
        ) from error
