"""The caseworker's week as it stands: what takes each day's working time, and the conversations that lie in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from planner.domain.calendar import public_holidays
from planner.domain.caseload import Caseload
from planner.domain.conversations import Conversation, Counterpart, Status
from planner.planning.masks import MINUTES, stretch, taken_by_day, weekly
from planner.planning.plan import Slot
from planner.rules.windows import Because, because
from planner.services.ports import RECENT
from planner.services.results import Today

DAYS = 7
SUNDAY = timedelta(days=DAYS - 1)
_A_WEEK = timedelta(weeks=1)
#: The weekdays that are always shown.
WEEKDAYS = 5


class Kind(StrEnum):
    """What a stretch of working time is taken by; where several lie on each other, the first in this order."""

    BOOKED = "booked"
    HELD = "held"
    PROPOSED = "proposed"
    TENTATIVE = "tentative"
    BUSY = "busy"
    BREAK = "break"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation in the week: booked or held, or proposed; `booking` is the booked one, None for a proposal.

    `name` is the citizen's as it may be seen.
    """

    kind: Kind
    citizen_id: str
    name: str
    slot: Slot
    booking: Conversation | None = None
    covers: tuple[str, ...] = ()

    @property
    def has_time(self) -> bool:
        """Whether it is known when on its day it was."""
        return self.booking is None or self.booking.has_time


@dataclass(frozen=True, slots=True)
class Stretch:
    """Minutes [start, end) of a day that are all of one kind; `title` is what a busy time is called."""

    kind: Kind
    start: int
    end: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day: its working hours in stretches without gap or overlap, and its conversations by time.

    `closed` says why nobody works that day, None on a working day. A conversation may lie outside the stretches;
    one of which only the day is known is among `untimed` instead.
    """

    on: date
    closed: Because | None
    stretches: tuple[Stretch, ...]
    talks: tuple[Talk, ...]
    untimed: tuple[Talk, ...] = ()

    def free(self) -> tuple[Stretch, ...]:
        """The stretches that nothing takes."""
        return tuple(one for one in self.stretches if one.kind is Kind.FREE)

    def at(self, minute: int) -> Stretch | None:
        """The stretch in which the minute lies; None outside the working hours."""
        return next((one for one in self.stretches if one.start <= minute < one.end), None)


@dataclass(frozen=True, slots=True)
class WeekView:
    """An ISO week from Monday to Sunday."""

    year: int
    week: int
    today: date
    days: tuple[WeekDay, ...]

    @property
    def monday(self) -> date:
        """The first day."""
        return self.days[0].on

    def shown(self) -> tuple[WeekDay, ...]:
        """Monday to Friday, and the weekend as far as something lies there."""
        last = max((n for n, day in enumerate(self.days) if day.talks or day.untimed or day.stretches), default=0)
        return self.days[: max(WEEKDAYS, last + 1)]

    def hours(self) -> tuple[int, int]:
        """The first minute in which something lies and the end of the last; eight to four where nothing does."""
        starts = [part.start for day in self.days for part in day.stretches]
        starts += [talk.slot.start for day in self.days for talk in day.talks]
        ends = [part.end for day in self.days for part in day.stretches]
        ends += [talk.slot.end for day in self.days for talk in day.talks]
        return (min(starts), min(max(ends), MINUTES)) if starts else (8 * 60, 16 * 60)


def monday_of(day: date) -> date:
    """The Monday of the day's ISO week."""
    return day - timedelta(days=day.weekday())


def week_view(today: Today, day: date) -> WeekView:
    """The ISO week in which `day` lies, as the list of today has it."""
    monday, caseload = monday_of(day), today.caseload
    sunday = monday + SUNDAY
    names = {row.citizen.id: row.citizen.name for row in today.rows}
    found = talks_between(today, monday, sunday)
    talks = sorted(found, key=lambda t: (t.slot.on, t.slot.start, names[t.citizen_id], t.citizen_id))
    each = (monday + timedelta(days=number) for number in range(DAYS))
    iso = monday.isocalendar()
    days = tuple(_day(caseload, on, [talk for talk in talks if talk.slot.on == on]) for on in each)
    return WeekView(iso.year, iso.week, today.today, days)


def is_at_hand(today: Today, day: date) -> bool:
    """Whether the list has all conversations of the day's ISO week; those of an earlier one the desk must look up."""
    return monday_of(day) >= today.today - RECENT + _A_WEEK  # a day passes before the list is that of the next one


def with_past(today: Today, past: Mapping[str, tuple[Conversation, ...]]) -> Today:
    """The list with other conversations, by the citizens' ids."""
    rows = (
        replace(row, citizen=replace(row.citizen, conversations=past.get(row.citizen.id, ()))) for row in today.rows
    )
    return replace(today, rows=tuple(rows))


def talks_between(today: Today, first: date, last: date) -> Iterator[Talk]:
    """The caseworker's conversations from `first` to `last`: booked, held, and proposed from today on."""
    for row in today.rows:
        citizen = row.citizen
        for talk in citizen.conversations:
            if first <= talk.on <= last and talk.status in _KINDS and talk.counterpart is Counterpart.CASEWORKER:
                slot = Slot(talk.on, talk.start_minute, talk.minutes, talk.channel)
                yield Talk(_KINDS[talk.status], citizen.id, citizen.shown_name, slot, booking=talk)
        for proposal in (row.part.proposal, *row.part.later):
            if proposal is not None and first <= proposal.slot.on <= last:
                kind = Kind.TENTATIVE if proposal.tentative else Kind.PROPOSED
                yield Talk(kind, citizen.id, citizen.shown_name, proposal.slot, covers=proposal.covers)


_KINDS = {Status.BOOKED: Kind.BOOKED, Status.HELD: Kind.HELD}


def closed_because(caseload: Caseload, day: date) -> Because | None:
    """Why nobody works on the day; None on a working day."""
    if day.weekday() >= WEEKDAYS:
        return because("weekend")
    if day in public_holidays(day.year):
        return because("public_holiday")
    if day in caseload.closing_days:
        return because("closing_day")
    if any(absence.first <= day <= absence.last for absence in caseload.caseworker.absent):
        return because("caseworker_absent", on=day)
    if not weekly(caseload.caseworker.working_hours)[day.weekday()]:
        return because("no_hours_that_day")
    return None


def _day(caseload: Caseload, on: date, talks: Sequence[Talk]) -> WeekDay:
    closed = closed_because(caseload, on)
    timed = tuple(talk for talk in talks if talk.has_time)
    stretches = () if closed is not None else tuple(_stretches(caseload, on, timed))
    return WeekDay(on, closed, stretches, timed, tuple(talk for talk in talks if not talk.has_time))


def _stretches(caseload: Caseload, on: date, talks: Sequence[Talk]) -> Iterator[Stretch]:
    """The working hours, cut where the kind or the busy time's name changes."""
    worker = caseload.caseworker
    left = weekly(worker.working_hours)[on.weekday()]
    masks: list[tuple[Kind, str, int]] = []
    for kind in (Kind.BOOKED, Kind.HELD, Kind.PROPOSED, Kind.TENTATIVE):
        masks += [(kind, "", stretch(t.slot.start, t.slot.end)) for t in talks if t.kind is kind]
    for busy in worker.busy:
        taken = taken_by_day((busy,), on, on).get(on, 0)
        if taken:
            masks.append((Kind.BUSY, busy.title, taken))
    masks += [(Kind.BREAK, "", weekly(worker.breaks)[on.weekday()]), (Kind.FREE, "", (1 << MINUTES) - 1)]
    found: list[Stretch] = []
    for kind, title, mask in masks:
        found += [Stretch(kind, start, end, title) for start, end in _runs(mask & left)]
        left &= ~mask
    yield from sorted(found, key=lambda one: one.start)


def _runs(mask: int) -> Iterator[tuple[int, int]]:
    """The runs of set bits as [start, end)."""
    start = 0
    while mask:
        skipped = (mask & -mask).bit_length() - 1
        mask >>= skipped
        start += skipped
        length = (~mask & (mask + 1)).bit_length() - 1
        yield start, start + length
        mask >>= length
        start += length
