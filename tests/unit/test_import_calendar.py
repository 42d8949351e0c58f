"""The caseworker's calendar in: time zones, series and their exceptions, what takes time and what does not."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.caseload import Busy
from planner.errors import InputError
from planner.exchange import calendar_in
from planner.exchange.calendar_in import CalendarTimes, read_calendar
from planner.exchange.recurrence import Budget

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)

#: A zone as Outlook writes it; its name says nothing to anybody else.
OUTLOOK_ZONE = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(*events: str, zones: str = "") -> bytes:
    """A calendar file; each event is its lines without BEGIN and END."""
    parts = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN\n{zones}{parts}"
    return (text + "END:VCALENDAR\n").replace("\n", "\r\n").encode()


def read(*events: str, zones: str = "", first: date = FIRST, last: date = LAST) -> CalendarTimes:
    """What is read from a calendar with these events."""
    return read_calendar(calendar(*events, zones=zones), first, last)


def times(*events: str, zones: str = "", first: date = FIRST, last: date = LAST) -> list[str]:
    """The busy times as "MM-DD HH:MM–HH:MM", where the end is on another day with its date."""
    found = read(*events, zones=zones, first=first, last=last)
    assert found.unread == 0
    return [shown(one) for one in found.busy]


def shown(busy: Busy) -> str:
    """A busy time in a few characters."""
    pattern = "%H:%M" if busy.start.date() == busy.end.date() else "%m-%d %H:%M"
    return f"{busy.start:%m-%d %H:%M}–{busy.end.strftime(pattern)}"


@pytest.mark.parametrize("zone", ["W. Europe Standard Time", "Romance Standard Time", "Europe/Copenhagen"])
def test_the_names_that_outlook_gives_danish_time(zone: str) -> None:
    event = f"UID:1\nDTSTART;TZID={zone}:20260701T090000\nDTEND;TZID={zone}:20260701T100000"
    assert times(event) == ["07-01 09:00–10:00"]
    assert times(event, zones=OUTLOOK_ZONE.format(name=zone)) == ["07-01 09:00–10:00"]


def test_a_zone_of_its_own_name_is_taken_from_the_file_and_not_from_the_file_before() -> None:
    event = "UID:1\nDTSTART;TZID=Customized Time Zone:20260701T090000\nDURATION:PT1H"
    danish = OUTLOOK_ZONE.format(name="Customized Time Zone")
    british = danish.replace("+0200", "+0300").replace("+0100", "+0000").replace("+0300", "+0100")
    assert times(event, zones=danish) == ["07-01 09:00–10:00"]
    assert times(event, zones=british) == ["07-01 10:00–11:00"]
    assert times(event, zones=danish) == ["07-01 09:00–10:00"]


def test_utc_and_floating_times() -> None:
    assert times("UID:1\nDTSTART:20260701T070000Z\nDTEND:20260701T080000Z") == ["07-01 09:00–10:00"]
    assert times("UID:1\nDTSTART:20260101T080000Z\nDTEND:20260101T090000Z") == ["01-01 09:00–10:00"]
    assert times("UID:1\nDTSTART:20260701T070000\nDTEND:20260701T080000") == ["07-01 07:00–08:00"]


def test_whole_days() -> None:
    assert times("UID:1\nDTSTART;VALUE=DATE:20260713\nDTEND;VALUE=DATE:20260801") == ["07-13 00:00–08-01 00:00"]
    assert times("UID:1\nDTSTART;VALUE=DATE:20260713") == ["07-13 00:00–07-14 00:00"]
    assert times("UID:1\nDTSTART;VALUE=DATE:20260713\nDURATION:P2D") == ["07-13 00:00–07-15 00:00"]


@pytest.mark.parametrize(
    "line", ["TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "STATUS:CANCELLED", "transp:transparent"]
)
def test_what_takes_no_time(line: str) -> None:
    assert times(f"UID:1\nDTSTART:20260701T070000Z\nDTEND:20260701T080000Z\n{line}") == []


@pytest.mark.parametrize("line", ["TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:OOF", "STATUS:TENTATIVE"])
def test_what_takes_time(line: str) -> None:
    assert len(times(f"UID:1\nDTSTART:20260701T070000Z\nDTEND:20260701T080000Z\n{line}")) == 1


def test_an_event_without_length_takes_no_time() -> None:
    assert times("UID:1\nDTSTART:20260701T070000Z") == []


def test_titles_are_cut_and_harmless_and_private_ones_left_out() -> None:
    event = "UID:{0}\nDTSTART:2026070{0}T070000Z\nDURATION:PT1H\n{1}"
    found = read(
        event.format(1, "SUMMARY:" + "[red]\x1b]0;x\x07 Møde\\, team " + "x" * 500),
        event.format(2, "SUMMARY:Lægetid\nCLASS:PRIVATE"),
        event.format(3, ""),
    )
    first, private, none = (one.title for one in found.busy)
    assert first.startswith("[red]·]0;x· Møde, team xxx")
    assert len(first) == 200
    assert private == none == ""


WEEKLY = "UID:1\nDTSTART;TZID=Europe/Copenhagen:20260105T090000\nDTEND;TZID=Europe/Copenhagen:20260105T093000\n"


def test_a_weekly_meeting_keeps_its_wall_time_over_the_change_of_clocks() -> None:
    found = times(WEEKLY + "RRULE:FREQ=WEEKLY", first=date(2026, 3, 20), last=date(2026, 4, 10))
    assert found == ["03-23 09:00–09:30", "03-30 09:00–09:30", "04-06 09:00–09:30"]
    utc = "UID:1\nDTSTART:20260105T080000Z\nDURATION:PT30M\nRRULE:FREQ=WEEKLY"
    assert times(utc, first=date(2026, 3, 20), last=date(2026, 4, 1)) == ["03-23 09:00–09:30", "03-30 10:00–10:30"]


def test_the_night_of_29_march_has_no_half_past_two() -> None:
    event = "UID:1\nDTSTART;TZID=Europe/Copenhagen:20260329T023000\nDTEND;TZID=Europe/Copenhagen:20260329T040000"
    assert times(event) == ["03-29 03:30–04:00"]
    night = "UID:1\nDTSTART;TZID=Europe/Copenhagen:20260328T220000\nDURATION:PT8H"
    assert times(night) == ["03-28 22:00–03-29 07:00"]
    shift = "UID:1\nDTSTART;TZID=Europe/Copenhagen:20260328T220000\nDTEND;TZID=Europe/Copenhagen:20260329T060000"
    assert times(shift) == ["03-28 22:00–03-29 06:00"]


def test_the_hour_that_comes_twice_on_25_october_never_ends_before_it_begins() -> None:
    assert times("UID:1\nDTSTART:20261025T003000Z\nDTEND:20261025T013000Z") == ["10-25 02:30–03:30"]
    assert times("UID:1\nDTSTART:20261025T004500Z\nDTEND:20261025T011500Z") == ["10-25 02:45–03:15"]
    daily = "UID:1\nDTSTART;TZID=Europe/Copenhagen:20261024T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3"
    assert times(daily) == ["10-24 09:00–10:00", "10-25 09:00–10:00", "10-26 09:00–10:00"]


def test_count_until_and_weekdays() -> None:
    assert times(WEEKLY + "RRULE:FREQ=WEEKLY;COUNT=2") == ["01-05 09:00–09:30", "01-12 09:00–09:30"]
    assert times(WEEKLY + "RRULE:FREQ=WEEKLY;UNTIL=20260112T080000Z") == ["01-05 09:00–09:30", "01-12 09:00–09:30"]
    assert times(WEEKLY + "RRULE:FREQ=WEEKLY;UNTIL=20260112T075959Z") == ["01-05 09:00–09:30"]
    assert times(WEEKLY + "RRULE:FREQ=WEEKLY;UNTIL=20260112") == ["01-05 09:00–09:30", "01-12 09:00–09:30"]
    several = times(WEEKLY + "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3")
    assert several == ["01-05 09:00–09:30", "01-07 09:00–09:30", "01-12 09:00–09:30"]
    last_friday = "UID:1\nDTSTART:20260130T120000\nDURATION:PT1H\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=3"
    assert times(last_friday) == ["01-30 12:00–13:00", "02-27 12:00–13:00", "03-27 12:00–13:00"]


def test_the_count_begins_with_the_series_and_not_with_the_window() -> None:
    assert times(WEEKLY + "RRULE:FREQ=WEEKLY;COUNT=3", first=date(2026, 1, 14)) == ["01-19 09:00–09:30"]


def test_days_left_out_and_days_added() -> None:
    event = WEEKLY + "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Copenhagen:20260112T090000,20260119T090000\n"
    assert times(event) == ["01-05 09:00–09:30", "01-26 09:00–09:30"]
    assert times(WEEKLY + "RRULE:FREQ=WEEKLY;COUNT=2\nEXDATE;VALUE=DATE:20260112") == ["01-05 09:00–09:30"]
    added = WEEKLY + "RDATE;TZID=Europe/Copenhagen:20260108T140000\nEXDATE:20260105T080000Z"
    assert times(added) == ["01-08 14:00–14:30"]


def test_a_moved_a_cancelled_and_a_freed_occurrence() -> None:
    series = WEEKLY + "RRULE:FREQ=WEEKLY;COUNT=4"
    moved = (
        "UID:1\nRECURRENCE-ID;TZID=Europe/Copenhagen:20260112T090000\n"
        "DTSTART;TZID=Europe/Copenhagen:20260113T130000\nDTEND;TZID=Europe/Copenhagen:20260113T140000"
    )
    cancelled = "UID:1\nRECURRENCE-ID:20260119T080000Z\nDTSTART:20260119T080000Z\nDURATION:PT1H\nSTATUS:CANCELLED"
    freed = "UID:1\nRECURRENCE-ID:20260126T080000Z\nDTSTART:20260126T080000Z\nDURATION:PT1H\nTRANSP:TRANSPARENT"
    expected = ["01-05 09:00–09:30", "01-13 13:00–14:00"]
    assert times(series, moved, cancelled, freed) == expected
    assert times(freed, cancelled, moved, series) == expected


def test_an_exception_that_comes_without_its_series_stands_alone() -> None:
    assert times("UID:1\nRECURRENCE-ID:20260112T080000Z\nDTSTART:20260113T080000Z\nDURATION:PT1H") == [
        "01-13 09:00–10:00"
    ]


def test_the_newest_version_of_an_event_holds() -> None:
    old = "UID:1\nSEQUENCE:1\nDTSTART:20260701T070000Z\nDURATION:PT1H"
    new = "UID:1\nSEQUENCE:2\nDTSTART:20260702T070000Z\nDURATION:PT1H"
    assert times(old, new) == times(new, old) == ["07-02 09:00–10:00"]


def test_only_what_touches_the_window_is_taken() -> None:
    across = "UID:1\nDTSTART:20260630T210000Z\nDTEND:20260701T060000Z"
    assert times(across, first=date(2026, 7, 1)) == ["06-30 23:00–07-01 08:00"]
    assert times(across, last=date(2026, 6, 30)) == ["06-30 23:00–07-01 08:00"]
    assert times(across, first=date(2026, 7, 2)) == []
    long = "UID:1\nDTSTART;VALUE=DATE:20260601\nDTEND;VALUE=DATE:20260901\nRRULE:FREQ=YEARLY"
    assert len(times(long, first=date(2028, 8, 30), last=date(2028, 8, 31))) == 1


def test_events_that_we_made_ourselves_are_passed_over() -> None:
    assert times("UID:abc@samtaleplanner\nDTSTART:20260701T070000Z\nDURATION:PT1H") == []


@pytest.mark.parametrize(
    "event",
    [
        "UID:1\nSUMMARY:uden tid",
        "UID:1\nDTSTART:sludder\nDURATION:PT1H",
        "UID:1\nDTSTART:20260701T070000Z\nDTEND:sludder",
        WEEKLY + "RRULE:FREQ=SOMETIMES",
        WEEKLY + "RRULE:FREQ=HOURLY",
        WEEKLY + "RRULE:FREQ=SECONDLY",
        WEEKLY + "RRULE:FREQ=DAILY;INTERVAL=0",
        WEEKLY + "RRULE:FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3",
        "UID:1\nDTSTART:16010101T070000\nDURATION:PT1H\nRRULE:FREQ=DAILY",
        WEEKLY + "EXDATE:sludder\nRRULE:FREQ=DAILY",
        "UID:1\nRECURRENCE-ID:sludder\nDTSTART:20260701T070000Z\nDURATION:PT1H",
    ],
)
def test_an_event_that_cannot_be_read_is_counted_and_the_others_are_taken(event: str) -> None:
    found = read(event, "UID:2\nDTSTART:20260701T070000Z\nDURATION:PT1H")
    assert found.unread == 1
    assert "07-01 09:00–10:00" in [shown(one) for one in found.busy]


@pytest.mark.parametrize("frequency", ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
@pytest.mark.parametrize("end", ["", ";COUNT=5", ";UNTIL=20300101"])
def test_a_rule_that_never_comes_true_ends(frequency: str, end: str) -> None:
    events = [
        f"UID:{n}\nDTSTART:19700102T070000\nDURATION:PT1H\nRRULE:FREQ={frequency};BYMONTH=2;BYMONTHDAY=30{end}"
        for n in range(20)
    ]
    found = read(*events, first=date(1970, 1, 1), last=date(1990, 1, 1))
    assert [shown(one) for one in found.busy] == ["01-02 07:00–08:00"]  # the event itself, and no repetition


def test_a_time_zone_that_changes_every_second_is_refused() -> None:
    zone = OUTLOOK_ZONE.format(name="Evil").replace("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "FREQ=SECONDLY")
    with pytest.raises(InputError, match="time zone"):
        read("UID:1\nDTSTART;TZID=Evil:20260701T070000\nDURATION:PT1H", zones=zone)


def test_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    daily = [f"UID:{n}\nDTSTART:20000101T0{n}0000\nDURATION:PT1H\nRRULE:FREQ=DAILY" for n in range(3)]
    monkeypatch.setattr(calendar_in, "MOST_TIMES", 1000)
    with pytest.raises(InputError, match="more than 1000 busy times"):
        read(*daily)
    with pytest.raises(InputError, match="larger than 10 MB"):
        read_calendar(b"x" * 20_000_001, FIRST, LAST)
    monkeypatch.setattr(calendar_in, "Budget", lambda: Budget(days=5_000))
    with pytest.raises(InputError, match="more recurring events"):
        read(daily[0])


@pytest.mark.parametrize(
    "data", [b"", b"sludder", b"BEGIN:VCALENDAR", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"\0\xff"]
)
def test_what_is_no_calendar_gives_a_sentence(data: bytes) -> None:
    with pytest.raises(InputError, match="no calendar"):
        read_calendar(data, FIRST, LAST)


def test_every_cut_of_a_calendar_gives_a_sentence_or_whole_events() -> None:
    data = calendar(WEEKLY + "RRULE:FREQ=WEEKLY;COUNT=3", zones=OUTLOOK_ZONE.format(name="X"))
    whole = read_calendar(data, FIRST, LAST)
    for length in range(0, len(data), 3):
        with suppress(InputError):
            assert read_calendar(data[:length], FIRST, LAST) == whole


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 300))
def test_any_bytes_give_times_or_a_sentence(noise: bytes, place: int) -> None:
    data = calendar(WEEKLY + "RRULE:FREQ=WEEKLY;COUNT=3")
    try:
        found = read_calendar(data[:place] + noise + data[place:], FIRST, LAST)
    except InputError:
        return
    assert all(one.end > one.start for one in found.busy)


DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def counted(start: date, weekdays: Sequence[int], interval: int, count: int | None, until: date) -> list[date]:
    """The days of a weekly rule by trying every day, week by week from the Monday of the first."""
    monday = start - timedelta(days=start.weekday())
    found: list[date] = []
    day = start
    while day <= until and (count is None or len(found) < count):
        if day.weekday() in weekdays and ((day - monday).days // 7) % interval == 0:
            found.append(day)
        day += timedelta(days=1)
    return found


@settings(max_examples=150, deadline=None)
@given(
    start=st.dates(date(2024, 1, 1), date(2026, 6, 1)),
    more=st.sets(st.integers(0, 6), max_size=3),
    interval=st.integers(1, 5),
    count=st.none() | st.integers(1, 60),
    first=st.dates(date(2025, 1, 1), date(2026, 12, 1)),
    span=st.integers(0, 200),
    hour=st.integers(4, 22),
)
def test_weekly_rules_against_trying_every_day(
    start: date, more: set[int], interval: int, count: int | None, first: date, span: int, hour: int
) -> None:
    weekdays = sorted(more | {start.weekday()})
    last = first + timedelta(days=span)
    rule = f"RRULE:FREQ=WEEKLY;INTERVAL={interval};WKST=MO;BYDAY={','.join(DAYS[n] for n in weekdays)}"
    zone = "TZID=Romance Standard Time"
    event = f"UID:1\nDTSTART;{zone}:{start:%Y%m%d}T{hour:02}0000\nDURATION:PT30M\n{rule}"
    found = read(event + (f";COUNT={count}" if count else ""), first=first, last=last)
    expected = [day for day in counted(start, weekdays, interval, count, last) if day >= first]
    assert [one.start for one in found.busy] == [datetime.combine(day, time(hour)) for day in expected]
