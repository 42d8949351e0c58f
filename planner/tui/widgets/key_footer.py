"""The footer: at most six commands with their keys, in the user's language."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from planner.locale import Language
from planner.services.commands import Where, footer_commands
from planner.services.keymap import Keys

_GAP = 2


class KeyFooter(Static):
    """One line of keys; a click on one runs its command."""

    class Pressed(Message):
        """A command was clicked."""

        def __init__(self, command_id: str) -> None:
            super().__init__()
            self.command_id = command_id

    def __init__(self, language: Language, place: Where, keys: Keys | None = None) -> None:
        keys = keys or Keys()
        self._spans: list[tuple[int, int, str]] = []
        parts: list[Content | tuple[str, str]] = [Content(" ")]
        column = 1
        for entry in footer_commands(place):
            key, text = language.drawn(keys.first(entry.id)), language.text(entry.short)
            parts += [(key, "bold $primary"), Content(f" {text}{' ' * _GAP}")]
            width = Content(f"{key} {text}").cell_length
            self._spans.append((column, column + width, entry.id))
            column += width + _GAP
        super().__init__(Content.assemble(*parts), id="footer")

    def on_click(self, event: events.Click) -> None:
        """Run the command under the mouse."""
        for first, end, command_id in self._spans:
            if first <= event.x < end:
                self.post_message(self.Pressed(command_id))
