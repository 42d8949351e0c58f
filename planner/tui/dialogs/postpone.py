"""Postpone: until when, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from textual.widget import Widget
from textual.widgets import Input

from planner.errors import Refused
from planner.locale import N_, Language
from planner.services.entry import read_date
from planner.tui.dialogs.base import Dialog, line_input


@dataclass(frozen=True, slots=True)
class Postponed:
    """Nothing before this day, for this reason."""

    until: date
    reason: str


class PostponeDialog(Dialog[Postponed]):
    """A date and a reason; both are mandatory."""

    def __init__(
        self, language: Language, heading: str, today: date, *, initial: Postponed | None = None, fault: str = ""
    ) -> None:
        super().__init__(language, heading, fault=fault, go_on=N_("Postpone"))
        self._today = today
        self._initial = initial

    def body(self) -> Iterable[Widget]:
        """When, and why."""
        until = typed_date(self._initial.until) if self._initial else ""
        yield from self.labelled(N_("Until (24-11, 24-11-2026 or +2w)"), line_input(until, id="until"))
        reason = self._initial.reason if self._initial else ""
        yield from self.labelled(N_("Reason (is kept with the citizen)"), line_input(reason, id="reason"))

    def answer(self) -> Postponed:
        """The date and the reason."""
        until = read_date(self.query_one("#until", Input).value, self._today)
        if until <= self._today:
            raise Refused(N_("The date must be after today"))
        reason = self.query_one("#reason", Input).value.strip()
        if not reason:
            self.query_one("#reason").focus()
            raise Refused(N_("Write a reason: it is mandatory"))
        return Postponed(until, reason)


def typed_date(day: date) -> str:
    """A date as one types it."""
    return f"{day:%d-%m-%Y}"
