"""What going back to a backup must not take back: who looked since, and who was erased since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from planner.errors import StoreError
from planner.store import erasing, migrate, sqlite
from planner.store.backups import backups_of
from planner.store.engine import make_engine
from planner.store.erasing import Erasure
from planner.store.sqlite import StoreFile
from planner.store.tables import accesses, citizens, erasures
from planner.store.unit import SqlUnit

Looks = list[dict[str, Any]]


def carry_over(made: StoreFile, store: Path, now: datetime) -> int:
    """Bring the looks and the erasures of the store and of all backups into the file that takes its place.

    Gives how many were erased again.
    """
    sources = [StoreFile(store, made.key), *(StoreFile(one.path, made.key) for one in backups_of(store))]
    engine = make_engine(made, foreign_keys=False)
    with engine.connect() as connection:
        revision = migrate.revision_of(sqlite.own_connection(connection))
    if revision != migrate.HEAD:
        if revision is None or not migrate.is_older(revision):
            return 0  # opening it says what is wrong
        migrate.upgrade(engine)
    with make_engine(made).execution_options(write=True).begin() as connection:
        last = connection.execute(
            select(accesses.c.seq, accesses.c.hash).order_by(accesses.c.seq.desc()).limit(1)
        ).first()
        seq, head = (0, "") if last is None else (last.seq, last.hash)
        looks, gone = _gathered(sources, seq, head)
        if looks:
            connection.execute(insert(accesses), looks)
        again = _erase_again(connection, made.key or b"", gone, now)
        is_clean = erasing.is_clean(connection)
    if not is_clean:
        erasing.clean(made)
    return again


def _erase_again(connection: Connection, secret: bytes, gone: Iterable[Erasure], now: datetime) -> int:
    unit = SqlUnit(connection, now, secret)
    there = set(connection.scalars(select(citizens.c.key)))
    wanted = list(gone)
    back = [one.key for one in wanted if one.key in there]
    for key in back:
        unit.erase(key)
    if back:
        unit.record("erase", None, {"count": len(back)})
    erasing.remember(connection, wanted)
    erasing.keep_readmissions(connection, wanted)
    return len(back)


def _gathered(sources: Iterable[StoreFile], seq: int, head: str) -> tuple[Looks, list[Erasure]]:
    """The longest log of looks that goes on where the file ends, and everybody who was erased in any of the sources."""
    looks: Looks = []
    gone: dict[str, Erasure] = {}
    for source in sources:
        with suppress(DBAPIError, sqlite.DRIVER.Error, StoreError, OSError, ValueError), _opened(source) as connection:
            for one in erasing.erasures_in(connection):
                known = gone.setdefault(one.key, one)
                if known.readmitted_on is None and one.readmitted_on is not None:
                    gone[one.key] = one
            rows = connection.execute(select(accesses).where(accesses.c.seq >= seq).order_by(accesses.c.seq)).all()
            continues = seq == 0 or (bool(rows) and rows[0].seq == seq and rows[0].hash == head)
            later = [dict(row._mapping) for row in rows if row.seq > seq]
            if continues and len(later) > len(looks):
                looks = later
    return looks, list(gone.values())


@contextmanager
def _opened(source: StoreFile) -> Iterator[Connection]:
    if not source.path.is_file():
        raise StoreError("")
    engine = make_engine(source, read_only=sqlite.has_log(source))
    with engine.connect() as connection:
        if erasures.name not in sqlite.tables_of(sqlite.own_connection(connection)):
            raise StoreError("")  # from before there were any
        yield connection
