"""Whoever leaves waits for what was asked for, and not for what is reckoned behind the screen."""

from __future__ import annotations

import gc
from contextlib import nullcontext
from threading import Event
from weakref import ref

import pytest

from planner.tui import work
from planner.tui.work import Hands, behind, reckoning


def test_what_never_ends_is_not_waited_for() -> None:
    hands, door = Hands(), Event()
    endless = hands.submit(door.wait)
    hands.shutdown()
    assert not endless.done()
    door.set()
    assert endless.result(30)


def test_what_is_soon_done_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_PATIENCE", 30.0)
    hands, started, door = Hands(), Event(), Event()

    def soon() -> None:
        started.set()
        assert door.wait(30)

    task = hands.submit(soon)
    assert started.wait(30)
    (thread,) = hands._threads
    join = thread.join

    def joined(timeout: float | None = None) -> None:  # only who waits lets it come to its end
        door.set()
        join(timeout)

    monkeypatch.setattr(thread, "join", joined)
    hands.shutdown()
    assert task.done()


def test_a_plan_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_PATIENCE", 30.0)
    hands, started, door = Hands(), Event(), Event()

    def reckons() -> None:
        with reckoning():
            started.set()
            assert door.wait(30)

    plan = hands.submit(reckons)
    assert started.wait(30)
    (thread,) = hands._threads
    monkeypatch.setattr(thread, "join", lambda timeout=None: door.set())
    hands.shutdown()
    assert not door.is_set()
    door.set()
    plan.result(30)
    assert not work._RECKONING


class _Heavy:
    """What one would not want to be left behind."""


@pytest.mark.parametrize("fails", [False, True])
async def test_nothing_that_another_thread_had_in_its_hands_is_left_behind(fails: bool) -> None:
    held: list[ref[_Heavy]] = []

    def reckons() -> _Heavy:
        heavy = _Heavy()
        held.append(ref(heavy))
        if fails:
            raise LookupError
        return heavy

    gc.disable()
    try:
        with pytest.raises(LookupError) if fails else nullcontext():
            await behind(reckons)
        assert held[0]() is None
    finally:
        gc.enable()
