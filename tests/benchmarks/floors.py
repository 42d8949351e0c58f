"""What no program in Textual is faster than: `python -m tests.benchmarks.floors empty`, or `list COUNT`."""

from __future__ import annotations

import sys
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static

READY = "Nobody 00000"
_PLAIN, _CURSOR = Style(), Style(reverse=True)


class Empty(App[None]):
    """A text and a key to leave."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "quit")]

    def compose(self) -> ComposeResult:
        """A text."""
        yield Static(READY)


class Lines(ScrollView, can_focus=True):
    """Lines with a cursor, painted one by one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "down")]

    def __init__(self, count: int) -> None:
        super().__init__()
        self.cursor = 0
        self.lines = [f"Nobody {number:05}" for number in range(count)]

    def on_mount(self) -> None:
        """All lines are there to scroll over."""
        self.virtual_size = Size(1, len(self.lines))

    def action_down(self) -> None:
        """Move the cursor, and scroll where it has to be."""
        self.cursor = min(self.cursor + 1, len(self.lines) - 1)
        top = self.scroll_offset.y
        if self.cursor >= top + self.size.height:
            self.scroll_to(y=self.cursor - self.size.height + 1, animate=False, immediate=True)
        else:
            self.refresh(Region(0, self.cursor - top - 1, self.size.width, 2))

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        line = y + self.scroll_offset.y
        text = self.lines[line] if line < len(self.lines) else ""
        return Strip([Segment(text.ljust(self.size.width), _CURSOR if line == self.cursor else _PLAIN)])


class Bare(Empty):
    """Nothing but lines."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def compose(self) -> ComposeResult:
        """The lines."""
        yield Lines(self.count)


if __name__ == "__main__":
    (Bare(int(sys.argv[2])) if sys.argv[1] == "list" else Empty()).run()
