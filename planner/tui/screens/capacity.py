"""Capacity: the next twelve weeks as bars, with what the fixed rhythm of the law would have taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from planner.locale import N_
from planner.services.commands import Where
from planner.services.fixed_load import DEFINITION
from planner.services.load_words import load_line, sum_line
from planner.services.results import Today
from planner.tui.bindings import bindings
from planner.tui.screens.mode_screen import ModeScreen
from planner.tui.screens.week import WeekScreen
from planner.tui.widgets.load_list import BOOKED, FIXED, OPEN, OVER, PROPOSED, LoadList

_SIGNS = (
    (BOOKED, N_("booked")),
    (PROPOSED, N_("proposed")),
    (OPEN, N_("open time")),
    (FIXED, N_("fixed rhythm")),
    (OVER, N_("too full")),
)


class CapacityScreen(ModeScreen):
    """A line for each week, and the chosen one in words below."""

    PLACE: ClassVar[Where] = "capacity"
    AUTO_FOCUS = "#load-list"
    BINDINGS: ClassVar[list[BindingType]] = bindings("capacity")

    def body(self) -> Iterable[Widget]:
        """The heading, the weeks, the chosen week in words, the signs and what is counted."""
        yield Static(Content(f" {self.language.text('Capacity of the next twelve weeks, in hours')}"), id="load-title")
        yield LoadList(self.language, id="load-list")
        yield Static(Content(self.language.text("Reckoning…")), id="load-detail")
        yield Static("", id="load-sum")
        signs = "  ".join(f"{sign} {self.language.text(text)}" for sign, text in _SIGNS)
        yield Static(Content(signs), id="load-legend")
        yield Static(Content(self.language.text(DEFINITION)), id="load-definition")

    def show(self, today: Today) -> None:
        """Reckon the weeks of the new list."""
        self._reckon(today)

    @work(group="reckon", exclusive=True, description="reckon")
    async def _reckon(self, today: Today) -> None:
        while (loads := await self.look_up(lambda desk: desk.some_week_loads(today))) is None:
            pass
        self.query_one(LoadList).load(loads)
        self.query_one("#load-sum", Static).update(Content(sum_line(loads, self.language)))

    @on(LoadList.Moved)
    def _moved(self, event: LoadList.Moved) -> None:
        event.stop()
        load = None if self.closing else self.query_one(LoadList).selected
        if load is not None:
            self.query_one("#load-detail", Static).update(Content(load_line(load, self.language)))

    async def tell(self, command_id: str) -> None:
        """See the chosen week."""
        load = self.query_one(LoadList).selected
        if command_id == "see_week" and load is not None:
            await self.app.switch_mode("week")
            screen = self.app.screen
            if isinstance(screen, WeekScreen):
                screen.look_at(load.monday)
