"""Lines to be read, which scroll."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from planner.domain.text import visible
from planner.locale import N_, Language
from planner.tui.dialogs.base import Dialog
from planner.tui.dialogs.help import HelpText


class TextDialog(Dialog[bool]):
    """Nothing to decide."""

    def __init__(self, language: Language, heading: str, lines: Sequence[str]) -> None:
        super().__init__(language, heading, go_on=N_("Close"))
        self._lines = lines

    def body(self) -> Iterable[Widget]:
        """The lines."""
        yield HelpText(Static(Content("\n".join(visible(line) for line in self._lines))), id="paper-text")

    def answer(self) -> bool:
        """Read."""
        return True
