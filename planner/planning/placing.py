"""A deterministic placing of proposals that keeps every hard rule: cheapest first by deadline, then exchanged.

The interface is `place(problem) -> Placement`; another engine can stand behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen
from planner.domain.conversations import Channel, Counterpart
from planner.planning.cost import (
    UNPLACED_DAYS,
    WITHDRAWN,
    WorkingDays,
    channel_cost,
    lateness,
    moved_cost,
    unplaced_cost,
)
from planner.planning.diary import Diary, bits, first_day, usable_channels
from planner.planning.plan import Slot
from planner.rules.windows import Window

#: Needs of one citizen of which every way of merging is tried; more are taken one by one.
MOST_MERGED = 4
#: Rounds of taking each conversation out and putting it back where it is cheapest.
ROUNDS = 3
ALTERNATIVES = 3
#: How alternatives are sought, best first: one a day only, at another time only.
_WAYS = ((True, True), (False, True), (False, False))
_Key = tuple[str, tuple[tuple[str, date], ...]]


@dataclass(frozen=True, slots=True)
class Job:
    """One conversation to be found: a citizen and the needs that it covers.

    `riders` are the items that ride along, `hopes` all those that could.
    """

    citizen: Citizen
    windows: tuple[Window, ...]
    before: Slot | None = None
    riders: tuple[Window, ...] = ()
    hopes: tuple[Window, ...] = ()

    @property
    def key(self) -> _Key:
        """What tells jobs apart, and puts them in order: a requirement can be due for two of its periods."""
        return self.citizen.id, tuple((window.requirement, window.earliest) for window in self.windows)


@dataclass(frozen=True, slots=True)
class Placed:
    """A job with its slot and cost; without a slot it is unplaced, and `cost` is what that costs."""

    job: Job
    slot: Slot | None
    cost: int


@dataclass(frozen=True, slots=True)
class Placement:
    """Every job with its slot, the sum of the costs, and a proven bound on the cost of every possible plan."""

    placed: tuple[Placed, ...]
    objective: int
    lower_bound: int


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be placed: the needs of each citizen inside the horizon, and the diary that they must fit in."""

    caseload: Caseload
    needs: tuple[tuple[Citizen, tuple[Window, ...]], ...]
    diary: Diary
    working: WorkingDays
    horizon_end: date
    previous: Mapping[str, Sequence[tuple[frozenset[str], Slot]]]
    items: Mapping[str, tuple[Window, ...]] = field(default_factory=dict)

    @property
    def held_as_if(self) -> date:
        """The day on which an unplaced need is reckoned as held."""
        return self.caseload.office.working_days_after(self.horizon_end, UNPLACED_DAYS)


def counting_channels(citizen: Citizen, window: Window, day: date) -> tuple[Channel, ...]:
    """The channels that count for the window on that day: more of them once an earlier booking is in person."""
    in_person_before = any(
        c.channel is Channel.IN_PERSON and c.counterpart is Counterpart.CASEWORKER and citizen.spell_start <= c.on < day
        for c in citizen.booked()
    )
    return window.channels if in_person_before else window.first_channels


def channels_on(job: Job, day: date) -> tuple[Channel, ...]:
    """The citizen's channels that count for everything the job covers on that day, the preferred one first."""
    allowed = [counting_channels(job.citizen, window, day) for window in (*job.windows, *job.riders)]
    return tuple(c for c in usable_channels(job.citizen) if all(c in channels for channels in allowed))


def carried(job: Job, day: date, channel: Channel) -> tuple[Window, ...]:
    """The items that can ride with the job on that day and in that channel: in their window, or already overdue."""
    return tuple(w for w in job.hopes if w.earliest <= day and channel in counting_channels(job.citizen, w, day))


def day_cost(problem: Problem, job: Job, day: date, channel: Channel) -> int:
    """Lateness of each window once, and the channel once."""
    late = sum(lateness(window, day, problem.working) for window in job.windows)
    return late + channel_cost(job.citizen, channel)


def unplaced(problem: Problem, job: Job) -> Placed:
    """The job without a slot."""
    cost = sum(unplaced_cost(w, problem.horizon_end, problem.held_as_if, problem.working) for w in job.windows)
    return Placed(job, None, cost + (WITHDRAWN if job.before else 0))


def days_by_cost(problem: Problem, job: Job) -> list[tuple[int, date, Channel]]:
    """Every day and channel that the job could have; slots are not looked at.

    The cheapest come first, among equals those that carry most items, then the earliest.
    """
    found = []
    day = max(problem.diary.first, *(window.earliest for window in (*job.windows, *job.riders)))
    while day <= problem.horizon_end:
        if day in problem.diary.open:
            for channel in channels_on(job, day):
                if first_day(problem.caseload, channel) <= day and problem.diary.allows(day, channel):
                    found.append((day_cost(problem, job, day, channel), day, channel))
        day += timedelta(days=1)
    found.sort(key=lambda entry: (entry[0], -len(carried(job, entry[1], entry[2]))))
    return found


def candidates(problem: Problem, job: Job, diary: Diary) -> Iterator[tuple[int, Slot]]:
    """The job's free slots with their cost before any stability, cheapest day first."""
    for cost, day, channel in days_by_cost(problem, job):
        minutes = problem.caseload.settings.minutes_for(job.citizen, channel)
        for start in bits(diary.starts(job.citizen, day, channel)):
            yield cost, Slot(day, start, minutes, channel)


def cheapest(problem: Problem, job: Job, diary: Diary, days: Sequence[tuple[int, date, Channel]]) -> Placed:
    """The job in its cheapest free slot, the earliest among equals, or unplaced where that costs less."""
    best = unplaced(problem, job)
    found: tuple[int, Slot] | None = None
    for cost, day, channel in days:
        if cost > best.cost or (found is not None and cost >= found[0]):
            break
        minutes = problem.caseload.settings.minutes_for(job.citizen, channel)
        starts = diary.starts(job.citizen, day, channel)
        if not starts:
            continue
        slot = Slot(day, (starts & -starts).bit_length() - 1, minutes, channel)
        if job.before is not None and job.before.on == day and starts >> job.before.start & 1:
            slot = Slot(day, job.before.start, minutes, channel)
        total = cost + moved_cost(slot, job.before)
        if total <= best.cost and (found is None or total < found[0]):
            found = total, slot
    return Placed(job, found[1], found[0]) if found is not None else best


def place(problem: Problem) -> Placement:
    """Place every need of the problem."""
    jobs: list[Job] = []
    bound = 0
    for citizen, windows in problem.needs:
        chosen, alone = _merged(problem, citizen, windows)
        jobs += chosen
        bound += alone
    jobs.sort(key=lambda job: (*_urgency(problem, job), job.key))
    days = {job.key: days_by_cost(problem, job) for job in jobs}
    placed: dict[_Key, Placed] = {}
    diary = problem.diary.copy()
    for job in jobs:
        result = cheapest(problem, job, diary, days[job.key])
        placed[job.key] = result
        if result.slot is not None:
            diary.book(result.slot)
    for _ in range(ROUNDS):
        if not _exchange(jobs, placed, days, problem, diary):
            break
    results = tuple(placed[job.key] for job in jobs)
    objective = sum(_undisturbed(problem, result) for result in results) + _disturbance(problem, results)
    return Placement(results, objective, bound)


def _urgency(problem: Problem, job: Job) -> tuple[date, int]:
    latest = min(window.latest for window in job.windows)
    return problem.caseload.office.last_working_day(latest), -max(window.priority for window in job.windows)


def _exchange(
    jobs: Sequence[Job],
    placed: dict[_Key, Placed],
    days: Mapping[_Key, Sequence[tuple[int, date, Channel]]],
    problem: Problem,
    diary: Diary,
) -> bool:
    """Take each conversation out that could be cheaper and put it back at its best; whether anything changed."""
    changed = False
    for job in jobs:
        now, possible = placed[job.key], days[job.key]
        if not possible or possible[0][0] >= now.cost:
            continue
        if now.slot is not None:
            diary.release(now.slot)
        better = cheapest(problem, job, diary, possible)
        if better.cost < now.cost:
            placed[job.key], changed = better, True
        slot = placed[job.key].slot
        if slot is not None:
            diary.book(slot)
    return changed


def _partitions(units: Sequence[list[Window]]) -> Iterator[list[list[Window]]]:
    if not units:
        yield []
        return
    head, rest = units[0], units[1:]
    for partition in _partitions(rest):
        yield [head, *partition]
        for place_at in range(len(partition)):
            yield [*partition[:place_at], [*head, *partition[place_at]], *partition[place_at + 1 :]]


def _units(windows: Sequence[Window]) -> list[list[Window]]:
    """The windows by requirement: one conversation settles a missed period together with the present one."""
    units: dict[str, list[Window]] = {}
    for window in sorted(windows, key=lambda window: (window.latest, window.requirement)):
        units.setdefault(window.requirement, []).append(window)
    return list(units.values())


def _merged(problem: Problem, citizen: Citizen, windows: Sequence[Window]) -> tuple[list[Job], int]:
    """The cheapest way of covering the windows if the citizen were alone, and its cost: a bound on every plan."""
    units = _units(windows)
    ways = list(_partitions(units)) if len(units) <= MOST_MERGED else [units]
    best: tuple[int, int, list[Job]] | None = None
    bound: int | None = None
    for way in ways:
        hopes = problem.items.get(citizen.id, ())
        jobs = [Job(citizen, tuple(group), _before(problem, citizen, group), hopes=hopes) for group in way]
        found = [cheapest(problem, job, problem.diary, days_by_cost(problem, job)) for job in jobs]
        cost = sum(placed.cost for placed in found)
        if best is None or (cost, len(jobs)) < best[:2]:
            best = cost, len(jobs), jobs
        undisturbed = cost if not any(job.before for job in jobs) else _alone(problem, jobs)
        bound = undisturbed if bound is None else min(bound, undisturbed)
    assert best is not None
    assert bound is not None
    return best[2], bound if len(units) <= MOST_MERGED else 0


def _alone(problem: Problem, jobs: Sequence[Job]) -> int:
    """What the jobs would cost at least, had nothing been proposed before."""
    free = [replace(job, before=None) for job in jobs]
    return sum(cheapest(problem, job, problem.diary, days_by_cost(problem, job)).cost for job in free)


def _before(problem: Problem, citizen: Citizen, windows: Sequence[Window]) -> Slot | None:
    wanted = {window.requirement for window in windows}
    for covers, slot in problem.previous.get(citizen.id, ()):
        if covers & wanted:
            return slot
    return None


def _undisturbed(problem: Problem, placed: Placed) -> int:
    """The cost of a job where it stands, without what moving it costs."""
    if placed.slot is None:
        return unplaced(problem, replace(placed.job, before=None)).cost
    return day_cost(problem, placed.job, placed.slot.on, placed.slot.channel)


def _disturbance(problem: Problem, results: Sequence[Placed]) -> int:
    """Points for each earlier proposal: moved to the first conversation for one of its needs, or withdrawn."""
    found = [(placed, placed.slot) for placed in results if placed.slot is not None]
    found.sort(key=lambda entry: (entry[1].on, entry[1].start))
    total = 0
    for name, earlier in problem.previous.items():
        left = [
            (frozenset(w.requirement for w in p.job.windows), slot) for p, slot in found if p.job.citizen.id == name
        ]
        for covers, before in earlier:
            now = next((entry for entry in left if entry[0] & covers), None)
            total += moved_cost(now[1], before) if now is not None else WITHDRAWN
            if now is not None:
                left.remove(now)
    return total


def alternatives(problem: Problem, job: Job, slot: Slot, taken: Diary) -> tuple[Slot, ...]:
    """Further slots for the job, free of all hard rules against what is booked.

    First one a day on other days, free of the other proposals too where that is possible, then other times, and the
    same time in another channel where there is nothing else.
    """
    chosen: list[Slot] = []
    for diary, one_a_day, other_time in ((taken, True, True), *((problem.diary, *way) for way in _WAYS)):
        for _, other in candidates(problem, job, diary):
            known = (slot, *chosen)
            if len(chosen) >= ALTERNATIVES:
                return tuple(chosen)
            if other in known or (one_a_day and any(other.on == k.on for k in known)):
                continue
            if not other_time or not any((other.on, other.start) == (k.on, k.start) for k in known):
                chosen.append(other)
    return tuple(chosen)
