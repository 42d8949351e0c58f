"""Working days of a Danish office from first principles: the second source beside the calendar of the domain."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)
#: Days from Easter Sunday to Maundy Thursday, Good Friday, the Easter days, Ascension and the Whitsun days.
_AROUND_EASTER = (-3, -2, 0, 1, 39, 49, 50)
_PRAYER_DAY = 26
_LAST_PRAYER_DAY = 2023
_SEARCH_DAYS = 3660


def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year, by the method of Gauss with the corrections of 1816."""
    century = year // 100
    moon = (15 + century - century // 4 - (13 + 8 * century) // 25) % 30
    sun = (4 + century - century // 4) % 7
    full_moon = (19 * (year % 19) + moon) % 30
    weekday = (2 * (year % 4) + 4 * (year % 7) + 6 * full_moon + sun) % 7
    march = 22 + full_moon + weekday
    if full_moon == 29 and weekday == 6:
        march = 50
    elif full_moon == 28 and weekday == 6 and (11 * moon + 11) % 30 < 19:
        march = 49
    return date(year, 3, 1) + timedelta(days=march - 1)


@lru_cache(maxsize=64)
def holidays_of(year: int) -> frozenset[date]:
    """Danish public holidays; store bededag was abolished with effect from 2024."""
    sunday = easter(year)
    offsets = _AROUND_EASTER + ((_PRAYER_DAY,) if year <= _LAST_PRAYER_DAY else ())
    moving = (sunday + timedelta(days=offset) for offset in offsets)
    return frozenset([*moving, date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)])


@dataclass(frozen=True, slots=True)
class OfficeDays:
    """The working days of an office: weekdays that are neither public holidays nor its own closing days."""

    closed: frozenset[date]
    _years: dict[int, list[date]] = field(default_factory=dict, compare=False, repr=False)

    def works(self, day: date) -> bool:
        """Whether the office works on `day`."""
        return day.isoweekday() <= 5 and day not in holidays_of(day.year) and day not in self.closed

    def _of(self, year: int) -> list[date]:
        if year not in self._years:
            days = (
                date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
            )
            self._years[year] = [day for day in days if self.works(day)]
        return self._years[year]

    def count(self, after: date, until: date) -> int:
        """How many working days lie in (after, until]."""
        if until <= after:
            return 0
        years = range(after.year, until.year + 1)
        return sum(bisect_right(self._of(y), until) - bisect_right(self._of(y), after) for y in years)

    def nth_after(self, day: date, nth: int) -> date:
        """The `nth` working day after `day`, looked for within ten years."""
        for step in range(1, _SEARCH_DAYS + 1):
            if self.works(day + _DAY * step):
                nth -= 1
                if nth == 0:
                    return day + _DAY * step
        return day + _DAY * _SEARCH_DAYS
