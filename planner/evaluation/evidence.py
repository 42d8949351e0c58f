"""What is measured from: the caseload, the actions that stand, the rules, and each citizen as known on a past day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from planner.domain.calendar import ONE_DAY
from planner.domain.caseload import Caseload
from planner.domain.citizens import Cadence, Citizen
from planner.domain.conversations import Channel, Conversation, Counterpart, Status
from planner.domain.periods import Period
from planner.domain.records import Record
from planner.rules.assessment import adopted_on
from planner.rules.resolution import concerns
from planner.rules.ruleset import RuleSet

_MONTH, _QUARTER = Period(months=1), Period(months=3)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def months(self) -> tuple[Span, ...]:
        """Its calendar months, the outer ones cut to it."""
        return self._cut(_MONTH, self.first.replace(day=1))

    def quarters(self) -> tuple[Span, ...]:
        """Its calendar quarters, the outer ones cut to it."""
        return self._cut(_QUARTER, self.first.replace(month=(self.first.month - 1) // 3 * 3 + 1, day=1))

    def _cut(self, step: Period, start: date) -> tuple[Span, ...]:
        found = []
        while start <= self.last:
            following = step.after(start)
            found.append(Span(max(start, self.first), min(following - ONE_DAY, self.last)))
            start = following
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that is measured from; `records` are the actions that stand, oldest first."""

    caseload: Caseload
    records: tuple[Record, ...]
    rules: RuleSet
    _cadences: dict[str, list[tuple[date, Cadence | None, Cadence | None]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _reaching: dict[date, tuple[tuple[str, frozenset[str]], ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        for record in self.records:
            if "former" in record.detail:
                change = (record.at.date(), _cadence(record.detail, "former"), _cadence(record.detail, "cadence"))
                self._cadences.setdefault(record.citizen_id, []).append(change)

    def cadence_on(self, citizen: Citizen, day: date) -> Cadence | None:
        """The cadence at the end of the day, as far back as the journal tells."""
        changes = self._cadences.get(citizen.id)
        if not changes:
            return citizen.cadence
        place = bisect_right([on for on, _, _ in changes], day)
        return changes[0][1] if place == 0 else changes[place - 1][2]

    def cadence_changes(self, citizen: Citizen) -> list[tuple[date, Cadence | None, Cadence | None]]:
        """When the cadence was set: the day, what it was and what it became."""
        return self._cadences.get(citizen.id, [])

    def experiments_on(self, citizen: Citizen, day: date) -> tuple[str, ...]:
        """The adopted experiments that reach the citizen's target group on the day, by id."""
        if day not in self._reaching:
            adopted = adopted_on(replace(self.caseload, today=day, citizens=()), self.rules)
            groups = {
                one.experiment.id: frozenset(
                    citizen.target_group.value
                    for citizen in self.caseload.citizens
                    if any(concerns(citizen, one, effect) for effect in one.experiment.effects)
                )
                for one in adopted
            }
            self._reaching[day] = tuple(sorted(groups.items()))
        return tuple(name for name, groups in self._reaching[day] if citizen.target_group.value in groups)

    def known(self, citizen: Citizen, day: date, *, held_today: bool = True) -> Citizen:
        """The citizen as known on the day: without bookings, and without what came or was written down later."""
        last = day if held_today else day - ONE_DAY
        talks = tuple(t for t in citizen.conversations if t.on <= last and t.status is not Status.BOOKED)
        facts = tuple(fact for fact in citizen.facts if fact.noted_on is None or fact.noted_on <= day)
        cadence = self.cadence_on(citizen, day)
        return replace(citizen, conversations=talks, facts=facts, cadence=cadence, offer=None)


def active(citizen: Citizen, span: Span) -> Span | None:
    """The part of the span in which the citizen's present spell ran; None where it did not."""
    ended = citizen.ended_on()
    first, last = max(span.first, citizen.spell_start), span.last if ended is None else min(span.last, ended)
    return Span(first, last) if first <= last else None


def talks_in(citizen: Citizen, span: Span, status: Status) -> list[Conversation]:
    """The conversations with the caseworker of that status in the span, oldest first; letters are none."""
    own = (talk for talk in citizen.conversations if talk.status is status and talk.on in span)
    kept = (talk for talk in own if talk.counterpart is Counterpart.CASEWORKER and talk.channel is not Channel.LETTER)
    return sorted(kept, key=lambda talk: (talk.on, talk.start))


def _cadence(detail: Mapping[str, object], name: str) -> Cadence | None:
    found = detail.get(name)
    return found if isinstance(found, Cadence) else None
