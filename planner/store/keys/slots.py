"""Slots: the store's key, wrapped once for each secret that opens it.

A secret is made into a key by Argon2id (RFC 9106), which wraps the store's key by AES-256-GCM. Everything else in the
slot is authenticated with it, so that nobody can weaken a slot without its ceasing to open.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import msgspec

from planner.errors import StoreError
from planner.locale import N_

KEY_BYTES = 32
_SALT_BYTES, _NONCE_BYTES = 16, 12
#: What a key file may ask of the machine.
_MOST_MEMORY, _MOST_PASSES, _MOST_LANES = 1 << 20, 20, 16


class Kind(StrEnum):
    """What opens a slot."""

    PASSPHRASE = "passphrase"
    RECOVERY = "recovery"
    KEYRING = "keyring"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a guess costs: KiB of memory, passes over it, lanes."""

    memory: int = 64 * 1024
    passes: int = 3
    lanes: int = 4

    def is_bearable(self) -> bool:
        """Whether it is within what a machine can be asked."""
        return (
            8 * self.lanes <= self.memory <= _MOST_MEMORY
            and 1 <= self.passes <= _MOST_PASSES
            and 1 <= self.lanes <= _MOST_LANES
        )


#: What new slots cost; a guess takes a fifth of a second.
COST = Cost()


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to open the store; bytes are in hex."""

    id: int
    kind: Kind
    made_on: date
    memory: int
    passes: int
    lanes: int
    salt: str
    nonce: str
    wrapped: str

    @property
    def cost(self) -> Cost:
        """What a guess at the secret costs."""
        return Cost(self.memory, self.passes, self.lanes)


def seal(key: bytes, secret: str, kind: Kind, slot_id: int, store: str, today: date) -> Slot:
    """A slot that opens with the secret, for the store with that id."""
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    slot = Slot(slot_id, kind, today, COST.memory, COST.passes, COST.lanes, salt.hex(), nonce.hex(), "")
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    wrapped = AESGCM(_derived(secret, slot)).encrypt(nonce, key, _covered(slot, store))
    return msgspec.structs.replace(slot, wrapped=wrapped.hex())


def unseal(slot: Slot, secret: str, store: str) -> bytes | None:
    """The store's key; None where the secret is another one, or anything in the slot was changed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if not slot.cost.is_bearable():
        return None
    try:
        key = AESGCM(_derived(secret, slot)).decrypt(
            bytes.fromhex(slot.nonce), bytes.fromhex(slot.wrapped), _covered(slot, store)
        )
    except (InvalidTag, ValueError):
        return None
    except MemoryError:
        raise StoreError(N_("There is not enough free memory to open the store. Close other programs.")) from None
    return key if len(key) == KEY_BYTES else None


def _derived(secret: str, slot: Slot) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    # Two keyboards may compose one letter differently; blanks are part of the secret.
    plain = unicodedata.normalize("NFC", secret).encode("utf-8", "surrogatepass")
    cost, salt = slot.cost, bytes.fromhex(slot.salt)
    kdf = Argon2id(salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory)
    return kdf.derive(plain)


def _covered(slot: Slot, store: str) -> bytes:
    plain = msgspec.to_builtins(msgspec.structs.replace(slot, wrapped=""))
    return json.dumps({"store": store, "slot": plain}, sort_keys=True, separators=(",", ":")).encode()
