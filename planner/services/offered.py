"""What a face offers to choose from when it asks: times, channels, the conversation meant, the points of a talk."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from planner.domain.citizens import Citizen
from planner.domain.conversations import TALKING, Channel, Conversation
from planner.planning.plan import CitizenPlan, Slot

if TYPE_CHECKING:  # the desk brings the engine along, which the first frame must not wait for
    from planner.services.desk import Desk

_NOON = 12 * 60
_OFFERED = 10
_LOOKED_THROUGH = 300


def times_offered(desk: Desk, citizen_id: str, channel: Channel) -> list[Slot]:
    """Free times to choose among: of each day the first before and the first after noon, not every quarter."""
    halves: dict[tuple[date, bool], Slot] = {}
    for slot in desk.slots(citizen_id, channel, _LOOKED_THROUGH):
        halves.setdefault((slot.on, slot.start < _NOON), slot)
    return list(halves.values())[:_OFFERED]


def channels_offered(citizen: Citizen, first: Channel | None = None) -> list[Channel]:
    """The channels that the citizen can use, `first` before the others."""
    usable = [channel for channel in TALKING if channel in citizen.channels]
    return sorted(usable, key=lambda channel: channel is not first)


def held_booking(citizen: Citizen, today: date) -> Conversation | None:
    """The booked conversation that is meant as held: the latest one not after today, and the first one of that day."""
    past = [talk for talk in citizen.booked() if talk.on <= today]
    return max(past, key=lambda talk: (talk.on, -talk.start_minute), default=None)


def points(part: CitizenPlan, booking: Conversation | None) -> tuple[str, ...]:
    """The points to cover: those of the booking, the proposal and the plan, each once."""
    proposed = part.proposal.agenda if part.proposal is not None else ()
    return tuple(dict.fromkeys((*(booking.agenda if booking else ()), *proposed, *part.agenda)))
