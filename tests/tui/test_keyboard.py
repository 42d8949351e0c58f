"""What the terminal sends is read whatever it is, and after whatever it was the keys act."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from planner.tui import keyboard
from planner.tui.keyboard import ForgivingParser

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
