"""The last step before a line is painted: nothing in it that a terminal would act on, or lacks a sign for."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from planner.domain.text import visible
from planner.symbols import cells_in_ascii


class NothingActs(LineFilter):
    """Takes out what a terminal would act on or hide: a field that is typed into paints its text as it is."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with the same styles, in as many cells."""
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [Segment(_quiet(text), style, control) for text, style, control in segments]


def _quiet(text: str) -> str:
    kept = (char if visible(char) == char else "·" * cell_len(char) for char in text)
    return set_cell_size("".join(kept), cell_len(text))


class AsciiSigns(LineFilter):
    """Puts an ASCII sign of the same width in the place of each border, bar and ellipsis."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with other signs and the same styles."""
        return [Segment(cells_in_ascii(text), style, control) for text, style, control in segments]
