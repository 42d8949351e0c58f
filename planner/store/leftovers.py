"""Stores in temporary folders whose process was killed: found by their lock, which dies with the process."""

from __future__ import annotations

import os
import re
import shutil
import stat
from pathlib import Path

from planner.errors import StoreError
from planner.store.lock import LOCK_SUFFIX, ProcessLock
from planner.store.sqlite import SIDE_FILES


def remove_leftovers(within: Path, prefix: str, name: str) -> None:
    """Remove the folders `prefix…` of this user that hold the store `name` and nothing else, and that nobody has open.

    A folder in which anything is strange stays, and so does one whose store is only being made. Nothing is raised.
    """
    ours = re.compile(re.escape(prefix) + r"[a-z0-9_]{8}")  # as tempfile names them
    try:
        found = [path for path in within.iterdir() if ours.fullmatch(path.name)]
    except OSError:
        return
    for folder in found:
        if _is_private(folder) and _is_abandoned(folder, name):
            shutil.rmtree(folder, ignore_errors=True)


def _is_private(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(status.st_mode):
        return False
    return not hasattr(os, "getuid") or (status.st_uid == os.getuid() and stat.S_IMODE(status.st_mode) == 0o700)


def _is_abandoned(folder: Path, name: str) -> bool:
    lock, store = folder / (name + LOCK_SUFFIX), folder / name
    known = {name + suffix for suffix in ("", LOCK_SUFFIX, *SIDE_FILES)}
    try:
        # The store comes after its lock was taken: where it is, a lock that is free was let go.
        if not lock.is_file() or not store.is_file() or any(path.name not in known for path in folder.iterdir()):
            return False
        ProcessLock(lock, wait=0.0).release()
    except (OSError, StoreError):
        return False
    return True
