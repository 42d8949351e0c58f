"""Every column of the model in flat arrays, and reduced costs of all of them at once.

A column is one conversation at one start, told by its key: the number of its option, and the place of its start.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from planner.planning.engine.model import Model, Option, Pick
from planner.planning.masks import bits

if TYPE_CHECKING:
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]
    Real = npt.NDArray[np.float64]

#: What counts as nothing among fractions.
NOTHING = 1e-6
Key: TypeAlias = tuple[int, int]


@dataclass(slots=True)
class Columns:
    """All columns in flat arrays: options by job, starts by kind (what options of a day, length and starts share)."""

    model: Model
    options: list[Option] = field(init=False)
    job: Whole = field(init=False)
    profit: Real = field(init=False)
    kind: Whole = field(init=False)
    kind_day: Whole = field(init=False)
    kind_length: Whole = field(init=False)
    offsets: Whole = field(init=False)
    sizes: Whole = field(init=False)
    first: Whole = field(init=False)
    last: Whole = field(init=False)

    def __post_init__(self) -> None:
        model, kinds = self.model, dict[tuple[int, int, int], int]()
        self.options = [option for job in model.jobs for option in job.options]
        self.job = np.repeat(np.arange(len(model.jobs)), [len(job.options) for job in model.jobs])
        saved = np.array([model.left_out(job) for job in model.jobs], dtype=np.float64)
        costs = np.fromiter((option.cost for option in self.options), np.float64, len(self.options))
        self.profit = costs - saved[self.job]
        number = (kinds.setdefault((o.day, o.length, o.starts), len(kinds)) for o in self.options)
        self.kind = np.fromiter(number, np.int64, len(self.options))
        starts = [list(bits(mask)) for _, _, mask in kinds]
        self.sizes = np.array([len(found) for found in starts], dtype=np.int64)
        self.offsets = np.concatenate(([0], np.cumsum(self.sizes)[:-1])).astype(np.int64)
        self.kind_day = np.array([day for day, _, _ in kinds], dtype=np.int64)
        self.kind_length = np.array([length for _, length, _ in kinds], dtype=np.int64)
        within = np.fromiter((s for found in starts for s in found), np.int64, int(self.sizes.sum()))
        self.first = within + np.repeat(self.kind_day * model.cells, self.sizes)
        self.last = self.first + np.repeat(self.kind_length, self.sizes)

    def windows(self, until: Real) -> Real:
        """What each start of each kind pays for its cells, from the prices added up along the calendar."""
        paid: Real = until[self.last] - until[self.first]
        return paid

    def starts_of(self, kind: int) -> slice:
        """Where the starts of a kind lie in the flat arrays."""
        return slice(int(self.offsets[kind]), int(self.offsets[kind] + self.sizes[kind]))

    def first_of_all(self, each: int, most: int) -> list[Key]:
        """Each job's cheapest options, their starts spread over the day by the job's number.

        Where that is more than `most`, only those that save most for the time they take: the others hardly get any.
        """
        place = np.arange(self.job.size) - np.searchsorted(self.job, self.job)
        options = np.flatnonzero(place < each)
        if options.size > most:
            worth = self.profit[options] / self.kind_length[self.kind[options]]
            options = np.sort(options[np.lexsort((options, worth))[:most]])
        kinds = self.kind[options]
        starts = self.offsets[kinds] + self.job[options] % self.sizes[kinds]
        return list(zip(options.tolist(), starts.tolist(), strict=True))

    def keys_of(self, picks: Iterable[Pick]) -> list[Key]:
        """The columns of picks."""
        found = []
        for pick in picks:
            option = int(np.searchsorted(self.job, pick.job)) + self.model.jobs[pick.job].options.index(pick.option)
            part = self.starts_of(int(self.kind[option]))
            cell = self.model.first_cell(pick)
            found.append((option, part.start + int(np.searchsorted(self.first[part], cell))))
        return found

    def pick(self, key: Key) -> Pick:
        """The pick of a column."""
        option, at = key
        chosen = self.options[option]
        return Pick(int(self.job[option]), chosen, int(self.first[at]) - chosen.day * self.model.cells)


@dataclass(slots=True)
class Duals:
    """The prices of one round: per unit, per cell (added up along the calendar), per day."""

    units: Real
    until: Real
    days: Real


class Reduced:
    """Reduced costs of all columns at the last prices."""

    def __init__(self, columns: Columns, job_price: Real, duals: Duals) -> None:
        self._columns = columns
        self._windows = columns.windows(duals.until)
        days = duals.days[columns.kind_day]
        self._base = columns.profit + job_price[columns.job] + days[columns.kind]
        self._least = self._base + np.minimum.reduceat(self._windows, columns.offsets)[columns.kind]

    @property
    def complete(self) -> bool:
        """Whether no column is left that the linear programme would want."""
        return bool(self._least.min(initial=0.0) >= -NOTHING)

    def worth(self, keys: Iterable[Key], slack: float) -> list[Key]:
        """The columns among `keys`, each once, that could be in a plan cheaper by up to the slack."""
        return [key for key in dict.fromkeys(keys) if self._base[key[0]] + self._windows[key[1]] <= slack]

    def best(self, count: int) -> list[Key]:
        """So many columns of least reduced cost."""
        limit = np.partition(self._least, count)[count] if self._least.size > count else np.inf
        options, at, reduced = self._expand(np.flatnonzero(self._least <= limit))
        # Free time costs nothing, so that very many columns are equally good: take them from everywhere.
        spread = (options * 2_654_435_761 + at * 40_503) % 1_000_003
        order = np.lexsort((at, options, spread, np.rint(reduced / NOTHING)))[:count]
        return list(zip(options[order].tolist(), at[order].tolist(), strict=True))

    def within(self, slack: float, most: int) -> list[Key] | None:
        """All columns whose reduced cost is at most the slack; None where they are more than `most`."""
        options, at, reduced = self._expand(np.flatnonzero(self._least <= slack))
        fit = reduced <= slack
        if int(fit.sum()) > most:
            return None
        return list(zip(options[fit].tolist(), at[fit].tolist(), strict=True))

    def _expand(self, options: Whole) -> tuple[Whole, Whole, Real]:
        columns = self._columns
        kinds = columns.kind[options]
        sizes = columns.sizes[kinds]
        at = stretches(columns.offsets[kinds], sizes)
        each = np.repeat(options, sizes)
        return each, at, self._base[each] + self._windows[at]

    def worth_adding(self, each: int, most: int) -> list[Key]:
        """For each job its `each` columns of least reduced cost below zero, on different days; `most` in all."""
        columns = self._columns
        below = np.flatnonzero(self._least < -NOTHING)
        days = columns.kind_day[columns.kind[below]]
        below = below[np.lexsort((below, self._least[below], days, columns.job[below]))]
        below = below[_first_of_run(columns.job[below] * columns.model.days + columns.kind_day[columns.kind[below]])]
        below = below[np.lexsort((below, self._least[below], columns.job[below]))]
        jobs = columns.job[below]
        below = below[np.arange(below.size) - np.searchsorted(jobs, jobs) < each]
        if below.size > most:
            below = below[np.lexsort((below, self._least[below]))[:most]]
        found = []
        for option in below.tolist():
            part = columns.starts_of(int(columns.kind[option]))
            found.append((option, part.start + int(np.argmin(self._windows[part]))))
        return found


def stretches(firsts: Whole, sizes: Whole) -> Whole:
    """The whole numbers of all stretches, one after the other: so many from each of the firsts on."""
    found: Whole = np.repeat(firsts - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))
    return found


def _first_of_run(values: Whole) -> npt.NDArray[np.bool_]:
    """Where a value differs from the one before it."""
    return np.concatenate((np.ones(min(1, values.size), dtype=bool), values[1:] != values[:-1]))
