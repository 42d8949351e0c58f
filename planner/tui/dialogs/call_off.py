"""Call off a whole day: which, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from planner.errors import Refused
from planner.locale import N_, Language
from planner.services.entry import read_date
from planner.tui.dialogs.base import Dialog, line_input, unbroken
from planner.tui.dialogs.postpone import typed_date


@dataclass(frozen=True, slots=True)
class CalledOff:
    """Nothing on this day, for this reason."""

    on: date
    reason: str


class CallOffDialog(Dialog[CalledOff]):
    """A date, the planning date unless another is typed, and a reason."""

    def __init__(self, language: Language, heading: str, today: date, *, initial: CalledOff, fault: str = "") -> None:
        super().__init__(language, heading, fault=fault, go_on=N_("Call off"))
        self._today = today
        self._initial = initial

    def body(self) -> Iterable[Widget]:
        """When, why, and what will happen."""
        told = self.language.text(
            "What is booked that day (today: from now on) counts as cancelled by us, and you as away. "
            "The citizens are marked: look at their new times, then accept them all together."
        )
        yield Static(Content(unbroken(told, self.app.size.width)), classes="figures")
        on = line_input(typed_date(self._initial.on), id="on", replaced=True)
        yield from self.labelled(N_("Day (24-11, 24-11-2026 or +2w)"), on)
        yield from self.labelled(N_("Reason (is kept with the day)"), line_input(self._initial.reason, id="reason"))

    def answer(self) -> CalledOff:
        """The day and the reason."""
        on = read_date(self.query_one("#on", Input).value, self._today)
        reason = self.query_one("#reason", Input).value.strip()
        if not reason:
            self.query_one("#reason").focus()
            raise Refused(N_("Write a reason: it is mandatory"))
        return CalledOff(on, reason)
