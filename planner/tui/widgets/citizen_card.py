"""The card of the selected citizen; it follows the cursor a moment later, so that the cursor never waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from planner.tui.bindings import movements


class CitizenCard(VerticalScroll, can_focus=True, inherit_bindings=False):
    """A card of plain text that scrolls with its own keys when it has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *movements("down", "up", "first", "last", "page_down", "page_up"),
        Binding("escape", "app.focus('list')", show=False),
    ]

    def __init__(self, text: Callable[[int], Content], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._text = text
        self._asked = False
        self._fresh = False

    def compose(self) -> ComposeResult:
        """One text, as long as it needs to be."""
        yield Static(id="card-text")

    def follow(self, *, fresh: bool = True) -> None:
        """Show the text anew after the next paint; several wishes before that are one. `fresh`: from its top."""
        self._fresh = self._fresh or fresh
        if not self._asked:
            self._asked = True
            self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self.follow(fresh=False)

    def _show(self) -> None:
        self._asked = False
        self.query_one("#card-text", Static).update(self._text(self.scrollable_content_region.width))
        if self._fresh:
            self._fresh = False
            self.scroll_home(animate=False, immediate=True)

    def action_move(self, movement: str) -> None:
        """Scroll the card."""
        page = max(1, self.size.height - 1)
        steps = {"down": 1, "up": -1, "page_down": page, "page_up": -page}
        if movement in steps:
            self.scroll_relative(y=steps[movement], animate=False)
        else:
            self.scroll_to(y=0 if movement == "first" else self.max_scroll_y, animate=False)
