"""Calls to the desk, in a thread of their own, one after the other in the order in which they were asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:  # the desk brings the engine along, which the first frame must not wait for
    from planner.services.desk import Desk


T = TypeVar("T")


class Clerk:
    """Hands calls to the desk and brings the answers back; the screen stays free meanwhile.

    A plan is made beside it, in a worker, so that a change never waits for one.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._lane = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")

    async def do(self, call: Callable[[Desk], T]) -> T:
        """The answer of the call; raises what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._lane, call, self.desk)

    def close(self) -> None:
        """Take no more calls; those that were taken are finished before the store is closed."""
        self._lane.shutdown(wait=True)
