"""Keep Python's cyclic collector away while a plan is made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No collection inside: one over a whole caseload stops every thread for longer than a key may wait.

    A plan is made of objects without cycles, so nothing has to be collected for it.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
