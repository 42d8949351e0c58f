"""The list is on the terminal before the screen is loaded, and the terminal is given back as it was."""

from __future__ import annotations

import os
import signal
import sys
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import pytest

termios = pytest.importorskip("termios", reason="a picture before the screen is a POSIX thing")

from planner.bootstrap import make_demo  # noqa: E402 - only where there is such a terminal
from planner.first_view import AHEAD, LINES, PICTURE  # noqa: E402
from planner.services.demo import demo_caseload  # noqa: E402
from planner.store import sqlite  # noqa: E402
from planner.store.sqlite import StoreFile  # noqa: E402
from tests.benchmarks.tty import COLUMNS, ROWS, Gone, Overdue, Screen, Session  # noqa: E402
from tests.services.office import MONDAY  # noqa: E402

WITHOUT_SCREEN = """
import sys
sys.modules["textual"] = None
from planner.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
PATIENCE = 120
#: What a terminal is sent when its keys are read.
READS = b"\x1b[?2004h"


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


def begun(store: Path, *command: str, day: date = MONDAY, **surroundings: str) -> Session:
    words = ["--store", str(store), "--today", day.isoformat(), "--lang", "en"]
    settings = {"PLANNER_CONFIG": str(store.with_name("none.toml"))}
    return Session([sys.executable, *command, *words], settings | surroundings)


def kept(store: Path) -> bool:
    return glances(store) >= {LINES, PICTURE}


def glances(store: Path) -> set[str]:
    """The keys of those that are kept."""
    with closing(sqlite.connect(StoreFile(store))) as connection:
        return {key for (key,) in connection.execute("SELECT key FROM glances")}


def planned(store: Path, key: str) -> list[str]:
    """The basis of the plan that is kept under that key."""
    with closing(sqlite.connect(StoreFile(store))) as connection:
        return [basis for (basis,) in connection.execute("SELECT basis FROM plans WHERE key = ?", (key,))]


@pytest.fixture
def session(store: Path) -> Iterator[Session]:
    """The program where the screen cannot be loaded."""
    session = begun(store, "-c", WITHOUT_SCREEN)
    yield session
    session.close()


def recorded(session: Session) -> bytearray:
    """All that the program writes from now on."""
    raw = bytearray()
    session.heard = raw.extend
    return raw


def opens_a_dialog(session: Session) -> None:
    """A key that waits for the list of the store has done what it does, and so has all that was typed before it."""
    session.press("p")
    session.until(lambda screen: "Postpone" in screen.text, PATIENCE)


def booked(store: Path) -> int:
    """How often the journal says that a proposal was accepted."""
    with closing(sqlite.connect(StoreFile(store))) as connection:
        return int(connection.execute("SELECT count(*) FROM journal WHERE verb = 'accept'").fetchone()[0])


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


def test_what_was_typed_before_the_picture_does_nothing_and_what_is_pasted_is_told_as_pasted(
    store: Path, session: Session
) -> None:
    raw = recorded(session)
    session.until(shows_the_list, PATIENCE)
    assert raw.index(b"\x1b[?2004h") < raw.index(b"Overdue")
    early = begun(store, "-m", "planner")
    early.press("jjjja")
    early.until(shows_the_list, PATIENCE)
    early.until(lambda screen: "typed before the list" in screen.text, PATIENCE)
    opens_a_dialog(early)
    early.press("esc")
    early.until(lambda screen: "Postpone" not in screen.text, PATIENCE)
    looked_at(early)
    assert booked(store) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_program_that_is_told_to_leave_gives_the_terminal_back(store: Path, number: signal.Signals) -> None:
    for stands in (False, True):
        session = begun(store, "-m", "planner")
        raw = recorded(session)
        try:
            before = termios.tcgetattr(session.descriptor)
            session.until(shows_the_list, PATIENCE)
            if stands:
                opens_a_dialog(session)
            os.kill(session.pid, number)
            session.ended(PATIENCE)
            assert session.code == 128 + number
            assert termios.tcgetattr(session.descriptor) == before
            assert b"\x1b[?1049l" in raw
        finally:
            session.close()


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="only Linux tells of another process's threads")
def test_a_program_that_was_stopped_goes_on_with_one_reader_of_the_keys(store: Path) -> None:
    session = begun(store, "-m", "planner")
    raw, stops = recorded(session), 8  # each would leave two threads behind
    try:
        session.until(shows_the_list, PATIENCE)
        opens_a_dialog(session)
        session.press("esc")
        threads = len(os.listdir(f"/proc/{session.pid}/task"))
        for _ in range(stops):
            read = raw.count(READS)
            os.kill(session.pid, signal.SIGSTOP)
            os.waitpid(session.pid, os.WUNTRACED)
            os.kill(session.pid, signal.SIGCONT)
            session.until(lambda _: raw.count(READS) > read, PATIENCE)  # noqa: B023
            session.rest()
        opens_a_dialog(session)
        assert len(os.listdir(f"/proc/{session.pid}/task")) < threads + stops
        session.press("esc")
        session.until(lambda screen: "Postpone" not in screen.text, PATIENCE)
        session.press("q")
        session.ended(PATIENCE)
        assert session.code == 0
    finally:
        session.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_terminal_is_given_back_where_the_passphrase_is_asked_for(empty: Path, number: signal.Signals) -> None:
    session = begun(empty, "-m", "planner", PLANNER_PASSPHRASE_FILE="")
    try:
        session.until(lambda screen: "Passphrase" in screen.text, PATIENCE)
        session.press("blåbær")
        os.kill(session.pid, number)
        session.ended(PATIENCE)
        assert session.code == 128 + number
        assert termios.tcgetattr(session.descriptor)[3] & termios.ECHO
    finally:
        session.close()


@pytest.mark.parametrize("writes", [1, 2, 3, 4, 5, 6, 8, 12])
def test_told_to_leave_at_any_moment_it_takes_back_all_that_it_asked_of_the_terminal(store: Path, writes: int) -> None:
    session = begun(store, "-m", "planner")
    heard: list[bytes] = []
    session.heard = heard.append
    try:
        with suppress(Overdue):  # it may rest before it has written so often
            session.until(lambda _: len(heard) >= writes, 5)
        os.kill(session.pid, signal.SIGTERM)
        session.ended(PATIENCE)
        with suppress(Gone):
            session.rest()
        assert session.code == 128 + signal.SIGTERM
        raw = b"".join(heard)
        for mode in (b"1049", b"2004", b"1004", b"1006", b"1000", b"1003"):
            assert raw.rfind(b"\x1b[?" + mode + b"h") <= raw.rfind(b"\x1b[?" + mode + b"l"), mode
        assert raw.rfind(b"\x1b[?25l") <= raw.rfind(b"\x1b[?25h")
        assert raw.count(b"\x1b[>") <= raw.count(b"\x1b[<")
        assert b"fault of its own" not in raw
    finally:
        session.close()


def test_nobody_is_shown_who_is_not_logged(store: Path, session: Session) -> None:
    """The log cannot be written: the picture is not painted either."""
    session.ended(PATIENCE)
    with closing(sqlite.connect(StoreFile(store))) as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON accesses BEGIN SELECT raise(ABORT, 'full'); END")
    without = begun(store, "-c", WITHOUT_SCREEN)
    raw = recorded(without)
    try:
        without.ended(PATIENCE)
        assert b"Overdue" not in raw
    finally:
        without.close()


@pytest.mark.parametrize("lines", ["not JSON", "[]", '[[["nowhere",[]]],"",[[],"",false],[]]', "-5\n[]"])
def test_a_glance_of_another_version_stops_no_start(store: Path, lines: str) -> None:
    with closing(sqlite.connect(StoreFile(store))) as connection:
        data = zlib.compress(lines.encode() if lines.startswith("-") else f"15\n{lines}".encode())
        connection.execute("UPDATE glances SET data = ? WHERE key = ?", (data, LINES))
    looked_at(begun(store, "-m", "planner"))


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


def test_the_terminal_keeps_no_key_to_itself_while_the_picture_stands(session: Session) -> None:
    session.until(shows_the_list, PATIENCE)
    attributes = termios.tcgetattr(session.descriptor)
    given, local = attributes[0], attributes[3]
    assert not given & (termios.IXON | termios.IXOFF | termios.ICRNL)  # Ctrl+Q and Ctrl+S are keys, enter is itself
    assert not local & (termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN)


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


def test_the_day_after_is_made_ahead_while_no_key_comes(store: Path) -> None:
    session = begun(store, "-m", "planner")
    until = perf_counter() + PATIENCE
    session.until(shows_the_list, PATIENCE)
    while AHEAD + PICTURE not in glances(store) and perf_counter() < until:
        session.rest(0.1)
    looked_at(session)
    (ahead,) = planned(store, "trial-ahead")
    assert planned(store, "trial") != [ahead]
    tomorrow, before = MONDAY + timedelta(days=1), looks(store)
    session = begun(store, "-c", WITHOUT_SCREEN, day=tomorrow)
    session.until(shows_the_list, PATIENCE)
    assert "24 November" in session.screen.text
    session.ended(PATIENCE)
    session.close()
    assert looks(store) == before + 1
    session = begun(store, "-m", "planner", day=tomorrow)
    session.until(shows_the_list, PATIENCE)
    while planned(store, "trial") != [ahead] and perf_counter() < until:
        session.rest(0.1)
    looked_at(session)
    assert planned(store, "trial") == [ahead]
    assert looks(store) == before + 2
