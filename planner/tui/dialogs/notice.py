"""Say why something cannot be done, where a dialog was expected: what is typed meanwhile goes nowhere."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from planner.domain.text import visible
from planner.locale import N_, Language
from planner.tui.dialogs.base import Dialog


class NoticeDialog(Dialog[bool]):
    """A sentence to be read."""

    def __init__(self, language: Language, heading: str, sentence: str) -> None:
        super().__init__(language, heading, go_on=N_("Close"))
        self._sentence = sentence

    def body(self) -> Iterable[Widget]:
        """The sentence."""
        yield Static(Content(visible(self._sentence)))

    def answer(self) -> bool:
        """Read."""
        return True
