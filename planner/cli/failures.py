"""What went wrong, as lines on standard error and an exit code; never a traceback."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path

import planner
from planner.cli.output import Output
from planner.errors import InputError, PlannerError
from planner.locale import Language
from planner.phrases import spoken

INTERNAL = 70
INTERRUPTED = 130
PIPE_CLOSED = 141


def tell(error: PlannerError, language: Language, out: Output) -> int:
    """Print the error in the user's language; gives its exit code."""
    for line in told_in_lines(error, language):
        out.error(line)
    return error.exit_code


def told_in_lines(error: PlannerError, language: Language) -> Iterator[str]:
    """The error in the user's language: every fault of a file or an option, or a sentence and what belongs to it."""
    if isinstance(error, InputError) and error.faults:
        for fault in error.faults:
            found, allowed = spoken(fault.found, language.text), spoken(fault.allowed, language.text)
            yield language.text(
                "{path}: found {found}; allowed: {allowed}", path=fault.path, found=found, allowed=allowed
            )
        return
    from planner.services.messages import (
        told,
    )  # brings the rules along, which an error in the options must not wait for

    yield told(language, error.message, error.values)
    yield from (spoken(line, language.text) for line in getattr(error, "lines", ()))


def tell_unexpected(error: BaseException, language: Language, out: Output) -> int:
    """Print where the program itself failed, without any value that it was working on."""
    out.error(
        language.text(
            "The program has a fault: {kind} at {place}. Please report this line; it contains no data.",
            kind=type(error).__name__,
            place=place_of(error),
        )
    )
    return INTERNAL


def place_of(error: BaseException) -> str:
    """`file:line` of the innermost frame of the program's own code, or of the innermost frame at all."""
    home = Path(planner.__file__).parent
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(home)] or list(frames)
    if not own:
        return "?"
    path = Path(own[-1].filename)
    shown = path.relative_to(home).as_posix() if path.is_relative_to(home) else path.name
    return f"{shown}:{own[-1].lineno}"
