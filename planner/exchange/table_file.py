"""A table from a file on disk, whatever kind it is."""

from __future__ import annotations

from pathlib import Path

from planner.causes import cause_of
from planner.domain.text import visible
from planner.errors import InputError
from planner.exchange.csv_in import read_csv
from planner.exchange.excel_in import is_excel, read_excel
from planner.exchange.tables import MOST_BYTES, Table

_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})


def read_table(path: Path, sheet: str | None = None) -> Table:
    """The table in a CSV or Excel file; what it is decides, not what it is called. Raises InputError."""
    data = read_bytes(path)
    if not data.strip(b" \t\r\n\0"):
        raise InputError("The file is empty")
    if is_excel(data):
        return read_excel(data, sheet)
    if path.suffix.casefold() in _WORKBOOKS and b"\0" in data:
        raise InputError("The Excel file is damaged or cut off; open it in Excel and save it again")
    return read_csv(data)


def read_bytes(path: Path) -> bytes:
    """All of a file within the size limit; raises InputError where it is too large or cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        why = cause_of(error)
        raise InputError("{file} cannot be read: {why}", file=visible(str(path)), why=why) from None
    if len(data) > MOST_BYTES:
        raise InputError("The file is larger than {most} MB", most=MOST_BYTES // 1_000_000)
    return data
