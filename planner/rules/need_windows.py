"""Windows by need: what an experiment puts in the law's place, contact on need under the law, and follow-up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from planner.domain.citizens import Cadence, Fact
from planner.domain.conversations import Conversation, Counterpart
from planner.rules.arithmetic import ONE_DAY
from planner.rules.counting import Counting, any_talk
from planner.rules.law_windows import OPEN, Case
from planner.rules.needs import DEFAULT_PARAMETERS, Need, NeedRule, need
from planner.rules.resolution import Applied, Resolved, effects_for
from planner.rules.windows import (
    AFTER_EVENT,
    AFTER_NO_SHOW,
    OWN_CADENCE,
    Because,
    Window,
    WindowKind,
    WindowStatus,
    because,
)

#: Working days after a no-show or an event by which follow-up is aimed at, and at the latest wanted.
FOLLOW_UP_TARGET, FOLLOW_UP_LATEST = 5, 10
FOLLOW_UP_PRIORITY = 2


def experiment_need(case: Case, entries: Sequence[Resolved]) -> tuple[Window, Need]:
    """The one need window that stands in the place of everything that an experiment replaced."""
    applied = entries[0].exception
    assert applied is not None
    adopted = applied.adopted
    counterparts = {c for entry in entries for c in entry.counting.counterparts}
    rule = NeedRule(adopted.parameters, {kind for entry in entries for _, kind in entry.awaits})
    anchor = min(case.start(entry.requirement) for entry in entries)
    steps = tuple(step for entry in entries for step in entry.because)
    return _need_window(case, adopted.experiment.id, rule, anchor, any_talk(counterparts), steps, binding=True)


def any_counted(case: Case, entries: Sequence[Resolved]) -> bool:
    """Whether a conversation that counts for any of the requirements is held."""
    return any(entry.counting.counted(case.citizen) for entry in entries)


def needs_of_their_own(case: Case, replaced: Collection[str]) -> list[Applied]:
    """Need cadences of experiments for a group on which the law in force has no requirement to replace."""
    effects = effects_for(case.citizen, case.adopted)
    cadences = (a for a in effects if a.effect.effect == "replace" and a.effect.requirement is None)
    return [applied for applied in cadences if applied.adopted.experiment.id not in replaced]


def own_need(case: Case, applied: Applied) -> tuple[Window, Need]:
    """The need cadence of an experiment that replaces nothing here."""
    adopted = applied.adopted
    permitted = {c for other in adopted.experiment.effects for c in other.counterparts}
    rule = NeedRule(adopted.parameters, set(applied.effect.awaits))
    step = because("need_by_experiment", experiment=adopted.experiment.id, first=adopted.adoption.first)
    counting = any_talk({Counterpart.CASEWORKER, *permitted})
    start = case.citizen.spell_start
    return _need_window(case, adopted.experiment.id, rule, start, counting, (step,), binding=True)


def law_need(case: Case, entries: Sequence[Resolved], windows: Sequence[Window]) -> tuple[Window, Need] | None:
    """Contact on need under the law, or by the caseworker's own cadence where nothing else is open."""
    anything_open = any(w.status in OPEN and w.kind is not WindowKind.ITEM for w in windows)
    for entry in entries:
        start = case.start(entry.requirement)
        if anything_open:
            continue
        default = entry.requirement.cadence or Cadence.STANDARD
        rule = NeedRule({**DEFAULT_PARAMETERS, "default_cadence": default.value})
        counting = any_talk(entry.counting.counterparts)
        new = entry.requirement.starts_after is None
        window, found = _need_window(
            case, entry.requirement.id, rule, start, counting, entry.because, binding=False, new=new
        )
        return _not_before(window, start) if start > case.today else window, found
    if case.citizen.cadence is None or anything_open:
        return None
    counting = any_talk([Counterpart.CASEWORKER])
    rule = NeedRule(DEFAULT_PARAMETERS)
    steps = (because("own_cadence"),)
    return _need_window(case, OWN_CADENCE, rule, case.citizen.spell_start, counting, steps, binding=False)


def _need_window(
    case: Case,
    name: str,
    rule: NeedRule,
    anchor: date,
    counting: Counting,
    steps: tuple[Because, ...],
    *,
    binding: bool,
    new: bool = True,
) -> tuple[Window, Need]:
    counted = counting.counted(case.citizen)
    last = counted[-1] if counted else None
    office = case.caseload.office
    found = need(case.citizen, rule, anchor, last, case.today, office, screened_first=new)
    window = case.window(name, WindowKind.NEED, found.span, counting, bool(counted), steps)
    window = replace(window, binding=binding, priority=found.priority)
    return case.covered(window, counting), found


def follow_ups(case: Case, event: Fact | None, no_show: Conversation | None) -> list[Window]:
    """Windows for following up an event that has passed and a no-show."""
    made = []
    if event is not None:
        made.append((AFTER_EVENT, event.ends, because("event_passed", fact=event.kind.value, on=event.ends)))
    if no_show is not None:
        made.append((AFTER_NO_SHOW, no_show.on, because("no_show", on=no_show.on)))
    return [_follow_up(case, name, on, step) for name, on, step in made]


def _follow_up(case: Case, name: str, on: date, step: Because) -> Window:
    office = case.caseload.office
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
    return case.covered(window, any_talk([Counterpart.CASEWORKER]))


def _not_before(window: Window, start: date) -> Window:
    """The window moved to begin at `start` at the earliest, with no less room after its target."""
    earliest, target = max(window.earliest, start), max(window.target, start)
    latest = max(window.latest, target + (window.latest - window.target))
    return replace(window, earliest=earliest, target=target, latest=latest)
