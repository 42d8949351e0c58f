"""How the program ends: with its terminal, in order where something temporary goes with it, and without waiting."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

NAMES = ("SIGHUP", "SIGTERM")
#: Seconds between two looks at whether the terminal is still there.
PATIENCE = 1.0
_received: list[int] = []


def unwind_on_interrupt() -> None:
    """Let Ctrl+C unwind the program; while that was being loaded, it simply ended it."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def leave_in_order_on_signals() -> None:
    """Let a hang-up and a termination unwind the program instead of cutting it off."""
    _let(_leave)


@contextmanager
def unwinding(again: Callable[[], None], is_in_front: Callable[[], bool]) -> Iterator[None]:
    """The same only inside; what is called `again` each time that the program goes on in front after it was stopped.

    Behind a shell the terminal is the shell's: there a signal ends the program without a touch of it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, frame: FrameType | None) -> None:
        if not is_in_front():
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        _leave(number, frame)

    def go_on(number: int, frame: FrameType | None) -> None:
        if is_in_front():
            again()

    handlers = {**dict.fromkeys(NAMES, leave), "SIGCONT": go_on}
    former = {
        number: signal.signal(number, handler)
        for name, handler in handlers.items()
        if (number := getattr(signal, name, None)) is not None
    }
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


def remember_signals() -> None:
    """Let them be remembered only: whoever takes the terminal over must not be stopped half way."""
    _let(_remember)


def _let(handler: Callable[[int, FrameType | None], None]) -> None:
    for name in NAMES:
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None:
            signal.signal(number, handler)


def leave_if_told() -> None:
    """Unwind the program where a signal that came was remembered."""
    code = told_to_leave()
    if code is not None:
        sys.exit(code)


def leave_with_terminal() -> None:
    """End the program when its terminal is gone, though no signal says so; else it would keep the store to itself."""
    if hasattr(signal, "SIGHUP"):
        threading.Thread(target=_watch, args=(sys.stdin.fileno(),), name="terminal", daemon=True).start()


def leave_at_once(code: int) -> None:
    """End the process where threads still reckon what nobody waits for any more; all that was saved is on the disk.

    Also after Ctrl+C: Python would forget the code where that came while a text was executed, as for a dataclass.
    """
    others = (one for one in threading.enumerate() if one is not threading.current_thread() and not one.daemon)
    if code == 128 + signal.SIGINT or any(others):
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


def _remember(number: int, frame: FrameType | None) -> None:
    del frame
    _received.append(number)


def _leave(number: int, frame: FrameType | None) -> None:
    _remember(number, frame)
    sys.exit(128 + number)
