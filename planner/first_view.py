"""What somebody sees first: today's list as it was when the program was left, kept in the store till something changes.

Its lines stand on the screen until the store is read, its picture on the terminal until the screen is loaded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

from planner.settings import Settings

#: The keys of the glances, and what begins those that are made ahead for the next working day.
LINES, PICTURE, AHEAD = "lines", "picture", "ahead-"
#: What decides how colours come out.
_SURROUNDINGS = ("NO_COLOR", "COLORTERM", "TERM", "TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM")


class Depends(NamedTuple):
    """What the lines were shaped for, and what the picture was painted for."""

    lines: tuple[object, ...]
    picture: tuple[object, ...]


def depends_on(language: str, view: Mapping[str, object], size: tuple[int, int], looks: tuple[object, ...]) -> Depends:
    """Language, folded groups and filter; for the picture also the terminal, and how the user wants it to look."""
    folded, sieve = view.get("folded"), view.get("filter")
    hidden = sorted(map(str, folded)) if isinstance(folded, list) else []
    asked = sorted((str(name), str(value)) for name, value in sieve.items() if value) if isinstance(sieve, dict) else []
    lines = (language, hidden, asked)
    return Depends(lines, (*lines, size, looks, [os.environ.get(name) for name in _SURROUNDINGS]))


def looks(settings: Settings) -> tuple[object, ...]:
    """How the user wants the screen to look."""
    return settings.theme, settings.symbols, repr(settings.keys)


class First(NamedTuple):
    """The lines as they are kept, and the picture on the terminal; that somebody looks at them is written down."""

    lines: str | None = None
    painted: PaintedTerminal | None = None


class PaintedTerminal:
    """The picture on the terminal, and the terminal as it was before; POSIX only."""

    def __init__(self, picture: bytes) -> None:
        """Paint it; raises OSError where that is not possible, with the terminal as it was."""
        import termios
        from select import select

        self._descriptor = sys.stdin.fileno()
        #: Whether the screen has the terminal, and gives it back by itself.
        self.is_taken = False
        try:
            self.attributes = termios.tcgetattr(self._descriptor)
        except termios.error as error:
            raise OSError(*error.args) from error
        quiet = [*self.attributes]
        # What is typed ahead is read by the screen as it is: it is not shown, and no key ends or stops the program.
        quiet[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
        quiet[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
        try:
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, quiet)
            #: Whether something was typed before there was anything to see, which is dropped.
            self.has_dropped = bool(select([self._descriptor], [], [], 0)[0])
            termios.tcflush(self._descriptor, termios.TCIFLUSH)
            # What is pasted from now on is told as pasted.
            _write(b"\x1b[?1049h\x1b[?2004h\x1b[?25l\x1b[?2026h" + picture + b"\x1b[?2026l")
        except termios.error as error:
            raise OSError(*error.args) from error
        except BaseException:
            self.wipe()
            raise

    def wipe(self) -> None:
        """Give the terminal back as it was, unless the screen has taken it over."""
        import termios

        if not self.is_taken:
            with suppress(OSError, termios.error):
                termios.tcsetattr(self._descriptor, termios.TCSANOW, self.attributes)
                _write(b"\x1b[?2026l\x1b[?2004l\x1b[?1049l\x1b[?25h")


def _write(data: bytes) -> None:
    """Where the screen writes too: standard output may go into a file, which must never get to know anybody."""
    if sys.__stderr__ is not None:
        sys.__stderr__.flush()
        while data:
            data = data[os.write(sys.__stderr__.fileno(), data) :]
