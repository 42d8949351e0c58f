"""An empty screen for when somebody comes to the desk."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from planner.locale import N_, Language


class HiddenScreen(Screen[None]):
    """Shows nothing but how to come back; any key does."""

    AUTO_FOCUS = ""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language

    def compose(self) -> ComposeResult:
        """One line."""
        yield Static(Content(" " + self._language.text(N_("Hidden; any key shows it again."))), id="hidden")

    def on_key(self, event: events.Key) -> None:
        """Come back."""
        event.stop()
        if self.app.screen is self:
            self.dismiss()
