"""Memory: Python's cyclic collector is kept away while a plan is made, and what is freed goes back to the system."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache

#: The setting of glibc for the bytes from which on a piece of memory is one of its own, and goes back when freed.
_M_MMAP_THRESHOLD, _BYTES = -3, 128 * 1024
#: Objects that only the plan of a large caseload adds.
_MUCH_NEW = 50_000


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

    A plan is made of objects without cycles, so nothing has to be collected for it. Where much is made, it goes out of
    the collector's sight at once: the next two collections would look through all of it. A small plan stays in sight:
    it is soon looked through, and with it a dialog would be hidden that is about to go.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > _MUCH_NEW:
            gc.freeze()
        if collecting:
            gc.enable()
