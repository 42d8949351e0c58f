"""How the program ends: with its terminal, in order where something temporary goes with it, and without waiting."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from types import FrameType

NAMES = ("SIGHUP", "SIGTERM")
#: Seconds between two looks at whether the terminal is still there.
PATIENCE = 1.0
_received: list[int] = []


def leave_in_order_on_signals() -> None:
    """Let a hang-up and a termination unwind the program instead of cutting it off."""
    for name in NAMES:
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None:
            signal.signal(number, _leave)


def leave_with_terminal() -> None:
    """End the program when its terminal is gone, though no signal says so; else it would keep the store to itself."""
    if hasattr(signal, "SIGHUP"):
        threading.Thread(target=_watch, args=(sys.stdin.fileno(),), name="terminal", daemon=True).start()


def leave_at_once(code: int) -> None:
    """End the process where threads still reckon what nobody waits for any more; all that was saved is on the disk."""
    others = (one for one in threading.enumerate() if one is not threading.current_thread() and not one.daemon)
    if any(others):
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):
                stream.flush()
        os._exit(code)


def _watch(descriptor: int) -> None:
    ticks = threading.Event()
    while os.isatty(descriptor):
        ticks.wait(PATIENCE)
    os.kill(os.getpid(), signal.SIGHUP)
    ticks.wait(PATIENCE)
    os._exit(128 + signal.SIGHUP)  # where whoever started it lets it ignore the signal; what was saved is saved


def told_to_leave() -> int | None:
    """The exit code of the signal that came, if one did; the event loop then fails in ways of its own."""
    return 128 + _received[0] if _received else None


def _leave(number: int, frame: FrameType | None) -> None:
    _received.append(number)
    sys.exit(128 + number)
