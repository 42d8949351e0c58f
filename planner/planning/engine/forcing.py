"""What every plan costs at least in which one citizen is talked with in one of some ways.

Prices of time prove that bound as they prove the certificate's: everybody chooses what is cheapest at these prices, and
she among those ways only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.planning.engine.certificate import (
    FINE,
    Meter,
    Prices,
    best_of_each,
    best_option,
    cheapest_alone,
    cheapest_covers,
    worth,
)
from planner.planning.engine.model import Model, Option, Person


class Forcing:
    """Bounds for one model at one set of prices."""

    def __init__(self, model: Model, prices: Prices) -> None:
        self._model = model
        self._meter = Meter(model, prices)
        self._least = [cheapest_alone(model, person, self._meter) for person in model.persons]
        self._total = sum(self._least) + FINE * model.constant - worth(model, prices)

    def bound(self, number: int, options: Mapping[int, Sequence[Option]]) -> int:
        """The points of every plan in which the person has one of the options, given by the units that they cover."""
        person = self._model.persons[number]
        more = self._forced(person, options) - self._least[number] if person.every_way else 0
        return -(-(self._total + more) // FINE)

    def _forced(self, person: Person, options: Mapping[int, Sequence[Option]]) -> int:
        """The least that the person costs with one of the options, in thousandths of a point."""
        least = cheapest_covers(person.unplaced, best_of_each(self._model, person, self._meter))
        there = {units: best_option(some, self._meter) for units, some in options.items()}
        lefts = {units: person.all_units & ~units for units in there}
        slack = FINE * person.slack
        return FINE * person.base + min(there[u] + least[left] - (slack if left else 0) for u, left in lefts.items())
