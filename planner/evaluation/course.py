"""A citizen's past, gone through again with the rules: which deadlines were met, and how long a need waited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from planner.domain.calendar import ONE_DAY
from planner.domain.citizens import Citizen
from planner.evaluation.evidence import Evidence, Span, active
from planner.rules.assessment import assess
from planner.rules.windows import Window

#: None that comes up by itself is shorter, so none begins and ends between two looks; what else moves one is a mark.
_LOOK = timedelta(days=13)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A binding latest day: `on` is when a conversation answered it, or the latest day that passed without one."""

    on: date
    requirement: str
    latest: date
    met: bool


@dataclass(frozen=True, slots=True)
class Waited:
    """A need that a conversation answered, and the days since its window opened."""

    on: date
    days: int


def course(evidence: Evidence, citizen: Citizen, span: Span) -> Iterator[Deadline | Waited]:
    """What the rules say of the citizen's days in the span, in order of time; raises InputError."""
    running = active(citizen, span)
    if running is None:
        return
    held = {talk.on for talk in citizen.held_in_spell() if talk.on in running}
    marks = sorted(mark for mark in held | _moving(evidence, citizen) if mark in running)
    day, missed = running.first, set[tuple[str, date]]()
    while day <= running.last:
        after = _open(evidence, citizen, day)
        if day in held:
            answered = _answered(_open(evidence, citizen, day, held_today=False), after, day)
            for window in answered.values():
                if window.binding and window.latest >= day:
                    yield Deadline(day, window.requirement, window.latest, met=True)
            if answered:
                yield Waited(day, (day - min(window.earliest for window in answered.values())).days)
        for key, window in after.items():
            if window.binding and window.latest == day and key not in missed:
                missed.add(key)
                yield Deadline(day, window.requirement, window.latest, met=False)
        ahead = [window.latest for window in after.values() if window.latest > day]
        day = min([day + _LOOK, *ahead, *(mark for mark in marks if mark > day)])


def _open(
    evidence: Evidence, citizen: Citizen, day: date, *, held_today: bool = True
) -> dict[tuple[str, date], Window]:
    known = evidence.known(citizen, day, held_today=held_today)
    windows = assess(replace(evidence.caseload, today=day, citizens=()), known, evidence.rules).windows
    return {(window.requirement, window.latest): window for window in windows if window.is_need}


def _answered(
    before: dict[tuple[str, date], Window], after: dict[tuple[str, date], Window], day: date
) -> dict[tuple[str, date], Window]:
    return {key: window for key, window in before.items() if key not in after and window.earliest <= day}


def _moving(evidence: Evidence, citizen: Citizen) -> set[date]:
    """Days on which something else than a conversation can change what the rules say, and the days after them."""
    days = {citizen.spell_start}
    for fact in citizen.facts:
        days |= {fact.on, fact.ends} | ({fact.noted_on} if fact.noted_on else set())
    if citizen.exemption is not None:
        days |= {citizen.exemption.on} | ({citizen.exemption.until} if citizen.exemption.until else set())
    for adoption in evidence.caseload.adoptions:
        days |= {adoption.first} | ({adoption.last} if adoption.last else set())
    for pack in evidence.rules.packs:
        days |= {pack.valid_from}
    days |= {on for on, _, _ in evidence.cadence_changes(citizen)}
    return days | {talk.on for talk in citizen.conversations} | {day + ONE_DAY for day in days if day < date.max}
