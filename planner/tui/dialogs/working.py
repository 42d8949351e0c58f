"""Work that takes a while: says that it is done and how far it is, then what came of it; leaving calls it off."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from textwrap import wrap
from threading import Event
from time import perf_counter
from typing import Generic, Protocol, TypeVar

from textual import on, work
from textual.await_complete import AwaitComplete
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from planner.domain.text import visible
from planner.errors import PlannerError
from planner.locale import N_, Language
from planner.reporting.progress import progress_text
from planner.tui.crash import summary
from planner.tui.dialogs.base import Dialog
from planner.tui.dialogs.help import HelpText

_WIDTH = 64
T = TypeVar("T")
Told = Iterable[tuple[str, str]]


class Work(Protocol):
    """What is done knows whether it is still wanted, and says how far it is."""

    def wanted(self) -> bool:
        """Whether somebody still waits for it."""

    def reach(self, doing: str, done: int, of: int) -> None:
        """Say how far it is."""


class WorkingDialog(Dialog[bool], Generic[T]):
    """`do` works in a thread of its own, as long as it is wanted; `tell` gives lines with their styles.

    `waiting` stands there meanwhile, over one button that calls it off; None from `do` says nothing, as when it was
    called off.
    """

    LEAVE = N_("Cancel")

    class Reached(Message):
        """How far it is."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Answered(Message):
        """What came of it is there, or why it is not."""

        def __init__(self, lines: Callable[[], Told]) -> None:
            super().__init__()
            self.lines = lines

    def __init__(
        self,
        language: Language,
        heading: str,
        waiting: str,
        do: Callable[[Work], T | None],
        tell: Callable[[T], Told],
        explain: Callable[[PlannerError], str],
    ) -> None:
        super().__init__(language, heading, go_on=N_("Close"))
        self._waiting = waiting
        self._do = do
        self._tell = tell
        self._explain = explain
        self._left = Event()
        self._begun = perf_counter()

    @property
    def is_done(self) -> bool:
        """Whether the work came to its end, so that leaving it called nothing off."""
        return self.has_class("-done")

    def wanted(self) -> bool:
        """Whether it has not been left."""
        return not self._left.is_set()

    def reach(self, doing: str, done: int, of: int) -> None:
        """Show below what is waited for how far it is; for the thread that works."""
        if self.wanted():
            text = progress_text(doing, done, of, perf_counter() - self._begun, self.language)
            self.post_message(self.Reached(text))

    def body(self) -> Iterable[Widget]:
        """The sign of work, and later the answer."""
        yield HelpText(Static(Content(self._waiting), id="what-came-of-it"), id="why-text")

    def on_mount(self) -> None:
        """Begin, unless it was left in the same breath."""
        if self.wanted():
            self._make()

    def dismiss(self, result: bool | None = None) -> AwaitComplete:
        """Call off what is not finished."""
        self._left.set()
        return super().dismiss(result)

    def on_unmount(self) -> None:
        """The same where the program is left."""
        self._left.set()

    def answer(self) -> bool:
        """Read."""
        return True

    def action_go_on(self) -> None:
        """Close what has been read; enter calls nothing off."""
        if self.is_done:
            super().action_go_on()

    @work(thread=True, group="work", exit_on_error=False)
    def _make(self) -> None:
        try:
            found = self._do(self)
            answered = self.Answered(lambda: () if found is None else self._tell(found))
        except Exception as error:
            failed = error
            answered = self.Answered(lambda: self._failed(failed))
        if self.wanted():
            self.post_message(answered)

    @on(Reached)
    def _reached(self, event: Reached) -> None:
        self._show([(self._waiting, ""), ("", ""), (event.text, "")])

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        self.add_class("-done")
        self._show(event.lines())

    def _show(self, lines: Told) -> None:
        width = min(_WIDTH, self.app.size.width - 8)
        parts = [(f"{line}\n", style) for text, style in lines for line in _wrapped(visible(text), width)]
        self.query_one("#what-came-of-it", Static).update(Content.assemble(*parts))

    def _failed(self, error: Exception) -> Told:
        if isinstance(error, PlannerError):
            return [(line, "bold $error") for line in self._explain(error).splitlines()]
        kind, place = summary(error)
        text = N_("It could not be done: {kind} in {place}")
        return [(self.language.text(text, kind=kind, place=place), "bold $error")]


def _wrapped(text: str, width: int) -> list[str]:
    hanging = " " * (len(text) - len(text.lstrip(" -")) + 2)
    return wrap(text, width, subsequent_indent=hanging) or [""]
