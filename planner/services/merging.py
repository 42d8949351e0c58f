"""How a caseload that is loaded meets what is known: it adds and corrects, and what it leaves out stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from planner.domain.caseload import Adoption, Caseload, Caseworker, Contact, PlanSettings
from planner.domain.citizens import Citizen, Fact, Unavailable
from planner.domain.conversations import Conversation, Offer, Status
from planner.services.closing import with_new_spell
from planner.services.ports import Office

T = TypeVar("T", Fact, Conversation)


@dataclass(frozen=True, slots=True)
class Merged:
    """A known citizen as it becomes; the lists hold only what is to be written."""

    key: str
    citizen: Citizen
    facts: tuple[Fact, ...]
    conversations: tuple[Conversation, ...]
    unavailable: tuple[Unavailable, ...]


@dataclass(slots=True)
class Merge:
    """Everything that loading a caseload would change."""

    new: list[Citizen] = field(default_factory=list)
    changed: list[Merged] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    adoptions: list[Adoption] = field(default_factory=list)
    office: Office | None = None


def merge(
    citizens: Mapping[str, Citizen],
    keys: Mapping[str, str],
    office: Office,
    adoptions: Sequence[Adoption],
    given: Caseload,
) -> Merge:
    """What loading `given` would change, by citizens' ids."""
    found = Merge()
    for citizen in given.citizens:
        key = keys.get(citizen.id)
        if key is None:
            found.new.append(citizen)
            continue
        merged = merged_citizen(key, citizens[key], citizen)
        if merged is None:
            found.unchanged.append(citizen.id)
        else:
            found.changed.append(merged)
    found.adoptions = [a for one in given.adoptions if (a := _merged_adoption(adoptions, one)) not in adoptions]
    becomes = merged_office(office, given)
    found.office = None if becomes == office else becomes
    return found


def merged_citizen(key: str, known: Citizen, given: Citizen) -> Merged | None:
    """The citizen with what the file says; None when it says nothing new."""
    citizen = replace(
        known,
        name=given.name,
        target_group=given.target_group,
        spell_start=given.spell_start,
        channels=given.channels,
        unemployment_start=given.unemployment_start or known.unemployment_start,
        cadence=given.cadence or known.cadence,
        handover_on=given.handover_on or known.handover_on,
        closed_on=_merged_closing(known, given),
        exemption=given.exemption or known.exemption,
        preferred_channel=given.preferred_channel or known.preferred_channel,
        interpreter=given.interpreter or known.interpreter,
        offer=_merged_offer(known, given),
    )
    facts = _to_write(known.facts, given.facts, lambda fact: (fact.kind, fact.on), _merged_fact)
    conversations = _to_write(
        known.conversations, given.conversations, lambda c: (c.on, c.start, c.counterpart), _merged_conversation
    )
    times = {replace(one, reason="") for one in known.unavailable}
    away = tuple(one for one in dict.fromkeys(given.unavailable) if one not in times)
    if citizen == known and not facts and not conversations and not away:
        return None
    return Merged(key, citizen, facts, conversations, away)


def merged_office(known: Office, given: Caseload) -> Office:
    """The office with what the file states; a part that stands at its default is not stated."""
    plain, stated, own = Caseworker(), given.caseworker, known.caseworker
    worker = Caseworker(
        working_hours=stated.working_hours or own.working_hours,
        breaks=stated.breaks or own.breaks,
        in_person_days=own.in_person_days if stated.in_person_days is None else stated.in_person_days,
        max_per_day=own.max_per_day if stated.max_per_day is None else stated.max_per_day,
        buffer_minutes=own.buffer_minutes if stated.buffer_minutes == plain.buffer_minutes else stated.buffer_minutes,
        busy=stated.busy or own.busy,
        absent=stated.absent or own.absent,
    )
    return Office(
        municipality=given.municipality or known.municipality,
        caseworker=worker,
        closing_days=tuple(sorted({*known.closing_days, *given.closing_days})),
        settings=known.settings if given.settings == PlanSettings() else given.settings,
        contact=known.contact if given.contact == Contact() else given.contact,
        shared_calendars=given.shared_calendars or known.shared_calendars,
        retention_months=known.retention_months,
    )


def _to_write(
    known: Iterable[T], given: Iterable[T], identity: Callable[[T], object], merged: Callable[[T, T], T]
) -> tuple[T, ...]:
    """New and corrected entries. Each known one answers for one given: first what is equal, then what says no more."""
    free, rest = list(known), list(given)
    tests: tuple[Callable[[T, T], bool], ...] = (
        lambda old, new: replace(old, key="") == replace(new, key=""),
        lambda old, new: identity(old) == identity(new) and merged(old, new) == old,
    )
    for answers in tests:
        waiting, rest = rest, []
        for new in waiting:
            answer = next((old for old in free if answers(old, new)), None)
            if answer is None:
                rest.append(new)
            else:
                free.remove(answer)
    written = []
    for new in rest:
        old = next((o for o in free if identity(o) == identity(new)), None)
        if old is not None:
            free.remove(old)
        written.append(replace(new, key="") if old is None else merged(old, new))
    return tuple(written)


def _merged_fact(known: Fact, given: Fact) -> Fact:
    return replace(
        known,
        until=given.until or known.until,
        documented=given.documented or known.documented,
        noted_on=given.noted_on or known.noted_on,
    )


def _merged_conversation(known: Conversation, given: Conversation) -> Conversation:
    # An export made before the conversation still calls it booked; what was recorded here since stands.
    if given.status is Status.BOOKED and known.status is not Status.BOOKED:
        return known
    filed = (given.filed_on or known.filed_on) if given.status is Status.HELD else None
    return replace(given, key=known.key, agenda=given.agenda or known.agenda, filed_on=filed)


def _merged_offer(known: Citizen, given: Citizen) -> Offer | None:
    """The offer that stands afterwards: none beside a booked conversation, whichever of the two is the file's."""
    if given.booked() or known.booked():
        return None
    if given.offer is not None and any(talk.on >= given.offer.on for talk in known.held_in_spell()):
        return known.offer  # an export made before the conversation still has the offer
    if given.offer is None or known.offer is None:
        return given.offer or known.offer
    return replace(given.offer, key=known.offer.key)


def _merged_closing(known: Citizen, given: Citizen) -> date | None:
    """A file closes a case only where nothing is open in it; what was opened again here stays so."""
    is_free = not known.booked() and not given.booked() and known.offer is None and given.offer is None
    if known.closed_on is None and given.closed_on is not None and is_free:
        return given.closed_on
    return with_new_spell(known, replace(known, spell_start=given.spell_start)).closed_on


def _merged_adoption(known: Sequence[Adoption], given: Adoption) -> Adoption:
    own = next((a for a in known if (a.experiment, a.first) == (given.experiment, given.first)), None)
    return given if own is None else replace(given, key=own.key)
