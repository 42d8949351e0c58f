"""Write a note about a citizen."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static, TextArea

from planner.domain.text import visible
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


class AmendDialog(NoteDialog):
    """What the note says, and below it the text of the one that amends it."""

    def __init__(self, language: Language, heading: str, amended: str, *, initial: str = "", fault: str = "") -> None:
        super().__init__(language, heading, initial=initial, fault=fault)
        self._amended = amended

    def body(self) -> Iterable[Widget]:
        """The former text and the field."""
        yield Static(Content(visible(self._amended, lines=True)), id="amended")
        (field,) = super().body()
        yield from self.labelled(N_("What is to be added or corrected; both notes stay"), field)
