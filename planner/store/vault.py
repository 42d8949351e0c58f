"""What can be done with the keys of a store: make it, encrypt it, open it, change what opens it.

The key is written before the encrypted file is moved into its place; where a power cut comes between, opening the store
finishes the move.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from planner.errors import Refused, StoreError
from planner.locale import N_
from planner.locations import make_private
from planner.places import check_place
from planner.store import sqlite
from planner.store.backups import backups_of, rings_of
from planner.store.durable import sync_file, sync_folder
from planner.store.engine import NEW_SUFFIX, make_store, new_file
from planner.store.keys.files import has_key, mend, read_ring, write_ring
from planner.store.keys.recovery import read_recovery_key
from planner.store.keys.ring import KeyRing, new_ring
from planner.store.keys.slots import Kind, Slot
from planner.store.lock import LOCK_SUFFIX, ProcessLock
from planner.store.sqlite import StoreFile


class State(StrEnum):
    """How a store stands before it is opened."""

    MISSING = "missing"
    LOCKED = "locked"
    DEMO = "demo"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Prepared:
    """Keys of a store that is to be made. The recovery key is shown once and kept nowhere."""

    ring: KeyRing = field(repr=False)
    key: bytes = field(repr=False)
    recovery: str = field(repr=False)


def state(store: Path) -> State:
    """Whether there is a store, and what opens it; nothing is made or changed."""
    if has_key(store) or next(rings_of(store), None) is not None:
        return State.LOCKED
    if not os.path.lexists(store):
        return State.MISSING
    try:
        return State.DEMO if sqlite.is_demo(store) else State.PLAIN
    except (sqlite.DRIVER.Error, OSError):
        return State.PLAIN  # opening it says what is wrong


def prepare(passphrase: str, today: date) -> Prepared:
    """New keys; raises Refused for a passphrase that is too short."""
    return Prepared(*new_ring(passphrase, today))


def init(store: Path, prepared: Prepared, wait: float = 2.0) -> None:
    """Make an encrypted store, or encrypt the one that is there.

    Raises Refused where the store is encrypted already, StoreError where it cannot be made.
    """
    make_private(store.parent)
    check_place(store)
    with _alone(store, wait), sqlite.explained(StoreFile(store)):
        if has_key(store):
            raise Refused(N_("The store {path} is encrypted already; planner key changes what opens it"), path=store)
        file = StoreFile(store, prepared.key)
        if os.path.lexists(store):
            _encrypt(file, lambda: write_ring(store, prepared.ring))
        else:
            make_store(file, before_move=lambda: write_ring(store, prepared.ring))


def unlock(store: Path, kind: Kind, secret: str) -> bytes:
    """The store's key; raises WrongSecret, and StoreError where no key file is whole."""
    ring = _ring(store)
    key = ring.unlock(kind, _meant(kind, secret))
    # Whoever is changing the keys holds the lock, and writes both files anyway.
    with suppress(StoreError), _alone(store, 0.0):
        mend(store, ring)
    return key


def finish(store: Path, key: bytes, wait: float = 2.0) -> None:
    """Finish what a power cut has left half done while the store was being made or encrypted."""
    made = StoreFile(store.with_name(store.name + NEW_SUFFIX), key)
    if not made.path.is_file():
        return
    with _alone(store, wait), sqlite.explained(StoreFile(store)):
        if os.path.lexists(store) and _opens(StoreFile(store, key)):
            made.path.unlink(missing_ok=True)  # else it would take the place of this store once that is damaged
        elif _opens(made):
            _move(made, store)


def slots(store: Path) -> tuple[Slot, ...]:
    """What opens the store."""
    return _ring(store).slots


def change_passphrase(store: Path, key: bytes, passphrase: str, today: date, wait: float = 2.0) -> None:
    """Let another passphrase open the store, and none of those before; raises Refused for one that is too short."""
    _change(store, wait, lambda ring: ring.replacing(key, Kind.PASSPHRASE, passphrase, today))


def replace_recovery(store: Path, key: bytes, recovery: str, today: date, wait: float = 2.0) -> None:
    """Let another recovery key open the store, and none of those before."""
    _change(store, wait, lambda ring: ring.replacing(key, Kind.RECOVERY, recovery, today))


def remove_slot(store: Path, slot_id: int, wait: float = 2.0) -> None:
    """Remove a slot; raises Refused for one that is not there, and for the last of a kind that is needed."""
    _change(store, wait, lambda ring: ring.without(slot_id))


def _ring(store: Path) -> KeyRing:
    """The ring beside the store; where both files are lost, that of the newest backup."""
    try:
        return read_ring(store)
    except StoreError:
        ring = next(rings_of(store), None)
        if ring is None:
            raise
        return ring


def _meant(kind: Kind, secret: str) -> str:
    return read_recovery_key(secret) if kind is Kind.RECOVERY else secret


def _change(store: Path, wait: float, change: Callable[[KeyRing], KeyRing]) -> None:
    with _alone(store, wait):
        write_ring(store, change(_ring(store)))


def _encrypt(file: StoreFile, before_move: Callable[[], None]) -> None:
    made = new_file(file)
    sqlite.encrypt(file.path, made)
    if _counts(StoreFile(file.path)) != _counts(made) or not _opens(made):
        raise StoreError(N_("The store could not be encrypted; it was left as it was."))
    sync_file(made.path)
    before_move()
    _move(made, file.path)


def _move(made: StoreFile, store: Path) -> None:
    # Journals of the file before do not belong to the one that takes its place.
    for suffix in sqlite.SIDE_FILES:
        store.with_name(store.name + suffix).unlink(missing_ok=True)
    # Nor do copies from before a migration, in clear; once the file is in its place nobody would come back for them.
    kept = (one.path for one in backups_of(store))
    for copy in (*store.parent.glob(f"{store.name}.before-*"), *(path for path in kept if _opens(StoreFile(path)))):
        copy.unlink(missing_ok=True)
    made.path.replace(store)
    sync_folder(store.parent)


def _opens(file: StoreFile) -> bool:
    try:
        with closing(sqlite.connect(file)) as connection:
            return [tuple(row) for row in connection.execute("PRAGMA quick_check(1)")] == [("ok",)]
    except sqlite.DRIVER.Error:
        return False


def _counts(file: StoreFile) -> dict[str, int]:
    with closing(sqlite.connect(file)) as connection:
        names = [str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


@contextmanager
def _alone(store: Path, wait: float) -> Iterator[None]:
    lock = ProcessLock(store.with_name(store.name + LOCK_SUFFIX), wait)
    try:
        yield
    finally:
        lock.release()
