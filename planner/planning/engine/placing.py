"""From a problem to slots: the model is made, solved and read back, with the certificate in dates and minutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planner.domain.conversations import TALKING
from planner.planning.engine.candidates import Candidates
from planner.planning.engine.certificate import Prices, lower_bound
from planner.planning.engine.model import Model, Option, Pick
from planner.planning.engine.solve import Solved, Thoroughness, solve, tidied
from planner.planning.plan import Certificate, DayPrice, Engine, Slot
from planner.planning.problem import Placement, Problem, carried, placement_of


@dataclass(frozen=True, slots=True)
class Answer:
    """The placement, what every plan costs at least, the prices that prove it, and which engine found it."""

    placement: Placement
    lower_bound: int
    certificate: Certificate
    engine: Engine


def place(problem: Problem, thoroughness: Thoroughness = Thoroughness.NEAR) -> Answer:
    """Every need of the problem with a slot, or without one."""
    candidates = Candidates(problem)
    model = candidates.model()
    return answer(problem, candidates, model, solve(model, thoroughness))


def answer(problem: Problem, candidates: Candidates, model: Model, solved: Solved) -> Answer:
    """What was solved, in the words of the problem."""
    picks = tidied(model, solved.picks, _carrying(problem, candidates, model))
    placement = placement_of(problem, slots_of(problem, candidates, model, picks))
    bound = min(solved.bound, placement.objective)
    certificate = Certificate(lower_bound(model, solved.prices), day_prices(model, candidates, solved.prices))
    return Answer(placement, bound, certificate, solved.engine)


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
    """The prices of a certificate in the model's cells and days. Raises ValueError where they do not fit the grid."""
    found, places = dict[int, int](), dict[int, int]()
    for entry in certificate.prices:
        day = (entry.on - today).days
        if day < 0 or any(minute % grid for minute in entry.cells):
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
