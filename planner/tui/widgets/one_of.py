"""One of a few choices in a line, told by a sign and not by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from planner.domain.text import visible

_GAP = 2


class OneOf(Widget, can_focus=True):
    """`(x) one  ( ) other`; left and right choose, and so does the space bar, round and round."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "turn(1)", show=False),
        Binding("left", "turn(-1)", show=False),
    ]

    value: reactive[str] = reactive("")

    def __init__(self, choices: Sequence[tuple[str, str]], value: str, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._choices = tuple((key, visible(label)) for key, label in choices)
        self.set_reactive(OneOf.value, value)

    def render(self) -> Content:
        """All choices in a line."""
        return Content((" " * _GAP).join(self._shown(key, label) for key, label in self._choices))

    def action_turn(self, step: int) -> None:
        """Choose the next one, or the one before."""
        keys = [key for key, _ in self._choices]
        self.value = keys[(keys.index(self.value) + step) % len(keys)]

    def on_click(self, event: events.Click) -> None:
        """Choose what is clicked."""
        start = 0
        for key, label in self._choices:
            end = start + Content(self._shown(key, label)).cell_length
            if start <= event.x < end:
                self.value = key
            start = end + _GAP

    def _shown(self, key: str, label: str) -> str:
        return f"({'x' if key == self.value else ' '}) {label}"
