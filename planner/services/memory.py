"""Memory: Python's cyclic collector is kept away while much is made, and what is freed goes back to the system."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from traceback import clear_frames

#: The setting of glibc for the bytes from which on a piece of memory is one of its own, and goes back when freed.
_M_MMAP_THRESHOLD, _BYTES = -3, 128 * 1024
#: Objects that only the plan of a large caseload adds, or the figures of years.
_MUCH_NEW = 50_000


@dataclass(slots=True)
class _Away:
    """How many threads keep the collector away, and whether it comes back with the last of them."""

    turn: Lock = field(default_factory=Lock)
    threads: int = 0
    comes_back: bool = False


_AWAY = _Away()


@cache
def give_back() -> None:
    """Let glibc give back what is freed: else it keeps back pieces as large as any that was ever freed."""
    if sys.platform == "linux":
        with suppress(ImportError, OSError, AttributeError):  # another C library has no such setting
            import ctypes  # the first frame does without

            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _BYTES)


@contextmanager
def uncollected() -> Iterator[None]:
    """No collection inside: one over a whole caseload stops every thread for longer than a key may wait.

    Plans and figures are made of objects without cycles, so nothing has to be collected for them. Where much is new
    when the last thread leaves, all of it goes out of the collector's sight: the next two collections would look
    through it. A little stays in sight: it is soon looked through, and with it a dialog would be hidden that is about
    to go. What a failure has in its hands is let go of first.
    """
    with _AWAY.turn:
        if not _AWAY.threads:
            _AWAY.comes_back = gc.isenabled()
            gc.disable()
        _AWAY.threads += 1
    try:
        yield
    except BaseException as error:
        clear_frames(error.__traceback__)
        raise
    finally:
        with _AWAY.turn:
            _AWAY.threads -= 1
            if not _AWAY.threads:
                if gc.get_count()[0] > _MUCH_NEW:
                    gc.freeze()
                if _AWAY.comes_back:
                    gc.enable()
