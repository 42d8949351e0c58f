"""Memory while a plan is made: Python's cyclic collector is kept away, and what is freed goes back to the system."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache

#: The setting of glibc from which size on memory comes from the system for itself and goes back there, and that size.
_M_MMAP_THRESHOLD, _BYTES = -3, 128 * 1024


@cache
def give_back() -> None:
    """Let glibc give back what is freed: else it keeps as large pieces as were freed once, half of all that is used."""
    if sys.platform == "linux":
        import ctypes  # the first frame does without

        with suppress(OSError, AttributeError):  # another C library has no such setting
            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _BYTES)


@contextmanager
def uncollected() -> Iterator[None]:
    """No collection inside: one over a whole caseload stops every thread for longer than a key may wait.

    A plan is made of objects without cycles, so nothing has to be collected for it. Where what was made before is out
    of the collector's sight, what is made now goes there at once: the next two collections would look through all of
    it. What is there to be collected goes before that, which is little; it would be out of sight for good.
    """
    collecting, hides = gc.isenabled(), gc.get_freeze_count() > 0
    if hides:
        gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if hides:
            gc.freeze()
        if collecting:
            gc.enable()
