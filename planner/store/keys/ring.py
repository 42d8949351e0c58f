"""The ring of slots that open one store: unlock it, and add and remove slots."""

from __future__ import annotations

import secrets
from datetime import date

import msgspec

from planner.errors import Refused, StoreError
from planner.locale import N_
from planner.store.keys.recovery import new_recovery_key
from planner.store.keys.slots import KEY_BYTES, Kind, Slot, seal, unseal

SHORTEST = 10


class WrongSecret(StoreError):
    """No slot opens with the secret; the store was not touched."""


class KeyRing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The slots of the store with that id; of two copies the one with the higher `serial` is the newer."""

    store: str
    serial: int
    slots: tuple[Slot, ...]

    def unlock(self, kind: Kind, secret: str) -> bytes:
        """The store's key; raises WrongSecret."""
        for slot in self.slots:
            key = unseal(slot, secret, self.store) if slot.kind is kind else None
            if key is not None:
                return key
        wrong = {
            Kind.PASSPHRASE: N_(
                "The passphrase is wrong. Nothing was changed. Where it is forgotten, the recovery key sets another "
                "one: planner key passphrase --recovery"
            ),
            Kind.RECOVERY: N_("The recovery key does not open this store: another paper, or a sign is typed wrong."),
            Kind.KEYRING: N_("The operating system's keyring does not open this store."),
        }
        raise WrongSecret(wrong[kind])

    def has(self, kind: Kind) -> bool:
        """Whether a slot is of that kind."""
        return any(slot.kind is kind for slot in self.slots)

    def having(self, key: bytes, kind: Kind, secret: str, today: date) -> KeyRing:
        """With one slot more; raises Refused for a passphrase that is too short."""
        if kind is Kind.PASSPHRASE and len(secret) < SHORTEST:
            raise Refused(N_("A passphrase has at least {least} characters"), least=SHORTEST)
        number = max((slot.id for slot in self.slots), default=0) + 1
        slot = seal(key, secret, kind, number, self.store, today)
        return KeyRing(self.store, self.serial + 1, (*self.slots, slot))

    def without(self, slot_id: int) -> KeyRing:
        """With one slot fewer; raises Refused for one that is not there, and for the last of a kind that is needed."""
        gone = next((slot for slot in self.slots if slot.id == slot_id), None)
        if gone is None:
            raise Refused(N_("There is no key slot number {number}"), number=slot_id)
        rest = tuple(slot for slot in self.slots if slot is not gone)
        if gone.kind is not Kind.KEYRING and not any(slot.kind is gone.kind for slot in rest):
            raise Refused(N_("This is the last slot of its kind; add another one first"))
        return KeyRing(self.store, self.serial + 1, rest)

    def replacing(self, key: bytes, kind: Kind, secret: str, today: date) -> KeyRing:
        """With one slot of that kind instead of all that there were."""
        added = self.having(key, kind, secret, today)
        kept = tuple(slot for slot in added.slots if slot.kind is not kind or slot is added.slots[-1])
        return KeyRing(self.store, added.serial, kept)


def new_ring(passphrase: str, today: date) -> tuple[KeyRing, bytes, str]:
    """A ring for a new store, the store's key, and the recovery key to be written down."""
    key, recovery = secrets.token_bytes(KEY_BYTES), new_recovery_key()
    ring = KeyRing(secrets.token_hex(16), 0, ()).having(key, Kind.PASSPHRASE, passphrase, today)
    return ring.having(key, Kind.RECOVERY, recovery, today), key, recovery
