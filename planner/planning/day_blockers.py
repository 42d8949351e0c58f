"""What forbids a conversation with a citizen on a day whatever the plan: the first hard rule that fails, named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planner.domain.calendar import public_holidays
from planner.domain.caseload import Caseload, SharedKind
from planner.domain.citizens import Citizen
from planner.domain.conversations import Channel
from planner.planning.diary import first_day, unavailable_minutes, usable_channels
from planner.planning.masks import WHOLE_DAY, starts_within, taken_by_day, weekly
from planner.planning.plan import Slot
from planner.planning.problem import Demand, Job, Problem, channels_on
from planner.planning.slots import blockers
from planner.rules.windows import Because, because


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked about: a day, and where it matters a start (minutes from midnight) and a channel."""

    on: date
    start: int | None = None
    channel: Channel | None = None


def blocker(problem: Problem, demand: Demand | None, wish: Wish) -> Because | None:
    """The first hard rule that the wish breaks for the citizen if nobody else were planned; None where it is possible.

    `demand` is None for a citizen with nothing to place.
    """
    return next(_blockers(problem, demand, wish), None)


def days_blocked(problem: Problem, job: Job) -> tuple[tuple[str, int], ...]:
    """How many of the weekdays that are planned each hard rule takes from the job, the one that takes most first.

    Each day counts for the first rule that it breaks; public holidays are left out, as weekends are.
    """
    first, last = problem.caseload.today, problem.horizon_end
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    reasons = (next(_blockers_of(problem, job.citizen, [job], Wish(day)), None) for day in days)
    counted = Counter(reason.code for reason in reasons if reason is not None)
    for code in ("weekend", "public_holiday"):
        del counted[code]
    return tuple(counted.most_common())


def _blockers(problem: Problem, demand: Demand | None, wish: Wish) -> Iterator[Because]:
    if wish.on < problem.caseload.today:
        yield because("day_past", on=wish.on)
    if demand is None:
        yield because("nothing_to_place")
        return
    jobs = [demand.job(1 << number) for number in range(len(demand.units))]
    yield from _blockers_of(problem, demand.citizen, jobs, wish)


def _blockers_of(problem: Problem, citizen: Citizen, jobs: Sequence[Job], wish: Wish) -> Iterator[Because]:
    caseload, day = problem.caseload, wish.on
    if day > problem.horizon_end:
        yield because("beyond_planned", on=day, last=problem.horizon_end)
    yield from _closed(caseload, day)
    opens = [max(window.earliest for window in job.windows) for job in jobs]
    if day < min(opens):
        first = min(opens)
        yield because("before_earliest", requirement=jobs[opens.index(first)].windows[0].requirement, first=first)
    opened = [job for job, first in zip(jobs, opens, strict=True) if first <= day]
    counting = list(dict.fromkeys(channel for job in opened for channel in channels_on(job, day)))
    yield from _uncounted(citizen, opened, counting, wish.channel)
    channels = counting if wish.channel is None else [wish.channel]
    soonest = min(channels, key=lambda channel: first_day(caseload, channel), default=None)
    channels = [channel for channel in channels if first_day(caseload, channel) <= day]
    if soonest is not None and not channels:
        yield because("notice", channel=soonest.value, first=first_day(caseload, soonest))
    if channels and not any(problem.diary.allows(day, channel) for channel in channels):
        yield because("not_in_person_day", on=day)
    channels = [channel for channel in channels if problem.diary.allows(day, channel)]
    yield from _occupied(problem, citizen, wish, channels)


def _closed(caseload: Caseload, day: date) -> Iterator[Because]:
    """Why nobody is met on the day at all."""
    if day.weekday() > 4:
        yield because("weekend", on=day)
    if day in public_holidays(day.year):
        yield because("public_holiday", on=day)
    if day in caseload.closing_days:
        yield because("closing_day", on=day)
    worker = caseload.caseworker
    if any(absence.first <= day <= absence.last for absence in worker.absent):
        yield because("caseworker_absent", on=day)
    if not weekly(worker.working_hours)[day.weekday()]:
        yield because("no_hours_that_day", on=day)


def _uncounted(
    citizen: Citizen, opened: Sequence[Job], counting: Sequence[Channel], wanted: Channel | None
) -> Iterator[Because]:
    """Why none of the citizen's channels, or not the wanted one, serves any need."""
    usable = usable_channels(citizen)
    if not usable:
        yield because("no_channel")
    if wanted is not None and wanted not in usable:
        yield because("channel_not_usable", channel=wanted.value)
    elif opened and not counting:
        yield because("no_channel_counts", requirement=opened[0].windows[0].requirement)
    elif opened and wanted is not None and wanted not in counting:
        requirement = opened[0].windows[0].requirement
        yield because("channel_does_not_count", channel=wanted.value, requirement=requirement)


def _occupied(problem: Problem, citizen: Citizen, wish: Wish, channels: Sequence[Channel]) -> Iterator[Because]:
    """Why no time of the day is left for the citizen, beside what is booked."""
    caseload, day = problem.caseload, wish.on
    if wish.start is not None:
        slots = [
            Slot(day, wish.start, caseload.settings.minutes_for(citizen, channel), channel) for channel in channels
        ]
        reasons = [blockers(caseload, citizen, slot) for slot in slots]
        if reasons and all(reasons):
            yield reasons[0][0]
        return
    if unavailable_minutes(citizen, day) == WHOLE_DAY:
        yield because("citizen_away", on=day)
    if problem.diary.is_full(day):
        yield because("day_full", on=day, most=caseload.caseworker.max_per_day or 0)
    minutes = min((caseload.settings.minutes_for(citizen, channel) for channel in channels), default=0)
    if minutes:
        yield from _no_time(problem, citizen, day, minutes)
        yield from _nothing_shared(problem, citizen, day, channels)


def _no_time(problem: Problem, citizen: Citizen, day: date, minutes: int) -> Iterator[Because]:
    """What takes the last stretch that is long enough: one thing after the other is taken out of the day."""
    worker = problem.caseload.caseworker
    free = weekly(worker.working_hours)[day.weekday()]
    taken_out = (
        ("hours_too_short", 0),
        ("citizen_leaves_none", unavailable_minutes(citizen, day)),
        ("busy_leaves_none", taken_by_day(worker.busy, day, day).get(day, 0)),
        ("breaks_leave_none", weekly(worker.breaks)[day.weekday()]),
        ("bookings_leave_none", problem.diary.taken.get(day, 0)),
    )
    for code, mask in taken_out:
        free &= ~mask
        if not starts_within(free, minutes):
            yield because(code, on=day, minutes=minutes)
            return
    if not starts_within(free, minutes) & problem.diary.grid:
        yield because("grid_leaves_none", on=day, minutes=minutes, grid=problem.caseload.settings.grid_minutes)


def _nothing_shared(problem: Problem, citizen: Citizen, day: date, channels: Sequence[Channel]) -> Iterator[Because]:
    """Which shared calendar leaves no time of the day."""

    def fits(*without: SharedKind) -> bool:
        return any(problem.diary.starts(citizen, day, channel, without) for channel in channels)

    if fits():
        return
    room, interpreter = fits(SharedKind.ROOM), fits(SharedKind.INTERPRETER)
    if room == interpreter:  # each would do alone, but never at the same time; or neither is ever there
        yield because("no_room_and_interpreter", on=day)
    elif room:
        yield because("no_room", on=day)
    else:
        yield because("no_interpreter", on=day, spoken=citizen.interpreter or "")
