"""What can be done with the keys of a store: make it, encrypt it, open it, change what opens it.

The key is written before the encrypted file is moved into its place; where a power cut comes between, opening the store
finishes the move.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from planner.errors import DamagedStore, Refused, StoreError
from planner.locale import N_
from planner.locations import make_private
from planner.places import check_place
from planner.store import sqlite
from planner.store.backups import backups_of
from planner.store.durable import sync_file, sync_folder
from planner.store.engine import make_store, new_file
from planner.store.keys import keyring_of_os
from planner.store.keys.beside import NEW_SUFFIX, has_key, is_locked
from planner.store.keys.files import write_ring
from planner.store.keys.ring import KeyRing, new_ring
from planner.store.keys.slots import KEY_BYTES, Kind
from planner.store.keys.unlocking import bring_up_backups, ring_of, rings_of
from planner.store.lock import alone
from planner.store.sqlite import StoreFile


class State(StrEnum):
    """How a store stands before it is opened."""

    MISSING = "missing"
    LOCKED = "locked"
    DEMO = "demo"
    PLAIN = "plain"
    #: It cannot be read in clear, and there is no key for it.
    STRANGE = "strange"


NO_KEY = N_("There is no key file for {path}, or it is not a store of this program. Put its key file beside it: {key}")


@dataclass(frozen=True, slots=True)
class Prepared:
    """Keys of a store that is to be made. The recovery key is shown once and kept nowhere."""

    ring: KeyRing = field(repr=False)
    key: bytes = field(repr=False)
    recovery: str = field(repr=False)


def state(store: Path) -> State:
    """Whether there is a store, and what opens it; nothing is made or changed."""
    if is_locked(store):
        return State.LOCKED
    if not os.path.lexists(store):
        return State.MISSING
    try:
        return State.DEMO if sqlite.is_demo(store) else State.PLAIN
    except (sqlite.DRIVER.Error, OSError):
        return State.STRANGE if sqlite.is_sealed(store) else State.PLAIN  # opening that says what is wrong


def prepare(passphrase: str, today: date) -> Prepared:
    """New keys; raises Refused for a passphrase that is too short."""
    return Prepared(*new_ring(passphrase, today))


def init(store: Path, prepared: Prepared, wait: float = 2.0) -> None:
    """Make an encrypted store, or encrypt the one that is there.

    Raises Refused where the store is encrypted already, StoreError where it cannot be made.
    """
    make_private(store.parent)
    check_place(store)
    with alone(store, wait), sqlite.explained(StoreFile(store)):
        if has_key(store):
            raise Refused(N_("The store {path} is encrypted already; planner key changes what opens it"), path=store)
        file = StoreFile(store, prepared.key)
        if os.path.lexists(store):
            _encrypt(file, lambda: write_ring(store, prepared.ring))
        else:
            make_store(file, before_move=lambda: write_ring(store, prepared.ring))


def finish(store: Path, key: bytes, wait: float = 2.0) -> None:
    """Finish what a power cut has left half done while the store was being made or encrypted."""
    made = StoreFile(store.with_name(store.name + NEW_SUFFIX), key)
    if not made.path.is_file():
        return
    with alone(store, wait), sqlite.explained(StoreFile(store)):
        if os.path.lexists(store) and _opens(StoreFile(store, key)):
            made.remove()  # else it would take the place of this store once that is missing
            return
        # Only what is missing, or still in clear, is waited for: a store that is damaged is not for this to replace.
        is_awaited = not os.path.lexists(store) or _opens(StoreFile(store))
        if is_awaited and _opens(made):
            _move(made, store)


def change_passphrase(store: Path, key: bytes, passphrase: str, today: date, wait: float = 2.0) -> None:
    """Let another passphrase open the store, and none of those before; raises Refused for one that is too short."""
    _change(store, wait, lambda ring: ring.replacing(key, Kind.PASSPHRASE, passphrase, today))


def replace_recovery(store: Path, key: bytes, recovery: str, today: date, wait: float = 2.0) -> None:
    """Let another recovery key open the store, and none of those before."""
    _change(store, wait, lambda ring: ring.replacing(key, Kind.RECOVERY, recovery, today))


def use_keyring(store: Path, key: bytes, today: date, wait: float = 2.0) -> None:
    """Let the operating system's keyring open the store too; raises Refused where it keeps nothing."""
    secret = secrets.token_hex(KEY_BYTES)

    def change(ring: KeyRing) -> KeyRing:
        changed = ring.replacing(key, Kind.KEYRING, secret, today)
        keyring_of_os.keep(ring.store, secret)  # before the slot is written: one without it would open nothing
        return changed

    _change(store, wait, change)


def remove_slot(store: Path, slot_id: int, wait: float = 2.0) -> None:
    """Remove a slot; raises Refused for one that is not there, and for the last of a kind that is needed."""
    was_there = ring_of(store).has(Kind.KEYRING)
    ring = _change(store, wait, lambda ring: ring.without(slot_id))
    if was_there and not ring.has(Kind.KEYRING):
        keyring_of_os.forget(ring.store)


def _change(store: Path, wait: float, change: Callable[[KeyRing], KeyRing]) -> KeyRing:
    with alone(store, wait):
        if len(rings_of(store)) > 1:  # whoever knows a secret of this one mends it by opening the store
            raise StoreError(N_("A key file beside {path} is another store's. Nothing was changed."), path=store)
        ring = change(ring_of(store))
        write_ring(store, ring)
        bring_up_backups(store, ring)
    return ring


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
    StoreFile(store).remove_logs()
    # Nor do copies from before a migration, in clear; once the file is in its place nobody would come back for them.
    kept = (one.path for one in backups_of(store))
    for copy in (*store.parent.glob(f"{store.name}.before-*"), *(path for path in kept if _opens(StoreFile(path)))):
        copy.unlink(missing_ok=True)
    made.path.replace(store)
    sync_folder(store.parent)


def _opens(file: StoreFile) -> bool:
    try:
        with closing(sqlite.connect(file, read_only=sqlite.has_log(file))) as connection:  # a look folds no log
            return [tuple(row) for row in connection.execute("PRAGMA quick_check(1)")] == [("ok",)]
    except DamagedStore:
        return False
    except sqlite.DRIVER.Error as error:
        if sqlite.is_unreadable(error):
            return False
        raise  # one that is busy, or on a disk that fails, is perhaps sound


def _counts(file: StoreFile) -> dict[str, int]:
    with closing(sqlite.connect(file)) as connection:
        names = [str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
