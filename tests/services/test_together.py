"""One action for many citizens: booked together, called off together, taken back together."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

import pytest

from planner.domain.citizens import Fact, FactKind
from planner.domain.conversations import Channel, Status
from planner.errors import NotFound, Refused
from planner.locale import language
from planner.planning.plan import Slot
from planner.services.clock import DANISH_TIME
from tests.services.office import MONDAY, FixedClock, days, desk_on, job_ready, office, state, talk

NINE = Slot(days(1), 540, 30, Channel.PHONE)


def test_all_are_booked_as_one_action(tmp_path: Path) -> None:
    with desk_on(tmp_path, office(*(job_ready(number=n) for n in range(1, 6)))) as desk:
        before, today = state(desk), desk.today()
        wanted = {part.id: part.proposal.slot for part in today.plan.citizens if part.proposal}
        assert len(wanted) == 5
        done = desk.accept_all(wanted)
        assert done.values["booked"] == 5
        assert done.text(language("da")).endswith(" og 2 andre)")
        assert {c.id: (c.booked()[0].on, c.booked()[0].start_minute) for c in desk.caseload().citizens} == {
            key: (slot.on, slot.start) for key, slot in wanted.items()
        }
        desk.undo()
        assert state(desk) == before
        desk.redo()
        assert all(citizen.booked() for citizen in desk.caseload().citizens)


def test_what_meets_another_of_them_is_left_out_and_counted(tmp_path: Path) -> None:
    with desk_on(tmp_path, office(job_ready(number=1), job_ready(number=2))) as desk:
        done = desk.accept_all({"p-1": NINE, "p-2": replace(NINE, start=550)})
        assert (done.values["booked"], done.values["left"]) == (1, 1)
        assert [len(citizen.booked()) for citizen in desk.caseload().citizens] == [1, 0]


def test_nothing_is_written_where_nothing_is_possible(tmp_path: Path) -> None:
    dead = job_ready(number=2, facts=(Fact(FactKind.DEATH, days(-1)),))
    with desk_on(tmp_path, office(job_ready(number=1), dead)) as desk:
        before = len(desk.log())
        with pytest.raises(Refused):
            desk.accept_all({"p-1": replace(NINE, start=0), "p-2": NINE})
        with pytest.raises(NotFound):
            desk.accept_all({"p-1": NINE, "p-9": NINE})
        assert len(desk.log()) == before
        assert not any(citizen.booked() for citizen in desk.caseload().citizens)


def test_a_day_called_off_frees_it_and_asks_anew(tmp_path: Path) -> None:
    one, other = job_ready(number=1, conversations=(talk(1),)), job_ready(number=2, conversations=(talk(2),))
    with desk_on(tmp_path, office(one, other)) as desk:
        before = state(desk)
        done = desk.call_off(days(1), "syg")
        assert done.values == {"on": days(1), "count": 1, "reason": "syg"}
        assert done.citizens == ("p-1",)
        first, second = desk.caseload().citizens
        assert [talk.status for talk in first.conversations] == [Status.CANCELLED_BY_US]
        assert [(talk.on, talk.status) for talk in second.conversations] == [(days(2), Status.BOOKED)]
        plan = desk.today().plan
        assert not any(p.slot.on == days(1) for part in plan.citizens if (p := part.proposal))
        assert plan.of("p-1").proposal is not None
        with pytest.raises(Refused, match="so already"):
            desk.call_off(days(1), "syg")
        desk.undo()
        assert state(desk) == before


def test_today_only_what_is_still_to_come_is_called_off(tmp_path: Path) -> None:
    talks = (talk(0, start=time(8, 30)), talk(0, start=time(11)))
    clock = FixedClock(datetime(2026, 11, 23, 10, 0, tzinfo=DANISH_TIME))
    over = job_ready(number=2, conversations=(talk(0, start=time(9)),))
    with desk_on(tmp_path, office(job_ready(conversations=talks), over), clock) as desk:
        done = desk.call_off(MONDAY, "syg")
        assert (done.values["count"], done.citizens) == (1, ("p-1",))
        citizen, _ = desk.caseload().citizens
        assert [one.status for one in citizen.conversations] == [Status.BOOKED, Status.CANCELLED_BY_US]
        with pytest.raises(Refused, match="has passed"):
            desk.call_off(days(-1), "syg")
        with pytest.raises(Refused, match="reason"):
            desk.call_off(days(1), " ")
