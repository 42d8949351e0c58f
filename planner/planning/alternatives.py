"""Further slots for a proposed conversation, each free of all hard rules against what is booked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from operator import itemgetter

from planner.domain.conversations import Channel
from planner.planning.cost import channel_cost
from planner.planning.diary import Diary
from planner.planning.masks import bits
from planner.planning.plan import Slot
from planner.planning.problem import Job, Problem, carried, channels_on, met_in_person_from

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
        for _, day, channel in days:
            if len(chosen) >= ALTERNATIVES:
                return tuple(chosen)
            if one_a_day and any(day == known.on for known in (slot, *chosen)):
                continue
            minutes = problem.caseload.settings.minutes_for(job.citizen, channel)
            for start in bits(diary.starts(job.citizen, day, channel)):
                other = Slot(day, start, minutes, channel)
                if other in (slot, *chosen) or (other_time and _same_time(other, (slot, *chosen))):
                    continue
                chosen.append(other)
                if one_a_day or len(chosen) >= ALTERNATIVES:
                    break
    return tuple(chosen)


def _same_time(slot: Slot, others: Iterable[Slot]) -> bool:
    return any((slot.on, slot.start) == (other.on, other.start) for other in others)


def days_by_cost(problem: Problem, job: Job) -> list[tuple[int, date, Channel]]:
    """Every day and channel that the job could have; slots are not looked at.

    The cheapest come first, among equals those that carry most items, then the earliest.
    """
    late = problem.lateness(job.windows)
    first = max(problem.caseload.today, *(window.earliest for window in (*job.windows, *job.riders)))
    met, before, after = met_in_person_from(job.citizen), channels_on(job, date.min), channels_on(job, date.max)
    found = [
        (late[place] + channel_cost(job.citizen, channel), day, channel)
        for place, day in enumerate(problem.days)
        if day >= first and day in problem.diary.open
        for channel in (after if met is not None and met < day else before)
        if problem.notice[channel] <= day and problem.diary.allows(day, channel)
    ]
    if job.hopes:
        found.sort(key=lambda entry: (entry[0], -len(carried(job, entry[1], entry[2]))))
    else:
        found.sort(key=itemgetter(0))
    return found
