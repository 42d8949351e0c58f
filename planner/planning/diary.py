"""The caseworker's days as bit masks of minutes: where a conversation can begin.

No datetime objects in inner loops.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

from planner.domain.caseload import Caseload, SharedKind
from planner.domain.citizens import AWAY_FACTS, Citizen
from planner.domain.conversations import Channel
from planner.planning.masks import MINUTES, WHOLE_DAY, minute_of, starts_within, stretch, taken_by_day, weekly
from planner.planning.plan import Slot
from planner.planning.shared_days import SharedDays


@dataclass(slots=True)
class Diary:
    """Which minutes of which day are open, and what is taken in them.

    `open` holds hours less breaks and busy times; `spans` each day's conversations; `taken` the same with their
    buffer, as a mask. Only days on which the office is open and the caseworker present are in `open`.
    """

    caseload: Caseload
    first: date
    last: date
    open: dict[date, int] = field(default_factory=dict)
    taken: dict[date, int] = field(default_factory=dict)
    spans: dict[date, list[tuple[int, int]]] = field(default_factory=dict)
    grid: int = 0
    shared: SharedDays = field(init=False)
    _starts: dict[date, dict[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        step = self.caseload.settings.grid_minutes
        self.grid = sum(1 << minute for minute in range(0, MINUTES, step))
        self.shared = SharedDays(self.caseload, self.first, self.last)
        self._open_days()
        for citizen in self.caseload.citizens:
            for conversation in citizen.booked():
                if self.first <= conversation.on <= self.last:
                    self._take(conversation.on, conversation.start_minute, conversation.end_minute)

    def _open_days(self) -> None:
        worker, office = self.caseload.caseworker, self.caseload.office
        working, breaks = weekly(worker.working_hours), weekly(worker.breaks)
        day = self.first
        while day <= self.last:
            away = any(absence.first <= day <= absence.last for absence in worker.absent)
            hours = working[day.weekday()] & ~breaks[day.weekday()]
            if hours and not away and office.is_open(day):
                self.open[day] = hours
            day += timedelta(days=1)
        for day, taken in taken_by_day(worker.busy, self.first, self.last).items():
            if day in self.open:
                self.open[day] &= ~taken

    def _take(self, day: date, start: int, end: int) -> None:
        self.spans.setdefault(day, []).append((start, end))
        self._block(day, start, end)

    def _block(self, day: date, start: int, end: int) -> None:
        """Take the minutes with their buffer, which may reach into the day before or after."""
        buffer = self.caseload.caseworker.buffer_minutes
        for shift in (-1, 0, 1):
            mask = stretch(start - buffer - shift * MINUTES, end + buffer - shift * MINUTES)
            if mask:
                other = day + timedelta(days=shift)
                self.taken[other] = self.taken.get(other, 0) | mask
                self._starts.pop(other, None)

    def book(self, slot: Slot) -> None:
        """Take a slot."""
        self._take(slot.on, slot.start, slot.end)

    def release(self, slot: Slot) -> None:
        """Give a slot back that was taken with `book`."""
        self.spans[slot.on].remove((slot.start, slot.end))
        near = [slot.on + timedelta(days=shift) for shift in (-2, -1, 0, 1, 2)]
        for day in near[1:4]:
            self.taken[day] = 0
            self._starts.pop(day, None)
        for day in near:
            for start, end in self.spans.get(day, ()):
                self._block(day, start, end)

    def copy(self) -> Diary:
        """A diary that can be booked in without changing this one."""
        twin = object.__new__(Diary)
        twin.caseload, twin.first, twin.last, twin.open = self.caseload, self.first, self.last, self.open
        twin.shared = self.shared
        twin.taken, twin.grid, twin._starts = dict(self.taken), self.grid, {}
        twin.spans = {day: list(spans) for day, spans in self.spans.items()}
        return twin

    def differs_from(self, other: Diary) -> frozenset[date]:
        """The days on which something else is open or taken."""
        pairs = ((self.open, other.open), (self.taken, other.taken))
        days = {*self.open, *other.open, *self.taken, *other.taken}
        return frozenset(day for day in days if any(mine.get(day, 0) != its.get(day, 0) for mine, its in pairs))

    def is_full(self, day: date) -> bool:
        """Whether the day already has as many conversations as the caseworker takes."""
        most = self.caseload.caseworker.max_per_day
        return most is not None and len(self.spans.get(day, ())) >= most

    def allows(self, day: date, channel: Channel) -> bool:
        """Whether a conversation in this channel can be on this day at all."""
        days = self.caseload.caseworker.in_person_days
        return channel is not Channel.IN_PERSON or days is None or day.weekday() in days

    def free_starts(self, day: date, minutes: int) -> int:
        """The mask of the grid minutes at which `minutes` are free on the day, whoever the citizen is."""
        known = self._starts.setdefault(day, {})
        if minutes not in known:
            free = self.open.get(day, 0) & ~self.taken.get(day, 0)
            known[minutes] = starts_within(free, minutes) & self.grid if free else 0
        return known[minutes]

    def starts(self, citizen: Citizen, day: date, channel: Channel, without: Collection[SharedKind] = ()) -> int:
        """The mask of the minutes at which a conversation with the citizen can begin on the day.

        `without`: as if these were not needed.
        """
        if day not in self.open or self.is_full(day) or not self.allows(day, channel):
            return 0
        minutes = self.caseload.settings.minutes_for(citizen, channel)
        away = unavailable_minutes(citizen, day)
        shared = self.shared.starts(citizen, day, channel, minutes, without)
        if not away:
            return self.free_starts(day, minutes) & shared
        if away == WHOLE_DAY:
            return 0
        free = self.open[day] & ~self.taken.get(day, 0) & ~away
        return starts_within(free, minutes) & self.grid & shared


def unavailable_minutes(citizen: Citizen, day: date) -> int:
    """The mask of the minutes of a day on which the citizen cannot be met."""
    mask = 0
    for gap in citizen.unavailable:
        if gap.first is not None and gap.last is not None:
            if gap.first <= day <= gap.last:
                return WHOLE_DAY
        elif gap.weekday == day.weekday() and gap.start is not None and gap.end is not None:
            mask |= stretch(minute_of(gap.start), minute_of(gap.end))
    if any(fact.kind in AWAY_FACTS and fact.on <= day <= fact.ends for fact in citizen.facts):
        return WHOLE_DAY
    return mask


def first_day(caseload: Caseload, channel: Channel) -> date:
    """The first day that keeps the channel's notice."""
    return caseload.settings.notice[channel].after(caseload.today)


def usable_channels(citizen: Citizen) -> tuple[Channel, ...]:
    """The channels in which a conversation with the citizen can be proposed, the preferred one first."""
    usable = [channel for channel in citizen.channels if channel is not Channel.LETTER]
    return tuple(sorted(usable, key=lambda channel: channel is not citizen.preferred_channel))
