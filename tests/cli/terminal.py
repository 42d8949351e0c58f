"""A terminal of its own for a command line that is run as a user runs it."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Terminal:
    """The side of a pseudo-terminal at which the user sits, and the program at the other one."""

    side: int
    process: subprocess.Popen[bytes]

    def type(self, keys: bytes) -> None:
        """Press these keys."""
        os.write(self.side, keys)

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


@contextmanager
def on_terminal(*words: str, **more: str) -> Iterator[Terminal]:
    """Run the program with these words, and these variables in its environment; it never outlives the test."""
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "planner", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, **more},
        start_new_session=True,
        preexec_fn=_own_terminal,
    )
    os.close(theirs)
    try:
        yield Terminal(ours, process)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _own_terminal() -> None:
    """Make standard input the terminal that signals come from; called in the child."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
