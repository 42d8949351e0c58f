"""The figures that an evaluation shows: each with its definition and how many persons it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from planner.domain.citizens import Citizen
from planner.domain.conversations import TALKING, Channel, Conversation, Status
from planner.evaluation.shares import FEWEST
from planner.locale import N_, Language

HELD = "held"
_NAMES = {
    Channel.PHONE: N_("Held by phone"),
    Channel.DIGITAL: N_("Held digitally"),
    Channel.IN_PERSON: N_("Held in person"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: name, definition and unit are messages; `n` counts persons.

    Without a value it was not measured, or it is withheld because too few persons stand behind it.
    """

    id: str
    name: str
    definition: str
    unit: str
    value: float | None = None
    n: int | None = None
    is_withheld: bool = False

    def guarded(self) -> Figure:
        """The figure as it may be exported."""
        return self.withheld() if self.n is not None and self.n < FEWEST else self

    def withheld(self) -> Figure:
        """The figure without what it would tell."""
        return replace(self, value=None, n=None, is_withheld=True)

    def text(self, language: Language) -> str:
        """The value in words."""
        if self.is_withheld:
            return language.text("withheld")
        if self.value is None:
            return language.text("not measured")
        return language.number(self.value, 0 if self.value == int(self.value) else 1)


def figures(citizens: Iterable[Citizen], first: date, last: date) -> tuple[Figure, ...]:
    """What can be counted of these citizens from `first` to `last`, as it may be exported."""
    there = [one for one in citizens if one.spell_start <= last and not _ended_before(one, first)]
    met = {one.id: _within(one, first, last) for one in there}
    people = Figure(
        "citizens",
        N_("Citizens"),
        N_("Citizens of the target groups whose course ran in the period."),
        N_("persons"),
        len(there),
        len(there),
    )
    counts = [people, *_counts(met)]
    return (*(figure.guarded() for figure in counts), *_by_channel(met), _longest(met).guarded(), *_NOT_HERE)


def _counts(met: dict[str, list[Conversation]]) -> Sequence[Figure]:
    held = {who: [c for c in talks if c.status is Status.HELD] for who, talks in met.items()}
    missed = {who: [c for c in talks if c.status is Status.NO_SHOW] for who, talks in met.items()}
    minutes = sum(c.minutes for talks in held.values() for c in talks)
    return (
        Figure(
            HELD,
            N_("Conversations held"),
            N_("Conversations with a date in the period that were held; letters do not count."),
            N_("conversations"),
            *_of(held),
        ),
        Figure(
            "hours",
            N_("Hours of conversation"),
            N_("The length of the conversations held, added up."),
            N_("hours"),
            round(minutes / 60, 1),
            _of(held)[1],
        ),
        Figure(
            "no-shows",
            N_("No-shows"),
            N_("Booked conversations in the period to which the citizen did not come."),
            N_("conversations"),
            *_of(missed),
        ),
    )


def _by_channel(met: dict[str, list[Conversation]]) -> Sequence[Figure]:
    """By channel; beside one that must be withheld others are, until the total cannot give it away."""
    found = []
    for channel in TALKING:
        own = {
            who: [c for c in talks if c.status is Status.HELD and c.channel is channel] for who, talks in met.items()
        }
        definition = N_("Conversations held in the period, by the channel in which they were held.")
        found.append(Figure(f"{HELD}-{channel.value}", _NAMES[channel], definition, N_("conversations"), *_of(own)))
    return guarded_parts(found)


def guarded_parts(parts: Sequence[Figure]) -> list[Figure]:
    """The parts of a total that is shown: where one must be withheld, so many that their sum tells of nobody either."""
    smallest = sorted(parts, key=lambda part: part.n or 0)
    hidden: list[Figure] = []
    for part in smallest:
        behind = sum(one.n or 0 for one in hidden)
        if (part.n or 0) < FEWEST or (hidden and (len(hidden) < 2 or behind < FEWEST)):
            hidden.append(part)
    return [part.withheld() if part in hidden else part for part in parts]


def _longest(met: dict[str, list[Conversation]]) -> Figure:
    days = {who: sorted(c.on for c in talks if c.status is Status.HELD) for who, talks in met.items()}
    gaps = {who: max((b - a).days for a, b in pairwise(on)) for who, on in days.items() if len(on) > 1}
    return Figure(
        "longest-gap",
        N_("Longest time between two conversations"),
        N_("The most days between two conversations held in the period with the same citizen."),
        N_("days"),
        max(gaps.values(), default=None),
        len(gaps) if gaps else None,
    )


_NOT_HERE = (
    Figure(
        "certificates",
        N_("Certificates not obtained"),
        N_("Medical certificates that the law would have demanded and that were not obtained."),
        N_("certificates"),
    ),
)


def _of(groups: dict[str, list[Conversation]]) -> tuple[int, int]:
    """How many there are, and of how many persons."""
    return sum(map(len, groups.values())), sum(1 for talks in groups.values() if talks)


def _within(citizen: Citizen, first: date, last: date) -> list[Conversation]:
    return [c for c in citizen.conversations if first <= c.on <= last and c.channel in TALKING]


def _ended_before(citizen: Citizen, day: date) -> bool:
    ended = citizen.ended_on()
    return ended is not None and ended < day
