"""The line at the top: the day, how many need a decision, the municipality, and how good the plan is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual.app import ComposeResult
from textual.content import Content
from textual.strip import Strip
from textual.visual import Visual
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

    def wait_for(self, text: str) -> None:
        """Say what the first list waits for."""
        if not self._ways:
            self.query_one("#status-text", Static).update(Content(f" {text}"))

    def show(self, today: Today, sieve: Sieve | None = None, marked: int = 0) -> None:
        """Show the figures of this plan, how many are marked, and what the list is filtered by."""
        ways, quality, strained = said_of(today, self._language, sieve or Sieve(), marked)
        self.say(ways, quality, strained=strained)

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

    def strip(self, ways: Ways, quality: str, strained: bool) -> Strip:
        """The line as it would be painted if `say` were given this and no plan were being made."""
        text, end = self.query_one("#status-text", Static), self.query_one("#status-busy", Static)
        shown, fits = self._fullest(ways, quality, strained)
        width = self.size.width - (cell_len(quality) if fits else 0) - _APART
        (strip,) = Visual.to_strips(text, shown, width, 1, text.visual_style, pad=True)
        ink = end.visual_style.rich_style
        return Strip([*strip, Segment(f" {quality} " if fits else " " * _APART, ink)])

    def _fullest(self, ways: Ways, quality: str, strained: bool) -> tuple[Content, bool]:
        """The fullest way that fits, and whether how good the plan is can stand at the end without hiding anything."""
        busy = self._language.text("planning again…")
        room = self.size.width - (cell_len(busy) + _APART if strained else 0)  # a filter is never covered
        contents = [_content(*way) for way in ways]
        shown = next((way for way in contents if way.cell_length <= room), contents[-1])
        return shown, shown.cell_length + cell_len(quality) + _APART <= self.size.width

    def _lay_out(self) -> None:
        if not self._ways:
            return
        shown, fits = self._fullest(self._ways, self._quality, self._strained)
        self.query_one("#status-text", Static).update(shown)
        end = self.query_one("#status-busy", Static)
        end.set_class(not self._busy, "-quality")
        busy = self._language.text("planning again…")
        end.update(Content(busy if self._busy else self._quality if fits else ""))


def said_of(today: Today, language: Language, sieve: Sieve, marked: int = 0) -> tuple[Ways, str, bool]:
    """What `StatusLine.say` is given of a list: ways to say its figures, how good its plan is, if it is filtered."""
    in_need = sum(row.part.bucket in IN_NEED for row in today.rows)
    some = language.plural("{n} marked", "{n} marked", marked) if marked else ""
    facts = (some, language.plural("{n} to decide", "{n} to decide", in_need))
    everybody = language.plural("{n} citizen", "{n} citizens", len(today.rows))
    place = visible(today.plan.municipality)
    strained = [language.text("only {what}", what=sieve.words(language, brief=brief)) for brief in (False, True)]
    long, short = language.long_day(today.today), language.short_day(today.today)
    if sieve:
        ways = [
            _way(long, (*facts, everybody, place, strained[0])),
            _way(short, (*facts, everybody, place, strained[0])),
            _way(long, (*facts, everybody, strained[0])),
            _way(short, (*facts, everybody, strained[0])),
            _way(short, (*facts, strained[0])),
            _way(short, (*facts, strained[1])),
            _way(short, (some, strained[1])),
            _way(short, (strained[1],)),
        ]
    else:
        ways = [_way(long, (*facts, everybody, place))]
    return ways, quality_short(today.plan.quality, language), bool(sieve)


def _way(day: str, facts: Iterable[str]) -> tuple[str, str]:
    return day, "".join(f" · {fact}" for fact in facts if fact)


def _content(day: str, facts: str) -> Content:
    return Content.assemble((f" {day}", "bold"), (facts, "$muted"))
