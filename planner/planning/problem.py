"""What is to be placed: each citizen's needs inside the horizon, and what one conversation for them would cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen
from planner.domain.conversations import TALKING, Channel, Counterpart
from planner.planning.cost import (
    WITHDRAWN,
    WorkingDays,
    channel_cost,
    lateness,
    lateness_by_day,
    moved_cost,
    unplaced_cost,
)
from planner.planning.diary import Diary, first_day, usable_channels
from planner.planning.plan import Slot
from planner.rules.windows import Window


@dataclass(frozen=True, slots=True)
class Job:
    """One conversation to be found: a citizen and the windows that it covers.

    `riders` are the items that ride along, `hopes` all those that could.
    """

    citizen: Citizen
    windows: tuple[Window, ...]
    riders: tuple[Window, ...] = ()
    hopes: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A job with its slot and cost; without a slot it is unplaced, and `cost` is what that costs."""

    job: Job
    slot: Slot | None
    cost: int
    before: Slot | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """A conversation that the previous plan proposed and nobody has agreed on since."""

    covers: frozenset[str]
    slot: Slot


@dataclass(frozen=True, slots=True)
class Demand:
    """One citizen's needs inside the horizon.

    `units` are the windows by requirement: one conversation settles a missed period together with the present one.
    `items` can ride along; `earlier` is what the previous plan proposed, in its order.
    """

    citizen: Citizen
    units: tuple[tuple[Window, ...], ...]
    items: tuple[Window, ...] = ()
    earlier: tuple[Earlier, ...] = ()

    def job(self, chosen: int) -> Job:
        """The conversation that covers the units in the mask `chosen`."""
        windows = (w for number, unit in enumerate(self.units) if chosen >> number & 1 for w in unit)
        return Job(self.citizen, tuple(windows), hopes=self.items)


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything that the engine needs: who wants a conversation, the diary, and how days are counted."""

    caseload: Caseload
    demands: tuple[Demand, ...]
    diary: Diary
    working: WorkingDays
    horizon_end: date
    held_as_if: date
    #: Citizens without a need now to whom the previous plan proposed something, with how many proposals.
    withdrawn: Mapping[str, int] = field(default_factory=dict)
    #: Every day from the planning date to the horizon's end, its rank among working days, and the first in notice.
    days: tuple[date, ...] = field(init=False)
    ranks: tuple[int, ...] = field(init=False)
    notice: Mapping[Channel, date] = field(init=False)

    def __post_init__(self) -> None:
        today = self.caseload.today
        days = tuple(today + timedelta(days=day) for day in range((self.horizon_end - today).days + 1))
        object.__setattr__(self, "days", days)
        object.__setattr__(self, "ranks", tuple(self.working.rank(day) for day in days))
        object.__setattr__(self, "notice", {channel: first_day(self.caseload, channel) for channel in TALKING})

    def lateness(self, windows: Sequence[Window]) -> list[int]:
        """Points for holding the windows' conversation on each of the days."""
        each = [lateness_by_day(window, self.days, self.ranks, self.working) for window in windows]
        return [sum(points) for points in zip(*each, strict=True)] if len(each) > 1 else each[0]


def units_of(windows: Sequence[Window]) -> tuple[tuple[Window, ...], ...]:
    """The windows by requirement, the most pressing first."""
    units: dict[str, list[Window]] = {}
    for window in sorted(windows, key=lambda window: (window.latest, window.requirement, window.earliest)):
        units.setdefault(window.requirement, []).append(window)
    return tuple(tuple(unit) for unit in units.values())


def met_in_person_from(citizen: Citizen) -> date | None:
    """The day after which a first conversation of the spell in person is behind the citizen, by what is booked."""
    met = (
        talk.on
        for talk in citizen.booked()
        if talk.channel is Channel.IN_PERSON
        and talk.counterpart is Counterpart.CASEWORKER
        and citizen.spell_start <= talk.on
    )
    return min(met, default=None)


def counting_channels(citizen: Citizen, window: Window, day: date) -> tuple[Channel, ...]:
    """The channels that count for the window on that day: more of them once an earlier booking is in person."""
    met = met_in_person_from(citizen)
    return window.channels if met is not None and met < day else window.first_channels


def channels_on(job: Job, day: date) -> tuple[Channel, ...]:
    """The citizen's channels that count for everything the job covers on that day, the preferred one first."""
    allowed = [counting_channels(job.citizen, window, day) for window in (*job.windows, *job.riders)]
    return tuple(c for c in usable_channels(job.citizen) if all(c in channels for channels in allowed))


def carried(job: Job, day: date, channel: Channel) -> tuple[Window, ...]:
    """The items that can ride with the job on that day and in that channel: in their window, or already overdue."""
    return tuple(w for w in job.hopes if w.earliest <= day and channel in counting_channels(job.citizen, w, day))


def slot_cost(problem: Problem, job: Job, slot: Slot, before: Slot | None = None) -> int:
    """Lateness of each window once, the channel once, and what the move from `before` costs."""
    late = sum(lateness(window, slot.on, problem.working) for window in job.windows)
    return late + channel_cost(job.citizen, slot.channel) + moved_cost(slot, before)


def window_unplaced(problem: Problem, window: Window) -> int:
    """What the window costs when nobody talks about it inside the horizon."""
    return unplaced_cost(window, problem.horizon_end, problem.held_as_if, problem.working)


@dataclass(frozen=True, slots=True)
class Placement:
    """Every conversation with its slot, the needs without one, and what all of it costs."""

    placed: tuple[Placed, ...]
    objective: int


def placement_of(problem: Problem, found: Mapping[str, Sequence[tuple[int, Slot]]]) -> Placement:
    """The placement from each citizen's conversations (units covered, slot), with every cost added up afresh."""
    placed: list[Placed] = []
    objective = WITHDRAWN * sum(problem.withdrawn.values())
    for demand in problem.demands:
        entries = entries_of(problem, demand, found.get(demand.citizen.id, ()))
        placed += entries
        objective += own_cost(demand, entries)
    return Placement(tuple(placed), objective)


def entries_of(problem: Problem, demand: Demand, chosen: Sequence[tuple[int, Slot]]) -> list[Placed]:
    """One citizen's conversations (units covered, slot) with their costs, and the needs without one."""
    return list(_placed(problem, demand, chosen))


def own_cost(demand: Demand, entries: Sequence[Placed]) -> int:
    """What a citizen's entries cost together with the earlier proposals that none of them answers."""
    answered = sum(entry.before is not None for entry in entries)
    return sum(entry.cost for entry in entries) + WITHDRAWN * (len(demand.earlier) - answered)


def _placed(problem: Problem, demand: Demand, chosen: Sequence[tuple[int, Slot]]) -> Iterator[Placed]:
    """Each earlier proposal is answered by the first conversation for one of its needs that answers no other."""
    in_order = sorted(chosen, key=lambda entry: (entry[1].on, entry[1].start))
    jobs = [(demand.job(units), slot) for units, slot in in_order]
    answered: dict[int, Slot] = {}
    for earlier in demand.earlier:
        for number, (job, _) in enumerate(jobs):
            if number not in answered and any(w.requirement in earlier.covers for w in job.windows):
                answered[number] = earlier.slot
                break
    for number, (job, slot) in enumerate(jobs):
        before = answered.get(number)
        yield Placed(job, slot, slot_cost(problem, job, slot, before), before)
    covered = 0
    for units, _ in chosen:
        covered |= units
    for number in range(len(demand.units)):
        if not covered >> number & 1:
            job = demand.job(1 << number)
            yield Placed(job, None, sum(window_unplaced(problem, window) for window in job.windows))


def riding(job: Job, items: Sequence[Window]) -> Job:
    """The job with the items that its conversation carries."""
    return replace(job, riders=tuple(items))
