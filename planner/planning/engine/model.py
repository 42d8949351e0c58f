"""The problem in whole numbers: days counted from the planning date, times as cells of the grid, costs as points.

Everything below this room thinks in these numbers only. A conversation takes `length` cells from its start: its minutes
and the buffer after them, so that two conversations keep their distance exactly when their cells are apart. Cells are
counted through (`day * cells + cell`), because the last buffer of a day may reach into the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

#: Units of one citizen of which every way of merging is looked at (so at most 63 kinds of conversation).
MOST_UNITS = 6


class Option(NamedTuple):
    """One way of holding a conversation: on one day, in one channel, at any of the `starts`, for one cost.

    `channel` is its place in `TALKING`; `starts` a mask of the day's cells. The cost counts from the citizen's `base`,
    so it may be negative where staying with the previous plan is worth something.
    """

    cost: int
    day: int
    channel: int
    length: int
    starts: int


class Pick(NamedTuple):
    """A conversation at one start: `start` is a cell of the option's day."""

    job: int
    option: Option
    start: int


@dataclass(slots=True)
class ModelJob:
    """A conversation that covers some units of a citizen, and every way of holding it, the cheapest first."""

    person: int
    units: int
    options: list[Option]


@dataclass(slots=True)
class Person:
    """One citizen: what each unit costs when nobody talks about it, and the jobs by the mask of units they cover.

    `base` is what the previous plan's proposals cost when all of them are withdrawn. `every_way` tells that each set of
    units has its job; without it a bound must not rest on these jobs alone. By `slack` a plan may cost less than the
    jobs say where it has more than one of them.
    """

    id: str
    unplaced: list[int]
    base: int
    jobs: dict[int, int]
    every_way: bool = True
    slack: int = 0

    @property
    def all_units(self) -> int:
        """The mask of every unit."""
        return (1 << len(self.unplaced)) - 1


@dataclass(slots=True)
class Model:
    """All citizens with needs, every job with its options, and what the calendar bears.

    `room` is how many more conversations each day takes (None: any number). `constant` counts points that no choice
    changes.
    """

    days: int
    cells: int
    persons: list[Person]
    jobs: list[ModelJob]
    room: list[int | None]
    constant: int = 0

    def first_cell(self, pick: Pick) -> int:
        """The first cell of the pick, counted through."""
        return pick.option.day * self.cells + pick.start

    def cost(self, picks: Sequence[Pick]) -> int:
        """What the picks cost together with everything that they leave out."""
        left = [person.all_units for person in self.persons]
        total = self.constant
        for pick in picks:
            job = self.jobs[pick.job]
            left[job.person] &= ~job.units
            total += pick.option.cost
        for person, units in zip(self.persons, left, strict=True):
            total += person.base + sum(cost for number, cost in enumerate(person.unplaced) if units >> number & 1)
        return total

    def left_out(self, job: ModelJob) -> int:
        """What the job's units cost when nobody talks about them."""
        unplaced = self.persons[job.person].unplaced
        return sum(cost for number, cost in enumerate(unplaced) if job.units >> number & 1)

    def fits(self, picks: Sequence[Pick]) -> bool:
        """Whether no two picks share a cell or a unit, and no day has more than it takes."""
        cells, units, count = 0, dict[int, int](), dict[int, int]()
        for pick in picks:
            taken = ((1 << pick.option.length) - 1) << self.first_cell(pick)
            job, day = self.jobs[pick.job], pick.option.day
            if cells & taken or units.get(job.person, 0) & job.units:
                return False
            cells |= taken
            units[job.person] = units.get(job.person, 0) | job.units
            count[day] = count.get(day, 0) + 1
        rooms = ((self.room[day], many) for day, many in count.items())
        return all(room is None or many <= room for room, many in rooms)
