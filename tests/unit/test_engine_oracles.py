"""The engine against others: every plan tried, CP-SAT, scipy's assignment, and the validator's sum of the cost."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import time, timedelta

import pytest

from planner.domain.caseload import Caseworker, Hours, PlanSettings
from planner.domain.citizens import Citizen, TargetGroup
from planner.domain.conversations import TALKING, Channel
from planner.domain.periods import Period
from planner.planning.engine.candidates import Candidates
from planner.planning.engine.certificate import lower_bound
from planner.planning.engine.model import Model
from planner.planning.engine.placing import Answer, place, slots_of
from planner.planning.engine.solve import Solved, Thoroughness, quickly, solve
from planner.planning.plan import Slot
from planner.planning.problem import Demand, Earlier, Problem, units_of
from planner.planning.validator import objective
from planner.planning.validator.slot_rules import span_of
from tests.exhaustive import Talk, as_plan, cheapest_plan, previous_plan
from tests.full import FULL, PATIENCE, many
from tests.instances import TODAY, due, instance, problem, small
from tests.second_solver import cheapest_assignment, cheapest_by_cp_sat

pytestmark = pytest.mark.timeout(PATIENCE)
#: What the plan that is made at once may cost more than the bound, beside a point or two of rounding.
NEAR = 0.03


def counted(wanted: Problem, solved: Solved, candidates: Candidates, model: Model) -> int:
    """What the solved plan costs by the validator's sum."""
    found = slots_of(wanted, candidates, model, solved.picks)
    talks = {
        name: tuple(Talk(units, slot, span_of(slot)) for units, slot in entries) for name, entries in found.items()
    }
    return objective(wanted.caseload, as_plan(wanted, talks), previous_plan(wanted))


def agreed(wanted: Problem, made: Answer) -> int:
    """What the answer costs by the validator's sum, which is what the answer says."""
    talks: dict[str, tuple[Talk, ...]] = {}
    units = {demand.citizen.id: [unit[0].requirement for unit in demand.units] for demand in wanted.demands}
    for placed in made.placement.placed:
        if placed.slot is not None:
            name = placed.job.citizen.id
            mask = sum(1 << units[name].index(r) for r in {window.requirement for window in placed.job.windows})
            talks[name] = (*talks.get(name, ()), Talk(mask, placed.slot, span_of(placed.slot)))
    cost = objective(wanted.caseload, as_plan(wanted, talks), previous_plan(wanted))
    assert cost == made.placement.objective
    return cost


@pytest.mark.parametrize("seed", range(many(120, 2_000)))
def test_no_plan_is_cheaper_than_the_best_of_all_plans(seed: int) -> None:
    wanted = small(seed)
    best = cheapest_plan(wanted)
    assert objective(wanted.caseload, as_plan(wanted, best.talks), previous_plan(wanted)) == best.cost
    proof = place(wanted, Thoroughness.PROOF)
    assert proof.certificate.bound <= best.cost
    assert proof.lower_bound <= best.cost <= agreed(wanted, proof)
    if proof.lower_bound == proof.placement.objective:
        assert proof.placement.objective == best.cost
    near = place(wanted)
    assert near.lower_bound <= best.cost <= agreed(wanted, near)
    assert near.placement.objective <= best.cost + math.ceil(NEAR * best.cost) + slack(wanted)
    candidates = Candidates(wanted)
    model = candidates.model()
    instant = quickly(model)
    assert instant.bound <= best.cost <= counted(wanted, instant, candidates, model)
    assert lower_bound(model, instant.prices) == instant.bound


def slack(wanted: Problem) -> int:
    """Points that the model leaves open: an earlier conversation for several needs of which some are taken apart."""
    return sum(person.slack for person in Candidates(wanted).model().persons)


def test_nearly_every_small_case_is_proved() -> None:
    seeds = range(many(60, 500))
    proved = [seed for seed in seeds if is_proved(place(small(seed), Thoroughness.PROOF))]
    unproved = [seed for seed in seeds if slack(small(seed))]
    assert len(proved) >= len(seeds) - len(unproved)


def is_proved(made: Answer) -> bool:
    """Whether the plan costs what its bound says."""
    return made.placement.objective == made.lower_bound


# --- CP-SAT ------------------------------------------------------------------------------------------------------

#: Citizens, weeks and load of the four sizes.
SIZES = ((12, 2, None), (25, 2, None), (50, 3, 0.8), (100, 4, 0.8))
ASKED = [(*size, seed) for size in SIZES for seed in range(15)] if FULL else [(*size, 0) for size in SIZES[:3]]


@pytest.mark.parametrize(("citizens", "weeks", "load", "seed"), ASKED)
def test_cp_sat_finds_the_same_optimum(citizens: int, weeks: int, load: float | None, seed: int) -> None:
    wanted = instance(seed, weeks, load, citizens)
    candidates = Candidates(wanted)
    model = candidates.model()
    optimum = cheapest_by_cp_sat(model)
    proof = solve(model, Thoroughness.PROOF)
    assert proof.proven
    assert model.cost(proof.picks) == optimum == counted(wanted, proof, candidates, model)
    assert lower_bound(model, proof.prices) <= proof.bound == optimum
    near = solve(model)
    assert near.bound <= optimum <= model.cost(near.picks) <= optimum + math.ceil(0.01 * optimum)
    instant = quickly(model)
    assert instant.bound <= optimum <= model.cost(instant.picks)


# --- fixed windows -----------------------------------------------------------------------------------------------


def fixed_windows(seed: int) -> Problem:
    """Calls of half an hour in an office of half hours: who gets which is an assignment."""
    ordinary = instance(seed, 2, None, 24, merged=0.0)
    people = [
        Citizen(c.id, c.name, TargetGroup.JOB_READY, c.spell_start, unavailable=c.unavailable)
        for c in ordinary.caseload.citizens
    ]
    windows = {demand.citizen.id: demand.units[0][0] for demand in ordinary.demands}
    demands = [
        Demand(person, units_of([due(0, w.earliest, w.target, w.latest, w.priority)]))
        for person in people
        if (w := windows.get(person.id)) is not None
    ]
    settings = PlanSettings(
        minutes=dict.fromkeys(TALKING, 30),
        notice=dict.fromkeys(TALKING, Period(days=1)),
        grid_minutes=30,
        horizon_weeks=2,
    )
    worker = Caseworker(tuple(Hours(day, time(9), time(10, 30)) for day in range(4)))
    return problem(worker, settings, people, demands)


def costs_by_window(model: Model) -> Iterator[list[int]]:
    """For each citizen what each window costs, and being left out."""
    never, size = 10**6, model.days * model.cells
    for number, person in enumerate(model.persons):
        row = [never] * size + [never] * len(model.persons)
        row[size + number] = person.unplaced[0]
        for job in person.jobs.values():
            for option in model.jobs[job].options:
                assert option.length == 1
                for cell in range(model.cells):
                    if option.starts >> cell & 1:
                        place_in_row = option.day * model.cells + cell
                        row[place_in_row] = min(row[place_in_row], option.cost)
        yield row


@pytest.mark.parametrize("seed", range(many(4, 24)))
def test_on_fixed_windows_the_assignment_is_the_same(seed: int) -> None:
    wanted = fixed_windows(seed)
    model = Candidates(wanted).model()
    optimum = cheapest_assignment(list(costs_by_window(model)))
    proof = solve(model, Thoroughness.PROOF)
    assert proof.proven
    assert model.cost(proof.picks) == optimum


# --- the gap that is promised ------------------------------------------------------------------------------------


@pytest.mark.parametrize("load", [0.6, 0.8, 0.95, 1.3])
def test_an_ordinary_caseload_is_planned_near_the_best(load: float) -> None:
    for seed in range(many(2, 40)):
        wanted = instance(seed, 4, load)
        made = place(wanted)
        assert agreed(wanted, made) <= made.lower_bound * (1 + NEAR) + 1


# --- two calls that get in each other's way -------------------------------------------------------------------------


def two_calls(worker: Caseworker, settings: PlanSettings, *earlier: Earlier) -> Problem:
    """Two citizens who should be called today, the first one with what was proposed before."""
    people = [Citizen(f"c{n}", f"Prøve Borger {n}", TargetGroup.JOB_READY, TODAY) for n in range(2)]
    windows = units_of([due(0, TODAY, TODAY, TODAY, 3)])
    demands = [Demand(people[0], windows, earlier=earlier), Demand(people[1], windows)]
    return problem(worker, settings, people, demands)


def short_calls(grid: int, **minutes: int) -> PlanSettings:
    """Conversations of a quarter of an hour, or of other `minutes` in a channel, without notice and a week ahead."""
    lengths = {channel: minutes.get(channel.value, 15) for channel in TALKING}
    return PlanSettings(lengths, dict.fromkeys(TALKING, Period()), grid, 15, 1, 1)


def test_a_buffer_reaches_past_midnight_where_the_grid_does_not_divide_the_day() -> None:
    hours = (Hours(0, time(23, 20), time(23, 35)), Hours(1, time(0), time(0, 15)))
    wanted = two_calls(Caseworker(hours, buffer_minutes=30), short_calls(25))
    made = place(wanted)
    days = sorted((placed.slot.on - TODAY).days for placed in made.placement.placed if placed.slot)
    assert days == [0, 7]
    assert agreed(wanted, made) == cheapest_plan(wanted).cost


def test_the_channel_of_the_previous_plan_is_offered_though_another_one_is_shorter() -> None:
    before = Earlier(frozenset({"requirement-0"}), Slot(TODAY + timedelta(days=1), 600, 30, Channel.PHONE))
    worker = Caseworker((Hours(0, time(9), time(11)),))
    wanted = two_calls(worker, short_calls(15, phone=30), before)
    made = place(wanted)
    slot = made.placement.placed[0].slot
    assert slot is not None
    assert (slot.on, slot.channel) == (TODAY, Channel.PHONE)
    assert agreed(wanted, made) == cheapest_plan(wanted).cost
