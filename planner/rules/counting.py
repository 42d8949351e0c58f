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
        counting = set(self.permitted)
        for rule in self.rules:
            if in_period(day, rule.valid_from, rule.valid_to):
                only_in_person = first and rule.first_in_person
                counting |= {Channel.IN_PERSON} & set(rule.channels) if only_in_person else set(rule.channels)
        return tuple(channel for channel in TALKING if channel in counting)

    def counts(self, conversation: Conversation, *, first: bool) -> bool:
        """Whether the conversation counts (once it is held)."""
        return conversation.counterpart in self.counterparts and conversation.channel in self.channels_on(
            conversation.on, first=first
        )

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
