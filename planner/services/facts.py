"""What becomes known about a citizen: facts, which can be corrected and ended, and notes, which can only be amended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

from planner.domain.citizens import Citizen, Fact, FactKind
from planner.errors import NotFound, Refused
from planner.locale import N_
from planner.services import said
from planner.services.results import Done
from planner.services.room import Room, done

_UNTIL = MappingProxyType(
    {
        "fact": N_("{name}: noted {kind}, {on} to {until}"),
        "fact_changed": N_("{name}: fact corrected: {kind}, {on} to {until}"),
    }
)


def add_fact(room: Room, citizen_id: str, kind: FactKind, on: date, until: date | None, documented: bool) -> Done:
    """Note a fact; `noted_on` is today."""
    with room.acting("fact", citizen_id) as act:
        fact = Fact(kind, on, until, documented, act.today)
        _check_days(fact)
        if not _known(act.citizen.facts, fact):
            act.unit.save_fact(act.key, fact)
        act.detail.update(kind=kind, on=on, until=until, documented=documented)
    return _until(done("fact", act), "fact", until)


def change_fact(room: Room, citizen_id: str, fact: Fact) -> Done:
    """Correct the fact with that key; when it was noted stays."""
    with room.acting("fact_changed", citizen_id) as act:
        former = _of_key(act.citizen, fact.key)
        _check_days(fact)
        changed = replace(fact, noted_on=former.noted_on)
        if _known([other for other in act.citizen.facts if other.key != fact.key], changed):
            raise Refused(N_("The same fact is noted already"))
        act.unit.save_fact(act.key, changed)
        act.detail.update(kind=fact.kind, on=fact.on, until=fact.until, documented=fact.documented)
    return _until(done("fact_changed", act), "fact_changed", fact.until)


def _until(made: Done, verb: str, until: date | None) -> Done:
    """What is told, with the last day of a fact that has one."""
    return made if until is None else replace(made, message=_UNTIL[verb])


def remove_fact(room: Room, citizen_id: str, key: str, reason: str) -> Done:
    """Take away a fact that does not hold, for a reason; the journal keeps both."""
    why = said.reason(reason)
    with room.acting("fact_removed", citizen_id) as act:
        fact = _of_key(act.citizen, key)
        act.unit.remove_fact(key)
        act.detail.update(kind=fact.kind, on=fact.on, reason=why)
    return done("fact_removed", act)


def note(room: Room, citizen_id: str, text: str) -> Done:
    """Write a note; what it says stands in the note only, not in the log."""
    body = said.body(text)
    with room.acting("note", citizen_id) as act:
        act.unit.add_note(act.key, body)
    return done("note", act)


def amend_note(room: Room, citizen_id: str, key: str, text: str) -> Done:
    """Amend a note by another one that names it; what was written stays as it is."""
    body = said.body(text)
    with room.acting("note_amended", citizen_id) as act:
        former = next((one for one in act.unit.notes(act.key) if one.key == key), None)
        if former is None:
            raise NotFound(N_("There is no such note"))
        act.unit.add_note(act.key, body, amends=key)
        act.detail.update(on=former.at.date())
    return done("note_amended", act)


def _check_days(fact: Fact) -> None:
    if fact.until is not None and fact.until < fact.on:
        raise Refused(N_("A fact cannot end ({until}) before it begins ({on})"), until=fact.until, on=fact.on)


def _known(facts: list[Fact] | tuple[Fact, ...], fact: Fact) -> bool:
    return any(replace(known, noted_on=fact.noted_on, key=fact.key) == fact for known in facts)


def _of_key(citizen: Citizen, key: str) -> Fact:
    found = next((fact for fact in citizen.facts if fact.key == key), None)
    if found is None:
        raise NotFound(N_("There is no such fact"))
    return found
