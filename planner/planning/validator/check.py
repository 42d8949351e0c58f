"""A whole plan against its caseload: each proposal and alternative, what they cover, the order and the quality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import combinations, pairwise, product

from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen
from planner.domain.conversations import TALKING, Channel, Counterpart
from planner.planning.plan import Bucket, CitizenPlan, Plan, Proposal, Slot
from planner.planning.validator.cost import covering, needs_of, objective, proposals_of
from planner.planning.validator.slot_rules import Office, Span, slot_faults, span_of
from planner.rules.windows import Window, WindowKind, WindowStatus

_ALTERNATIVES = 2
_SILENT = (Bucket.ENDED, Bucket.EXEMPT)
_WEEKS_OF_CAPACITY = 12
_PRECEDENCE = (
    "ended",
    "exempt",
    "booked_today",
    "overdue",
    "after_no_show",
    "event_passed",
    "decide_now",
    "screen",
    "unplaced",
    "booked",
    "waiting",
    "proposed",
    "no_duty",
)


def violations(
    caseload: Caseload, plan: Plan, previous: Plan | None = None, judged: Collection[str] = ()
) -> tuple[str, ...]:
    """Everything that is wrong with the plan: `code: citizen slot`, never a name; empty for a valid one.

    `previous` is the plan that the engine was given to stay close to, for its part of the cost; `judged` are the ids of
    citizens whose own part was found right before, on days that are as they were.
    """
    office = Office(caseload)
    citizens = {citizen.id: citizen for citizen in caseload.citizens}
    found = [*_frame(caseload, plan), *_roll_call(caseload, plan), *_order(plan), *_together(office, plan)]
    for part in plan.citizens:
        if part.id in citizens and part.id not in judged:
            found.extend(f"{code}: {part.id}" for code in _part_faults(office, citizens[part.id], part, plan))
            found.extend(_proposal_faults(office, citizens[part.id], part, plan))
    found.extend(_quality(caseload, plan, previous))
    return tuple(found)


def _frame(caseload: Caseload, plan: Plan) -> Iterator[str]:
    if plan.today != caseload.today:
        yield "another-today"
    if plan.horizon_end != caseload.today + timedelta(weeks=caseload.settings.horizon_weeks):
        yield "another-horizon"
    monday = plan.today - timedelta(days=plan.today.weekday())
    weeks = [(monday + timedelta(weeks=week)).isocalendar()[:2] for week in range(_WEEKS_OF_CAPACITY)]
    if [(week.year, week.week) for week in plan.capacity] != weeks:
        yield "capacity-of-other-weeks"
    slots = [p.slot for part in plan.citizens for p in proposals_of(part)]
    for week in plan.capacity:
        if week.proposed != sum(s.minutes for s in slots if s.on.isocalendar()[:2] == (week.year, week.week)):
            yield f"capacity-proposed: {week.year}-W{week.week:02d}"


def _roll_call(caseload: Caseload, plan: Plan) -> Iterator[str]:
    expected = {citizen.id for citizen in caseload.citizens}
    for name, ids in (("citizens", [p.id for p in plan.citizens]), ("order", [r.id for r in plan.order])):
        counted = Counter(ids)
        yield from (f"missing-in-{name}: {gone}" for gone in sorted(expected - set(counted)))
        yield from (f"stranger-in-{name}: {extra}" for extra in sorted(set(counted) - expected))
        yield from (f"twice-in-{name}: {twice}" for twice, times in sorted(counted.items()) if times > 1)


def _order(plan: Plan) -> Iterator[str]:
    buckets = {part.id: part.bucket for part in plan.citizens}
    for ranked in plan.order:
        if buckets.get(ranked.id) is not ranked.bucket:
            yield f"another-bucket-in-order: {ranked.id}"
        if sum(ranked.parts.values()) != ranked.score:
            yield f"parts-do-not-sum-to-score: {ranked.id}"
    keys = [(_PRECEDENCE.index(r.bucket.value), -r.score, r.id) for r in plan.order]
    for (first, second), ranked in zip(pairwise(keys), plan.order[1:], strict=True):
        if first > second:
            yield f"out-of-order: {ranked.id}"


def _together(office: Office, plan: Plan) -> Iterator[str]:
    worker = office.caseload.caseworker
    by_day: dict[date, list[tuple[str, Slot, Span]]] = {}
    for part in plan.citizens:
        for proposal in proposals_of(part):
            by_day.setdefault(proposal.slot.on, []).append((part.id, proposal.slot, span_of(proposal.slot)))
    for on, todays in sorted(by_day.items()):
        # A buffer may reach past midnight, and so may a conversation.
        tomorrows = by_day.get(on + timedelta(days=1), [])
        for (one, _, first), (other, slot, second) in (*combinations(todays, 2), *product(todays, tomorrows)):
            if first.meets(second):
                yield f"proposals-meet: {one} and {other} {_told(slot)}"
            elif first.gap(second) < worker.buffer_minutes:
                yield f"no-buffer-between-proposals: {one} and {other} {_told(slot)}"
        booked = len(office.booked.get(on, []))
        if worker.max_per_day is not None and booked + len(todays) > worker.max_per_day:
            yield f"more-than-max-per-day: {on}"


def _is_closed(citizen: Citizen, today: date) -> bool:
    """Whether the case was closed in this spell, today at the latest."""
    return citizen.closed_on is not None and citizen.spell_start <= citizen.closed_on <= today


def _part_faults(office: Office, citizen: Citizen, part: CitizenPlan, plan: Plan) -> Iterator[str]:
    proposals = proposals_of(part)
    if citizen.has_died() and part.bucket is not Bucket.ENDED:
        yield "dead-but-not-ended"
    if _is_closed(citizen, plan.today) and part.bucket is not Bucket.ENDED:
        yield "closed-but-not-ended"
    if part.bucket in _SILENT and proposals:
        yield f"proposal-for-{part.bucket.value}"
    if part.later and part.proposal is None:
        yield "later-without-proposal"
    if any(first.slot.on > second.slot.on for first, second in pairwise(proposals)):
        yield "later-before-proposal"
    if part.bucket not in _SILENT and not part.unplaced_because:
        for window in needs_of(part, plan.horizon_end):
            if window.latest <= plan.horizon_end and covering(part, window) is None:
                yield f"neither-placed-nor-explained {window.requirement}"
    if not part.because:
        yield "bucket-without-reason"
    yield from _window_faults(part)


def _window_faults(part: CitizenPlan) -> Iterator[str]:
    by_requirement: dict[str, list[Window]] = {}
    for window in part.windows:
        by_requirement.setdefault(window.requirement, []).append(window)
    for requirement, same in by_requirement.items():
        due = [w for w in same if w.status is WindowStatus.DUE]
        if due and any(w.status in (WindowStatus.LIFTED, WindowStatus.DISCRETIONARY) for w in same):
            yield f"lifted-and-due {requirement}"
        # Only a recurring one may be due twice: the period that was missed beside the present one.
        if len(due) > 1 and (len(due) > 2 or any(w.kind is not WindowKind.RECURRING for w in due)):
            yield f"due-twice {requirement}"
        if len({w.binding for w in due}) > 1:
            yield f"due-by-law-and-by-experiment {requirement}"


def _proposal_faults(office: Office, citizen: Citizen, part: CitizenPlan, plan: Plan) -> Iterator[str]:
    last_concrete = plan.today + timedelta(weeks=office.caseload.settings.concrete_weeks)
    for number, proposal in enumerate(proposals_of(part)):
        told = f"{part.id} {_told(proposal.slot)}"
        windows = _covered(part, proposal)
        needs = [w for w in windows if w.kind is not WindowKind.ITEM]
        yield from (f"{code}: {told}" for code in _cover_faults(part, proposal))
        yield from (f"{code}: {told}" for code in _faults_at(office, citizen, windows, proposal.slot, first=not number))
        if proposal.tentative != (proposal.slot.on > last_concrete):
            yield f"tentative: {told}"
        for slot in proposal.alternatives:
            codes = _faults_at(office, citizen, needs, slot, first=not number)
            yield from (f"alternative-{code}: {part.id} {_told(slot)}" for code in codes)
        if len({proposal.slot, *proposal.alternatives}) <= len(proposal.alternatives):
            yield f"alternative-repeated: {told}"
        missing = _ALTERNATIVES - len(proposal.alternatives)
        if missing > 0 and _more_slots(office, citizen, needs, proposal, first=not number) >= missing:
            yield f"too-few-alternatives: {told}"


def _covered(part: CitizenPlan, proposal: Proposal) -> list[Window]:
    """The windows that the proposal covers: of a requirement due twice, the one that has begun counts alone too."""
    due = [w for w in part.windows if w.status is WindowStatus.DUE and w.requirement in proposal.covers]
    begun = {w.requirement for w in due if w.earliest <= proposal.slot.on}
    return [w for w in due if w.earliest <= proposal.slot.on or w.requirement not in begun]


def _cover_faults(part: CitizenPlan, proposal: Proposal) -> Iterator[str]:
    if not proposal.covers:
        yield "covers-nothing"
    if len(set(proposal.covers)) < len(proposal.covers):
        yield "covers-repeated"
    due = Counter(w.requirement for w in part.windows if w.status is WindowStatus.DUE)
    known = {w.requirement for w in part.windows}
    for requirement in proposal.covers:
        if requirement not in known:
            yield f"covers-unknown {requirement}"
        elif not due[requirement]:
            yield f"covers-not-due {requirement}"
        elif sum(requirement in p.covers for p in proposals_of(part)) > due[requirement]:
            yield f"covered-twice {requirement}"


def _faults_at(office: Office, citizen: Citizen, windows: list[Window], slot: Slot, *, first: bool) -> Iterator[str]:
    yield from slot_faults(office, citizen, slot)
    for window in windows:
        if slot.on < window.earliest:
            yield f"before-earliest {window.requirement}"
        if slot.channel not in _counting(citizen, window, slot.on, first=first):
            yield f"channel-does-not-count {window.requirement}"


def _counting(citizen: Citizen, window: Window, on: date, *, first: bool) -> tuple[Channel, ...]:
    """The channels that count on a day: those for a first conversation unless one of the spell comes before."""
    before = (talk for talk in citizen.booked() if citizen.spell_start <= talk.on < on)
    own = (talk for talk in (*citizen.held_in_spell(), *before) if talk.counterpart is Counterpart.CASEWORKER)
    known = any(talk.channel in window.first_channels for talk in own)
    return window.channels if known or not first else window.first_channels


def _more_slots(office: Office, citizen: Citizen, windows: list[Window], proposal: Proposal, *, first: bool) -> int:
    """How many slots beside those named there are, counted no further than needed."""
    named, count = {proposal.slot, *proposal.alternatives}, 0
    settings = office.caseload.settings
    extra = settings.interpreter_extra_minutes if citizen.interpreter else 0
    for step in range(settings.horizon_weeks * 7 + 1):
        day = office.caseload.today + timedelta(days=step)
        if not office.days.works(day):
            continue
        for channel in TALKING:
            for start in range(0, 24 * 60, settings.grid_minutes):
                slot = Slot(day, start, settings.minutes[channel] + extra, channel)
                if slot not in named and next(_faults_at(office, citizen, windows, slot, first=first), None) is None:
                    count += 1
                    if count >= _ALTERNATIVES:
                        return count
    return count


def _quality(caseload: Caseload, plan: Plan, previous: Plan | None) -> Iterator[str]:
    quality = plan.quality
    if quality.objective != (own := objective(caseload, plan, previous)):
        yield f"objective: {quality.objective}, by the windows {own}"
    if quality.lower_bound > quality.objective:
        yield "lower-bound-above-objective"
    if abs(quality.gap - (quality.objective - quality.lower_bound) / max(1, quality.lower_bound)) > 1e-6:
        yield "gap"
    if quality.hard_violations:
        yield "hard-violations"


def _told(slot: Slot) -> str:
    return f"{slot.on} {slot.start // 60:02d}:{slot.start % 60:02d} {slot.channel.value}"
