"""What the workers tell the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from planner.services.results import Today

if TYPE_CHECKING:  # the desk brings the engine along, which the first frame must not wait for
    from planner.services.desk import Desk


class Reached(Message):
    """How far the opening of the store is: what is done, so much of so many parts of it, after so many seconds."""

    def __init__(self, doing: str, done: int, of: int, seconds: float) -> None:
        super().__init__()
        self.doing, self.done, self.of, self.seconds = doing, done, of, seconds


class Opened(Message):
    """The store is open; the first list follows.

    `notice`: what the user should know of the office, or nothing; `survived`: what a crash before left, or nothing.
    `begun`: the number of the last action before.
    """

    def __init__(self, desk: Desk, notice: str, begun: int, survived: str = "") -> None:
        super().__init__()
        self.survived = survived
        self.desk = desk
        self.begun = begun
        self.notice = notice


class Planned(Message):
    """A plan is there; `number` says after how many changes its making began."""

    def __init__(self, today: Today, number: int, *, settled: bool = True) -> None:
        super().__init__()
        self.today = today
        self.number = number
        self.settled = settled


class Listed(Message):
    """A new list is shown; every other view may show it too."""


class PlanFailed(Message):
    """The store could not be opened (`first`) or the plan not be made."""

    def __init__(self, error: Exception, *, first: bool) -> None:
        super().__init__()
        self.error = error
        self.first = first
