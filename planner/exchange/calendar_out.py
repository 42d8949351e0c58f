"""Booked conversations as an iCalendar file with neutral titles: no names, no numbers, nothing about anybody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planner.domain.conversations import Conversation, Status

if TYPE_CHECKING:
    from icalendar import Timezone

ZONE = "Europe/Copenhagen"
#: The end of the UIDs that we give; an import passes over events that have it.
OWN_UID = "@samtaleplanner"


def calendar_bytes(conversations: Iterable[Conversation], stamp: datetime, title: str = "Samtale") -> bytes:
    """The booked ones among the conversations, earliest first; `stamp` (with its zone) is when the file was made.

    The UID comes from the conversation's key, so that a second import moves an event instead of doubling it.
    """
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//samtaleplanner//planner//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_zone())
    booked = [one for one in conversations if one.status is Status.BOOKED]
    for one in sorted(booked, key=lambda one: (one.on, one.start, one.key)):
        start = datetime.combine(one.on, one.start, ZoneInfo(ZONE))
        event = Event()
        event.add("uid", f"{one.key or start.strftime('%Y%m%dT%H%M')}{OWN_UID}")
        event.add("dtstamp", stamp)
        event.add("dtstart", start)
        event.add("dtend", start + timedelta(minutes=one.minutes))
        event.add("summary", title)
        event.add("class", "PRIVATE")
        event.add("transp", "OPAQUE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _zone() -> Timezone:
    """Danish time by the rule that has held since 1996."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

    zone = Timezone()
    zone.add("tzid", ZONE)
    winter, summer = timedelta(hours=1), timedelta(hours=2)
    for part, month, name, before, after in (
        (TimezoneStandard(), 10, "CET", summer, winter),
        (TimezoneDaylight(), 3, "CEST", winter, summer),
    ):
        part.add("dtstart", datetime(1996, month, 27 if month == 10 else 31, 3 if month == 10 else 2))  # noqa: DTZ001
        part.add("rrule", vRecur({"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"}))
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", name)
        zone.add_component(part)
    return zone
