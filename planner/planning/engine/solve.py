"""One way in: the exact engine where its solver is there, else the instant one; both with a bound that is checked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from planner.planning.engine import instant
from planner.planning.engine.ascent import day_prices
from planner.planning.engine.certificate import Prices, lower_bound
from planner.planning.engine.model import Model, Option, Pick
from planner.planning.plan import Engine

#: Exchanges that the instant engine tries for each citizen.
_MOVES_EACH = 40
_MOST_MOVES = 20_000


class Thoroughness(StrEnum):
    """How hard the exact engine tries: near the best at once, proved to be within 1 % of it, or proved the best."""

    NEAR = "near"
    SURE = "sure"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Solved:
    """The picks, the prices with what they prove, the best bound that is known, and whether nothing is cheaper."""

    picks: list[Pick]
    prices: Prices
    certified: int
    bound: int
    proven: bool
    engine: Engine


def solve(model: Model, wanted: Thoroughness = Thoroughness.NEAR) -> Solved:
    """A plan for the model; without the solver the instant engine's, which says so."""
    try:
        from planner.planning.engine import exact
    except ImportError:
        return quickly(model)
    effort = {"near": exact.NEAR, "sure": exact.SURE, "proof": exact.PROOF}[wanted]
    table = instant.Table(model, Prices())
    instant.begin(table)
    try:
        found = exact.solve(model, list(table.picks.values()), effort)
    except ArithmeticError:
        return quickly(model)
    picks = instant.filled(model, found.prices, found.picks)
    # What the search proves holds of the model, which some citizens may be cheaper than.
    sound = all(person.every_way and not person.slack for person in model.persons)
    bound = found.least if sound else found.bound
    return Solved(picks, found.prices, found.bound, bound, model.cost(picks) <= bound, Engine.EXACT)


def quickly(model: Model) -> Solved:
    """A plan by the instant engine alone."""
    prices = day_prices(model)
    table = instant.Table(model, prices)
    instant.begin(table)
    moves = min(_MOST_MOVES, _MOVES_EACH * len(model.persons))
    picks = instant.filled(model, prices, instant.improved(table, moves))
    bound = lower_bound(model, prices)
    return Solved(picks, prices, bound, bound, model.cost(picks) <= bound, Engine.INSTANT)


def tidied(
    model: Model, picks: Sequence[Pick], carried: Callable[[int, Option], int], persons: Collection[int] | None = None
) -> list[Pick]:
    """The same plan at no higher cost, made pleasant for some persons (None: for everybody).

    A citizen is talked with once rather than twice; most items are carried; then the earliest day and start.
    """
    table = instant.Table(model, Prices())
    for pick in picks:
        table.put(pick)
    chosen = range(len(model.persons)) if persons is None else sorted(persons)
    for person in chosen:
        _merge(table, person)
    own = [pick for pick in table.picks.values() if model.jobs[pick.job].person in chosen]
    for pick in sorted(own, key=lambda one: (model.first_cell(one), one.job)):
        table.lift(pick.job)
        alike = (o for o in model.jobs[pick.job].options if o.cost == pick.option.cost)
        free = ((option, starts) for option in alike if (starts := table.free(option)))
        table.put(
            min(
                (Pick(pick.job, option, (starts & -starts).bit_length() - 1) for option, starts in free),
                key=lambda one: (-carried(one.job, one.option), model.first_cell(one), one.option.channel),
            )
        )
    return sorted(table.picks.values(), key=lambda one: (model.first_cell(one), one.job))


def _merge(table: instant.Table, person: int) -> None:
    """Put two of the person's conversations together as long as that costs no more."""
    model, jobs = table.model, table.model.persons[person].jobs
    merged = True
    while merged and len(table.of_person[person]) > 1:
        merged = False
        for first, second in combinations(sorted(table.of_person[person]), 2):
            both = jobs.get(model.jobs[first].units | model.jobs[second].units)
            if both is None:
                continue
            apart = table.lift(first), table.lift(second)
            pick = table.cheapest(both, whatever=True)
            merged = pick is not None and pick.option.cost <= sum(one.option.cost for one in apart)
            for one in (pick,) if pick is not None and merged else apart:
                table.put(one)
            if merged:
                break
