"""A box to tick that says so in signs, not in colour alone."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from planner.domain.text import visible


class Tick(Widget, can_focus=True):
    """`[x] label`; the space bar ticks, enter goes on, as everywhere in a dialog."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "tick", show=False)]

    value: reactive[bool] = reactive(False)

    def __init__(self, label: str, value: bool = False, *, key: str = "") -> None:
        super().__init__()
        self.key = key
        self._label = visible(label)
        self.set_reactive(Tick.value, value)

    def render(self) -> Content:
        """The box and the label."""
        return Content(f"[{'x' if self.value else ' '}] {self._label}")

    def action_tick(self) -> None:
        """Tick, or take the tick away."""
        self.value = not self.value

    def on_click(self) -> None:
        """The same with the mouse."""
        self.action_tick()
