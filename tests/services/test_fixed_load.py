"""What the fixed rhythm of the law would have taken: cases of the office, and a reckoning day by day beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings

from planner.domain.calendar import iso_weeks
from planner.domain.caseload import Adoption, Caseload
from planner.domain.citizens import Citizen, Exemption, TargetGroup
from planner.domain.conversations import Status
from planner.exchange.rule_files import load_rules
from planner.planning.making import make_plan
from planner.rules.assessment import fixed_demand
from planner.rules.fixed_rhythm import FixedTalk, due_day, holding
from planner.services.fixed_load import FixedLoad, fixed_talks, week_loads
from planner.services.results import Today
from planner.services.today import listed
from tests.services.office import MONDAY, days, job_ready, office, talk
from tests.strategies import caseloads

RULES = load_rules()


def shown(caseload: Caseload) -> Today:
    """The list of a caseload."""
    return listed(caseload, make_plan(caseload, RULES))


def day_by_day(caseload: Caseload, citizen: Citizen) -> tuple[FixedTalk, ...]:
    """The same by looking at every single day."""
    held = [one for one in citizen.conversations if one.status is not Status.BOOKED]
    citizen, found = replace(citizen, conversations=tuple(held)), []
    last = iso_weeks(caseload.today, 12)[-1][2] + timedelta(days=6)
    for number in range((last - caseload.today).days + 1):
        day = caseload.today + timedelta(days=number)
        demand = fixed_demand(replace(caseload, today=day), citizen, RULES)
        if demand is None or due_day(caseload, demand) > day:
            continue
        citizen = holding(caseload, citizen, demand, day)
        if fixed_demand(replace(caseload, today=day), citizen, RULES) == demand:
            break
        found.append(FixedTalk(day, citizen.conversations[-1].minutes))
    return tuple(found)


@settings(max_examples=40, deadline=None)
@given(caseloads(most=2))
def test_it_is_as_if_every_day_were_looked_at(caseload: Caseload) -> None:
    """Stepping from deadline to deadline finds what looking at each day finds."""
    for citizen in caseload.citizens:
        assert fixed_talks(caseload, citizen, RULES) == day_by_day(caseload, citizen)


def test_four_conversations_in_six_months_are_spread_over_the_weeks() -> None:
    """Job-ready since 110 days, nobody talked with: four are due before the end of six months, two weeks apart."""
    caseload = office(job_ready())
    found = [one.on for one in fixed_talks(caseload, caseload.citizens[0], RULES)]
    assert found == [date(2026, 12, 24), date(2027, 1, 8), date(2027, 1, 22), date(2027, 2, 5)]  # not on Christmas Day


def test_what_is_overdue_falls_on_today_and_the_rest_when_the_spacing_lets_it() -> None:
    """Ten days before the six months end three are missing: today, and one more after two weeks is too late."""
    caseload = office(job_ready(spell=-174, conversations=(talk(-100, Status.HELD),)))
    found = [one.on for one in fixed_talks(caseload, caseload.citizens[0], RULES)]
    assert found[0] == MONDAY
    assert all((later - earlier).days >= 14 for earlier, later in pairwise(found))


def test_bookings_and_experiments_change_nothing() -> None:
    """The counterfactual knows neither."""
    plain = office(job_ready())
    adoption = Adoption("flexible-contact-other-groups", days(-300), None, "opdigtet")
    flexible = office(job_ready(conversations=(talk(3),)), adoptions=(adoption,))
    first, second = (fixed_talks(one, one.citizens[0], RULES) for one in (plain, flexible))
    assert first == second


def test_the_dead_and_those_without_duty_take_nothing() -> None:
    """Target group 6.11 has no count."""
    caseload = office(Citizen("p-9", "Ingen Pligt", TargetGroup.DISABILITY_PENSION, days(-300)))
    assert fixed_talks(caseload, caseload.citizens[0], RULES) == ()


def test_twelve_weeks_stand_beside_the_plan() -> None:
    """Week 53 and the new year come in their place, with the minutes of whoever is due in them."""
    today = shown(office(job_ready()))
    loads = FixedLoad(RULES).all(today)
    assert [(load.year, load.week) for load in loads[4:8]] == [(2026, 52), (2026, 53), (2027, 1), (2027, 2)]
    assert len(loads) == 12
    assert sum(load.fixed for load in loads) == 4 * 45
    assert [load.week for load in loads if load.fixed] == [52, 1, 3, 5]
    assert loads == week_loads(today, {"p-1": fixed_talks(today.caseload, today.caseload.citizens[0], RULES)})


def test_a_few_citizens_are_reckoned_at_a_time_and_only_once() -> None:
    """The desk is let go between them, and after a change only who has changed is reckoned anew."""
    caseload = office(*(job_ready(f"Prøve Nummer{number}", number) for number in range(40)))
    today, load = shown(caseload), FixedLoad(RULES)
    assert [load.some(today) is None for _ in range(3)] == [True, True, False]
    exempted = replace(caseload.citizens[0], exemption=Exemption(MONDAY, None, "opdigtet"))
    changed = replace(today, caseload=replace(caseload, citizens=(exempted, *caseload.citizens[1:])))
    assert load.some(changed) is not None
