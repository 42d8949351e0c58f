"""What is withheld cannot be told from what is shown: random tables, judged by a second way of reckoning."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.evaluation.shares import FEWEST
from planner.evaluation.withholding import Sum, withheld
from tests.full import PATIENCE, many

pytestmark = pytest.mark.timeout(PATIENCE)
Cell = tuple[int, int]
ALL = -1


def table(rows: list[list[int]]) -> tuple[dict[Cell, int], list[Sum[Cell]]]:
    """A table of persons with its sums by row, by column and in all; each person is in one cell."""
    width = len(rows[0])
    persons = {(i, j): count for i, row in enumerate(rows) for j, count in enumerate(row)}
    persons |= {(i, ALL): sum(row) for i, row in enumerate(rows)}
    persons |= {(ALL, j): sum(row[j] for row in rows) for j in range(width)}
    persons[ALL, ALL] = sum(map(sum, rows))
    across = [Sum((i, ALL), tuple((i, j) for j in range(width))) for i in (*range(len(rows)), ALL)]
    down = [Sum((ALL, j), tuple((i, j) for i in range(len(rows)))) for j in (*range(width), ALL)]
    return persons, across + down


@st.composite
def tables(draw: st.DrawFn) -> list[list[int]]:
    """Tables of up to five by six, many of whose cells are small."""
    width = draw(st.integers(1, 6))
    count = st.one_of(st.integers(0, 6), st.integers(0, 60))
    return draw(st.lists(st.lists(count, min_size=width, max_size=width), min_size=1, max_size=5))


def ambiguous(cell: Cell, hidden: frozenset[Cell], sums: list[Sum[Cell]]) -> bool:
    """Whether another table agrees with everything shown and has another figure in the cell: by the null space."""
    places = {one: place for place, one in enumerate(sorted(hidden))}
    rows = np.zeros((len(sums), len(places)))
    for number, one in enumerate(sums):
        for part in one.parts:
            if part in places:
                rows[number, places[part]] += 1
        if one.total in places:
            rows[number, places[one.total]] -= 1
    extra = np.zeros((1, len(places)))
    extra[0, places[cell]] = 1
    return bool(np.linalg.matrix_rank(np.vstack([rows, extra])) > np.linalg.matrix_rank(rows))


@settings(max_examples=many(100, 5000), deadline=None)
@given(tables(), st.booleans())
def test_no_withheld_figure_follows_from_those_shown(rows: list[list[int]], zeros_may_be_shown: bool) -> None:
    persons, sums = table(rows)
    zeros = {cell for cell, count in persons.items() if count == 0} if zeros_may_be_shown else set()
    hidden = withheld(persons, sums, zeros)
    assert {cell for cell, count in persons.items() if count < FEWEST} - zeros <= hidden
    for cell in hidden:
        assert ambiguous(cell, hidden, sums)
    for one in sums:
        gone = [cell for cell in one.parts if cell in hidden]
        if gone and one.total not in hidden:
            assert len(gone) > 1
            assert sum(persons[cell] for cell in gone) >= FEWEST


def test_one_small_group_takes_the_next_smallest_with_it() -> None:
    """Groups of 3, 8 and 30 with a total of 41: the eight go too, else 41 - 38 would tell of the three."""
    persons = {"a": 3, "b": 8, "c": 30, "all": 41}
    assert withheld(persons, [Sum("all", ("a", "b", "c"))]) == {"a", "b"}


def test_two_small_groups_take_a_third_where_together_they_are_too_few() -> None:
    persons = {"a": 1, "b": 2, "c": 9, "d": 30, "all": 42}
    assert withheld(persons, [Sum("all", ("a", "b", "c", "d"))]) == {"a", "b", "c"}


def test_what_rests_on_enough_is_shown() -> None:
    assert withheld({"a": 5, "b": 5, "all": 10}, [Sum("all", ("a", "b"))]) == frozenset()


def test_the_total_goes_where_nothing_else_is_left() -> None:
    assert withheld({"a": 2, "b": 0, "all": 2}, [Sum("all", ("a", "b"))]) == {"a", "b", "all"}
    assert withheld({"a": 4, "all": 7}, [Sum("all", ("a",))]) == {"a", "all"}
