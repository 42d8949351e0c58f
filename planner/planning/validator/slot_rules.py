"""The hard rules of one slot, each looked at by itself on minutes from midnight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from unicodedata import normalize

from planner.domain.caseload import Busy, Caseload, Hours, SharedCalendar, SharedKind
from planner.domain.citizens import Citizen, FactKind
from planner.domain.conversations import Channel, Status
from planner.planning.plan import Slot
from planner.planning.validator.office_days import OfficeDays, holidays_of

_MIDNIGHT = 24 * 60
_AWAY = (FactKind.HOLIDAY, FactKind.ABSENCE)


@dataclass(frozen=True, slots=True)
class Span:
    """A conversation on an unbroken count of minutes, so that nothing ends at midnight."""

    start: int
    end: int

    def meets(self, other: Span) -> bool:
        """Whether the two share a minute; one may begin when the other ends."""
        return self.start < other.end and other.start < self.end

    def gap(self, other: Span) -> int:
        """Minutes between two that do not meet."""
        return max(other.start - self.end, self.start - other.end)


def span(on: date, start: int, minutes: int) -> Span:
    """The span of a conversation that begins `start` minutes after midnight."""
    first = on.toordinal() * _MIDNIGHT + start
    return Span(first, first + minutes)


def span_of(slot: Slot) -> Span:
    """The span of a slot."""
    return span(slot.on, slot.start, slot.minutes)


@dataclass(slots=True)
class Office:
    """What is known of the caseworker's days, worked out once a day."""

    caseload: Caseload
    days: OfficeDays = field(init=False)
    booked: dict[date, list[Span]] = field(init=False)
    _work: dict[date, frozenset[int]] = field(default_factory=dict)
    _pauses: dict[date, frozenset[int]] = field(default_factory=dict)
    _taken: dict[date, frozenset[int]] = field(default_factory=dict)
    _shared: dict[tuple[int, date], frozenset[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.days = OfficeDays(frozenset(self.caseload.closing_days))
        self.booked = {}
        for citizen in self.caseload.citizens:
            for talk in citizen.conversations:
                if talk.status is Status.BOOKED:
                    start = talk.start.hour * 60 + talk.start.minute
                    self.booked.setdefault(talk.on, []).append(span(talk.on, start, talk.minutes))

    def booked_around(self, day: date) -> list[Span]:
        """The booked conversations of the day and of its neighbours, which may reach past midnight."""
        return [s for step in (-1, 0, 1) for s in self.booked.get(day + timedelta(days=step), [])]

    def working(self, day: date) -> frozenset[int]:
        """The minutes inside working hours."""
        if day not in self._work:
            self._work[day] = _weekly(self.caseload.caseworker.working_hours, day)
        return self._work[day]

    def pauses(self, day: date) -> frozenset[int]:
        """The minutes inside breaks."""
        if day not in self._pauses:
            self._pauses[day] = _weekly(self.caseload.caseworker.breaks, day)
        return self._pauses[day]

    def taken(self, day: date) -> frozenset[int]:
        """The minutes inside busy times, also those that last for days."""
        if day not in self._taken:
            near = (busy for busy in self.caseload.caseworker.busy if _is_near(day, busy))
            self._taken[day] = frozenset().union(*(_minutes_on(day, busy.start, busy.end) for busy in near))
        return self._taken[day]

    def of_a_kind(self, kind: SharedKind, language: str | None = None) -> list[int]:
        """The places of the shared calendars of this kind, of interpreters those of the language."""
        return [
            place
            for place, calendar in enumerate(self.caseload.shared_calendars)
            if calendar.kind is kind and (language is None or _same_language(calendar.language, language))
        ]

    def is_there(self, place: int, slot: Slot) -> bool:
        """Whether what has the shared calendar at that place is free in every minute of the slot."""
        if (place, slot.on) not in self._shared:
            self._shared[place, slot.on] = _free_minutes(self.caseload.shared_calendars[place], slot.on)
        free = self._shared[place, slot.on]
        return all(minute in free for minute in range(slot.start, slot.start + slot.minutes))


def _clock(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _weekly(stretches: tuple[Hours, ...], day: date) -> frozenset[int]:
    todays = (h for h in stretches if h.weekday == day.weekday())
    return frozenset().union(*(range(_clock(h.start), _clock(h.end)) for h in todays))


def _is_near(day: date, busy: Busy) -> bool:
    """Whether the busy time lasts until the day before or begins by the day after, wherever its clock stands."""
    return (busy.start.date() - day).days <= 1 and (day - busy.end.date()).days <= 1


def _minutes_on(day: date, start: datetime, end: datetime) -> range:
    midnight = datetime.combine(day, time(), tzinfo=start.tzinfo)
    first = (start - midnight) // timedelta(minutes=1)
    last = -((midnight - end) // timedelta(minutes=1))
    return range(max(0, first), min(_MIDNIGHT, last))


def _free_minutes(calendar: SharedCalendar, day: date) -> frozenset[int]:
    open_ = _weekly(calendar.available, day) if calendar.available else frozenset(range(_MIDNIGHT))
    return open_.difference(*(_minutes_on(day, busy.start, busy.end) for busy in calendar.busy))


def _same_language(one: str | None, other: str | None) -> bool:
    first, second = (normalize("NFC", (language or "").strip()).casefold() for language in (one, other))
    return first == second


def slot_faults(office: Office, citizen: Citizen, slot: Slot) -> Iterator[str]:
    """The codes of all hard rules that the slot breaks against the calendar, the citizen and what is booked."""
    yield from _day_faults(office, slot)
    yield from _hour_faults(office, slot)
    yield from _booked_faults(office, slot)
    yield from _setting_faults(office.caseload, citizen, slot)
    yield from _citizen_faults(citizen, slot)
    yield from _shared_faults(office, citizen, slot)


def _day_faults(office: Office, slot: Slot) -> Iterator[str]:
    if slot.on.isoweekday() > 5:
        yield "weekend"
    if slot.on in holidays_of(slot.on.year):
        yield "public-holiday"
    if slot.on in office.caseload.closing_days:
        yield "closing-day"
    worker = office.caseload.caseworker
    if any(away.first <= slot.on <= away.last for away in worker.absent):
        yield "caseworker-absent"
    allowed = worker.in_person_days
    if slot.channel is Channel.IN_PERSON and allowed is not None and slot.on.weekday() not in allowed:
        yield "not-an-in-person-day"


def _hour_faults(office: Office, slot: Slot) -> Iterator[str]:
    wanted = range(slot.start, slot.start + slot.minutes)
    if not slot.minutes > 0 or not office.working(slot.on).issuperset(wanted):
        yield "outside-working-hours"
    if not office.pauses(slot.on).isdisjoint(wanted):
        yield "in-a-break"
    if not office.taken(slot.on).isdisjoint(wanted):
        yield "busy"


def _booked_faults(office: Office, slot: Slot) -> Iterator[str]:
    wanted, worker = span_of(slot), office.caseload.caseworker
    others = office.booked_around(slot.on)
    if any(wanted.meets(other) for other in others):
        yield "meets-a-booked-one"
    if any(not wanted.meets(other) and wanted.gap(other) < worker.buffer_minutes for other in others):
        yield "no-buffer-to-a-booked-one"
    if worker.max_per_day is not None and len(office.booked.get(slot.on, [])) + 1 > worker.max_per_day:
        yield "more-than-max-per-day"


def _setting_faults(caseload: Caseload, citizen: Citizen, slot: Slot) -> Iterator[str]:
    settings = caseload.settings
    if slot.on < caseload.today:
        yield "in-the-past"
    if slot.on > caseload.today + timedelta(weeks=settings.horizon_weeks):
        yield "beyond-the-horizon"
    if slot.start % settings.grid_minutes:
        yield "off-the-grid"
    if slot.channel not in settings.minutes or slot.channel is Channel.LETTER:
        yield "not-a-talking-channel"
        return
    extra = settings.interpreter_extra_minutes if citizen.interpreter else 0
    if slot.minutes != settings.minutes[slot.channel] + extra:
        yield "wrong-minutes"
    if slot.on < settings.notice[slot.channel].after(caseload.today):
        yield "too-short-notice"


def _citizen_faults(citizen: Citizen, slot: Slot) -> Iterator[str]:
    if slot.channel not in citizen.channels:
        yield "channel-the-citizen-cannot-use"
    if any(fact.kind in _AWAY and fact.on <= slot.on <= (fact.until or fact.on) for fact in citizen.facts):
        yield "citizen-on-holiday-or-absent"
    if any(_blocks(away.first, away.last, slot.on) for away in citizen.unavailable if away.weekday is None):
        yield "citizen-unavailable-day"
    for away in citizen.unavailable:
        if away.weekday is not None and away.weekday == slot.on.weekday() and _blocks(away.first, away.last, slot.on):
            start = _clock(away.start) if away.start else 0
            end = _clock(away.end) if away.end else _MIDNIGHT
            if slot.start < end and start < slot.start + slot.minutes:
                yield "citizen-unavailable-hours"


def _shared_faults(office: Office, citizen: Citizen, slot: Slot) -> Iterator[str]:
    rooms = office.of_a_kind(SharedKind.ROOM) if slot.channel is Channel.IN_PERSON else []
    if rooms and not any(office.is_there(room, slot) for room in rooms):
        yield "no-room-free"
    if citizen.interpreter:
        interpreters = office.of_a_kind(SharedKind.INTERPRETER, citizen.interpreter)
        if interpreters and not any(office.is_there(one, slot) for one in interpreters):
            yield "no-interpreter-free"


def _blocks(first: date | None, last: date | None, day: date) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)
