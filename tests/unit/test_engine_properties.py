"""What must hold of every answer of the engine, whatever the problem and whatever changes afterwards."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.caseload import Absence, Busy, Caseload
from planner.domain.citizens import Fact, FactKind
from planner.domain.conversations import Channel, Conversation, Status
from planner.exchange.plan_file import plan_bytes
from planner.exchange.rule_files import load_rules
from planner.planning.engine.candidates import Candidates
from planner.planning.engine.certificate import Prices, lower_bound
from planner.planning.engine.model import Model, Pick
from planner.planning.engine.placing import certified, place, slots_of
from planner.planning.engine.solve import Thoroughness, quickly, solve
from planner.planning.making import make_plan
from planner.planning.masks import bits
from planner.planning.plan import Engine, Plan, Proposal
from planner.planning.problem import placement_of
from planner.planning.validator import violations
from tests.full import PATIENCE, many
from tests.instances import caseload, instance, small
from tests.solverless import without_the_solver
from tests.strategies import caseloads, citizens, near

pytestmark = pytest.mark.timeout(PATIENCE)
some = settings(max_examples=many(100, 100_000), deadline=None)
seeds = st.integers(0, 1_000_000)


def planned(load: Caseload, previous: Plan | None = None) -> Plan:
    """The plan under the shipped rules."""
    return make_plan(load, load_rules(), previous)


def proposals(plan: Plan) -> list[tuple[str, Proposal]]:
    """Every proposed conversation with the citizen's id."""
    return [(part.id, p) for part in plan.citizens for p in (part.proposal, *part.later) if p is not None]


Change = Callable[[Caseload, Plan, st.DataObject], Caseload]


# --- what can happen after a plan is made ------------------------------------------------------------------------


def _busier(load: Caseload, plan: Plan, data: st.DataObject) -> Caseload:
    """The caseworker is taken at the time of a proposal."""
    slots = [proposal.slot for _, proposal in proposals(plan)]
    day, minute = (slots[0].on, slots[0].start) if slots else (load.today, 600)
    start = datetime.combine(day, time()) + timedelta(minutes=minute)
    taken = Busy(start, start + timedelta(minutes=data.draw(st.integers(1, 600))))
    return replace(load, caseworker=replace(load.caseworker, busy=(*load.caseworker.busy, taken)))


def _away(load: Caseload, plan: Plan, data: st.DataObject) -> Caseload:
    """The caseworker is away for some days."""
    first = data.draw(near(load.today, 0, 20))
    absent = Absence(first, first + timedelta(days=data.draw(st.integers(0, 10))))
    return replace(load, caseworker=replace(load.caseworker, absent=(*load.caseworker.absent, absent)))


def _gone(load: Caseload, plan: Plan, data: st.DataObject) -> Caseload:
    """Somebody leaves."""
    return replace(load, citizens=load.citizens[1:])


def _new(load: Caseload, plan: Plan, data: st.DataObject) -> Caseload:
    """Somebody comes who needs a conversation soon."""
    return replace(load, citizens=(*load.citizens, data.draw(citizens(load.today, id="new"))))


def _examined(load: Caseload, plan: Plan, data: st.DataObject) -> Caseload:
    """An examination is noted, or moved."""
    if not load.citizens:
        return load
    first, *others = load.citizens
    fact = Fact(FactKind.EXAMINATION, data.draw(near(load.today, 5, 40)), None, True, load.today)
    left = (known for known in first.facts if known.kind is not FactKind.EXAMINATION)
    return replace(load, citizens=(replace(first, facts=(*left, fact)), *others))


def _agreed(load: Caseload, plan: Plan, data: st.DataObject) -> Caseload:
    """A proposal is accepted."""
    if not proposals(plan):
        return load
    name, chosen = data.draw(st.sampled_from(proposals(plan)))
    slot = chosen.slot
    talk = Conversation(slot.on, time(slot.start // 60, slot.start % 60), slot.minutes, slot.channel)
    people = (replace(c, conversations=(*c.conversations, talk)) if c.id == name else c for c in load.citizens)
    return replace(load, citizens=tuple(people))


def _tomorrow(load: Caseload, plan: Plan, data: st.DataObject) -> Caseload:
    """A day or more passes, and what was booked until then is held."""
    today = load.today + timedelta(days=data.draw(st.integers(1, 8)))
    people = (
        replace(
            citizen,
            conversations=tuple(
                replace(talk, status=Status.HELD) if talk.status is Status.BOOKED and talk.on < today else talk
                for talk in citizen.conversations
            ),
        )
        for citizen in load.citizens
    )
    return replace(load, today=today, citizens=tuple(people))


def _fewer_channels(load: Caseload, plan: Plan, data: st.DataObject) -> Caseload:
    """Everybody can be met in one way only."""
    channel = data.draw(st.sampled_from((Channel.PHONE, Channel.IN_PERSON)))
    return replace(load, citizens=tuple(replace(citizen, channels=(channel,)) for citizen in load.citizens))


CHANGES: tuple[Change, ...] = (_busier, _away, _gone, _new, _examined, _agreed, _tomorrow, _fewer_channels)


@some
@given(caseloads(), st.sampled_from(CHANGES), st.data())
def test_no_plan_breaks_a_hard_rule_before_a_change_or_after_it(
    load: Caseload, change: Change, data: st.DataObject
) -> None:
    plan = planned(load)
    assert violations(load, plan) == ()
    changed = change(load, plan, data)
    again = planned(changed, plan)
    assert violations(changed, again, plan) == ()
    assert again.quality.lower_bound <= again.quality.objective
    afresh = planned(changed)
    assert violations(changed, afresh) == ()


@settings(some, max_examples=many(40, 5_000))
@given(caseloads(), st.sampled_from(CHANGES), st.data())
def test_without_the_solver_the_plan_is_valid_and_says_who_made_it(
    load: Caseload, change: Change, data: st.DataObject
) -> None:
    with without_the_solver():
        plan = planned(load)
        assert plan.quality.engine is Engine.INSTANT
        assert violations(load, plan) == ()
        changed = change(load, plan, data)
        assert violations(changed, planned(changed, plan), plan) == ()


def test_without_the_solver_a_whole_office_is_planned_and_with_it_better() -> None:
    load = caseload(3, 60)
    with without_the_solver():
        instant = planned(load)
    exact = planned(load)
    assert (instant.quality.engine, exact.quality.engine) == (Engine.INSTANT, Engine.EXACT)
    assert violations(load, instant) == violations(load, exact) == ()
    assert exact.quality.objective <= instant.quality.objective
    assert instant.quality.lower_bound <= exact.quality.objective


# --- the certificate ---------------------------------------------------------------------------------------------


def some_prices(model: Model, chance: random.Random) -> Prices:
    """Any prices that are not negative."""
    most = chance.choice((10, 1_000, 100_000))
    cells = {cell: chance.randrange(most) for cell in range((model.days + 1) * model.cells) if chance.random() < 0.3}
    limited = [day for day, room in enumerate(model.room) if room is not None]
    return Prices(cells, {day: chance.randrange(most) for day in limited if chance.random() < 0.5})


def some_picks(model: Model, chance: random.Random) -> list[Pick]:
    """Any conversations that fit together."""
    picks: list[Pick] = []
    jobs = list(range(len(model.jobs)))
    chance.shuffle(jobs)
    for job in jobs:
        option = chance.choice(model.jobs[job].options)
        more = [*picks, Pick(job, option, chance.choice(list(bits(option.starts))))]
        if chance.random() < 0.8 and model.fits(more):
            picks = more
    return picks


@settings(some, max_examples=many(200, 20_000))
@given(seeds)
def test_any_prices_prove_a_bound_and_no_plan_is_below_it(seed: int) -> None:
    chance = random.Random(seed)
    wanted = small(seed)
    candidates = Candidates(wanted)
    model = candidates.model()
    picks, bound = some_picks(model, chance), lower_bound(model, some_prices(model, chance))
    assert bound <= model.cost(picks)
    assert bound <= placement_of(wanted, slots_of(wanted, candidates, model, picks)).objective


@settings(some, max_examples=many(50, 2_000))
@given(seeds)
def test_prices_that_prove_nothing_are_refused(seed: int) -> None:
    model = Candidates(small(seed)).model()
    with pytest.raises(ValueError, match="below zero"):
        lower_bound(model, Prices({model.cells: -1}))
    with pytest.raises(ValueError, match="below zero"):
        lower_bound(model, Prices({}, {1: -5}))
    with pytest.raises(ValueError, match="no limit"):
        lower_bound(model, Prices({}, {model.days: 5}))


@settings(some, max_examples=many(50, 2_000))
@given(seeds)
def test_the_certificate_of_a_plan_proves_its_bound_again(seed: int) -> None:
    wanted = small(seed)
    made = place(wanted)
    assert certified(wanted, made.certificate) == made.certificate.bound <= made.placement.objective


# --- the same again ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(many(2, 20)))
@pytest.mark.parametrize("thoroughness", list(Thoroughness))
def test_a_problem_solved_again_has_the_same_answer(seed: int, thoroughness: Thoroughness) -> None:
    first, second = (solve(Candidates(instance(seed, load=0.95)).model(), thoroughness) for _ in range(2))
    assert first == second


@settings(some, max_examples=many(40, 2_000))
@given(seeds)
def test_a_small_problem_solved_again_has_the_same_answer(seed: int) -> None:
    first, second = (Candidates(small(seed)).model() for _ in range(2))
    assert solve(first) == solve(second)
    assert quickly(first) == quickly(second)


@settings(some, max_examples=many(10, 1_000))
@given(seeds)
def test_an_office_in_any_order_has_the_same_plan(seed: int) -> None:
    load = caseload(seed, 25)
    people = list(load.citizens)
    random.Random(seed).shuffle(people)
    assert plan_bytes(planned(load), {}) == plan_bytes(planned(replace(load, citizens=tuple(people))), {})
