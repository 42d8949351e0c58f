"""The log of looks, and what opened the store or tried to before the log itself could be read.

Each row's hash covers the row before it, as in the journal; both heads are in every backup.
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
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from planner.errors import StoreError
from planner.locale import N_
from planner.services.clock import DANISH_TIME
from planner.services.ports import Access, AccessKind
from planner.store.chain import GENESIS, canonical
from planner.store.keys.attempts import MOST_BYTES, SAFELY, attempts_file
from planner.store.tables import accesses

_LINE = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}) (unlock|failed_unlock)")
_TAKEN = ".taken"
_STRANGE = ".strange"
#: Before this program there was nothing to open.
_FIRST = datetime(2026, 1, 1)  # noqa: DTZ001


def access_hash(row: Mapping[str, Any]) -> str:
    """The hash of a row from its columns (all but `hash`)."""
    covered = {name: _plain(value) for name, value in row.items() if name != "hash"}
    return sha256(canonical(covered).encode()).hexdigest()


def write_accesses(connection: Connection, made: Iterable[tuple[datetime, Access]]) -> None:
    """Append looks with their moments, which have a time zone."""
    last = connection.execute(select(accesses.c.seq, accesses.c.hash).order_by(accesses.c.seq.desc()).limit(1)).first()
    seq, previous = (0, GENESIS) if last is None else (last.seq, last.hash)
    account = _account()
    rows = []
    for at, access in made:
        seq += 1
        row = {
            "seq": seq,
            "at_local": at.astimezone(DANISH_TIME).replace(tzinfo=None),
            "at_utc": at.astimezone(UTC).replace(tzinfo=None),
            "account": account,
            "kind": access.kind.value,
            "purpose": access.purpose,
            "citizen": access.citizen,
            "counted": access.count,
            "prev_hash": previous,
        }
        previous = access_hash(row)
        rows.append({**row, "hash": previous})
    if rows:
        connection.execute(insert(accesses), rows)


def verify_accesses(connection: Connection) -> None:
    """Check the chain; raises StoreError naming the first row that does not fit."""
    previous, expected = GENESIS, 1
    for row in connection.execute(select(accesses).order_by(accesses.c.seq)):
        columns = dict(row._mapping)
        if row.seq != expected or row.prev_hash != previous or access_hash(columns) != row.hash:
            raise StoreError(N_("The log of looks was changed from outside at entry {seq}."), seq=expected)
        previous, expected = row.hash, expected + 1


def take_attempts(store: Path, connection: Connection) -> None:
    """Move into the log what opened the store, or tried to, since it was opened last; `forget_attempts` ends it."""
    known = select(accesses.c.at_utc).where(accesses.c.kind.in_(("unlock", "failed_unlock")))
    seen = {row.at_utc for row in connection.execute(known.order_by(accesses.c.seq.desc()).limit(10_000))}
    found = sorted({(at, kind) for at, kind in _attempts(store) if at not in seen})
    write_accesses(connection, ((at.replace(tzinfo=UTC), Access(kind, "open")) for at, kind in found))


def forget_attempts(store: Path) -> None:
    """They are in the log."""
    taken = _taken(store)
    with suppress(OSError):
        if os.path.isdir(taken) and not os.path.islink(taken):  # not of ours, and in the way of all that comes
            taken.replace(taken.with_name(taken.name + _STRANGE))
        else:
            taken.unlink(missing_ok=True)


def _attempts(store: Path) -> Iterator[tuple[datetime, AccessKind]]:
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
                        yield at, AccessKind(found[2])


def _taken(store: Path) -> Path:
    file = attempts_file(store)
    return file.with_name(file.name + _TAKEN)


def _account() -> str:
    try:
        return getuser()
    except (OSError, KeyError, ImportError):  # a process of nobody's
        return ""


def _plain(value: object) -> object:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value
