"""What is typed at the passphrase is shown to nobody, and left to nobody, whatever ends the question."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.__main__ import main
from planner.cli import secrets
from planner.cli.secrets import FILE_VARIABLE
from planner.store.keys import unlocking
from planner.store.keys.slots import Kind
from tests.__main__ import ROOT
from tests.cli.conftest import PASSPHRASE, Line

termios = pytest.importorskip("termios", reason="a terminal of this kind is a POSIX thing")


class Terminal:
    """A terminal that something can be asked on, and whether it shows what is typed."""

    def __init__(self) -> None:
        self.ours, self.theirs = os.openpty()

    @property
    def shows(self) -> bool:
        """Whether what is typed is shown."""
        return bool(termios.tcgetattr(self.theirs)[3] & termios.ECHO)

    def show(self) -> None:
        """As a shell leaves it to a program that goes on."""
        modes = termios.tcgetattr(self.theirs)
        modes[3] |= termios.ECHO
        termios.tcsetattr(self.theirs, termios.TCSANOW, modes)

    def until(self, *, shows: bool) -> None:
        """Wait."""
        deadline = time.monotonic() + 60
        while self.shows != shows:
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def close(self) -> None:
        """It goes."""
        os.close(self.ours)
        os.close(self.theirs)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """One that shows what is typed at first."""
    made = Terminal()
    assert made.shows
    yield made
    made.close()


def test_a_signal_at_the_passphrase_leaves_a_terminal_that_shows_what_is_typed(
    nowhere: Line, secret: Path, tmp_path: Path, terminal: Terminal
) -> None:
    """Nor does a shell that has stopped the program in between make it show the passphrase."""
    assert nowhere("init", "--passphrase-file", secret, "--recovery-to", tmp_path / "recovery").code == 0
    surroundings = {name: value for name, value in os.environ.items() if name != FILE_VARIABLE}
    process = subprocess.Popen(
        [sys.executable, "-m", "planner", "today"],
        stdin=terminal.theirs,
        stdout=terminal.theirs,
        stderr=terminal.theirs,
        env={**surroundings, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    try:
        terminal.until(shows=False)
        terminal.show()
        process.send_signal(signal.SIGCONT)
        terminal.until(shows=False)
        os.write(terminal.ours, b"den halve adgangs")
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 128 + signal.SIGTERM
    finally:
        process.kill()
        process.wait()
    assert terminal.shows
    os.set_blocking(terminal.theirs, False)
    os.write(terminal.ours, b"\n")
    assert os.read(terminal.theirs, 100) == b"\n"  # nothing is left to whoever reads next


def test_what_is_typed_while_a_passphrase_is_checked_is_not_shown(
    nowhere: Line,
    secret: Path,
    tmp_path: Path,
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever notices a slip types again before it is told."""
    assert nowhere("init", "--passphrase-file", secret, "--recovery-to", tmp_path / "recovery").code == 0
    shows, check = list[bool](), unlocking.unlock

    def unlock(path: Path, kind: Kind, given: str) -> bytes:
        shows.append(terminal.shows)
        return check(path, kind, given)

    monkeypatch.setattr(unlocking, "unlock", unlock)
    typed = ["en slåfejl", PASSPHRASE]
    monkeypatch.delenv(FILE_VARIABLE)
    monkeypatch.setattr(secrets, "is_interactive", lambda: True)
    monkeypatch.setattr(secrets, "getpass", lambda question, stream: typed.pop(0))
    with open(terminal.theirs, encoding="utf-8", closefd=False) as keyboard:
        monkeypatch.setattr(sys, "stdin", keyboard)
        assert main(["today"]) == 0
    assert shows == [False, False]
    assert terminal.shows
