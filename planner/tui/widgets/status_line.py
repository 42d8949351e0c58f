"""The line at the top: the day, how many need a decision, the municipality, and how good the plan is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from planner.domain.text import visible
from planner.locale import Language
from planner.services.results import Today
from planner.services.sieve import Sieve
from planner.services.why_words import quality_short
from planner.tui.rows import IN_NEED

#: The day and what is said of it, the fullest way first.
Ways = Sequence[tuple[str, str]]
#: Padding on both sides of what stands at the end.
_APART = 2


class StatusLine(Widget):
    """One quiet line; nothing in it moves."""

    def __init__(self, language: Language) -> None:
        super().__init__(id="status")
        self._language = language
        self._quality = ""
        self._ways: Ways = ()
        self._strained = False
        self._busy = False

    def compose(self) -> ComposeResult:
        """The figures, and at the end the mark of a plan being made."""
        yield Static(Content(" " + self._language.text("Opening…")), id="status-text")
        yield Static(Content(""), id="status-busy")

    def show(self, today: Today, sieve: Sieve | None = None, marked: int = 0) -> None:
        """Show the figures of this plan, how many are marked, and what the list is filtered by."""
        language, sieve = self._language, sieve or Sieve()
        in_need = sum(row.part.bucket in IN_NEED for row in today.rows)
        some = language.plural("{n} marked", "{n} marked", marked) if marked else ""
        facts = (some, language.plural("{n} to decide", "{n} to decide", in_need))
        everybody = language.plural("{n} citizen", "{n} citizens", len(today.rows))
        place = visible(today.plan.municipality)
        strained = [language.text("only {what}", what=sieve.words(language, brief=brief)) for brief in (False, True)]
        long, short = language.long_day(today.today), language.short_day(today.today)
        if sieve:
            ways = [
                _way(long, (*facts, everybody, strained[0])),
                _way(short, (*facts, everybody, strained[0])),
                _way(short, (*facts, strained[0])),
                _way(short, (*facts, strained[1])),
                _way(short, (some, strained[1])),
                _way(short, (strained[1],)),
            ]
        else:
            ways = [_way(long, (*facts, everybody, place))]
        self.say(ways, quality_short(today.plan.quality, language), strained=bool(sieve))

    def say(self, ways: Ways, quality: str, *, strained: bool) -> None:
        """Show the first of these ways to say it that fits; `strained`: it tells of a filter, which is never hidden."""
        self._ways, self._quality, self._strained = ways, quality, strained
        self._lay_out()

    @property
    def said(self) -> tuple[Ways, str, bool]:
        """What `say` was given."""
        return self._ways, self._quality, self._strained

    def planning(self, busy: bool) -> None:
        """Mark quietly that a plan is being made; when it is done, how good it is."""
        self._busy = busy
        self._lay_out()

    def on_resize(self) -> None:
        """Say as much as there is room for."""
        self._lay_out()

    def _lay_out(self) -> None:
        """The fullest way that fits; how good the plan is stands at the end where it hides nothing."""
        if not self._ways:
            return
        busy = self._language.text("planning again…")
        room = self.size.width - (cell_len(busy) + _APART if self._strained else 0)  # a filter is never covered
        ways = [_content(*way) for way in self._ways]
        shown = next((way for way in ways if way.cell_length <= room), ways[-1])
        self.query_one("#status-text", Static).update(shown)
        fits = shown.cell_length + cell_len(self._quality) + _APART <= self.size.width
        end = self.query_one("#status-busy", Static)
        end.set_class(not self._busy, "-quality")
        end.update(Content(busy if self._busy else self._quality if fits else ""))


def _way(day: str, facts: Iterable[str]) -> tuple[str, str]:
    return day, "".join(f" · {fact}" for fact in facts if fact)


def _content(day: str, facts: str) -> Content:
    return Content.assemble((f" {day}", "bold"), (facts, "$muted"))
