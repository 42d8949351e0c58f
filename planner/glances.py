"""Glances: what was shown last, kept in the store so that it can be shown again before anything else is loaded.

A glance counts only while nothing has changed of all that it was made from, which its basis says.
"""

from __future__ import annotations

import os
from datetime import date
from hashlib import sha256
from pathlib import Path

from planner import __version__

#: The key of today's list as it was told on the line.
TOLD = "told"
_PROGRAM = Path(__file__).parent
#: More citizens than any store has.
_MOST = 1_000_000


def basis(state: str, day: date, trial: bool, *shown: object) -> str:
    """The hash of what a glance is made from.

    `state`: the hash of the store's last journal row; `day`: the planning date; `trial`: whether that was only tried;
    `shown`: whatever else it depends on, as language and masking.
    """
    parts = (__version__, _PROGRAM_AS_BEGUN, state, day.isoformat(), repr(trial), *map(repr, shown))
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def with_count(text: str, count: int) -> bytes:
    """A glance of a text that shows so many citizens."""
    return f"{count}\n{text}".encode()


def text_and_count(data: bytes) -> tuple[str, int]:
    """The text again, and how many citizens it shows; raises ValueError for what is no glance."""
    count, _, text = data.decode().partition("\n")
    if not 0 <= int(count) <= _MOST:
        raise ValueError
    return text, int(count)


def _program() -> str:
    """Which files are installed, the rules among them: an update may have the same version."""
    found, waiting = [], [str(_PROGRAM)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for one in entries:
                if not one.is_dir(follow_symlinks=False):
                    what = one.stat(follow_symlinks=False)
                    found.append((one.name, what.st_size, what.st_mtime_ns))
                elif one.name != "__pycache__":
                    waiting.append(one.path)
    return repr(sorted(found))


_PROGRAM_AS_BEGUN = _program()
