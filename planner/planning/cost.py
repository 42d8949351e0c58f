"""What a proposal costs: lateness, earliness, channel and disturbance, all in whole points (contract, section 4)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planner.domain.calendar import OfficeCalendar
from planner.domain.citizens import Citizen
from planner.domain.conversations import Channel
from planner.planning.plan import Slot
from planner.rules.windows import Window

LATE_PER_DAY = 2
MISSED = 60
MISSED_PER_DAY = 6
OTHER_CHANNEL = 4
MOVED_DAY, MOVED_TIME, MOVED_CHANNEL, WITHDRAWN = 6, 3, 4, 6
UNPLACED_DAYS = 5


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The office's working days over a stretch, for counting between any two of its dates."""

    days: tuple[date, ...]

    @classmethod
    def between(cls, office: OfficeCalendar, first: date, last: date) -> WorkingDays:
        """The working days from `first` to `last`."""
        span = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return cls(tuple(day for day in span if office.is_open(day)))

    def rank(self, day: date) -> int:
        """Working days until `day`, that day included."""
        return bisect_right(self.days, day)

    def count(self, after: date, until: date) -> int:
        """Working days in (after, until]."""
        return max(0, self.rank(until) - self.rank(after))


def lateness(window: Window, day: date, working: WorkingDays) -> int:
    """Points for holding the window's conversation on `day`: early, late and past the latest day."""
    late = LATE_PER_DAY * window.priority * working.count(window.target, day)
    early = working.count(day, window.target)
    missed = 0
    if day > window.latest:
        missed = window.priority * (MISSED + MISSED_PER_DAY * working.count(window.latest, day))
    return late + early + missed


def lateness_by_day(window: Window, days: Sequence[date], ranks: Sequence[int], working: WorkingDays) -> list[int]:
    """`lateness` for each of the days, of which `ranks` are the ranks."""
    p, target, latest, last = window.priority, working.rank(window.target), working.rank(window.latest), window.latest
    points = [LATE_PER_DAY * p * (rank - target) if rank > target else target - rank for rank in ranks]
    for place, day in enumerate(days):
        if day > last:
            points[place] += p * (MISSED + MISSED_PER_DAY * max(0, ranks[place] - latest))
    return points


def channel_cost(citizen: Citizen, channel: Channel) -> int:
    """Points for a channel that is not the one the citizen prefers."""
    return 0 if citizen.preferred_channel in (None, channel) else OTHER_CHANNEL


def unplaced_cost(window: Window, horizon_end: date, held_as_if: date, working: WorkingDays) -> int:
    """Points for a need without a slot; nothing when its latest day lies beyond the horizon."""
    return lateness(window, held_as_if, working) if window.latest <= horizon_end else 0


def moved_cost(slot: Slot, before: Slot | None) -> int:
    """Points for disturbing what was proposed before."""
    if before is None:
        return 0
    moved = MOVED_CHANNEL if slot.channel is not before.channel else 0
    if slot.on != before.on:
        return moved + MOVED_DAY
    return moved + (MOVED_TIME if slot.start != before.start else 0)
