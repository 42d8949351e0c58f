"""The list of choices of a dialog: the movements of the other lists, and `enter` or a click to choose."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message

from planner.tui.held_keys import is_late
from planner.tui.widgets.columns import fitted
from planner.tui.widgets.line_list import LineList


class ChoiceList(LineList):
    """Lines that are safe to show, one of which is marked; the cursor passes over those that are `headings`.

    It keeps the height that it began with, so that nothing has to be laid out anew when other choices are shown.
    """

    STYLES: ClassVar[str] = "choice-list"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "choice-list--plain",
        "choice-list--heading",
        "choice-list--cursor",
        "choice-list--rest",
    }

    class Chosen(Message):
        """A choice was clicked."""

    def __init__(
        self,
        lines: Iterable[str],
        *,
        marked: int | None = None,
        headings: Collection[int] = (),
        id: str,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self.lines: tuple[str, ...] = tuple(lines)
        self._headings = frozenset(headings)
        self._height = len(self.lines)
        self.cursor = self._first() if marked is None else marked
        self.set_reactive(ChoiceList.virtual_size, Size(1, len(self.lines)))

    @property
    def count(self) -> int:
        """All lines, headings among them."""
        return len(self.lines)

    @property
    def marked(self) -> int | None:
        """The line that is marked; None where nothing can be chosen."""
        return self.cursor if self.cursor >= 0 else None

    def show(self, lines: Iterable[str], *, marked: int | None = None, headings: Collection[int] = ()) -> None:
        """Other choices; the first is marked where nothing else is said."""
        self.lines, self._headings = tuple(lines), frozenset(headings)
        self.cursor = self._first() if marked is None else marked
        self.set_reactive(ChoiceList.virtual_size, Size(1, len(self.lines)))
        self._scroll_update(self.virtual_size)
        self.scroll_to(y=0, animate=False, immediate=True)
        self._strips.clear()
        self.show_cursor()
        self.refresh(self.size.region)
        self.paint()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A line for each choice that there was at first."""
        return self._height

    def on_resize(self) -> None:
        """Have what is marked in sight."""
        self.show_cursor()

    def action_move(self, movement: str) -> None:
        """Mark another choice."""
        stops = [line for line in range(self.count) if line not in self._headings]
        if not stops:
            return
        at, page = stops.index(self.cursor), max(1, self.size.height - 1)
        steps = {"down": 1, "up": -1, "page_down": page, "page_up": -page, "first": -len(stops)}
        self.go(stops[max(0, min(at + steps.get(movement, len(stops)), len(stops) - 1))])

    def head_of(self, line: int) -> int:
        """A heading is seen with its first choice."""
        return int(line - 1 in self._headings)

    def on_click(self, event: events.Click) -> None:
        """Choose what is clicked."""
        line = event.get_content_offset_capture(self).y + self.scroll_offset.y
        if 0 <= line < self.count and line not in self._headings and not is_late(self.app):
            self.go(line)
            self.post_message(self.Chosen())

    def segments(self, line: int, width: int, state: str) -> list[Segment]:
        """One choice, cut where it is too long."""
        part = state or ("heading" if line in self._headings else "plain")
        return [Segment(fitted(self.lines[line], width), self.style_of(part))]

    def _first(self) -> int:
        return next((line for line in range(len(self.lines)) if line not in self._headings), -1)
