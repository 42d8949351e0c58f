"""What is printed when the program itself fails: the kind of error and the place, and never any data."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

_OWN = Path(__file__).parent.parent


def place(trace: TracebackType | None) -> str:
    """`file:line` of the innermost frame of the program's own code, or of the innermost frame at all."""
    found = "?"
    own = ""
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        found = f"{path.name}:{trace.tb_lineno}"
        if path.is_relative_to(_OWN):
            own = f"{path.relative_to(_OWN.parent).as_posix()}:{trace.tb_lineno}"
        trace = trace.tb_next
    return own or found


def origin(error: BaseException) -> BaseException:
    """The error behind the wrappers that workers put around it."""
    while error.__cause__ is not None and type(error).__module__.startswith("textual"):
        error = error.__cause__
    return getattr(error, "error", error) if type(error).__name__ == "WorkerFailed" else error


def summary(error: BaseException) -> tuple[str, str]:
    """The name of the error's type, and the place."""
    first = origin(error)
    return type(first).__name__, place(first.__traceback__)
