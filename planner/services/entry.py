"""Dates and times as people type them: 24-11, 24-11-2026, 2026-11-24, +2u; 10.30, 10:30, 1030."""

from __future__ import annotations

import re
from datetime import date, time

from planner.domain.calendar import FIRST_DAY, LAST_DAY
from planner.domain.periods import Period
from planner.errors import PlannerError
from planner.locale import N_

_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_DAY_MONTH = re.compile(r"^(\d{1,2})[-./](\d{1,2})(?:[-./](\d{4}|\d{2}))?$")
_AHEAD = re.compile(r"^\+(\d{1,3})\s*([a-zæøå]*)$")
_TIME = re.compile(r"^(\d{1,2})(?:[.:]?(\d{2}))?$")
#: Thousands may be marked; two decimals at most, so that "1,000" is never taken for one.
_AMOUNT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:[.,]([0-9]{1,2}))?")
_MOST = 1_000_000
_UNITS = {
    "day": ("d", "dag", "dage", "day", "days"),
    "week": ("", "u", "w", "uge", "uger", "week", "weeks"),
    "month": ("m", "md", "mdr", "måned", "måneder", "month", "months"),
}


class NotUnderstood(PlannerError):
    """Something typed is neither a date nor a time."""

    exit_code = 2


def read_date(text: str, today: date, *, is_over: bool = False) -> date:
    """The date meant by `text`; without a year the nearest one, so that yesterday is never taken for next year.

    `is_over`: only a day up to today can be meant. Raises NotUnderstood with examples of what can be written.
    """
    if not text.strip():
        raise NotUnderstood(N_("Write a date, for example 24-11, 24-11-2026 or +2w"))
    found = _read(text.strip().casefold(), today, is_over)
    if found is None:
        raise NotUnderstood(N_("“{text}” is not a date; write for example 24-11, 24-11-2026 or +2w"), text=text.strip())
    if not FIRST_DAY <= found <= LAST_DAY:
        raise NotUnderstood(
            N_("“{text}” is outside the years {first}–{last}; write for example 24-11-2026"),
            text=text.strip(),
            first=FIRST_DAY.year,
            last=LAST_DAY.year,
        )
    return found


def read_time(text: str) -> int:
    """Minutes from midnight for 10.30, 10:30, 1030 or 10; raises NotUnderstood."""
    match = _TIME.match(text.strip())
    if match is not None:
        hours, minutes = int(match[1]), int(match[2] or 0)
        if hours < 24 and minutes < 60:
            return hours * 60 + minutes
    raise NotUnderstood(N_("“{text}” is not a time; write for example 10.30"), text=text.strip())


def read_amount(text: str) -> float:
    """The kroner meant by `text`: "500", "500,50", "1.000,50" or "500.50"; raises NotUnderstood."""
    found = _AMOUNT.fullmatch(text.strip())
    amount = float(f"{found[1].replace('.', '')}.{found[2] or 0}") if found else float(_MOST)
    if amount >= _MOST:
        raise NotUnderstood(
            N_("“{text}” is not an amount from 0 to a million; write for example 500 or 500,50"), text=text.strip()
        )
    return amount


def read_moment(text: str, today: date) -> tuple[date, int]:
    """A date and a time in one line: "24-11 10.30"; raises NotUnderstood."""
    day, _, clock = text.strip().rpartition(" ")
    if not day:
        raise NotUnderstood(N_("Write a date and a time, for example 24-11 10.30"))
    return read_date(day, today), read_time(clock)


def read_hours(text: str) -> tuple[time, time]:
    """Two times with a dash between them: "8-10", "08.00–10.30"; raises NotUnderstood."""
    parts = re.split(r"\s*[-–]\s*", text.strip())
    if len(parts) != 2:
        raise NotUnderstood(N_("Write two times, for example 08.00-10.00"))
    start, end = (read_time(part) for part in parts)
    if end <= start:
        raise NotUnderstood(N_("The hours must end after they begin"))
    return time(*divmod(start, 60)), time(*divmod(end, 60))


def _read(text: str, today: date, is_over: bool) -> date | None:
    try:
        if match := _ISO.match(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _AHEAD.match(text):
            return _later(int(match[1]), match[2], today)
        if match := _DAY_MONTH.match(text):
            return _day_month(int(match[1]), int(match[2]), match[3], today, is_over)
    except (ValueError, OverflowError):
        return None
    return None


def _later(count: int, unit: str, today: date) -> date | None:
    if unit in _UNITS["day"]:
        return Period(days=count).after(today)
    if unit in _UNITS["week"]:
        return Period(days=7 * count).after(today)
    return Period(months=count).after(today) if unit in _UNITS["month"] else None


def _day_month(day: int, month: int, year: str | None, today: date, is_over: bool) -> date | None:
    if year is not None:
        return date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    years = range(today.year - 8, today.year + 9)
    days = [found for number in years if (found := _existing(number, month, day)) is not None]
    meant = [found for found in days if found <= today] if is_over else days
    return min(meant, key=lambda found: (abs((found - today).days), found < today), default=None)


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
