"""The experiments by how they stand here: a heading for each group, a line for each experiment."""

from __future__ import annotations

from collections.abc import Sequence
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
from planner.locale import Language
from planner.services.catalogue import Entry
from planner.services.experiment_words import STANDINGS, period_of
from planner.tui.bindings import movements
from planner.tui.widgets.columns import fitted

_MARGIN = 2
_TITLE_LEAST = 30


class ExperimentList(OptionList, inherit_bindings=False):
    """A list whose cursor goes from experiment to experiment and stays on the one it was on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *movements("down", "up", "first", "last", "page_down", "page_up"),
        Binding("enter", "screen.focus('#experiment')", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another experiment."""

    def __init__(self, language: Language, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, markup=False, compact=True)
        self._language = language
        self._entries: tuple[Entry, ...] = ()

    @property
    def selected(self) -> Entry | None:
        """The experiment under the cursor."""
        option = self.highlighted_option
        name = option.id if option is not None else None
        return next((entry for entry in self._entries if entry.experiment.id == name), None)

    def load(self, entries: Sequence[Entry]) -> None:
        """Show these; the cursor stays on its experiment, wherever that stands now."""
        kept = self.selected
        self._entries = tuple(entries)
        self._fill(kept.experiment.id if kept is not None else None)
        self.post_message(self.Moved())

    def on_resize(self) -> None:
        """Share the new width between titles and periods."""
        kept = self.selected
        if kept is not None:
            self._fill(kept.experiment.id)

    def _fill(self, name: str | None) -> None:
        options: list[Option] = []
        width = self.scrollable_content_region.width
        for standing, group in groupby(self._entries, key=lambda entry: entry.standing):
            found = list(group)
            heading = f"{self._language.text(STANDINGS[standing])} ({len(found)})"
            options.append(Option(Content(fitted(heading, width)), disabled=True))
            options += [Option(self._line(entry, width), id=entry.experiment.id) for entry in found]
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options(options)
            stops = [index for index, option in enumerate(options) if not option.disabled]
            self.highlighted = next((at for at in stops if options[at].id == name), stops[0] if stops else None)

    def _line(self, entry: Entry, width: int) -> Content:
        title, adoption = visible(self._language.title(entry.experiment.title)), entry.adoption
        period = period_of(adoption.first, adoption.last, self._language) if adoption is not None else ""
        room = width - _MARGIN - cell_len(period)
        if not period or room < _TITLE_LEAST:
            return Content(f"{' ' * _MARGIN}{fitted(title, width - _MARGIN)}")
        return Content(f"{' ' * _MARGIN}{fitted(title, room)}{period}")

    def action_move(self, movement: str) -> None:
        """Move the cursor by experiments."""
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
