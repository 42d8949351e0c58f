"""Slots that cost nothing to try, for tests; what they cost in earnest is a test of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from planner.store.keys import slots
from planner.store.keys.slots import Cost


@contextmanager
def cheap_keys() -> Iterator[None]:
    """New slots are opened without a delay."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slots, "COST", Cost(8, 1, 1))
        yield
