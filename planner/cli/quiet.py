"""What Python itself prints of an error that nobody caught: its kind and place, and none of the data in its message."""

from __future__ import annotations

import sys
import threading
import warnings
from types import TracebackType
from typing import TYPE_CHECKING

from planner.cli.failures import place_of

if TYPE_CHECKING:
    from sys import UnraisableHookArgs


def keep_quiet() -> None:
    """Take the place of Python's own reports in this process; libraries' warnings and logs go nowhere."""
    sys.excepthook = _uncaught
    sys.unraisablehook = _forgotten
    threading.excepthook = _in_thread
    warnings.showwarning = lambda *_, **__: None
    import logging

    logging.lastResort = None
    logging.raiseExceptions = False


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _tell(kind, error)


def _forgotten(found: UnraisableHookArgs) -> None:
    _tell(found.exc_type, found.exc_value)


def _in_thread(found: threading.ExceptHookArgs) -> None:
    _tell(found.exc_type, found.exc_value)


def _tell(kind: type[BaseException], error: BaseException | None) -> None:
    if sys.stderr is not None and not issubclass(kind, SystemExit):
        sys.stderr.write(f"planner: {kind.__name__} at {'?' if error is None else place_of(error)}\n")
