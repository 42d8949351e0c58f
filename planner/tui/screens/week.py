"""Week: the caseworker's week as a grid, and conversations that are moved about in it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar

from textual import events, on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from planner.domain.calendar import FIRST_DAY, LAST_DAY
from planner.errors import PlannerError
from planner.locale import N_
from planner.services.commands import Where
from planner.services.explanation import sentences
from planner.services.moving import Carried, Landing, landing_lines, pick_up, try_at
from planner.services.results import Today
from planner.services.week_view import Kind, WeekView, is_at_hand, monday_of, week_view
from planner.services.week_words import closed_line, legend, stretch_line, talk_line, untimed_line, week_title
from planner.tui.bindings import bindings
from planner.tui.screens.desk_screen import DeskScreen
from planner.tui.screens.mode_screen import ModeScreen
from planner.tui.screens.week_flows import AT_ONCE, FLOWS, PUT_DOWN
from planner.tui.widgets.week_grid import WeekGrid

_HOW = N_("Arrows carry it; enter puts it here, esc leaves it where it was")


class WeekScreen(ModeScreen):
    """One week at a time; what the cursor stands on is said below the grid."""

    PLACE: ClassVar[Where] = "week"
    AUTO_FOCUS = "#week-grid"
    BINDINGS: ClassVar[list[BindingType]] = bindings("week")

    _today: Today | None = None
    _monday: date | None = None
    _view: WeekView | None = None
    _carried: Carried | None = None

    def __init__(self, desk: DeskScreen) -> None:
        super().__init__(desk)
        self._released: deque[tuple[Carried, Landing]] = deque()

    def body(self) -> Iterable[Widget]:
        """Which week, the grid, what the cursor stands on, and the signs."""
        yield Static("", id="week-title")
        yield WeekGrid(self.language, id="week-grid")
        yield Static("", id="week-detail")
        yield Static(Content(legend(self.language)), id="week-legend")

    @property
    def grid(self) -> WeekGrid:
        """The grid."""
        return self.query_one(WeekGrid)

    @property
    def today(self) -> Today | None:
        """The list that is shown."""
        return self._today

    def show(self, today: Today) -> None:
        """Show the week again as it is now; what is carried is dropped where it is no longer what it was."""
        self._today = today
        self._monday = self._monday or monday_of(today.today)
        if self._carried is not None:
            self._carried = pick_up(today, self._carried.talk)
            if self._carried is None:
                self.grid.let_go()
                self.refuse(self.language.text("It was changed meanwhile"))
        self._draw()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Log that the week was looked at."""
        self._log_look()

    @work(group="look")
    async def _log_look(self) -> None:
        today = self.desk.shown
        if today is not None and self.desk.has_desk:
            await self.look_up(lambda desk: desk.looked("week", count=len(today.rows)))

    def look_at(self, day: date) -> None:
        """Show the week of a day."""
        self._monday = monday_of(day)
        self._draw()

    def _draw(self, weekday: int | None = None) -> None:
        today, monday = self._today, self._monday
        if today is None or monday is None:
            return
        if is_at_hand(today, monday):
            self.workers.cancel_group(self, "past")
            self._put_up(week_view(today, monday), weekday)
        else:
            self._look_back(today, monday, weekday)

    @work(group="past", exclusive=True, description="look back")
    async def _look_back(self, today: Today, monday: date, weekday: int | None) -> None:
        """Show a week that lies so long behind that the list has nothing of it any more."""
        try:
            view = await self.look_up(lambda desk: desk.week(today, monday))
        except PlannerError as error:
            self.refuse(self.sentence(error))
        else:
            if not self.closing:
                self._put_up(view, weekday)

    def _put_up(self, view: WeekView, weekday: int | None) -> None:
        self._view = view
        self.query_one("#week-title", Static).update(Content(f" {week_title(view, self.language)}"))
        self.grid.load(view, weekday)

    # -- what the cursor stands on

    @on(WeekGrid.Moved)
    def _moved(self, event: WeekGrid.Moved) -> None:
        event.stop()
        if not self.closing and self._today is not None:
            carrying = self._carried is not None
            lines = self._landing_lines() if carrying else self._lines()
            below = self.language.text(_HOW) if carrying else legend(self.language)
            self.query_one("#week-legend", Static).update(Content(below))
            detail = self.query_one("#week-detail", Static)
            detail.set_class(carrying, "-carrying")  # what a place costs is longer than what lies there
            detail.update(Content("\n".join(lines)))

    def _landing_lines(self) -> list[str]:
        tried = self.grid.tried
        assert self._carried is not None
        assert self._today is not None
        if tried is None:
            return []
        landing = try_at(self._carried, tried.on, tried.start)
        self.grid.mark(landing)
        place = talk_line(replace(self._carried.talk, slot=tried, covers=()), self.language, {})
        said = " ".join(landing_lines(landing, self.language, self._today.plan.titles))
        return [place, said]

    def _lines(self) -> list[str]:
        grid, today = self.grid, self._today
        if today is None or self._view is None or grid.day is None:
            return []
        talk, day = grid.talk, self._view.days[(grid.day - self._view.monday).days]
        if talk is not None:
            lines = [talk_line(talk, self.language, today.plan.titles)]
        else:
            stretch = day.at(grid.minute)
            when = self.language.short_day(day.on)
            nothing = self.language.text("outside the working hours")
            lines = [f"{when} {stretch_line(stretch, self.language) if stretch is not None else nothing}"]
        said = (closed_line(day, self.language), untimed_line(day, self.language))
        return [*lines, " ".join(filter(None, said))]

    # -- weeks

    @on(WeekGrid.Turned)
    def _turned(self, event: WeekGrid.Turned) -> None:
        event.stop()
        self.turn(event.weeks, event.weekday)

    def turn(self, weeks: int, weekday: int | None = None) -> None:
        """Show the week so many weeks later; within the dates that are reckoned with."""
        if self._monday is None:
            return
        wanted = self._monday + timedelta(weeks=weeks)
        if FIRST_DAY <= wanted <= LAST_DAY - timedelta(days=7):
            self._monday = wanted
            self._draw(weekday)

    def step(self, weeks: int) -> None:
        """Go a week on or back, with what is carried."""
        if self._carried is not None:
            self.grid.action_move("page_down" if weeks > 0 else "page_up")
        else:
            self.turn(weeks)

    def this_week(self) -> None:
        """Show the week of today, with the cursor on today."""
        if self._today is not None:
            self._monday = monday_of(self._today.today)
            self._draw(self._today.today.weekday())

    # -- carrying

    def take(self) -> None:
        """Take the conversation under the cursor into the hand, or say why not."""
        talk, today = self.grid.talk, self._today
        if talk is None or today is None:
            self.refuse(self.language.text("There is no conversation here to move"))
        elif talk.kind is Kind.HELD:
            self.refuse(self.language.text("This conversation has been held"))
        elif talk.slot.on < today.today:
            self.refuse(self.language.text("Its day has passed: record what became of it, and book another one"))
        else:
            self._carried = pick_up(today, talk)
            if self._carried is not None:
                self.grid.carry(talk, today.caseload.settings.grid_minutes)

    def let_go(self, *, back: bool) -> None:
        """Have nothing in the hand any longer; `back`: the cursor goes to where the conversation lies."""
        carried, self._carried = self._carried, None
        if carried is None:
            return
        held = self.grid.tried
        self.grid.let_go()
        if back:
            self.grid.aim(carried.slot.on, carried.slot.start)
            self.look_at(carried.slot.on)
        elif held is not None:
            self.grid.aim(held.on, held.start)

    def _release(self) -> bool:
        """Let go of what is carried where it is held; says why and keeps it where a rule forbids the place."""
        carried, tried, today = self._carried, self.grid.tried, self._today
        if carried is None or tried is None or today is None:
            return False
        landing = try_at(carried, tried.on, tried.start)
        if not landing.possible:
            self.refuse("\n".join(sentences(landing.blocked, self.language, today.plan.titles)))
            return False
        self.let_go(back=landing.unmoved)
        if not landing.unmoved:
            self._released.append((carried, landing))
        return not landing.unmoved

    def released(self) -> tuple[Carried, Landing]:
        """What was let go first and is not yet put, with its place."""
        return self._released.popleft()

    @on(WeekGrid.Put)
    def _put(self, event: WeekGrid.Put) -> None:
        event.stop()
        self.action_command(PUT_DOWN)

    @on(WeekGrid.Left)
    def _left(self, event: WeekGrid.Left) -> None:
        event.stop()
        self.let_go(back=True)

    # -- commands

    async def show_in_list(self, citizen_id: str) -> None:
        """Go to today's list, to that citizen."""
        self.desk.select(citizen_id)
        await self.app.run_action("command('today')")

    def act(self, command_id: str) -> None:
        """Run a command of the table; what only looks or takes acts before the next key."""
        if self._today is None:
            return
        if command_id == PUT_DOWN and self._carried is None:
            self.take()
        elif command_id == PUT_DOWN:  # the place is that of this key, whatever is pressed while the store is written
            if self._release():
                super().act(command_id)
        elif command_id in AT_ONCE:
            AT_ONCE[command_id](self)
        elif self._carried is not None:
            self.refuse(self.language.text(N_("Put the conversation down first (enter), or leave it (esc)")))
        else:
            super().act(command_id)

    async def tell(self, command_id: str) -> None:
        """Tell the story of a command about what the cursor stands on."""
        await FLOWS[command_id](self)
