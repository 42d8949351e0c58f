"""A locked program gives up its process, and only the passphrase brings the screen back."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.cli.secrets import FILE_VARIABLE
from tests.cli.conftest import PASSPHRASE, place
from tests.cli.office import TODAY

_PATIENCE = 60.0


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals there")
def test_after_locking_the_passphrase_is_asked_for_though_a_file_has_it(
    filled: Path, secret: Path, tmp_path: Path
) -> None:
    import pty

    place(filled, tmp_path)
    ours, theirs = pty.openpty()
    environment = {**os.environ, FILE_VARIABLE: str(secret), "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}
    with subprocess.Popen(
        [sys.executable, "-m", "planner", "--today", TODAY],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
        preexec_fn=_own_terminal,
    ) as process:
        os.close(theirs)
        shown = _until(ours, lambda said: b"Eksempel" in said)
        os.write(ours, b"\x0c")
        locked = _until(ours, lambda said: "Adgangssætning:".encode() in said)
        assert "Programmet er låst.".encode() in locked
        os.write(ours, PASSPHRASE.encode() + b"\n")
        again = _until(ours, lambda said: b"Eksempel" in said)
        assert PASSPHRASE.encode() not in shown + locked + again
        os.write(ours, b"q")
        _until(ours, lambda said: process.poll() is not None)
        assert process.wait() == 0
    os.close(ours)


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _until(descriptor: int, enough: Callable[[bytes], bool]) -> bytes:
    said, end = b"", time.monotonic() + _PATIENCE
    while not enough(said):
        assert time.monotonic() < end, said[-2000:].decode("utf-8", "replace")
        if select.select([descriptor], [], [], 0.2)[0]:
            try:
                said += os.read(descriptor, 65536)
            except OSError:  # how Linux says that the other side has closed
                break
    return said
