"""Twelve weeks of capacity, a line for each: the figures in hours, and a bar of signs beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Offset, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from planner.locale import N_, Language
from planner.services.fixed_load import WeekLoad
from planner.services.load_words import hours, overfull
from planner.tui.bindings import movements

BOOKED, PROPOSED, OPEN, FIXED = "=", "+", ".", "|"
OVER = "!"
_HEADINGS = (N_("available"), N_("booked"), N_("proposed"), N_("fixed"))
_GAP = 2


def bar(load: WeekLoad, most: int, width: int) -> str:
    """The week's bar: booked, proposed, open time, and a mark where the fixed rhythm ends; `most` minutes fill it."""
    cells = [" "] * width
    booked = _cells(load.booked, most, width)
    planned = max(_cells(load.booked + load.proposed, most, width), booked + (load.proposed > 0))
    for end, sign in ((_cells(load.available, most, width), OPEN), (planned, PROPOSED), (booked, BOOKED)):
        count = min(end, width)
        cells[:count] = sign * count
    if load.fixed:
        cells[max(0, _cells(load.fixed, most, width) - 1)] = FIXED
    return "".join(cells)


def _cells(minutes: int, most: int, width: int) -> int:
    """How many cells so many minutes take: at least one for anything, and never more than there are."""
    return min(width, max(1, round(minutes * width / most))) if minutes and most else 0


class LoadList(ScrollView, can_focus=True, inherit_bindings=False):
    """A list of weeks; the cursor goes from week to week."""

    BINDINGS: ClassVar[list[BindingType]] = [*movements("down", "up", "first", "last", "page_down", "page_up")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "load-list--heading",
        "load-list--week",
        "load-list--muted",
        "load-list--cursor",
    }

    class Moved(Message):
        """The cursor stands on another week."""

    def __init__(self, language: Language, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._language = language
        self._loads: tuple[WeekLoad, ...] = ()
        self._cursor = 0

    @property
    def selected(self) -> WeekLoad | None:
        """The week under the cursor."""
        return self._loads[self._cursor] if self._loads else None

    def load(self, loads: tuple[WeekLoad, ...]) -> None:
        """Show these weeks."""
        self._loads = loads
        self._cursor = max(0, min(self._cursor, len(loads) - 1))
        self.virtual_size = Size(1, len(loads) + 1)
        self._told()

    def action_move(self, movement: str) -> None:
        """Move the cursor by weeks."""
        page, last = max(1, self.size.height - 2), len(self._loads) - 1
        steps = {"down": 1, "up": -1, "page_down": page, "page_up": -page, "first": -len(self._loads)}
        cursor = max(0, min(self._cursor + steps.get(movement, len(self._loads)), last))
        if cursor != self._cursor:
            self._cursor = cursor
            self._told()

    def _told(self) -> None:
        height, top = max(1, self.size.height - 1), self.scroll_offset.y
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False, immediate=True)
        elif self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False, immediate=True)
        self._place_terminal_cursor()
        self.refresh()
        self.post_message(self.Moved())

    def _place_terminal_cursor(self) -> None:
        if self.has_focus:  # screen magnifiers and readers follow the terminal's own cursor
            region = self.content_region
            self.app.cursor_position = Offset(region.x, region.y + 1 + self._cursor - self.scroll_offset.y)

    def on_focus(self) -> None:
        """Let the terminal's cursor follow."""
        self._place_terminal_cursor()

    def on_click(self, event: events.Click) -> None:
        """Select the week that is clicked."""
        row = event.get_content_offset_capture(self).y - 1 + self.scroll_offset.y
        if 0 <= row < len(self._loads):
            self._cursor = row
            self._told()

    def render_line(self, y: int) -> Strip:
        """Paint the heading, or one week."""
        width, row = self.scrollable_content_region.width, y - 1 + self.scroll_offset.y
        if not self._loads or row >= len(self._loads):
            return Strip.blank(width, self.rich_style)
        name, figures = self._widths()
        if y == 0:
            style, text = self._style("heading"), self._heading(name, figures)
        else:
            style = self._style("cursor" if row == self._cursor else "week")
            text = self._week(self._loads[row], name, figures, width)
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

    def _widths(self) -> tuple[int, list[int]]:
        name = max(cell_len(self._named(load)) for load in self._loads)
        figures = [cell_len(self._language.text(heading)) for heading in _HEADINGS]
        return name, [max(width, 6) for width in figures]

    def _named(self, load: WeekLoad) -> str:
        return f" {self._language.week(load.year, load.week)}"

    def _heading(self, name: int, figures: list[int]) -> str:
        parts = (self._language.text(text).rjust(width) for text, width in zip(_HEADINGS, figures, strict=True))
        return " " * (name + 2) + "".join(f"{' ' * _GAP}{part}" for part in parts)

    def _week(self, load: WeekLoad, name: int, figures: list[int], width: int) -> str:
        say: Callable[[int], str] = lambda minutes: hours(minutes, self._language)  # noqa: E731
        values = (load.available, load.booked, load.proposed, load.fixed)
        columns = "".join(f"{' ' * _GAP}{say(v).rjust(w)}" for v, w in zip(values, figures, strict=True))
        text = f"{self._named(load).ljust(name)} {OVER if overfull(load) else ' '}{columns}{' ' * _GAP}"
        room = width - cell_len(text) - 1
        return text + bar(load, self._most(), room) if room > 0 else text

    def _most(self) -> int:
        return max(max(one.available, one.booked + one.proposed, one.fixed) for one in self._loads)

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"load-list--{part}")
