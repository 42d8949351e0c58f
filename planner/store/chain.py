"""The journal's chain: each row's hash covers the row before it, so nothing can be changed unnoticed.

The hash takes in detail and changes by salted digests only. What a citizen has a right to have forgotten can thus be
emptied later without breaking the chain, and without leaving a digest that guesses could be tried against.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planner.services.ports import Change

GENESIS = "0" * 64
# Level 1: a caseload of ten thousand citizens is one journal row, and speed matters more than the last tenth.
_LEVEL = 1


def canonical(value: object) -> str:
    """JSON in exactly one form: sorted keys, no blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def row_hash(row: dict[str, Any]) -> str:
    """The hash of a journal row from its columns (all but `hash`)."""
    emptied = digests(row)
    covered = {
        "seq": row["seq"],
        "at_local": _moment(row["at_local"]),
        "at_utc": _moment(row["at_utc"]),
        "verb": row["verb"],
        "citizen": row["citizen"],
        "detail": emptied["detail_digest"],
        "changes": emptied["changes_digest"],
        "target": row["target"],
        "prev_hash": row["prev_hash"],
    }
    return sha256(canonical(covered).encode()).hexdigest()


def digests(row: dict[str, Any]) -> dict[str, str]:
    """What the hash takes in of detail and changes: their salted digests, or those that were kept of what is gone."""
    salt = row["salt"]
    detail = _digest(salt, row["detail"].encode()) if row["detail"] else row["detail_digest"]
    changes = _digest(salt, row["changes"]) if row["changes"] else row["changes_digest"]
    return {"detail_digest": detail, "changes_digest": changes}


def packed(changes: Sequence[Change]) -> bytes:
    """The changes of a row as they are kept: compressed canonical JSON."""
    plain = [{"table": c.table, "key": c.key, "before": c.before, "after": c.after} for c in changes]
    return zipped(canonical(plain).encode())


def unpacked(data: bytes) -> tuple[Change, ...]:
    """The changes of a row again."""
    if not data:  # an erasure has emptied them
        return ()
    from planner.services.ports import Change  # what only hashes goes without

    plain = json.loads(unzipped(data))
    return tuple(Change(c["table"], c["key"], c["before"], c["after"]) for c in plain)


def zipped(data: bytes) -> bytes:
    """Bytes as they are kept."""
    return zlib.compress(data, _LEVEL)


def unzipped(data: bytes) -> bytes:
    """Bytes as they were."""
    return zlib.decompress(data)


def _moment(value: datetime) -> str:
    return value.isoformat(timespec="microseconds")


def _digest(salt: str, data: bytes) -> str:
    return sha256(salt.encode() + b"\0" + data).hexdigest()
