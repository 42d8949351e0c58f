"""Calls to the desk, in a thread of their own, one after the other in the order in which they were asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Thread, current_thread
from time import monotonic
from traceback import clear_frames
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:  # the desk brings the engine along, which the first frame must not wait for
    from planner.services.desk import Desk


T = TypeVar("T")
#: Seconds that work which nobody asked for by name may take to its end when the program is left.
_PATIENCE = 0.2
#: Threads that reckon what only the screen asks for.
_RECKONING: set[Thread] = set()


@contextmanager
def reckoning() -> Iterator[None]:
    """For a plan that only the screen asks for: whoever leaves does not wait for its thread."""
    _RECKONING.add(current_thread())
    try:
        yield
    finally:
        _RECKONING.discard(current_thread())


class Hands(ThreadPoolExecutor):
    """Threads for what goes on behind the screen."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take nothing more, and wait a moment for what is soon done; for no plan."""
        super().shutdown(wait=False, cancel_futures=cancel_futures)
        until = monotonic() + _PATIENCE
        for thread in {*self._threads} - _RECKONING if wait else ():
            thread.join(max(0.0, until - monotonic()))


async def behind(call: Callable[[], T], lane: Executor | None = None) -> T:
    """The answer of a call in another thread; raises what it raises.

    A future and whoever waits for it hold each other, and what it is given, until Python's collector comes by; so it is
    given neither the answer nor what the call had in its hands when it failed.
    """
    answers: list[T] = []

    def make() -> None:
        try:
            answers.append(call())
        except BaseException as error:
            clear_frames(error.__traceback__)
            raise

    await asyncio.get_running_loop().run_in_executor(lane, make)
    return answers.pop()


class Clerk:
    """Hands calls to the desk and brings the answers back; the screen stays free meanwhile.

    A plan is made beside it, in a worker, so that a change never waits for one.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._lane = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")

    async def do(self, call: Callable[[Desk], T]) -> T:
        """The answer of the call; raises what it raises."""
        return await behind(partial(call, self.desk), self._lane)

    def ask(self, call: Callable[[Desk], T]) -> T:
        """The same for another thread, which waits for it."""
        return self._lane.submit(call, self.desk).result()

    def close(self) -> None:
        """Take no more calls; those that were taken are finished before the store is closed."""
        self._lane.shutdown(wait=True)
