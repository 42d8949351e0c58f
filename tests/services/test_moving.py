"""A conversation moved to another time: by the hard rules of every booking, and told in words while it is tried."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.caseload import Caseload, Caseworker
from planner.domain.conversations import Channel
from planner.errors import Refused
from planner.exchange.rule_files import load_rules
from planner.locale import language
from planner.planning.making import make_plan
from planner.services.desk import Desk
from planner.services.moving import landing_lines, pick_up, try_at
from planner.services.results import Today
from planner.services.today import listed
from planner.services.week_view import Kind, Talk, talks_between
from tests.services.office import MONDAY, FixedClock, days, desk_on, job_ready, office, talk

RULES = load_rules()
NINE, TEN = 9 * 60, 10 * 60


def shown(caseload: Caseload) -> Today:
    """The list of a caseload."""
    return listed(caseload, make_plan(caseload, RULES))


def first(today: Today, *kinds: Kind) -> Talk:
    """The first conversation of these kinds."""
    return next(one for one in talks_between(today, MONDAY, days(60)) if one.kind in kinds)


def refusal(desk: Desk, *given: object) -> str:
    """Why a conversation is not moved there."""
    with pytest.raises(Refused) as caught:
        desk.move("p-1", *given)  # type: ignore[arg-type]
    return str(caught.value)


def test_a_booking_is_moved_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    """Day and time change; channel, length and agenda stay, and it is one step of the journal."""
    booked = replace(talk(3), agenda=("praktik",))
    with desk_on(tmp_path, office(job_ready(conversations=(booked,)))) as desk:
        (before,) = desk.find("p-1")[0].booked()
        done = desk.move("p-1", days(4), 10 * 60 + 30)
        (after,) = desk.find("p-1")[0].booked()
        assert after == replace(before, on=days(4), start=time(10, 30))
        assert done.seq == before_and_one(desk)
        desk.undo()
        assert desk.find("p-1")[0].booked() == [before]


def before_and_one(desk: Desk) -> int:
    """The number of the last journal row."""
    return desk.log(1)[0].seq


def test_it_may_lie_over_its_own_old_time_but_over_no_other(tmp_path: Path) -> None:
    """Half an hour later on the same day; not onto the next citizen or into her buffer."""
    caseload = office(
        job_ready(conversations=(talk(3),)), job_ready("Ida", 2, conversations=(talk(3, start=time(10)),))
    )
    caseload = replace(caseload, caseworker=replace(caseload.caseworker, buffer_minutes=15, max_per_day=2))
    with desk_on(tmp_path, caseload) as desk:
        assert "taken by another conversation" in refusal(desk, days(3), TEN)
        desk.move("p-1", days(3), NINE + 15)
        assert "buffer" in refusal(desk, days(3), NINE + 30)


def test_the_booking_that_is_meant_can_be_named(tmp_path: Path) -> None:
    """Of two the next one unless the day is said; none on another day."""
    with desk_on(tmp_path, office(job_ready(conversations=(talk(3), talk(5))))) as desk:
        desk.move("p-1", days(4), TEN, days(5), time(9))
        assert [one.on for one in desk.find("p-1")[0].booked()] == [days(3), days(4)]
        desk.move("p-1", days(2), TEN)
        assert [one.on for one in desk.find("p-1")[0].booked()] == [days(2), days(4)]
        assert refusal(desk, days(6), TEN, days(8)) == "Nothing is booked that could be moved"
        assert refusal(desk, days(6), TEN, days(2), time(9)) == "Nothing is booked that could be moved"


def test_what_has_passed_or_stays_is_refused(tmp_path: Path) -> None:
    """A day that is over is recorded, not moved; the same time is no change."""
    with desk_on(tmp_path, office(job_ready(conversations=(talk(1),)))) as desk:
        assert "Nothing was changed" in refusal(desk, days(1), NINE)
    clock = FixedClock()
    clock.moment = clock.moment.replace(day=26)
    with desk_on(tmp_path, clock=clock) as desk:
        assert refusal(desk, days(8), TEN).startswith("Its day has passed")


@settings(max_examples=40, deadline=None)
@given(st.integers(-3, 20), st.integers(7 * 4, 17 * 4), st.integers(0, 3))
def test_what_is_said_while_it_is_tried_is_what_the_desk_does(on: int, quarter: int, most: int) -> None:
    """The same rules on the grid and at the desk: possible there, possible here."""
    worker = Caseworker(office().caseworker.working_hours, buffer_minutes=10, max_per_day=most or None)
    people = (job_ready(conversations=(talk(3),)), job_ready("Ida Påfund", 2, conversations=(talk(3, start=time(10)),)))
    today = shown(replace(office(*people), caseworker=worker))
    carried = pick_up(today, next(t for t in talks_between(today, MONDAY, days(60)) if t.citizen_id == "p-1"))
    assert carried is not None
    landing = try_at(carried, days(on), quarter * 15)
    from planner.planning.slots import blockers

    forbidden = days(on) < MONDAY or blockers(carried.caseload, carried.citizen, landing.slot)
    assert landing.unmoved == (landing.slot == carried.slot)
    assert landing.possible == (landing.unmoved or not forbidden)
    for code in ("da", "en"):
        assert all(landing_lines(landing, language(code), today.plan.titles))


def test_the_cost_of_another_day_is_told() -> None:
    """A proposal carried past the latest day; the sentence names it."""
    today = shown(office(job_ready()))
    proposal = first(today, Kind.PROPOSED)
    carried = pick_up(today, proposal)
    assert carried is not None
    near = landing_lines(try_at(carried, days(9), TEN), language("en"), today.plan.titles)
    assert near[0] == "It can be put here."
    assert near[1].startswith("After the target 20 Sep 2026, before the latest day 25 Dec 2026")
    late = landing_lines(try_at(carried, days(36), TEN), language("en"), today.plan.titles)
    assert late[1].startswith("After the latest day 25 Dec 2026")


def test_a_booking_that_would_no_longer_keep_its_deadline_says_so() -> None:
    """Booked in time; carried past the last day."""
    today = shown(office(job_ready(conversations=(talk(10, channel=Channel.IN_PERSON),))))
    carried = pick_up(today, first(today, Kind.BOOKED))
    assert carried is not None
    assert carried.windows
    latest = carried.windows[0].latest
    landing = try_at(carried, days(36), TEN)
    assert landing.slot.on > latest
    assert any("After the latest day" in line for line in landing_lines(landing, language("en"), today.plan.titles))


def test_what_has_gone_is_not_picked_up() -> None:
    """The list is newer than what was seen."""
    today = shown(office(job_ready(conversations=(talk(3),))))
    booked = first(today, Kind.BOOKED)
    assert pick_up(shown(office(job_ready())), booked) is None
    assert pick_up(shown(office()), booked) is None
