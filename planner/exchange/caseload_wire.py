"""`planner-caseload/1` as it stands in the file: one struct for reading, writing and the JSON Schema."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from planner.domain.caseload import SharedKind
from planner.domain.citizens import Cadence, FactKind, TargetGroup
from planner.domain.conversations import Channel, Counterpart, Status
from planner.exchange.wire import Clock, Day, DayOrClock, Moment, PeriodText, TalkingChannel, Weekday, Wire

Id = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\S", description="a text of up to 100 characters")]
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S", description="a text of up to 200 characters")]
Reason = Annotated[
    str, Meta(min_length=1, max_length=2000, pattern=r"\S", description="a text that says why, up to 2000 characters")
]
Authority = Annotated[
    str, Meta(min_length=1, max_length=2000, pattern=r"\S", description="a text that says on what legal basis")
]
Agenda = Annotated[tuple[Name, ...], Meta(max_length=100)]
Duration = Annotated[int, Meta(ge=1, le=480)]
Weeks = Annotated[int, Meta(ge=1, le=52)]
Extra = Annotated[int, Meta(ge=0, le=240)]

_DAYS = {"properties": {"weekday": {"type": "null"}, "from": {"pattern": "-"}, "to": {"pattern": "-"}}}
_HOURS = {"required": ["weekday"], "properties": {"from": {"pattern": ":"}, "to": {"pattern": ":"}}}
_ROOM = {"properties": {"kind": {"const": "room"}, "language": {"type": "null"}}}
_INTERPRETER = {
    "required": ["language"],
    "properties": {"kind": {"const": "interpreter"}, "language": {"type": "string"}},
}


class Hours(Wire, frozen=True, kw_only=True):
    """A weekly stretch of time."""

    weekday: Weekday
    start: Clock = field(name="from")
    end: Clock = field(name="to")


class Busy(Wire, frozen=True, kw_only=True):
    """A time at which the caseworker, or what others share, is taken; local Danish time."""

    start: Moment
    end: Moment
    title: Annotated[str, Meta(max_length=500)] = ""


class Absence(Wire, frozen=True, kw_only=True):
    """Whole days on which the caseworker is away."""

    first: Day = field(name="from")
    last: Day = field(name="to")


class Caseworker(Wire, frozen=True, kw_only=True):
    """When and how much the caseworker can talk."""

    working_hours: Annotated[tuple[Hours, ...], Meta(max_length=100)] = ()
    breaks: Annotated[tuple[Hours, ...], Meta(max_length=100)] = ()
    in_person_days: Annotated[tuple[Weekday, ...], Meta(max_length=5)] | None = None
    max_per_day: Annotated[int, Meta(ge=0, le=200)] | None = None
    buffer_minutes: Extra = 0
    busy: Annotated[tuple[Busy, ...], Meta(max_length=20_000)] = ()
    absent: Annotated[tuple[Absence, ...], Meta(max_length=1000)] = ()


class SharedCalendar(Wire, frozen=True, kw_only=True):
    """A room for conversations in person, or an interpreter of a language, that others book too."""

    kind: SharedKind
    name: Name
    language: Name | None = None
    available: Annotated[tuple[Hours, ...], Meta(min_length=1, max_length=100)] | None = None
    busy: Annotated[tuple[Busy, ...], Meta(max_length=20_000)] = ()


class Minutes(Wire, frozen=True, kw_only=True):
    """How long a conversation is in each channel."""

    phone: Duration = 30
    digital: Duration = 30
    in_person: Duration = 45


class Notice(Wire, frozen=True, kw_only=True):
    """How long before a conversation the citizen must know of it, in each channel."""

    phone: PeriodText = "P1D"
    digital: PeriodText = "P2D"
    in_person: PeriodText = "P8D"


class Contact(Wire, frozen=True, kw_only=True):
    """Whom and where a citizen finds, for the texts to citizens."""

    name: Annotated[str, Meta(max_length=200)] = ""
    telephone: Annotated[str, Meta(max_length=100)] = ""
    place: Annotated[str, Meta(max_length=500)] = ""
    link: Annotated[str, Meta(max_length=500)] = ""


class Settings(Wire, frozen=True, kw_only=True):
    """Durations, notice, the grid, and how far ahead is planned."""

    minutes: Minutes = Minutes()
    notice: Notice = Notice()
    grid_minutes: Annotated[int, Meta(ge=1, le=240)] = 15
    interpreter_extra_minutes: Extra = 15
    horizon_weeks: Weeks = 6
    concrete_weeks: Weeks = 4


class Adoption(Wire, frozen=True, kw_only=True):
    """An experiment in force here."""

    experiment: Id
    first: Day = field(name="from")
    last: Day | None = field(name="to", default=None)
    authority: Authority
    parameters: Annotated[dict[str, str | int], Meta(max_length=100)] = field(default_factory=dict)


class Exemption(Wire, frozen=True, kw_only=True):
    """The caseworker's decision under the 2026 rule."""

    on: Day
    until: Day | None = None
    reason: Reason


class Unavailable(Wire, frozen=True, kw_only=True):
    """When a citizen cannot be met: dates, or a weekday with times."""

    start: DayOrClock = field(name="from")
    end: DayOrClock = field(name="to")
    weekday: Weekday | None = None


class Fact(Wire, frozen=True, kw_only=True):
    """Something known about a citizen."""

    kind: FactKind
    on: Day = field(name="date")
    until: Day | None = None
    documented: bool = False
    noted_on: Day | None = None


class Conversation(Wire, frozen=True, kw_only=True):
    """One conversation, past or to come."""

    on: Day = field(name="date")
    start: Clock
    minutes: Annotated[int, Meta(ge=1, le=1440)]
    channel: Channel
    counterpart: Counterpart = Counterpart.CASEWORKER
    status: Status = Status.BOOKED
    agenda: Agenda = ()
    locked: bool = True
    self_booked: bool = False
    filed: Day | None = None


class OfferedTime(Wire, frozen=True, kw_only=True):
    """A time that a citizen may choose."""

    on: Day = field(name="date")
    start: Clock
    minutes: Annotated[int, Meta(ge=1, le=1440)]
    channel: TalkingChannel


class Offer(Wire, frozen=True, kw_only=True):
    """An offer of self-booking that stands: when it was made, its last day, and the times."""

    on: Day
    until: Day
    times: Annotated[tuple[OfferedTime, ...], Meta(min_length=1, max_length=20)]


class Citizen(Wire, frozen=True, kw_only=True):
    """A citizen; `id` is never a CPR number."""

    id: Id
    name: Name
    target_group: TargetGroup
    spell_start: Day
    unemployment_start: Day | None = None
    cadence: Cadence | None = None
    channels: Annotated[tuple[TalkingChannel, ...], Meta(max_length=3)] = tuple(TalkingChannel)
    handover_on: Day | None = None
    exemption: Exemption | None = None
    preferred_channel: TalkingChannel | None = None
    interpreter: Name | None = None
    closed_on: Day | None = None
    unavailable: Annotated[
        tuple[Annotated[Unavailable, Meta(extra_json_schema={"anyOf": [_DAYS, _HOURS]})], ...], Meta(max_length=1000)
    ] = ()
    facts: Annotated[tuple[Fact, ...], Meta(max_length=1000)] = ()
    conversations: Annotated[tuple[Conversation, ...], Meta(max_length=2000)] = ()
    offer: Offer | None = None


class CaseloadFile(Wire, frozen=True, kw_only=True):
    """A caseload: the office, the adopted experiments and the citizens. Dates and times are local Danish time."""

    schema: Literal["planner-caseload/1"]
    today: Day | None = None
    municipality: Name
    adoptions: Annotated[tuple[Adoption, ...], Meta(max_length=200)] = ()
    caseworker: Caseworker = Caseworker()
    closing_days: Annotated[tuple[Day, ...], Meta(max_length=5000)] = ()
    settings: Settings = Settings()
    contact: Contact = Contact()
    shared_calendars: Annotated[
        tuple[Annotated[SharedCalendar, Meta(extra_json_schema={"anyOf": [_ROOM, _INTERPRETER]})], ...],
        Meta(max_length=200),
    ] = ()
    citizens: Annotated[tuple[Citizen, ...], Meta(max_length=100_000)]
