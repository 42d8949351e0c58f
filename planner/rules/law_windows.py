"""One citizen under one law on one day: the windows that the requirements of the law open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen
from planner.domain.conversations import Conversation
from planner.rules import arithmetic, law_facts
from planner.rules.arithmetic import ONE_DAY, Span
from planner.rules.counting import Counting
from planner.rules.format import LawPack, Requirement
from planner.rules.needs import NeedRule, talked_since, wants_more
from planner.rules.resolution import Adopted, Resolved
from planner.rules.windows import Because, Window, WindowKind, WindowStatus, because, lifted

LAW_PRIORITY = 3
URGENT_PRIORITY = 4

#: How a window stands that still wants, or has, a conversation to come.
OPEN = (WindowStatus.DUE, WindowStatus.COVERED)


@dataclass(frozen=True, slots=True)
class Case:
    """One citizen, one day, one law, some experiments."""

    caseload: Caseload
    citizen: Citizen
    pack: LawPack
    adopted: tuple[Adopted, ...]

    @property
    def today(self) -> date:
        """The planning date."""
        return self.caseload.today

    def start(self, requirement: Requirement) -> date:
        """When the requirement begins for this citizen."""
        start = self.citizen.spell_start
        if requirement.starts == "handover":
            start = self.citizen.handover_on or arithmetic.period(self.pack.handover_after).after(start)
        return arithmetic.period(requirement.starts_after).after(start)

    def _spans(self, requirement: Requirement, counted: Sequence[date]) -> list[Span]:
        start, spell, today = self.start(requirement), self.citizen.spell_start, self.today
        if requirement.kind == "recurring" and requirement.anchor == "spell":
            return arithmetic.recurring_in_spell(requirement, start, today, counted)
        if requirement.kind == "recurring":
            return arithmetic.recurring_from_last(requirement, start, today, counted)
        if requirement.kind == "quota":
            return arithmetic.quota(requirement, spell, start, today, counted)
        if requirement.kind == "milestone":
            return arithmetic.milestone(requirement, spell, counted)
        return arithmetic.item(requirement, spell, self._item_days(requirement))

    def _item_days(self, requirement: Requirement) -> dict[date, Because]:
        """The days on which the item was covered, by a fact or in a conversation."""
        facts = (fact for fact in self.citizen.facts if fact.kind in requirement.answered_by)
        in_time = (fact for fact in facts if self.citizen.spell_start <= fact.on <= self.today)
        days = {fact.on: because("item_by_fact", fact=fact.kind.value, on=fact.on) for fact in in_time}
        talks = (talk for talk in self.citizen.held_in_spell() if _covers_item(talk, requirement))
        days |= {talk.on: because("covered_item", on=talk.on) for talk in talks}
        return dict(sorted(days.items()))

    def law_windows(self, entry: Resolved) -> list[Window]:
        """The windows of one requirement of the law, after what experiments do to it."""
        requirement, citizen = entry.requirement, self.citizen
        counted = entry.counting.counted(citizen)
        exempted = (
            requirement.exemptible and bool(counted) and law_facts.exempted_by_decision(citizen, self.pack, self.today)
        )
        made = []
        for span in self._spans(requirement, counted):
            kind = WindowKind(requirement.kind)
            window = self.window(requirement.id, kind, span, entry.counting, bool(counted), entry.because)
            window = self._waiting(window, entry, counted) if entry.awaits and entry.exception is None else window
            if requirement.kind == "item":
                window = self._covered_item(window, requirement)
            else:
                window = self.covered(window, entry.counting)
            made.append(self._excepted(window, entry, exempted))
        return made

    def _excepted(self, window: Window, entry: Resolved, exempted: bool) -> Window:
        effect = entry.exception.effect.effect if entry.exception else ""
        if window.status in OPEN:
            if effect == "lift":
                return replace(window, status=WindowStatus.LIFTED)
            if effect == "discretion":
                return replace(window, status=WindowStatus.DISCRETIONARY, binding=False)
            if exempted:
                reason = self.citizen.exemption
                return lifted(window, because("exempted_by_decision", on=reason.on if reason else self.today))
        elif effect == "lift" and window.status is WindowStatus.MISSED:
            return replace(window, status=WindowStatus.LIFTED)
        urgent = window.latest < self.today or wants_more(self.citizen, self.today)
        priority = URGENT_PRIORITY if urgent else LAW_PRIORITY
        return window if window.priority == priority else replace(window, priority=priority)

    def window(
        self, name: str, kind: WindowKind, span: Span, counting: Counting, any_held: bool, steps: tuple[Because, ...]
    ) -> Window:
        """A span as a window, with the channels that count; `steps` lead up to those of the span."""
        later = counting.channels_on(self.today, first=False)
        first = later if any_held else counting.channels_on(self.today, first=True)
        return Window(
            requirement=name,
            kind=kind,
            status=span.status,
            earliest=span.earliest,
            target=span.target,
            latest=span.latest,
            because=steps + span.because,
            channels=later,
            first_channels=first,
        )

    def covered(self, window: Window, counting: Counting) -> Window:
        """The window, covered where a booking that would count lies in it."""
        if window.status is not WindowStatus.DUE:
            return window
        # A duty whose last day has passed stays open until it is answered, so a later booking covers it too.
        last = date.max if window.latest < self.today else window.latest
        for conversation in counting.booked(self.citizen):
            if window.earliest <= conversation.on <= last:
                code = "booked" if conversation.on <= window.latest else "booked_late"
                step = because(code, on=conversation.on, channel=conversation.channel.value)
                return replace(window, status=WindowStatus.COVERED, because=(*window.because, step))
        return window

    def _covered_item(self, window: Window, requirement: Requirement) -> Window:
        booked = next((c for c in self.citizen.booked() if _covers_item(c, requirement)), None)
        if booked is None or window.status is not WindowStatus.DUE:
            return window
        step = because("booked", on=booked.on, channel=booked.channel.value)
        return replace(window, status=WindowStatus.COVERED, because=(*window.because, step))

    def _waiting(self, window: Window, entry: Resolved, counted: Sequence[date]) -> Window:
        """A duty that an experiment lets wait for a fact: its days move to after the fact, contact is never waived."""
        if window.status is not WindowStatus.DUE or window.kind is WindowKind.ITEM:
            return window
        adopted = entry.awaits[0][0]
        rule = NeedRule(adopted.parameters, {kind for _, kind in entry.awaits})
        pending = [f for f in self.citizen.facts if f.kind in rule.awaits and f.ends >= self.citizen.spell_start]
        moved = [f for f in pending if f.documented and (f.ends >= self.today or not talked_since(self.citizen, f))]
        if not moved:
            return window
        fact = min(moved, key=lambda f: (f.ends < self.today, f.ends))
        latest = self.caseload.office.working_days_after(fact.ends, rule.number("await_working_days"))
        if latest <= window.latest:
            return window
        step = because("may_await", fact=fact.kind.value, on=fact.ends, experiment=adopted.experiment.id)
        steps = (*window.because, step)
        return replace(window, earliest=fact.ends + ONE_DAY, target=latest, latest=latest, because=steps)


def _covers_item(conversation: Conversation, requirement: Requirement) -> bool:
    return requirement.id in conversation.agenda or requirement.code in conversation.agenda
