"""The list is on the terminal before the screen is loaded, and the terminal is given back as it was."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter

import pytest

termios = pytest.importorskip("termios", reason="a picture before the screen is a POSIX thing")

from planner.bootstrap import make_demo  # noqa: E402 - only where there is such a terminal
from planner.first_view import LINES, PICTURE  # noqa: E402
from planner.services.demo import demo_caseload  # noqa: E402
from planner.store import sqlite  # noqa: E402
from planner.store.sqlite import StoreFile  # noqa: E402
from tests.benchmarks.tty import COLUMNS, ROWS, Screen, Session  # noqa: E402
from tests.services.office import MONDAY  # noqa: E402

WITHOUT_SCREEN = """
import sys
sys.modules["textual"] = None
from planner.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
PATIENCE = 120


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store whose list was shown and left."""
    path = tmp_path / "planner.db"
    make_demo(path, MONDAY)
    session = begun(path, "-m", "planner")
    until = perf_counter() + PATIENCE
    session.until(shows_the_list, PATIENCE)
    while not kept(path) and perf_counter() < until:
        session.rest(0.1)
    looked_at(session)
    assert kept(path)
    return path


def looked_at(session: Session) -> None:
    """Somebody sees the list and leaves."""
    try:
        session.until(shows_the_list, PATIENCE)
        session.press("q")
        session.ended(PATIENCE)
    finally:
        session.close()


def shows_the_list(screen: Screen) -> bool:
    """Whether a heading of the list is there, and the keys below it."""
    return "Overdue" in screen.text and "h held" in screen.text


def begun(store: Path, *command: str, **surroundings: str) -> Session:
    words = ["--store", str(store), "--today", MONDAY.isoformat(), "--lang", "en"]
    settings = {"PLANNER_CONFIG": str(store.with_name("none.toml"))}
    return Session([sys.executable, *command, *words], settings | surroundings)


def kept(store: Path) -> bool:
    with closing(sqlite.connect(StoreFile(store))) as connection:
        found = {key for (key,) in connection.execute("SELECT key FROM glances")}
    return found == {LINES, PICTURE}


@pytest.fixture
def session(store: Path) -> Iterator[Session]:
    """The program where the screen cannot be loaded."""
    session = begun(store, "-c", WITHOUT_SCREEN)
    yield session
    session.close()


def looks(store: Path) -> int:
    """How often somebody looked at today's list."""
    with closing(sqlite.connect(StoreFile(store))) as connection:
        query = "SELECT count(*) FROM accesses WHERE purpose = 'today' AND counted > 0"
        return int(connection.execute(query).fetchone()[0])


def test_each_look_is_logged_once_whoever_paints_it(store: Path, session: Session) -> None:
    session.ended(PATIENCE)
    before = looks(store)
    assert before > 1
    looked_at(begun(store, "-m", "planner"))
    assert looks(store) == before + 1


def test_the_picture_needs_no_screen_and_is_taken_away_where_none_comes(session: Session) -> None:
    before = termios.tcgetattr(session.descriptor)
    session.until(shows_the_list, PATIENCE)
    names = {name.split()[0] for name in (citizen.name for citizen in demo_caseload(MONDAY).citizens)}
    assert any(name in session.screen.text for name in names)
    session.ended(PATIENCE)
    assert termios.tcgetattr(session.descriptor) == before


def test_no_picture_goes_into_a_file_that_standard_output_goes_to(store: Path, tmp_path: Path) -> None:
    written = tmp_path / "out.txt"
    redirected = f"import os\nos.dup2(os.open({str(written)!r}, os.O_CREAT | os.O_WRONLY), 1)\n{WITHOUT_SCREEN}"
    session = begun(store, "-c", redirected, COLUMNS=str(COLUMNS), LINES=str(ROWS))
    try:
        session.until(shows_the_list, PATIENCE)
        session.ended(PATIENCE)
    finally:
        session.close()
    assert written.read_bytes() == b""


def test_lines_without_their_picture_are_a_look_too(store: Path) -> None:
    before = looks(store)
    looked_at(begun(store, "-m", "planner", TERM="xterm"))  # for which nothing was painted
    assert looks(store) == before + 1


def test_the_terminal_is_as_before_when_the_screen_is_left(store: Path) -> None:
    session = begun(store, "-m", "planner")
    try:
        before = termios.tcgetattr(session.descriptor)
        session.until(shows_the_list, PATIENCE)
        session.press("q")
        session.ended(PATIENCE)
        assert termios.tcgetattr(session.descriptor) == before
    finally:
        session.close()
