"""Opening a store by a secret; the database is not loaded for it, so asking comes at once."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from planner.errors import StoreError
from planner.store.keys import keyring_of_os
from planner.store.keys.attempts import note_attempt
from planner.store.keys.files import mend, read_ring
from planner.store.keys.recovery import read_recovery_key
from planner.store.keys.ring import KeyRing, WrongSecret
from planner.store.keys.slots import Kind, Slot
from planner.store.lock import alone

#: Beside the store after a lock, until somebody types the passphrase.
_AWAITED = ".locked"


def unlock(store: Path, kind: Kind, secret: str) -> bytes:
    """The store's key; raises WrongSecret, and StoreError where no key file is whole."""
    ring = ring_of(store)
    try:
        key = ring.unlock(kind, read_recovery_key(secret) if kind is Kind.RECOVERY else secret)
    except WrongSecret:
        if kind is not Kind.KEYRING:  # nobody tried anything: the passphrase is asked for instead
            note_attempt(store, succeeded=False)
        raise
    note_attempt(store, succeeded=True)
    # Whoever is changing the keys holds the lock, and writes both files anyway.
    with suppress(StoreError, OSError), alone(store, 0.0):
        mend(store, ring)
        if kind is not Kind.KEYRING:
            _awaited(store).unlink(missing_ok=True)
    return key


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
    try:
        return read_ring(store)
    except StoreError:
        ring = _ring_in_backups(store)
        if ring is None:
            raise
        return ring


def _ring_in_backups(store: Path) -> KeyRing | None:
    from planner.store.backups import rings_of  # which brings the database along

    return next(rings_of(store), None)
