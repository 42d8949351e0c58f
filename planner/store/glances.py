"""Read a glance with the driver alone: SQLAlchemy takes longer to load than all the rest of the first picture."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any, TypeVar

from planner.errors import StoreError
from planner.store import sqlite
from planner.store.lock import alone
from planner.store.sqlite import StoreFile

T = TypeVar("T")
#: What the database and its files may raise; opening the store as usual will tell what is wrong.
_TROUBLE = (sqlite.DRIVER.Error, StoreError, OSError, UnicodeDecodeError, zlib.error)


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


def glance(file: StoreFile, look: Callable[[Glances], T]) -> T | None:
    """What a look at the glances of a store gives; nothing is changed.

    None where the store is not there, in use, left by a crash, not to be opened so, or of another shape.
    """
    with suppress(*_TROUBLE):
        if file.path.is_file() and not sqlite.is_cut_off(file):
            with alone(file.path, 0.0), closing(sqlite.connect(file)) as connection:
                if file.key is not None or sqlite.says_demo(connection):
                    return look(Glances(connection))
    return None
