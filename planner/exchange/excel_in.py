"""Tables from Excel workbooks, read in a process of their own with limits on size, memory and time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

from planner.errors import InputError
from planner.exchange.tables import MOST_BYTES, BadCell, Cell, Table, table_of
from planner.locale import N_
from planner.services.imported import because

MOST_UNPACKED = 100_000_000
MOST_RATIO = 100
MOST_MEMBERS = 200
MOST_SECONDS = 30
#: Small members may well shrink more than a bomb does; below this size no ratio can hurt.
RATIO_FROM = 1_000_000

_ZIP = b"PK\x03\x04"
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PACKAGE = Path(__file__).resolve().parents[2]

_SENTENCES = {
    "large": N_("The Excel file holds more than can be read; save the rows that are needed in a file of their own"),
    "broken": N_("The Excel file is damaged or cut off; open it in Excel and save it again"),
    "no_sheet": N_("The Excel file has no such sheet"),
}


def is_excel(data: bytes) -> bool:
    """Whether the bytes are a workbook of any kind, also one that cannot be read here."""
    return data.startswith((b"PK", _OLD))


def read_excel(data: bytes, sheet: str | None = None) -> Table:
    """The table on the first visible sheet with a header, or on the one named.

    Raises InputError with what to do about it for anything that is not a whole, ordinary .xlsx workbook.
    """
    check_workbook(data)
    lines = _ask_worker(data, sheet)
    about = lines[0]
    if "error" in about:
        raise InputError(_SENTENCES.get(str(about["error"]), _SENTENCES["broken"]))
    return table_of(_records(lines[1:-1]), ragged=False, epoch_1904=bool(about.get("epoch_1904")))


def check_workbook(data: bytes) -> None:
    """Refuse what is no .xlsx, or would unpack to more than is sensible, before anything is unpacked."""
    if len(data) > MOST_BYTES:
        raise InputError("The file is larger than {most} MB", most=MOST_BYTES // 1_000_000)
    if data.startswith(_OLD):
        if _ENCRYPTED in data:
            raise InputError("The Excel file is protected by a password; save it without one")
        raise InputError("The file is an old Excel file (.xls); open it in Excel and save it as .xlsx")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_members(archive)
    except InputError:
        raise
    except Exception:  # zipfile has many ways of saying that an archive is broken
        raise InputError(_SENTENCES["broken"]) from None


def _check_members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    names = {member.filename for member in members}
    if "content.xml" in names or "xl/workbook.bin" in names:
        raise InputError("The file is not an .xlsx file; open it in Excel and save it as .xlsx")
    if not any(name.casefold().startswith("xl/") for name in names):
        raise InputError(_SENTENCES["broken"])
    if any(member.flag_bits & 1 for member in members):
        raise InputError("The Excel file is protected by a password; save it without one")
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise InputError(_SENTENCES["large"])
    for member in members:
        if member.file_size > RATIO_FROM and member.file_size > MOST_RATIO * member.compress_size:
            raise InputError(_SENTENCES["large"])
        with archive.open(member) as opened:
            if opened.read(4) == _ZIP:
                raise InputError("The Excel file has another archive inside; save only the rows in a file of their own")


def _ask_worker(data: bytes, sheet: str | None) -> Sequence[Any]:
    """The worker's lines: one about the sheet, the rows, and the count; or a single one with an error."""
    command = [sys.executable, "-P", "-W", "ignore", "-m", "planner.exchange.excel_worker"]
    question = json.dumps({"sheet": sheet}).encode() + b"\n" + data
    try:
        done = subprocess.run(
            command, input=question, capture_output=True, timeout=MOST_SECONDS, env=_environment(), check=False
        )
    except subprocess.TimeoutExpired:
        raise InputError("Reading the Excel file took longer than {most} seconds", most=MOST_SECONDS) from None
    except OSError:
        raise InputError("The Excel file cannot be read: no process can be started for it") from None
    lines = _parsed(done.stdout)
    whole = len(lines) > 1 and lines[-1] == {"rows": len(lines) - 2}
    if done.returncode != 0 or not whole:
        error = next((line["error"] for line in lines if isinstance(line, dict) and "error" in line), None)
        return [{"error": error or ("large" if done.returncode < 0 else "broken")}]
    return lines


def _environment() -> dict[str, str]:
    """The environment without our own settings, in which this very package is found."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLANNER_")}
    paths = [str(_PACKAGE), *filter(None, [kept.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}


def _parsed(output: bytes) -> list[Any]:
    try:
        return [json.loads(line) for line in output.splitlines()]
    except ValueError:  # the worker died in the middle of a line
        return []


def _records(lines: Sequence[Any]) -> Iterator[tuple[int, list[Cell]]]:
    for number, cells in lines:
        yield number, [_cell(value) for value in cells]


def _cell(value: Any) -> Cell:
    if not isinstance(value, list):
        return value  # type: ignore[no-any-return]
    kind, text = value
    match kind:
        case "date":
            return date.fromisoformat(text)
        case "datetime":
            return datetime.fromisoformat(text)
        case "time":
            return time.fromisoformat(text)
        case "formula":
            return BadCell("=", because(N_("a formula without a stored value; save the file in Excel first")))
        case _:
            return BadCell(text, because(N_("the error value {error}"), error=text))
