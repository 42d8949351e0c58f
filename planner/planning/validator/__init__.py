"""An independent judgement of a plan: every rule of a proposal checked again, with none of the code that placed it.

The placing thinks in free stretches and candidates; here each slot is held against each rule minute by minute, the
holidays come from an own computation of Easter, and the cost is added up once more from the windows.
"""

from __future__ import annotations

from planner.planning.validator.check import violations
from planner.planning.validator.cost import objective

__all__ = ["objective", "violations"]
