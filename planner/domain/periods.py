"""ISO 8601 periods as the law counts them: calendar months clamped to the month's end, weeks of seven days."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

PERIOD_PATTERN = r"^P(?=\d)(\d{1,3}Y)?(\d{1,3}M)?(\d{1,3}W)?(\d{1,4}D)?$"
_PERIOD = re.compile(PERIOD_PATTERN)
#: The last day that every month has.
_IN_EVERY_MONTH = 28


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time in calendar months and days."""

    months: int = 0
    days: int = 0

    @classmethod
    @lru_cache(maxsize=256)
    def parse(cls, text: str) -> Period:
        """Read `P4W`, `P6M`, `P10D`, `P1Y6M`; raises ValueError for anything else."""
        match = _PERIOD.match(text)
        if match is None:
            raise ValueError(f"not an ISO 8601 period: {text!r}")
        years, months, weeks, days = (int(part[:-1]) if part else 0 for part in match.groups())
        return cls(years * 12 + months, weeks * 7 + days)

    def __str__(self) -> str:
        if not self.months and not self.days:
            return "P0D"
        months = f"{self.months}M" if self.months else ""
        if not self.days:
            return f"P{months}"
        whole_weeks = not self.months and self.days % 7 == 0
        return f"P{months}{self.days // 7}W" if whole_weeks else f"P{months}{self.days}D"

    def after(self, day: date, times: int = 1) -> date:
        """The date `times` periods after `day`; months first, clamped to the last day, then days."""
        later = timedelta(days=self.days * times)
        if not self.months:
            return day + later
        years, month = divmod(day.month - 1 + self.months * times, 12)
        year = day.year + years
        number = day.day if day.day <= _IN_EVERY_MONTH else min(day.day, monthrange(year, month + 1)[1])
        return date(year, month + 1, number) + later

    def days_from(self, day: date) -> int:
        """How many days the period is when it begins on `day`."""
        return (self.after(day) - day).days


def weeks(count: int) -> Period:
    """A period of whole weeks."""
    return Period(days=7 * count)
