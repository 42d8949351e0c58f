"""Choose another time: one of the free ones, or a date and a time that one writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from planner.domain.conversations import Channel
from planner.errors import NotFound, Refused
from planner.locale import N_, Language
from planner.planning.plan import Slot
from planner.services.entry import read_moment
from planner.tui.dialogs.base import Dialog, line_input
from planner.tui.rows import channel_word, moment
from planner.tui.widgets.choice_list import ChoiceList

_FIRST_KEYS = {**{digit: digit for digit in "0123456789"}, "plus": "+"}


@dataclass(frozen=True, slots=True)
class Timed:
    """The time that was chosen, and what was written for it; empty when it was chosen from the list."""

    slot: Slot
    written: str = ""


class TimeDialog(Dialog[Timed]):
    """Free times by channel, and a line to write another one in; that is checked when it is saved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Before the list sees the key, so that what is typed fast stays in order.
        Binding(key, f"write('{char}')", show=False, priority=True)
        for key, char in _FIRST_KEYS.items()
    ]

    def __init__(
        self,
        language: Language,
        heading: str,
        today: date,
        free: Mapping[Channel, Sequence[Slot]],
        minutes_for: Callable[[Channel], int],
        *,
        marked: Slot | None = None,
        given: Timed | None = None,
        fault: str = "",
    ) -> None:
        super().__init__(language, heading, fault=fault, go_on=N_("Book"))
        self._today = today
        self._free = free
        self._minutes_for = minutes_for
        self._marked_first = given.slot if given else marked
        self._written = given.written if given else ""
        self._slots: list[Slot | Channel] = []

    def body(self) -> Iterable[Widget]:
        """The list and the line."""
        lines = []
        for channel, slots in self._free.items():
            self._slots += [channel, *slots] if slots else [channel, channel]
            times = [moment(slot, self.language) for slot in slots] or [self.language.text("no free time")]
            lines += [channel_word(channel, self.language), *(f"  {time}" for time in times)]
        marked = self._slots.index(self._marked_first) if self._marked_first in self._slots else None
        headings = {at for at, slot in enumerate(self._slots) if isinstance(slot, Channel)}
        yield ChoiceList(lines, marked=marked, headings=headings, id="slots")
        field = line_input(self._written, id="moment")
        yield from self.labelled(N_("Or write day and time: 24-11 10.30 (same channel)"), field)

    def on_mount(self) -> None:
        """Go on writing what was written before."""
        if self._written and self.query("#moment"):
            self.set_focus(self._field)

    def action_write(self, char: str) -> None:
        """A digit typed in the list begins a time of one's own."""
        if self.focused is not self.query_one("#slots"):
            raise SkipAction
        self.set_focus(self._field)
        self._field.insert_text_at_cursor(char)

    def answer(self) -> Timed:
        """The written time if there is one, else the marked one."""
        written, marked = self._field.value.strip(), self._marked()
        if written:
            return Timed(self._meant(written, marked), written)
        if not isinstance(marked, Slot):
            self.set_focus(self._field)
            raise NotFound(N_("No free time is marked; write a day and a time"))
        return Timed(marked)

    def _meant(self, written: str, marked: Slot | Channel | None) -> Slot:
        in_list = self.focused is self.query_one("#slots")
        self.set_focus(self._field)
        if in_list:  # two times are chosen, and one must not be booked for the other
            raise Refused(N_("A time is written too: press enter again to book it, or erase it"))
        day, start = read_moment(written, self._today)
        channel = marked.channel if isinstance(marked, Slot) else marked or next(iter(self._free))
        return Slot(day, start, self._minutes_for(channel), channel)

    @property
    def _field(self) -> Input:
        return self.query_one("#moment", Input)

    def _marked(self) -> Slot | Channel | None:
        index = self.query_one("#slots", ChoiceList).marked
        return None if index is None else self._slots[index]
