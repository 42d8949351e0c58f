"""A list of lines with a cursor, painted line by line: only what is seen is painted, and once painted it is kept."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Offset, Region
from textual.strip import Strip

from planner.tui.bindings import movements
from planner.tui.widgets.painted import Painted


class LineList(Painted, can_focus=True, inherit_bindings=False):
    """What lists share: the cursor stays in sight, the terminal's own cursor follows, strips are kept until forgotten.

    A list says how many lines there are, paints each (`segments`), and moves the cursor with `go`.
    """

    BINDINGS: ClassVar[list[BindingType]] = movements("down", "up", "first", "last", "page_down", "page_up")

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.cursor = -1
        self._strips: dict[tuple[int, int, str], Strip] = {}

    @property
    def count(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def segments(self, line: int, width: int, state: str) -> list[Segment]:
        """One line; `state` is `cursor` under the cursor, `rest` there without the focus, else empty."""
        raise NotImplementedError

    def head_of(self, _line: int) -> int:
        """How many lines above that one are to be seen with it."""
        return 0

    def moved(self) -> None:
        """The cursor stands on another line."""

    def go(self, line: int) -> None:
        """Put the cursor on a line."""
        if line == self.cursor:
            return
        former, self.cursor = self.cursor, line
        top = self.scroll_offset.y
        self.show_cursor()
        if self.scroll_offset.y == top:
            self.refresh(self._on_screen(former), self._on_screen(line))
        self.paint()
        self.moved()

    def show_cursor(self) -> None:
        """Scroll as far as the cursor's line needs."""
        if self.cursor < 0:
            return
        height, top = max(1, self.scrollable_content_region.height), self.scroll_offset.y
        first = self.cursor - self.head_of(self.cursor)
        if first < top:
            self.scroll_to(y=first, animate=False, immediate=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True)
        self._place_terminal_cursor()

    def forget(self, line: int | None = None) -> None:
        """Paint that line, or everything, anew."""
        if line is None:
            self._strips.clear()
            self.refresh()
        else:
            self._strips = {key: strip for key, strip in self._strips.items() if key[0] != line}
            self.refresh(self._on_screen(line))
            self.paint()

    def on_focus(self) -> None:
        """Show by colour that keys go here."""
        self._place_terminal_cursor()

    def notify_style_update(self) -> None:
        """Forget what was painted in another theme."""
        super().notify_style_update()
        self._strips.clear()

    async def on_key(self, event: events.Key) -> None:
        """Move at once, without going up to the application and back."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            event.stop()
            await self.app.run_action(binding.action, self)
            return

    def line(self, y: int, width: int) -> Strip:
        """Paint one line of the screen."""
        line = y + self.scroll_offset.y
        if not 0 <= line < self.count:
            return Strip.blank(width, self.rich_style)
        state = "" if line != self.cursor else "cursor" if self.has_focus else "rest"
        key = (line, width, state)
        if key not in self._strips:
            segments = self.segments(line, width, state)
            self._strips[key] = Strip(segments).adjust_cell_length(width, segments[-1].style)
        return self._strips[key]

    def _on_screen(self, line: int) -> Region:
        return Region(0, line - self.scroll_offset.y, self.size.width, 1)

    def _place_terminal_cursor(self) -> None:
        if self.has_focus:  # screen magnifiers and readers follow the terminal's own cursor
            region = self.content_region
            self.app.cursor_position = Offset(region.x, region.y + self.cursor - self.scroll_offset.y)
