"""The booked conversations out: nothing about anybody, the right times, the same UID every time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import icalendar

from planner.domain.conversations import Channel, Conversation, Status
from planner.exchange.calendar_out import calendar_bytes

STAMP = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
BOOKED = Conversation(date(2026, 11, 24), time(10, 30), 30, Channel.PHONE, agenda=("hemmeligt",), key="k1")
SUMMER = Conversation(date(2027, 7, 1), time(9, 0), 45, Channel.IN_PERSON, key="k2")


def events(data: bytes) -> list[icalendar.Event]:
    """The events that another program reads."""
    return [part for part in icalendar.Calendar.from_ical(data).walk("VEVENT") if isinstance(part, icalendar.Event)]


def test_times_and_neutral_titles() -> None:
    first, second = events(calendar_bytes([SUMMER, BOOKED], STAMP))
    assert (first["UID"], first["SUMMARY"], first["CLASS"]) == ("k1@samtaleplanner", "Samtale", "PRIVATE")
    assert first.start == datetime.fromisoformat("2026-11-24T10:30+01:00")
    assert first.end == datetime.fromisoformat("2026-11-24T11:00+01:00")
    assert second.start == datetime.fromisoformat("2027-07-01T09:00+02:00")
    assert second.end == datetime.fromisoformat("2027-07-01T09:45+02:00")


def test_only_what_is_booked_and_nothing_of_what_it_is_about() -> None:
    held = Conversation(date(2026, 11, 2), time(9), 30, Channel.PHONE, status=Status.HELD, key="k3")
    data = calendar_bytes([held, BOOKED], STAMP)
    assert [event["UID"] for event in events(data)] == ["k1@samtaleplanner"]
    assert b"hemmeligt" not in data
    assert b"phone" not in data.lower()


def test_the_same_conversations_give_the_same_bytes() -> None:
    assert calendar_bytes([BOOKED, SUMMER], STAMP) == calendar_bytes([SUMMER, BOOKED], STAMP)


def test_the_file_brings_danish_time_along() -> None:
    calendar = icalendar.Calendar.from_ical(calendar_bytes([BOOKED], STAMP))
    zone = calendar.walk("VTIMEZONE")[0]
    assert isinstance(zone, icalendar.Timezone)
    danish = zone.to_tz(lookup_tzid=False)
    changes = {"2026-03-29T01:59": 1, "2026-03-29T03:00": 2, "2026-10-25T01:59": 2, "2026-10-25T03:01": 1}
    for moment, hours in changes.items():
        assert datetime.fromisoformat(moment).replace(tzinfo=danish).utcoffset() == timedelta(hours=hours)


def test_no_conversations_give_an_empty_calendar() -> None:
    assert events(calendar_bytes([], STAMP)) == []
