"""After a crash the first screen, or the next verb, says once what was kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from planner.cli.secrets import FILE_VARIABLE
from planner.services.ports import Draft
from tests.cli.conftest import Line, desk_at, place
from tests.cli.office import TODAY
from tests.cli.terminal import Terminal, on_terminal

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals there")

SAID = "ikke lukket rigtigt"


@pytest.fixture
def environment(filled: Path, secret: Path, tmp_path: Path) -> dict[str, str]:
    """What the program finds around it, on a copy of the office's store."""
    place(filled, tmp_path)
    return {FILE_VARIABLE: str(secret), "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"}


def shown(terminal: Terminal, text: str) -> bytes:
    """What is written until the text is."""
    return terminal.until(lambda said: text.encode() in said)


def test_the_first_screen_after_a_crash_says_what_was_kept_and_takes_no_key(
    environment: dict[str, str], line: Line
) -> None:
    with on_terminal("--today", TODAY, **environment) as terminal:
        first = shown(terminal, "Eksempel")
        terminal.type(b"i")
        shown(terminal, "Notat")
        terminal.type(b"Ringede\r")
        shown(terminal, "notat skrevet")
    assert terminal.process.returncode == -9
    with on_terminal("--today", TODAY, **environment) as terminal:
        again = shown(terminal, "notat skrevet")
        terminal.type(b"q")
        terminal.until(lambda said: False)
        assert terminal.process.wait() == 0
    assert SAID.encode() not in first
    assert SAID.encode() in again
    assert line("log").err == ""


def test_the_next_verb_says_it_once_on_standard_error_and_a_draft_comes_back(
    environment: dict[str, str], line: Line, tmp_path: Path
) -> None:
    assert line("note", "Bo", "Ringede").err == ""
    with desk_at(tmp_path / "planner.db") as desk:
        desk.keep_draft(Draft("note", "c-2", {"note": "Ring igen"}))
    with on_terminal("triage", "--today", TODAY, **environment) as terminal:
        shown(terminal, "Dit valg")
        terminal.type(b"9\n")
        shown(terminal, "Notat")
        terminal.type(b"Ringede igen\n")
        shown(terminal, "notat skrevet")
    assert terminal.process.returncode == -9
    told = line("today", "--json", "--lang", "en")
    assert told.code == 0
    assert told.json
    assert "not closed in order last time. Everything that was saved is here; the last action" in told.err
    assert "note written" in told.err
    assert "not saved comes back" in told.err
    assert line("today").err == ""


def test_a_verb_that_ends_in_order_leaves_nothing_to_say(environment: dict[str, str], line: Line) -> None:
    for words in (("note", "Bo", "Ringede"), ("note", "Ingen", "x"), ("log",)):
        assert SAID not in line(*words).err
