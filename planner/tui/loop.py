"""The event loop of the screen: what a key leads to comes before what other threads reckon.

Python's threads take turns, and whoever waits for its turn asks for it after the switch interval, which holds for all
of them. While the loop waits, its turn comes at once; while it is at work it keeps its turn fifty times as long,
instead of sharing ten times a millisecond with a plan that nobody waits for. Where its work is long it shares again.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from selectors import DefaultSelector, SelectorKey
from time import perf_counter, sleep
from typing import Any, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
#: Seconds after which another thread is asked for its turn: by the loop that has waited, and of the loop at work. The
#: second is short, too, since it is also what the loop waits where it has let others have a turn.
AT_ONCE, _AT_WORK = 0.0001, 0.005
#: Seconds of work after which it shares.
_LONG = 0.05
#: Seconds in which another thread takes what it is handed, with a turn of its own.
_TAKES = 0.002
#: Seconds that another thread gives way at most, and after which it looks again.
_GIVES_WAY, _LOOKS = 0.05, 0.001


class _Turns(DefaultSelector):
    """Waits for keys and whatever else wakes the loop."""

    def __init__(self) -> None:
        super().__init__()
        self.keeps_turn = self.is_at_work = False
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
        self.is_at_work = timeout is not None and timeout <= 0
        found = super().select(timeout)
        self.is_at_work = True
        now = perf_counter()
        if timeout is None or timeout > 0:
            self._began = now
        # To read what was found lets others have a turn, which is to be taken back at once.
        if not found and now - self._handed > _TAKES and now - self._began < _LONG:
            sys.setswitchinterval(_AT_WORK)
        return found


class TurnKeepingLoop(asyncio.SelectorEventLoop):
    """A loop that keeps its turn while it is at work, from `keep_turns` on."""

    def __init__(self) -> None:
        self._turns = _Turns()
        super().__init__(self._turns)

    def keep_turns(self) -> None:
        """Begin: what the loop needs of other threads to begin with is there."""
        self._turns.keep()

    def run_in_executor(self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """Have something done in another thread, which can begin at once."""
        self.hand_over()
        return super().run_in_executor(executor, func, *args)

    def hand_over(self) -> None:
        """Let another thread take what it is handed."""
        if self._turns.keeps_turn:
            self._turns.hand_over()

    def give_way(self) -> None:
        """For another thread: wait while the loop is at work, but not for ever."""
        until = perf_counter() + _GIVES_WAY
        while self._turns.is_at_work and perf_counter() < until:
            sleep(_LOOKS)


def gives_way(seconds: float) -> Callable[[], None]:
    """What another thread calls between two parts of long work, so that this loop comes first; so long from now on."""
    running, until = asyncio.get_running_loop(), perf_counter() + seconds

    def give_way() -> None:
        if isinstance(running, TurnKeepingLoop) and perf_counter() < until:
            running.give_way()

    return give_way


def run(screen: Coroutine[Any, Any, T]) -> T:
    """Run the screen to its end; on Windows, where loops are of another kind, in the usual one."""
    before = sys.getswitchinterval()
    try:
        with asyncio.Runner(loop_factory=None if sys.platform == "win32" else TurnKeepingLoop) as runner:
            return runner.run(screen)
    finally:
        sys.setswitchinterval(before)
