"""The log of looks, and what opened the store or tried to before the log itself could be read.

Each row's hash covers the row before it, as in the journal; both heads are in every backup. It is written with the
driver's own connection, so that what was shown before can be shown again, and logged, with nothing else loaded.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from getpass import getuser
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.catalogue import N_
from planner.errors import StoreError
from planner.services.clock import DANISH_TIME
from planner.store.chain import GENESIS, canonical
from planner.store.keys.attempts import MOST_BYTES, SAFELY, attempts_file

if TYPE_CHECKING:
    from planner.services.ports import Access

_LINE = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}) (unlock|failed_unlock)")
_COLUMNS = "seq, at_local, at_utc, account, kind, purpose, citizen, counted, prev_hash, hash"
_UNLOCKS = ("unlock", "failed_unlock")
_TAKEN = ".taken"
_STRANGE = ".strange"
#: Before this program there was nothing to open.
_FIRST = datetime(2026, 1, 1)  # noqa: DTZ001


def access_hash(row: Mapping[str, Any]) -> str:
    """The hash of a row from its columns (all but `hash`)."""
    covered = {name: _plain(value) for name, value in row.items() if name != "hash"}
    return sha256(canonical(covered).encode()).hexdigest()


def write_accesses(connection: Any, made: Iterable[tuple[datetime, Access]]) -> None:
    """Append looks with their moments, which have a time zone."""
    looks = ((at, access.kind.value, access.purpose, access.citizen, access.count) for at, access in made)
    _append(connection, looks)


def write_look(connection: Any, at: datetime, purpose: str, count: int) -> None:
    """Append the look at so many citizens."""
    _append(connection, [(at, "view", purpose, None, count)])


def _append(connection: Any, looks: Iterable[tuple[datetime, str, str, str | None, int | None]]) -> None:
    last = connection.execute("SELECT seq, hash FROM accesses ORDER BY seq DESC LIMIT 1").fetchone()
    seq, previous = last or (0, GENESIS)
    account = _account()
    for at, kind, purpose, citizen, count in looks:
        seq += 1
        row: dict[str, Any] = {
            "seq": seq,
            "at_local": at.astimezone(DANISH_TIME).replace(tzinfo=None),
            "at_utc": at.astimezone(UTC).replace(tzinfo=None),
            "account": account,
            "kind": kind,
            "purpose": purpose,
            "citizen": citizen,
            "counted": count,
            "prev_hash": previous,
        }
        previous = row["hash"] = access_hash(row)
        kept = [
            value.isoformat(" ", "microseconds") if isinstance(value, datetime) else value for value in row.values()
        ]
        connection.execute(f"INSERT INTO accesses ({_COLUMNS}) VALUES ({', '.join('?' * len(kept))})", kept)


def verify_accesses(connection: Any) -> None:
    """Check the chain; raises StoreError naming the first row that does not fit."""
    previous, expected = GENESIS, 1
    names = _COLUMNS.split(", ")
    for values in connection.execute(f"SELECT {_COLUMNS} FROM accesses ORDER BY seq"):
        row = dict(zip(names, values, strict=True))
        moments = {name: _moment(row[name]) for name in ("at_local", "at_utc")}
        if row["seq"] != expected or row["prev_hash"] != previous or access_hash({**row, **moments}) != row["hash"]:
            raise StoreError(N_("The log of looks was changed from outside at entry {seq}."), seq=expected)
        previous, expected = row["hash"], expected + 1


def are_attempts(store: Path) -> bool:
    """Whether there is anything for `take_attempts`, or in its way."""
    return any(os.path.lexists(path) for path in (attempts_file(store), _taken(store)))


def take_attempts(store: Path, connection: Any) -> None:
    """Move into the log what opened the store, or tried to, since it was opened last; `forget_attempts` ends it."""
    made = sorted(set(_attempts(store)))
    if not made:
        return
    query = "SELECT at_utc FROM accesses WHERE kind IN (?, ?) AND at_utc >= ?"
    since = made[0][0].isoformat(" ", "microseconds")
    seen = {_moment(at) for (at,) in connection.execute(query, (*_UNLOCKS, since))}
    found = [(at, kind) for at, kind in made if at not in seen]
    _append(connection, ((at.replace(tzinfo=UTC), kind, "open", None, None) for at, kind in found))


def forget_attempts(store: Path) -> None:
    """They are in the log."""
    taken = _taken(store)
    with suppress(OSError):
        if os.path.isdir(taken) and not os.path.islink(taken):  # not of ours, and in the way of all that comes
            taken.replace(taken.with_name(taken.name + _STRANGE))
        else:
            taken.unlink(missing_ok=True)


def _attempts(store: Path) -> Iterator[tuple[datetime, str]]:
    file, taken = attempts_file(store), _taken(store)
    with suppress(OSError):
        if not os.path.lexists(taken):  # else a crash came between, and the newer ones wait for the next time
            file.replace(taken)
        descriptor = os.open(taken, os.O_RDONLY | SAFELY)
        try:
            is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
            lines = os.read(descriptor, 2 * MOST_BYTES).decode("ascii", "replace").splitlines() if is_file else []
        finally:
            os.close(descriptor)
        latest = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)
        for line in lines:
            found = _LINE.fullmatch(line)
            if found is not None:
                with suppress(ValueError):
                    at = datetime.fromisoformat(found[1])
                    if _FIRST <= at <= latest:
                        yield at, found[2]


def _taken(store: Path) -> Path:
    file = attempts_file(store)
    return file.with_name(file.name + _TAKEN)


def _account() -> str:
    try:
        return getuser()
    except (OSError, KeyError, ImportError):  # a process of nobody's
        return ""


def _moment(kept: str) -> datetime | str:
    try:
        return datetime.fromisoformat(kept)
    except (TypeError, ValueError):  # changed from outside
        return kept


def _plain(value: object) -> object:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value
