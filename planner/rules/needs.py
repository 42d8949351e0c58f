"""The need cadence that replaces a fixed rhythm: close, standard, light, await, screening and the safety net."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from planner.domain.calendar import OfficeCalendar
from planner.domain.citizens import STANDING_FACTS, Cadence, Citizen, Fact, FactKind
from planner.domain.periods import Period
from planner.rules.arithmetic import ONE_DAY, Span, half_way
from planner.rules.windows import WindowStatus, because

DEFAULT_PARAMETERS: Mapping[str, str | int] = {
    "close": "P2W",
    "standard": "P6W",
    "light": "P13W",
    "safety_net": "P13W",
    "screening_from": "P1W",
    "screening_target": "P2W",
    "screening_latest": "P3W",
    "await_working_days": 10,
    "default_cadence": "standard",
}
PRIORITY = {Cadence.CLOSE: 3, Cadence.STANDARD: 2, Cadence.LIGHT: 1, Cadence.AWAIT: 1}
SCREENING_PRIORITY = 2


@dataclass(frozen=True, slots=True)
class Need:
    """A need cadence's window for one citizen, with its priority and what it waits for."""

    span: Span
    priority: int
    cadence: Cadence | None
    awaited: Fact | None = None


@dataclass(frozen=True, slots=True)
class NeedRule:
    """The figures of a need cadence, and the facts for which it may wait."""

    parameters: Mapping[str, str | int]
    awaits: Collection[FactKind] = ()

    def period(self, name: str) -> Period:
        """A parameter that is a period."""
        return Period.parse(str(self.parameters.get(name, DEFAULT_PARAMETERS[name])))

    def number(self, name: str) -> int:
        """A parameter that is a whole number."""
        return int(self.parameters.get(name, DEFAULT_PARAMETERS[name]))

    @property
    def default_cadence(self) -> Cadence:
        """The cadence of a citizen who has been talked with but not screened."""
        return Cadence(str(self.parameters.get("default_cadence", DEFAULT_PARAMETERS["default_cadence"])))


def wants_more(citizen: Citizen, today: date) -> bool:
    """Whether the citizen has asked for more contact and the wish still holds."""
    wishes = (fact for fact in citizen.facts if fact.kind is FactKind.WANTS_MORE_CONTACT)
    return any(fact.on <= today and (fact.until is None or fact.until >= today) for fact in wishes)


def talked_since(citizen: Citizen, fact: Fact) -> bool:
    """Whether a conversation was held on or after the fact's last day."""
    return any(conversation.on >= fact.ends for conversation in citizen.held_in_spell())


def awaited_fact(citizen: Citizen, kinds: Collection[FactKind], today: date) -> Fact | None:
    """The nearest fact still to come, else the latest one past that nobody has talked about; None without either."""
    facts = [f for f in citizen.facts if f.kind in kinds and f.ends >= citizen.spell_start]
    pending = [fact for fact in facts if fact.ends >= today]
    if pending:
        return min(pending, key=lambda fact: (fact.ends, fact.kind))
    passed = [fact for fact in facts if not talked_since(citizen, fact)]
    return max(passed, key=lambda fact: (fact.ends, fact.kind), default=None)


def need(
    citizen: Citizen,
    rule: NeedRule,
    anchor: date,
    held: date | None,
    today: date,
    office: OfficeCalendar,
    *,
    screened_first: bool = True,
) -> Need:
    """The window of a need cadence.

    `anchor` is the start of the need (the spell's, or where the replaced requirement begins), `held` the last held
    conversation; with `screened_first` a citizen who has neither cadence nor conversation is new, and is screened.
    Target = anchor + period, earliest = half of it, latest = one and a half, never past the safety net.
    """
    start = held or anchor
    origin = because("last_held", on=held) if held else because("since_start", on=anchor)
    close = wants_more(citizen, today)
    waiting = None if close else _waiting(citizen, rule, start, today, office)
    if waiting is not None:
        return waiting
    if citizen.cadence is None and held is None and screened_first and not close:
        return _screening(rule, anchor)
    cadence = Cadence.CLOSE if close else citizen.cadence or rule.default_cadence
    length = rule.period(cadence.value)
    days = length.days_from(start)
    latest, net = start + timedelta(days=days * 3 // 2), rule.period("safety_net").after(start)
    steps = [because("cadence", cadence=cadence.value, period=str(length)), origin]
    if close:
        steps.insert(0, because("wants_more_contact"))
    elif citizen.cadence is None:
        steps.insert(0, because("not_screened", cadence=cadence.value))
    if latest > net:
        steps.append(because("safety_net", until=net, period=str(rule.period("safety_net"))))
        latest = net
    target = min(length.after(start), latest)
    span = Span(min(half_way(start, length), latest), target, latest, WindowStatus.DUE, tuple(steps))
    return Need(span, PRIORITY[cadence], cadence)


def _waiting(citizen: Citizen, rule: NeedRule, start: date, today: date, office: OfficeCalendar) -> Need | None:
    """The window of a citizen for whom something is awaited; None where nothing is."""
    decided = citizen.cadence is Cadence.AWAIT
    kinds = set(FactKind) - STANDING_FACTS if decided else set(rule.awaits)
    fact = awaited_fact(citizen, kinds, today)
    if fact is not None:
        return _await(rule, fact, start, office)
    return _only_net(rule, start) if decided else None


def _await(rule: NeedRule, fact: Fact, start: date, office: OfficeCalendar) -> Need:
    days = rule.number("await_working_days")
    earliest, latest = fact.ends + ONE_DAY, office.working_days_after(fact.ends, days)
    net = rule.period("safety_net").after(start)
    steps = [because("awaits", fact=fact.kind.value, on=fact.ends, days=days)]
    if not fact.documented and net < latest:
        steps.append(because("safety_net_undocumented", until=net, period=str(rule.period("safety_net"))))
        earliest, latest = min(earliest, half_way(start, rule.period("safety_net"))), net
    span = Span(earliest, latest, latest, WindowStatus.DUE, tuple(steps))
    return Need(span, PRIORITY[Cadence.AWAIT], Cadence.AWAIT, fact)


def _only_net(rule: NeedRule, start: date) -> Need:
    length = rule.period("safety_net")
    net = length.after(start)
    steps = (because("awaits_nothing"), because("safety_net", until=net, period=str(length)))
    return Need(
        Span(half_way(start, length), net, net, WindowStatus.DUE, steps), PRIORITY[Cadence.AWAIT], Cadence.AWAIT
    )


def _screening(rule: NeedRule, anchor: date) -> Need:
    earliest, target, latest = (
        rule.period(name).after(anchor) for name in ("screening_from", "screening_target", "screening_latest")
    )
    step = because("screening", start=anchor)
    return Need(Span(earliest, target, latest, WindowStatus.DUE, (step,)), SCREENING_PRIORITY, None)
