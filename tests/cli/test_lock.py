"""A locked program gives up its process, and only the passphrase brings the screen back."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from planner.cli.secrets import FILE_VARIABLE
from tests.cli.conftest import PASSPHRASE, desk_at, place
from tests.cli.office import TODAY
from tests.cli.terminal import on_loose_terminal, on_terminal


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


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals there")
def test_when_the_terminal_goes_without_a_word_the_program_ends_and_gives_up_the_store(
    filled: Path, tmp_path: Path
) -> None:
    place(filled, tmp_path)
    with on_loose_terminal("--today", TODAY, TERM="xterm-256color") as terminal:
        assert b"Eksempel" in terminal.until(lambda said: b"Eksempel" in said)
        terminal.go_away()
        assert terminal.process.wait() == 128 + signal.SIGHUP
    with desk_at(tmp_path / "planner.db") as desk:
        assert len(desk.caseload().citizens) == 6
