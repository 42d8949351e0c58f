"""Whose turn it is: the loop's while it is at work, anybody's while it waits."""

from __future__ import annotations

import asyncio
import sys
import time
from socket import socketpair
from threading import Event
from typing import cast

import pytest
from textual.app import App
from textual.driver import Driver

from planner.tui import loop
from planner.tui.keyboard import reading_well
from planner.tui.loop import TurnKeepingLoop, gives_way, run
from tests.tui.stage import staged

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="loops are of another kind there")


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the clock says; it stands still."""
    told = [100.0]
    monkeypatch.setattr(loop, "perf_counter", lambda: told[0])
    return told


def _about(seconds: object) -> object:
    """As long, but for the microsecond that Python cuts off."""
    return pytest.approx(seconds, abs=2e-6)


def _loop() -> TurnKeepingLoop:
    running = asyncio.get_running_loop()
    assert isinstance(running, TurnKeepingLoop)
    return running


async def _turn() -> float:
    """What holds after the loop has looked twice what is new: the first time it may have found something."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return sys.getswitchinterval()


def test_it_keeps_its_turn_from_when_it_is_told() -> None:
    async def screen() -> tuple[float, float]:
        first = await _turn()
        _loop().keep_turns()
        return first, await _turn()

    before = sys.getswitchinterval()
    assert run(screen()) == _about((before, loop._AT_WORK))
    assert sys.getswitchinterval() == _about(before)


def test_it_gives_its_turn_while_it_waits(now: list[float]) -> None:
    async def screen() -> float:
        running, is_seen, found, is_at_work = _loop(), asyncio.Event(), list[float](), Event()
        running.keep_turns()

        def look() -> None:
            is_at_work.wait()
            while not found or (found[-1] != _about(loop.AT_ONCE) and len(found) < 1_000_000):
                found.append(sys.getswitchinterval())
            running.call_soon_threadsafe(is_seen.set)

        looking = running.run_in_executor(None, look)
        now[0] += 2 * loop._TAKES  # it has been taken
        assert await _turn() == _about(loop._AT_WORK)
        is_at_work.set()
        await is_seen.wait()
        await looking
        return found[-1]

    assert run(screen()) == _about(loop.AT_ONCE)


def test_what_is_handed_over_is_taken_though_the_loop_is_at_work(now: list[float]) -> None:
    async def screen() -> tuple[float, ...]:
        _loop().hand_over()
        unasked = sys.getswitchinterval()
        _loop().keep_turns()
        kept = await _turn()
        _loop().hand_over()
        handed = sys.getswitchinterval()
        still = await _turn()
        now[0] += 2 * loop._TAKES
        return unasked, kept, handed, still, await _turn()

    before = sys.getswitchinterval()
    work, once = loop._AT_WORK, loop.AT_ONCE
    assert run(screen()) == _about((before, work, once, once, work))


def test_what_another_thread_is_to_do_is_handed_over() -> None:
    async def screen() -> float:
        _loop().keep_turns()
        assert await _turn() == _about(loop._AT_WORK)
        asked = asyncio.ensure_future(asyncio.to_thread(int))
        await asyncio.sleep(0)
        handed = sys.getswitchinterval()
        await asked
        return handed

    assert run(screen()) == _about(loop.AT_ONCE)


def test_other_long_work_gives_way_while_the_loop_is_at_work(now: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    naps = list[float]()

    def nap(seconds: float) -> None:
        naps.append(seconds)
        now[0] += seconds

    async def screen() -> tuple[int, int, int]:
        running, give_way = _loop(), gives_way(2 * loop._GIVES_WAY)
        running.keep_turns()
        await _turn()
        give_way()
        at_work = len(naps)
        now[0] += loop._GIVES_WAY
        give_way()
        later, always = len(naps) - at_work, gives_way(60)

        def at_rest() -> int:
            while running._turns.is_at_work:
                time.sleep(0)
            naps.clear()
            always()
            return len(naps)

        return at_work, later, await asyncio.to_thread(at_rest)

    monkeypatch.setattr(loop, "sleep", nap)
    at_work, later, at_rest = run(screen())
    assert at_work == pytest.approx(loop._GIVES_WAY / loop._LOOKS, abs=1)
    assert (later, at_rest) == (0, 0)


def test_what_has_woken_it_is_read_with_short_turns() -> None:
    async def screen() -> tuple[float, float]:
        _loop().keep_turns()
        found = list[float]()
        ours, theirs = socketpair()
        with ours, theirs:
            read = asyncio.Event()

            def take() -> None:
                found.append(sys.getswitchinterval())
                ours.recv(1)
                read.set()

            _loop().add_reader(ours, take)
            theirs.send(b".")
            await read.wait()
            _loop().remove_reader(ours)
            return found[0], await _turn()

    assert run(screen()) == _about((loop.AT_ONCE, loop._AT_WORK))


def test_it_shares_again_when_its_work_is_long(now: list[float]) -> None:
    async def screen() -> tuple[float, ...]:
        _loop().keep_turns()
        await asyncio.sleep(0.05)
        first = await _turn()
        now[0] += 2 * loop._LONG
        shared = await _turn()
        await asyncio.sleep(0.05)  # it waits, and what comes then is new work
        return first, shared, await _turn()

    assert run(screen()) == _about((loop._AT_WORK, loop.AT_ONCE, loop._AT_WORK))


def test_what_goes_wrong_goes_on() -> None:
    async def screen() -> None:
        raise LookupError

    before = sys.getswitchinterval()
    with pytest.raises(LookupError):
        run(screen())
    assert sys.getswitchinterval() == _about(before)


def test_the_screen_keeps_its_turns_when_the_list_is_there() -> None:
    async def screen() -> bool:
        async with staged() as stage:
            await stage.until(lambda: stage.app._begun, "the list")
            return _loop()._turns.keeps_turn

    assert run(screen())


def test_what_is_written_is_handed_over() -> None:
    written: list[float] = []

    class Terminal:
        """What a driver is made of."""

        def __init__(self, app: object) -> None:
            del app

        def write(self, data: str) -> None:
            """Take it."""
            written.append(sys.getswitchinterval())

        def _sigcont_application(self) -> None:
            """There is one on every system that has signals."""

    async def screen() -> None:
        _loop().keep_turns()
        driver = reading_well(cast("type[Driver]", Terminal))(cast("App[object]", None))
        assert await _turn() == _about(loop._AT_WORK)
        driver.write("")

    run(screen())
    assert written == _about([loop.AT_ONCE])
