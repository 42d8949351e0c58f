"""A machine on which the solver is not installed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import planner.planning.engine


@contextmanager
def without_the_solver() -> Iterator[None]:
    """As on such a machine."""
    room = vars(planner.planning.engine)
    kept = room.pop("exact", None)
    try:
        with patch.dict(sys.modules, {"planner.planning.engine.exact": None}):
            yield
    finally:
        if kept is not None:
            room["exact"] = kept
