"""A terminal played from outside: a program on a pseudo-terminal, keys written to it, and when its screen shows what.

Times are taken when the bytes are read, before they are parsed, so that the emulator's own cost is never counted. What
is written within a synchronised update counts when its end is read, which is when a terminal shows it. The emulator
knows what Textual writes, and no more.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from socket import socket
from time import perf_counter, sleep

COLUMNS, ROWS = 120, 40
#: Seconds without output after which an answer is at its end.
QUIET = 0.03
KEYS = {
    "down": "\x1b[B",
    "up": "\x1b[A",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pgdn": "\x1b[6~",
    "pgup": "\x1b[5~",
    "enter": "\r",
    "tab": "\t",
    "esc": "\x1b",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "ctrl+p": "\x10",
}
_TOKEN = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f]+)"
    r"|\x1b\[(?P<given>[0-?]*)(?P<between>[ -/]*)(?P<act>[@-~])"
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b[^\[\]PX^_]"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f])"
)
Cell = tuple[str, str]


class Overdue(Exception):
    """The screen did not show in time what was waited for."""


class Gone(Exception):
    """The program has ended."""


class Screen:
    """Signs and styles; `replies` are what a terminal would answer to questions."""

    def __init__(self) -> None:
        self.replies: list[bytes] = []
        self.in_update = False
        self._rest = ""
        self._style = ""
        self._x = self._y = 0
        self._cells: list[list[Cell]] = []
        self._clear(0, ROWS)

    @property
    def text(self) -> str:
        """The signs alone."""
        return "\n".join("".join(sign for sign, _ in row) for row in self._cells)

    @property
    def state(self) -> list[list[Cell]]:
        """Signs and styles as they are now."""
        return [row[:] for row in self._cells]

    def feed(self, text: str) -> None:
        """Take in what the program wrote."""
        text = self._rest + text
        at = 0
        while at < len(text):
            token = _TOKEN.match(text, at)
            if token is None:  # unfinished: the rest is still to come
                break
            at = token.end()
            if token["text"] is not None:
                self._put(token["text"])
            elif token["act"] is not None:
                self._act(token["given"], token["between"], token["act"])
            elif token["control"] is not None:
                self._control(token["control"])
        self._rest = text[at:]

    def _put(self, text: str) -> None:
        for sign in text[: COLUMNS - self._x]:
            self._cells[self._y][self._x] = (sign, self._style)
            self._x += 1

    def _control(self, sign: str) -> None:
        if sign == "\r":
            self._x = 0
        elif sign == "\n":
            self._y = min(ROWS - 1, self._y + 1)

    def _act(self, given: str, between: str, act: str) -> None:
        numbers = [int(part) if part.isdecimal() else 0 for part in given.lstrip("?>=<").split(";")]
        if act == "m" and not between:
            self._style = "" if given in ("", "0") else f"{self._style};{given}"
        elif act == "H":
            row, column = [*numbers, 1, 1][:2]
            self._y, self._x = min(ROWS, max(1, row)) - 1, min(COLUMNS, max(1, column)) - 1
        elif act == "J":
            self._clear(0 if numbers[0] >= 2 else self._y, ROWS)
        elif act == "K":
            self._cells[self._y][self._x :] = [(" ", self._style)] * (COLUMNS - self._x)
        elif act in "hl" and given == "?2026":
            self.in_update = act == "h"
        elif act == "p" and between == "$":
            self.replies.append(f"\x1b[?{numbers[0]};{2 if numbers[0] == 2026 else 0}$y".encode())

    def _clear(self, first: int, end: int) -> None:
        self._cells[first:end] = [[(" ", "")] * COLUMNS for _ in range(first, end)]


class Session:
    """A program on a terminal, from its start to its end."""

    def __init__(self, command: Sequence[str], surroundings: Mapping[str, str]) -> None:
        self.screen = Screen()
        self.code: int | None = None
        #: Is given all that the program writes, as it is.
        self.heard: Callable[[bytes], object] | None = None
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._most: dict[int, float] = {}
        # What the machine that measures is set to, as not to keep compiled modules, is not the user's.
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TEXTUAL", "PYTHON", "COLUMNS", "LINES"))
        }
        clean |= {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            **surroundings,
        }
        self.begun = self.last = perf_counter()
        self._pid, self._end = pty.fork()
        if self._pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execvpe(command[0], list(command), clean)
        os.set_blocking(self._end, False)
        self._is_gone = False

    @property
    def descriptor(self) -> int:
        """Our end of the terminal."""
        return self._end

    @property
    def pid(self) -> int:
        """The process."""
        return self._pid

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal larger or smaller for the program; the screen here shows what there is room for."""
        fcntl.ioctl(self._end, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, keys: str) -> float:
        """Write a key by its name, or signs as they are; gives the moment before."""
        now = perf_counter()
        os.write(self._end, KEYS.get(keys, keys).encode())
        return now

    def until(self, shown: Callable[[Screen], bool], seconds: float = 30) -> float:
        """The moment at which the bytes were read that made the screen show it; raises Overdue, Gone."""
        deadline = perf_counter() + seconds
        if not self.screen.in_update and shown(self.screen):
            return perf_counter()
        while (left := deadline - perf_counter()) > 0:
            if self._read(left) and not self.screen.in_update and shown(self.screen):
                return self.last
        raise Overdue(self.screen.text)

    def rest(self, quiet: float = QUIET, seconds: float = 30) -> float:
        """Read until nothing has come for so long; the moment of the last byte."""
        deadline = perf_counter() + seconds
        while perf_counter() < deadline and self._read(quiet):
            pass
        return self.last

    def frame(self, seconds: float) -> float | None:
        """The moment at which the next frame was read; None where none comes within so long."""
        deadline = perf_counter() + seconds
        while (left := deadline - perf_counter()) > 0 and self._read(left):
            if not self.screen.in_update:
                return self.last
        return None

    def read_beside(self, other: socket, seconds: float) -> tuple[bool, bool]:
        """Wait for the program or for something else that can be read; whether the program wrote, and the other."""
        readable = select.select([self._end, other.fileno()], [], [], max(0.0, seconds))[0]
        return self._end in readable and self._read(0), other.fileno() in readable

    def _read(self, seconds: float) -> bool:
        if not select.select([self._end], [], [], max(0.0, seconds))[0]:
            return False
        try:
            data = os.read(self._end, 65536)
        except OSError as error:  # Linux says so when the other side has closed
            raise Gone from error
        if not data:
            raise Gone
        self.last = perf_counter()
        if self.heard is not None:
            self.heard(data)
        self.screen.feed(self._decoder.decode(data))
        for reply in self.screen.replies:
            os.write(self._end, reply)
        self.screen.replies.clear()
        return True

    def memory(self) -> float:
        """Peak memory in MiB so far, over all its processes: each one's own peak."""
        processes = [self._pid]
        for one in processes:
            try:
                for children in Path(f"/proc/{one}/task").glob("*/children"):
                    processes += map(int, children.read_text().split())
                found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{one}/status").read_text())
            except OSError:
                continue
            if found is not None:
                self._most[one] = max(self._most.get(one, 0), int(found[1]) / 1024)
        return sum(self._most.values())

    def ended(self, seconds: float = 10) -> float:
        """The moment at which the process was gone, with its exit code in `code`; raises Overdue."""
        deadline = perf_counter() + seconds
        while perf_counter() < deadline:
            gone, status = os.waitpid(self._pid, os.WNOHANG)
            if gone:
                self._is_gone, self.code = True, os.waitstatus_to_exitcode(status)
                return perf_counter()
            try:
                self._read(0.001)
            except Gone:
                sleep(0.0005)
        raise Overdue(self.screen.text)

    def close(self) -> None:
        """End the program where it has not ended by itself."""
        if not self._is_gone:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self._end)
