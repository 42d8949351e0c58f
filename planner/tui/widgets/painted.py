"""Lines that a widget puts on the screen by itself, so that no key waits until all that is seen was gone through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import ClassVar

from rich.color import Color
from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual._compositor import CompositorUpdate
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

_NO_COLOR = Color.default()


class Painted(ScrollView, inherit_bindings=False):
    """A widget of lines; `line` gives each of them, the same strip as long as nothing changes on it.

    `STYLES` begins the names of its component classes.
    """

    STYLES: ClassVar[str]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._inks: dict[str, Style] = {}
        #: How many lines there are, where `fit` was told.
        self._fitted: int | None = None

    def line(self, y: int, width: int) -> Strip:
        """What stands on a line of the content."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """The same for Textual."""
        return self.line(y, self.scrollable_content_region.width)

    def style_of(self, part: str) -> Style:
        """The style of a part of the widget."""
        if part not in self._inks:
            self._inks[part] = self.get_component_rich_style(f"{self.STYLES}--{part}")
        return self._inks[part]

    def notify_style_update(self) -> None:
        """Forget what belongs to another theme."""
        super().notify_style_update()
        self._inks.clear()

    def fit(self, lines: int) -> None:
        """Scroll through so many lines; there is always a scroll bar, which is empty where all of them are seen.

        Set as usual, the size would have the whole screen laid out and painted anew.
        """
        self._fitted = lines
        self._fill(self.scrollable_content_region.height)
        self._scroll_update(self.virtual_size)

    def _fill(self, height: int) -> None:
        if self._fitted is not None:
            self.set_reactive(type(self).virtual_size, Size(1, max(self._fitted, height)))

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        self._fill((size - self.styles.gutter.totals).height)
        return super()._size_updated(size, virtual_size, container_size, layout)

    def paint(self) -> None:
        """Paint now what is to be painted anew; the lines that something lies above are left to Textual."""
        screen, seen = self.screen, self.screen._compositor.visible_widgets
        waits = screen._scroll_required or self.app._batch_count
        if waits or self.app.screen is not screen or self not in seen or self.opacity != 1:
            return
        whole, clip = seen[self]
        region, bar, dirty = self.scrollable_content_region, self._vertical_scrollbar, self._repaint_regions
        first = takewhile(lambda one: one is not self, seen)
        above = [over for one in first if one is not bar and whole.overlaps(over := seen[one][0])]
        own = self.size.region.translate(self.content_offset)
        if not clip.contains_region(whole) or not all(own.contains_region(part) for part in dirty):
            return
        lines = {y - own.y for part in dirty for y in part.line_range}.intersection(range(region.height))
        covered = {y - region.y for over in above for y in over.intersection(whole).line_range} & lines
        free = lines - covered
        self._put(region.x, region.y, zip(free, (self.line(y, region.width) for y in free), strict=True))
        dirty.clear()
        dirty.update(Region(own.x, own.y + y, own.width, 1) for y in covered)
        if bar is not None and bar in seen and bar._repaint_regions:
            place = seen[bar][0]
            if not any(place.overlaps(over) for over in above):
                self._put(place.x, place.y, enumerate(_bar(bar, place.height)))
                bar._repaint_regions.clear()

    def paint_first(self) -> None:
        """Paint all of it now, where all of the screen is to be painted anew."""
        if self.screen._repaint_required:
            self.refresh(self.size.region)
            self.paint()

    def with_bar(self, strips: Sequence[Strip], lines: int) -> list[Strip]:
        """The widget's strips from the top, with its scroll bar where not all of the lines are seen."""
        bar, height = self._vertical_scrollbar, len(strips)
        width, ground = self.region.width, self.rich_style
        if bar is None or lines <= self.scrollable_content_region.height:
            return [strip.extend_cell_length(width, ground) for strip in strips]
        place, marks = width - 1 - self.styles.padding.right, _bar(bar, height, lines)
        barred = zip(strips, marks, strict=True)
        return [
            Strip.join([s.adjust_cell_length(place, ground), mark]).extend_cell_length(width, ground)
            for s, mark in barred
        ]

    def _put(self, x: int, top: int, strips: Iterable[tuple[int, Strip]]) -> None:
        filters, ground, placed = self.get_line_filters(), self.background_colors[1], []
        for y, strip in strips:
            for one in filters:
                strip = strip.apply_filter(one, ground)
            placed.append((top + y, strip))
        if placed:
            self.app._display(self.screen, _Strips(x, placed))


def _bar(bar: ScrollBar, height: int, lines: int = 0) -> Iterator[Strip]:
    """A scroll bar line by line, or how it is at the top of so many lines; most of its lines are the same."""
    shown, made = bar.render(), dict[Segment, Strip]()
    assert isinstance(shown, ScrollBarRender)
    assert isinstance(shown.style, Style)
    for segment in shown.render_bar(
        height,
        lines or shown.virtual_size,
        height if lines else shown.window_size,
        0 if lines else shown.position,
        shown.thickness,
        back_color=shown.style.bgcolor or _NO_COLOR,
        bar_color=shown.style.color or _NO_COLOR,
    ).segments:
        yield made.setdefault(segment, Strip([segment]))


class _Strips(CompositorUpdate):
    """Strips that begin in a column, each with its line."""

    def __init__(self, x: int, strips: Sequence[tuple[int, Strip]]) -> None:
        self._x = x
        self._strips = strips

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The same for Rich, which is never asked for it."""
        for _, strip in self._strips:
            yield from strip

    def render_segments(self, console: Console) -> str:
        """What a terminal is sent."""
        return "".join(
            f"{Control.move_to(self._x, y).segment.text}{strip.render(console)}" for y, strip in self._strips
        )
