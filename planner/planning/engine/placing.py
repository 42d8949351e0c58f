"""From a problem to slots: the model is made, solved and read back, with the certificate in dates and minutes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planner.domain.conversations import TALKING
from planner.planning.engine.candidates import Candidates
from planner.planning.engine.certificate import Prices, lower_bound
from planner.planning.engine.instant import Table, begin, filled, improved
from planner.planning.engine.model import Model, Option, Pick
from planner.planning.engine.solve import Solved, Thoroughness, quickly, solve, tidied
from planner.planning.plan import Certificate, DayPrice, Engine, Slot
from planner.planning.problem import Demand, Placement, Problem, carried, placement_of

#: Exchanges tried when one change is mended, and how near the bound is near enough.
_REPAIRS, _ENOUGH = 60, 1.002


@dataclass(frozen=True, slots=True)
class Answer:
    """The placement, what every plan costs at least, the prices that prove it, which engine found it, and from what."""

    placement: Placement
    lower_bound: int
    certificate: Certificate
    engine: Engine
    candidates: Candidates


def place(problem: Problem, thoroughness: Thoroughness = Thoroughness.NEAR, known: Candidates | None = None) -> Answer:
    """Every need of the problem with a slot, or without one; `known` as `Candidates` takes it."""
    candidates = Candidates(problem, known)
    model = candidates.model()
    return answer(problem, candidates, model, solve(model, thoroughness))


def place_at_once(problem: Problem) -> Answer:
    """The same by the instant engine alone."""
    candidates = Candidates(problem)
    model = candidates.model()
    return answer(problem, candidates, model, quickly(model))


def repair(problem: Problem, certificate: Certificate, changed: Collection[str], known: Candidates | None) -> Answer:
    """The previous plan mended at once: what it proposed stays where it can, the `changed` citizens are placed anew.

    The prices of the plan before still tell what time is worth, and still prove a bound.
    """
    candidates = Candidates(problem, known)
    model = candidates.model()
    prices = _still_valid(model, prices_of(certificate, candidates.today, candidates.grid, model.cells))
    table = Table(model, prices)
    moved = set[int]()
    for number, demand in enumerate(problem.demands):
        for pick in _standing(candidates, model, number, demand):
            table.put_if_free(pick)
        if demand.citizen.id in changed or len(table.of_person[number]) < len(demand.earlier):
            moved.add(number)
    stood = frozenset(table.all())
    begin(table)
    bound = lower_bound(model, prices)
    picks = filled(model, prices, improved(table, _REPAIRS, moved, enough=bound * _ENOUGH) if moved else table.all())
    solved = Solved(picks, prices, bound, bound, model.cost(picks) <= bound, Engine.INSTANT)
    new = {model.jobs[pick.job].person for pick in picks if pick not in stood}
    return answer(problem, candidates, model, solved, new)


def _standing(candidates: Candidates, model: Model, number: int, demand: Demand) -> Iterator[Pick]:
    """The picks of the previous plan's proposals, where they are still possible."""
    for earlier in demand.earlier:
        day = (earlier.slot.on - candidates.today).days
        units = sum(1 << n for n, unit in enumerate(demand.units) if unit[0].requirement in earlier.covers)
        job = model.persons[number].jobs.get(units)
        if job is None or earlier.slot.start % candidates.grid:
            continue
        start, channel = earlier.slot.start // candidates.grid, TALKING.index(earlier.slot.channel)
        for option in model.jobs[job].options:
            if option.day == day and option.channel == channel and option.starts >> start & 1:
                yield Pick(job, option, start)
                break


def _still_valid(model: Model, prices: Prices) -> Prices:
    """The prices that still prove something: of days inside the horizon, of places only where there is a limit."""
    size = model.days * model.cells
    cells = {cell: points for cell, points in prices.cells.items() if cell < size}
    return Prices(cells, {d: p for d, p in prices.days.items() if d < model.days and model.room[d] is not None})


def answer(
    problem: Problem, candidates: Candidates, model: Model, solved: Solved, new: Collection[int] | None = None
) -> Answer:
    """What was solved, in the words of the problem; `new` are the persons whose picks are (None: everybody's)."""
    picks = tidied(model, solved.picks, _carrying(problem, candidates, model), new)
    placement = placement_of(problem, slots_of(problem, candidates, model, picks))
    bound = min(solved.bound, placement.objective)
    certificate = Certificate(solved.certified, day_prices(model, candidates, solved.prices))
    return Answer(placement, bound, certificate, solved.engine, candidates)


def slots_of(
    problem: Problem, candidates: Candidates, model: Model, picks: Sequence[Pick]
) -> Mapping[str, Sequence[tuple[int, Slot]]]:
    """Each citizen's conversations: the units covered and the slot."""
    found: dict[str, list[tuple[int, Slot]]] = {}
    for pick in picks:
        job = model.jobs[pick.job]
        citizen = problem.demands[job.person].citizen
        found.setdefault(citizen.id, []).append((job.units, candidates.slot(citizen, pick.option, pick.start)))
    return found


def day_prices(model: Model, candidates: Candidates, prices: Prices) -> tuple[DayPrice, ...]:
    """The prices in dates and minutes."""
    days: dict[int, dict[int, int]] = {}
    for cell, points in sorted(prices.cells.items()):
        day, place_in_day = divmod(cell, model.cells)
        days.setdefault(day, {})[place_in_day * candidates.grid] = points
    first = candidates.today
    return tuple(
        DayPrice(first + timedelta(days=day), days.get(day, {}), prices.days.get(day, 0))
        for day in sorted({*days, *prices.days})
    )


def prices_of(certificate: Certificate, today: date, grid: int, cells: int) -> Prices:
    """The prices of a certificate in the model's cells and days; those of days that have passed are left out.

    Raises ValueError where they do not fit the grid.
    """
    found, places = dict[int, int](), dict[int, int]()
    for entry in certificate.prices:
        day = (entry.on - today).days
        if day < 0:
            continue
        if any(minute % grid for minute in entry.cells):
            raise ValueError("a price off the calendar")
        found |= {day * cells + minute // grid: points for minute, points in entry.cells.items()}
        if entry.place:
            places[day] = entry.place
    return Prices(found, places)


def certified(problem: Problem, certificate: Certificate) -> int:
    """The bound that the certificate's prices prove for the problem, computed afresh; zero where they prove nothing."""
    candidates = Candidates(problem)
    model = candidates.model()
    try:
        return lower_bound(model, prices_of(certificate, candidates.today, candidates.grid, model.cells))
    except ValueError:
        return 0


def unfit_prices(problem: Problem, certificate: Certificate) -> Iterator[str]:
    """The prices of no time that the plan could use, as the validator writes what it finds: `code: when`."""
    grid, limit = problem.caseload.settings.grid_minutes, problem.caseload.caseworker.max_per_day
    for entry in certificate.prices:
        if not problem.caseload.today <= entry.on <= problem.horizon_end:
            yield f"price-outside-the-horizon: {entry.on}"
        if entry.place and limit is None:
            yield f"price-without-a-limit: {entry.on}"
        for minute in sorted(entry.cells):
            if minute % grid:
                yield f"price-off-the-grid: {entry.on} {minute // 60:02d}:{minute % 60:02d}"


def _carrying(problem: Problem, candidates: Candidates, model: Model) -> Callable[[int, Option], int]:
    """How many items can ride with a job in an option."""

    def count(job: int, option: Option) -> int:
        entry = model.jobs[job]
        demand = problem.demands[entry.person]
        if not demand.items:
            return 0
        day = candidates.today + timedelta(days=option.day)
        return len(carried(demand.job(entry.units), day, TALKING[option.channel]))

    return count
