"""A table out of a file: a header and rows, whatever the file was. Texts in it are data and nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, islice

from planner.domain.text import visible
from planner.errors import InputError
from planner.locale import N_
from planner.services.imported import Reason, RejectedRow, because

MOST_BYTES = 20_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200
LONGEST_HEADER = 100
#: Columns that begin so were added by us to a file of rejected rows.
OUR_COLUMN = "planner: "

_HEADER_WITHIN = 20
_SPACES = re.compile(r"\s+")
_FORMULA = re.compile("'*[=+\\-@\t\r\n\0＝＋－＠]")


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell whose value cannot be used: an error value, or a formula that was never calculated."""

    text: str
    reason: Reason


Cell = str | int | float | bool | date | datetime | time | BadCell | None


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its number in the file, counted from 1, and one cell for each column of the header."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header of distinct texts, the rows, and the rows that could not even be split into cells.

    `epoch_1904`: serial numbers of dates count from 1904 (old Macintosh workbooks).
    """

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    rejected: tuple[RejectedRow, ...] = ()
    epoch_1904: bool = False


def neutral(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return "'" + text if _FORMULA.match(text) else text


def plain(text: str) -> str:
    """The text without the apostrophe that `neutral` put before it; `plain(neutral(x)) == x`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def cell_text(cell: Cell) -> str:
    """A cell as text that is read back as the same value: Danish dates, decimal comma."""
    match cell:
        case None:
            return ""
        case BadCell():
            return cell.text
        case bool():
            return "ja" if cell else "nej"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else str(cell).replace(".", ",")
        case datetime():
            at_midnight = cell.time() == time()
            return cell.strftime("%d-%m-%Y") if at_midnight else cell.strftime("%d-%m-%Y %H:%M")
        case date():
            return cell.strftime("%d-%m-%Y")
        case time():
            return cell.strftime("%H:%M")
        case _:
            return str(cell)


def cell_texts(cells: Iterable[Cell]) -> tuple[str, ...]:
    """All cells of a row as text."""
    return tuple(cell_text(cell) for cell in cells)


def has_control(text: str) -> bool:
    """Whether the text has a control character other than tab and line break."""
    if text.isprintable():
        return False
    return any(unicodedata.category(char) == "Cc" and char not in "\t\r\n" for char in text)


def is_blank(cell: Cell) -> bool:
    """Whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def table_of(
    records: Iterable[tuple[int, Sequence[Cell]]],
    rejected: Sequence[RejectedRow] = (),
    *,
    ragged: bool,
    epoch_1904: bool = False,
) -> Table:
    """The table in numbered records: the header is the first one with two texts or more, blank records are left out.

    With `ragged` a record with fewer or more cells than the header is rejected (CSV); without it a short record is
    filled up and cells beyond the header are nobody's (Excel). `rejected` may grow while the records are read.
    Raises InputError beyond the limits.
    """
    filled = ((number, cells) for number, cells in records if any(not is_blank(cell) for cell in cells))
    head, start = _header(filled)
    if head is None:
        raise InputError("The file has no rows")
    names = _names(head)
    if len(names) > MOST_COLUMNS:
        raise InputError("The file has more than {most} columns", most=MOST_COLUMNS)
    ours = {n for n, name in enumerate(names) if name.startswith(OUR_COLUMN)}
    good: list[TableRow] = []
    bad: list[RejectedRow] = []
    for number, cells in start:
        if len(good) + len(bad) + len(rejected) >= MOST_ROWS:
            raise InputError("The file has more than {most} rows", most=MOST_ROWS)
        fault = _fault(cells, names, ragged)
        kept = [*cells[: len(names)], *[None] * (len(names) - len(cells))]
        row = tuple(cell for n, cell in enumerate(kept) if n not in ours)
        if fault is None:
            good.append(TableRow(number, row))
        else:
            bad.append(RejectedRow(number, (fault,), cell_texts(cells)))
    header = tuple(name for n, name in enumerate(names) if n not in ours)
    return Table(header, tuple(good), tuple(sorted([*rejected, *bad], key=lambda row: row.number)), epoch_1904)


def _header(
    records: Iterable[tuple[int, Sequence[Cell]]],
) -> tuple[Sequence[Cell] | None, Iterable[tuple[int, Sequence[Cell]]]]:
    """The header's cells and the records after it; a title above the header is passed over."""
    stream = iter(records)
    first = list(islice(stream, _HEADER_WITHIN))
    if not first:
        return None, ()
    texts = [sum(isinstance(cell, str) and not is_blank(cell) for cell in cells) for _, cells in first]
    at = next((n for n, count in enumerate(texts) if count > 1), 0)
    return first[at][1], chain(first[at + 1 :], stream)


def _names(cells: Sequence[Cell]) -> list[str]:
    texts = [visible(_SPACES.sub(" ", cell_text(cell)).strip())[:LONGEST_HEADER] for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    names: list[str] = []
    taken: set[str] = set()
    for n, text in enumerate(texts, start=1):
        name, again = text or f"({n})", 2
        while name in taken:
            name, again = f"{text} ({again})", again + 1
        taken.add(name)
        names.append(name)
    return names


def _fault(cells: Sequence[Cell], names: Sequence[str], ragged: bool) -> Reason | None:
    if ragged:
        beyond = any(not is_blank(cell) for cell in cells[len(names) :])
        if len(cells) < len(names) or beyond:
            return because(
                N_("The row has {found} cells, the header has {wanted}"), found=len(cells), wanted=len(names)
            )
    for name, cell in zip(names, cells, strict=False):
        if isinstance(cell, str) and has_control(cell):
            return because(N_("There is a control character in the column “{column}”"), column=name)
    return None
