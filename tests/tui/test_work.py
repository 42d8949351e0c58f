"""Whoever leaves waits for what was asked for, and not for what is reckoned behind the screen."""

from __future__ import annotations

from threading import Event

from planner.tui.work import Hands


def test_what_never_ends_is_not_waited_for() -> None:
    hands, door = Hands(), Event()
    endless = hands.submit(door.wait)
    hands.shutdown()
    assert not endless.done()
    door.set()
    assert endless.result(30)


def test_what_is_soon_done_is_waited_for() -> None:
    hands = Hands()
    soon = [hands.submit(int) for _ in range(50)]
    hands.shutdown()
    assert [one.result(0) for one in soon] == [0] * 50
