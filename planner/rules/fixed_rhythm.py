"""The conversations that the law alone, without experiments, demands one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from planner.domain.calendar import ONE_DAY
from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen
from planner.domain.conversations import Channel, Conversation, Status
from planner.rules.assessment import FixedDemand, fixed_demand
from planner.rules.ruleset import RuleSet

#: A demand that begins and ends between two looks would be passed over; none of a law is that short.
_LOOK = timedelta(days=14)
_NOON = time(12)


@dataclass(frozen=True, slots=True)
class FixedTalk:
    """A conversation that the law alone would have demanded."""

    on: date
    minutes: int


def demanded(caseload: Caseload, citizen: Citizen, rules: RuleSet, last: date) -> tuple[FixedTalk, ...]:
    """The conversations that the law alone would demand from the planning date to `last`.

    Nothing that is booked counts, and no experiment. Each conversation is held on its latest day (the last working
    day on or before it), one whose latest day has passed as soon as it may be: today, or after the law's spacing;
    then the law as of that day is asked what it demands next, until the last day is over.
    """
    held = tuple(talk for talk in citizen.conversations if talk.status is not Status.BOOKED)
    return tuple(_held_in_turn(caseload, replace(citizen, conversations=held), rules, last))


def _held_in_turn(caseload: Caseload, citizen: Citizen, rules: RuleSet, last: date) -> Iterator[FixedTalk]:
    day = unseen = caseload.today
    step = _LOOK
    while day <= last:
        demand = fixed_demand(replace(caseload, today=day), citizen, rules)
        due = date.max if demand is None else due_day(caseload, demand)
        if demand is None or due > day:
            day, unseen = min(day + step, due), day + ONE_DAY
            continue
        if max(due, unseen) < day:  # it came up in the days that were passed over: look at each of them
            day, step = max(due, unseen), ONE_DAY
            continue
        citizen = holding(caseload, citizen, demand, day)
        if fixed_demand(replace(caseload, today=day), citizen, rules) == demand:
            return  # no conversation counts for it, so it would be demanded for ever
        yield FixedTalk(day, citizen.conversations[-1].minutes)
        day, step = day + ONE_DAY, _LOOK
        unseen = day


def due_day(caseload: Caseload, demand: FixedDemand) -> date:
    """When the demand is met at the latest: on a working day, and not before it may be."""
    return max(caseload.office.last_working_day(demand.window.latest), demand.window.earliest)


def holding(caseload: Caseload, citizen: Citizen, demand: FixedDemand, on: date) -> Citizen:
    """The citizen with a conversation held that meets the demand."""
    channel = demand.channel or Channel.IN_PERSON
    minutes = caseload.settings.minutes_for(citizen, channel)
    talk = Conversation(on, _NOON, minutes, channel, status=Status.HELD)
    return replace(citizen, conversations=(*citizen.conversations, talk))
