"""In which language an interpreter is needed."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Input

from planner.domain.text import visible
from planner.locale import N_, Language
from planner.tui.dialogs.base import Dialog, line_input


class InterpreterDialog(Dialog[str]):
    """A language; empty: no interpreter."""

    def __init__(self, language: Language, heading: str, known: str, *, fault: str = "") -> None:
        super().__init__(language, heading, fault=fault)
        self._known = known

    def body(self) -> Iterable[Widget]:
        """The field."""
        field = line_input(visible(self._known), id="tongue", replaced=True)
        yield from self.labelled(N_("Language (empty: no interpreter)"), field)

    def answer(self) -> str:
        """The language."""
        typed = self.query_one("#tongue", Input).value
        return self._known if typed == visible(self._known) else typed.strip()
