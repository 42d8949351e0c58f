"""Record a conversation that was held: in which channel, how long, what was covered, and what was agreed on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from textual import events
from textual.containers import VerticalGroup
from textual.widget import Widget
from textual.widgets import Input

from planner.domain.citizens import Cadence
from planner.domain.conversations import TALKING, Channel
from planner.errors import PlannerError, Refused
from planner.locale import N_, Language
from planner.services import words
from planner.services.entry import read_date
from planner.tui.dialogs.base import Dialog, line_input
from planner.tui.dialogs.postpone import typed_date
from planner.tui.widgets.choice_list import ChoiceList
from planner.tui.widgets.tick import Tick

LONGEST = 600
_MOST_NUMBERS = 10


@dataclass(frozen=True, slots=True)
class HeldAs:
    """When and how the conversation was held."""

    on: date
    channel: Channel
    minutes: int
    agenda: tuple[str, ...] = ()
    cadence: Cadence | None = None


class HeldDialog(Dialog[HeldAs]):
    """Channel, day, minutes, the points of the agenda and the next cadence; `points` are pairs of id and title.

    Where nothing is typed a number ticks the point of that number.
    """

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
        names = (self.language.text(words.channel(channel)) for channel in TALKING)
        agreed = self._initial.channel
        yield ChoiceList(names, marked=TALKING.index(agreed) if agreed in TALKING else 0, id="channel")
        day = line_input(typed_date(self._initial.on), id="on", replaced=True)
        yield from self.labelled(N_("Date (24-11 or 24-11-2026)"), day)
        minutes = line_input(str(self._initial.minutes), id="minutes", replaced=True)
        yield from self.labelled(N_("Minutes"), minutes)
        if self._points:
            ticked = set(self._initial.agenda)
            ticks = [
                Tick(f"{number} {title}" if number < _MOST_NUMBERS else title, key in ticked, key=key)
                for number, (key, title) in enumerate(self._points, 1)
            ]
            yield from self.labelled(N_("Covered (space or the number ticks)"), VerticalGroup(*ticks, id="agenda"))
        kept = self.language.text("as it is")
        cadences = [self.language.text(words.cadence(cadence)) for cadence in Cadence]
        chosen = self._initial.cadence
        marked = 0 if chosen is None else list(Cadence).index(chosen) + 1
        yield from self.labelled(N_("Cadence from now on"), ChoiceList((kept, *cadences), marked=marked, id="cadence"))

    def on_key(self, event: events.Key) -> None:
        """Tick by number where nothing is typed."""
        ticks = list(self.query(Tick))
        number = int(event.key) if event.key.isdigit() else 0
        if not isinstance(self.focused, Input) and 0 < number <= min(_MOST_NUMBERS - 1, len(ticks)):
            event.stop()
            ticks[number - 1].action_tick()

    def answer(self) -> HeldAs:
        """When and how it was held."""
        on = self._day()
        text = self.query_one("#minutes", Input).value.strip()
        if not text.isdecimal() or not 0 < int(text) <= LONGEST:
            self.query_one("#minutes").focus()
            raise Refused(N_("Minutes must be a whole number from 1 to {most}"), most=LONGEST)
        index = self.query_one("#channel", ChoiceList).marked or 0
        covered = tuple(tick.key for tick in self.query(Tick) if tick.value)
        place = self.query_one("#cadence", ChoiceList).marked or 0
        return HeldAs(on, TALKING[index], int(text), covered, list(Cadence)[place - 1] if place else None)

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
