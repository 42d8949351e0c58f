"""A reason that must be given."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Input

from planner.errors import Refused
from planner.locale import N_, Language
from planner.tui.dialogs.base import Dialog, line_input


class ReasonDialog(Dialog[str]):
    """One line: why."""

    def __init__(
        self, language: Language, heading: str, *, initial: str = "", fault: str = "", go_on: str = N_("Save")
    ) -> None:
        super().__init__(language, heading, fault=fault, go_on=go_on)
        self._initial = initial

    def body(self) -> Iterable[Widget]:
        """The field."""
        yield from self.labelled(N_("Reason (is kept in the log)"), line_input(self._initial, id="reason"))

    def answer(self) -> str:
        """The reason."""
        reason = self.query_one("#reason", Input).value.strip()
        if not reason:
            raise Refused(N_("Write a reason: it is mandatory"))
        return reason
