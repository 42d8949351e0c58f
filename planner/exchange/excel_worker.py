"""Read an Excel workbook in a process of its own: `python -m planner.exchange.excel_worker`.

Standard input: one line of JSON (`{"sheet": name or null}`), then the workbook's bytes. Standard output: one line of
JSON about the sheet, one for each row that holds anything (`[number, [cells]]`), and a last one (`{"rows": count}`).
A workbook that cannot be read gives a single `{"error": code}`. Formulas are never evaluated, and nothing is written.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

MOST_MEMORY = 512 * 1024 * 1024
MOST_SECONDS = 25
MOST_OUTPUT = 64 * 1024 * 1024
#: One column more than is taken shows that there are too many; a stray cell far to the right is never seen.
SEEN_COLUMNS = 201
LAST_ROW = 1_048_576
LONGEST_CELL = 32_767
HEADER_WITHIN = 20


class Unreadable(Exception):
    """The workbook cannot be read; the argument is the code that the parent turns into a sentence."""


def main() -> int:
    """Answer the one question on standard input."""
    _limit()
    try:
        request = json.loads(sys.stdin.buffer.readline())
        for line in _answers(sys.stdin.buffer.read(), request.get("sheet")):
            sys.stdout.buffer.write(line)
    except Unreadable as error:
        _say({"error": str(error)})
    except MemoryError:
        _say({"error": "large"})
    except Exception:  # whatever a broken workbook does to the library; its text could quote the file
        _say({"error": "broken"})
    sys.stdout.buffer.flush()
    return 0


def _limit() -> None:
    if sys.platform == "win32":
        return
    import resource

    wanted = ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS), (resource.RLIMIT_CORE, 0))
    for what, most in wanted:
        with suppress(ValueError, OSError):  # some systems know a limit by name only
            resource.setrlimit(what, (most, most))


def _say(answer: object) -> None:
    sys.stdout.buffer.write(_line(answer))


def _line(answer: object) -> bytes:
    return json.dumps(answer, allow_nan=False).encode() + b"\n"


def _answers(data: bytes, wanted: str | None) -> Iterator[bytes]:
    from openpyxl import load_workbook
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    _mark_cells()
    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheet = _sheet(book, wanted)
    yield _line({"sheet": sheet.title, "epoch_1904": book.epoch == CALENDAR_MAC_1904})
    sheet.reset_dimensions()
    rows, size = 0, 0
    gap: tuple[Any, ...] | None = None
    for number, row in enumerate(sheet.iter_rows(max_row=LAST_ROW, max_col=SEEN_COLUMNS, values_only=True), start=1):
        if row is gap:  # the one row that stands for every missing one, a million times below a stray cell
            continue
        width = next((n for n in range(len(row), 0, -1) if row[n - 1] is not None), 0)
        if not width:
            gap = row
            continue
        line = _line([number, [_plain(value) for value in row[:width]]])
        rows, size = rows + 1, size + len(line)
        if size > MOST_OUTPUT:
            raise Unreadable("large")
        yield line
    yield _line({"rows": rows})


def _sheet(book: Workbook, wanted: str | None) -> Any:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if wanted is not None:
        visible = [sheet for sheet in book.worksheets if sheet.title.strip().casefold() == wanted.strip().casefold()]
    if not visible:
        raise Unreadable("no_sheet")
    return next((sheet for sheet in visible if wanted is not None or _has_header(sheet)), visible[0])


def _has_header(sheet: Any) -> bool:
    """Whether a row near the top has two texts or more; a cover sheet has not."""
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=HEADER_WITHIN, max_col=SEEN_COLUMNS, values_only=True)
    return any(sum(isinstance(value, str) and bool(value.strip()) for value in row) > 1 for row in rows)


def _mark_cells() -> None:
    """Let the reader tell errors and formulas without a stored value from texts and blanks."""
    from openpyxl.worksheet import _read_only
    from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

    class Marking(WorkSheetParser):
        def parse_cell(self, element: Any) -> dict[str, Any]:
            cell: dict[str, Any] = super().parse_cell(element)
            if cell["data_type"] == "e":
                cell["value"] = ["error", str(cell["value"])]
            elif cell["value"] is None and element.find(FORMULA_TAG) is not None:
                empty_text = element.get("t") == "str" and element.find(VALUE_TAG) is not None
                cell["value"] = None if empty_text else ["formula", ""]
            return cell

    vars(_read_only)["WorkSheetParser"] = Marking


def _plain(value: object) -> object:
    """A cell as JSON: numbers and texts as they are, the rest as a pair of kind and text."""
    match value:
        case None | bool() | int() | list():
            return value
        case float():
            return value if math.isfinite(value) else ["error", "#NUM!"]
        case str():
            return value[:LONGEST_CELL] or None
        case datetime():
            return ["datetime", value.isoformat(timespec="seconds")]
        case date():
            return ["date", value.isoformat()]
        case time():
            return ["time", value.isoformat(timespec="seconds")]
        case _:
            return str(value)[:LONGEST_CELL]


if __name__ == "__main__":
    sys.exit(main())
