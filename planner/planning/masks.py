"""Minutes of a day as bit masks: bit m stands for the minute [m, m + 1) after midnight."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta

from planner.domain.caseload import Busy, Hours

MINUTES = 24 * 60
WHOLE_DAY = (1 << MINUTES) - 1


def stretch(start: int, end: int) -> int:
    """The mask of the minutes [start, end), cut to the day."""
    start, end = max(start, 0), min(end, MINUTES)
    return ((1 << (end - start)) - 1) << start if end > start else 0


def minute_of(moment: time) -> int:
    """Minutes from midnight."""
    return moment.hour * 60 + moment.minute


def starts_within(free: int, minutes: int) -> int:
    """The mask of the minutes from which `minutes` free ones follow."""
    found, have = free, 1
    while have < minutes:
        step = min(have, minutes - have)
        found &= found >> step
        have += step
    return found


def bits(mask: int) -> Iterable[int]:
    """The positions of the set bits, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def weekly(stretches: Iterable[Hours]) -> list[int]:
    """The mask of each weekday, Monday first."""
    masks = [0] * 7
    for hours in stretches:
        masks[hours.weekday] |= stretch(minute_of(hours.start), minute_of(hours.end))
    return masks


def taken_by_day(times: Iterable[Busy], first: date, last: date) -> dict[date, int]:
    """The mask of what the busy times take of each day from `first` to `last`; a day that is free is left out."""
    taken: dict[date, int] = {}
    for busy in times:
        day = max(busy.start.date(), first)
        while day <= min(busy.end.date(), last):
            begin = minute_of(busy.start.time()) if day == busy.start.date() else 0
            end = minute_of(busy.end.time()) if day == busy.end.date() else MINUTES
            taken[day] = taken.get(day, 0) | stretch(begin, end)
            day += timedelta(days=1)
    return taken
