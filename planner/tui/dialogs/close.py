"""The last day of a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from planner.locale import N_, Language
from planner.services.entry import read_date
from planner.tui.dialogs.base import Dialog, line_input, unbroken
from planner.tui.dialogs.postpone import typed_date


class CloseDialog(Dialog[date]):
    """One date, under what closing means."""

    def __init__(self, language: Language, heading: str, today: date, *, initial: date | None, fault: str = "") -> None:
        super().__init__(language, heading, fault=fault, go_on=N_("Close the case"))
        self._today = today
        self._initial = initial

    def body(self) -> Iterable[Widget]:
        """What closing means, and the day."""
        meaning = self.language.text(N_("Nothing is asked for any more. The case is kept until it is erased."))
        yield Static(Content(unbroken(meaning, self.app.size.width)), classes="figures")
        value = typed_date(self._initial or self._today)
        yield from self.labelled(N_("The last day of the case"), line_input(value, id="last", replaced=True))

    def answer(self) -> date:
        """The day."""
        return read_date(self.query_one("#last", Input).value, self._today)
