"""Where a conversation can be, at the edges of days and of calendars."""

from __future__ import annotations

from datetime import date

from planner.domain.caseload import PlanSettings
from planner.domain.conversations import TALKING, Channel
from planner.domain.periods import Period
from planner.exchange.rule_files import load_rules
from planner.planning.diary import Diary
from planner.planning.making import make_plan
from planner.planning.plan import Slot
from planner.planning.slots import blockers
from tests.builders import booked, caseload, caseworker, citizen, every_day, hours

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)


def test_a_buffer_reaches_over_midnight() -> None:
    """Booked until midnight: the first minutes of the next day are not free."""
    worker = caseworker(working_hours=every_day("00:00", "23:59"), breaks=(), buffer_minutes=30)
    late = citizen("late", conversations=[booked("2026-11-24", "23:45", Channel.PHONE, 15)])
    load = caseload(late, citizen("c2"), today="2026-11-23", worker=worker)
    diary = Diary(load, MONDAY, WEDNESDAY)
    assert diary.taken[WEDNESDAY] == (1 << 30) - 1
    slot = Slot(WEDNESDAY, 15, 30, Channel.PHONE)
    assert [step.code for step in blockers(load, load.citizens[1], slot)] == ["time_taken"]
    assert blockers(load, load.citizens[1], Slot(WEDNESDAY, 30, 30, Channel.PHONE)) == ()


def test_what_is_given_back_is_free_again() -> None:
    """Releasing a slot frees its minutes and keeps those of its neighbours on three days."""
    worker = caseworker(working_hours=every_day("00:00", "23:59"), breaks=(), buffer_minutes=30)
    diary = Diary(caseload(citizen(), today="2026-11-23", worker=worker), MONDAY, WEDNESDAY)
    kept = [Slot(MONDAY, 1430, 10, Channel.PHONE), Slot(TUESDAY, 60, 30, Channel.PHONE)]
    for slot in kept:
        diary.book(slot)
    before = {day: mask for day, mask in diary.taken.items() if mask}
    passing = Slot(TUESDAY, 1400, 30, Channel.PHONE)
    diary.book(passing)
    assert {day: mask for day, mask in diary.taken.items() if mask} != before
    diary.release(passing)
    assert {day: mask for day, mask in diary.taken.items() if mask} == before


def test_the_same_time_in_another_channel_is_an_alternative_where_there_is_no_other() -> None:
    """Half an hour a week, and a week ahead: only the other channel of that time is left."""
    worker = caseworker(working_hours=[hours(1, "10:00", "10:30")], breaks=())
    settings = PlanSettings(notice=dict.fromkeys(TALKING, Period()), horizon_weeks=1)
    load = caseload(citizen("c1", "6.2", start="2018-01-02"), today="2018-02-05", worker=worker, settings=settings)
    plan = make_plan(load, load_rules())
    proposal = plan.of("c1").proposal
    assert proposal is not None
    tuesday = date(2018, 2, 6)
    assert proposal.slot == Slot(tuesday, 600, 30, Channel.PHONE)
    assert proposal.alternatives == (Slot(tuesday, 600, 30, Channel.DIGITAL),)
    assert plan.quality.hard_violations == ()
