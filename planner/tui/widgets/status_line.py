"""The line at the top: the day, the municipality, how many need a decision, and whether a plan is being made."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from planner.domain.text import visible
from planner.locale import Language
from planner.services.results import Today
from planner.tui.rows import IN_NEED


class StatusLine(Static):
    """One quiet line; nothing in it moves."""

    def __init__(self, language: Language) -> None:
        super().__init__(Content(language.text("Opening…")), id="status")
        self._language = language
        self._today: Today | None = None
        self._busy = True

    def show(self, today: Today) -> None:
        """Show the figures of this plan."""
        self._today = today
        self._repaint()

    def planning(self, busy: bool) -> None:
        """Mark quietly that a plan is being made, or that it is done."""
        self._busy = busy
        self._repaint()

    def _repaint(self) -> None:
        if self._today is None:
            return
        language, today = self._language, self._today
        in_need = sum(row.part.bucket in IN_NEED for row in today.rows)
        facts = [
            language.plural("{n} citizen", "{n} citizens", len(today.rows)),
            language.plural("{n} to decide", "{n} to decide", in_need),
        ]
        if today.plan.municipality:
            facts.insert(0, visible(today.plan.municipality))
        parts: list[Content | tuple[str, str]] = [(f" {language.long_day(today.today)} ", "bold")]
        parts.append((" · ".join(["", *facts])[1:], "$muted"))
        if self._busy:
            parts.append((" · " + language.text("planning again…"), "$accent"))
        self.update(Content.assemble(*parts))
