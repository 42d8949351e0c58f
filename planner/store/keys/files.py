"""The key file beside the store, and its copy: either opens the store, and the newer one mends the other."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from hashlib import sha256
from operator import attrgetter
from pathlib import Path

import msgspec

from planner.errors import StoreError
from planner.locale import N_
from planner.locations import cause
from planner.store.durable import sync_folder
from planner.store.keys.beside import key_paths
from planner.store.keys.ring import KeyRing

_VERSION = 1
#: No key file is longer.
_MOST_BYTES = 1 << 20
_SERIAL = attrgetter("serial")
#: Each slot costs a guess, and nobody has as many.
_MOST_SLOTS = 16


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`digest`: SHA-256 of the ring as JSON, in hex, which tells a torn file from a whole one."""

    version: int
    digest: str
    ring: KeyRing


def ring_bytes(ring: KeyRing) -> bytes:
    """The ring as a file."""
    return msgspec.json.format(msgspec.json.encode(_File(_VERSION, _digest(ring), ring)), indent=1) + b"\n"


def ring_of(data: bytes) -> KeyRing | None:
    """The ring in a file; None where anything in it is torn or strange."""
    try:
        found = msgspec.json.decode(data, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError):
        return None
    is_whole = found.version == _VERSION and found.digest == _digest(found.ring)
    return found.ring if is_whole and len(found.ring.slots) <= _MOST_SLOTS else None


def read_rings(store: Path) -> tuple[KeyRing, ...]:
    """The newest ring first; two where a file is another store's. Raises StoreError where neither is whole."""
    found = sorted((ring for _, ring in _rings(store) if ring is not None), key=_SERIAL, reverse=True)
    if not found:
        raise StoreError(
            N_("The key file {path} and its copy are missing or damaged. Take one from a backup."),
            path=key_paths(store)[0],
        )
    newest: dict[str, KeyRing] = {}
    for ring in found:
        newest.setdefault(ring.store, ring)
    return tuple(newest.values())


def read_ring(store: Path) -> KeyRing:
    """The newest ring of a store; raises StoreError where neither file is whole."""
    return read_rings(store)[0]


def write_ring(store: Path, ring: KeyRing) -> None:
    """Write both files, or neither where there is no room; raises StoreError where the folder cannot be written."""
    try:
        write_whole(key_paths(store), ring_bytes(ring))
    except OSError as error:
        raise StoreError(
            N_("The folder {folder} cannot be written: {cause}"), folder=store.parent, cause=cause(error)
        ) from error


def mend(store: Path, ring: KeyRing) -> None:
    """Bring a file that is missing, torn, older or another store's to the ring, as far as the folder can be written."""
    with suppress(OSError):
        lacking = [path for path, found in _rings(store) if found is None or _is_behind(found, ring)]
        write_whole(lacking, ring_bytes(ring))


def _is_behind(found: KeyRing, ring: KeyRing) -> bool:
    return found.store != ring.store or found.serial < ring.serial


def ring_in(path: Path) -> KeyRing | None:
    """The ring in the file; None where it is missing, torn or strange."""
    try:
        with path.open("rb") as file:
            return ring_of(file.read(_MOST_BYTES))
    except OSError:
        return None


def _rings(store: Path) -> Iterator[tuple[Path, KeyRing | None]]:
    return ((path, ring_in(path)) for path in key_paths(store))


def write_whole(paths: Collection[Path], data: bytes) -> None:
    """Write files for this user alone: each whole or not at all, none where there is no room. Raises OSError."""
    # Room is needed for all of them before the first one changes: the newest counts, even of a change that has failed.
    for path in paths:
        made = _made(path)
        made.unlink(missing_ok=True)
        handle = os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    for path in paths:
        _made(path).replace(path)
        sync_folder(path.parent)


def _made(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _digest(ring: KeyRing) -> str:
    return sha256(msgspec.json.encode(ring)).hexdigest()
