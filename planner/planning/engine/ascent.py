"""Prices without a solver: each day's time gets one price, raised where too many want it and lowered where few do.

Subgradient steps on the same bound as the certificate's, over days in place of cells: quick, and a little loose.
"""

from __future__ import annotations

from planner.planning.engine.certificate import FINE, Prices, cheapest_cover
from planner.planning.engine.model import Model, Option, Person
from planner.planning.masks import bits

#: Rounds, fewer where there are very many citizens; the first step, and after how many bad ones it shrinks.
_ROUNDS, _MOST_CHOICES = 200, 60_000
_STEP, _PATIENCE = 4 * FINE, 6


def day_prices(model: Model) -> Prices:
    """The best prices met, the same for every cell of a day."""
    supply = _supply(model)
    cells = [mask.bit_count() for mask in supply]
    rates, places = [0] * model.days, [0] * model.days
    best, best_value = (list(rates), list(places)), -(10**18)
    step, bad = _STEP, 0
    for _ in range(min(_ROUNDS, 10 + _MOST_CHOICES // max(1, len(model.persons)))):
        taken, counted, value = _wanted(model, rates, places)
        value -= sum(rate * many for rate, many in zip(rates, cells, strict=True))
        value -= sum(points * (room or 0) for points, room in zip(places, model.room, strict=True))
        if value > best_value:
            best, best_value, bad = (list(rates), list(places)), value, 0
        else:
            bad += 1
        if bad == _PATIENCE:
            step, bad = max(1, step * 7 // 10), 0
            rates, places = list(best[0]), list(best[1])
            continue
        for day, room in enumerate(model.room):
            if cells[day]:
                rates[day] = max(0, rates[day] + step * (taken[day] - cells[day]) // cells[day])
            if room:
                places[day] = max(0, places[day] + 12 * step * (counted[day] - room) // room)
    return _prices(model, supply, *best)


def _prices(model: Model, supply: list[int], rates: list[int], places: list[int]) -> Prices:
    cells = {
        day * model.cells + cell: rates[day] for day, mask in enumerate(supply) if rates[day] for cell in bits(mask)
    }
    return Prices(cells, {day: points for day, points in enumerate(places) if points})


def _supply(model: Model) -> list[int]:
    """The cells of each day that a conversation could take, those after midnight counted to the day before."""
    supply = [0] * model.days
    for day, length, starts in {(o.day, o.length, o.starts) for job in model.jobs for o in job.options}:
        for cell in range(length):
            supply[day] |= starts << cell
    return [mask & ((1 << model.cells) - 1) for mask in supply]


def _wanted(model: Model, rates: list[int], places: list[int]) -> tuple[list[int], list[int], int]:
    """What everybody would take at these prices: cells and conversations of each day, and what all of it costs."""
    taken, counted, value = [0] * model.days, [0] * model.days, 0
    for person in model.persons:
        least, chosen = _choice(model, person, rates, places)
        value += least
        for option in chosen:
            taken[option.day] += option.length
            counted[option.day] += 1
    return taken, counted, value


def _choice(model: Model, person: Person, rates: list[int], places: list[int]) -> tuple[int, list[Option]]:
    best: dict[int, tuple[int, Option]] = {}
    for units, job in person.jobs.items():
        found: tuple[int, Option] | None = None
        for option in model.jobs[job].options:
            if found is not None and FINE * option.cost >= found[0]:
                break
            points = FINE * option.cost + rates[option.day] * option.length + places[option.day]
            if found is None or points < found[0]:
                found = points, option
        if found is not None:
            best[units] = found
    total = cheapest_cover(person.unplaced, {units: points for units, (points, _) in best.items()})
    return total + FINE * person.base, _options(person, best, total)


def _options(person: Person, best: dict[int, tuple[int, Option]], total: int) -> list[Option]:
    """The options of a cheapest cover: one job that reaches the total with the rest left out, else greedily."""
    left, chosen = person.all_units, list[Option]()
    out = sum(FINE * cost for cost in person.unplaced)
    if total >= out:
        return []
    for units, (points, option) in sorted(best.items(), key=lambda item: (item[1][0] - _sum(person, item[0]), item[0])):
        if units & left == units and points < _sum(person, units):
            chosen.append(option)
            left &= ~units
    return chosen


def _sum(person: Person, units: int) -> int:
    return sum(FINE * cost for number, cost in enumerate(person.unplaced) if units >> number & 1)
