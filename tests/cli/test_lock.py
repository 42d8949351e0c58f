"""A locked program gives up its process, and only the passphrase brings the screen back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from planner.cli.secrets import FILE_VARIABLE
from tests.cli.conftest import PASSPHRASE, place
from tests.cli.office import TODAY
from tests.cli.terminal import own_terminal, written_until


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
        preexec_fn=own_terminal,
    ) as process:
        os.close(theirs)
        shown = written_until(ours, lambda said: b"Eksempel" in said)
        os.write(ours, b"\x0c")
        locked = written_until(ours, lambda said: "Adgangssætning:".encode() in said)
        assert "Programmet er låst.".encode() in locked, shown[-900:]
        os.write(ours, PASSPHRASE.encode() + b"\n")
        again = written_until(ours, lambda said: b"Eksempel" in said)
        assert PASSPHRASE.encode() not in shown + locked + again
        os.write(ours, b"q")
        left = written_until(ours, lambda said: False)
        assert process.wait() == 0, left[-400:]
    os.close(ours)
