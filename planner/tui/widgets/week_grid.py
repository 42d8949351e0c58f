"""The week as a grid, painted line by line: a column for each day, a row for each quarter or half of an hour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from planner.domain.text import visible
from planner.locale import Language
from planner.planning.plan import Slot
from planner.services.moving import Landing
from planner.services.week_view import Kind, Talk, WeekView, monday_of
from planner.services.week_words import SIGNS
from planner.tui.bindings import movements
from planner.tui.widgets.columns import fitted
from planner.tui.widgets.week_shape import GUTTER, Spot, WeekShape, cell_text, shape_for

#: Signs of a conversation in the hand: where it can be put, and where it cannot.
HERE, NOT_HERE = ">", "!"
_LOUD = frozenset({Kind.BOOKED, Kind.PROPOSED, Kind.TENTATIVE})


class WeekGrid(ScrollView, can_focus=True, inherit_bindings=False):
    """The cursor goes by day and by conversation or free cell; a conversation that is carried goes by the grid."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *movements("down", "up", "first", "last", "page_down", "page_up"),
        Binding("left", "day(-1)", show=False),
        Binding("right", "day(1)", show=False),
        Binding("enter", "put", show=False),
        Binding("escape", "leave", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "week-grid--heading",
        "week-grid--talk",
        "week-grid--muted",
        "week-grid--cursor",
        "week-grid--carried",
        "week-grid--blocked",
    }

    class Moved(Message):
        """The cursor, or what is carried, stands elsewhere."""

    class Turned(Message):
        """Another week is asked for; `day` is where the cursor goes in it, None for the same weekday."""

        def __init__(self, weeks: int, weekday: int | None = None) -> None:
            super().__init__()
            self.weeks = weeks
            self.weekday = weekday

    class Put(Message):
        """What is carried is to be put where it is."""

    class Left(Message):
        """What is carried is to stay where it was."""

    def __init__(self, language: Language, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._language = language
        self._view: WeekView | None = None
        self._shape: WeekShape | None = None
        self._spot = Spot(0, 0)
        self._wished: tuple[date, int] | None = None
        self._carried: tuple[Talk, Slot, bool] | None = None
        self._grid = 15
        self._strips: dict[tuple[object, ...], Strip] = {}

    # -- what is shown

    def load(self, view: WeekView, weekday: int | None = None) -> None:
        """Show a week; the cursor stays on its weekday and time, and on its conversation where that is still there."""
        minute = self._minute()
        former, talk = self._view, self.talk
        self._view = view
        self._cut()
        shape = self._shape
        assert shape is not None
        day = self._spot.day if weekday is None else weekday
        if former is None:
            day = max(0, (view.today - view.monday).days) if monday_of(view.today) == view.monday else 0
        day = max(0, min(day, len(shape.days) - 1))
        self._spot = Spot(day, shape.row_of(minute) if minute is not None else 0)
        if self._wished is not None and monday_of(self._wished[0]) == view.monday:
            on, start = self._wished
            self._spot = Spot(min((on - view.monday).days, len(shape.days) - 1), shape.row_of(start))
        elif former is not None and former.monday == view.monday and talk is not None:
            same = [t for t in shape.days[day].talks if (t.citizen_id, t.slot) == (talk.citizen_id, talk.slot)]
            self._spot = shape.spot_of(day, same[0]) if same else self._spot
        self._told()

    def aim(self, on: date, start: int) -> None:
        """Put the cursor there as soon as that week is shown."""
        self._wished = (on, start)

    @property
    def day(self) -> date | None:
        """The day under the cursor, or of what is carried."""
        if self._carried is not None:
            return self._carried[1].on
        return self._shape.days[self._spot.day].on if self._shape is not None else None

    @property
    def minute(self) -> int:
        """The first minute of the row under the cursor."""
        return self._minute() or 0

    @property
    def talk(self) -> Talk | None:
        """The conversation under the cursor."""
        return self._shape.talk_at(self._spot) if self._shape is not None else None

    def _minute(self) -> int | None:
        return self._shape.start_of(self._spot.row) if self._shape is not None else None

    def _cut(self) -> None:
        """Cut the week into as many rows as there is room for."""
        if self._view is not None:
            self._shape = shape_for(self._view, max(1, self.size.height - 1))
            self.virtual_size = Size(1, self._shape.rows + 1)
            self._strips.clear()

    def _told(self) -> None:
        self._show_cursor()
        self.refresh()
        self.post_message(self.Moved())

    # -- carrying

    @property
    def carrying(self) -> bool:
        """Whether a conversation is in the hand."""
        return self._carried is not None

    def carry(self, talk: Talk, grid: int) -> None:
        """Take a conversation into the hand; it moves by `grid` minutes."""
        self._carried, self._grid = (talk, talk.slot, True), grid
        self._strips.clear()
        self._told()

    def mark(self, landing: Landing) -> None:
        """Show whether what is carried can be put where it is."""
        if self._carried is not None:
            self._carried = (self._carried[0], landing.slot, landing.possible)
            self.refresh()

    @property
    def tried(self) -> Slot | None:
        """The place where what is carried is held."""
        return self._carried[1] if self._carried is not None else None

    def let_go(self) -> None:
        """Carry nothing any longer; the cursor stays where it was held."""
        if self._carried is not None and self._shape is not None and self._view is not None:
            slot = self._carried[1]
            self._carried = None
            day = max(0, min((slot.on - self._view.monday).days, len(self._shape.days) - 1))
            self._spot = Spot(day, self._shape.row_of(slot.start))
            self._told()

    def _hold(self, on: date, start: int) -> None:
        assert self._carried is not None
        assert self._shape is not None
        assert self._view is not None
        latest = self._shape.start_of(self._shape.rows) - self._grid
        slot = replace(self._carried[1], on=on, start=max(self._shape.first, min(start, latest)))
        weeks = (monday_of(on) - self._view.monday).days // 7
        self._carried = (self._carried[0], slot, self._carried[2])
        if weeks:
            self.post_message(self.Turned(weeks, on.weekday()))
        self._told()

    def _carry_on(self, movement: str) -> None:
        assert self._carried is not None
        assert self._shape is not None
        slot = self._carried[1]
        off, step = slot.start % self._grid, self._grid
        steps = {"down": step - off, "up": -(off or step)}
        if movement in ("page_down", "page_up"):
            self._hold(slot.on + timedelta(weeks=1 if movement == "page_down" else -1), slot.start)
        elif movement in steps:
            self._hold(slot.on, slot.start + steps[movement])
        else:
            last = self._shape.start_of(self._shape.rows) - slot.minutes
            self._hold(slot.on, self._shape.first if movement == "first" else last // step * step)

    # -- the cursor

    def action_move(self, movement: str) -> None:
        """Move by conversations and cells, or turn the page to another week."""
        shape = self._shape
        if shape is None:
            return
        self._wished = None
        if self._carried is not None:
            self._carry_on(movement)
        elif movement in ("page_down", "page_up"):
            self.post_message(self.Turned(1 if movement == "page_down" else -1))
        else:
            self._go({"down": self._below, "up": self._above}.get(movement, self._edge)(movement))

    def action_day(self, days: int) -> None:
        """Move to the next day, or over the edge into another week."""
        if self._shape is None:
            return
        self._wished = None
        if self._carried is not None:
            self._hold(self._carried_to(days), self._carried[1].start)
            return
        day = self._spot.day + days
        if 0 <= day < len(self._shape.days):
            self._go(Spot(day, self._spot.row))
        else:
            self.post_message(self.Turned(days, 0 if days > 0 else len(self._shape.days) - 1))

    def _carried_to(self, days: int) -> date:
        """The next day in that direction; weekends on which nothing lies are passed over."""
        assert self._carried is not None
        assert self._shape is not None
        on, shown = self._carried[1].on + timedelta(days=days), {day.on for day in self._shape.days}
        while on.weekday() > 4 and on not in shown:
            on += timedelta(days=days)
        return on

    def _below(self, _movement: str) -> Spot:
        assert self._shape is not None
        spot, talks = self._spot, self._shape.talks(self._spot.day, self._spot.row)
        if spot.which + 1 < len(talks):
            return replace(spot, which=spot.which + 1)
        row = spot.row + 1
        while row < self._shape.rows - 1 and talks and self._goes_on(talks, row):
            row += 1
        return Spot(spot.day, min(row, self._shape.rows - 1))

    def _above(self, _movement: str) -> Spot:
        assert self._shape is not None
        spot = self._spot
        if spot.which:
            return replace(spot, which=spot.which - 1)
        row = spot.row
        talks = self._shape.talks(spot.day, row)
        while row > 0 and talks and self._goes_on(talks, row):  # to the beginning of this conversation
            row -= 1
        row = max(0, row - 1) if row == spot.row or not talks else row
        talks = self._shape.talks(spot.day, row)
        while row > 0 and talks and self._goes_on(talks, row):  # of the one above, its beginning
            row -= 1
        return Spot(spot.day, row, max(0, len(self._shape.beginning(spot.day, row)) - 1))

    def _goes_on(self, talks: Iterable[Talk], row: int) -> bool:
        """Whether a cell only continues those conversations."""
        assert self._shape is not None
        return not self._shape.beginning(self._spot.day, row) and any(
            row in self._shape.rows_of(talk) for talk in talks
        )

    def _edge(self, movement: str) -> Spot:
        assert self._shape is not None
        return Spot(self._spot.day, 0 if movement == "first" else self._shape.rows - 1)

    def next_talk(self, step: int) -> None:
        """Go to the next conversation of the week, or with -1 to the one before."""
        shape = self._shape
        if shape is None:
            return
        spots = [shape.spot_of(number, talk) for number, day in enumerate(shape.days) for talk in day.talks]
        places = [(spot.day, spot.row, spot.which) for spot in spots]
        here = (self._spot.day, self._spot.row, self._spot.which)
        ahead = [p for p in places if p > here] if step > 0 else [p for p in reversed(places) if p < here]
        if ahead:
            self._wished = None
            self._go(Spot(*ahead[0]))

    def _go(self, spot: Spot) -> None:
        if spot != self._spot:
            self._spot = spot
            self._told()

    def _show_cursor(self) -> None:
        if self._shape is None:
            return
        row = self._spot.row if self._carried is None else self._shape.row_of(self._carried[1].start)
        height, top = max(1, self.size.height - 1), self.scroll_offset.y
        if row < top:
            self.scroll_to(y=row, animate=False, immediate=True)
        elif row >= top + height:
            self.scroll_to(y=row - height + 1, animate=False, immediate=True)
        if self.has_focus:  # screen magnifiers and readers follow the terminal's own cursor
            day = self._spot.day if self._carried is None else self._column(self._carried[1].on)
            x = GUTTER + day * self._width()
            region = self.content_region
            self.app.cursor_position = Offset(region.x + x, region.y + 1 + row - self.scroll_offset.y)

    def _column(self, on: date) -> int:
        return max(0, (on - self._view.monday).days) if self._view is not None else 0

    # -- keys and mouse

    def action_put(self) -> None:
        """Put down what is carried."""
        if self._carried is not None:
            self.post_message(self.Put())

    def action_leave(self) -> None:
        """Leave what is carried where it was."""
        if self._carried is not None:
            self.post_message(self.Left())

    def on_focus(self) -> None:
        """Let the terminal's cursor follow."""
        self._show_cursor()

    def on_resize(self, _event: events.Resize) -> None:
        """Cut the week anew for the new height, with the cursor at the same time of the day."""
        minute = self._minute()
        self._cut()
        if self._shape is not None and minute is not None:
            self._spot = Spot(self._spot.day, self._shape.row_of(minute))
            self._told()

    def notify_style_update(self) -> None:
        """Forget what was painted in another theme."""
        super().notify_style_update()
        self._strips.clear()

    def on_click(self, event: events.Click) -> None:
        """Go to the cell that is clicked."""
        if self._shape is None or self._carried is not None:
            return
        at = event.get_content_offset_capture(self)
        row, day = at.y - 1 + self.scroll_offset.y, (at.x - GUTTER) // self._width()
        if at.y > 0 and 0 <= row < self._shape.rows and 0 <= day < len(self._shape.days):
            self._go(Spot(day, row))

    # -- painting

    def _width(self) -> int:
        count = len(self._shape.days) if self._shape is not None else 1
        return max(4, (self.scrollable_content_region.width - GUTTER) // count)

    def render_line(self, y: int) -> Strip:
        """Paint the heading, or one row."""
        width, shape = self.scrollable_content_region.width, self._shape
        row = y - 1 + self.scroll_offset.y
        if shape is None or row >= shape.rows:
            return Strip.blank(width, self.rich_style)
        marks = () if y == 0 else tuple(self._state(day, row) for day in range(len(shape.days)))
        key = (-1 if y == 0 else row, width, marks, self._takes_hold(row))
        if key not in self._strips:
            segments = self._heading(shape) if y == 0 else self._row(shape, row, marks)
            self._strips[key] = Strip(segments).adjust_cell_length(width, self._style("muted"))
        return self._strips[key]

    def _heading(self, shape: WeekShape) -> list[Segment]:
        style, parts = self._style("heading"), [" " * GUTTER]
        for day in shape.days:
            names, untimed = [self._language.short_day(day.on)], ""
            if day.on == shape.view.today:
                dated = self._language.text("today {day}", day=self._language.day_and_month(day.on))
                names = [dated, self._language.text("today")]
            if day.untimed:
                untimed = f" {SIGNS[Kind.HELD]}{len(day.untimed)}"
            whole = (f"{name}{untimed}" for name in names if cell_len(f"{name}{untimed}") < self._width())
            parts.append(fitted(next(whole, f"{names[-1]}{untimed}"), self._width()))
        return [Segment("".join(parts), style)]

    def _row(self, shape: WeekShape, row: int, marks: tuple[str, ...]) -> list[Segment]:
        minute = shape.start_of(row)
        clock = self._language.time(minute) if minute % 60 == 0 or shape.step > 15 or row == 0 else ""
        segments = [Segment(clock.ljust(GUTTER), self._style("muted"))]
        for day, mark in enumerate(marks):
            text, kind = cell_text(shape, day, row, self._language)
            if mark in ("carried", "blocked") and self._carried is not None:
                text = HERE if mark == "carried" else NOT_HERE
                text += f" {visible(self._carried[0].name)}" if self._takes_hold(row) else ""
            style = self._style(mark or ("talk" if kind in _LOUD else "muted"))
            segments.append(Segment(fitted(text, self._width()), style))
        return segments

    def _takes_hold(self, row: int) -> bool:
        """Whether what is carried would begin in the row."""
        return (
            self._carried is not None and self._shape is not None and self._shape.row_of(self._carried[1].start) == row
        )

    def _state(self, day: int, row: int) -> str:
        """How a cell is marked: with the cursor, or with what is carried."""
        assert self._shape is not None
        if self._carried is not None:
            _, slot, possible = self._carried
            if self._shape.days[day].on != slot.on:
                return ""
            rows = range(self._shape.row_of(slot.start), self._shape.row_of(slot.end - 1) + 1)
            return ("carried" if possible else "blocked") if row in rows else ""
        if day != self._spot.day:
            return ""
        talk = self.talk
        begins = self._spot.row == row
        return "cursor" if begins or (talk is not None and self._spot.which == 0 and self._runs_on(talk, row)) else ""

    def _runs_on(self, talk: Talk, row: int) -> bool:
        assert self._shape is not None
        own = row in self._shape.rows_of(talk)
        return own and talk in self._shape.talks(self._spot.day, row)

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"week-grid--{part}")
