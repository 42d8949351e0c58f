"""Figures as CSV and as an Excel workbook: numbers are numbers, and no text becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from planner.domain.text import visible
from planner.exchange.tables import neutral

Value = str | int | float | None
Rows = Sequence[Sequence[Value]]


def csv_bytes(rows: Rows) -> bytes:
    """The rows as CSV that Danish Excel opens: semicolons, decimal comma, a byte order mark."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([_written(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def xlsx_bytes(sheets: Mapping[str, Rows]) -> bytes:
    """The rows as a workbook, a sheet each with its first row as header; texts are never formulas."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows):
            cells = []
            for value in row:
                cell = WriteOnlyCell(sheet, value=visible(value) if isinstance(value, str) else value)
                if isinstance(value, str):
                    cell.data_type = "s"
                if number == 0:
                    cell.font = Font(bold=True)
                cells.append(cell)
            sheet.append(cells)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _written(value: Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return neutral(visible(value))
        case float():
            return f"{value:.4f}".rstrip("0").rstrip(".").replace(".", ",")
    return str(value)
