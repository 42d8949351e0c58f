"""A terminal of its own for a command line that is run as a user runs it."""

from __future__ import annotations

import os
import select
from collections.abc import Callable


def own_terminal() -> None:
    """Make standard input the terminal that signals come from; to be called in the child."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def written_until(descriptor: int, enough: Callable[[bytes], bool]) -> bytes:
    """What is written until it is enough or the other side closes; the test's own limit ends a wait in vain."""
    said = b""
    while not enough(said):
        select.select([descriptor], [], [])
        try:
            said += os.read(descriptor, 65536)
        except OSError:  # how Linux says that the other side has closed
            break
    return said
