"""From what the rules say to the problem that the engine solves: who wants what, and what stood before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.domain.caseload import Caseload
from planner.domain.periods import weeks
from planner.planning.cost import UNPLACED_DAYS, WorkingDays
from planner.planning.diary import Diary
from planner.planning.plan import Plan
from planner.planning.problem import Demand, Earlier, Problem, units_of
from planner.rules.assessment import Assessment
from planner.rules.windows import Window, WindowKind, WindowStatus


def problem_of(caseload: Caseload, assessments: Sequence[Assessment], previous: Plan | None) -> Problem:
    """The problem of the assessed citizens; `previous` is the plan to stay close to."""
    horizon_end = weeks(caseload.settings.horizon_weeks).after(caseload.today)
    earlier = _earlier(caseload, previous)
    demands = []
    for assessment in assessments:
        if assessment.ended or assessment.exempt:
            continue
        wanted = tuple(w for w in assessment.windows if w.is_need and w.earliest <= horizon_end)
        if wanted:
            items = tuple(w for w in assessment.windows if _is_open_item(w))
            citizen = assessment.citizen
            demands.append(Demand(citizen, units_of(wanted), items, earlier.get(citizen.id, ())))
    windows = [window for demand in demands for unit in demand.units for window in unit]
    dates = [d for w in windows for d in (w.earliest, w.target, w.latest)]
    held_as_if = caseload.office.working_days_after(horizon_end, UNPLACED_DAYS)
    wanting = {demand.citizen.id for demand in demands}
    return Problem(
        caseload=caseload,
        demands=tuple(demands),
        diary=Diary(caseload, caseload.today, horizon_end),
        working=WorkingDays.between(
            caseload.office, min([caseload.today, *dates]), max([held_as_if, horizon_end, *dates])
        ),
        horizon_end=horizon_end,
        held_as_if=held_as_if,
        withdrawn={name: len(entries) for name, entries in earlier.items() if entries and name not in wanting},
    )


def _is_open_item(window: Window) -> bool:
    return window.kind is WindowKind.ITEM and window.status is WindowStatus.DUE


def _earlier(caseload: Caseload, previous: Plan | None) -> Mapping[str, tuple[Earlier, ...]]:
    """What was proposed before for today or later and is not agreed on since."""
    if previous is None:
        return {}
    agreed = {(c.id, talk.on, talk.start_minute) for c in caseload.citizens for talk in c.booked()}
    return {
        part.id: tuple(
            Earlier(frozenset(p.covers), p.slot)
            for p in (part.proposal, *part.later)
            if p is not None and p.slot.on >= caseload.today and (part.id, p.slot.on, p.slot.start) not in agreed
        )
        for part in previous.citizens
    }
