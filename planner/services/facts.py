"""What becomes known about a citizen: facts and notes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from planner.domain.citizens import Fact, FactKind
from planner.errors import Refused
from planner.locale import N_
from planner.services import said
from planner.services.results import Done
from planner.services.room import Room, done


def add_fact(room: Room, citizen_id: str, kind: FactKind, on: date, until: date | None, documented: bool) -> Done:
    """Note a fact; `noted_on` is today."""
    with room.acting("fact", citizen_id) as act:
        if until is not None and until < on:
            raise Refused(N_("A fact cannot end ({until}) before it begins ({on})"), until=until, on=on)
        fact = Fact(kind, on, until, documented, act.today)
        if not any(replace(known, noted_on=fact.noted_on, key=fact.key) == fact for known in act.citizen.facts):
            act.unit.save_fact(act.key, fact)
        act.detail.update(kind=kind, on=on, until=until, documented=documented)
    return done("fact", act)


def note(room: Room, citizen_id: str, text: str) -> Done:
    """Write a note; what it says stands in the note only, not in the log."""
    body = said.body(text)
    with room.acting("note", citizen_id) as act:
        act.unit.add_note(act.key, body)
    return done("note", act)
