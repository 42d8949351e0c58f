"""The list of choices of a dialog: the letters that move about elsewhere move here too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Self

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.widgets import OptionList
from textual.widgets._option_list import OptionListContent
from textual.widgets.option_list import Option


class ChoiceList(OptionList):
    """Besides arrows, home, end and pages, `j`, `k`, `g` and `G`; each choice has one line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("g", "first", show=False),
        Binding("G", "last", show=False),
    ]

    def __init__(self, *options: Option, id: str) -> None:  # noqa: A002
        super().__init__(*options, id=id, markup=False, compact=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A line for each choice, which need not be laid out for that."""
        return self.option_count

    def set_options(self, options: Iterable[OptionListContent]) -> Self:
        """Show other choices; how many there are is known before all is laid out, which is done once."""
        super().set_options(options)
        self._update_lines()
        return self

    def _update_lines(self) -> None:
        if not self.scrollable_content_region:
            return
        known, cache = len(self._line_cache.lines), self._line_cache
        new = range(known, self.option_count)
        cache.lines.extend((index, 0) for index in new)
        cache.heights.update(dict.fromkeys(new, 1))
        cache.index_to_line.update((index, index) for index in new)
        seen = Size(self.scrollable_content_region.width, self.option_count)
        if seen != self.virtual_size:
            self.virtual_size = seen
            self._scroll_update(seen)
