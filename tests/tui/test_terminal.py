"""On a real terminal: what data hold never reaches it as a command, and the process ends as it should."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="a pseudo-terminal is a POSIX thing")

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60.0
PROGRAM = """
import sys
from planner.locale import language
from planner.planning.plan import Bucket
from planner.tui.app import PlannerApp
from tests.tui.fakes import FakeDesk, proposal, row, slot
rows = tuple(
    row(f"k-{n}", f"NAME{n}{bad}", Bucket.OVERDUE, days=-1, offer=proposal(slot(1), agenda=(bad,)), interpreter=bad)
    for n, bad in enumerate(["\\x1b]52;c;QkFE\\x07", "\\x1b]0;BAD\\x07", "\\x9b31mBAD", "\\x1b[5mBAD", "\\x07\\x08BAD"])
)
app = PlannerApp(FakeDesk(rows=rows).factory(), language("en"))
app.run()
sys.exit(app.return_code)
"""


class Terminal:
    """A program on a pseudo-terminal, and what it has written."""

    def __init__(self) -> None:
        self.ours, theirs = os.openpty()
        surroundings = {
            **os.environ,
            "TERM": "xterm-256color",
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "120",
            "LINES": "40",
        }
        command = [sys.executable, "-c", PROGRAM]
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=surroundings, start_new_session=True
        )
        os.close(theirs)
        self.written = b""

    def until(self, wanted: bytes) -> None:
        """Read until something was written, or the program ended."""
        deadline = time.monotonic() + PATIENCE
        while wanted not in self.written:
            assert time.monotonic() < deadline, self.written[-500:]
            ready, _, _ = select.select([self.ours], [], [], 0.2)
            if ready and not self._read():
                return

    def press(self, keys: bytes) -> None:
        """Write keys."""
        os.write(self.ours, keys)

    def finish(self) -> int:
        """Read to the end and give the exit code."""
        self.until(b"\0never")
        code = self.process.wait(PATIENCE)
        os.close(self.ours)
        return code

    def _read(self) -> bool:
        try:
            part = os.read(self.ours, 65536)
        except OSError:  # Linux says so when the other side has closed
            return False
        self.written += part
        return bool(part)


def test_no_command_from_data_reaches_the_terminal() -> None:
    """No clipboard, no title, no blinking, no bell; and quitting gives exit code 0."""
    terminal = Terminal()
    try:
        terminal.until(b"NAME4")
        terminal.press(b"jjjj")
        terminal.until(b"Proposal")
        terminal.press(b"q")
        assert terminal.finish() == 0
    finally:
        terminal.process.kill()
    written = terminal.written.replace(b"\x1b]22;default\x07", b"")  # Textual's own: the mouse pointer's shape
    for command in (b"\x1b]52", b"\x1b]0;BAD", b"\x9b31m", b"\x1b[5m", b"\x07", b"\x08"):
        assert command not in written


def test_bytes_of_another_encoding_do_not_end_the_program() -> None:
    """Latin-1 letters are unknown keys; those after them still work."""
    terminal = Terminal()
    try:
        terminal.until(b"NAME4")
        terminal.press(b"jj")
        terminal.until(b"Proposal")
        terminal.press(b"\xf8\xff")
        terminal.press(b"q")
        assert terminal.finish() == 0
    finally:
        terminal.process.kill()
        terminal.process.wait(PATIENCE)
    assert b"Traceback" not in terminal.written
