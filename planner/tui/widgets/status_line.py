"""The line at the top: the day, how many need a decision, the municipality, and how good the plan is."""

from __future__ import annotations

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from planner.domain.text import visible
from planner.locale import Language
from planner.services.results import Today
from planner.services.why_words import quality_short
from planner.tui.rows import IN_NEED

#: Padding on both sides of what stands at the end.
_APART = 2


class StatusLine(Widget):
    """One quiet line; nothing in it moves."""

    def __init__(self, language: Language) -> None:
        super().__init__(id="status")
        self._language = language
        self._quality = ""
        self._taken = 0
        self._busy = False

    def compose(self) -> ComposeResult:
        """The figures, and at the end the mark of a plan being made."""
        yield Static(Content(" " + self._language.text("Opening…")), id="status-text")
        yield Static(Content(""), id="status-busy")

    def show(self, today: Today, sieve: str = "", marked: int = 0) -> None:
        """Show the figures of this plan, how many are marked, and what the list is filtered by."""
        language = self._language
        in_need = sum(row.part.bucket in IN_NEED for row in today.rows)
        facts = [
            "",
            language.plural("{n} to decide", "{n} to decide", in_need),
            language.plural("{n} citizen", "{n} citizens", len(today.rows)),
        ]
        if marked:
            facts.insert(1, language.plural("{n} marked", "{n} marked", marked))
        if sieve:
            facts.append(language.text("only {what}", what=sieve))
        elif today.plan.municipality:
            facts.append(visible(today.plan.municipality))
        text = Content.assemble((f" {language.long_day(today.today)}", "bold"), (" · ".join(facts), "$muted"))
        self.query_one("#status-text", Static).update(text)
        self._quality, self._taken = quality_short(today.plan.quality, language), text.cell_length
        self._end()

    def planning(self, busy: bool) -> None:
        """Mark quietly that a plan is being made; when it is done, how good it is."""
        self._busy = busy
        self._end()

    def on_resize(self) -> None:
        """Show how good the plan is where there is room."""
        self._end()

    def _end(self) -> None:
        """The end of the line: it never hides what stands before it."""
        fits = self._taken + cell_len(self._quality) + _APART <= self.size.width
        text = self._language.text("planning again…") if self._busy else self._quality if fits else ""
        end = self.query_one("#status-busy", Static)
        end.set_class(not self._busy, "-quality")
        end.update(Content(text))
