"""The exact engine: set packing by column generation over HiGHS, which is imported only here and only when it is used.

A column is one conversation at one start. The linear programme over all of them is solved with few: prices of time from
the last round tell which columns are worth adding, until none is (Dantzig–Wolfe). Its duals give the certificate's
prices. The plan is the best choice among the columns that these prices find interesting, found by branch and bound; to
prove it the best, every column is kept whose reduced cost leaves room for a cheaper plan. Budgets are rounds, columns
and nodes, never seconds, so that the same problem gives the same plan on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.planning.engine.certificate import Prices, lower_bound
from planner.planning.engine.columns import NOTHING, Columns, Duals, Reduced
from planner.planning.engine.instant import Table, begin, improved
from planner.planning.engine.master import Choice, Master, choose
from planner.planning.engine.model import Model, Pick

if TYPE_CHECKING:
    import numpy.typing as npt

    Real = npt.NDArray[np.float64]

#: Whole numbers that differ by less are equal; columns of a job at first and in a round, and of all jobs in one.
_NO_LESS = 0.999
_CHEAPEST, _PER_ROUND, _MOST = 5, 4, 2_500
#: How far the columns of a proof reach, as shares of the gap that is left.
_SHARES = (0.4, 1.0)


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try.

    `rounds` of column generation; `columns_each` column for each conversation in the choice, but `fewest_columns`;
    `nodes` of branch and bound, ended earlier when no plan is possible that is better by more than a share of `near`;
    `moves_each` exchanges for each citizen, but `most_moves`, where what it held fast kept it from that. Where more
    than a share of `wide` is left, the bound is raised until no more is. With `proof_nodes` the choice is made once
    more among all columns that could be in a better plan, if they are at most `proof_columns`.
    """

    rounds: int = 80
    columns_each: int = 16
    fewest_columns: int = 500
    nodes: int = 100
    moves_each: int = 5
    most_moves: int = 4_000
    near: float = 0.009
    wide: float = 0.0299
    proof_columns: int = 60_000
    proof_nodes: int = 0


NEAR = Effort()
SURE = Effort(wide=0.0099)
PROOF = Effort(proof_nodes=2_000)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The picks, the prices that bound every plan, the bound they prove, and the best bound that is proved.

    `least` is the picks' own cost where they are proved the best.
    """

    picks: list[Pick]
    prices: Prices
    bound: int
    least: int


def solve(model: Model, known: Sequence[Pick], effort: Effort) -> Outcome:
    """The best plan that the effort finds, never dearer than the `known` one, with prices that bound every plan.

    Raises ArithmeticError where the solver gives up, ImportError where it is missing.
    """
    if not model.jobs:
        prices = Prices()
        bound = lower_bound(model, prices)
        return Outcome([], prices, bound, max(bound, model.cost([])))
    columns = Columns(model)
    master = Master(model, columns)
    master.add([*columns.keys_of(known), *columns.first_of_all(_CHEAPEST, _MOST)])
    duals, amounts = _generate(master, columns, effort)
    prices = master.whole(duals)
    bound = lower_bound(model, prices)
    near = max(_NO_LESS, effort.near * bound)
    best = min((list(known), _rounded(master, columns, prices, amounts)), key=model.cost)
    reduced = Reduced(columns, master.job_price(duals), duals)
    if model.cost(best) - bound > near:
        wanted = max(effort.fewest_columns, round(effort.columns_each * float(amounts.sum())))
        interesting = [*master.keys, *reduced.best(wanted)]
        keys = reduced.worth(interesting, model.cost(best) - bound)
        fixed = [columns.pick(master.keys[place]) for place in np.flatnonzero(amounts > 1 - NOTHING).tolist()]
        best = _better(model, best, choose(master, columns, keys, best, effort.nodes, near, fixed))
        best = _exchanged(model, prices, best, effort, bound + near)
    if model.cost(best) - bound > near:
        keys = reduced.worth(interesting, model.cost(best) - bound)
        best = _better(model, best, choose(master, columns, keys, best, effort.nodes, near))
    least = bound
    if effort.proof_nodes and reduced.complete and model.cost(best) > bound:
        best, least = _proved(master, columns, reduced, best, bound, effort.proof_nodes, effort.proof_columns)
    elif model.cost(best) - bound > effort.wide * bound and reduced.complete:
        best, least = _narrowed(master, columns, reduced, best, bound, effort)
    return Outcome(best, prices, bound, min(least, model.cost(best)))


def _proved(
    master: Master,
    columns: Columns,
    reduced: Reduced,
    best: list[Pick],
    bound: int,
    nodes: int,
    most: int,
) -> tuple[list[Pick], int]:
    """The best choice among all columns that a cheaper plan could have, and what every plan costs at least.

    A plan either has only columns whose reduced cost is within reach, and then costs what the choice among those costs
    at least, or it lies further from the bound than the reach. `most`: columns beyond which it is not tried.
    """
    model, least = columns.model, bound
    for share in _SHARES:
        reach = share * (model.cost(best) - bound)
        every = reduced.within(reach, most)
        chosen = None if every is None else choose(master, columns, every, best, nodes, _NO_LESS)
        if chosen is None:
            break
        best = _better(model, best, chosen)
        within = model.cost(best) if chosen.optimal else chosen.least
        least = max(least, min(within, bound + math.floor(reach)))
        if least >= model.cost(best):
            break
    return best, least


def _narrowed(
    master: Master, columns: Columns, reduced: Reduced, best: list[Pick], bound: int, effort: Effort
) -> tuple[list[Pick], int]:
    """The best plan and a bound that leaves no more than the effort's `wide` share between them, if there is one.

    A plan below that bound has only columns whose reduced cost is hardly anything, and a choice among those is small.
    """
    model = columns.model
    wanted = math.ceil(model.cost(best) / (1 + effort.wide))
    every = reduced.within(wanted - bound, effort.proof_columns)
    near = model.cost(best) - wanted
    chosen = None if every is None else choose(master, columns, every, best, effort.nodes, near)
    if chosen is None:
        return best, bound
    # The search stops short of plans that are better by no more than what counts as near.
    within = model.cost(chosen.picks) - near
    least = within if chosen.optimal else min(within, chosen.least)
    return _better(model, best, chosen), max(bound, min(least, wanted))


def _better(model: Model, known: list[Pick], chosen: Choice | None) -> list[Pick]:
    """The cheaper of the known picks and the chosen ones."""
    return known if chosen is None else min(known, chosen.picks, key=model.cost)


def _rounded(master: Master, columns: Columns, prices: Prices, amounts: Real) -> list[Pick]:
    """A plan from the fractional one: what it is surest of, the rest by price."""
    order = np.lexsort((np.arange(amounts.size), -np.rint(amounts / NOTHING)))
    table = Table(columns.model, prices)
    for place in order[: int((amounts > NOTHING).sum())].tolist():
        table.put_if_free(columns.pick(master.keys[place]))
    begin(table)
    return table.all()


def _exchanged(model: Model, prices: Prices, picks: Sequence[Pick], effort: Effort, enough: float) -> list[Pick]:
    """The picks after exchanges that go on until the plan costs no more than `enough`."""
    table = Table(model, prices)
    for pick in picks:
        table.put(pick)
    return improved(table, min(effort.most_moves, effort.moves_each * len(model.persons)), enough=enough)


def _generate(master: Master, columns: Columns, effort: Effort) -> tuple[Duals, Real]:
    """Add columns until the prices find no better one, or the rounds are used up."""
    duals, amounts = None, np.zeros(0)
    for _ in range(effort.rounds):
        duals, amounts = master.solve()
        if not master.add(Reduced(columns, master.job_price(duals), duals).worth_adding(_PER_ROUND, _MOST)):
            break
    assert duals is not None
    return duals, amounts
