"""Facts under the law: what exempts from conversations, what has passed unanswered, and the 25 % rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner.domain.citizens import AWAY_FACTS, STANDING_FACTS, Citizen, Fact
from planner.domain.conversations import Conversation, Status
from planner.domain.periods import Period
from planner.rules.format import LawPack
from planner.rules.needs import talked_since
from planner.rules.windows import Because, because


@dataclass(frozen=True, slots=True)
class FactExempt:
    """A documented fact that lifts the duty to attend until a day, that day included."""

    until: date
    because: Because


def exempt_by_fact(citizen: Citizen, pack: LawPack, today: date) -> FactExempt | None:
    """The exemption that lasts longest, where a documented fact gives one on the planning date."""
    found = [
        FactExempt(
            fact.ends,
            because("exempt_by_fact", fact=fact.kind.value, until=fact.ends, reference=rule.reference),
        )
        for rule in pack.fact_exemptions
        if citizen.target_group in rule.groups
        for fact in citizen.facts
        if fact.kind in rule.kinds and _lifts(fact, rule.within, today)
    ]
    return max(found, key=lambda exempt: exempt.until, default=None)


def _lifts(fact: Fact, within: str | None, today: date) -> bool:
    if not fact.documented or fact.ends < today:
        return False
    return within is None or fact.on <= Period.parse(within).after(today)


def passed_event(citizen: Citizen, today: date) -> Fact | None:
    """The latest event of the spell that has passed and has not been talked about."""
    passed = [
        fact
        for fact in citizen.facts
        if fact.kind not in STANDING_FACTS | AWAY_FACTS
        and citizen.spell_start <= fact.ends < today
        and not talked_since(citizen, fact)
    ]
    return max(passed, key=lambda fact: (fact.ends, fact.kind), default=None)


def unanswered_no_show(citizen: Citizen, today: date) -> Conversation | None:
    """The latest no-show of the spell, where no conversation was held since and none is booked."""
    missed = [c for c in citizen.conversations if c.status is Status.NO_SHOW and c.on >= citizen.spell_start]
    if not missed:
        return None
    last = max(missed, key=lambda c: (c.on, c.start))
    answered = any((c.on, c.start) > (last.on, last.start) for c in citizen.held_in_spell())
    booked = any(c.on >= today for c in citizen.booked())
    return None if answered or booked else last


def unrecorded_booking(citizen: Citizen, today: date) -> Conversation | None:
    """The latest booked conversation whose day has passed without a word of what became of it."""
    return max((c for c in citizen.booked() if c.on < today), key=lambda c: (c.on, c.start), default=None)


def in_first_months(citizen: Citizen, pack: LawPack, today: date) -> bool:
    """Whether the citizen is among those of whom a share may be exempted."""
    rule = pack.exemption_share
    if rule is None or citizen.target_group not in rule.groups or citizen.has_ended(today):
        return False
    return citizen.spell_start <= today < Period.parse(rule.within).after(citizen.spell_start)


def exempted_by_decision(citizen: Citizen, pack: LawPack, today: date) -> bool:
    """Whether the caseworker's exemption under the share rule holds on the planning date."""
    decision = citizen.exemption
    if decision is None or not in_first_months(citizen, pack, today):
        return False
    return decision.on <= today and (decision.until is None or today <= decision.until)
