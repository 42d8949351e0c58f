"""Rooms and interpreters: when one of them is free for as long as a conversation takes.

A caseworker talks with one citizen at a time, so no two of her conversations ever want the same room: what is shared
with others only masks where a conversation can begin, and planning never books it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

from planner.domain.caseload import Caseload, SharedCalendar, SharedKind
from planner.domain.citizens import Citizen
from planner.domain.conversations import Channel
from planner.planning.masks import WHOLE_DAY, starts_within, stretch, taken_by_day, weekly

#: Calendars any one of which will do: the rooms, or the interpreters of one language.
Pool = tuple[SharedKind, str]


def _spoken(language: str) -> str:
    """A language as it is compared: case does not matter."""
    return unicodedata.normalize("NFC", language.strip()).casefold()


class _Days:
    """One calendar's free minutes, day by day."""

    def __init__(self, calendar: SharedCalendar, first: date, last: date) -> None:
        self._week = weekly(calendar.available) if calendar.available else [WHOLE_DAY] * 7
        self._taken = taken_by_day(calendar.busy, first, last)

    def free(self, day: date) -> int:
        return self._week[day.weekday()] & ~self._taken.get(day, 0)


@dataclass(slots=True)
class SharedDays:
    """The shared calendars of the office from the day `first` to `last`, by what they serve."""

    caseload: Caseload
    first: date
    last: date
    _pools: dict[Pool, list[_Days]] = field(default_factory=dict)
    _starts: dict[tuple[Pool, date, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for calendar in self.caseload.shared_calendars:
            spoken = _spoken(calendar.language or "") if calendar.kind is SharedKind.INTERPRETER else ""
            pool = calendar.kind, spoken
            self._pools.setdefault(pool, []).append(_Days(calendar, self.first, self.last))

    def language(self, citizen: Citizen) -> str | None:
        """The language of the interpreters that the citizen must have one of; None where none of it is named."""
        if not citizen.interpreter or not self._pools:
            return None
        spoken = _spoken(citizen.interpreter)
        return spoken if (SharedKind.INTERPRETER, spoken) in self._pools else None

    def starts(
        self, citizen: Citizen, day: date, channel: Channel, minutes: int, without: Collection[SharedKind] = ()
    ) -> int:
        """The mask of the minutes from which all that is needed, less the kinds `without`, is free for `minutes`."""
        found = WHOLE_DAY
        for pool in self._needed(citizen, channel):
            if pool[0] not in without:
                found &= self._starts_of(pool, day, minutes)
        return found

    def missing(self, citizen: Citizen, day: date, channel: Channel, start: int, end: int) -> tuple[SharedKind, ...]:
        """What is needed of which none is free all the time from `start` to `end`."""
        wanted = stretch(start, end)
        return tuple(
            pool[0]
            for pool in self._needed(citizen, channel)
            if all(wanted & ~one.free(day) for one in self._pools[pool])
        )

    def _needed(self, citizen: Citizen, channel: Channel) -> Iterator[Pool]:
        if channel is Channel.IN_PERSON and (SharedKind.ROOM, "") in self._pools:
            yield SharedKind.ROOM, ""
        language = self.language(citizen)
        if language is not None:
            yield SharedKind.INTERPRETER, language

    def _starts_of(self, pool: Pool, day: date, minutes: int) -> int:
        key = pool, day, minutes
        if key not in self._starts:
            found = 0
            for one in self._pools[pool]:  # one by one, since nobody changes rooms in the middle
                found |= starts_within(one.free(day), minutes)
            self._starts[key] = found
        return self._starts[key]
