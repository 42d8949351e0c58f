"""What the rules say of one citizen on one day: windows, agenda, questions and the fixed rhythm beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen, Fact
from planner.domain.conversations import Channel, Conversation
from planner.errors import InputError
from planner.rules import law_facts
from planner.rules.counting import Counting, in_period
from planner.rules.law_windows import OPEN, Case
from planner.rules.need_windows import (
    any_counted,
    experiment_need,
    follow_ups,
    law_need,
    needs_of_their_own,
    own_need,
)
from planner.rules.needs import Need
from planner.rules.reading import effective_parameters
from planner.rules.resolution import (
    Adopted,
    Conflict,
    Resolved,
    agenda_points,
    reason_required,
    resolve,
)
from planner.rules.ruleset import RuleSet
from planner.rules.windows import Because, Window, WindowKind, WindowStatus, because, lifted


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


@dataclass(frozen=True, slots=True)
class FixedDemand:
    """The first open deadline of the law alone, and the channel in which it would have been met."""

    window: Window
    channel: Channel | None


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


def assess(caseload: Caseload, citizen: Citizen, rules: RuleSet, *, beside: bool = True) -> Assessment:
    """What the law and the adopted experiments say of one citizen; conflicts are listed, not raised.

    Without `beside` the fixed rhythm is left out, which takes a third of the time.
    """
    pack = rules.law_on(caseload.today)
    return _assessment(Case(caseload, citizen.as_of(caseload.today), pack, adopted_on(caseload, rules)), beside=beside)


def assess_all(caseload: Caseload, rules: RuleSet) -> tuple[Assessment, ...]:
    """`assess` for every citizen, with the adoptions looked up once."""
    pack, adopted = rules.law_on(caseload.today), adopted_on(caseload, rules)
    today = caseload.today
    return tuple(_assessment(Case(caseload, c.as_of(today), pack, adopted)) for c in caseload.citizens)


def fixed_demand(caseload: Caseload, citizen: Citizen, rules: RuleSet) -> FixedDemand | None:
    """What the law in force, without any experiment, demands next of a citizen; None where it demands nothing."""
    pack, known = rules.law_on(caseload.today), citizen.as_of(caseload.today)
    if known.has_ended(caseload.today) or law_facts.exempt_by_fact(known, pack, caseload.today) is not None:
        return None
    return _fixed_demand(Case(caseload, known, pack, ()))


def _assessment(case: Case, *, beside: bool = True) -> Assessment:
    citizen, today = case.citizen, case.today
    held = citizen.held_in_spell()
    last_contact = held[-1].on if held else None
    if citizen.has_ended(today):
        return Assessment(citizen, ended=True, last_contact=last_contact)
    resolved, conflicts = resolve(citizen, case.pack, case.adopted, today)
    fact_exempt = law_facts.exempt_by_fact(citizen, case.pack, today)
    windows, needs = _windows(case, resolved)
    awaited = next((n.awaited for n in needs if n.awaited), None)
    event = law_facts.passed_event(citizen, today)
    no_show = law_facts.unanswered_no_show(citizen, today)
    windows += follow_ups(case, event if event != awaited else None, no_show)
    exempt: tuple[Because, ...] = ()
    if fact_exempt is not None:
        exempt = (fact_exempt.because,)
        windows = [lifted(window, fact_exempt.because) for window in windows]
    elif law_facts.exempted_by_decision(citizen, case.pack, today):
        exempt = _decision_exempts(case, windows)
        # Nobody is summoned for a wish or a follow-up while exempted; what must be covered stays on the agenda.
        windows = [lifted(w, exempt[0]) if exempt and w.kind is not WindowKind.ITEM else w for w in windows]
    fixed = _fixed_rhythm(case, not beside or fact_exempt is not None)
    return Assessment(
        citizen=citizen,
        windows=tuple(sorted(windows, key=_window_order)),
        fixed_latest=fixed[0],
        fixed_channel=fixed[1],
        fixed_requirement=fixed[2],
        agenda=agenda_points(citizen, case.adopted, today) + _standing_items(case, resolved),
        questions=tuple(w.requirement for w in windows if w.status is WindowStatus.DISCRETIONARY),
        exempt=exempt,
        awaited=awaited,
        unscreened=not held and any(n.cadence is None for n in needs),
        reason_required=reason_required(citizen, case.adopted),
        last_contact=last_contact,
        passed_event=event,
        no_show=no_show,
        unrecorded=law_facts.unrecorded_booking(citizen, today),
        conflicts=tuple(conflicts),
    )


def _windows(case: Case, resolved: Sequence[Resolved]) -> tuple[list[Window], list[Need]]:
    windows: list[Window] = []
    needs: list[Need] = []
    replaced: dict[str, list[Resolved]] = {}
    proposed: list[Resolved] = []
    for entry in resolved:
        exception = entry.exception
        if exception is not None and exception.effect.effect == "replace":
            if exception.effect.requirement is not None:
                inline = replace(entry, requirement=exception.effect.requirement, exception=None)
                windows += case.law_windows(inline)
            else:
                replaced.setdefault(exception.adopted.experiment.id, []).append(entry)
            if entry.requirement.kind != "need":
                steps = tuple(step for step in entry.because if step.code in ("law", "replace"))
                shown = replace(entry, because=steps)
                windows += [lifted(window, steps[-1]) for window in case.law_windows(shown)]
        elif entry.requirement.kind == "need":
            proposed.append(entry)
        else:
            windows += case.law_windows(entry)
    for entries in replaced.values():
        if not all(entry.requirement.after_first for entry in entries) or any_counted(case, entries):
            window, found = experiment_need(case, entries)
            windows.append(window)
            needs.append(found)
    for applied in needs_of_their_own(case, replaced):
        window, found = own_need(case, applied)
        windows.append(window)
        needs.append(found)
    if not needs:
        window_and_need = law_need(case, proposed, windows)
        if window_and_need is not None:
            windows.append(window_and_need[0])
            needs.append(window_and_need[1])
    return windows, needs


def _decision_exempts(case: Case, windows: Sequence[Window]) -> tuple[Because, ...]:
    decision = case.citizen.exemption
    still_open = any(w.status in OPEN and w.binding and w.kind is not WindowKind.ITEM for w in windows)
    if decision is None or still_open:
        return ()
    return (because("exempted_by_decision", on=decision.on),)


def _standing_items(case: Case, resolved: Sequence[Resolved]) -> tuple[str, ...]:
    return tuple(
        entry.requirement.id
        for entry in resolved
        if entry.requirement.at == "every_conversation" and entry.exception is None
    )


def _fixed_rhythm(case: Case, exempt: bool) -> tuple[date | None, Channel | None, str | None]:
    """What the law alone would have demanded next: its first open deadline, and in which channel."""
    found = None if exempt else _fixed_demand(case)
    return (None, None, None) if found is None else (found.window.latest, found.channel, found.window.requirement)


def _fixed_demand(case: Case) -> FixedDemand | None:
    resolved, _ = resolve(case.citizen, case.pack, (), case.today)
    kept = [entry for entry in resolved if entry.requirement.kind not in ("item", "need")]
    pairs = [(w, entry) for entry in kept for w in case.law_windows(entry) if w.status in OPEN]
    if not pairs:
        return None
    window, entry = min(pairs, key=lambda pair: (pair[0].latest, pair[0].requirement))
    return FixedDemand(window, _fixed_channel(case, window, entry.counting))


def _fixed_channel(case: Case, window: Window, counting: Counting) -> Channel | None:
    choosing = {r.chosen_by for r in counting.rules if in_period(case.today, r.valid_from, r.valid_to)}
    preferred = case.citizen.preferred_channel
    if "citizen" in choosing and preferred in window.first_channels:
        return preferred
    default = Channel.IN_PERSON
    return default if default in window.first_channels else next(iter(window.first_channels), None)


_STATUS_ORDER = {status: place for place, status in enumerate(WindowStatus)}


def _window_order(window: Window) -> tuple[int, bool, date, str, date]:
    is_item = window.kind is WindowKind.ITEM
    return _STATUS_ORDER[window.status], is_item, window.latest, window.requirement, window.earliest
