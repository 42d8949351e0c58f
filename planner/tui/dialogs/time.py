"""Choose another time: one of the free ones, or a date and a time that one writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from planner.domain.conversations import Channel
from planner.errors import NotFound
from planner.locale import N_, Language
from planner.planning.plan import Slot
from planner.services.entry import read_moment
from planner.tui.dialogs.base import Dialog, line_input
from planner.tui.dialogs.postpone import typed_date
from planner.tui.rows import channel_word, moment


class TimeDialog(Dialog[Slot]):
    """Free times by channel, and a line to write another one in; that is checked when it is saved."""

    def __init__(
        self,
        language: Language,
        heading: str,
        today: date,
        free: Mapping[Channel, Sequence[Slot]],
        minutes_for: Callable[[Channel], int],
        *,
        marked: Slot | None = None,
        given: Slot | None = None,
        fault: str = "",
    ) -> None:
        super().__init__(language, heading, fault=fault, go_on=N_("Book"))
        self._today = today
        self._free = free
        self._minutes_for = minutes_for
        self._marked_first = given or marked
        self._given = given
        self._slots: list[Slot | Channel] = []

    def body(self) -> Iterable[Widget]:
        """The list and the line."""
        options = []
        for channel, slots in self._free.items():
            self._slots.append(channel)
            options.append(Option(Content.styled(channel_word(channel, self.language), "bold"), disabled=True))
            for slot in slots:
                self._slots.append(slot)
                options.append(Option(Content(f"  {moment(slot, self.language)}")))
            if not slots:
                self._slots.append(channel)
                options.append(Option(Content("  " + self.language.text("no free time")), disabled=True))
        yield OptionList(*options, id="slots", markup=False, compact=True)
        written = "" if self._given is None or self._given in self._slots else _typed(self._given)
        yield from self.labelled(
            N_("Or write day and time: 24-11 10.30 (same channel)"), line_input(written, id="moment")
        )

    def on_mount(self) -> None:
        """Mark the time that was chosen before, else the first one."""
        super().on_mount()
        slots = self.query_one("#slots", OptionList)
        if self._marked_first in self._slots:
            slots.highlighted = self._slots.index(self._marked_first)
        elif slots.highlighted is None:
            slots.action_first()

    def answer(self) -> Slot:
        """The written time if there is one, else the marked one."""
        written = self.query_one("#moment", Input).value.strip()
        marked = self._marked()
        if written:
            day, start = read_moment(written, self._today)
            channel = marked.channel if isinstance(marked, Slot) else marked or next(iter(self._free))
            return Slot(day, start, self._minutes_for(channel), channel)
        if not isinstance(marked, Slot):
            raise NotFound(N_("No free time is marked; write a day and a time"))
        return marked

    def _marked(self) -> Slot | Channel | None:
        index = self.query_one("#slots", OptionList).highlighted
        return None if index is None else self._slots[index]


def _typed(slot: Slot) -> str:
    return f"{typed_date(slot.on)} {slot.start // 60:02}.{slot.start % 60:02}"
