"""The end of a case: closed and opened again by the caseworker, and how long it is kept afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen
from planner.domain.periods import Period
from planner.errors import Refused
from planner.locale import N_, NN_, Language
from planner.services.results import Done
from planner.services.room import Room, done

#: What an erasure does not reach at once, or at all.
REACH = N_(
    "Nothing brings it back. Backups that still hold it go thirty days later; files that were exported, and printed "
    "papers, are not reached."
)


@dataclass(frozen=True, slots=True)
class Closed:
    """A case at its end, and the day from which it is proposed for erasure; None where no period is set."""

    citizen: Citizen
    on: date
    due: date | None

    def is_due(self, today: date) -> bool:
        """Whether it is proposed now."""
        return self.due is not None and self.due <= today


def close(room: Room, citizen_id: str, on: date | None) -> Done:
    """Close the case with the end of a day, today unless stated; what is booked or offered must be settled first."""
    with room.acting("close", citizen_id) as act:
        citizen, day = act.citizen, on or act.today
        check_open(citizen, act.today)
        if day > act.today:
            raise Refused(N_("A case is closed today or on an earlier day"))
        if day < citizen.spell_start:
            raise Refused(N_("The present spell began only on {on}"), on=citizen.spell_start)
        for talk in citizen.booked():
            raise Refused(N_("A conversation is booked on {on}; say first what became of it, or cancel it"), on=talk.on)
        if citizen.offer is not None:
            raise Refused(N_("Times are offered to the citizen; withdraw them first"))
        act.unit.save_citizen(act.key, replace(citizen, closed_on=day))
        act.detail.update(on=day)
    return done("close", act)


def reopen(room: Room, citizen_id: str) -> Done:
    """Open a closed case again."""
    with room.acting("reopen", citizen_id) as act:
        if act.citizen.closed_on is None or act.citizen.ended_on() is None:
            raise Refused(N_("The case is not closed"))
        act.unit.save_citizen(act.key, replace(act.citizen, closed_on=None))
    return done("reopen", act)


def with_new_spell(before: Citizen, after: Citizen) -> Citizen:
    """The citizen with the case open again, where a new spell began since it was closed, on the same day too."""
    closed = before.closed_on
    begins = after.spell_start != before.spell_start and closed is not None and after.spell_start >= closed
    return replace(after, closed_on=None) if begins else after


def check_open(citizen: Citizen, today: date) -> None:
    """Raise Refused where the case is at its end."""
    if citizen.has_died():
        raise Refused(N_("The case has ended: a death is noted."))
    if citizen.has_ended(today):
        raise Refused(N_("The case was closed on {on}; open it again first"), on=citizen.ended_on())


def closed_cases(caseload: Caseload, months: int | None) -> tuple[Closed, ...]:
    """The cases at their end, those to be erased first before the others; `months`: how long they are kept."""
    found = [
        Closed(citizen, ended, None if months is None else Period(months=months).after(ended))
        for citizen in caseload.citizens
        if citizen.has_ended(caseload.today) and (ended := citizen.ended_on()) is not None
    ]
    return tuple(sorted(found, key=lambda case: (case.on, case.citizen.id)))


def case_words(case: Closed, today: date, language: Language) -> str:
    """When a case was closed, and when it is proposed for erasure."""
    closed = language.text(N_("closed {on}"), on=case.on)
    if case.due is None:
        return closed
    due = N_("proposed for erasure") if case.is_due(today) else N_("proposed for erasure only from {due}")
    return f"{closed}; {language.text(due, due=case.due)}"


def kept_words(months: int | None, language: Language) -> str:
    """How long a closed case is kept."""
    if months is None:
        return language.text(N_("No case is proposed for erasure: no period is set."))
    return language.plural(
        *NN_("A closed case is kept for {n} month.", "A closed case is kept for {n} months."), months
    )
