"""What if: says that two plans are being made, then what tells them apart; leaving calls it off."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from textwrap import wrap
from threading import Event

from textual import on, work
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from planner.domain.text import visible
from planner.errors import PlannerError
from planner.locale import N_, Language
from planner.services.what_if import WhatIf
from planner.tui.crash import summary
from planner.tui.dialogs.base import Dialog
from planner.tui.dialogs.help import HelpText

_WIDTH = 64
Ask = Callable[[Callable[[], bool]], WhatIf | None]
Tell = Callable[[WhatIf], Iterable[tuple[str, str]]]


class WhatIfDialog(Dialog[bool]):
    """`ask` makes the plans in a thread of its own, as long as it is wanted; `tell` gives lines with their styles."""

    class Answered(Message):
        """The plans are there, or why they are not."""

        def __init__(self, found: WhatIf | None, error: Exception | None) -> None:
            super().__init__()
            self.found = found
            self.error = error

    def __init__(
        self, language: Language, heading: str, ask: Ask, tell: Tell, explain: Callable[[PlannerError], str]
    ) -> None:
        super().__init__(language, heading, go_on=N_("Close"))
        self._ask = ask
        self._tell = tell
        self._explain = explain
        self._left = Event()

    def body(self) -> Iterable[Widget]:
        """The sign of work, and later the answer."""
        waiting = self.language.text("Two plans are being made… esc calls it off.")
        yield HelpText(Static(Content(waiting), id="what-if-answer"), id="why-text")

    def on_mount(self) -> None:
        """Begin."""
        super().on_mount()
        self._make()

    def on_unmount(self) -> None:
        """Call off what is not finished."""
        self._left.set()

    def answer(self) -> bool:
        """Read."""
        return True

    @work(thread=True, group="what-if", exit_on_error=False)
    def _make(self) -> None:
        try:
            answered = self.Answered(self._ask(lambda: not self._left.is_set()), None)
        except Exception as error:
            answered = self.Answered(None, error)
        if not self._left.is_set():
            self.post_message(answered)

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        width = min(_WIDTH, self.app.size.width - 8)
        parts = [(f"{line}\n", style) for text, style in self._lines(event) for line in _wrapped(visible(text), width)]
        self.query_one("#what-if-answer", Static).update(Content.assemble(*parts))

    def _lines(self, event: Answered) -> Iterable[tuple[str, str]]:
        if event.found is not None:
            return self._tell(event.found)
        if isinstance(event.error, PlannerError):
            return [(line, "bold $error") for line in self._explain(event.error).splitlines()]
        if event.error is None:
            return []
        kind, place = summary(event.error)
        text = N_("No plan could be made: {kind} in {place}")
        return [(self.language.text(text, kind=kind, place=place), "bold $error")]


def _wrapped(text: str, width: int) -> list[str]:
    hanging = " " * (len(text) - len(text.lstrip(" -")) + 2)
    return wrap(text, width, subsequent_indent=hanging) or [""]
