"""What the terminal sends is read whatever it is, and after whatever it was the keys act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver
from textual.message import Message

from planner.tui import keyboard
from planner.tui.keyboard import ForgivingParser, reading_once

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


@given(texts=st.lists(st.text("ab\x1b[~201", max_size=12), max_size=4), cuts=st.integers(1, 7))
def test_a_paste_is_read_as_before_however_it_is_cut(texts: list[str], cuts: int) -> None:
    data = "".join(f"{BEGIN}{text}{END}x" for text in texts)
    parser = ForgivingParser()
    found: list[Message] = []
    for at in range(0, len(data), cuts):
        found += parser.feed(data[at : at + cuts])
    whole = ForgivingParser()
    assert said(found)[-1:] == said([*whole.feed(data)])[-1:]
    assert parser._since is None or data.rfind(BEGIN) > data.rfind(END)


class Terminal(Driver):
    """Goes on after a stop as Textual's driver does, and counts who reads; `meanwhile` comes while it begins."""

    meanwhile: Callable[[], None] | None = None

    def __init__(self) -> None:
        self._auto_restart = True
        self._must_signal_resume = False
        self.readers = 1

    def write(self, data: str) -> None:
        """Nowhere."""

    def start_application_mode(self) -> None:
        """Read."""
        if self.meanwhile is not None:
            self.meanwhile()
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


def test_whatever_stopped_it_one_reads_the_keys() -> None:
    kind: Any = reading_once(Terminal)
    driver = kind()
    driver._sigcont_application()  # by a signal that cannot be noticed
    assert driver.readers == 1
    driver.suspend_application_mode()  # by one that can
    driver._must_signal_resume = True
    driver._sigcont_application()
    assert driver.readers == 1
    driver.meanwhile = driver._sigcont_application  # again, before it goes on
    driver._sigcont_application()
    assert driver.readers == 1


def test_where_a_process_is_not_stopped_the_driver_stays() -> None:
    assert reading_once(HeadlessDriver) is HeadlessDriver
