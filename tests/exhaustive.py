"""The cheapest plan by trying them all: slot by slot with the validator's rules, and with no code of the engine's.

Meant for problems with few needs and few free times. Nothing is left out but what cannot be cheaper than the best yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple

from planner.domain.conversations import TALKING
from planner.planning.plan import Bucket, CitizenPlan, FixedRhythm, Plan, Proposal, Quality, Slot
from planner.planning.problem import Demand, Earlier, Problem
from planner.planning.validator.cost import (
    ANOTHER_CHANNEL,
    ANOTHER_DAY,
    ANOTHER_TIME,
    OTHER_CHANNEL,
    UNPLACED_DAYS,
    WITHDRAWN,
    day_cost,
)
from planner.planning.validator.slot_rules import Office, Span, slot_faults, span_of
from planner.rules.windows import Window


class Talk(NamedTuple):
    """One conversation of a way: the mask of the units it covers, its slot, and the minutes of that counted through."""

    units: int
    slot: Slot
    span: Span


class Way(NamedTuple):
    """One way of answering a citizen's needs, and what it costs."""

    cost: int
    talks: tuple[Talk, ...]


@dataclass(frozen=True, slots=True)
class Best:
    """The least that any plan costs, and a plan that costs it."""

    cost: int
    talks: dict[str, tuple[Talk, ...]]


def cheapest_plan(problem: Problem) -> Best:
    """The best of all plans."""
    office = Office(problem.caseload)
    ways = [sorted(_ways(problem, office, demand), key=lambda way: way.cost) for demand in problem.demands]
    order = sorted(range(len(ways)), key=lambda number: len(ways[number]))
    search = _Search(problem, office, [ways[number] for number in order])
    search.go(0, 0, ())
    withdrawn = WITHDRAWN * sum(problem.withdrawn.values())
    chosen = {problem.demands[number].citizen.id: way for number, way in zip(order, search.best_ways, strict=True)}
    return Best(search.best + withdrawn, chosen)


class _Search:
    """Depth first over the citizens, the cheapest way first."""

    def __init__(self, problem: Problem, office: Office, ways: Sequence[Sequence[Way]]) -> None:
        worker = problem.caseload.caseworker
        self.buffer, self.most = worker.buffer_minutes, worker.max_per_day
        self.booked = {day: len(spans) for day, spans in office.booked.items()}
        self.ways = [[way for way in each if self._fit([], way.talks)] for each in ways]
        self.least = [sum(each[0].cost for each in self.ways[number:]) for number in range(len(ways) + 1)]
        self.best = sum(each[-1].cost for each in self.ways) + 1
        self.best_ways: list[tuple[Talk, ...]] = [() for _ in ways]
        self.seen: dict[tuple[int, frozenset[Span]], int] = {}

    def go(self, number: int, cost: int, chosen: tuple[tuple[Talk, ...], ...]) -> None:
        """Try every way of the citizen beside what is chosen for those before."""
        if number == len(self.ways):
            self.best, self.best_ways = cost, list(chosen)
            return
        taken = [talk for talks in chosen for talk in talks]
        here = number, frozenset(talk.span for talk in taken)
        if self.seen.get(here, cost + 1) <= cost:
            return
        self.seen[here] = cost
        for way in self.ways[number]:
            if cost + way.cost + self.least[number + 1] >= self.best:
                return
            if self._fit(taken, way.talks):
                self.go(number + 1, cost + way.cost, (*chosen, way.talks))

    def _fit(self, taken: list[Talk], new: Sequence[Talk]) -> bool:
        """Whether the new ones keep their distance to those taken and to each other, and no day has too many."""
        together = list(taken)
        for talk in new:
            first, last = talk.span.start - self.buffer, talk.span.end + self.buffer
            if any(other.span.start < last and first < other.span.end for other in together):
                return False
            together.append(talk)
            day = talk.slot.on
            count = self.booked.get(day, 0) + sum(other.slot.on == day for other in together)
            if self.most is not None and count > self.most:
                return False
        return True


def _ways(problem: Problem, office: Office, demand: Demand) -> Iterator[Way]:
    """Every way of splitting the citizen's units into conversations and leaving the rest out, at every slot."""
    free = list(_slots(problem, office, demand))
    count = _Count(problem, office, demand)
    for parts in _splits(list(range(len(demand.units)))):
        masks = [sum(1 << unit for unit in part) for part in parts]
        fitting = [
            [Talk(mask, slot, span_of(slot)) for slot in free if _answers(demand, part, slot)]
            for mask, part in zip(masks, parts, strict=True)
        ]
        for talks in product(*fitting):
            yield Way(count.cost(talks), talks)


def _slots(problem: Problem, office: Office, demand: Demand) -> Iterator[Slot]:
    """Every slot that breaks no rule against what is booked."""
    settings = problem.caseload.settings
    extra = settings.interpreter_extra_minutes if demand.citizen.interpreter else 0
    for step in range((problem.horizon_end - problem.caseload.today).days + 1):
        for channel in TALKING:
            for start in range(0, 24 * 60, settings.grid_minutes):
                day = problem.caseload.today + timedelta(days=step)
                slot = Slot(day, start, settings.minutes[channel] + extra, channel)
                if next(slot_faults(office, demand.citizen, slot), None) is None:
                    yield slot


def _answers(demand: Demand, part: Sequence[int], slot: Slot) -> bool:
    windows = [window for unit in part for window in demand.units[unit]]
    return all(w.earliest <= slot.on and slot.channel in w.first_channels for w in windows)


def _splits(units: list[int]) -> Iterator[list[list[int]]]:
    """Every way of splitting some of the units into groups; the others are left out."""
    if not units:
        yield []
        return
    first, rest = units[0], units[1:]
    for split in _splits(rest):
        yield split
        yield [[first], *split]
        for number, group in enumerate(split):
            yield [*split[:number], [first, *group], *split[number + 1 :]]


@dataclass(slots=True)
class _Count:
    """Adds up what one citizen costs, from the contract; what a unit costs on a day is kept."""

    problem: Problem
    office: Office
    demand: Demand
    _known: dict[tuple[int, date | None], int] = field(default_factory=dict)

    def cost(self, talks: Sequence[Talk]) -> int:
        """What the citizen costs with these conversations and nothing else."""
        total = 0
        for number in range(len(self.demand.units)):
            total += self._unit(number, next((talk.slot.on for talk in talks if talk.units >> number & 1), None))
        wanted = self.demand.citizen.preferred_channel
        total += sum(OTHER_CHANNEL for talk in talks if wanted is not None and talk.slot.channel is not wanted)
        return total + self._disturbance(talks)

    def _unit(self, number: int, at: date | None) -> int:
        if (number, at) not in self._known:
            days, end = self.office.days, self.problem.horizon_end
            day = at or days.nth_after(end, UNPLACED_DAYS)
            windows = (w for w in self.demand.units[number] if at is not None or w.latest <= end)
            self._known[number, at] = sum(day_cost(days, window, day) for window in windows)
        return self._known[number, at]

    def _disturbance(self, talks: Sequence[Talk]) -> int:
        total, left = 0, sorted(talks, key=lambda talk: (talk.slot.on, talk.slot.start))
        for earlier in self.demand.earlier:
            answer = next((talk for talk in left if names_of(self.demand, talk.units) & earlier.covers), None)
            if answer is None:
                total += WITHDRAWN
                continue
            left.remove(answer)
            total += _moved(answer.slot, earlier.slot)
        return total


def _moved(now: Slot, was: Slot) -> int:
    cost = ANOTHER_CHANNEL if now.channel is not was.channel else 0
    if now.on != was.on:
        return cost + ANOTHER_DAY
    return cost + (ANOTHER_TIME if now.start != was.start else 0)


def names_of(demand: Demand, units: int) -> frozenset[str]:
    """The requirements of the units in the mask."""
    return frozenset(unit[0].requirement for number, unit in enumerate(demand.units) if units >> number & 1)


# --- as a plan, for the validator --------------------------------------------------------------------------------


def as_plan(problem: Problem, talks: dict[str, tuple[Talk, ...]]) -> Plan:
    """A plan with these conversations, of which the validator can say what it costs."""
    parts = [
        _part(
            demand.citizen.id,
            tuple(window for unit in demand.units for window in unit),
            [
                (talk.slot, tuple(sorted(names_of(demand, talk.units))))
                for talk in sorted(talks.get(demand.citizen.id, ()), key=lambda talk: (talk.slot.on, talk.slot.start))
            ],
        )
        for demand in problem.demands
    ]
    return _plan(problem, parts)


def previous_plan(problem: Problem) -> Plan:
    """The plan from before, as the problem knows it."""
    parts = [_part(d.citizen.id, (), [_told(earlier) for earlier in d.earlier]) for d in problem.demands]
    gone = Slot(problem.caseload.today + timedelta(days=1), 8 * 60, 30, TALKING[0])
    parts += [_part(name, (), [(gone, ("gone",))] * count) for name, count in problem.withdrawn.items()]
    return _plan(problem, parts)


def _told(earlier: Earlier) -> tuple[Slot, tuple[str, ...]]:
    return earlier.slot, tuple(sorted(earlier.covers))


def _part(name: str, windows: tuple[Window, ...], talks: Sequence[tuple[Slot, tuple[str, ...]]]) -> CitizenPlan:
    proposals = [Proposal(slot, covers, (), (), False, ()) for slot, covers in talks]
    first = proposals[0] if proposals else None
    return CitizenPlan(name, Bucket.PROPOSED, windows, FixedRhythm(), first, tuple(proposals[1:]))


def _plan(problem: Problem, parts: Sequence[CitizenPlan]) -> Plan:
    today: date = problem.caseload.today
    frame = Plan(today, problem.horizon_end, "", (), (), (), (), (), None, Quality(0, 0, 0.0))
    return replace(frame, citizens=tuple(parts))
