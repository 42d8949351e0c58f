"""Which conversations count: channels and counterparts, as the law of the day and the experiments permit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from planner.domain.citizens import Citizen
from planner.domain.conversations import TALKING, Channel, Conversation, Counterpart
from planner.rules.format import ChannelRule


@dataclass(frozen=True, slots=True)
class Counting:
    """What counts for one requirement: the law's channel rules, and what experiments permit beside them."""

    rules: tuple[ChannelRule, ...]
    counterparts: frozenset[Counterpart]
    permitted: frozenset[Channel] = frozenset()

    def channels_on(self, day: date, *, first: bool) -> tuple[Channel, ...]:
        """The channels that count on `day`; `first` while no counted conversation is held in the spell."""
        return tuple(channel for channel in TALKING if self._admits(channel, day, first))

    def _admits(self, channel: Channel, day: date, first: bool) -> bool:
        return channel in self.permitted or any(
            channel in rule.channels
            and in_period(day, rule.valid_from, rule.valid_to)
            and (channel is Channel.IN_PERSON or not (first and rule.first_in_person))
            for rule in self.rules
        )

    def counts(self, conversation: Conversation, *, first: bool) -> bool:
        """Whether the conversation counts (once it is held)."""
        channel, counterpart = conversation.channel, conversation.counterpart
        if counterpart not in self.counterparts or channel not in TALKING:
            return False
        return self._admits(channel, conversation.on, first)

    def counted(self, citizen: Citizen) -> list[date]:
        """The days of the counted conversations of the present spell, oldest first."""
        days: list[date] = []
        for conversation in citizen.held_in_spell():
            if self.counts(conversation, first=not days):
                days.append(conversation.on)
        return days

    def booked(self, citizen: Citizen) -> list[Conversation]:
        """Booked conversations that would count, each as if those before it were held."""
        first = not self.counted(citizen)
        counting: list[Conversation] = []
        for conversation in citizen.booked():
            if conversation.on >= citizen.spell_start and self.counts(conversation, first=first):
                counting.append(conversation)
                first = False
        return counting


def in_period(day: date, first: date | None, last: date | None) -> bool:
    """Whether `day` lies in a period that may be open at either end."""
    return (first is None or first <= day) and (last is None or day <= last)


def any_talk(counterparts: Iterable[Counterpart]) -> Counting:
    """Every channel but a letter counts: what a contact is where no law counts."""
    return Counting((), frozenset(counterparts), frozenset(TALKING))
