"""Keep Python's cyclic collector away while a plan is made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
