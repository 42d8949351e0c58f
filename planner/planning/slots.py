"""Free slots for one citizen, and the named reasons why a slot is not possible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from planner.domain.caseload import Caseload, SharedKind
from planner.domain.citizens import Citizen
from planner.domain.conversations import Channel, Status
from planner.planning.diary import Diary, first_day, unavailable_minutes
from planner.planning.masks import MINUTES, bits, stretch, taken_by_day, weekly
from planner.planning.plan import Slot
from planner.planning.shared_days import SharedDays
from planner.rules.windows import Because, because


def free_slots(
    caseload: Caseload, citizen: Citizen, channel: Channel, first: date, last: date, limit: int
) -> tuple[Slot, ...]:
    """The first `limit` slots in the channel from `first` to `last` that break no hard rule, earliest first."""
    begin = max(first, first_day(caseload, channel))
    if channel not in citizen.channels or channel is Channel.LETTER or begin > last:
        return ()
    diary = Diary(caseload, begin, last)
    minutes = caseload.settings.minutes_for(citizen, channel)
    found: list[Slot] = []
    day = begin
    while day <= last and len(found) < limit:
        for start in bits(diary.starts(citizen, day, channel)):
            found.append(Slot(day, start, minutes, channel))
        day += timedelta(days=1)
    return tuple(found[:limit])


def blockers(caseload: Caseload, citizen: Citizen, slot: Slot, taken: Sequence[Slot] = ()) -> tuple[Because, ...]:
    """Every hard rule that the slot breaks against what is booked (and `taken`); empty when it is possible."""
    day, found = slot.on, list[Because]()
    if slot.channel not in citizen.channels or slot.channel is Channel.LETTER:
        found.append(because("channel_not_usable", channel=slot.channel.value))
    notice = first_day(caseload, slot.channel) if slot.channel is not Channel.LETTER else caseload.today
    if day < notice:
        found.append(because("notice", channel=slot.channel.value, first=notice))
    found += _day_blockers(caseload, slot)
    own = unavailable_minutes(citizen, day)
    if own & stretch(slot.start, slot.end):
        found.append(because("citizen_unavailable", on=day))
    found += _shared_blockers(caseload, citizen, slot)
    found += _taken_blockers(caseload, slot, taken)
    return tuple(found)


def _day_blockers(caseload: Caseload, slot: Slot) -> list[Because]:
    worker, day, needed = caseload.caseworker, slot.on, stretch(slot.start, slot.end)
    if slot.end > MINUTES or slot.start < 0 or slot.minutes < 1:
        return [because("outside_hours", on=day)]
    if not caseload.office.is_open(day):
        return [because("office_closed", on=day)]
    if any(absence.first <= day <= absence.last for absence in worker.absent):
        return [because("caseworker_absent", on=day)]
    found = []
    if needed & ~weekly(worker.working_hours)[day.weekday()]:
        found.append(because("outside_hours", on=day))
    if needed & weekly(worker.breaks)[day.weekday()]:
        found.append(because("in_break", on=day))
    if needed & taken_by_day(worker.busy, day, day).get(day, 0):
        found.append(because("caseworker_busy", on=day))
    in_person_days = worker.in_person_days
    if slot.channel is Channel.IN_PERSON and in_person_days is not None and day.weekday() not in in_person_days:
        found.append(because("not_in_person_day", on=day))
    if slot.start % caseload.settings.grid_minutes:
        found.append(because("off_grid", minutes=caseload.settings.grid_minutes))
    return found


def _shared_blockers(caseload: Caseload, citizen: Citizen, slot: Slot) -> list[Because]:
    shared = SharedDays(caseload, slot.on, slot.on)
    reasons = {
        SharedKind.ROOM: because("no_room", on=slot.on),
        SharedKind.INTERPRETER: because("no_interpreter", on=slot.on, spoken=citizen.interpreter or ""),
    }
    return [reasons[kind] for kind in shared.missing(citizen, slot.on, slot.channel, slot.start, slot.end)]


def _taken_blockers(caseload: Caseload, slot: Slot, taken: Sequence[Slot]) -> list[Because]:
    buffer, most = caseload.caseworker.buffer_minutes, caseload.caseworker.max_per_day
    booked = [c for citizen in caseload.citizens for c in citizen.conversations if c.status is Status.BOOKED]
    talks = [(c.on, c.start_minute, c.end_minute) for c in booked]
    talks += [(other.on, other.start, other.end) for other in taken]
    near = [
        (start + shift * MINUTES, end + shift * MINUTES)
        for on, start, end in talks
        if abs(shift := (on - slot.on).days) <= 1
    ]
    found = []
    if any(slot.start < end + buffer and start < slot.end + buffer for start, end in near):
        found.append(because("time_taken", on=slot.on))
    if most is not None and sum(on == slot.on for on, _, _ in talks) >= most:
        found.append(because("day_full", on=slot.on, most=most))
    return found
