"""Conversations: book one, say that it was held, that nobody came, or that it was cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from types import MappingProxyType

from planner.domain.caseload import Caseload
from planner.domain.citizens import Cadence, Citizen
from planner.domain.conversations import Channel, Conversation, Counterpart, Status
from planner.domain.periods import weeks
from planner.errors import Refused
from planner.locale import N_
from planner.planning.plan import CitizenPlan, Slot
from planner.planning.slots import blockers, free_slots
from planner.rules.windows import Because
from planner.services import said
from planner.services.closing import check_open
from planner.services.explanation import SENTENCES
from planner.services.messages import restored
from planner.services.proposed import against_proposal
from planner.services.results import Done
from planner.services.room import Room, done, nearest_duty

MOST_MINUTES = 600
_MIDDAY = time(12)


_LATE = MappingProxyType(
    {
        "accept": N_("{name}: booked {on} at {start}, {channel}; that is after the latest day {latest}"),
        "move": N_("{name}: moved to {on} at {start}, {channel}; that is after the latest day {latest}"),
    }
)
_STILL_BOOKED = MappingProxyType(
    {
        "held": N_("{name}: conversation held {on}, {channel}; the one booked {booked} still stands"),
        "held_cadence": N_(
            "{name}: conversation held {on}, {channel}; cadence set to {cadence}; the one booked {booked} still stands"
        ),
    }
)


def accept(room: Room, citizen_id: str, slot: Slot | None, choice: int, part: CitizenPlan) -> Done:
    """Book the chosen slot, or the proposal or alternative of `part`; raises Refused naming what forbids it."""
    with room.acting("accept", citizen_id) as act:
        check_open(act.citizen, act.today)
        chosen = slot or _chosen(part, choice)
        _check_possible(act.booked, act.citizen, chosen)
        latest = nearest_duty(act, room)
        agenda = part.proposal.agenda if part.proposal else part.agenda
        start = time(*divmod(chosen.start, 60))
        booked = Conversation(chosen.on, start, chosen.minutes, chosen.channel, agenda=agenda)
        act.unit.save_conversation(act.key, booked)
        if act.citizen.offer is not None:
            act.unit.drop_offer(act.citizen.offer)
            act.verb = "accept_instead"
        act.detail.update(on=chosen.on, start=start, channel=chosen.channel, minutes=chosen.minutes)
        act.detail.update(against_proposal(part, chosen))
    return _warned(done(act.verb, act), "accept", latest, act.today, chosen.on)


def slots(caseload: Caseload, citizen: Citizen, channel: Channel, limit: int) -> tuple[Slot, ...]:
    """Free slots within the horizon, earliest first."""
    last = weeks(caseload.settings.horizon_weeks).after(caseload.today)
    return free_slots(caseload, citizen, channel, caseload.today, last, limit)


def held(
    room: Room,
    citizen_id: str,
    channel: Channel | None,
    on: date | None,
    minutes: int | None,
    agenda: Sequence[str],
    cadence: Cadence | None,
) -> Done:
    """Say that a conversation was held: the booked one, or one that was not booked. An offer is answered by it.

    `cadence`: how closely to keep in touch from now on; None leaves it as it is.
    """
    with room.acting("held", citizen_id, whole=on is not None) as act:
        if on is not None and on > act.today:
            raise Refused(N_("A conversation cannot have been held in the future ({on})"), on=on)
        if channel is Channel.LETTER:
            raise Refused(N_("A letter is no conversation"))
        if minutes is not None and not 0 < minutes <= MOST_MINUTES:
            raise Refused(N_("A conversation lasts from 1 to {most} minutes"), most=MOST_MINUTES)
        found = _past_booking(act.citizen, act.today, on)
        talk = found or _unbooked(room, act.caseload, act.citizen, channel, on or act.today, minutes)
        talk = replace(
            talk,
            status=Status.HELD,
            channel=channel or talk.channel,
            minutes=minutes or talk.minutes,
            agenda=tuple(dict.fromkeys(said.clean(point) for point in agenda)),
        )
        act.unit.save_conversation(act.key, talk)
        act.detail.update(on=talk.on, channel=talk.channel, minutes=talk.minutes)
        if act.citizen.offer is not None and act.citizen.offer.on <= talk.on:
            act.unit.drop_offer(act.citizen.offer)
        if cadence is not None and cadence is not act.citizen.cadence:
            act.unit.save_citizen(act.key, replace(act.citizen, cadence=cadence))
            act.detail.update(cadence=cadence)
            act.verb = "held_cadence"
    ahead = next((talk for talk in act.citizen.booked() if found is None and talk.on >= act.today), None)
    return _also_booked(done(act.verb, act), act.verb, ahead)


def held_talk(citizen: Citizen, on: date | None) -> Conversation:
    """The conversation held last, or last on that day; raises Refused where there is none."""
    held = (t for t in citizen.conversations if _was_held(t) and (on is None or t.on == on))
    found = max(held, key=lambda talk: (talk.on, talk.start), default=None)
    if found is not None:
        return found
    if on is None:
        raise Refused(N_("No conversation is recorded as held"))
    raise Refused(N_("No conversation is recorded as held on {on}"), on=on)


def filed(room: Room, citizen_id: str, on: date | None, is_filed: bool) -> Done:
    """Say that the note of a held conversation is in the case system, or that it is not."""
    with room.acting("filed" if is_filed else "unfiled", citizen_id, whole=True) as act:
        talk = held_talk(act.citizen, on)
        act.unit.save_conversation(act.key, replace(talk, filed_on=(talk.filed_on or act.today) if is_filed else None))
        act.detail.update(on=talk.on)
    return done(act.verb, act)


def no_show(room: Room, citizen_id: str, on: date | None) -> Done:
    """Say that the citizen did not come to the booked conversation."""
    with room.acting("no_show", citizen_id) as act:
        talk = _past_booking(act.citizen, act.today, on)
        if talk is None:
            raise Refused(N_("Nothing was booked until today, so nobody can have stayed away"))
        act.unit.save_conversation(act.key, replace(talk, status=Status.NO_SHOW))
        act.detail.update(on=talk.on)
    return done("no_show", act)


def begins_later(citizen: Citizen, today: date, now: datetime) -> time | None:
    """When today's booked conversation begins, where that hour is still to come."""
    talk = _past_booking(citizen, today, None)
    ahead = talk is not None and talk.on == now.date() and talk.start_minute > now.hour * 60 + now.minute
    return talk.start if talk is not None and ahead else None


def cancel(room: Room, citizen_id: str, by_citizen: bool, reason: str, on: date | None) -> Done:
    """Cancel the next booked conversation, or the latest one whose day has passed."""
    status = Status.CANCELLED_BY_CITIZEN if by_citizen else Status.CANCELLED_BY_US
    with room.acting(status.value, citizen_id) as act:
        booked = [talk for talk in act.citizen.booked() if on is None or talk.on == on]
        if not booked:
            raise Refused(N_("Nothing is booked that could be cancelled"))
        talk = next((talk for talk in booked if talk.on >= act.today), booked[-1])
        act.unit.save_conversation(act.key, replace(talk, status=status))
        act.detail.update(on=talk.on)
        if said.clean(reason):
            act.detail.update(reason=said.reason(reason))
    return done(status.value, act)


def move(room: Room, citizen_id: str, on: date, start: int, booked_on: date | None, booked_at: time | None) -> Done:
    """Move the conversation booked next, or the one named, to another time; raises Refused naming what forbids it."""
    with room.acting("move", citizen_id) as act:
        check_open(act.citizen, act.today)
        talk = _to_move(act.citizen, act.today, booked_on, booked_at)
        left = replace(act.citizen, conversations=tuple(one for one in act.citizen.conversations if one is not talk))
        others = tuple(left if one.id == left.id else one for one in act.caseload.citizens)
        slot = Slot(on, start, talk.minutes, talk.channel)
        _check_possible(replace(act.caseload, citizens=others), left, slot)
        latest = nearest_duty(replace(act, caseload=replace(act.caseload, citizens=others), citizen=left), room)
        moved = replace(talk, on=on, start=time(*divmod(start, 60)))
        act.unit.save_conversation(act.key, moved)
        act.detail.update(was=talk.on, was_at=talk.start, on=on, start=moved.start, channel=talk.channel)
    return _warned(done("move", act), "move", latest, act.today, on)


def _check_possible(caseload: Caseload, citizen: Citizen, slot: Slot) -> None:
    """Raise Refused naming the first thing that forbids the slot."""
    if slot.on < caseload.today:
        raise Refused(SENTENCES["day_past"])
    for step in blockers(caseload, citizen, slot):
        raise Refused(SENTENCES.get(step.code, N_("The time is not possible")), **_typed(step))


def _warned(made: Done, verb: str, latest: date | None, today: date, on: date) -> Done:
    """What is told, with a warning where a deadline is missed that could still be kept."""
    if latest is None or not today <= latest < on:
        return made
    return replace(made, message=_LATE[verb], values={**made.values, "latest": latest})


def _also_booked(made: Done, verb: str, ahead: Conversation | None) -> Done:
    """What is told, and that another conversation is still booked, which was perhaps the one that was held."""
    if ahead is None:
        return made
    return replace(made, message=_STILL_BOOKED[verb], values={**made.values, "booked": ahead.on})


def _to_move(citizen: Citizen, today: date, on: date | None, at: time | None) -> Conversation:
    booked = [talk for talk in citizen.booked() if on in (None, talk.on) and at in (None, talk.start)]
    ahead = [talk for talk in booked if talk.on >= today]
    if booked and not ahead:
        raise Refused(N_("Its day has passed: record what became of it, and book another one"))
    if not ahead:
        raise Refused(N_("Nothing is booked that could be moved"))
    return ahead[0]


def _chosen(part: CitizenPlan, choice: int) -> Slot:
    if part.proposal is None:
        raise Refused(N_("Nothing is proposed for this citizen; choose a time"))
    offered = (part.proposal.slot, *part.proposal.alternatives)
    if not 0 <= choice < len(offered):
        raise Refused(N_("There is no alternative number {choice}"), choice=choice)
    return offered[choice]


def _past_booking(citizen: Citizen, today: date, on: date | None) -> Conversation | None:
    """The booked conversation meant: the nearest day not after today, and the first one of that day."""
    past = [talk for talk in citizen.booked() if talk.on <= today and (on is None or talk.on == on)]
    return max(past, key=lambda talk: (talk.on, -talk.start_minute), default=None)


def _unbooked(
    room: Room, caseload: Caseload, citizen: Citizen, channel: Channel | None, on: date, minutes: int | None
) -> Conversation:
    usable = [own for own in citizen.channels if own is not Channel.LETTER]
    chosen = channel or citizen.preferred_channel or next(iter(usable), Channel.PHONE)
    if any(talk.on == on and talk.channel is chosen and _was_held(talk) for talk in citizen.conversations):
        raise Refused(N_("A conversation by that channel is recorded already as held on {on}"), on=on)
    # The hour of a conversation that was not booked is not asked for: today's has just ended.
    now, length = room.clock.now(), minutes or caseload.settings.minutes_for(citizen, chosen)
    # Midnight would say that nobody knows when it was.
    begun = max(1, now.hour * 60 + now.minute - length)
    start = time(*divmod(begun, 60)) if on == caseload.today else _MIDDAY
    return Conversation(on, start, length, chosen)


def _was_held(talk: Conversation) -> bool:
    return talk.status is Status.HELD and talk.counterpart is Counterpart.CASEWORKER


def _typed(step: Because) -> Mapping[str, object]:
    return restored(step.values)
