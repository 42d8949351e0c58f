"""The line at the top: the day, how many need a decision, the municipality, and whether a plan is being made."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from planner.domain.text import visible
from planner.locale import Language
from planner.services.results import Today
from planner.tui.rows import IN_NEED


class StatusLine(Widget):
    """One quiet line; nothing in it moves."""

    def __init__(self, language: Language) -> None:
        super().__init__(id="status")
        self._language = language

    def compose(self) -> ComposeResult:
        """The figures, and at the end the mark of a plan being made."""
        yield Static(Content(" " + self._language.text("Opening…")), id="status-text")
        yield Static(Content(""), id="status-busy")

    def show(self, today: Today) -> None:
        """Show the figures of this plan."""
        language = self._language
        in_need = sum(row.part.bucket in IN_NEED for row in today.rows)
        facts = [
            "",
            language.plural("{n} to decide", "{n} to decide", in_need),
            language.plural("{n} citizen", "{n} citizens", len(today.rows)),
        ]
        if today.plan.municipality:
            facts.append(visible(today.plan.municipality))
        text = Content.assemble((f" {language.long_day(today.today)}", "bold"), (" · ".join(facts), "$muted"))
        self.query_one("#status-text", Static).update(text)

    def planning(self, busy: bool) -> None:
        """Mark quietly that a plan is being made, or that it is done."""
        text = self._language.text("planning again…") if busy else ""
        self.query_one("#status-busy", Static).update(Content(text))
