"""Busy times from an iCalendar file as Outlook and others write it, in Danish wall time, within a window of days.

Free, transparent and cancelled events take no time. Titles are data: private ones are left out, the others are cut.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from planner.domain.caseload import Busy
from planner.domain.text import visible
from planner.errors import InputError
from planner.exchange.calendar_out import OWN_UID
from planner.exchange.recurrence import Budget, Unreadable, moment_of, starts

if TYPE_CHECKING:
    from icalendar import Event

MOST_BYTES = 10_000_000
MOST_TIMES = 20_000
LONGEST_TITLE = 200
DANISH_TIME = ZoneInfo("Europe/Copenhagen")

_FREE = frozenset({"FREE", "WORKINGELSEWHERE"})
_PRIVATE = frozenset({"PRIVATE", "CONFIDENTIAL"})


@dataclass(frozen=True, slots=True)
class CalendarTimes:
    """The busy times in order, and how many events could not be read."""

    busy: tuple[Busy, ...]
    unread: int = 0


def read_calendar(data: bytes, first: date, last: date) -> CalendarTimes:
    """The busy times from `first` to `last`, both days included; raises InputError for what is no calendar."""
    found: set[Busy] = set()
    unread = 0
    budget = Budget()
    for series in _series(_events(data)):
        try:
            for busy in _times(series, first, last, budget):
                found.add(busy)
                if len(found) > MOST_TIMES:
                    raise InputError("The calendar has more than {most} busy times", most=MOST_TIMES)
        except (Unreadable, ValueError, TypeError, OverflowError, AttributeError):
            unread += 1
    return CalendarTimes(tuple(sorted(found, key=lambda one: (one.start, one.end, one.title))), unread)


def _events(data: bytes) -> list[Event]:
    from icalendar import Calendar, Event
    from icalendar.timezone import tzp

    if len(data) > MOST_BYTES:
        raise InputError("The file is larger than {most} MB", most=MOST_BYTES // 1_000_000)
    tzp.use_default()  # forget the zones of a file read before: Outlook calls different ones by the same name
    try:
        calendars = Calendar.from_ical(data.removeprefix(b"\xef\xbb\xbf"), multiple=True)
        _check_zones(calendars)
        return [part for calendar in calendars for part in calendar.walk("VEVENT") if isinstance(part, Event)]
    except InputError:
        raise
    except Exception:  # the library has no common base of its errors, and their texts quote the file
        raise InputError("The file is no calendar (.ics), or it is cut off") from None


def _check_zones(calendars: Iterable[Any]) -> None:
    """Zones change once or twice a year; a rule that says otherwise would keep the reader busy for ever."""
    if not calendars:
        raise InputError("The file is no calendar (.ics), or it is cut off")
    for zone in (part for calendar in calendars for part in calendar.walk("VTIMEZONE")):
        for change in zone.subcomponents:
            rule = change.get("RRULE")
            if rule is not None and [str(one).upper() for one in rule.get("FREQ", ())] != ["YEARLY"]:
                raise InputError("The calendar has a time zone that cannot be read")


@dataclass(slots=True)
class _Series:
    """An event and the exceptions from it; `master` is None where the file has only exceptions."""

    master: Event | None
    exceptions: list[Event]


def _series(events: Iterable[Event]) -> Iterator[_Series]:
    found: dict[str, _Series] = defaultdict(lambda: _Series(None, []))
    for n, event in enumerate(events):
        uid = str(event.get("UID", "")) or f"without uid {n}"
        if uid.endswith(OWN_UID):
            continue
        series = found[uid]
        if "RECURRENCE-ID" in event:
            series.exceptions.append(event)
        elif series.master is None or _sequence(event) >= _sequence(series.master):
            series.master = event
    yield from found.values()


def _sequence(event: Event) -> int:
    number = event.get("SEQUENCE", 0)
    return int(number) if isinstance(number, int) else 0


def _times(series: _Series, first: date, last: date, budget: Budget) -> Iterator[Busy]:
    moved = {_instant(moment_of(event, "RECURRENCE-ID")) for event in series.exceptions}
    if series.master is not None and _takes_time(series.master):
        yield from _occurrences(series.master, first, last, moved, budget)
    for event in series.exceptions:
        if _takes_time(event):
            yield from _within([_busy(event, moment_of(event, "DTSTART"))], first, last)


def _occurrences(event: Event, first: date, last: date, moved: set[datetime], budget: Budget) -> Iterator[Busy]:
    left_out = moved | {_instant(day.dt) for day in _listed(event, "EXDATE")}
    example = _busy(event, moment_of(event, "DTSTART"))
    if example is None:
        return
    # A day or two more on both sides, for zones on the other side of the world.
    since = datetime.combine(first, time()) - (example.end - example.start) - timedelta(days=2)
    until = datetime.combine(last, time()) + timedelta(days=2)
    extra = [day.dt for day in _listed(event, "RDATE")]
    found = (start for start in starts(event, extra, since, until, budget) if not _is_left_out(start, left_out))
    yield from _within((_busy(event, start) for start in found), first, last)


def _listed(event: Event, name: str) -> list[Any]:
    value = event.get(name)
    lists = value if isinstance(value, list) else [value] if value is not None else []
    return [one for dates in lists for one in dates.dts]


def _is_left_out(start: date, left_out: set[datetime]) -> bool:
    # An exception may name only the day of an event that has a time.
    return _instant(start) in left_out or (
        isinstance(start, datetime) and _instant(start.date()) in left_out and _local(start).time() != time()
    )


def _instant(moment: date) -> datetime:
    if isinstance(moment, datetime):
        zone = moment.tzinfo or DANISH_TIME
        offset = _steady_offset(zone, moment.date())
        if offset is not None:
            return (moment.replace(tzinfo=None) - offset).replace(tzinfo=UTC)
        return moment.replace(tzinfo=zone).astimezone(UTC)
    return datetime.combine(moment, time(), DANISH_TIME).astimezone(UTC)


@lru_cache(maxsize=10_000)
def _steady_offset(zone: tzinfo, day: date) -> timedelta | None:
    """How far the zone is ahead of UTC all that day; None on a day on which the clocks change.

    The zones that a file brings along work out every time anew, which takes most of the reading.
    """
    midnight = datetime.combine(day, time(), zone)
    offset = midnight.utcoffset()
    return offset if offset == (midnight + timedelta(days=1)).utcoffset() else None


def _local(moment: datetime) -> datetime:
    """The wall time in Denmark; a time that the clocks skip is moved as the clocks are."""
    return _instant(moment).astimezone(DANISH_TIME).replace(tzinfo=None)


def _within(found: Iterable[Busy | None], first: date, last: date) -> Iterator[Busy]:
    begin, end = datetime.combine(first, time()), datetime.combine(last, time()) + timedelta(days=1)
    return (busy for busy in found if busy is not None and busy.start < end and busy.end > begin)


def _busy(event: Event, start: date) -> Busy | None:
    """The time that one occurrence takes; None where it takes none."""
    if not isinstance(start, datetime):
        days = max(_days(event, start), 1)
        midnight = datetime.combine(start, time())
        return Busy(midnight, midnight + timedelta(days=days), _title(event))
    begin, end = _local(start), _local(_end(event, start))
    if end <= begin:  # over the hour that comes twice the wall clock can stand still or go back
        end = begin + (_instant(_end(event, start)) - _instant(start))
    return Busy(begin, end, _title(event)) if end > begin else None


def _days(event: Event, start: date) -> int:
    if "DTEND" in event:
        first, end = moment_of(event, "DTSTART"), moment_of(event, "DTEND")
        return (_day(end) - _day(first)).days
    return _length(event, timedelta(days=1)).days


def _length(event: Event, default: timedelta) -> timedelta:
    if "DURATION" not in event:
        return default
    length = getattr(event["DURATION"], "dt", None)
    if not isinstance(length, timedelta):
        raise Unreadable
    return length


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _end(event: Event, start: datetime) -> datetime:
    """The end of the occurrence: as far on the wall clock as the first one's, or a duration in real hours."""
    if "DTEND" in event:
        first, end = moment_of(event, "DTSTART"), moment_of(event, "DTEND")
        if not isinstance(end, datetime) or not isinstance(first, datetime):
            raise Unreadable
        if end.tzinfo == first.tzinfo:
            return start + (end.replace(tzinfo=None) - first.replace(tzinfo=None))
        return (_instant(start) + (_instant(end) - _instant(first))).astimezone(DANISH_TIME)
    length = _length(event, timedelta())
    whole_days = timedelta(days=length.days)
    return (_instant(start + whole_days) + (length - whole_days)).astimezone(DANISH_TIME)


def _takes_time(event: Event) -> bool:
    if _word(event, "STATUS") == "CANCELLED" or _word(event, "TRANSP") == "TRANSPARENT":
        return False
    return _word(event, "X-MICROSOFT-CDO-BUSYSTATUS") not in _FREE


def _word(event: Event, name: str) -> str:
    return str(event.get(name, "")).strip().upper()


def _title(event: Event) -> str:
    if _word(event, "CLASS") in _PRIVATE:
        return ""
    return " ".join(visible(str(event.get("SUMMARY", ""))).split())[:LONGEST_TITLE]
