"""The screen behind a dialog, dimmed; each style is mixed once."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.css.styles import RulesMap
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import Screen
from textual.strip import Strip
from textual.style import Style as VisualStyle
from textual.visual import RenderOptions, Visual


class Behind(Visual):
    """The lines of a screen under a colour that lets them shine through."""

    def __init__(self, screen: Screen[object], color: Color) -> None:
        self._screen = screen
        self._color = color
        self._mixed: dict[Style, Style] = {}

    def render_strips(self, width: int, height: int | None, style: VisualStyle, options: RenderOptions) -> list[Strip]:
        """Its lines, all of them."""
        strips = self._screen._compositor.render_strips()
        return [
            Strip([Segment(text, self._dimmed(ink or Style.null())) for text, ink, _ in strip], strip.cell_length)
            for strip in strips
        ]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """All there is."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """As high as the screen."""
        return self._screen.size.height

    def _dimmed(self, style: Style) -> Style:
        mixed = self._mixed.get(style)
        if mixed is None:
            (segment,) = BackgroundScreen.process_segments([Segment("", style)], self._color)
            mixed = self._mixed[style] = segment.style or Style.null()
        return mixed
