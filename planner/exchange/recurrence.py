"""When a recurring event of an iCalendar file begins, within bounds that a hostile file cannot leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from planner.errors import InputError

if TYPE_CHECKING:
    from icalendar import Event

#: Days that may be gone through for all rules of a file together.
MOST_DAYS = 2_000_000
FIRST_YEAR = 1970
DANISH_TIME = ZoneInfo("Europe/Copenhagen")

_DAYS_A_STEP = {"DAILY": 1, "WEEKLY": 2, "MONTHLY": 5, "YEARLY": 20}
_WITHIN_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")


class Unreadable(Exception):
    """An event says something that cannot be worked out."""


class Budget:
    """How much work a file may still cause."""

    def __init__(self, days: int = MOST_DAYS) -> None:
        self.days = days

    def spend(self, days: int) -> None:
        """Take from what is left; raises InputError when nothing is."""
        self.days -= max(days, 1)
        if self.days < 0:
            raise InputError("The calendar has more recurring events than can be worked out")


def moment_of(event: Event, name: str) -> date:
    """The date or time that the event gives under a name; raises Unreadable where there is none."""
    moment = getattr(event.get(name), "dt", None)
    if not isinstance(moment, date):
        raise Unreadable
    return moment


def starts(event: Event, extra: Iterable[Any], since: datetime, until: datetime, budget: Budget) -> Iterator[date]:
    """The event's beginnings, in its own zone, each once; days for whole-day events. Its rules are asked for those
    from `since` to `until` on the wall clock.

    `extra` are the dates that the event adds to its rule. Raises Unreadable for rules within a day or before 1970.
    """
    first = moment_of(event, "DTSTART")
    seen: set[date] = set()
    rule = event.get("RRULE")
    rules = rule if isinstance(rule, list) else [rule] if rule is not None else []
    repeated = (moment for one in rules for moment in _repeated(one, first, since, until, budget))
    for moment in (first, *_extra(extra, first), *repeated):
        if moment not in seen:
            seen.add(moment)
            yield moment


def _extra(extra: Iterable[Any], first: date) -> Iterator[date]:
    for moment in extra:
        start = moment[0] if isinstance(moment, tuple) else moment  # a period: its start, with the event's length
        yield start if isinstance(first, datetime) == isinstance(start, datetime) else _like(first, start)


def _like(first: date, day: date) -> date:
    if isinstance(first, datetime):
        return datetime.combine(day, first.time(), first.tzinfo)
    return day.date() if isinstance(day, datetime) else day


def _repeated(rule: Any, first: date, since: datetime, until: datetime, budget: Budget) -> Iterator[date]:
    rrulestr = _bounded_rrulestr()
    zone = first.tzinfo if isinstance(first, datetime) else None
    wall = first.replace(tzinfo=None) if isinstance(first, datetime) else datetime.combine(first, time())
    step = _DAYS_A_STEP.get(_one(rule, "FREQ", "").upper())
    interval, count = int(_one(rule, "INTERVAL", "1")), _one(rule, "COUNT", "")
    if step is None or interval < 1 or wall.year < FIRST_YEAR or any(name in rule for name in _WITHIN_A_DAY):
        raise Unreadable
    end = min(until, _until(rule, zone, until))
    budget.spend((end - wall).days // step)
    kept = {name: value for name, value in rule.items() if name not in ("UNTIL", "COUNT")}
    moments = rrulestr(type(rule)(kept).to_ical().decode(), dtstart=wall).replace(until=end)
    with suppress(_BeyondEnd):
        for moment in islice(moments, int(count) if count else None):
            if moment >= since:
                yield moment.replace(tzinfo=zone) if isinstance(first, datetime) else moment.date()


class _BeyondEnd(Exception):
    """A rule has come past its end without giving a date."""


@cache
def _bounded_rrulestr() -> Any:
    """dateutil's reader of rules, which otherwise seeks 30 February until the year 9999 and looks at no end."""
    from dateutil import rrule  # type: ignore[import-untyped]

    class Bounded(rrule._iterinfo):  # type: ignore[misc]
        def rebuild(self, year: int, month: int) -> None:
            end = self.rrule._until
            if end is not None and (year, month) > (end.year, end.month):
                raise _BeyondEnd
            super().rebuild(year, month)

    rrule._iterinfo = Bounded
    return rrule.rrulestr


def _one(rule: Any, name: str, default: str) -> str:
    values = rule.get(name)
    if values is None:
        return default
    return str(values[0] if isinstance(values, list) else values)


def _until(rule: Any, zone: Any, default: datetime) -> datetime:
    """The rule's end on the wall clock of the event's zone; a date ends with its day."""
    values = rule.get("UNTIL")
    if values is None:
        return default
    value: date = values[0] if isinstance(values, list) else values
    if not isinstance(value, datetime):
        return datetime.combine(value, time()) + timedelta(days=1, microseconds=-1)
    if value.tzinfo is None:
        return value
    return value.astimezone(zone or DANISH_TIME).replace(tzinfo=None)
