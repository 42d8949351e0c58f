"""Conversations: through which channel, with whom, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class Channel(StrEnum):
    """How the two parties meet."""

    PHONE = "phone"
    DIGITAL = "digital"
    IN_PERSON = "in_person"
    LETTER = "letter"


#: The channels in which a conversation can be proposed.
TALKING = (Channel.PHONE, Channel.DIGITAL, Channel.IN_PERSON)
#: Where a conversation stands that was held at a time that nobody stated, as one from a list of last conversations.
UNKNOWN_START = time(0)


class Counterpart(StrEnum):
    """Whom the citizen met."""

    CASEWORKER = "caseworker"
    MENTOR = "mentor"
    COMPANY_CONSULTANT = "company_consultant"
    PROVIDER = "provider"
    A_KASSE = "a_kasse"
    GROUP = "group"


class Status(StrEnum):
    """What became of a conversation; only a held one is a contact."""

    BOOKED = "booked"
    HELD = "held"
    NO_SHOW = "no_show"
    CANCELLED_BY_CITIZEN = "cancelled_by_citizen"
    CANCELLED_BY_US = "cancelled_by_us"


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation, past or to come. `start` is local Danish time, `key` the store's own key.

    `filed_on`: the day on which its case note was said to be in the case system; None where it is not.
    """

    on: date
    start: time
    minutes: int
    channel: Channel
    counterpart: Counterpart = Counterpart.CASEWORKER
    status: Status = Status.BOOKED
    agenda: tuple[str, ...] = ()
    locked: bool = True
    self_booked: bool = False
    filed_on: date | None = None
    key: str = ""

    @property
    def has_time(self) -> bool:
        """Whether time and length are known; of a conversation held that came with a date only they are not."""
        return self.status is not Status.HELD or self.start != UNKNOWN_START

    @property
    def start_minute(self) -> int:
        """Minutes from midnight to the start."""
        return self.start.hour * 60 + self.start.minute

    @property
    def end_minute(self) -> int:
        """Minutes from midnight to the end."""
        return self.start_minute + self.minutes


@dataclass(frozen=True, slots=True)
class OfferedTime:
    """A time that a citizen may choose. `start` is local Danish time."""

    on: date
    start: time
    minutes: int
    channel: Channel

    @property
    def start_minute(self) -> int:
        """Minutes from midnight to the start."""
        return self.start.hour * 60 + self.start.minute

    @property
    def end_minute(self) -> int:
        """Minutes from midnight to the end."""
        return self.start_minute + self.minutes


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer of self-booking: made `on` a day, to be answered `until` a day, with times to choose among.

    It stands until a conversation is booked or held, or until it is withdrawn; after its last day it waits for a
    decision. A citizen never has an offer and a booked conversation at once.
    """

    on: date
    until: date
    times: tuple[OfferedTime, ...]
    key: str = ""

    def is_open(self, day: date) -> bool:
        """Whether the citizen may still choose on `day`."""
        return day <= self.until
