"""Offer times to choose among: in which channel, how many, until when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from textual.widget import Widget
from textual.widgets import Input

from planner.domain.conversations import Channel
from planner.errors import Refused
from planner.locale import N_, Language
from planner.services import words
from planner.services.entry import read_date
from planner.tui.dialogs.base import Dialog, line_input
from planner.tui.dialogs.postpone import typed_date
from planner.tui.widgets.choice_list import ChoiceList


@dataclass(frozen=True, slots=True)
class Offered:
    """What is to be offered."""

    channel: Channel
    count: int
    until: date


class OfferDialog(Dialog[Offered]):
    """Channel, number of times and deadline; `channels` are those that the citizen can use."""

    def __init__(
        self,
        language: Language,
        heading: str,
        today: date,
        channels: Sequence[Channel],
        initial: Offered,
        *,
        fault: str = "",
    ) -> None:
        super().__init__(language, heading, fault=fault, go_on=N_("Offer"))
        self._today = today
        self._channels = tuple(channels)
        self._initial = initial

    def body(self) -> Iterable[Widget]:
        """The fields."""
        names = (self.language.text(words.channel(channel)) for channel in self._channels)
        usual = self._initial.channel
        marked = self._channels.index(usual) if usual in self._channels else 0
        yield ChoiceList(names, marked=marked, id="channel")
        until = line_input(typed_date(self._initial.until), id="until", replaced=True)
        yield from self.labelled(N_("The citizen chooses at the latest (24-11, 24-11-2026 or +2w)"), until)
        count = line_input(str(self._initial.count), id="count", replaced=True)
        yield from self.labelled(N_("How many times"), count)

    def answer(self) -> Offered:
        """What was filled in."""
        until = read_date(self.query_one("#until", Input).value, self._today)
        text = self.query_one("#count", Input).value.strip()
        if not text.isdecimal() or len(text) > 3:
            self.query_one("#count").focus()
            raise Refused(N_("How many times must be a whole number"))
        return Offered(self._channels[self.query_one("#channel", ChoiceList).marked or 0], int(text), until)
