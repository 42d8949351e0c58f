"""Further slots for a proposed conversation, each free of all hard rules against what is booked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from planner.domain.conversations import Channel
from planner.planning.cost import channel_cost, lateness
from planner.planning.diary import Diary, bits, first_day
from planner.planning.plan import Slot
from planner.planning.problem import Job, Problem, carried, channels_on

ALTERNATIVES = 3
#: How alternatives are sought, best first: one a day only, at another time only.
_WAYS = ((True, True), (False, True), (False, False))


def alternatives(problem: Problem, job: Job, slot: Slot, taken: Diary) -> tuple[Slot, ...]:
    """Further slots for the job, the cheapest first.

    First one a day on other days, free of the other proposals too where that is possible, then other times, and the
    same time in another channel where there is nothing else.
    """
    chosen: list[Slot] = []
    days = days_by_cost(problem, job)
    for diary, one_a_day, other_time in ((taken, True, True), *((problem.diary, *way) for way in _WAYS)):
        for other in _slots(problem, job, diary, days):
            known = (slot, *chosen)
            if len(chosen) >= ALTERNATIVES:
                return tuple(chosen)
            if other in known or (one_a_day and any(other.on == k.on for k in known)):
                continue
            if not other_time or not any((other.on, other.start) == (k.on, k.start) for k in known):
                chosen.append(other)
    return tuple(chosen)


def days_by_cost(problem: Problem, job: Job) -> list[tuple[int, date, Channel]]:
    """Every day and channel that the job could have; slots are not looked at.

    The cheapest come first, among equals those that carry most items, then the earliest.
    """
    found = []
    day = max(problem.diary.first, *(window.earliest for window in (*job.windows, *job.riders)))
    while day <= problem.horizon_end:
        if day in problem.diary.open:
            late = sum(lateness(window, day, problem.working) for window in job.windows)
            for channel in channels_on(job, day):
                if first_day(problem.caseload, channel) <= day and problem.diary.allows(day, channel):
                    found.append((late + channel_cost(job.citizen, channel), day, channel))
        day += timedelta(days=1)
    found.sort(key=lambda entry: (entry[0], -len(carried(job, entry[1], entry[2]))))
    return found


def _slots(problem: Problem, job: Job, diary: Diary, days: list[tuple[int, date, Channel]]) -> Iterator[Slot]:
    for _, day, channel in days:
        minutes = problem.caseload.settings.minutes_for(job.citizen, channel)
        for start in bits(diary.starts(job.citizen, day, channel)):
            yield Slot(day, start, minutes, channel)
