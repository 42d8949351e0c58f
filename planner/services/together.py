"""One action for many citizens: book what was looked through, and call off a whole day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from types import MappingProxyType

from planner.domain.caseload import Absence
from planner.domain.conversations import Conversation, Counterpart, Status
from planner.errors import NotFound, Refused
from planner.locale import N_
from planner.phrases import Phrase
from planner.planning.plan import CitizenPlan, Slot
from planner.planning.slots import blockers
from planner.services import said
from planner.services.messages import VERBS
from planner.services.proposed import against_proposal
from planner.services.results import Done
from planner.services.room import Room

#: Names in a toast.
_NAMED = 4
_TOLD = MappingProxyType(
    {
        "accept_all": N_("Conversations booked: {booked} ({who})"),
        "accept_some": N_("Conversations booked: {booked} ({who}); not possible any more: {left} ({others})"),
    }
)


def accept_all(room: Room, wanted: Mapping[str, Slot], parts: Mapping[str, CitizenPlan]) -> Done:
    """Book each citizen's slot as one action; a slot that is not possible any more is left out and counted.

    Raises Refused where none is possible, NotFound for an unknown citizen.
    """
    booked, names, left_out = 0, list[str](), list[str]()
    lying = list[dict[str, object]]()
    with room.store.write() as unit:
        snapshot = room.refreshed(unit)
        caseload = snapshot.caseload(room.clock.today())
        for citizen_id, slot in sorted(wanted.items(), key=lambda entry: (entry[1].on, entry[1].start, entry[0])):
            key = snapshot.keys.get(citizen_id)
            if key is None:
                raise NotFound(N_("No citizen is called “{name}”"), name=citizen_id)
            citizen = next(one for one in caseload.citizens if one.id == citizen_id)
            offer = citizen.offer
            # What was offered is not taken back in passing.
            promised = offer is not None and offer.is_open(caseload.today)
            if citizen.has_ended(caseload.today) or promised or blockers(caseload, citizen, slot):
                left_out.append(citizen.shown_name)
                continue
            talk = Conversation(slot.on, time(*divmod(slot.start, 60)), slot.minutes, slot.channel)
            proposal = parts[citizen_id].proposal
            talk = replace(talk, agenda=proposal.agenda if proposal else parts[citizen_id].agenda)
            unit.save_conversation(key, talk)
            if offer is not None:
                unit.drop_offer(offer)
            met = replace(citizen, conversations=(*citizen.conversations, talk))
            others = tuple(met if one.id == citizen_id else one for one in caseload.citizens)
            caseload, booked = replace(caseload, citizens=others), booked + 1
            names.append(citizen.shown_name)
            lying.append(against_proposal(parts[citizen_id], slot))
        if not booked:
            raise Refused(N_("None of these times is possible any more"))
        left = len(wanted) - booked
        verb, detail = ("accept_some", {"booked": booked, "left": left}) if left else ("accept_all", {"booked": booked})
        kept = {"proposals": [one["proposal"] for one in lying], "covers": [one["covers"] for one in lying]}
        seq = room.record(unit, verb, None, {**detail, **kept})
    return Done(seq, _TOLD[verb], {**detail, "who": _some(names), "others": _some(left_out)}, None)


def _some(names: Sequence[str]) -> tuple[object, ...]:
    """The first few names, and how many more there are."""
    if len(names) <= _NAMED:
        return tuple(names)
    return (*names[: _NAMED - 1], Phrase("{n} others", n=len(names) - _NAMED + 1))


def call_off(room: Room, on: date, reason: str) -> Done:
    """Call off what is booked on a day, today from this minute on, and note that the caseworker is away that day.

    The conversations count as cancelled by us, so that each need that they would have met is planned anew.
    """
    with room.store.write() as unit:
        snapshot, today = room.refreshed(unit), room.clock.today()
        if on < today:
            raise Refused(N_("{on} has passed; what was booked then was held, or it was not"), on=on)
        now = room.clock.now()
        from_minute = now.hour * 60 + now.minute if on == today else 0
        count, whom = 0, dict[str, None]()
        for citizen_id, key in sorted(snapshot.keys.items()):
            for talk in snapshot.citizens[key].booked():
                if talk.on == on and talk.start_minute >= from_minute and talk.counterpart is Counterpart.CASEWORKER:
                    unit.save_conversation(key, replace(talk, status=Status.CANCELLED_BY_US))
                    count, whom = count + 1, {**whom, citizen_id: None}
        worker = snapshot.office.caseworker
        if not any(absence.first <= on <= absence.last for absence in worker.absent):
            absent = tuple(sorted((*worker.absent, Absence(on, on)), key=lambda one: (one.first, one.last)))
            unit.save_office(replace(snapshot.office, caseworker=replace(worker, absent=absent)))
        detail = {"on": on, "count": count, "reason": said.reason(reason)}
        seq = room.record(unit, "call_off", None, detail)
    return Done(seq, VERBS["call_off"], detail, None, citizens=tuple(whom))
