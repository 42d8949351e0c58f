"""Opening a store by a secret; the database is not loaded for it, so asking comes at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

from planner.errors import StoreError
from planner.store.keys import keyring_of_os
from planner.store.keys.attempts import note_attempt
from planner.store.keys.beside import NEW_SUFFIX
from planner.store.keys.files import mend, read_rings, ring_bytes, ring_in, write_whole
from planner.store.keys.recovery import read_recovery_key
from planner.store.keys.ring import KeyRing, WrongSecret
from planner.store.keys.slots import Kind, Slot
from planner.store.lock import alone

#: Beside the store after a lock, until somebody types the passphrase.
_AWAITED = ".locked"
#: Backups that are tried where the store itself cannot tell which key is its own.
_BACKUPS = 3


def unlock(store: Path, kind: Kind, secret: str) -> bytes:
    """The store's key; raises WrongSecret, and StoreError where no key file is whole.

    A key file may be another store's: the ring whose key opens this one holds, and mends what is beside.
    """
    try:
        ring, key, is_sure = _opened(store, kind, read_recovery_key(secret) if kind is Kind.RECOVERY else secret)
    except WrongSecret:
        if kind is not Kind.KEYRING:  # nobody tried anything: the passphrase is asked for instead
            note_attempt(store, succeeded=False)
        raise
    note_attempt(store, succeeded=True)
    # Whoever is changing the keys holds the lock, and writes all of the files anyway.
    with suppress(StoreError, OSError), alone(store, 0.0):
        if is_sure:
            mend(store, ring)
        if kind is not Kind.KEYRING:
            _awaited(store).unlink(missing_ok=True)
            if is_sure:
                bring_up_backups(store, ring)
    return key


def _opened(store: Path, kind: Kind, secret: str) -> tuple[KeyRing, bytes, bool]:
    """The ring that the secret opens, its key, and whether they are this store's; raises WrongSecret, StoreError."""
    opened: list[tuple[KeyRing, bytes]] = []
    wrong: list[WrongSecret] = []
    known: set[str] = set()
    for rings in (rings_of(store), _rings_in_backups(store)):
        for ring in rings:
            if ring.store not in known:
                known.add(ring.store)
                try:
                    opened.append((ring, ring.unlock(kind, secret)))
                except WrongSecret as error:
                    wrong.append(error)
        found = _own(store, opened)
        if found is not None:
            return *found, True
    if not opened:
        raise wrong[0]
    return *opened[0], False


def _own(store: Path, opened: Sequence[tuple[KeyRing, bytes]]) -> tuple[KeyRing, bytes] | None:
    """The ring whose key opens the store; where none does, what is to be moved into its place, or a backup."""
    from planner.store.backups import backups_of  # which brings the database along

    places = (store, store.with_name(store.name + NEW_SUFFIX), *(one.path for one in backups_of(store)[:_BACKUPS]))
    return next((one for place in places for one in opened if _opens(place, one[1])), None)


def _opens(path: Path, key: bytes) -> bool:
    from planner.store import sqlite

    file = sqlite.StoreFile(path, key)
    try:
        with closing(sqlite.connect(file, read_only=sqlite.has_log(file))):  # a look folds no log
            return True
    except (sqlite.DRIVER.Error, StoreError, OSError):
        return False


def unlock_by_keyring(store: Path) -> bytes | None:
    """The store's key by what the operating system's keyring keeps; None where only somebody who types can open it.

    Raises StoreError where no key file is whole. The keyring is not touched without a slot for it, nor after a lock.
    """
    ring = ring_of(store)
    if _awaited(store).exists() or not ring.has(Kind.KEYRING):
        return None
    secret = keyring_of_os.kept(ring.store)
    with suppress(WrongSecret):
        return None if secret is None else unlock(store, Kind.KEYRING, secret)
    return None


def await_passphrase(store: Path) -> None:
    """Let nothing but a passphrase open the store next time, whoever starts the program."""
    with suppress(StoreError, OSError):
        if ring_of(store).has(Kind.KEYRING):
            _awaited(store).touch(0o600)


def _awaited(store: Path) -> Path:
    return store.with_name(store.name + _AWAITED)


def slots(store: Path) -> tuple[Slot, ...]:
    """What opens the store."""
    return ring_of(store).slots


def ring_of(store: Path) -> KeyRing:
    """The ring beside the store; where both files are lost, that of the newest backup. Raises StoreError."""
    return rings_of(store)[0]


def rings_of(store: Path) -> tuple[KeyRing, ...]:
    """The same, and those of other stores."""
    try:
        return read_rings(store)
    except StoreError:
        rings = tuple(_rings_in_backups(store))
        if not rings:
            raise
        return rings


def _rings_in_backups(store: Path) -> Iterator[KeyRing]:
    """The newest ring of each store that there are backups of."""
    from planner.store import backups

    newest: dict[str, KeyRing] = {}
    for ring in backups.rings_of(store):
        newest.setdefault(ring.store, ring)
    yield from newest.values()


def bring_up_backups(store: Path, ring: KeyRing) -> None:
    """Let each backup of the store be opened by what opens the store, and by nothing else, as far as can be written."""
    from planner.store.backups import backups_of, key_of

    found = ((key_of(one), ring_in(key_of(one))) for one in backups_of(store))
    own = ((path, kept) for path, kept in found if kept is not None and kept.store == ring.store)
    with suppress(OSError):
        write_whole([path for path, kept in own if kept.serial < ring.serial], ring_bytes(ring))
