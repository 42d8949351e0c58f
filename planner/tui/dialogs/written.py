"""A text of several paragraphs, as long as it needs to be; it may be empty."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import TextArea

from planner.locale import N_, Language
from planner.tui.dialogs.base import Dialog


class WrittenDialog(Dialog[str]):
    """The text as it stands, to be written on; enter begins a new line, so it is saved by the button."""

    GO_ON_KEYS = "tab, enter"

    def __init__(self, language: Language, heading: str, text: str, *, fault: str = "") -> None:
        super().__init__(language, heading, fault=fault)
        self._text = text

    def body(self) -> Iterable[Widget]:
        """The field."""
        field = TextArea(self._text, id="written", show_line_numbers=False, compact=True, tab_behavior="focus")
        field.cursor_blink = False
        yield from self.labelled(N_("Your text, for this and later editions; no names"), field)

    def answer(self) -> str:
        """The text."""
        return self.query_one(TextArea).text.strip()
