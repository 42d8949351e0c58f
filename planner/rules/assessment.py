"""What the rules say of one citizen on one day: windows, agenda, questions and the fixed rhythm beside them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from planner.domain.caseload import Caseload
from planner.domain.citizens import Cadence, Citizen, Fact
from planner.domain.conversations import Channel, Conversation, Counterpart
from planner.errors import InputError
from planner.rules import arithmetic, law_facts
from planner.rules.arithmetic import ONE_DAY, Span
from planner.rules.counting import Counting, any_talk, in_period
from planner.rules.format import LawPack, Requirement
from planner.rules.needs import DEFAULT_PARAMETERS, Need, NeedRule, need, talked_since, wants_more
from planner.rules.reading import effective_parameters
from planner.rules.resolution import (
    Adopted,
    Applied,
    Conflict,
    Resolved,
    agenda_points,
    effects_for,
    reason_required,
    resolve,
)
from planner.rules.ruleset import RuleSet
from planner.rules.windows import Because, Window, WindowKind, WindowStatus, because

OWN_CADENCE = "own-cadence"
AFTER_EVENT = "follow-up-after-event"
AFTER_NO_SHOW = "follow-up-after-no-show"
#: Working days after a no-show or an event by which follow-up is aimed at, and at the latest wanted.
FOLLOW_UP_TARGET, FOLLOW_UP_LATEST = 5, 10
LAW_PRIORITY = 3
URGENT_PRIORITY = 4
FOLLOW_UP_PRIORITY = 2

_OPEN = (WindowStatus.DUE, WindowStatus.COVERED)


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that the rules say of one citizen on the planning date."""

    citizen: Citizen
    windows: tuple[Window, ...] = ()
    fixed_latest: date | None = None
    fixed_channel: Channel | None = None
    fixed_requirement: str | None = None
    agenda: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    ended: bool = False
    exempt: tuple[Because, ...] = ()
    awaited: Fact | None = None
    unscreened: bool = False
    reason_required: bool = False
    last_contact: date | None = None
    passed_event: Fact | None = None
    no_show: Conversation | None = None
    unrecorded: Conversation | None = None
    conflicts: tuple[Conflict, ...] = ()


def adopted_on(caseload: Caseload, rules: RuleSet) -> tuple[Adopted, ...]:
    """The adoptions in force on the planning date with their parameters; raises InputError for an unknown one."""
    found = []
    for adoption in caseload.adoptions:
        if not adoption.in_force(caseload.today):
            continue
        experiment = rules.experiments.get(adoption.experiment)
        if experiment is None:
            raise InputError("No experiment is called {experiment}", experiment=adoption.experiment)
        found.append(Adopted(adoption, experiment, effective_parameters(experiment, adoption.parameters)))
    return tuple(found)


def assess(caseload: Caseload, citizen: Citizen, rules: RuleSet) -> Assessment:
    """What the law and the adopted experiments say of one citizen; conflicts are listed, not raised."""
    pack = rules.law_on(caseload.today)
    return _Assessor(caseload, citizen.as_of(caseload.today), pack, adopted_on(caseload, rules)).assessment()


def assess_all(caseload: Caseload, rules: RuleSet) -> tuple[Assessment, ...]:
    """`assess` for every citizen, with the adoptions looked up once."""
    pack, adopted = rules.law_on(caseload.today), adopted_on(caseload, rules)
    today = caseload.today
    return tuple(_Assessor(caseload, c.as_of(today), pack, adopted).assessment() for c in caseload.citizens)


@dataclass(frozen=True, slots=True)
class _Assessor:
    """One citizen, one day, one law, some experiments."""

    caseload: Caseload
    citizen: Citizen
    pack: LawPack
    adopted: tuple[Adopted, ...]

    @property
    def today(self) -> date:
        return self.caseload.today

    def assessment(self) -> Assessment:
        citizen, today = self.citizen, self.today
        held = citizen.held_in_spell()
        last_contact = held[-1].on if held else None
        if citizen.has_died():
            return Assessment(citizen, ended=True, last_contact=last_contact)
        resolved, conflicts = resolve(citizen, self.pack, self.adopted, today)
        fact_exempt = law_facts.exempt_by_fact(citizen, self.pack, today)
        windows, needs = self._windows(resolved)
        awaited = next((n.awaited for n in needs if n.awaited), None)
        event = law_facts.passed_event(citizen, today)
        no_show = law_facts.unanswered_no_show(citizen, today)
        windows += self._follow_ups(event if event != awaited else None, no_show)
        exempt: tuple[Because, ...] = ()
        if fact_exempt is not None:
            exempt = (fact_exempt.because,)
            windows = [_lifted(window, fact_exempt.because) for window in windows]
        elif law_facts.exempted_by_decision(citizen, self.pack, today):
            exempt = self._decision_exempts(windows)
            # Nobody is summoned for a wish or a follow-up while exempted; what must be covered stays on the agenda.
            windows = [_lifted(w, exempt[0]) if exempt and w.kind is not WindowKind.ITEM else w for w in windows]
        fixed = self._fixed_rhythm(fact_exempt is not None)
        return Assessment(
            citizen=citizen,
            windows=tuple(sorted(windows, key=_window_order)),
            fixed_latest=fixed[0],
            fixed_channel=fixed[1],
            fixed_requirement=fixed[2],
            agenda=agenda_points(citizen, self.adopted, today) + self._standing_items(resolved),
            questions=tuple(w.requirement for w in windows if w.status is WindowStatus.DISCRETIONARY),
            exempt=exempt,
            awaited=awaited,
            unscreened=not held and any(n.cadence is None for n in needs),
            reason_required=reason_required(citizen, self.adopted),
            last_contact=last_contact,
            passed_event=event,
            no_show=no_show,
            unrecorded=law_facts.unrecorded_booking(citizen, today),
            conflicts=tuple(conflicts),
        )

    def _windows(self, resolved: Sequence[Resolved]) -> tuple[list[Window], list[Need]]:
        windows: list[Window] = []
        needs: list[Need] = []
        replaced: dict[str, list[Resolved]] = {}
        proposed: list[Resolved] = []
        for entry in resolved:
            exception = entry.exception
            if exception is not None and exception.effect.effect == "replace":
                if exception.effect.requirement is not None:
                    inline = replace(entry, requirement=exception.effect.requirement, exception=None)
                    windows += self._law_windows(inline)
                else:
                    replaced.setdefault(exception.adopted.experiment.id, []).append(entry)
                if entry.requirement.kind != "need":
                    steps = tuple(step for step in entry.because if step.code in ("law", "replace"))
                    shown = replace(entry, because=steps)
                    windows += [_lifted(window, steps[-1]) for window in self._law_windows(shown)]
            elif entry.requirement.kind == "need":
                proposed.append(entry)
            else:
                windows += self._law_windows(entry)
        for entries in replaced.values():
            if not all(entry.requirement.after_first for entry in entries) or self._counted(entries):
                window, found = self._experiment_need(entries)
                windows.append(window)
                needs.append(found)
        for applied in self._needs_of_their_own(replaced):
            window, found = self._own_need(applied)
            windows.append(window)
            needs.append(found)
        if not needs:
            window_and_need = self._law_need(proposed, windows)
            if window_and_need is not None:
                windows.append(window_and_need[0])
                needs.append(window_and_need[1])
        return windows, needs

    def _start(self, requirement: Requirement) -> date:
        start = self.citizen.spell_start
        if requirement.starts == "handover":
            start = self.citizen.handover_on or arithmetic.period(self.pack.handover_after).after(start)
        return arithmetic.period(requirement.starts_after).after(start)

    def _spans(self, requirement: Requirement, counted: Sequence[date]) -> list[Span]:
        start, spell, today = self._start(requirement), self.citizen.spell_start, self.today
        if requirement.kind == "recurring" and requirement.anchor == "spell":
            return arithmetic.recurring_in_spell(requirement, start, today, counted)
        if requirement.kind == "recurring":
            return arithmetic.recurring_from_last(requirement, start, today, counted)
        if requirement.kind == "quota":
            return arithmetic.quota(requirement, spell, start, today, counted)
        if requirement.kind == "milestone":
            return arithmetic.milestone(requirement, spell, counted)
        return arithmetic.item(requirement, spell, self._item_days(requirement))

    def _item_days(self, requirement: Requirement) -> list[date]:
        return [c.on for c in self.citizen.held_in_spell() if _covers_item(c, requirement)]

    def _law_windows(self, entry: Resolved) -> list[Window]:
        requirement, citizen = entry.requirement, self.citizen
        counted = entry.counting.counted(citizen)
        exempted = (
            requirement.exemptible and bool(counted) and law_facts.exempted_by_decision(citizen, self.pack, self.today)
        )
        made = []
        for span in self._spans(requirement, counted):
            window = self._window(requirement.id, WindowKind(requirement.kind), span, entry.counting, bool(counted))
            window = replace(window, because=entry.because + window.because)
            window = self._waiting(window, entry, counted) if entry.awaits and entry.exception is None else window
            if requirement.kind == "item":
                window = self._covered_item(window, requirement)
            else:
                window = self._covered(window, entry.counting)
            made.append(self._excepted(window, entry, exempted))
        return made

    def _excepted(self, window: Window, entry: Resolved, exempted: bool) -> Window:
        effect = entry.exception.effect.effect if entry.exception else ""
        if window.status in _OPEN:
            if effect == "lift":
                return replace(window, status=WindowStatus.LIFTED)
            if effect == "discretion":
                return replace(window, status=WindowStatus.DISCRETIONARY, binding=False)
            if exempted:
                reason = self.citizen.exemption
                return _lifted(window, because("exempted_by_decision", on=reason.on if reason else self.today))
        elif effect == "lift" and window.status is WindowStatus.MISSED:
            return replace(window, status=WindowStatus.LIFTED)
        urgent = window.latest < self.today or wants_more(self.citizen, self.today)
        return replace(window, priority=URGENT_PRIORITY if urgent else LAW_PRIORITY)

    def _window(self, name: str, kind: WindowKind, span: Span, counting: Counting, any_held: bool) -> Window:
        later = counting.channels_on(self.today, first=False)
        first = later if any_held else counting.channels_on(self.today, first=True)
        return Window(
            requirement=name,
            kind=kind,
            status=span.status,
            earliest=span.earliest,
            target=span.target,
            latest=span.latest,
            because=span.because,
            channels=later,
            first_channels=first,
        )

    def _covered(self, window: Window, counting: Counting) -> Window:
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

    def _experiment_need(self, entries: Sequence[Resolved]) -> tuple[Window, Need]:
        """The one need window that stands in the place of everything that an experiment replaced."""
        applied = entries[0].exception
        assert applied is not None
        adopted = applied.adopted
        counterparts = {c for entry in entries for c in entry.counting.counterparts}
        rule = NeedRule(adopted.parameters, {kind for entry in entries for _, kind in entry.awaits})
        anchor = min(self._start(entry.requirement) for entry in entries)
        steps = tuple(step for entry in entries for step in entry.because)
        return self._need_window(adopted.experiment.id, rule, anchor, any_talk(counterparts), steps, binding=True)

    def _counted(self, entries: Sequence[Resolved]) -> bool:
        return any(entry.counting.counted(self.citizen) for entry in entries)

    def _needs_of_their_own(self, replaced: Collection[str]) -> list[Applied]:
        """Need cadences of experiments for a group on which the law in force has no requirement to replace."""
        effects = effects_for(self.citizen, self.adopted)
        cadences = (a for a in effects if a.effect.effect == "replace" and a.effect.requirement is None)
        return [applied for applied in cadences if applied.adopted.experiment.id not in replaced]

    def _own_need(self, applied: Applied) -> tuple[Window, Need]:
        adopted = applied.adopted
        permitted = {c for other in adopted.experiment.effects for c in other.counterparts}
        rule = NeedRule(adopted.parameters, set(applied.effect.awaits))
        step = because("need_by_experiment", experiment=adopted.experiment.id, first=adopted.adoption.first)
        counting = any_talk({Counterpart.CASEWORKER, *permitted})
        start = self.citizen.spell_start
        return self._need_window(adopted.experiment.id, rule, start, counting, (step,), binding=True)

    def _law_need(self, entries: Sequence[Resolved], windows: Sequence[Window]) -> tuple[Window, Need] | None:
        """Contact on need under the law, or by the caseworker's own cadence where nothing else is open."""
        anything_open = any(w.status in _OPEN and w.kind is not WindowKind.ITEM for w in windows)
        for entry in entries:
            start = self._start(entry.requirement)
            if anything_open:
                continue
            default = entry.requirement.cadence or Cadence.STANDARD
            rule = NeedRule({**DEFAULT_PARAMETERS, "default_cadence": default.value})
            counting = any_talk(entry.counting.counterparts)
            new = entry.requirement.starts_after is None
            window, found = self._need_window(
                entry.requirement.id, rule, start, counting, entry.because, binding=False, new=new
            )
            return _not_before(window, start) if start > self.today else window, found
        if self.citizen.cadence is None or anything_open:
            return None
        counting = any_talk([Counterpart.CASEWORKER])
        rule = NeedRule(DEFAULT_PARAMETERS)
        steps = (because("own_cadence"),)
        return self._need_window(OWN_CADENCE, rule, self.citizen.spell_start, counting, steps, binding=False)

    def _need_window(
        self,
        name: str,
        rule: NeedRule,
        anchor: date,
        counting: Counting,
        steps: tuple[Because, ...],
        *,
        binding: bool,
        new: bool = True,
    ) -> tuple[Window, Need]:
        counted = counting.counted(self.citizen)
        last = counted[-1] if counted else None
        office = self.caseload.office
        found = need(self.citizen, rule, anchor, last, self.today, office, screened_first=new)
        window = self._window(name, WindowKind.NEED, found.span, counting, bool(counted))
        window = replace(window, because=steps + window.because, binding=binding, priority=found.priority)
        return self._covered(window, counting), found

    def _follow_ups(self, event: Fact | None, no_show: Conversation | None) -> list[Window]:
        made = []
        if event is not None:
            made.append((AFTER_EVENT, event.ends, because("event_passed", fact=event.kind.value, on=event.ends)))
        if no_show is not None:
            made.append((AFTER_NO_SHOW, no_show.on, because("no_show", on=no_show.on)))
        return [self._follow_up(name, on, step) for name, on, step in made]

    def _follow_up(self, name: str, on: date, step: Because) -> Window:
        office = self.caseload.office
        window = Window(
            requirement=name,
            kind=WindowKind.NEED,
            status=WindowStatus.DUE,
            earliest=on + ONE_DAY,
            target=office.working_days_after(on, FOLLOW_UP_TARGET),
            latest=office.working_days_after(on, FOLLOW_UP_LATEST),
            because=(step,),
            binding=False,
            priority=FOLLOW_UP_PRIORITY,
        )
        return self._covered(window, any_talk([Counterpart.CASEWORKER]))

    def _decision_exempts(self, windows: Sequence[Window]) -> tuple[Because, ...]:
        decision = self.citizen.exemption
        still_open = any(w.status in _OPEN and w.binding and w.kind is not WindowKind.ITEM for w in windows)
        if decision is None or still_open:
            return ()
        return (because("exempted_by_decision", on=decision.on),)

    def _standing_items(self, resolved: Sequence[Resolved]) -> tuple[str, ...]:
        return tuple(
            entry.requirement.id
            for entry in resolved
            if entry.requirement.at == "every_conversation" and entry.exception is None
        )

    def _fixed_rhythm(self, exempt: bool) -> tuple[date | None, Channel | None, str | None]:
        """What the law alone would have demanded next: its first open deadline, and in which channel."""
        if exempt:
            return None, None, None
        resolved, _ = resolve(self.citizen, self.pack, (), self.today)
        kept = [entry for entry in resolved if entry.requirement.kind not in ("item", "need")]
        pairs = [(w, entry) for entry in kept for w in self._law_windows(entry) if w.status in _OPEN]
        if not pairs:
            return None, None, None
        window, entry = min(pairs, key=lambda pair: (pair[0].latest, pair[0].requirement))
        return window.latest, self._fixed_channel(window, entry.counting), window.requirement

    def _fixed_channel(self, window: Window, counting: Counting) -> Channel | None:
        choosing = {r.chosen_by for r in counting.rules if in_period(self.today, r.valid_from, r.valid_to)}
        preferred = self.citizen.preferred_channel
        if "citizen" in choosing and preferred in window.first_channels:
            return preferred
        default = Channel.IN_PERSON
        return default if default in window.first_channels else next(iter(window.first_channels), None)


def _covers_item(conversation: Conversation, requirement: Requirement) -> bool:
    return requirement.id in conversation.agenda or requirement.code in conversation.agenda


def _lifted(window: Window, step: Because) -> Window:
    if window.status not in (*_OPEN, WindowStatus.MISSED, WindowStatus.DISCRETIONARY):
        return window
    steps = window.because if step in window.because else (*window.because, step)
    return replace(window, status=WindowStatus.LIFTED, because=steps)


def _not_before(window: Window, start: date) -> Window:
    """The window moved to begin at `start` at the earliest, with no less room after its target."""
    earliest, target = max(window.earliest, start), max(window.target, start)
    latest = max(window.latest, target + (window.latest - window.target))
    return replace(window, earliest=earliest, target=target, latest=latest)


_STATUS_ORDER = {status: place for place, status in enumerate(WindowStatus)}


def _window_order(window: Window) -> tuple[int, bool, date, str, date]:
    is_item = window.kind is WindowKind.ITEM
    return _STATUS_ORDER[window.status], is_item, window.latest, window.requirement, window.earliest
