"""Recovery keys: 160 random bits that are written down on paper, in eight groups of four signs."""

from __future__ import annotations

import secrets

from planner.errors import InputError
from planner.locale import N_

# Crockford's alphabet: no sign in it is taken for another one.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_GROUPS, _SIGNS = 8, 4


def new_recovery_key() -> str:
    """A new one, as it is written down."""
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(_GROUPS * _SIGNS))
    return "-".join(groups(signs))


def groups(signs: str) -> list[str]:
    """The groups of a recovery key."""
    plain = signs.replace("-", "")
    return [plain[at : at + _SIGNS] for at in range(0, len(plain), _SIGNS)]


def read_recovery_key(typed: str) -> str:
    """A recovery key as it is meant, however it is typed; raises InputError where it cannot be one."""
    plain = "".join(sign for sign in typed.upper() if not sign.isspace() and sign not in "-–—").translate(_MISREAD)
    if len(plain) != _GROUPS * _SIGNS or any(sign not in _ALPHABET for sign in plain):
        raise InputError(N_("A recovery key has eight groups of four letters and digits"))
    return "-".join(groups(plain))
