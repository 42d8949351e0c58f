"""What the terminal sends is read whatever it is, and after whatever it was the keys act."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from queue import Queue
from select import select
from threading import Event, Lock, Thread
from time import sleep
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from textual import _parser, constants, events
from textual.constants import ESCAPE_DELAY
from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver
from textual.message import Message

from planner.tui import keyboard
from planner.tui.keyboard import ForgivingParser, reading_well

#: What stands for a byte that is no sign.
STRANGE = "replacement_character"
BEGIN, END = "\x1b[200~", "\x1b[201~"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds, which go on when the test says so."""
    now = [0.0]
    monkeypatch.setattr(keyboard, "monotonic", lambda: now[0])
    return now


def said(messages: list[Message]) -> list[str]:
    """Keys by their names, pasted texts in brackets."""
    return [f"[{one.text}]" if isinstance(one, events.Paste) else getattr(one, "key", "?") for one in messages]


def test_a_paste_whose_end_is_missing_ends_after_a_while(clock: list[float]) -> None:
    parser = ForgivingParser()
    assert said([*parser.feed(f"{BEGIN}abc")]) == []
    clock[0] += 4
    assert said([*parser.tick(), *parser.feed("d")]) == []
    clock[0] += 4
    assert said([*parser.tick()]) == []
    clock[0] += 4
    assert said([*parser.tick()]) == ["[abcd]"]
    assert said([*parser.feed("q")]) == ["q"]
    clock[0] += 9
    assert said([*parser.tick()]) == []


@given(texts=st.lists(st.text("ab\x1b[~201q", max_size=12), max_size=4), cuts=st.integers(1, 7))
def test_what_is_pasted_is_text_however_it_is_cut(texts: list[str], cuts: int) -> None:
    """Also where it has what would be keys, or another paste, in it; keys before and behind it act."""
    assume(not any(END in text + END[:-1] for text in texts))
    data = "".join(f"{BEGIN}{text}{END}x" for text in texts)
    parser = ForgivingParser()
    found: list[Message] = []
    for at in range(0, len(data), cuts):
        found += parser.feed(data[at : at + cuts])
    assert said(found) == [one for text in texts for one in ("[" + text.replace("\x1b", "") + "]", "x")]
    assert waits(parser) is None


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [({}, 0.025), ({"SSH_TTY": "/dev/pts/1"}, ESCAPE_DELAY), ({"ESCDELAY": "100"}, ESCAPE_DELAY)],
)
def test_an_escape_waits_only_where_the_rest_may_be_under_way(environ: dict[str, str], seconds: float) -> None:
    assert keyboard._escape_delay(environ) == seconds


def waits(parser: ForgivingParser) -> float | None:
    """Its patience as it stands now."""
    return parser.patience


def test_what_may_go_on_is_waited_for_and_what_is_whole_is_not(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyboard, "_escape_delay", lambda environ: 0.025)
    monkeypatch.setattr(keyboard, "get_time", lambda: clock[0])
    monkeypatch.setattr(_parser, "get_time", lambda: clock[0])
    parser = ForgivingParser()
    assert waits(parser) is None
    assert said([*parser.feed("\x1b")]) == []
    assert waits(parser) == pytest.approx(0.026)
    assert said([*parser.feed("[B")]) == ["down"]
    assert waits(parser) is None
    assert said([*parser.feed("\x1b[")]) == []
    assert waits(parser) == pytest.approx(ESCAPE_DELAY + 0.001)
    assert said([*parser.feed("A")]) == ["up"]
    assert said([*parser.feed("\x1b")]) == []
    clock[0] += waits(parser) or 0
    assert said([*parser.tick()]) == ["escape"]
    assert said([*parser.feed(f"{BEGIN}a\x1b")]) == []  # the end of a paste is not hurried
    assert waits(parser) == pytest.approx(5.001)
    assert said([*parser.feed("[201~")]) == ["[a]"]


def test_what_was_taken_for_keys_is_no_beginning_of_a_paste(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyboard, "get_time", lambda: clock[0])
    monkeypatch.setattr(_parser, "get_time", lambda: clock[0])
    parser = ForgivingParser()
    assert said([*parser.feed("\x1b[20")]) == []
    clock[0] += waits(parser) or 0
    assert said([*parser.tick()])
    assert said([*parser.feed("0~\x1b[A")])[-1] == "up"


class Line(Driver):
    """Reads the given file, and keeps what it read."""

    def __init__(self, fileno: int) -> None:
        self.fileno, self._debug, self.exit_event = fileno, False, Event()
        self.read: Queue[Message] = Queue()

    def write(self, data: str) -> None:
        """Nowhere."""

    def start_application_mode(self) -> None:
        """Nothing to start."""

    def disable_input(self) -> None:
        """Nothing to stop."""

    def stop_application_mode(self) -> None:
        """Nothing to stop."""

    def process_message(self, message: Message) -> None:
        """Keep it."""
        self.read.put(message)

    def _sigcont_application(self) -> None:
        """Never stopped."""


#: Bytes, also of a terminal that knows no UTF-8, and the keys that they are.
TYPED: tuple[tuple[bytes, list[str]], ...] = (
    (b"a", ["a"]),
    (b"\x1b", ["escape"]),
    (b"\xe6q", [STRANGE, "q"]),
    (b"\xe5", []),
    (b"j", [STRANGE, "j"]),
    (b"\x1b[B", ["down"]),
)


def until_read(file: int) -> None:
    """Wait until somebody has read all that lies there."""
    while select([file], [], [], 0)[0]:
        sleep(0.001)


@pytest.mark.skipif(sys.platform == "win32", reason="has another driver")
def test_the_line_is_read_at_once_until_the_end_whatever_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    kind: Any = reading_well(Line)
    line = kind(reader)
    for _ in range(2):  # as after a stop
        thread = Thread(target=line.run_input_thread, daemon=True)
        thread.start()
        for data, keys in TYPED:
            os.write(writer, data)
            until_read(reader)
            assert said([line.read.get(timeout=30) for _ in keys]) == keys
        for letter in "æøå€":  # each read half first
            for byte in letter.encode():
                os.write(writer, bytes([byte]))
                until_read(reader)
            assert line.read.get(timeout=30).character == letter
        line.exit_event.set()
        thread.join(30)
        assert not thread.is_alive()
        line.exit_event.clear()
    monkeypatch.setattr(keyboard, "_escape_delay", lambda environ: 1000.0)
    monkeypatch.setattr(constants, "ESCAPE_DELAY", 1000.0)
    os.write(writer, b"a\x1b")
    thread = Thread(target=line.run_input_thread, daemon=True)
    thread.start()
    assert said([line.read.get(timeout=30)]) == ["a"]
    line.exit_event.set()  # while it waits for what may follow
    assert said([line.read.get(timeout=30)]) == ["escape"]
    thread.join(30)
    line.exit_event.clear()
    os.close(writer)  # nothing comes any more
    thread = Thread(target=line.run_input_thread, daemon=True)
    thread.start()
    line.exit_event.set()
    thread.join(30)
    assert not thread.is_alive()
    os.close(reader)


class Terminal(Driver):
    """Goes on after a stop as Textual's driver does, and counts who reads; `meanwhile` comes while it begins."""

    meanwhile: Callable[[], None] | None = None

    def __init__(self) -> None:
        self._auto_restart = True
        self._must_signal_resume = False
        self.readers, self.behind, self.stops = 1, 0, 0

    def write(self, data: str) -> None:
        """Nowhere."""

    def start_application_mode(self) -> None:
        """Read, unless it lies behind the shell."""
        if self.meanwhile is not None:
            self.meanwhile()
        if self.behind:
            self.behind -= 1
            return
        self._must_signal_resume = False
        self.readers += 1

    def disable_input(self) -> None:
        """Read no more."""
        self.readers -= 1

    def stop_application_mode(self) -> None:
        """The same."""
        self.disable_input()

    def _sigcont_application(self) -> None:
        if self._auto_restart:
            self.resume_application_mode()

    def _sigtstp_application(self) -> None:
        self.stops += 1


async def told(driver: Any, times: int = 1) -> int:
    """How many read when that has been done which so many signals to go on asked for."""
    for _ in range(times):
        driver._sigcont_application()
    for _ in range(9):
        await asyncio.sleep(0)
    return int(driver.readers)


async def test_whatever_stopped_it_one_reads_the_keys() -> None:
    kind: Any = reading_well(Terminal)
    driver = kind()
    assert await told(driver) == 1  # by a signal that cannot be noticed
    driver.suspend_application_mode()  # by one that can
    driver._must_signal_resume = True
    assert await told(driver) == 1
    assert await told(driver, 3) == 1  # again, before it goes on
    driver.behind = 2  # told to go on behind the shell, which stops it, twice, and then before it
    assert await told(driver, 3) == 1
    driver.behind = 1  # it cannot go on, and is not told to any more
    assert await told(driver) == 0
    assert await told(driver) == 1


async def test_a_signal_waits_for_no_lock_that_is_held_where_it_comes() -> None:
    kind: Any = reading_well(Terminal)
    driver, lock, had = kind(), Lock(), list[bool]()

    def use() -> None:
        had.append(lock.acquire(timeout=1))
        if had[-1]:
            lock.release()

    driver.meanwhile = use
    with lock:
        driver._sigcont_application()
        driver._sigtstp_application()
    assert await told(driver) == 1
    assert driver.stops == 1
    assert had
    assert all(had)


def test_what_comes_when_all_is_over_touches_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """It can still be stopped: perhaps a store is closed, or something asked."""
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda *given: sent.append(given))
    kind: Any = reading_well(Terminal)

    async def begun() -> Any:
        return kind()

    driver = asyncio.run(begun())
    driver._sigcont_application()
    driver._sigtstp_application()
    assert (driver.readers, driver.stops) == (1, 0)
    assert sent == [(os.getpid(), signal.SIGSTOP)]


def test_where_a_process_is_not_stopped_the_driver_stays() -> None:
    assert reading_well(HeadlessDriver) is HeadlessDriver
