"""In which channels a citizen can talk, and which one is preferred."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.containers import VerticalGroup
from textual.widget import Widget

from planner.domain.conversations import TALKING, Channel
from planner.errors import Refused
from planner.locale import N_, Language
from planner.services import words
from planner.tui.dialogs.base import Dialog
from planner.tui.widgets.choice_list import ChoiceList
from planner.tui.widgets.tick import Tick


@dataclass(frozen=True, slots=True)
class Reach:
    """The channels that the citizen can use, and the preferred one of them."""

    channels: tuple[Channel, ...]
    preferred: Channel | None


class ChannelsDialog(Dialog[Reach]):
    """A tick for each channel, and a list for the preferred one."""

    def __init__(self, language: Language, heading: str, known: Reach, *, fault: str = "") -> None:
        super().__init__(language, heading, fault=fault)
        self._known = known

    def body(self) -> Iterable[Widget]:
        """The fields."""
        names = {channel: self.language.text(words.channel(channel)) for channel in TALKING}
        ticks = [Tick(names[channel], channel in self._known.channels, key=channel.value) for channel in TALKING]
        yield from self.labelled(N_("Can talk by (space ticks)"), VerticalGroup(*ticks))
        preferred = self._known.preferred
        marked = TALKING.index(preferred) + 1 if preferred in TALKING else 0
        choices = ChoiceList((self.language.text("none"), *names.values()), marked=marked, id="preferred")
        yield from self.labelled(N_("Preferred"), choices)

    def answer(self) -> Reach:
        """What was ticked."""
        ticked = tuple(Channel(tick.key) for tick in self.query(Tick) if tick.value)
        if not ticked:
            raise Refused(N_("At least one channel must be left in which to talk"))
        place = self.query_one("#preferred", ChoiceList).marked or 0
        preferred = TALKING[place - 1] if place else None
        if preferred is not None and preferred not in ticked:
            raise Refused(N_("The preferred channel must be one that the citizen can use"))
        return Reach(ticked, preferred)
