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
from typing import Any

from planner.services.ports import Change

GENESIS = "0" * 64
# Level 1: a caseload of ten thousand citizens is one journal row, and speed matters more than the last tenth.
_LEVEL = 1


def canonical(value: object) -> str:
    """JSON in exactly one form: sorted keys, no blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def row_hash(row: dict[str, Any]) -> str:
    """The hash of a journal row from its columns (all but `hash`)."""
    salt = row["salt"]
    covered = {
        "seq": row["seq"],
        "at_local": _moment(row["at_local"]),
        "at_utc": _moment(row["at_utc"]),
        "verb": row["verb"],
        "citizen": row["citizen"],
        "detail": _digest(salt, row["detail"].encode()),
        "changes": _digest(salt, row["changes"]),
        "target": row["target"],
        "prev_hash": row["prev_hash"],
    }
    return sha256(canonical(covered).encode()).hexdigest()


def packed(changes: Sequence[Change]) -> bytes:
    """The changes of a row as they are kept: compressed canonical JSON."""
    plain = [{"table": c.table, "key": c.key, "before": c.before, "after": c.after} for c in changes]
    return zipped(canonical(plain).encode())


def unpacked(data: bytes) -> tuple[Change, ...]:
    """The changes of a row again."""
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
