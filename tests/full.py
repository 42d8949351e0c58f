"""How many examples: a few by default, all that were promised with PLANNER_FULL=1 in the environment."""

from __future__ import annotations

import os

FULL = os.environ.get("PLANNER_FULL", "") not in ("", "0")
#: Seconds that one test may take; 0 for as long as it needs.
PATIENCE = 0 if FULL else 300


def many(usually: int, in_full: int) -> int:
    """The number of examples of this run."""
    return in_full if FULL else usually
