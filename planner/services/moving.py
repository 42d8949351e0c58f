"""A conversation carried over the week: what stands against each place, who lies beside it, and what it would cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen
from planner.domain.conversations import Conversation
from planner.domain.text import visible
from planner.locale import Language
from planner.planning.cost import WorkingDays, lateness
from planner.planning.masks import MINUTES
from planner.planning.plan import Slot, Title
from planner.planning.slots import blockers
from planner.rules.windows import Because, Window, WindowStatus, because
from planner.services.explanation import sentences
from planner.services.results import Today
from planner.services.week_view import Kind, Talk, talks_between


@dataclass(frozen=True, slots=True)
class Carried:
    """A conversation that was picked up: the caseload without it, and the windows that it is held for."""

    talk: Talk
    caseload: Caseload
    citizen: Citizen
    windows: tuple[Window, ...]
    today: Today

    @property
    def slot(self) -> Slot:
        """Where it was picked up."""
        return self.talk.slot


@dataclass(frozen=True, slots=True)
class Landing:
    """A place that is tried: the rules that forbid it, the conversations that lie there, and what it costs."""

    slot: Slot
    blocked: tuple[Because, ...]
    beside: tuple[Talk, ...]
    cost: tuple[Because, ...]
    unmoved: bool

    @property
    def possible(self) -> bool:
        """Whether it can be put there."""
        return not self.blocked


def without(citizen: Citizen, booking: Conversation) -> Citizen:
    """The citizen as if that conversation were not booked."""
    return replace(citizen, conversations=tuple(talk for talk in citizen.conversations if talk is not booking))


def pick_up(today: Today, talk: Talk) -> Carried | None:
    """Take a conversation of the list into the hand; None where it is no longer there."""
    row = next((row for row in today.rows if row.citizen.id == talk.citizen_id), None)
    if row is None:
        return None
    citizen, caseload = row.citizen, today.caseload
    if talk.booking is not None:
        if talk.booking not in citizen.conversations:
            return None
        citizen = without(citizen, next(one for one in citizen.conversations if one == talk.booking))
        others = tuple(citizen if one.id == citizen.id else one for one in caseload.citizens)
        caseload = replace(caseload, citizens=others)
        windows = tuple(window for window in row.part.windows if _covered_on(window, talk.slot.on))
    else:
        names = set(talk.covers)
        windows = tuple(window for window in row.part.windows if window.is_need and window.requirement in names)
    return Carried(talk, caseload, citizen, windows, today)


def _covered_on(window: Window, day: date) -> bool:
    """Whether what covers the window is the conversation booked on that day."""
    codes = ("booked", "booked_late")
    return window.status is WindowStatus.COVERED and any(
        step.code in codes and step.values.get("on") == day.isoformat() for step in window.because
    )


def try_at(carried: Carried, on: date, start: int) -> Landing:
    """Look whether the conversation can be at that time; quick enough for every key."""
    slot = replace(carried.slot, on=on, start=start)
    unmoved = slot == carried.slot
    past = (because("day_past", on=on),) if on < carried.caseload.today else ()
    blocked = () if unmoved else past or blockers(carried.caseload, carried.citizen, slot)
    return Landing(slot, blocked, tuple(_beside(carried, slot)), () if unmoved else _cost(carried, on), unmoved)


def _beside(carried: Carried, slot: Slot) -> Iterator[Talk]:
    """Other conversations within the buffer of the slot; held ones are over."""
    buffer = carried.caseload.caseworker.buffer_minutes
    near = timedelta(days=1)
    for talk in talks_between(carried.today, slot.on - near, slot.on + near):
        shift = (talk.slot.on - slot.on).days * MINUTES
        apart = slot.start >= talk.slot.end + shift + buffer or talk.slot.start + shift >= slot.end + buffer
        own = talk.citizen_id == carried.talk.citizen_id and talk.slot == carried.slot
        if not apart and not own and talk.kind is not Kind.HELD:
            yield talk


def _cost(carried: Carried, on: date) -> tuple[Because, ...]:
    """How the day lies to each window, in the words of a proposal's cost; what it gains is not reckoned."""
    steps: list[Because] = []
    for window in carried.windows:
        first, last = min(on, window.target, window.latest), max(on, window.target, window.latest)
        points = lateness(window, on, WorkingDays.between(carried.caseload.office, first, last))
        about: dict[str, str | int] = {"requirement": window.requirement, "points": points}
        if on < window.earliest:
            steps.append(because("before_earliest", requirement=window.requirement, first=window.earliest))
        elif on > window.latest:
            steps.append(because("past_latest", latest=window.latest, **about))
        elif points == 0:
            steps.append(because("on_target", **about))
        elif on < window.target:
            steps.append(because("before_target", target=window.target, **about))
        else:
            steps.append(because("after_target", target=window.target, latest=window.latest, **about))
    return tuple(steps)


def landing_lines(landing: Landing, language: Language, titles: Mapping[str, Title]) -> list[str]:
    """What is to be said of the place: what forbids it, or that it can be put there; who lies there; what it costs."""
    if landing.unmoved:
        return [language.text("This is where it lies now.")]
    if not landing.possible:
        return [*sentences(landing.blocked, language, titles), *_beside_lines(landing, language)]
    cost = sentences(landing.cost, language, titles)
    return [language.text("It can be put here."), *_beside_lines(landing, language), *cost]


def _beside_lines(landing: Landing, language: Language) -> Iterator[str]:
    booked = [_named(talk, language) for talk in landing.beside if talk.kind is Kind.BOOKED]
    proposed = [_named(talk, language) for talk in landing.beside if talk.kind is not Kind.BOOKED]
    if booked:
        yield language.text("Here lies: {who}.", who=language.joined(booked))
    if proposed:
        who = language.joined(proposed)
        yield language.text("Proposed here, and would get another time: {who}.", who=who)


def _named(talk: Talk, language: Language) -> str:
    return f"{visible(talk.name)} {language.time(talk.slot.start)}–{language.time(talk.slot.end)}"
