"""The certificate: prices for time, from which anybody can compute that no plan is cheaper than the bound.

Whoever takes a cell of the calendar pays its price, and whoever takes one of a day's conversations pays the day's. Let
each citizen choose what is cheapest for her at these prices as if she were alone: the sum of that, less what all the
time is worth, is at most the cost of every possible plan (Lagrange; the prices are rounded duals of the exact engine's
linear programme, but any prices that are not negative prove a bound). Whole numbers only: prices are thousandths of a
point, and the cost of a plan is a whole number, so the bound may be rounded up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from planner.planning.engine.model import Model, Option, Person
from planner.planning.masks import bits

#: Parts of a point in which prices are counted.
FINE = 1000


@dataclass(frozen=True, slots=True)
class Prices:
    """What time costs in thousandths of a point: each cell, counted through, and a conversation's place in each day."""

    cells: Mapping[int, int] = field(default_factory=dict)
    days: Mapping[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Meter:
    """Reads prices quickly: the cheapest start of each option, kept by day, length and starts."""

    model: Model
    prices: Prices
    _until: list[int] = field(init=False)
    _windows: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    _cheapest: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        each = [0] * ((self.model.days + 1) * self.model.cells)
        for cell, points in self.prices.cells.items():
            each[cell] = points
        self._until = [0, *accumulate(each)]

    def of(self, day: int, start: int, length: int) -> int:
        """The price of a conversation's cells and its place in the day."""
        first = day * self.model.cells + start
        last = min(first + length, len(self._until) - 1)
        return self._until[last] - self._until[first] + self.prices.days.get(day, 0)

    def start(self, option: Option) -> int:
        """The option's start with the lowest price, the earliest among equals."""
        each = self._each(option.day, option.length)
        return min(bits(option.starts), key=each.__getitem__)

    def cheapest_of(self, option: Option, starts: int) -> tuple[int, int]:
        """The start with the lowest price among some of the option's, the earliest among equals, and that price."""
        if not self.prices.cells:
            return (starts & -starts).bit_length() - 1, self.prices.days.get(option.day, 0)
        each = self._each(option.day, option.length)
        start = min(bits(starts), key=each.__getitem__)
        return start, each[start] + self.prices.days.get(option.day, 0)

    def cheapest(self, option: Option) -> int:
        """The lowest price of any of the option's starts, the day's place included."""
        key = (option.day, option.length, option.starts)
        known = self._cheapest.get(key)
        if known is None:
            each = self._each(option.day, option.length)
            known = min(each[start] for start in bits(option.starts)) + self.prices.days.get(option.day, 0)
            self._cheapest[key] = known
        return known

    def _each(self, day: int, length: int) -> list[int]:
        key = (day, length)
        known = self._windows.get(key)
        if known is None:
            until, first, last = self._until, day * self.model.cells, len(self._until) - 1
            known = [until[min(first + s + length, last)] - until[first + s] for s in range(self.model.cells)]
            self._windows[key] = known
        return known


def worth(model: Model, prices: Prices) -> int:
    """What all the time is worth at these prices: each cell once, each day's places."""
    rooms = ((points, model.room[day]) for day, points in prices.days.items())
    return sum(prices.cells.values()) + sum(points * room for points, room in rooms if room is not None)


def lower_bound(model: Model, prices: Prices) -> int:
    """The points that every plan costs at least.

    Raises ValueError for prices that prove nothing: below zero, off the calendar, or for a place in a day that takes
    any number.
    """
    if any(points < 0 for points in (*prices.cells.values(), *prices.days.values())):
        raise ValueError("a price below zero")
    if any(not 0 <= cell < (model.days + 1) * model.cells for cell in prices.cells):
        raise ValueError("a price off the calendar")
    if any(not 0 <= day < model.days or model.room[day] is None for day in prices.days):
        raise ValueError("a price for a day that has no limit")
    meter = Meter(model, prices)
    alone = sum(cheapest_alone(model, person, meter) for person in model.persons)
    total = alone + FINE * model.constant - worth(model, prices)
    return max(0, -(-total // FINE))


def cheapest_alone(model: Model, person: Person, meter: Meter) -> int:
    """The least that a citizen's needs cost at these prices over every way of merging, in thousandths of a point.

    Where not every way was looked at nothing is claimed but that costs and prices are never negative.
    """
    if not person.every_way:
        return 0
    best_of = best_of_each(model, person, meter)
    least = cheapest_cover(person.unplaced, best_of)
    if person.slack:
        together = best_of.pop(person.all_units, least)
        least = min(together, cheapest_cover(person.unplaced, best_of) - FINE * person.slack)
    return FINE * person.base + least


def best_of_each(model: Model, person: Person, meter: Meter) -> dict[int, int]:
    """The lowest cost with price of each of the citizen's jobs, by the units that it covers."""
    return {units: best_option(model.jobs[job].options, meter) for units, job in person.jobs.items()}


def cheapest_cover(unplaced: Sequence[int], best_of: Mapping[int, int]) -> int:
    """The cheapest way of splitting the units into conversations and left-out ones, in thousandths of a point."""
    if len(unplaced) == 1:
        return min(FINE * unplaced[0], best_of.get(1, FINE * unplaced[0]))
    return cheapest_covers(unplaced, best_of)[-1]


def cheapest_covers(unplaced: Sequence[int], best_of: Mapping[int, int]) -> list[int]:
    """`cheapest_cover` for every set of the units, by its mask."""
    full = (1 << len(unplaced)) - 1
    least = [0] * (full + 1)
    for units in range(1, full + 1):
        low = units & -units
        least[units] = FINE * unplaced[low.bit_length() - 1] + least[units ^ low]
        part = units
        while part:
            if part & low and part in best_of:
                least[units] = min(least[units], best_of[part] + least[units ^ part])
            part = (part - 1) & units
    return least


def best_option(options: Sequence[Option], meter: Meter) -> int:
    """The lowest cost with price; options are sorted by cost, so the search ends where the cost alone is dearer."""
    best: int | None = None
    for option in options:
        if best is not None and FINE * option.cost >= best:
            break
        points = FINE * option.cost + meter.cheapest(option)
        if best is None or points < best:
            best = points
    assert best is not None
    return best
