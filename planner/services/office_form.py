"""The office as a form: what a caseworker changes of it, field by field as text, and back again with every fault.

Hours are written "8-15" or "08.00–12.00, 12.30–15.00", a notice as days, or as a period of the law (`P1M`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, time
from itertools import pairwise
from types import MappingProxyType
from typing import Final, TypeVar

from planner.domain.caseload import WEEKDAYS, Hours
from planner.domain.conversations import TALKING, Channel
from planner.domain.periods import Period
from planner.errors import PlannerError
from planner.locale import CODES, N_, Language, language
from planner.services.entry import NotUnderstood, read_time
from planner.services.ports import Office
from planner.services.week import with_hours

T = TypeVar("T")

Field = str | bool
Fields = Mapping[str, Field]

DAYS: Final = tuple(range(len(WEEKDAYS)))
BUFFER, PER_DAY, MUNICIPALITY, RETENTION = "buffer", "per_day", "municipality", "retention"
_LONGEST_TALK, _LONGEST_BUFFER, _MOST_TALKS, _LONGEST_NAME = 480, 240, 200, 200
#: Months; longer than any municipality keeps a helper's copy.
LONGEST_RETENTION = 120
_LONGEST_NOTICE = Period(months=12)
_BEGIN = date(2001, 1, 1)
_BETWEEN = re.compile(r"[,;]|\bog\b|\band\b")
#: "ma", "ma-to", "mandag til torsdag" before the hours of those days.
_DAYS = re.compile(r"(?P<first>[a-zæøå]{2,}\.?)(?:\s*(?:[-–—]|\btil\b|\bto\b)\s*(?P<last>[a-zæøå]{2,}\.?))?\s*:?\s+")
_PARTS = re.compile(r";|,(?=\s*(?!og\b|and\b)[^\W\d])", re.IGNORECASE)
_DASH = re.compile(r"\s*(?:[-–—]|\btil\b|\bto\b)\s*")


def hours_field(day: int) -> str:
    """The field with the working hours of a weekday; Monday is 0."""
    return f"hours-{day}"


def breaks_field(day: int) -> str:
    """The field with the breaks of a weekday."""
    return f"breaks-{day}"


def in_person_field(day: int) -> str:
    """The field that says whether a weekday is a day for conversations in person."""
    return f"in-person-{day}"


def minutes_field(channel: Channel) -> str:
    """The field with the length of a conversation in that channel."""
    return f"minutes-{channel.value}"


def notice_field(channel: Channel) -> str:
    """The field with the notice of a conversation in that channel."""
    return f"notice-{channel.value}"


def filled(office: Office, own: Language) -> Fields:
    """The office's fields; where no working hours are set, those that are assumed."""
    worker, settings = with_hours(office.caseworker), office.settings
    fields: dict[str, Field] = {MUNICIPALITY: office.municipality}
    for day in DAYS:
        fields[hours_field(day)] = _hours_text(worker.working_hours, day, own)
        fields[breaks_field(day)] = _hours_text(worker.breaks, day, own)
        fields[in_person_field(day)] = worker.in_person_days is None or day in worker.in_person_days
    for channel in TALKING:
        notice = settings.notice[channel]
        fields[minutes_field(channel)] = str(settings.minutes[channel])
        fields[notice_field(channel)] = str(notice) if notice.months else str(notice.days)
    fields[BUFFER] = str(worker.buffer_minutes)
    fields[PER_DAY] = "" if worker.max_per_day is None else str(worker.max_per_day)
    fields[RETENTION] = "" if office.retention_months is None else str(office.retention_months)
    return MappingProxyType(fields)


def office_of(fields: Fields, office: Office) -> tuple[Office, Mapping[str, PlannerError]]:
    """The office with what stands in the fields, and what is wrong in which; what has no field stays."""
    faults: dict[str, PlannerError] = {}

    def read(name: str, how: Callable[[str], T], otherwise: T) -> T:
        try:
            return how(str(fields[name]))
        except PlannerError as error:
            faults[name] = error
            return otherwise

    none: tuple[Hours, ...] = ()
    hours = tuple(one for day in DAYS for one in read(hours_field(day), _hours_of(day), none))
    breaks = tuple(one for day in DAYS for one in read(breaks_field(day), _hours_of(day), none))
    days = tuple(day for day in DAYS if fields[in_person_field(day)])
    worker = replace(
        office.caseworker,
        working_hours=hours,
        breaks=breaks,
        in_person_days=None if days == DAYS else days,
        max_per_day=read(PER_DAY, lambda text: _whole(text, 0, _MOST_TALKS) if text.strip() else None, None),
        buffer_minutes=read(BUFFER, lambda text: _whole(text, 0, _LONGEST_BUFFER), 0),
    )
    settings = replace(
        office.settings,
        minutes=MappingProxyType(
            {each: read(minutes_field(each), lambda text: _whole(text, 1, _LONGEST_TALK), 1) for each in TALKING}
        ),
        notice=MappingProxyType({each: read(notice_field(each), read_notice, Period()) for each in TALKING}),
    )
    if not hours and not any(name.startswith("hours-") for name in faults):
        faults[hours_field(0)] = NotUnderstood(N_("Write the hours of one day at least, for example 8-15"))
    for day in DAYS:
        if breaks_field(day) not in faults and is_all_break(hours, breaks, day):
            faults[breaks_field(day)] = NotUnderstood(N_("The break takes all of the working hours"))
    kept = office.municipality  # a file may have brought a name that nobody could type
    name = read(MUNICIPALITY, lambda text: kept if text == kept else read_municipality(text), "")
    months = read(RETENTION, lambda text: _whole(text, 1, LONGEST_RETENTION) if text.strip() else None, None)
    changed = replace(office, municipality=name, caseworker=worker, settings=settings, retention_months=months)
    return changed, faults


def is_all_break(hours: Iterable[Hours], breaks: Iterable[Hours], day: int) -> bool:
    """Whether there are working hours on a weekday, and the breaks leave nothing of them."""
    rest = {minute for one in hours if one.weekday == day for minute in _minutes(one)}
    return bool(rest) and not rest - {minute for one in breaks if one.weekday == day for minute in _minutes(one)}


def _minutes(one: Hours) -> range:
    return range(one.start.hour * 60 + one.start.minute, one.end.hour * 60 + one.end.minute)


def read_hours(text: str) -> tuple[tuple[time, time], ...]:
    """The stretches meant by "8-12, 12.30-15", in their order; raises NotUnderstood."""
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    found = sorted(_stretch(part) for part in parts)
    for (_, end), (start, _) in pairwise(found):
        if start < end:
            raise NotUnderstood(N_("“{text}” names the same time twice"), text=text.strip())
    return tuple((_time(start), _time(end)) for start, end in found)


def read_notice(text: str) -> Period:
    """The notice meant by "8" (days) or "P1M"; raises NotUnderstood."""
    plain = text.strip()
    try:
        found = Period.parse(plain.upper()) if plain[:1] in {"P", "p"} else Period(days=_whole(plain, 0, 366))
    except ValueError:
        raise NotUnderstood(N_("“{text}” is not a number of days; write for example 8"), text=plain) from None
    if found.days_from(_BEGIN) > _LONGEST_NOTICE.days_from(_BEGIN):
        raise NotUnderstood(N_("“{text}” is more than a year; write for example 8"), text=plain)
    return found


def read_municipality(text: str) -> str:
    """The name of the municipality; raises NotUnderstood where it is too long, or no text."""
    name = " ".join(text.split())
    if not name.isprintable():
        raise NotUnderstood(N_("There is something in the name that is no letter and no sign"))
    if len(name) > _LONGEST_NAME:
        raise NotUnderstood(N_("The name is too long: at most {most} letters"), most=_LONGEST_NAME)
    return name


def _hours_of(day: int) -> Callable[[str], tuple[Hours, ...]]:
    return lambda text: tuple(Hours(day, start, end) for start, end in read_hours(text))


def _stretch(part: str) -> tuple[int, int]:
    ends = _DASH.split(part)
    if len(ends) != 2:
        raise NotUnderstood(N_("“{text}” is not a stretch of time; write for example 8-15 or 8.30-12"), text=part)
    start, end = (read_time(end) for end in ends)
    if end <= start:
        raise NotUnderstood(N_("“{text}” ends before it begins"), text=part)
    return start, end


def _whole(text: str, least: int, most: int) -> int:
    plain = text.strip()
    number = int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else -1
    if not least <= number <= most:
        raise NotUnderstood(
            N_("“{text}” is not a whole number from {least} to {most}"), text=plain, least=least, most=most
        )
    return number


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def _hours_text(stretches: Iterable[Hours], day: int, own: Language) -> str:
    stretch = sorted((one.start, one.end) for one in stretches if one.weekday == day)
    return ", ".join(f"{_clock(start, own)}-{_clock(end, own)}" for start, end in stretch)


def _clock(moment: time, own: Language) -> str:
    return own.time(moment.hour * 60 + moment.minute)


def read_week(text: str) -> tuple[Hours, ...]:
    """The hours of a week meant by "8-15", or by "ma-to 8-15; fr 8-12"; raises NotUnderstood.

    A comma does as well where days follow it: before a time it parts two stretches of the same days.
    """
    week: dict[int, tuple[tuple[time, time], ...]] = {}
    for part in filter(None, (part.strip() for part in _PARTS.split(text))):
        named = _DAYS.match(part.casefold())
        days = DAYS if named is None else _days(named["first"], named["last"] or named["first"], part)
        stretches = read_hours(part if named is None else part[named.end() :])
        if not stretches:
            raise NotUnderstood(N_("“{text}” is not a stretch of time; write for example 8-15 or 8.30-12"), text=part)
        for day in days:
            if day in week:
                raise NotUnderstood(N_("“{text}” names a day twice"), text=text.strip())
            week[day] = stretches
    return tuple(Hours(day, start, end) for day in sorted(week) for start, end in week[day])


def _days(first: str, last: str, part: str) -> tuple[int, ...]:
    ends = [_weekday(name) for name in (first, last)]
    if None in ends or ends[0] > ends[1]:  # type: ignore[operator]
        raise NotUnderstood(N_("“{text}” does not begin with days from Monday to Friday: ma-to 8-15"), text=part)
    return tuple(range(ends[0] or 0, (ends[1] or 0) + 1))


def _weekday(name: str) -> int | None:
    """The weekday that begins so in Danish or English; None for another, and for the end of the week."""
    for code in CODES:
        for day, full in enumerate(language(code).writing.weekdays[: len(DAYS)]):
            if full.casefold().startswith(name.rstrip(".")):
                return day
    return None
