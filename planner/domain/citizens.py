"""Citizens and the facts that decide whether, when and how to talk with them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, time
from enum import StrEnum

from planner.domain.conversations import TALKING, Channel, Conversation, Offer, Status


class TargetGroup(StrEnum):
    """Target groups by the numbers of LAB § 6; `int` is the integration programme."""

    INSURED = "6.1"
    JOB_READY = "6.2"
    ACTIVITY_READY = "6.3"
    EDUCATION_READY = "6.4"
    EDUCATION_ACTIVITY_READY = "6.5"
    SICKNESS = "6.6"
    JOB_CLARIFICATION = "6.7"
    RESOURCE_COURSE = "6.8"
    FLEX_JOB = "6.9"
    REHABILITATION = "6.10"
    DISABILITY_PENSION = "6.11"
    YOUNG = "6.12"
    SELF_SUPPORTING = "6.13"
    INTEGRATION = "int"


class Cadence(StrEnum):
    """How closely a caseworker has decided to keep in touch."""

    CLOSE = "close"
    STANDARD = "standard"
    LIGHT = "light"
    AWAIT = "await"


class FactKind(StrEnum):
    """What can be known about a citizen that moves or lifts a conversation."""

    JOB_START = "job_start"
    REHIRE = "rehire"
    WEATHER_LAYOFF = "weather_layoff"
    WORK_SHARING = "work_sharing"
    EDUCATION_START = "education_start"
    PARENTAL_LEAVE = "parental_leave"
    PENSION = "pension"
    EXAMINATION = "examination"
    MEDICAL_RECORD = "medical_record"
    MEDICAL_CERTIFICATE = "medical_certificate"
    TREATMENT = "treatment"
    RECOVERY = "recovery"
    PLACEMENT = "placement"
    HOLIDAY = "holiday"
    ABSENCE = "absence"
    BUSINESS_PLAN = "business_plan"
    WANTS_MORE_CONTACT = "wants_more_contact"
    DEATH = "death"
    OTHER = "other"


#: Kinds that describe the citizen rather than an event that comes and passes.
STANDING_FACTS = frozenset({FactKind.BUSINESS_PLAN, FactKind.WANTS_MORE_CONTACT, FactKind.DEATH})
#: Kinds during which the citizen cannot be met.
AWAY_FACTS = frozenset({FactKind.HOLIDAY, FactKind.ABSENCE})


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known: `on` is when it happens, `until` when it is over, `noted_on` when it was written down."""

    kind: FactKind
    on: date
    until: date | None = None
    documented: bool = False
    noted_on: date | None = None
    key: str = ""

    @property
    def ends(self) -> date:
        """The last day of the fact."""
        return self.until or self.on


@dataclass(frozen=True, slots=True)
class Exemption:
    """The caseworker's decision under the 2026 rule to hold no further conversations in the first six months."""

    on: date
    until: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Unavailable:
    """When a citizen cannot be met: whole dates from first to last, or a weekly stretch of hours.

    With a `reason` it is the caseworker's decision to postpone.
    """

    first: date | None = None
    last: date | None = None
    weekday: int | None = None
    start: time | None = None
    end: time | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Citizen:
    """A citizen as the rules see one; `id` is an opaque text, never a CPR number.

    `mask` stands for the name where names are masked; it is no part of what is known of the citizen.
    """

    id: str
    name: str
    target_group: TargetGroup
    spell_start: date
    unemployment_start: date | None = None
    cadence: Cadence | None = None
    channels: tuple[Channel, ...] = TALKING
    handover_on: date | None = None
    exemption: Exemption | None = None
    preferred_channel: Channel | None = None
    interpreter: str | None = None
    closed_on: date | None = None
    unavailable: tuple[Unavailable, ...] = ()
    facts: tuple[Fact, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    offer: Offer | None = None
    mask: str = field(default="", compare=False)

    @property
    def shown_name(self) -> str:
        """The name as it may be seen; only search, order and what is written for the citizen use the real one."""
        return self.mask or self.name

    def as_of(self, day: date) -> Citizen:
        """The citizen as known on `day`: what is said to have become of a later conversation is left out."""
        known = tuple(c for c in self.conversations if c.on <= day or c.status is Status.BOOKED)
        return self if len(known) == len(self.conversations) else replace(self, conversations=known)

    def held_in_spell(self) -> list[Conversation]:
        """Held conversations of the present spell, oldest first; letters are not conversations."""
        held = [
            c
            for c in self.conversations
            if c.status is Status.HELD and c.channel is not Channel.LETTER and c.on >= self.spell_start
        ]
        return sorted(held, key=_when) if len(held) > 1 else held

    @property
    def has_booked(self) -> bool:
        """Whether a conversation is booked."""
        return any(c.status is Status.BOOKED for c in self.conversations)

    def booked(self) -> list[Conversation]:
        """Booked conversations, earliest first."""
        booked = [c for c in self.conversations if c.status is Status.BOOKED]
        return sorted(booked, key=_when) if len(booked) > 1 else booked

    def postponement(self, day: date) -> Unavailable | None:
        """The postponement that runs on `day`."""
        running = (one for one in self.unavailable if one.reason and one.last is not None and one.last >= day)
        return next(running, None)

    def has_died(self) -> bool:
        """Whether a death is noted, which ends everything."""
        return any(fact.kind is FactKind.DEATH for fact in self.facts)

    def ended_on(self) -> date | None:
        """When the case came to its end: a death, or its closing; a spell that begins later opens it again."""
        if self.has_died():
            return min(fact.on for fact in self.facts if fact.kind is FactKind.DEATH)
        return self.closed_on if self.closed_on is not None and self.spell_start <= self.closed_on else None

    def has_ended(self, day: date) -> bool:
        """Whether the case is at its end on `day`; a death that is noted ends it at once."""
        ended = self.ended_on()
        return ended is not None and (ended <= day or self.has_died())


def _when(conversation: Conversation) -> tuple[date, time]:
    return conversation.on, conversation.start
