"""What makes a change of files last through a power cut."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make what was moved into the folder last; Windows does so by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Make what was written into the file last."""
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file for this user alone to a name that is free; only for one that no process has open as a database."""
    with open(source, "rb") as old, open(target, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as new:
        shutil.copyfileobj(old, new)
        new.flush()
        os.fsync(new.fileno())
