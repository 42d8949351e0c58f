"""Write a note about a citizen."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.widget import Widget
from textual.widgets import TextArea

from planner.errors import Refused
from planner.locale import N_, Language
from planner.tui.dialogs.base import Dialog


class NoteField(TextArea):
    """A few lines of text; enter saves, as everywhere in a dialog."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            await self.screen.run_action("go_on")
            return
        await super()._on_key(event)


class NoteDialog(Dialog[str]):
    """The text of a note."""

    def __init__(self, language: Language, heading: str, *, initial: str = "", fault: str = "") -> None:
        super().__init__(language, heading, fault=fault)
        self._initial = initial

    def body(self) -> Iterable[Widget]:
        """The field."""
        field = NoteField(self._initial, id="note", show_line_numbers=False, compact=True, tab_behavior="focus")
        field.cursor_blink = False
        yield field

    def answer(self) -> str:
        """The text."""
        text = self.query_one(NoteField).text.strip()
        if not text:
            raise Refused(N_("The note is empty"))
        return text
