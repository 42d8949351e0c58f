"""Small builders of the office's cases, with defaults that a case need not mention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from planner.domain.caseload import (
    Absence,
    Adoption,
    Busy,
    Caseload,
    Caseworker,
    Hours,
    PlanSettings,
    SharedCalendar,
    SharedKind,
)
from planner.domain.citizens import Cadence, Citizen, Exemption, Fact, FactKind, TargetGroup, Unavailable
from planner.domain.conversations import TALKING, Channel, Conversation, Counterpart, Status

TODAY = "2026-11-23"


def day(text: str | date) -> date:
    """A date from its ISO text."""
    return text if isinstance(text, date) else date.fromisoformat(text)


def clock(text: str) -> time:
    """A time from `HH:MM`."""
    return time.fromisoformat(text)


def hours(weekday: int, start: str, end: str) -> Hours:
    """A weekly stretch; Monday is 0."""
    return Hours(weekday, clock(start), clock(end))


def every_day(start: str, end: str) -> tuple[Hours, ...]:
    """The same stretch from Monday to Friday."""
    return tuple(hours(weekday, start, end) for weekday in range(5))


def busy(start: str, end: str, title: str = "") -> Busy:
    """A busy time from two texts `YYYY-MM-DDTHH:MM`."""
    return Busy(datetime.fromisoformat(start), datetime.fromisoformat(end), title)


def absence(first: str, last: str | None = None) -> Absence:
    """Days away, by default one."""
    return Absence(day(first), day(last or first))


def caseworker(
    working_hours: Sequence[Hours] | None = None,
    breaks: Sequence[Hours] | None = None,
    in_person_days: Sequence[int] | None = None,
    max_per_day: int | None = None,
    buffer_minutes: int = 0,
    busy: Sequence[Busy] = (),
    absent: Sequence[Absence] = (),
) -> Caseworker:
    """A caseworker at work from eight to four with lunch at half past eleven."""
    return Caseworker(
        tuple(every_day("08:00", "16:00") if working_hours is None else working_hours),
        tuple(every_day("11:30", "12:00") if breaks is None else breaks),
        None if in_person_days is None else tuple(in_person_days),
        max_per_day,
        buffer_minutes,
        tuple(busy),
        tuple(absent),
    )


def room(name: str = "1.07", available: Sequence[Hours] = (), busy: Sequence[Busy] = ()) -> SharedCalendar:
    """A room that is always there unless it says otherwise."""
    return SharedCalendar(SharedKind.ROOM, name, None, tuple(available), tuple(busy))


def interpreter(language: str, available: Sequence[Hours] = (), busy: Sequence[Busy] = ()) -> SharedCalendar:
    """An interpreter who is always there unless it says otherwise."""
    return SharedCalendar(SharedKind.INTERPRETER, f"Tolk i {language}", language, tuple(available), tuple(busy))


def conversation(
    on: str | date,
    status: Status,
    start: str = "09:00",
    channel: Channel = Channel.IN_PERSON,
    minutes: int = 45,
    counterpart: Counterpart = Counterpart.CASEWORKER,
    agenda: Sequence[str] = (),
    *,
    locked: bool = True,
) -> Conversation:
    """A conversation, in person with the caseworker unless it says otherwise."""
    return Conversation(day(on), clock(start), minutes, channel, counterpart, status, tuple(agenda), locked)


def held(
    on: str | date,
    channel: Channel = Channel.IN_PERSON,
    counterpart: Counterpart = Counterpart.CASEWORKER,
    agenda: Sequence[str] = (),
    start: str = "09:00",
) -> Conversation:
    """A conversation that took place."""
    return conversation(on, Status.HELD, start, channel, counterpart=counterpart, agenda=agenda)


def booked(
    on: str | date,
    start: str = "09:00",
    channel: Channel = Channel.IN_PERSON,
    minutes: int = 45,
    agenda: Sequence[str] = (),
    counterpart: Counterpart = Counterpart.CASEWORKER,
) -> Conversation:
    """A conversation that is agreed on."""
    return conversation(on, Status.BOOKED, start, channel, minutes, counterpart, agenda)


def no_show(on: str | date) -> Conversation:
    """A conversation to which the citizen did not come."""
    return conversation(on, Status.NO_SHOW)


def fact(kind: FactKind, on: str | date, until: str | date | None = None, *, documented: bool = True) -> Fact:
    """A documented fact."""
    return Fact(kind, day(on), None if until is None else day(until), documented)


def exemption(on: str | date, until: str | None = None, reason: str = "self-driven") -> Exemption:
    """The caseworker's decision under the rule of 2026."""
    return Exemption(day(on), None if until is None else day(until), reason)


def away(first: str, last: str | None = None) -> Unavailable:
    """Whole days on which the citizen cannot be met."""
    return Unavailable(day(first), day(last or first))


def away_weekly(weekday: int, start: str, end: str) -> Unavailable:
    """A weekly stretch of hours in which the citizen cannot be met."""
    return Unavailable(weekday=weekday, start=clock(start), end=clock(end))


def citizen(
    id: str = "c1",  # noqa: A002 - the field's own name reads best in a case
    group: TargetGroup | str = TargetGroup.INSURED,
    start: str | date = "2026-09-07",
    cadence: Cadence | None = None,
    conversations: Sequence[Conversation] = (),
    facts: Sequence[Fact] = (),
    channels: Sequence[Channel] = TALKING,
    preferred: Channel | None = None,
    unavailable: Sequence[Unavailable] = (),
    handover_on: str | None = None,
    exemption: Exemption | None = None,
    interpreter: str | None = None,
) -> Citizen:
    """A citizen with an invented name."""
    return Citizen(
        id=id,
        name=f"Prøve Borger {id}",
        target_group=TargetGroup(group),
        spell_start=day(start),
        cadence=cadence,
        channels=tuple(channels),
        handover_on=None if handover_on is None else day(handover_on),
        exemption=exemption,
        preferred_channel=preferred,
        interpreter=interpreter,
        unavailable=tuple(unavailable),
        facts=tuple(facts),
        conversations=tuple(conversations),
    )


def adoption(
    experiment: str,
    first: str = "2015-07-01",
    last: str | None = None,
    parameters: Mapping[str, object] | None = None,
) -> Adoption:
    """An experiment in force here, on an authority that says that it is invented."""
    return Adoption(
        experiment, day(first), None if last is None else day(last), "invented for a test", parameters or {}
    )


def caseload(
    *citizens: Citizen,
    today: str | date = TODAY,
    adoptions: Sequence[Adoption] = (),
    worker: Caseworker | None = None,
    closing_days: Sequence[str | date] = (),
    settings: PlanSettings | None = None,
    municipality: str = "Prøvekommune",
    shared: Sequence[SharedCalendar] = (),
) -> Caseload:
    """A caseload of an ordinary office."""
    return Caseload(
        today=day(today),
        municipality=municipality,
        citizens=citizens,
        adoptions=tuple(adoptions),
        caseworker=worker or caseworker(),
        closing_days=tuple(day(d) for d in closing_days),
        settings=settings or PlanSettings(),
        shared_calendars=tuple(shared),
    )
