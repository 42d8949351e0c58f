"""A locked program gives up its process, and only the passphrase brings the screen back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from planner.cli.secrets import FILE_VARIABLE
from tests.cli.conftest import PASSPHRASE, place
from tests.cli.office import TODAY
from tests.cli.terminal import on_terminal


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals there")
def test_after_locking_the_passphrase_is_asked_for_though_a_file_has_it(
    filled: Path, secret: Path, tmp_path: Path
) -> None:
    place(filled, tmp_path)
    environment = {FILE_VARIABLE: str(secret), "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}
    with on_terminal("--today", TODAY, **environment) as terminal:
        shown = terminal.until(lambda said: b"Eksempel" in said)
        terminal.type(b"\x0c")
        locked = terminal.until(lambda said: "Adgangssætning:".encode() in said)
        assert "Programmet er låst.".encode() in locked, shown[-900:]
        terminal.type(PASSPHRASE.encode() + b"\n")
        again = terminal.until(lambda said: b"Eksempel" in said)
        assert PASSPHRASE.encode() not in shown + locked + again
        terminal.type(b"q")
        left = terminal.until(lambda said: False)
        assert terminal.process.wait() == 0, left[-400:]
