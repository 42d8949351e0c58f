"""A caseworker's caseload: the office, the calendar, the adopted experiments and the citizens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from types import MappingProxyType

from planner.domain.calendar import OfficeCalendar
from planner.domain.citizens import Citizen
from planner.domain.conversations import Channel
from planner.domain.periods import Period

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


@dataclass(frozen=True, slots=True)
class Hours:
    """A weekly stretch of time; `weekday` counts from Monday = 0."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Busy:
    """A time at which the caseworker, or what others share, is taken; local Danish time."""

    start: datetime
    end: datetime
    title: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """Whole days on which the caseworker is away, first and last included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Caseworker:
    """When and how much the caseworker can talk. `in_person_days` None means every day, `max_per_day` None no limit."""

    working_hours: tuple[Hours, ...] = ()
    breaks: tuple[Hours, ...] = ()
    in_person_days: tuple[int, ...] | None = None
    max_per_day: int | None = None
    buffer_minutes: int = 0
    busy: tuple[Busy, ...] = ()
    absent: tuple[Absence, ...] = ()


class SharedKind(StrEnum):
    """What a conversation can need beside the caseworker."""

    ROOM = "room"
    INTERPRETER = "interpreter"


@dataclass(frozen=True, slots=True)
class SharedCalendar:
    """A room, or an interpreter of a language, that others book too; with no hours in `available` always there.

    Where any room is named, a conversation in person needs one; where any interpreter of the citizen's language is
    named, every conversation with the citizen needs one; free for the whole conversation.
    """

    kind: SharedKind
    name: str
    language: str | None = None
    available: tuple[Hours, ...] = ()
    busy: tuple[Busy, ...] = ()


def _default_minutes() -> Mapping[Channel, int]:
    return MappingProxyType({Channel.PHONE: 30, Channel.DIGITAL: 30, Channel.IN_PERSON: 45})


def _default_notice() -> Mapping[Channel, Period]:
    return MappingProxyType(
        {Channel.PHONE: Period(days=1), Channel.DIGITAL: Period(days=2), Channel.IN_PERSON: Period(days=8)}
    )


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """Durations in minutes and notice per channel, the grid, and how far ahead is planned."""

    minutes: Mapping[Channel, int] = field(default_factory=_default_minutes)
    notice: Mapping[Channel, Period] = field(default_factory=_default_notice)
    grid_minutes: int = 15
    interpreter_extra_minutes: int = 15
    horizon_weeks: int = 6
    concrete_weeks: int = 4

    def minutes_for(self, citizen: Citizen, channel: Channel) -> int:
        """How long a conversation with this citizen is in this channel."""
        return self.minutes[channel] + (self.interpreter_extra_minutes if citizen.interpreter else 0)


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom and where a citizen finds, for the texts to citizens: the caseworker's name, telephone, place and link."""

    name: str = ""
    telephone: str = ""
    place: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Adoption:
    """An experiment in force here: local period (no `last`: until further notice), authority and parameters."""

    experiment: str
    first: date
    last: date | None
    authority: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    key: str = ""

    def in_force(self, day: date) -> bool:
        """Whether the adoption holds on `day`."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Caseload:
    """Everything that a plan is made from."""

    today: date
    municipality: str
    citizens: tuple[Citizen, ...] = ()
    adoptions: tuple[Adoption, ...] = ()
    caseworker: Caseworker = Caseworker()
    closing_days: tuple[date, ...] = ()
    settings: PlanSettings = PlanSettings()
    shared_calendars: tuple[SharedCalendar, ...] = ()
    contact: Contact = Contact()

    @property
    def office(self) -> OfficeCalendar:
        """The working days of the office."""
        return OfficeCalendar(frozenset(self.closing_days))
