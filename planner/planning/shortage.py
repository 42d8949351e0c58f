"""What is missing: needs that come too late or not at all, which of them nobody could help, and what time is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from planner.domain.citizens import Citizen
from planner.domain.periods import weeks
from planner.planning.engine.certificate import FINE
from planner.planning.plan import Certificate, DayPrice, Slot
from planner.planning.problem import Job, Placement, Problem, channels_on
from planner.rules.windows import Window

_HOUR = 60


@dataclass(frozen=True, slots=True)
class Miss:
    """A need whose latest day the plan does not keep: held later at `slot`, or without one.

    `unavoidable`: there is no time before its latest day even if the citizen were the only one.
    """

    citizen_id: str
    requirement: str
    latest: date
    slot: Slot | None
    unavoidable: bool


@dataclass(frozen=True, slots=True)
class Hour:
    """What one more hour on a day is worth: points by which the plan could become cheaper, at most and about."""

    on: date
    points: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """Everything that the plan cannot keep, and where more time would help most.

    `passed`: latest days before today; `unavoidable`: those still to come that nobody could keep; `capacity`: the rest.
    """

    passed: tuple[Miss, ...]
    unavoidable: tuple[Miss, ...]
    capacity: tuple[Miss, ...]
    hours: tuple[Hour, ...]


def shortage(problem: Problem, placement: Placement, certificate: Certificate) -> Shortage:
    """The plan's misses by the nearest latest day, and the concrete days on which an hour is worth something."""
    misses = sorted(missed(problem, placement), key=lambda miss: (miss.latest, miss.citizen_id, miss.requirement))
    return Shortage(
        passed=tuple(miss for miss in misses if miss.latest < problem.caseload.today),
        unavoidable=tuple(m for m in misses if m.unavoidable and m.latest >= problem.caseload.today),
        capacity=tuple(miss for miss in misses if not miss.unavoidable),
        hours=marginal_hours(problem, certificate),
    )


def missed(problem: Problem, placement: Placement) -> tuple[Miss, ...]:
    """The needs with a latest day inside the horizon that the plan does not keep."""
    return tuple(
        Miss(
            placed.job.citizen.id,
            window.requirement,
            window.latest,
            placed.slot,
            not _possible_in_time(problem, placed.job.citizen, window),
        )
        for placed in placement.placed
        for window in placed.job.windows
        if window.latest <= problem.horizon_end and (placed.slot is None or placed.slot.on > window.latest)
    )


def _possible_in_time(problem: Problem, citizen: Citizen, window: Window) -> bool:
    alone = Job(citizen, (window,))
    days = [day for day in problem.diary.open if window.earliest <= day <= window.latest]
    return any(
        problem.diary.starts(citizen, day, channel)
        for day in days
        for channel in channels_on(alone, day)
        if problem.caseload.settings.notice[channel].after(problem.caseload.today) <= day
    )


def marginal_hours(problem: Problem, certificate: Certificate) -> tuple[Hour, ...]:
    """The days of the concrete weeks on which one more hour would help, the most helpful first."""
    last = weeks(problem.caseload.settings.concrete_weeks).after(problem.caseload.today)
    grid = problem.caseload.settings.grid_minutes
    found = [Hour(price.on, -(-_dearest_hour(price, grid) // FINE)) for price in certificate.prices if price.on <= last]
    return tuple(sorted((hour for hour in found if hour.points), key=lambda hour: (-hour.points, hour.on)))


def _dearest_hour(price: DayPrice, grid: int) -> int:
    """The highest price of an hour of the day, with that of a conversation's place in it, in parts of a point."""
    return price.place + max((_from(price.cells, start, grid) for start in price.cells), default=0)


def _from(cells: Mapping[int, int], start: int, grid: int) -> int:
    return sum(cells.get(minute, 0) for minute in range(start, start + max(_HOUR, grid), grid))
