"""A list under headings: the cursor goes from line to line, and stays on the one it was on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from planner.domain.text import visible
from planner.tui.bindings import movements
from planner.tui.widgets.columns import fitted

_MARGIN = 2
_TITLE_LEAST = 30


@dataclass(frozen=True, slots=True)
class Headed:
    """A line with the heading that it stands under; `beside` is shown at its end where there is room."""

    id: str
    heading: str
    title: str
    beside: str = ""


class HeadedList(OptionList, inherit_bindings=False):
    """Lines that follow each other under the same heading stand below it together; enter goes to the card `card`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *movements("down", "up", "first", "last", "page_down", "page_up"),
        Binding("enter", "read", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another line."""

    def __init__(self, card: str, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, markup=False, compact=True)
        self._card = card
        self._items: tuple[Headed, ...] = ()

    @property
    def selected_id(self) -> str | None:
        """The id of the line under the cursor."""
        option = self.highlighted_option
        return option.id if option is not None else None

    def load(self, lines: Sequence[Headed]) -> None:
        """Show these; the cursor stays on its line, wherever that stands now."""
        kept = self.selected_id
        self._items = tuple(lines)
        self._fill(kept)
        self.post_message(self.Moved())

    def on_resize(self) -> None:
        """Share the new width between titles and what stands beside them."""
        if self.selected_id is not None:
            self._fill(self.selected_id)

    def action_read(self) -> None:
        """Go to the card."""
        self.screen.query_one(f"#{self._card}").focus()

    def _fill(self, kept: str | None) -> None:
        options: list[Option] = []
        width = self.scrollable_content_region.width
        for heading, group in groupby(self._items, key=lambda line: line.heading):
            found = list(group)
            options.append(Option(Content(fitted(visible(heading), width)), disabled=True))
            options += [Option(_line(line, width), id=line.id) for line in found]
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options(options)
            stops = [index for index, option in enumerate(options) if not option.disabled]
            self.highlighted = next((at for at in stops if options[at].id == kept), stops[0] if stops else None)

    def action_move(self, movement: str) -> None:
        """Move the cursor by lines."""
        stops = [index for index, option in enumerate(self.options) if not option.disabled]
        if not stops:
            return
        at = stops.index(self.highlighted) if self.highlighted in stops else 0
        page = max(1, self.size.height - 1)
        steps = {"down": 1, "up": -1, "page_down": page, "page_up": -page, "first": -len(stops)}
        to = max(0, min(at + steps.get(movement, len(stops)), len(stops) - 1))
        self.highlighted = stops[to]
        if to == 0:  # the heading above it
            self.scroll_home(animate=False)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.post_message(self.Moved())


def _line(line: Headed, width: int) -> Content:
    title, beside = visible(line.title), visible(line.beside)
    room = width - _MARGIN - cell_len(beside)
    if not beside or room < _TITLE_LEAST:
        return Content(f"{' ' * _MARGIN}{fitted(title, width - _MARGIN)}")
    return Content(f"{' ' * _MARGIN}{fitted(title, room)}{beside}")
