"""A terminal of its own for a command line that is run as a user runs it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

#: Seconds without a word after which a user presses again.
AGAIN = 5.0


@dataclass
class Terminal:
    """The side of a pseudo-terminal at which the user sits, and the program at the other one."""

    side: int
    process: subprocess.Popen[bytes]

    def type(self, keys: bytes) -> None:
        """Press these keys."""
        os.write(self.side, keys)

    def press_to_the_end(self, keys: bytes) -> bytes:
        """Press these keys until the program ends, again where a signal came just before a read that it did not end."""
        said = b""
        while True:
            self.type(keys)
            while select.select([self.side], [], [], AGAIN)[0]:
                try:
                    said += os.read(self.side, 65536)
                except OSError:  # how Linux says that the other side has closed
                    return said

    def go_away(self) -> None:
        """Close the terminal."""
        os.close(self.side)
        self.side = -1

    def until(self, enough: Callable[[bytes], bool]) -> bytes:
        """What is written until it is enough or the program ends; the test's own limit ends a wait in vain."""
        said = b""
        while not enough(said):
            select.select([self.side], [], [])
            try:
                said += os.read(self.side, 65536)
            except OSError:  # how Linux says that the other side has closed
                break
        return said


def on_terminal(*words: str, **more: str) -> AbstractContextManager[Terminal]:
    """Run the program with these words, and these variables in its environment; it never outlives the test."""
    return _run(words, more, controlling=True)


def on_loose_terminal(*words: str, **more: str) -> AbstractContextManager[Terminal]:
    """The same on a terminal of which no signal says that it goes."""
    return _run(words, more, controlling=False)


@contextmanager
def _run(words: Sequence[str], more: Mapping[str, str], *, controlling: bool) -> Iterator[Terminal]:
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "planner", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, **more},
        start_new_session=True,
        preexec_fn=_as_from_a_shell if controlling else _with_signals,
    )
    os.close(theirs)
    terminal = Terminal(ours, process)
    try:
        yield terminal
    finally:
        process.kill()
        process.wait()
        if terminal.side != -1:
            terminal.go_away()


def _as_from_a_shell() -> None:
    """Make standard input the terminal that signals come from; called in the child."""
    import fcntl
    import termios

    _with_signals()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _with_signals() -> None:
    """Let signals act that a run in the background ignores, and its children with it; called in the child."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
