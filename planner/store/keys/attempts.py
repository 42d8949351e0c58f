"""What opened the store or tried to, with the time alone; kept beside it until the log of looks can be written."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

SUFFIX = ".unlocks"
#: More than anybody tries between two times that the store is opened; what is beyond is not kept.
MOST_BYTES = 400_000
#: Whatever else goes by the name, a link or a pipe, is neither followed nor waited for.
SAFELY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | SAFELY


def attempts_file(store: Path) -> Path:
    """Where they are kept."""
    return store.with_name(store.name + SUFFIX)


def note_attempt(store: Path, *, succeeded: bool) -> None:
    """Add one line, as far as there is room and leave to write."""
    at = datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    line = f"{at} {'unlock' if succeeded else 'failed_unlock'}\n".encode("ascii")
    with suppress(OSError):
        descriptor = os.open(attempts_file(store), _FLAGS, 0o600)
        try:
            found = os.fstat(descriptor)
            if stat.S_ISREG(found.st_mode) and found.st_size < MOST_BYTES:
                os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
