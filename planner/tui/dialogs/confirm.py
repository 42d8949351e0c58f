"""Ask before something that deserves a second look."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from planner.domain.text import visible
from planner.locale import N_, Language
from planner.tui.dialogs.base import Dialog


class ConfirmDialog(Dialog[bool]):
    """A question with yes and no; leaving is no, and has the focus."""

    AUTO_FOCUS = "#leave"
    GO_ON_KEYS = "tab, enter"
    LEAVE_KEYS = "enter"

    def __init__(self, language: Language, heading: str, question: str, *, go_on: str = N_("Yes")) -> None:
        super().__init__(language, heading, go_on=go_on)
        self._question = question

    def body(self) -> Iterable[Widget]:
        """The question."""
        yield Static(Content(visible(self._question, lines=True)))

    def answer(self) -> bool:
        """Yes."""
        return True
