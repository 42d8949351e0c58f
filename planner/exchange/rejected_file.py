"""The rows that an import did not take, in a file beside its source: nothing is lost, and nothing becomes a formula."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from planner.causes import cause_of
from planner.domain.text import visible
from planner.errors import InputError
from planner.exchange.tables import OUR_COLUMN, neutral
from planner.services.imported import Reason, RejectedRow

MOST_NUMBERS = 1000

Say = Callable[[Reason], str]


def rejected_bytes(
    header: Sequence[str],
    rejected: Sequence[RejectedRow],
    say: Say = str,
    titles: tuple[str, str] = ("række", "årsag"),
) -> bytes:
    """The rows as CSV that Danish Excel opens: their cells as they stood, then row number and reasons."""
    width = max([len(header), *(len(row.cells) for row in rejected)])
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    ours = [OUR_COLUMN + title for title in titles]
    writer.writerow([*_filled(header, width), *ours])
    for row in rejected:
        reasons = ". ".join(visible(say(reason)) for reason in row.reasons)
        writer.writerow([*_filled(row.cells, width), str(row.number), neutral(reasons)])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def write_rejected(
    source: Path,
    header: Sequence[str],
    rejected: Sequence[RejectedRow],
    say: Say = str,
    titles: tuple[str, str] = ("række", "årsag"),
) -> Path | None:
    """Write NAME.rejected.csv beside the source, readable by its owner only; None when nothing was rejected.

    A file that is there already is kept: one with the same content is left as it is, else the new one is numbered.
    Raises InputError where it cannot be written.
    """
    if not rejected:
        return None
    data = rejected_bytes(header, rejected, say, titles)
    try:
        for number in range(1, MOST_NUMBERS):
            mark = "" if number == 1 else f"-{number}"
            path = source.with_name(f"{source.stem}.rejected{mark}.csv")
            if _written(path, data):
                return path
    except OSError as error:
        why = cause_of(error)
        raise InputError("The file of rejected rows cannot be written: {why}", why=why) from None
    raise InputError("There are too many files of rejected rows in the folder")


def _filled(cells: Sequence[str], width: int) -> list[str]:
    return [neutral(cell) for cell in cells] + [""] * (width - len(cells))


def _written(path: Path, data: bytes) -> bool:
    """Write the file whole or not at all, unless another one has the name; True when it stands there."""
    if path.exists() or path.is_symlink():
        return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
    handle, name = tempfile.mkstemp(prefix=".planner-", suffix=".tmp", dir=path.parent)  # created with 0600
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return _named(temporary, path)
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


def _named(temporary: Path, path: Path) -> bool:
    """Give the finished file its name; False when somebody else took it meanwhile."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        temporary.rename(path)
    return True
