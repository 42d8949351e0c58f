"""The week as it stands: every working minute has one kind, whatever lies on it; weeks are ISO weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.caseload import Absence, Busy, Caseload, Caseworker, Hours
from planner.domain.conversations import UNKNOWN_START, Channel, Status
from planner.exchange.rule_files import load_rules
from planner.locale import language
from planner.planning.making import make_plan
from planner.planning.masks import weekly
from planner.services.results import Today
from planner.services.today import listed
from planner.services.week_view import DAYS, Kind, WeekView, closed_because, week_view
from planner.services.week_words import talk_line, untimed_line
from tests.services.office import MONDAY, days, job_ready, office, talk
from tests.strategies import caseloads

RULES = load_rules()
ENGLISH = language("en")
HOURS = tuple(Hours(day, time(8), time(16)) for day in range(5))


def shown(caseload: Caseload) -> Today:
    """The list of a caseload."""
    return listed(caseload, make_plan(caseload, RULES))


def kinds(view: WeekView, on: date) -> list[tuple[str, str, str]]:
    """The day's stretches with their times written out."""
    day = view.days[(on - view.monday).days]
    return [(one.kind.value, _clock(one.start), _clock(one.end)) for one in day.stretches]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@settings(max_examples=40, deadline=None)
@given(caseloads(most=3), st.integers(-3, 8))
def test_every_minute_of_working_time_has_exactly_one_kind(caseload: Caseload, weeks: int) -> None:
    """No gap, no overlap, nothing outside the working hours, and each conversation is there once."""
    today = shown(caseload)
    view = week_view(today, caseload.today + timedelta(weeks=weeks))
    assert len(view.days) == DAYS
    for day in view.days:
        hours = weekly(caseload.caseworker.working_hours)[day.on.weekday()]
        expected = hours if closed_because(caseload, day.on) is None else 0
        covered = 0
        for one in day.stretches:
            mask = ((1 << (one.end - one.start)) - 1) << one.start
            assert one.start < one.end
            assert covered & mask == 0
            covered |= mask
        assert covered == expected
        assert list(day.stretches) == sorted(day.stretches, key=lambda one: one.start)
    booked = [c for citizen in caseload.citizens for c in citizen.booked() if c.counterpart.value == "caseworker"]
    in_week = [c for c in booked if view.days[0].on <= c.on <= view.days[-1].on]
    assert sum(t.kind is Kind.BOOKED for day in view.days for t in day.talks) == len(in_week)


def test_a_day_with_everything_on_it() -> None:
    """A booking over a busy time over a break over free time."""
    worker = Caseworker(
        HOURS,
        (Hours(0, time(12), time(12, 30)),),
        busy=(Busy(datetime(2026, 11, 23, 9), datetime(2026, 11, 23, 10), "Møde"),),  # noqa: DTZ001
    )
    booked = talk(0, start=time(9, 30))
    caseload = replace(office(job_ready(conversations=(booked,))), caseworker=worker)
    view = week_view(shown(caseload), MONDAY)
    assert kinds(view, MONDAY) == [
        ("free", "08:00", "09:00"),
        ("busy", "09:00", "09:30"),
        ("booked", "09:30", "10:00"),
        ("free", "10:00", "12:00"),
        ("break", "12:00", "12:30"),
        ("free", "12:30", "16:00"),
    ]
    assert view.days[0].stretches[1].title == "Møde"


def test_a_closed_day_says_why_and_keeps_its_conversations() -> None:
    """Somebody is booked on the day before Christmas, which the office has closed since."""
    eve = date(2026, 12, 24)
    booked = replace(talk(0), on=eve)
    worker = Caseworker(HOURS, absent=(Absence(date(2026, 12, 21), date(2026, 12, 21)),))
    caseload = replace(office(job_ready(conversations=(booked,))), closing_days=(eve,), caseworker=worker)
    view = week_view(shown(caseload), eve)
    codes = [None if day.closed is None else day.closed.code for day in view.days]
    assert codes == ["caseworker_absent", None, None, "closing_day", "public_holiday", "weekend", "weekend"]
    assert view.days[3].stretches == ()
    assert [one.kind for one in view.days[3].talks] == [Kind.BOOKED]
    assert len(view.shown()) == 5


def test_a_weekend_with_a_booking_is_shown() -> None:
    """Sunday only with Saturday before it."""
    view = week_view(shown(office(job_ready(conversations=(talk(6),)))), MONDAY)
    assert len(view.shown()) == 7


def test_what_is_proposed_and_what_was_held_is_told_apart() -> None:
    """A conversation held stays in its week; a proposal is there with what it covers."""
    held = talk(-70, Status.HELD, channel=Channel.IN_PERSON)
    today = shown(office(job_ready(), job_ready("Ida Påfund", 2, conversations=(held,))))
    assert [t.kind for day in week_view(today, days(-70)).days for t in day.talks] == [Kind.HELD]
    proposal = today.plan.of("p-1").proposal
    assert proposal is not None
    found = [t for day in week_view(today, proposal.slot.on).days for t in day.talks]
    assert [(t.kind, t.slot, t.covers) for t in found] == [(Kind.PROPOSED, proposal.slot, proposal.covers)]


def test_a_conversation_without_a_time_takes_no_place_in_the_day() -> None:
    """Held on a day from a list, nobody knows when: the day names whom, and its hours are those that are worked."""
    listed_one = talk(-70, Status.HELD, UNKNOWN_START)
    view = week_view(shown(office(job_ready(conversations=(listed_one,)))), days(-70))
    day = view.days[0]
    assert day.talks == ()
    assert [(t.name, t.kind, t.has_time) for t in day.untimed] == [("Åse Prøvesen", Kind.HELD, False)]
    assert view.hours() == (8 * 60, 16 * 60)
    assert untimed_line(day, ENGLISH) == "Held at an unknown time: Åse Prøvesen"
    assert talk_line(day.untimed[0], ENGLISH, {}, day=False) == "at an unknown time: Åse Prøvesen, held, phone"


@pytest.mark.parametrize(
    ("day", "year", "week"),
    [
        (date(2026, 12, 31), 2026, 53),
        (date(2027, 1, 3), 2026, 53),
        (date(2027, 1, 4), 2027, 1),
        (date(2025, 12, 29), 2026, 1),
        (date(2021, 1, 1), 2020, 53),
    ],
)
def test_weeks_are_iso_weeks(day: date, year: int, week: int) -> None:
    """Monday first; the year is that of the week's Thursday."""
    view = week_view(shown(office(job_ready())), day)
    assert (view.year, view.week) == (year, week)
    assert view.monday.weekday() == 0
    assert [one.on - view.monday for one in view.days] == [timedelta(days=n) for n in range(7)]


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_week_in_which_the_clock_changes_has_the_same_hours(sunday: date) -> None:
    """Times are wall times: a busy time over the change takes the minutes that the wall clock shows."""
    over = Busy(
        datetime.combine(sunday - timedelta(days=1), time(22)), datetime.combine(sunday + timedelta(days=1), time(9))
    )
    caseload = office(job_ready())
    caseload = replace(caseload, caseworker=Caseworker(HOURS, busy=(over,)))
    after = week_view(shown(caseload), sunday + timedelta(days=1))
    assert kinds(after, sunday + timedelta(days=1))[0] == ("busy", "08:00", "09:00")
    assert sum(one.end - one.start for one in after.days[1].stretches) == 8 * 60
