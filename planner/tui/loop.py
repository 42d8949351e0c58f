"""The event loop of the screen: what a key leads to comes before what other threads reckon.

Python's threads take turns, and whoever waits for its turn asks for it after the switch interval, which holds for all
of them. While the loop waits, its turn comes at once; while it is at work, it keeps its turn for as long as most keys
need, instead of sharing every half millisecond with a plan that nobody waits for. From then on it shares again, since
whoever takes a turn then keeps it for as long.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from selectors import DefaultSelector, SelectorKey
from time import perf_counter
from typing import Any, TypeVar

T = TypeVar("T")
#: Seconds after which another thread is asked for its turn: by the loop that has waited, and of the loop at work.
AT_ONCE, _AT_WORK = 0.0005, 0.05
#: Seconds in which another thread takes what it is handed, with a turn of its own.
_TAKES = 0.002


class _Turns(DefaultSelector):
    """Waits for keys and whatever else wakes the loop."""

    def __init__(self) -> None:
        super().__init__()
        self.keeps_turn = False
        self._handed = self._began = 0.0

    def keep(self) -> None:
        """Keep the loop's turns from now on."""
        self.keeps_turn, self._began = True, perf_counter()

    def hand_over(self) -> None:
        """Let another thread take what it is handed, though the loop is at work."""
        self._handed = perf_counter()
        sys.setswitchinterval(AT_ONCE)

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """Wait, as its base does."""
        if not self.keeps_turn:
            return super().select(timeout)
        sys.setswitchinterval(AT_ONCE)
        try:
            return super().select(timeout)
        finally:
            now = perf_counter()
            if timeout is None or timeout > 0:
                self._began = now
            if now - self._handed > _TAKES and now - self._began < _AT_WORK:
                sys.setswitchinterval(_AT_WORK)


class TurnKeepingLoop(asyncio.SelectorEventLoop):
    """A loop that keeps its turn while it is at work, from `keep_turns` on."""

    def __init__(self) -> None:
        self._turns = _Turns()
        super().__init__(self._turns)

    def keep_turns(self) -> None:
        """Begin: what the loop needs of other threads to begin with is there."""
        self._turns.keep()

    def hand_over(self) -> None:
        """Let another thread take what it is handed."""
        if self._turns.keeps_turn:
            self._turns.hand_over()


def run(screen: Coroutine[Any, Any, T]) -> T:
    """Run the screen to its end; on Windows, where loops are of another kind, in the usual one."""
    before = sys.getswitchinterval()
    try:
        with asyncio.Runner(loop_factory=None if sys.platform == "win32" else TurnKeepingLoop) as runner:
            return runner.run(screen)
    finally:
        sys.setswitchinterval(before)
