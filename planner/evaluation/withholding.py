"""Figures that rest on too few people are withheld, and as many more as would give them away."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from planner.evaluation.shares import FEWEST

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Sum(Generic[K]):
    """Cells that add up to the cell `total`."""

    total: K
    parts: tuple[K, ...]


def withheld(
    persons: Mapping[K, int],
    sums: Sequence[Sum[K]],
    harmless: Set[K] = frozenset(),
    given: Set[K] = frozenset(),
) -> frozenset[K]:
    """The cells to withhold: those of fewer than five people, and the smallest others that would give one away.

    `harmless`: cells of nobody that may be shown, since enough people could have been counted there; `given`: cells
    that are withheld in any case.
    No withheld cell follows from what is shown and the sums; nor do those withheld within one sum together rest on
    fewer than five people while their total is shown.
    """
    hidden = {cell for cell, count in persons.items() if count < FEWEST and cell not in harmless} | given
    while True:
        open_sum = next((one for one in sums if _gives_away(one, persons, hidden)), None)
        if open_sum is None:
            found = _determined(sums, hidden)
            open_sum = next((one for one in sums if found & {one.total, *one.parts} and _shown(one, hidden)), None)
            if not found or open_sum is None:
                return frozenset(hidden)
        shown = _shown(open_sum, hidden)
        hidden.add(min(shown, key=lambda cell: _dearness(cell, open_sum, persons)))


def _dearness(cell: K, within: Sum[K], persons: Mapping[K, int]) -> tuple[bool, bool, int]:
    """The total says most, so it goes last, and a zero hides nobody; else the smallest goes, and of two the first."""
    return cell == within.total, persons[cell] == 0, persons[cell]


def _shown(one: Sum[K], hidden: set[K]) -> list[K]:
    return [cell for cell in (*one.parts, one.total) if cell not in hidden]


def _gives_away(one: Sum[K], persons: Mapping[K, int], hidden: set[K]) -> bool:
    parts = [cell for cell in one.parts if cell in hidden]
    if one.total in hidden:
        return not parts and bool(one.parts)
    return bool(parts) and (len(parts) == 1 or sum(persons[cell] for cell in parts) < FEWEST)


def _determined(sums: Sequence[Sum[K]], hidden: set[K]) -> set[K]:
    """The withheld cells that the sums fix, what is shown being known: by elimination."""
    unknown = [cell for one in sums for cell in (*one.parts, one.total) if cell in hidden]
    places = {cell: place for place, cell in enumerate(dict.fromkeys(unknown))}
    rows: list[list[Fraction]] = []
    for one in sums:
        row = [Fraction(0)] * len(places)
        for cell in one.parts:
            if cell in places:
                row[places[cell]] += 1
        if one.total in places:
            row[places[one.total]] -= 1
        rows.append(row)
    _reduce(rows, len(places))
    cells = list(places)
    fixed = [[place for place, value in enumerate(row) if value] for row in rows]
    return {cells[found[0]] for found in fixed if len(found) == 1}


def _reduce(rows: list[list[Fraction]], width: int) -> None:
    """Bring the rows into reduced echelon form, in place."""
    top = 0
    for column in range(width):
        pivot = next((index for index in range(top, len(rows)) if rows[index][column]), None)
        if pivot is None:
            continue
        rows[top], rows[pivot] = rows[pivot], rows[top]
        rows[top] = [value / rows[top][column] for value in rows[top]]
        for index, row in enumerate(rows):
            if index != top and row[column]:
                rows[index] = [value - row[column] * own for value, own in zip(row, rows[top], strict=True)]
        top += 1
