"""How and when a citizen can be reached: channels, interpreter, and when not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, time

from planner.domain.citizens import Unavailable
from planner.domain.conversations import TALKING, Channel, Conversation
from planner.errors import NotFound, Refused
from planner.locale import N_
from planner.services import said
from planner.services.results import Done
from planner.services.room import Act, Room, done

MOST_LETTERS = 60


def set_channels(room: Room, citizen_id: str, channels: Collection[Channel], preferred: Channel | None) -> Done:
    """In which channels the citizen can talk, and which one is preferred."""
    with room.acting("channels", citizen_id) as act:
        usable = tuple(channel for channel in TALKING if channel in channels)
        if not usable:
            raise Refused(N_("At least one channel must be left in which to talk"))
        if preferred is not None and preferred not in usable:
            raise Refused(N_("The preferred channel must be one that the citizen can use"))
        former = act.citizen.channels
        kept = [channel for channel in former if channel in usable or channel not in TALKING]
        becomes = (*kept, *(channel for channel in usable if channel not in former))
        act.unit.save_citizen(act.key, replace(act.citizen, channels=becomes, preferred_channel=preferred))
        act.detail.update(channels=usable, preferred=preferred)
    made = done("channels", act)
    ahead = (talk for talk in act.citizen.booked() if talk.on >= act.today)
    talk = next((talk for talk in ahead if talk.channel in TALKING and talk.channel not in usable), None)
    if talk is None:
        return made
    told = N_("{noted}. A conversation is booked in another channel: {on}, {channel}")
    return replace(made, message=told, values={"noted": made.told, "on": talk.on, "channel": talk.channel})


def set_interpreter(room: Room, citizen_id: str, tongue: str | None) -> Done:
    """In which language an interpreter is needed; None or nothing: without one."""
    wanted = said.clean(tongue or "") or None
    with room.acting("interpreter", citizen_id) as act:
        if wanted is not None and len(wanted) > MOST_LETTERS:
            raise Refused(
                N_("The text is too long: {length} letters; at most {most}"), length=len(wanted), most=MOST_LETTERS
            )
        act.unit.save_citizen(act.key, replace(act.citizen, interpreter=wanted))
        act.detail.update(tongue=wanted)
    return done("interpreter", act)


def add_away(room: Room, citizen_id: str, stretch: Unavailable) -> Done:
    """Note when the citizen cannot be met: whole dates, or hours of a weekday; a booking in it is told of."""
    verb = "away" if stretch.weekday is None else "away_weekly"
    with room.acting(verb, citizen_id) as act:
        _check(stretch)
        if not any(known.stretch == stretch for known in act.unit.away(act.key)):
            act.unit.add_unavailable(act.key, stretch)
        act.detail.update(_detail(stretch))
    made = done(verb, act)
    talk = _booked_within(act, stretch)
    if talk is None:
        return made
    late = N_("{noted}. A conversation is booked in that time: {on}")
    return replace(made, message=late, values={"noted": made.told, "on": talk.on})


def remove_away(room: Room, citizen_id: str, key: str) -> Done:
    """The citizen can be met again in that time."""
    with room.store.read() as view:
        known = {one.key: one.stretch for one in view.away(room.key_of(view, citizen_id))}
    if key not in known:
        raise NotFound(N_("There is no such time"))
    stretch = known[key]
    verb = "away_removed" if stretch.weekday is None else "away_weekly_removed"
    with room.acting(verb, citizen_id) as act:
        act.unit.remove_away(key)
        act.detail.update(_detail(stretch))
    return done(verb, act)


def _check(stretch: Unavailable) -> None:
    if stretch.first is not None and stretch.last is not None and stretch.last < stretch.first:
        raise Refused(
            N_("The last day ({last}) must not be before the first ({first})"), last=stretch.last, first=stretch.first
        )
    if stretch.start is not None and stretch.end is not None and stretch.end <= stretch.start:
        raise Refused(N_("The hours must end after they begin"))


def _detail(stretch: Unavailable) -> dict[str, object]:
    if stretch.weekday is None:
        return {"first": stretch.first, "last": stretch.last}
    return {"weekday": stretch.weekday, "start": stretch.start, "end": stretch.end}


def _booked_within(act: Act, stretch: Unavailable) -> Conversation | None:
    ahead = (talk for talk in act.citizen.booked() if talk.on >= act.today)
    return next((talk for talk in ahead if _meets(talk, stretch)), None)


def _meets(talk: Conversation, stretch: Unavailable) -> bool:
    if stretch.weekday is None:
        return (stretch.first or date.min) <= talk.on <= (stretch.last or date.max)
    start, end = stretch.start or time.min, stretch.end or time.max
    begins, ends = (clock.hour * 60 + clock.minute for clock in (start, end))
    return talk.on.weekday() == stretch.weekday and talk.start_minute < ends and begins < talk.end_minute
