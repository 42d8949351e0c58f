"""Record a cancellation: by whom, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.widget import Widget
from textual.widgets import Input

from planner.locale import N_, Language
from planner.tui.dialogs.base import Dialog, line_input
from planner.tui.widgets.choice_list import ChoiceList


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Who cancelled, and why (may be empty)."""

    by_citizen: bool
    reason: str


class CancelDialog(Dialog[Cancelled]):
    """By the citizen or by us, with an optional reason."""

    def __init__(self, language: Language, heading: str, *, initial: Cancelled | None = None, fault: str = "") -> None:
        super().__init__(language, heading, fault=fault)
        self._initial = initial

    def body(self) -> Iterable[Widget]:
        """The fields."""
        texts = (self.language.text("by the citizen"), self.language.text("by us"))
        yield ChoiceList(texts, marked=0 if not self._initial or self._initial.by_citizen else 1, id="who")
        reason = self._initial.reason if self._initial else ""
        yield from self.labelled(N_("Reason (may be empty)"), line_input(reason, id="reason"))

    def answer(self) -> Cancelled:
        """Who, and why."""
        by_citizen = self.query_one("#who", ChoiceList).marked != 1
        return Cancelled(by_citizen, self.query_one("#reason", Input).value.strip())
