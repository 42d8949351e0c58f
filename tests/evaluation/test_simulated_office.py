"""One caseworker's office over weeks: known answers, and everything that came accounted for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise

import pytest

from planner.domain.citizens import Cadence, Fact, FactKind, TargetGroup
from planner.domain.conversations import Channel, Conversation, Status
from planner.evaluation.simulation.fates import Draw, Fate
from planner.evaluation.simulation.office import WEEK, Office, office
from planner.evaluation.simulation.parameters import read_parameters
from planner.evaluation.simulation.policies import Policy, policies
from planner.exchange.rule_files import load_rules
from planner.planning.engine.placing import place
from planner.planning.making import make_plan
from planner.planning.posing import problem_of
from planner.rules.assessment import assess_all
from tests.evaluation.simulating import ADOPTIONS, PUNCTUAL, START, fate, flexible, on, one_office


def held(run: Office, who: str = "a") -> list[date]:
    """The days of somebody's conversations, once the weeks are over."""
    return [talk.on for talk in run._cases[who].citizen.held_in_spell()]


def test_the_four_week_rhythm_gives_a_conversation_every_fourth_week() -> None:
    run = one_office([fate()])
    tally = run.run(25)
    days = held(run)
    assert len(days) == tally.held == 6
    for number, day in enumerate(days):
        assert on(28 * number) < day <= on(28 * (number + 1)), "one in each period of four weeks"
    assert tally.missed == 0


def test_sickness_is_followed_up_every_four_weeks_after_the_first() -> None:
    run = one_office([fate(group=TargetGroup.SICKNESS)])
    run.run(40)
    first, *later = held(run)
    assert first <= on(56)
    between = [(day - before).days for before, day in pairwise([first, *later])]
    assert len(between) == 8
    assert all(24 <= days <= 28 for days in between), "a holiday moves it to the working day before"
    assert sum(days == 28 for days in between) >= 6


def test_low_need_is_talked_with_seldom_and_high_need_often() -> None:
    run = one_office([fate("low", need=Cadence.LIGHT), fate("high", need=Cadence.CLOSE)], flexible())
    run.run(26)
    low, high = held(run, "low"), held(run, "high")
    assert on(7) <= low[0] <= on(21)
    assert on(7) <= high[0] <= on(21)
    assert low[1] - low[0] >= timedelta(weeks=12)
    assert max(after - before for before, after in pairwise(high)) <= timedelta(weeks=3)


def test_whoever_starts_a_job_is_not_summoned_once_that_is_known() -> None:
    known = Fact(FactKind.JOB_START, on(63), documented=True, noted_on=on(35))
    run = one_office([fate(leaves=63, to_job=True, facts=[known])])
    tally = run.run(12)
    assert tally.soon_in_job == 0
    assert tally.held == 1
    surprised = one_office([fate(leaves=63, to_job=True)])
    assert surprised.run(12).soon_in_job == 1


def test_a_need_is_waited_for_until_a_conversation_is_held() -> None:
    run = one_office([fate(needs=[30], leaves=300), fate("b", enters=1, need=Cadence.CLOSE, leaves=3)])
    tally = run.run(24)
    answer = next(day for day in _all_held(run, tally.held) if day >= on(30))
    assert tally.waits == [((answer - on(30)).days, True)]
    never = one_office([fate(needs=[26], leaves=27)])
    assert never.run(8).waits == [(1, False)]


def _all_held(run: Office, count: int) -> list[date]:
    days = held(run)
    assert len(days) == count
    return days


def test_the_longest_time_without_a_conversation_runs_until_the_end() -> None:
    run = one_office([fate(group=TargetGroup.DISABILITY_PENSION)])
    assert run.run(20).gaps == [140], "no law demands anything"


def test_time_is_used_by_whoever_does_not_come() -> None:
    nobody = b"[attendance]\nno_show = { value = 1 }\nill_per_year = { value = 0 }\n"
    tally = one_office([fate()], own=nobody).run(12)
    assert tally.held == 0
    assert tally.no_shows >= 3
    assert tally.minutes == 45 * tally.no_shows or tally.minutes == 60 * tally.no_shows
    assert tally.missed >= 2


@pytest.mark.parametrize(("day", "missed"), [(17, 0), (18, 1)], ids=["on the latest day", "the day after"])
def test_a_deadline_is_missed_though_the_conversation_is_held_in_the_same_week(day: int, missed: int) -> None:
    run = one_office([fate(enters=-4)], flexible())
    run.plan(on(14))
    case = run._cases["a"]
    assert case.deadlines == (on(17),), "the screening, three weeks into the spell"
    talk = Conversation(on(day), time(9), 45, Channel.PHONE)
    case.citizen = replace(case.citizen, conversations=(talk,))
    run._happen(on(14))
    run.plan(on(21))
    assert (run.tally.held, run.tally.missed) == (1, missed)


def test_a_deadline_that_passed_before_somebody_left_was_missed() -> None:
    run = one_office([fate(enters=-4, leaves=19)], flexible())
    run.plan(on(14))
    run._cases["a"].citizen = replace(run._cases["a"].citizen, conversations=())
    run._happen(on(14))
    run.plan(on(21))
    assert (run.tally.left, run.tally.missed) == (1, 1)


def test_nobody_is_without_a_conversation_while_the_unemployment_fund_holds_them() -> None:
    parameters, start = read_parameters(PUNCTUAL), date(2024, 7, 1)
    early = Fate("early", TargetGroup.INSURED, start, leaves=start + 8 * WEEK)
    late = Fate("late", TargetGroup.INSURED, start, leaves=start + 15 * WEEK)
    run = Office("fund", parameters, load_rules(), Policy("fixed"), office(parameters, start), [early, late])
    tally = run.run(20)
    assert tally.left == 2
    assert len(tally.gaps) == 1, "of whoever left before the handover there is nothing to count"
    assert tally.gaps[0] <= (late.leaves - date(2024, 10, 1)).days if late.leaves else False


def test_where_the_law_leaves_it_to_need_the_caseworker_sets_the_cadence_too() -> None:
    parameters, start = read_parameters(PUNCTUAL), date(2026, 7, 6)
    talked = start - 2 * WEEK
    long, short = (
        Fate(who, TargetGroup.FLEX_JOB, start - weeks * WEEK, need=Cadence.LIGHT, talked_on=talked)
        for who, weeks in (("long", 40), ("short", 4))
    )
    run = Office("need", parameters, load_rules(), Policy("fixed"), office(parameters, start), [long, short])
    run.plan(start)
    assert run._cases["long"].citizen.cadence is Cadence.LIGHT
    assert run._cases["short"].citizen.cadence is None, "the law's own rhythm holds in the first half year"


@pytest.mark.parametrize("policy", policies(ADOPTIONS, [50]), ids=lambda policy: policy.name)
def test_everybody_who_came_is_in_or_out_and_every_booking_became_something(policy: Policy) -> None:
    parameters = read_parameters(b"[need]\nacute_per_year = { value = 4 }\n")
    draw = Draw("kept", parameters, START, 12, 25)
    fates = draw.fates()
    run = Office("kept", parameters, load_rules(), policy, office(parameters, START), fates, draw.absent())
    tally = run.run(12)
    last = START + 11 * WEEK
    arrived = [one for one in fates if one.enters <= last]
    assert tally.came + tally.passed_by == len(arrived)
    assert tally.came == tally.left + tally.remaining
    assert tally.left > 0
    assert len(tally.gaps) == tally.came
    met = tally.held + tally.no_shows + tally.called_off_ill + tally.called_off_by_us
    assert tally.booked == met + tally.still_booked
    assert tally.minutes == sum(used for used, _ in tally.weeks)
    assert all(used <= available for used, available in tally.weeks)
    assert tally.citizen_days == sum(
        (min(one.leaves or START + 12 * WEEK, START + 12 * WEEK) - max(_first_monday(one.enters), START)).days
        for one in arrived
        if one.leaves is None or one.leaves > _first_monday(one.enters)
    )


def _first_monday(day: date) -> date:
    return max(START, day + timedelta(days=-day.weekday() % 7))


def test_each_monday_is_planned_as_the_program_plans_it() -> None:
    parameters = read_parameters()
    fates = Draw("same", parameters, START, 8, 25).fates()
    run = Office("same", parameters, load_rules(), flexible(), office(parameters, START), fates)
    run.run(6)
    caseload = replace(run.caseload(START + 6 * WEEK), adoptions=ADOPTIONS)
    plan = make_plan(caseload, load_rules())
    assert plan.quality.hard_violations == ()
    placed = place(problem_of(caseload, assess_all(caseload, load_rules()), None)).placement.placed
    proposed = {(part.id, p.slot) for part in plan.citizens for p in (part.proposal, *part.later) if p is not None}
    assert proposed == {(one.job.citizen.id, one.slot) for one in placed if one.slot is not None}
    before = {(c.id, talk.on, talk.start_minute) for c in caseload.citizens for talk in c.booked()}
    run.plan(START + 6 * WEEK)
    booked = {(w, t.on, t.start_minute) for w, case in run._cases.items() for t in case.citizen.booked()} - before
    assert booked
    assert booked <= {(who, slot.on, slot.start) for who, slot in proposed}
    assert all(
        talk.status is not Status.BOOKED or talk.on >= START + 6 * WEEK
        for c in caseload.citizens
        for talk in c.conversations
    )


def test_a_mixture_is_the_law_for_some_and_the_experiment_for_the_others() -> None:
    fates = [replace(fate("in"), lot=0.4), replace(fate("out"), lot=0.6)]
    run = one_office(fates, Policy("mixed-50", ADOPTIONS, 0.5))
    run.run(17)
    assert run._cases["in"].citizen.cadence is Cadence.STANDARD
    assert run._cases["out"].citizen.cadence is None
    assert len(held(run, "out")) == 4
    assert len(held(run, "in")) == 3
