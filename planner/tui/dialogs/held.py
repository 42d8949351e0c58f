"""Record a conversation that was held: in which channel, how long, and what was covered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from textual.containers import VerticalGroup
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from planner.domain.conversations import TALKING, Channel
from planner.errors import PlannerError, Refused
from planner.locale import N_, Language
from planner.services import words
from planner.services.entry import read_date
from planner.tui.dialogs.base import Dialog, line_input
from planner.tui.dialogs.postpone import typed_date
from planner.tui.widgets.tick import Tick

LONGEST = 600


@dataclass(frozen=True, slots=True)
class HeldAs:
    """When and how the conversation was held."""

    on: date
    channel: Channel
    minutes: int
    agenda: tuple[str, ...] = ()


class HeldDialog(Dialog[HeldAs]):
    """Channel, day, minutes and the points of the agenda; `points` are pairs of id and title."""

    def __init__(
        self,
        language: Language,
        heading: str,
        today: date,
        points: Sequence[tuple[str, str]],
        initial: HeldAs,
        *,
        fault: str = "",
    ) -> None:
        super().__init__(language, heading, fault=fault)
        self._today = today
        self._points = tuple(points)
        self._initial = initial

    def body(self) -> Iterable[Widget]:
        """The fields."""
        names = (Option(Content(self.language.text(words.channel(channel)))) for channel in TALKING)
        yield OptionList(*names, id="channel", markup=False, compact=True)
        day = line_input(typed_date(self._initial.on), id="on", replaced=True)
        yield from self.labelled(N_("Date (24-11 or 24-11-2026)"), day)
        minutes = line_input(str(self._initial.minutes), id="minutes", replaced=True)
        yield from self.labelled(N_("Minutes"), minutes)
        if self._points:
            ticked = set(self._initial.agenda)
            ticks = [Tick(title, key in ticked, key=key) for key, title in self._points]
            yield from self.labelled(N_("Covered (space ticks)"), VerticalGroup(*ticks, id="agenda"))

    def on_mount(self) -> None:
        """Show the channel that was agreed."""
        super().on_mount()
        if self._initial.channel in TALKING:
            self.query_one("#channel", OptionList).highlighted = TALKING.index(self._initial.channel)

    def answer(self) -> HeldAs:
        """When and how it was held."""
        on = self._day()
        text = self.query_one("#minutes", Input).value.strip()
        if not text.isdecimal() or not 0 < int(text) <= LONGEST:
            self.query_one("#minutes").focus()
            raise Refused(N_("Minutes must be a whole number from 1 to {most}"), most=LONGEST)
        index = self.query_one("#channel", OptionList).highlighted or 0
        covered = tuple(tick.key for tick in self.query(Tick) if tick.value)
        return HeldAs(on, TALKING[index], int(text), covered)

    def _day(self) -> date:
        field = self.query_one("#on", Input)
        try:
            on = read_date(field.value, self._today)
            if on > self._today:
                raise Refused(N_("A conversation cannot have been held in the future ({on})"), on=on)
        except PlannerError:
            field.focus()
            raise
        return on
