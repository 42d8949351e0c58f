"""Danish working days of an office, and ISO weeks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from planner.domain.public_holidays import KNOWN

ONE_DAY = timedelta(days=1)
#: The dates that are read; beyond them no arithmetic is asked for.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """Danish public holidays of a year (store bededag until 2023, not after)."""
    if year in KNOWN:
        return frozenset(date(year, int(day[:2]), int(day[2:])) for day in KNOWN[year].split())
    from holidays import country_holidays  # heavy: only for years far away

    return frozenset(country_holidays("DK", years=year))


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """On which days the office is open: not on weekends, public holidays or its own closing days."""

    closing_days: frozenset[date] = frozenset()

    def is_open(self, day: date) -> bool:
        """Whether `day` is a working day of the office."""
        return day.weekday() < 5 and day not in self.closing_days and day not in public_holidays(day.year)

    def working_days_between(self, after: date, until: date) -> int:
        """Working days in (after, until]; zero when `until` is not later."""
        count, day = 0, after + ONE_DAY
        while day <= until:
            count += self.is_open(day)
            day += ONE_DAY
        return count

    def working_days_after(self, day: date, count: int) -> date:
        """The `count`th working day after `day`; `day` itself for zero.

        Where the office hardly ever opens the search ends after ten years and gives that day.
        """
        end = day + timedelta(days=3660)
        while count > 0 and day < end:
            day += ONE_DAY
            count -= self.is_open(day)
        return day

    def last_working_day(self, until: date) -> date:
        """The last working day on or before `until` (within a year; else `until`)."""
        day = until
        for _ in range(366):
            if self.is_open(day):
                return day
            day -= ONE_DAY
        return until


def iso_weeks(start: date, count: int) -> list[tuple[int, int, date]]:
    """The ISO year, ISO week and Monday of `count` weeks from the week of `start` on."""
    monday = start - timedelta(days=start.weekday())
    mondays = (monday + timedelta(weeks=week) for week in range(count))
    return [(day.isocalendar().year, day.isocalendar().week, day) for day in mondays]


def calendar_of(closing_days: Iterable[date]) -> OfficeCalendar:
    """The office's calendar from its closing days."""
    return OfficeCalendar(frozenset(closing_days))
