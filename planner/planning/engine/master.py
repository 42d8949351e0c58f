"""The linear programme over the columns found so far, its prices, and the best choice among columns: HiGHS, silent.

The solver is imported here only. Its word is checked: picks are tried for fit, bounds come from the certificate.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from planner.planning.engine.certificate import FINE, Prices
from planner.planning.engine.columns import Columns, Duals, Key, stretches
from planner.planning.engine.model import Model, Pick
from planner.planning.masks import bits

if TYPE_CHECKING:
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]
    Real = npt.NDArray[np.float64]


#: By how much a bound in fractions may be wrong.
_NOTHING_MUCH = 1e-4


class Master:
    """The linear programme over the columns found so far."""

    def __init__(self, model: Model, columns: Columns) -> None:
        self.model, self.columns = model, columns
        self.keys: list[Key] = []
        self._known: set[Key] = set()
        self._unit_of = np.concatenate(([0], np.cumsum([len(p.unplaced) for p in model.persons]))).astype(np.int64)
        units = int(self._unit_of[-1])
        used = np.zeros((model.days + 1) * model.cells + 1, dtype=np.int64)
        np.add.at(used, columns.first, 1)
        np.add.at(used, columns.last, -1)
        taken = np.flatnonzero(np.cumsum(used) > 0)
        self._cells = taken
        self._row_of = np.full(used.size, -1, dtype=np.int64)
        self._row_of[taken] = units + np.arange(taken.size)
        limited = [day for day, room in enumerate(model.room) if room is not None]
        self._days = np.array(limited, dtype=np.int64)
        self._day_row = np.full(model.days, -1, dtype=np.int64)
        self._day_row[self._days] = units + taken.size + np.arange(len(limited))
        rooms = [float(model.room[day] or 0) for day in limited]
        self.upper = np.concatenate((np.ones(units + taken.size), np.array(rooms, dtype=np.float64)))
        self._units = units
        rows_of_job = [self._rows(job.person, job.units) for job in model.jobs]
        self._unit_rows = np.array([row for rows in rows_of_job for row in rows], dtype=np.int64)
        self._units_until = np.concatenate(([0], np.cumsum([len(rows) for rows in rows_of_job]))).astype(np.int64)
        # The rows of a column are three stretches of this: its units, its cells, its day.
        self._lines = np.concatenate((self._unit_rows, np.arange(self.upper.size)))
        self._solver: Any = None

    def _rows(self, person: int, units: int) -> list[int]:
        return [int(self._unit_of[person]) + number for number in bits(units)]

    def entries(self, keys: Iterable[Key]) -> tuple[Real, Whole, Whole]:
        """Costs, starts and row numbers of columns given as (option, place of the start in the flat arrays)."""
        columns = self.columns
        options, at = np.array(list(keys), dtype=np.int64).reshape(-1, 2).T
        job, kind = columns.job[options], columns.kind[options]
        day, direct = self._day_row[columns.kind_day[kind]], self._unit_rows.size
        firsts = np.column_stack((self._units_until[job], direct + self._row_of[columns.first[at]], direct + day))
        sizes = np.column_stack((np.diff(self._units_until)[job], columns.kind_length[kind], day >= 0))
        starts = np.concatenate(([0], np.cumsum(sizes.sum(axis=1)))).astype(np.int64)
        return columns.profit[options], starts, self._lines[stretches(firsts.ravel(), sizes.ravel())]

    def fitting(self, keys: Sequence[Key], left: Real) -> list[Key]:
        """The columns that fit, each alone, into what is left of each row."""
        if not keys:
            return []
        _, starts, rows = self.entries(keys)
        fit = np.minimum.reduceat(left[rows], starts[:-1]) >= 1.0
        return [key for key, fits in zip(keys, fit.tolist(), strict=True) if fits]

    def add(self, keys: Iterable[Key]) -> int:
        """Add the columns that are not there yet; how many were new."""
        new = [key for key in keys if key not in self._known]
        self._known.update(new)
        self.keys += new
        if new:
            costs, starts, rows = self.entries(new)
            lp = self._lp()
            lp.addCols(
                len(new),
                costs,
                np.zeros(len(new)),
                np.full(len(new), np.inf),
                rows.size,
                starts[:-1].astype(np.int32),
                rows.astype(np.int32),
                np.ones(rows.size),
            )
        return len(new)

    def _lp(self) -> Any:
        if self._solver is None:
            self._solver = solver()
            self._solver.setOptionValue("presolve", "off")
            self._solver.setOptionValue("solver", "simplex")
            # What is added leaves the last basis feasible, so the primal method goes on from it.
            self._solver.setOptionValue("simplex_strategy", 4)
            self._solver.setOptionValue("primal_simplex_bound_perturbation_multiplier", 0.0)
            nothing = np.array([], dtype=np.int32)
            lower = np.full(self.upper.size, -np.inf)
            self._solver.addRows(self.upper.size, lower, self.upper, 0, nothing, nothing, np.array([]))
        return self._solver

    def solve(self) -> tuple[Duals, Real]:
        """The prices and the amounts of the columns; raises ArithmeticError where the solver gives up."""
        lp = self._lp()
        _run(lp)
        found = lp.getSolution()
        return self._duals(np.maximum(0.0, -np.array(found.row_dual))), np.array(found.col_value)

    def _duals(self, prices: Real) -> Duals:
        cells = np.zeros(self._row_of.size)
        cells[self._cells] = prices[self._units : self._units + self._cells.size]
        days = np.zeros(self.model.days)
        days[self._days] = prices[self._units + self._cells.size :]
        return Duals(prices[: self._units], np.concatenate(([0.0], np.cumsum(cells))), days)

    def whole(self, duals: Duals) -> Prices:
        """The prices in whole thousandths of a point."""
        cells = np.rint(np.diff(duals.until) * FINE).astype(np.int64)
        days = np.rint(duals.days * FINE).astype(np.int64)
        return Prices(
            {int(cell): int(cells[cell]) for cell in np.flatnonzero(cells)},
            {int(day): int(days[day]) for day in np.flatnonzero(days)},
        )

    def job_price(self, duals: Duals) -> Real:
        """What the units of each job pay."""
        sums = np.concatenate(([0.0], np.cumsum(duals.units[self._unit_rows])))
        found: Real = np.diff(sums[self._units_until])
        return found


@dataclass(frozen=True, slots=True)
class Choice:
    """Picks, whether they are proved the cheapest of the columns, and what every choice among those costs at least."""

    picks: list[Pick]
    optimal: bool
    least: int


def choose(
    master: Master,
    columns: Columns,
    keys: Sequence[Key],
    known: Sequence[Pick],
    nodes: int,
    near: float,
    fixed: Sequence[Pick] = (),
) -> Choice | None:
    """The cheapest set of the columns, the `known` and the `fixed` picks that fits together with all of the fixed ones.

    None without one.
    """
    known_keys, fixed_keys = columns.keys_of(known), columns.keys_of(fixed)
    _, _, rows = master.entries(fixed_keys)
    left = master.upper - np.bincount(rows, minlength=master.upper.size)
    keys = master.fitting(list(dict.fromkeys([*keys, *known_keys])), left)
    if not keys:
        return Choice(list(fixed), True, columns.model.cost(fixed))
    costs, starts, rows = master.entries(keys)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(keys), left.size
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = costs, np.zeros(len(keys)), np.ones(len(keys))
    lp.row_lower_, lp.row_upper_ = np.full(left.size, -np.inf), left
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = starts, rows, np.ones(rows.size)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(keys)
    search = solver()
    search.setOptionValue("mip_rel_gap", 0.0)
    search.setOptionValue("mip_abs_gap", near)
    search.setOptionValue("mip_max_nodes", nodes)
    _expect(search.passModel(lp))
    if not fixed:
        at = {key: place for place, key in enumerate(keys)}
        values, hint = np.zeros(len(keys)), highspy.HighsSolution()
        values[[at[key] for key in known_keys]] = 1.0
        hint.col_value = values.tolist()
        search.setSolution(hint)
    _expect(search.run())
    status = search.getModelStatus()
    if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit):
        return None
    amounts = np.array(search.getSolution().col_value)
    picks = [*fixed, *(columns.pick(keys[place]) for place in np.flatnonzero(amounts > 0.5).tolist())]
    if not columns.model.fits(picks):
        return None
    least = search.getInfo().mip_dual_bound + columns.model.cost([])
    return Choice(picks, status == highspy.HighsModelStatus.kOptimal, math.ceil(least - _NOTHING_MUCH))


def solver() -> Any:
    """A silent solver on one thread: other numbers of threads give other plans, and break a second solver."""
    made: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    made.setOptionValue("output_flag", False)
    made.setOptionValue("threads", 1)
    made.setOptionValue("random_seed", 0)
    return made


def _run(lp: Any) -> None:
    _expect(lp.run())
    if lp.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise ArithmeticError("the linear programme has no solution")


def _expect(status: Any) -> None:
    if status == highspy.HighsStatus.kError:
        raise ArithmeticError("the solver refused the problem")
