"""The bytes of a file that somebody names."""

from __future__ import annotations

from pathlib import Path

from planner.causes import cause_of
from planner.errors import Fault, InputError
from planner.locale import N_
from planner.phrases import Phrase
from planner.plain import MOST_BYTES


def read_given(name: str) -> bytes:
    """Read it; raises InputError naming what is wrong."""
    try:
        with Path(name).expanduser().open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError, RuntimeError) as error:  # a zero byte in the name; no home folder
        cause = cause_of(error if isinstance(error, OSError) else ValueError())
        raise InputError(N_("{file} cannot be read: {why}"), file=name, why=cause) from None
    return check_size(name, data)


def check_size(name: str, data: bytes) -> bytes:
    """The data; raises InputError where there is more than any file of ours has."""
    if len(data) > MOST_BYTES:
        raise InputError(
            N_("The file cannot be read"),
            [Fault(name, Phrase("a larger file"), Phrase("at most {most} bytes", most=MOST_BYTES))],
        )
    return data
