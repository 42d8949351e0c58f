"""The card of the selected citizen; it follows the cursor a moment later, so that the cursor never waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.selection import Selection
from textual.strip import Strip

from planner.tui.bindings import movements
from planner.tui.widgets.card_text import Line
from planner.tui.widgets.painted import Painted

#: Seconds in which the cursor is on its way to the terminal.
_AFTER = 0.002


class CitizenCard(Painted, can_focus=True, inherit_bindings=False):
    """A card of plain lines that scrolls with its own keys when it has the focus; its text can be selected."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *movements("down", "up", "first", "last", "page_down", "page_up"),
        Binding("escape", "app.focus('list')", show=False),
    ]
    STYLES: ClassVar[str] = "citizen-card"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "citizen-card--plain",
        "citizen-card--strong",
        "citizen-card--heading",
        "citizen-card--muted",
        "citizen-card--pressing",
        "citizen-card--notice",
    }

    def __init__(self, text: Callable[[int], list[Line]], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._text = text
        self._lines: list[Line] = []
        self._asked = False
        self._fresh = False

    @property
    def text(self) -> str:
        """What the card says."""
        return "\n".join(text for text, _ in self._lines)

    def follow(self, *, fresh: bool = True) -> None:
        """Show the text anew after the next paint; several wishes before that are one. `fresh`: from its top."""
        self._fresh = self._fresh or fresh
        if not self._asked:
            self._asked = True
            self.set_timer(_AFTER, self._show)

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self.follow(fresh=False)

    def _show(self) -> None:
        self._asked = False
        self._lines = self._text(self.scrollable_content_region.width)
        self.fit(len(self._lines))
        if self._fresh:
            self._fresh = False
            self.scroll_to(y=0, animate=False, immediate=True)
        self.refresh(self.size.region)
        self.paint()

    def action_move(self, movement: str) -> None:
        """Scroll the card."""
        page = max(1, self.size.height - 1)
        steps = {"down": 1, "up": -1, "page_down": page, "page_up": -page, "first": -len(self._lines)}
        target = self.scroll_offset.y + steps.get(movement, len(self._lines))
        self.scroll_to(y=max(0, min(target, self.max_scroll_y)), animate=False, immediate=True)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text that was marked with the mouse."""
        return selection.extract(self.text), "\n"

    def render_line(self, y: int) -> Strip:
        """One line with the place of each sign, which marking with the mouse needs."""
        return super().render_line(y).apply_offsets(0, y + self.scroll_offset.y)

    def line(self, y: int, width: int) -> Strip:
        """Paint one line."""
        index = y + self.scroll_offset.y
        if index >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        text, tone = self._lines[index]
        style = self.style_of(tone)
        span = self.text_selection.get_span(index) if self.text_selection is not None else None
        segments = [Segment(text, style)]
        if span is not None:
            first, end = span[0], len(text) if span[1] == -1 else span[1]
            marked = style + self.screen.get_component_rich_style("screen--selection")
            parts = ((text[:first], style), (text[first:end], marked), (text[end:], style))
            segments = [Segment(part, ink) for part, ink in parts if part]
        return Strip(segments).adjust_cell_length(width, style)

    def strips(self, lines: Sequence[Line]) -> list[Strip]:
        """Other lines as they would be painted from the top, without the focus."""
        size = self.scrollable_content_region.size
        painted = [Strip([Segment(text, self.style_of(tone))]) for text, tone in lines[: size.height]]
        painted += [Strip([])] * (size.height - len(painted))
        return [strip.adjust_cell_length(size.width, self.rich_style) for strip in painted]
