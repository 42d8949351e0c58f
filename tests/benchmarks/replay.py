"""Play the journal of a store on empty tables, by nothing but the driver, and compare with what stands in the store.

It reads the file itself and takes nothing from the program, so that both would have to be wrong in the same way.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = dict[str, Any]
#: Tables that no journal leads to: made from the others, lost without harm, or kept out of it on purpose.
WITHOUT_JOURNAL = frozenset(
    {"alembic_version", "plans", "drafts", "glances", "journal", "accesses", "erasures", "survey_tallies"}
)
#: What an erasure leaves of a case in a sample, which no journal may tell.
_COUNTED_ON_ERASURE = {"supervisions": frozenset({"erased", "tally"})}


def differences(store: Path) -> list[str]:
    """What does not fit, in places and without data; empty where the journal of a store in clear gives the store.

    What an erasure has emptied cannot be played: rows that were written last by it are passed over.
    """
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        names = {str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        played = _Played({name: {} for name in names - WITHOUT_JOURNAL})
        found = _unsound(connection)
        for seq, verb, data in connection.execute("SELECT seq, verb, changes FROM journal ORDER BY seq"):
            found += played.play(seq, verb, data)
        for name in sorted(played.tables):
            found += played.compare(name, _standing(connection, name))
    return found


def _unsound(connection: sqlite3.Connection) -> list[str]:
    is_sound = [tuple(row) for row in connection.execute("PRAGMA integrity_check")] == [("ok",)]
    orphans = [f"{row[0]}: an orphan" for row in connection.execute("PRAGMA foreign_key_check")]
    return orphans if is_sound else ["the file is not sound", *orphans]


@dataclass(slots=True)
class _Played:
    """The tables as the journal leaves them, and its rows that hold nothing any more."""

    tables: dict[str, dict[str, Row]]
    last: int = 0
    emptied: set[int] = field(default_factory=set)

    def play(self, seq: int, verb: str, data: bytes) -> Iterator[str]:
        """Make the changes of a row; tells of those that do not begin where the one before ended."""
        if seq != self.last + 1:
            yield f"journal: {self.last + 1} is missing"
        self.last = seq
        if not data:
            self.emptied.add(seq)
        for change in json.loads(zlib.decompress(data)) if data else ():
            rows, key = self.tables[change["table"]], change["key"]
            before, after = change["before"], change["after"]
            if not self._is_lost(before) and _said(rows.get(key)) != _said(before):
                yield f"{change['table']}: journal {seq} ({verb}) does not begin where the one before ended"
            if after is None:
                rows.pop(key, None)
            else:
                rows[key] = after

    def compare(self, name: str, standing: dict[str, Row]) -> Iterator[str]:
        """What is otherwise in the store."""
        left_out = _COUNTED_ON_ERASURE.get(name, frozenset()) if self.emptied else frozenset()
        for key in sorted(self.tables[name].keys() | standing.keys()):
            own, other = self.tables[name].get(key), standing.get(key)
            if self._is_lost(other) or (other is None and self.emptied):
                continue
            if _said(own, left_out) != _said(other, left_out):
                told = "is otherwise" if own and other else "is missing" if own else "should not be there"
                yield f"{name}: a row {told}"

    def _is_lost(self, row: Row | None) -> bool:
        return row is not None and row["version"] in self.emptied


def _standing(connection: sqlite3.Connection, name: str) -> dict[str, Row]:
    types = {row["name"]: str(row["type"]).upper() for row in connection.execute(f"PRAGMA table_info({name})")}
    rows = connection.execute(f"SELECT * FROM {name}")
    return {row["key"]: {column: _plain(row[column], types[column]) for column in types} for row in rows}


def _plain(value: Any, kind: str) -> Any:
    """A value of the file as the journal writes it."""
    if value is None:
        return None
    if kind == "JSON":
        return json.loads(value)
    if kind == "BOOLEAN":
        return bool(value)
    if kind == "TIME":
        return value.removesuffix(".000000")
    return value.replace(" ", "T").removesuffix(".000000") if kind == "DATETIME" else value


def _said(row: Row | None, left_out: frozenset[str] = frozenset()) -> Row | None:
    """What a row says; an empty column is as good as one that was not there yet."""
    if row is None:
        return None
    return {name: value for name, value in row.items() if value is not None and name not in left_out}
