"""The screen without signs that a terminal may lack: the last step before a line is painted."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from planner.symbols import cells_in_ascii


class AsciiSigns(LineFilter):
    """Puts an ASCII sign of the same width in the place of each border, bar and ellipsis."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with other signs and the same styles."""
        return [Segment(cells_in_ascii(text), style, control) for text, style, control in segments]
