"""The operating system's keyring: it keeps the secret of one slot, for convenience. Whatever it lacks is no fault.

The library is an extra, and loaded only where a store has such a slot or is to get one.
"""

from __future__ import annotations

import sys
from typing import Any

from planner.errors import Refused
from planner.locale import N_

SERVICE = "samtaleplanner"
#: What the library calls fit for use; below it are files in clear, and keyrings that ask or keep nothing.
_GUARDS = 1


def kept(store: str) -> str | None:
    """The secret that is kept for the store with that id; None where there is none, or nothing to be had."""
    try:
        backend = _backend()
        found = None if backend is None else backend.get_password(SERVICE, store)
    except Exception:  # locked, gone, refused: each system has errors of its own, and the passphrase opens anyway
        return None
    return found if isinstance(found, str) else None


def check() -> None:
    """Raise Refused where no secret could be kept."""
    _usable()


def keep(store: str, secret: str) -> None:
    """Keep the secret for the store with that id in the place of one before; raises Refused."""
    backend = _usable()
    try:
        backend.set_password(SERVICE, store, secret)
        is_kept = backend.get_password(SERVICE, store) == secret
    except Exception:
        is_kept = False
    if not is_kept:
        raise Refused(N_("The operating system's keyring keeps nothing: it is locked, or it refuses.")) from None


def forget(store: str) -> None:
    """Keep nothing for that store, as far as the keyring can be reached; what stays opens nothing any more."""
    try:
        backend = _backend()
        if backend is not None:
            backend.delete_password(SERVICE, store)
    except Exception:
        return


def _usable() -> Any:
    try:
        backend = _backend()
    except ModuleNotFoundError:
        command = f"{sys.executable} -m pip install keyring"
        raise Refused(
            N_("The library for the operating system's keyring is not installed. Install it with: {command}"),
            command=command,
        ) from None
    except Exception:
        backend = None
    if backend is None:
        raise Refused(N_("There is no keyring here that guards what it keeps; the passphrase opens the store."))
    return backend


def _backend() -> Any:
    """The keyring that the library chooses, if it guards what it keeps; of several in a chain the first that does."""
    import keyring

    chosen = keyring.get_keyring()
    chain = getattr(chosen, "backends", (chosen,))
    return next((one for one in chain if one.priority >= _GUARDS), None)
