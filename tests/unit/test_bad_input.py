"""Offices and citizens that make no sense: each has a plan that says so, with everybody on the list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta

import pytest

from planner.domain.caseload import Caseload, PlanSettings
from planner.domain.citizens import Citizen, Unavailable
from planner.domain.conversations import TALKING, Channel
from planner.domain.periods import Period
from planner.exchange.caseload_file import read_caseload, write_caseload
from planner.exchange.plan_file import plan_bytes, read_plan
from planner.exchange.rule_files import load_rules
from planner.planning.making import make_plan
from planner.planning.plan import Bucket, Plan
from planner.planning.validator import violations
from tests.builders import (
    TODAY,
    absence,
    away,
    away_weekly,
    booked,
    busy,
    caseload,
    caseworker,
    citizen,
    clock,
    day,
    every_day,
    hours,
)
from tests.solverless import without_the_solver

#: Groups and dates at which a conversation is wanted at once.
NEW = {"group": "6.3", "start": "2026-11-20"}
YEAR_END = "2027-12-31T23:59"


def new(name: str = "c1", **changes: object) -> Citizen:
    """A citizen of last Friday, who is to be talked with within a week."""
    return citizen(name, **{**NEW, **changes})  # type: ignore[arg-type]


@pytest.fixture(params=["with the solver", "without it"], autouse=True)
def _solver(request: pytest.FixtureRequest) -> Iterator[None]:
    with nullcontext() if request.param == "with the solver" else without_the_solver():
        yield


def planned(load: Caseload) -> Plan:
    """The plan, which breaks no rule, forgets nobody and can be written and read again."""
    plan = make_plan(load, load_rules())
    assert violations(load, plan) == ()
    assert {part.id for part in plan.citizens} == {ranked.id for ranked in plan.order} == {c.id for c in load.citizens}
    assert plan.quality.lower_bound <= plan.quality.objective
    assert plan_bytes(read_plan(plan_bytes(plan))) == plan_bytes(plan)
    return plan


def reasons(plan: Plan, name: str = "c1") -> set[str]:
    """Why nothing is proposed to the citizen; nothing is."""
    part = plan.of(name)
    assert part.proposal is None
    assert part.later == ()
    return {step.code for step in part.unplaced_because}


#: Every weekday from midnight to midnight in two halves that meet.
NEVER = tuple(
    half
    for weekday in range(5)
    for half in (away_weekly(weekday, "00:00", "12:00"), away_weekly(weekday, "12:00", "23:59"))
)
FULL_YEAR = tuple(booked(day(TODAY) + timedelta(days=n), "08:00", minutes=8 * 60) for n in range(366))

#: What is wrong, and what the plan says about a citizen who must be talked with.
OFFICES: dict[str, tuple[Caseload, str]] = {
    "no working hours": (caseload(new(), worker=caseworker([])), "no_working_hours"),
    "hours on a Saturday only": (caseload(new(), worker=caseworker([hours(5, "08:00", "16:00")])), "no_open_day"),
    "breaks all day": (caseload(new(), worker=caseworker(breaks=every_day("00:00", "23:59"))), "no_open_day"),
    "hours shorter than any conversation": (
        caseload(new(), worker=caseworker(every_day("08:00", "08:15"))),
        "no_slot_fits",
    ),
    "away for a year": (caseload(new(), worker=caseworker(absent=[absence(TODAY, "2027-12-31")])), "no_open_day"),
    "closed for a year": (
        caseload(new(), closing_days=[day(TODAY) + timedelta(days=n) for n in range(400)]),
        "no_open_day",
    ),
    "busy for a year": (
        caseload(new(), worker=caseworker(busy=[busy(f"{TODAY}T00:00", YEAR_END)])),
        "no_slot_fits",
    ),
    "booked for a year": (caseload(new(), citizen("c2", conversations=FULL_YEAR)), "no_slot_fits"),
    "no conversation a day": (caseload(new(), worker=caseworker(max_per_day=0)), "no_slot_fits"),
    "a buffer longer than the day, and one booked": (
        caseload(new(), citizen("c2", conversations=FULL_YEAR[::2]), worker=caseworker(buffer_minutes=24 * 60)),
        "no_slot_fits",
    ),
    "notice longer than the horizon": (
        caseload(new(), settings=PlanSettings(notice=dict.fromkeys(TALKING, Period(months=3)))),
        "notice_beyond_horizon",
    ),
    "conversations longer than the day": (
        caseload(new(), settings=PlanSettings(minutes=dict.fromkeys(TALKING, 9 * 60))),
        "no_slot_fits",
    ),
    "letters only": (caseload(new(channels=[Channel.LETTER])), "no_channel"),
    "no channel at all": (caseload(new(channels=[])), "no_channel"),
    "the first one in person, and only by phone": (caseload(new(channels=[Channel.PHONE])), "no_channel_counts"),
    "in person, and no day for it": (
        caseload(new(channels=[Channel.IN_PERSON]), worker=caseworker(in_person_days=())),
        "no_slot_fits",
    ),
    "never at hand": (caseload(new(unavailable=NEVER)), "no_slot_fits"),
    "away until a day and from it on": (
        caseload(new(unavailable=[away("2026-01-01", "2026-12-24"), away("2026-12-24", "2028-01-01")])),
        "no_slot_fits",
    ),
    "away on all weekdays by name": (
        caseload(new(unavailable=[Unavailable(weekday=n, start=clock("00:00"), end=clock("23:59")) for n in range(7)])),
        "no_slot_fits",
    ),
}

#: What takes most of the days where no slot fits.
CAUSES = {
    "hours shorter than any conversation": "hours_too_short",
    "busy for a year": "busy_leaves_none",
    "booked for a year": "bookings_leave_none",
    "no conversation a day": "day_full",
    "a buffer longer than the day, and one booked": "bookings_leave_none",
    "conversations longer than the day": "hours_too_short",
    "in person, and no day for it": "not_in_person_day",
    "never at hand": "citizen_leaves_none",
    "away until a day and from it on": "citizen_away",
    "away on all weekdays by name": "citizen_leaves_none",
}


@pytest.mark.parametrize("name", OFFICES)
def test_a_plan_that_cannot_be_says_so(name: str) -> None:
    load, code = OFFICES[name]
    plan = planned(load)
    steps = [step.code for step in plan.of("c1").unplaced_because]
    assert reasons(plan) == set(steps)
    assert steps[0] == code
    assert steps[1:2] == [f"days_{CAUSES[name]}"] if code == "no_slot_fits" else len(steps) == 1
    assert plan.of("c1").bucket in (Bucket.UNPLACED, Bucket.DECIDE_NOW)
    assert plan.quality.late_unavoidable >= 1
    assert plan.quality.objective > 0


def test_a_caseload_of_nobody_has_a_plan_of_nobody() -> None:
    plan = planned(caseload())
    assert (plan.citizens, plan.order, plan.quality.objective, plan.quality.gap) == ((), (), 0, 0.0)
    assert len(plan.capacity) == 12
    assert all(week.proposed == week.booked == 0 for week in plan.capacity)
    read = read_caseload(write_caseload(caseload()), load_rules(), None)
    assert plan_bytes(planned(read)) == plan_bytes(plan)


def test_a_year_that_is_full_but_for_one_hour_goes_to_one_and_the_other_is_told() -> None:
    full = [busy(f"{TODAY}T00:00", "2026-12-08T09:00"), busy("2026-12-08T10:00", YEAR_END)]
    plan = planned(caseload(new(), new("c2"), worker=caseworker(busy=full)))
    placed = [part for part in plan.citizens if part.proposal is not None]
    assert len(placed) == 1
    (left,) = (part for part in plan.citizens if part.proposal is None)
    assert {step.code for step in left.unplaced_because} == {"calendar_full"}
    assert plan.quality.late_unavoidable + plan.quality.late_capacity == 2


def test_who_may_wait_is_not_called_unplaced_where_nobody_works() -> None:
    light = citizen("c1", start="2026-11-02", handover_on="2027-01-04")
    plan = planned(caseload(light, worker=caseworker([])))
    assert plan.of("c1").bucket is not Bucket.UNPLACED
    assert reasons(plan) <= {"may_wait", "beyond_horizon", "nothing_due"}
