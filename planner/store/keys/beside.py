"""What lies beside a store and tells whether it is locked; nothing is loaded to look there."""

from __future__ import annotations

import os
import re
from pathlib import Path

#: The key file and its copy.
SUFFIXES = (".key", ".key-copy")
BACKUPS_SUFFIX = ".backups"
#: How a store is named that gave way to a backup: with the time and, where that is taken, a number.
REPLACED = ".replaced-"
_PUT_ASIDE = re.compile(rf"(.+){re.escape(REPLACED)}\d{{8}}-\d{{6}}(-\d+)?")
#: A store that is being made, until it is moved into its place.
NEW_SUFFIX = ".new"


def key_paths(store: Path) -> tuple[Path, ...]:
    """The key file of a store, and its copy; one that gave way to a backup has those of the store beside it."""
    put_aside = _PUT_ASIDE.fullmatch(store.name)
    name = put_aside[1] if put_aside is not None else store.name
    return tuple(store.with_name(name + suffix) for suffix in SUFFIXES)


def is_put_aside(path: Path) -> bool:
    """Whether it is named as a store that gave way to a backup, and nothing that lies beside one."""
    return _PUT_ASIDE.fullmatch(path.name) is not None


def has_key(store: Path) -> bool:
    """Whether there is a key file or a copy, whatever is in it."""
    return any(os.path.lexists(path) for path in key_paths(store))


def is_locked(store: Path) -> bool:
    """Whether a key is needed to open the store: there is a key file beside it, or a whole one in a backup."""
    if has_key(store):
        return True
    if not store.with_name(store.name + BACKUPS_SUFFIX).is_dir():
        return False
    from planner.store.backups import rings_of

    return next(rings_of(store), None) is not None
