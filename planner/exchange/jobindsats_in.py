"""Extracts from jobindsats.dk: a table with a few columns of text and then figures, written the Danish way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from planner.domain.text import visible
from planner.errors import InputError
from planner.exchange.table_file import read_table
from planner.exchange.tables import Cell, Table
from planner.locale import N_

_NUMBER = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?")
#: How the agency writes that there is no figure, or that it rests on too few.
_NONE = frozenset({"", "-", "–", ".", "..", "*"})
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class ExtractRow:
    """A row: what it is about, and a value for each column of figures, None where there is none."""

    label: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Extract:
    """What was read: the names of the columns of figures, and the rows."""

    columns: tuple[str, ...]
    rows: tuple[ExtractRow, ...]


def read_extract(path: Path) -> Extract:
    """Read an extract, CSV or Excel; raises InputError where it has no figures."""
    return extract_of(read_table(path))


def extract_of(table: Table) -> Extract:
    """The columns of figures and what their rows are about; raises InputError where there are none."""
    if table.rejected:
        raise InputError(N_("Row {number} of the extract cannot be read"), number=table.rejected[0].number)
    cells = [[row.cells[place] for row in table.rows] for place in range(len(table.header))]
    figures = [place for place, column in enumerate(cells) if _are_figures(column)]
    if not figures:
        raise InputError(N_("The extract has no column of figures"))
    labels = [place for place in range(len(table.header)) if place not in figures]
    rows = tuple(
        ExtractRow(
            ", ".join(text for place in labels if (text := _text(row.cells[place]))),
            tuple(_figure(row.cells[place]) for place in figures),
        )
        for row in table.rows
    )
    return Extract(tuple(visible(table.header[place]) for place in figures), rows)


def _are_figures(column: list[Cell]) -> bool:
    filled = [cell for cell in column if _text(cell) not in _NONE]
    years = all(_YEAR.fullmatch(_text(cell)) for cell in filled)
    return bool(filled) and not years and all(_is_figure(cell) for cell in filled)


def _is_figure(cell: Cell) -> bool:
    return _is_number(cell) or _NUMBER.fullmatch(_text(cell)) is not None


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _figure(cell: Cell) -> float | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    text = _text(cell)
    return None if text in _NONE else float(text.replace(".", "").replace(",", "."))


def _text(cell: Cell) -> str:
    return "" if cell is None else visible(str(cell)).strip()
