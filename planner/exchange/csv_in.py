"""Tables from CSV as Danish case systems and Excel write it: semicolons, a byte order mark or Windows-1252."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from planner.errors import InputError
from planner.exchange.tables import MOST_BYTES, MOST_COLUMNS, Cell, Table, plain, table_of
from planner.locale import N_
from planner.services.imported import RejectedRow, because

DELIMITERS = ";,\t"

_STATED = re.compile(r'"?sep=(?P<mark>[;,\t])"?\r?\n', re.IGNORECASE)
#: What æ ø å Æ Ø Å and é are in UTF-8; nobody writes these pairs of letters in Windows-1252.
_DANISH_UTF8 = re.compile(b"\xc3[\xa6\xb8\xa5\x86\x98\x85\xa9]")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
#: Windows-1252 where it differs from Latin-1; the five bytes that it leaves open stay control characters.
_WINDOWS = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)}
_SNIFFED = 50_000
_TEXT_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PICTURES = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b")
_CONTROLS = re.compile(b"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read_csv(data: bytes) -> Table:
    """The table in CSV bytes.

    Rows that cannot be taken apart stand in `rejected`; raises InputError for a file that is too large, cut off,
    written in two encodings, or no CSV at all.
    """
    if len(data) > MOST_BYTES:
        raise InputError("The file is larger than {most} MB", most=MOST_BYTES // 1_000_000)
    if _is_binary(data):
        raise InputError("The file is not a table; save the list as CSV or as Excel (.xlsx)")
    text = _decoded(data)
    if text.lstrip()[:100].casefold().startswith(("<!doctype", "<html", "<?xml", "<table")):
        raise InputError("The file is a web page; open it in Excel and save it as .xlsx or CSV")
    stated = _STATED.match(text)
    delimiter = stated["mark"] if stated else _delimiter(text)
    lines = _Lines(text, first=1 if stated else 0)
    rejected: list[RejectedRow] = []
    return table_of(_records(lines, delimiter, rejected), rejected, ragged=True)


def _is_binary(data: bytes) -> bool:
    """Whether these are the bytes of a picture, a PDF or a program: one control character in a cell is no proof."""
    start = data[:_SNIFFED]
    if start.startswith(_TEXT_MARKS):
        return False
    return start.startswith(_PICTURES) or 20 * len(_CONTROLS.findall(start)) > len(start)


def _decoded(data: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise _undecodable(data, error) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _DANISH_UTF8.search(data):
            raise _undecodable(data, error) from None
    return data.decode("latin-1").translate(_WINDOWS)


def _undecodable(data: bytes, error: UnicodeDecodeError) -> InputError:
    if error.end >= len(data):
        return InputError("The file ends in the middle of a character: it is cut off")
    line = data.count(b"\n", 0, error.start) + 1
    return InputError("Line {line} is written in another encoding than the rest; save the file as UTF-8", line=line)


def _delimiter(text: str) -> str:
    """The mark that separates the cells of the first line that has any, quoted text left aside."""
    for line in text[:_SNIFFED].splitlines()[:20]:
        bare = _QUOTED.sub("", line)
        counts = {mark: bare.count(mark) for mark in DELIMITERS}
        if any(counts.values()):
            return max(DELIMITERS, key=lambda mark: counts[mark])
    return ";"


class _Lines:
    """The lines of a text, which remembers those that the record being read is made of."""

    def __init__(self, text: str, first: int) -> None:
        self._lines = iter(io.StringIO(text, newline=""))
        self.number = 0
        self.record: list[str] = []
        for _ in range(first):
            next(self)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        self.record.append(line)
        return line


def _records(lines: _Lines, delimiter: str, rejected: list[RejectedRow]) -> Iterator[tuple[int, list[Cell]]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.record, start = [], lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "end of data" in str(error):
                raise InputError("A quotation mark in line {line} is never closed", line=start) from None
            raw = "".join(lines.record).rstrip("\r\n")
            too_long = "field limit" in str(error)
            reason = because(N_("A cell is too long")) if too_long else because(N_("The quotation marks do not match"))
            rejected.append(RejectedRow(start, (reason,), (raw,)))
            continue
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise InputError("The file has more than {most} columns", most=MOST_COLUMNS)
        yield start, [plain(cell) for cell in cells]
