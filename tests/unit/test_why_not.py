"""Why a day, why not another, what is missing: sums that add up, blockers by name, prices that are never beaten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from planner.domain.caseload import Caseload, PlanSettings
from planner.domain.citizens import Citizen, FactKind
from planner.domain.conversations import TALKING, Channel
from planner.domain.periods import Period
from planner.exchange.plan_file import plan_bytes, read_plan
from planner.exchange.rule_files import load_rules
from planner.planning.day_blockers import Wish, blocker
from planner.planning.engine.candidates import Candidates
from planner.planning.engine.model import Model, ModelJob, Option, Person
from planner.planning.engine.placing import slots_of
from planner.planning.engine.solve import Thoroughness, solve
from planner.planning.making import make_plan
from planner.planning.masks import MINUTES, bits
from planner.planning.plan import Certificate, Plan, Slot
from planner.planning.posing import problem_of
from planner.planning.problem import Problem, placement_of
from planner.planning.shortage import marginal_hours, shortage
from planner.planning.slots import blockers
from planner.planning.why_not import WhyNot, WhyNots
from planner.rules.assessment import assess_all
from planner.services.demo import demo_caseload
from planner.services.explanation import SENTENCES
from tests.builders import (
    absence,
    away,
    away_weekly,
    booked,
    busy,
    caseload,
    caseworker,
    citizen,
    every_day,
    fact,
    held,
    hours,
    interpreter,
    room,
)
from tests.strategies import caseloads

slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
quick = settings(max_examples=40, deadline=None, suppress_health_check=slow)
#: What nothing that is worth avoiding can cost.
DEAR = 1_000_000


def planned(load: Caseload, previous: Plan | None = None) -> tuple[Problem, Plan]:
    """The problem and its plan under the shipped rules."""
    load = replace(load, citizens=tuple(sorted(load.citizens, key=lambda person: person.id)))
    rules = load_rules()
    return problem_of(load, assess_all(load, rules), previous), make_plan(load, rules, previous)


# --- why this day -------------------------------------------------------------------------------------------------


@quick
@given(caseloads(), st.booleans())
def test_the_terms_of_every_proposal_sum_to_its_cost(load: Caseload, moved: bool) -> None:
    """Merged ones, moved ones, and those read back from a file."""
    _, plan = planned(load)
    if moved and load.caseworker.working_hours:
        worker = replace(load.caseworker, working_hours=load.caseworker.working_hours[1:])
        _, plan = planned(replace(load, caseworker=worker), plan)
    again = read_plan(plan_bytes(plan, {}))
    for part in again.citizens:
        for proposal in (part.proposal, *part.later):
            if proposal is not None:
                assert sum(int(step.values.get("points", 0)) for step in proposal.because) == proposal.cost


@quick
@given(caseloads())
def test_the_plan_is_read_back_at_its_own_cost(load: Caseload) -> None:
    problem, plan = planned(load)
    assert WhyNots(problem, plan).objective == plan.quality.objective


# --- why not that day: the price ----------------------------------------------------------------------------------


def forced(problem: Problem, citizen_id: str, wish: Wish) -> Iterator[Model]:
    """Models in which the citizen is talked with as wished, one for each set of units that it may cover."""
    candidates = Candidates(problem)
    number = next(n for n, demand in enumerate(problem.demands) if demand.citizen.id == citizen_id)
    demand, day = problem.demands[number], (wish.on - candidates.today).days
    for units in range(1, 1 << len(demand.units)):
        channels = TALKING if wish.channel is None else (wish.channel,)
        options = [option for channel in channels for option in candidates.on_day(demand, units, day, channel)]
        if wish.start is not None:
            at = 1 << wish.start // candidates.grid
            options = [option._replace(starts=at) for option in options if option.starts & at]
        if options:
            yield _with(candidates.model(), number, units, sorted(options))


def _with(model: Model, number: int, units: int, options: list[Option]) -> Model:
    person, kept, jobs = model.persons[number], dict[int, int](), list[ModelJob]()
    for job in model.jobs:
        if job.person != number or not job.units & units:
            if job.person == number:
                kept[job.units] = len(jobs)
            jobs.append(job)
    kept[units] = len(jobs)
    jobs.append(ModelJob(number, units, options))
    persons = list(model.persons)
    for other, somebody in enumerate(persons):
        own = {job.units: place for place, job in enumerate(jobs) if job.person == other}
        persons[other] = replace(somebody, jobs=own)
    unplaced = [DEAR if units >> place & 1 else cost for place, cost in enumerate(person.unplaced)]
    persons[number] = Person(person.id, unplaced, person.base, kept, person.every_way, person.slack)
    return Model(model.days, model.cells, persons, jobs, model.room, model.constant)


def dearer(problem: Problem, plan: Plan, citizen_id: str, wish: Wish) -> int:
    """How many points dearer the best plan with the wish is that the engine finds: no less than the truth."""
    candidates, found = Candidates(problem), []
    for model in forced(problem, citizen_id, wish):
        picks = solve(model, Thoroughness.PROOF).picks
        placement = placement_of(problem, slots_of(problem, candidates, model, picks))
        talks = [p.slot for p in placement.placed if p.job.citizen.id == citizen_id and p.slot is not None]
        assert any(slot.on == wish.on and wish.start in (None, slot.start) for slot in talks)
        found.append(placement.objective - plan.quality.objective)
    return min(found)


def priced(answer: WhyNot) -> bool:
    """Whether the wish has a price."""
    return answer.blocked is None and answer.proposed is None


@settings(quick, max_examples=25)
@given(caseloads(), st.data())
def test_no_forced_plan_beats_the_price_in_a_small_office(load: Caseload, data: st.DataObject) -> None:
    problem, plan = planned(load)
    assume(problem.demands)
    person = data.draw(st.sampled_from([demand.citizen.id for demand in problem.demands]))
    day = data.draw(st.sampled_from(sorted(problem.diary.open) or [load.today]))
    wish = Wish(day, channel=data.draw(st.sampled_from((None, None, *TALKING))))
    answer = WhyNots(problem, plan).answer(person, wish)
    assume(priced(answer))
    assert answer.at_least <= max(0, dearer(problem, plan, person, wish))
    if answer.free is not None:
        assert answer.at_least <= max(0, answer.alone)
    assert sum(int(step.values.get("points", 0)) for step in answer.terms) >= 0


@pytest.mark.parametrize("again", [False, True], ids=["first plan", "after another plan"])
def test_no_forced_plan_beats_the_price_in_a_crowded_office(again: bool) -> None:
    """The demo's citizens, most days full: the price is often above zero, never above what a forced plan costs."""
    load = replace(demo_caseload(date(2026, 11, 23)), caseworker=caseworker(max_per_day=4, buffer_minutes=15))
    problem, plan = planned(load)
    if again:
        worker = replace(load.caseworker, absent=(absence("2026-11-25"),))
        problem, plan = planned(replace(load, caseworker=worker), plan)
    answers = WhyNots(problem, plan)
    assert answers.objective == plan.quality.objective
    proved = 0
    for place, demand in enumerate(problem.demands[::11]):
        wish = Wish(load.today + timedelta(days=1 + place % 4))
        answer = answers.answer(demand.citizen.id, wish)
        if priced(answer):
            proved += answer.at_least > 0
            assert answer.at_least <= max(0, dearer(problem, plan, demand.citizen.id, wish))
    assert proved >= 3


@quick
@given(caseloads(), st.data())
def test_a_free_time_is_free_and_costs_what_is_said(load: Caseload, data: st.DataObject) -> None:
    """Moving the conversation there breaks no rule beside the others, and the plan costs so much more."""
    problem, plan = planned(load)
    assume(problem.demands)
    person = data.draw(st.sampled_from([demand.citizen.id for demand in problem.demands]))
    day = data.draw(st.sampled_from(sorted(problem.diary.open) or [load.today]))
    answer = WhyNots(problem, plan).answer(person, Wish(day))
    assume(answer.free is not None)
    assert answer.free is not None
    others = [p.slot for part in plan.citizens if part.id != person for p in (part.proposal, *part.later) if p]
    who = next(one for one in load.citizens if one.id == person)
    assert blockers(load, who, answer.free, others) == ()


def test_who_holds_the_time_is_named_with_the_deadline() -> None:
    """One conversation a week: the citizen with a duty has Tuesday, and the one with a wish is told so."""
    duty = citizen("c1", "6.3", "2026-11-20", channels=[Channel.IN_PERSON])
    wish = overdue(id="c2", channels=[Channel.IN_PERSON])
    worker = caseworker(working_hours=[hours(1, "09:00", "09:45")], breaks=())
    problem, plan = planned(caseload(duty, wish, worker=worker, settings=NO_NOTICE))
    mine = plan.of("c1").proposal
    assert mine is not None
    assert mine.slot == Slot(TUESDAY, 540, 45, Channel.IN_PERSON)
    answer = WhyNots(problem, plan).answer("c2", Wish(TUESDAY))
    (holder,) = answer.holders
    assert (holder.citizen_id, holder.slot, holder.deadline) == ("c1", mine.slot, date(2026, 11, 27))
    assert (answer.free, answer.blocked, answer.proposed) == (None, None, None)
    assert answer.at_least <= dearer(problem, plan, "c2", Wish(TUESDAY))
    assert answer.alone < 0


def test_prices_that_prove_nothing_claim_nothing() -> None:
    """A plan without a certificate, or with one of another calendar, still answers."""
    load = caseload(overdue())
    problem, plan = planned(load)
    bare = replace(plan, certificate=Certificate())
    for day in (date(2026, 11, 25), date(2026, 12, 8)):
        answer = WhyNots(problem, bare).answer("c1", Wish(day))
        assert answer.blocked or answer.proposed or answer.at_least <= max(0, answer.alone)


# --- why not that day: the blocker --------------------------------------------------------------------------------

TUESDAY = date(2026, 11, 24)
NO_NOTICE = PlanSettings(notice=dict.fromkeys(TALKING, Period()))


def code(load: Caseload, wish: Wish, who: str = "c1") -> str | None:
    """What blocks the wish."""
    problem, _ = planned(load)
    demand = next((one for one in problem.demands if one.citizen.id == who), None)
    found = blocker(problem, demand, wish)
    assert found is None or found.code in SENTENCES
    return found.code if found else None


def office(*others: Citizen, who: Citizen | None = None, **about: object) -> Caseload:
    """A citizen who is long overdue, so that every day is open for her, and an office that varies."""
    mine = who or overdue()
    return caseload(mine, *others, **{"settings": NO_NOTICE, **about})  # type: ignore[arg-type]


def overdue(**about: object) -> Citizen:
    """The law asks for contact by need, and nobody has talked with her since March."""
    return citizen(**{"id": "c1", "start": "2026-03-02", **about})  # type: ignore[arg-type]


CASES: dict[str, tuple[str | None, Caseload, Wish]] = {
    "nothing": (None, office(), Wish(TUESDAY)),
    "past": ("day_past", office(), Wish(date(2026, 11, 20))),
    "beyond": ("beyond_planned", office(), Wish(date(2027, 1, 12))),
    "weekend": ("weekend", office(), Wish(date(2026, 11, 28))),
    "holiday": ("public_holiday", office(), Wish(date(2026, 12, 25))),
    "closing day": ("closing_day", office(closing_days=["2026-11-24"]), Wish(TUESDAY)),
    "absent": ("caseworker_absent", office(worker=caseworker(absent=[absence("2026-11-24")])), Wish(TUESDAY)),
    "no hours": ("no_hours_that_day", office(worker=caseworker([hours(0, "08:00", "15:00")])), Wish(TUESDAY)),
    "notice": ("notice", office(settings=PlanSettings()), Wish(date(2026, 11, 23))),
    "notice of the channel": ("notice", office(settings=PlanSettings()), Wish(TUESDAY, None, Channel.IN_PERSON)),
    "no channel": ("no_channel", office(who=overdue(channels=[Channel.LETTER])), Wish(TUESDAY)),
    "other channel": (
        "channel_not_usable",
        office(who=overdue(channels=[Channel.PHONE])),
        Wish(TUESDAY, None, Channel.DIGITAL),
    ),
    "not in person": (
        "not_in_person_day",
        office(who=overdue(channels=[Channel.IN_PERSON]), worker=caseworker(in_person_days=[0])),
        Wish(TUESDAY),
    ),
    "away": ("citizen_away", office(who=overdue(unavailable=[away("2026-11-24")])), Wish(TUESDAY)),
    "own hours": (
        "citizen_leaves_none",
        office(who=overdue(unavailable=[away_weekly(1, "08:00", "15:45")])),
        Wish(TUESDAY),
    ),
    "short hours": ("hours_too_short", office(worker=caseworker(every_day("09:00", "09:20"), ())), Wish(TUESDAY)),
    "busy": (
        "busy_leaves_none",
        office(worker=caseworker(busy=[busy("2026-11-24T07:00", "2026-11-24T18:00")])),
        Wish(TUESDAY),
    ),
    "breaks": (
        "breaks_leave_none",
        office(worker=caseworker(every_day("09:00", "10:00"), every_day("09:20", "09:40"))),
        Wish(TUESDAY),
    ),
    "booked": (
        "bookings_leave_none",
        office(
            citizen("c9", conversations=[booked("2026-11-24", "09:15", minutes=30)]),
            worker=caseworker(every_day("09:00", "10:00"), ()),
        ),
        Wish(TUESDAY),
    ),
    "full": (
        "day_full",
        office(citizen("c9", conversations=[booked("2026-11-24", "09:00")]), worker=caseworker(max_per_day=1)),
        Wish(TUESDAY),
    ),
    "grid": (
        "grid_leaves_none",
        office(worker=caseworker(every_day("09:05", "09:40"), ())),
        Wish(TUESDAY),
    ),
    "room": (
        "no_room",
        office(who=overdue(channels=[Channel.IN_PERSON]), shared=[room(available=[hours(0, "08:00", "16:00")])]),
        Wish(TUESDAY),
    ),
    "interpreter": (
        "no_interpreter",
        office(who=overdue(interpreter="arabisk"), shared=[interpreter("arabisk", [hours(0, "08:00", "16:00")])]),
        Wish(TUESDAY),
    ),
    "room and interpreter": (
        "no_room_and_interpreter",
        office(
            who=overdue(channels=[Channel.IN_PERSON], interpreter="arabisk"),
            shared=[room(available=every_day("08:00", "11:00")), interpreter("arabisk", every_day("12:00", "16:00"))],
        ),
        Wish(TUESDAY),
    ),
    "a room in another channel": (
        None,
        office(shared=[room(available=[hours(0, "08:00", "16:00")])]),
        Wish(TUESDAY),
    ),
    "a time off the grid": ("off_grid", office(), Wish(TUESDAY, 9 * 60 + 1)),
    "a time in the break": ("in_break", office(), Wish(TUESDAY, 11 * 60 + 30)),
    "a time that is taken": (
        "time_taken",
        office(citizen("c9", conversations=[booked("2026-11-24", "09:00")])),
        Wish(TUESDAY, 9 * 60),
    ),
    "a time at night": ("outside_hours", office(), Wish(TUESDAY, 3 * 60)),
    "case ended": (
        "nothing_to_place",
        office(who=overdue(facts=[fact(FactKind.DEATH, "2026-11-20")])),
        Wish(TUESDAY),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_blocker_is_the_right_one(case: str) -> None:
    expected, load, wish = CASES[case]
    assert code(load, wish) == expected


def test_a_day_before_the_window_opens_is_named_with_its_first_day() -> None:
    """Talked with on Friday: the next conversation by need is not for tomorrow."""
    problem, _ = planned(office(who=overdue(conversations=[held("2026-11-20")])))
    (demand,) = problem.demands
    opens = min(window.earliest for unit in demand.units for window in unit)
    assert opens > TUESDAY
    found = blocker(problem, demand, Wish(TUESDAY))
    assert found is not None
    assert (found.code, found.values["first"]) == ("before_earliest", opens.isoformat())


def test_a_channel_that_does_not_count_is_named() -> None:
    """The first conversation of a spell must be in person: by phone it does not count, and alone it never does."""
    both = citizen("c1", "6.3", "2026-11-20", channels=[Channel.PHONE, Channel.IN_PERSON])
    assert code(office(who=both), Wish(TUESDAY)) is None
    assert code(office(who=both), Wish(TUESDAY, None, Channel.PHONE)) == "channel_does_not_count"
    phone = citizen("c1", "6.3", "2026-11-20", channels=[Channel.PHONE])
    assert code(office(who=phone), Wish(TUESDAY)) == "no_channel_counts"


@quick
@given(caseloads(), st.data())
def test_something_blocks_exactly_where_no_time_breaks_no_rule(load: Caseload, data: st.DataObject) -> None:
    """Every start of the day tried one by one, by the rules that a booking is checked with."""
    problem, _ = planned(load)
    assume(problem.demands)
    demand = data.draw(st.sampled_from(list(problem.demands)))
    day = load.today + timedelta(days=data.draw(st.integers(0, (problem.horizon_end - load.today).days)))
    channel = data.draw(st.sampled_from((None, *TALKING)))
    found = blocker(problem, demand, Wish(day, channel=channel))
    assert (found is None) is any(_possible(problem, demand.citizen, day, channel))
    assert found is None or found.code in SENTENCES


def _possible(problem: Problem, who: Citizen, day: date, wanted: Channel | None) -> Iterator[bool]:
    demand = next(one for one in problem.demands if one.citizen.id == who.id)
    candidates = Candidates(problem)
    for number in range(len(demand.units)):
        for channel in TALKING if wanted is None else (wanted,):
            options = candidates.on_day(demand, 1 << number, (day - problem.caseload.today).days, channel)
            minutes = problem.caseload.settings.minutes_for(who, channel)
            opened = all(window.earliest <= day for window in demand.units[number])
            starts = [start for option in options for start in bits(option.starts)]
            for start in range(0, MINUTES, candidates.grid):
                free = opened and not blockers(problem.caseload, who, Slot(day, start, minutes, channel))
                assert start // candidates.grid not in starts or free
                if start // candidates.grid in starts:
                    yield True


# --- what is missing ----------------------------------------------------------------------------------------------


def test_a_deadline_that_has_passed_is_unavoidable_and_one_without_room_is_not() -> None:
    """Four first conversations are due this week, and there is time for one; a fifth is late already."""
    people = [citizen(f"c{n}", "6.3", "2026-11-20", channels=[Channel.IN_PERSON]) for n in range(4)]
    late = citizen("late", "6.3", "2026-11-09", channels=[Channel.IN_PERSON])
    worker = caseworker(working_hours=[hours(1, "09:00", "09:45")], breaks=())
    problem, plan = planned(caseload(*people, late, worker=worker, settings=NO_NOTICE))
    found = shortage(problem, WhyNots(problem, plan).placement, plan.certificate)
    assert [miss.citizen_id for miss in found.passed] == ["late"]
    assert not found.unavoidable
    assert {miss.citizen_id for miss in found.capacity} <= {person.id for person in people}
    assert len(found.capacity) in (3, 4)
    assert found.hours == tuple(sorted(found.hours, key=lambda hour: (-hour.points, hour.on)))
    assert found.hours[0].on == TUESDAY
    assert all(hour.points > 0 and hour.on <= date(2026, 12, 21) for hour in found.hours)


def test_where_there_is_room_an_hour_is_worth_nothing() -> None:
    problem, plan = planned(caseload(overdue()))
    found = shortage(problem, WhyNots(problem, plan).placement, plan.certificate)
    assert found.hours == marginal_hours(problem, plan.certificate) == ()
    assert found.capacity == ()


@quick
@given(caseloads())
def test_the_misses_are_as_many_as_the_plan_says(load: Caseload) -> None:
    problem, plan = planned(load)
    found = shortage(problem, WhyNots(problem, plan).placement, plan.certificate)
    counted: Sequence[int] = (len(found.passed) + len(found.unavoidable), len(found.capacity))
    assert counted == (plan.quality.late_unavoidable, plan.quality.late_capacity)
