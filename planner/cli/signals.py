"""A terminal window that is closed ends the program in order, so that what is temporary goes with it."""

from __future__ import annotations

import signal
import sys
from types import FrameType

NAMES = ("SIGHUP", "SIGTERM")
_received: list[int] = []


def leave_in_order_on_signals() -> None:
    """Let a hang-up and a termination unwind the program instead of cutting it off."""
    for name in NAMES:
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None:
            signal.signal(number, _leave)


def told_to_leave() -> int | None:
    """The exit code of the signal that came, if one did; the event loop then fails in ways of its own."""
    return 128 + _received[0] if _received else None


def _leave(number: int, frame: FrameType | None) -> None:
    _received.append(number)
    sys.exit(128 + number)
