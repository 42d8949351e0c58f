"""Offers of self-booking: times to choose among until a deadline, and the citizen's choice.

A citizen never has an offer and a booked conversation at once: booking takes the offer away, and nothing is offered
beside a booking.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, time

from planner.domain.calendar import ONE_DAY
from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen
from planner.domain.conversations import TALKING, Channel, Conversation, Offer, OfferedTime
from planner.domain.periods import Period, weeks
from planner.errors import Refused
from planner.locale import N_
from planner.planning.plan import CitizenPlan, Slot
from planner.planning.slots import blockers, free_slots
from planner.rules.assessment import assess
from planner.rules.format import LawPack
from planner.rules.ruleset import RuleSet
from planner.services.closing import check_open
from planner.services.explanation import SENTENCES
from planner.services.messages import restored
from planner.services.results import Done
from planner.services.room import Room, done

TIMES, MOST_TIMES = 3, 10
_NOON = 12 * 60
_LOOKED_THROUGH = 2000


def offer(
    room: Room, citizen_id: str, until: date | None, count: int, channel: Channel | None, part: CitizenPlan
) -> Done:
    """Offer times after the deadline; one that ran out is replaced."""
    with room.acting("offer", citizen_id) as act:
        check_free(act.citizen, act.today)
        if not 0 < count <= MOST_TIMES:
            raise Refused(N_("From 1 to {most} times can be offered"), most=MOST_TIMES)
        last = _deadline(act.caseload, room.rules.law_on(act.today), until)
        chosen = channel or usual_channel(act.citizen, part)
        found = times(act.caseload, act.citizen, chosen, last, room.rules)
        if not found:
            horizon = weeks(act.caseload.settings.horizon_weeks).after(act.today)
            raise Refused(
                N_(
                    "No time is free for the citizen from {first} to {last}, {channel}; try another channel or deadline"
                ),
                first=last + ONE_DAY,
                last=horizon,
                channel=chosen,
            )
        key = act.citizen.offer.key if act.citizen.offer is not None else ""
        act.unit.save_offer(act.key, Offer(act.today, last, tuple(_offered(slot) for slot in found[:count]), key))
        act.detail.update(until=last, count=len(found[:count]), channel=chosen)
    return done("offer", act)


def withdraw(room: Room, citizen_id: str) -> Done:
    """Take the offer back."""
    with room.acting("withdraw", citizen_id) as act:
        act.unit.drop_offer(standing(act.citizen))
    return done("withdraw", act)


def pick(room: Room, citizen_id: str, number: int, part: CitizenPlan) -> Done:
    """Book the time that the citizen chose, by its number from 1; the notice is not for one who chose it."""
    with room.acting("pick", citizen_id) as act:
        check_open(act.citizen, act.today)
        made = standing(act.citizen)
        late = not made.is_open(act.today)
        if not 1 <= number <= len(made.times):
            raise Refused(
                N_("There is no offered time number {choice}; there are {count}"), choice=number, count=len(made.times)
            )
        chosen = made.times[number - 1]
        if chosen.on < act.today:
            raise Refused(N_("The offered time {on} has passed; withdraw the offer and make another"), on=chosen.on)
        for step in blockers(act.booked, act.citizen, slot_of(chosen)):
            if step.code != "notice":
                raise Refused(SENTENCES.get(step.code, N_("The time is not possible")), **restored(step.values))
        agenda = part.proposal.agenda if part.proposal else part.agenda
        talk = Conversation(chosen.on, chosen.start, chosen.minutes, chosen.channel, agenda=agenda, self_booked=True)
        act.unit.save_conversation(act.key, talk)
        act.unit.drop_offer(made)
        act.detail.update(on=chosen.on, start=chosen.start, channel=chosen.channel)
    told = done("pick", act)
    after = N_("{name}: self-booked {on} at {start}, {channel}; that was after the deadline {until}")
    return replace(told, message=after, values={**told.values, "until": made.until}) if late else told


def standing(citizen: Citizen) -> Offer:
    """The offer that stands; raises Refused where there is none."""
    if citizen.offer is None:
        raise Refused(N_("No times are offered to the citizen"))
    return citizen.offer


def usual_channel(citizen: Citizen, part: CitizenPlan) -> Channel:
    """The channel of what is proposed, else the preferred one, else the first that the citizen can use."""
    if part.proposal is not None:
        return part.proposal.slot.channel
    usable = [channel for channel in TALKING if channel in citizen.channels]
    return citizen.preferred_channel or next(iter(usable), Channel.PHONE)


def least_deadline(pack: LawPack, today: date) -> date:
    """The first day on which an offer that is made today may run out; raises Refused where the law knows no offers."""
    rule = pack.self_booking
    if rule is None:
        raise Refused(N_("The law in force ({law}) knows no self-booking"), law=pack.id)
    return Period.parse(rule.deadline).after(today)


def usual_deadline(caseload: Caseload, pack: LawPack) -> date:
    """The first working day that leaves the citizen as long as the law wants."""
    day = least_deadline(pack, caseload.today)
    return day if caseload.office.is_open(day) else caseload.office.working_days_after(day, 1)


def times(caseload: Caseload, citizen: Citizen, channel: Channel, until: date, rules: RuleSet) -> tuple[Slot, ...]:
    """Free times after the deadline, spread over half days, that are offered to nobody else.

    A time before the deadline would be gone for a citizen who answers on the last day.
    """
    needs = [w for w in assess(caseload, citizen, rules).windows if w.is_need]
    first = max(until + ONE_DAY, min((w.earliest for w in needs), default=until + ONE_DAY))
    last = weeks(caseload.settings.horizon_weeks).after(caseload.today)
    if first > last:
        return ()
    others = [
        one for other in caseload.citizens if other.id != citizen.id for one in _open_times(other, caseload.today)
    ]
    halves: dict[tuple[date, bool], Slot] = {}
    for slot in free_slots(caseload, citizen, channel, first, last, _LOOKED_THROUGH):
        if not _overlaps(slot, others, caseload.caseworker.buffer_minutes):
            halves.setdefault((slot.on, slot.start < _NOON), slot)
    return tuple(halves.values())


def slot_of(one: OfferedTime) -> Slot:
    """An offered time as a slot."""
    return Slot(one.on, one.start_minute, one.minutes, one.channel)


def _offered(slot: Slot) -> OfferedTime:
    return OfferedTime(slot.on, time(*divmod(slot.start, 60)), slot.minutes, slot.channel)


def _open_times(citizen: Citizen, today: date) -> Sequence[OfferedTime]:
    return citizen.offer.times if citizen.offer is not None and citizen.offer.is_open(today) else ()


def _overlaps(slot: Slot, others: Iterable[OfferedTime], buffer: int) -> bool:
    return any(
        one.on == slot.on and slot.start < one.end_minute + buffer and one.start_minute < slot.end + buffer
        for one in others
    )


def check_free(citizen: Citizen, today: date) -> None:
    """Raise Refused where nothing can be offered to the citizen, whatever the deadline."""
    check_open(citizen, today)
    booked = citizen.booked()
    if booked and booked[0].on < today:
        raise Refused(
            N_("The conversation booked on {on} has not been registered; say first whether it was held"),
            on=booked[0].on,
        )
    if booked:
        raise Refused(
            N_("A conversation is booked on {on}; a citizen has either a booking or a deadline. Cancel it first"),
            on=booked[0].on,
        )
    if citizen.offer is not None and citizen.offer.is_open(today):
        raise Refused(
            N_("Times are offered already, until {until}; withdraw that offer first"), until=citizen.offer.until
        )


def _deadline(caseload: Caseload, pack: LawPack, until: date | None) -> date:
    least = least_deadline(pack, caseload.today)
    if until is not None and until < least:
        assert pack.self_booking is not None
        raise Refused(
            N_("The citizen must have at least {period} to choose: the deadline can be {least} at the earliest"),
            period=pack.self_booking.deadline,
            least=least,
        )
    last, horizon = (
        until or usual_deadline(caseload, pack),
        weeks(caseload.settings.horizon_weeks).after(caseload.today),
    )
    if last >= horizon:
        raise Refused(
            N_("The deadline {until} is too late: conversations are only planned until {last}"),
            until=last,
            last=horizon,
        )
    return last
