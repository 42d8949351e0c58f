"""What if an experiment were switched on, off or set otherwise: two plans of one caseload, and what tells them apart.

Nothing is saved, and the same input gives the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from planner.domain.calendar import iso_weeks
from planner.domain.caseload import Adoption, Caseload
from planner.errors import InputError, NotFound, Refused
from planner.locale import N_
from planner.planning.capacity import SUNDAY, WEEKS
from planner.planning.making import make_plan
from planner.planning.plan import Bucket, Plan, Proposal, Slot, Title
from planner.rules.parameters import effective_parameters
from planner.rules.ruleset import RuleSet
from planner.rules.windows import WindowStatus
from planner.services.memory import uncollected
from planner.services.offices import term_faults

#: How a window stands that somebody must keep by its latest day.
_OPEN = frozenset({WindowStatus.DUE, WindowStatus.COVERED})


@dataclass(frozen=True, slots=True)
class Supposed:
    """An experiment as it might be: adopted with these terms, or (None) not in force."""

    experiment: str
    adoption: Adoption | None


@dataclass(frozen=True, slots=True)
class Move:
    """A citizen's next proposal under both; None where there is none."""

    citizen: str
    before: Slot | None
    after: Slot | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """The nearest latest day of one requirement for one citizen under both; None where it asks for nothing."""

    requirement: str
    citizen: str
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class Point:
    """An agenda point that comes to a citizen's conversations (`added`) or goes."""

    point: str
    citizen: str
    added: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A citizen who stands elsewhere in the list."""

    citizen: str
    before: Bucket
    after: Bucket


@dataclass(frozen=True, slots=True)
class Load:
    """Conversations to be held, and their minutes; what is booked already is the same under both."""

    conversations: int
    minutes: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """How the plan would differ. Loads are (before, after): in the planned weeks, and over twelve weeks.

    The twelve weeks hold what is proposed and the next known need of everybody who is due after the planned weeks.
    """

    supposed: Supposed
    today: date
    horizon_end: date
    moves: tuple[Move, ...]
    deadlines: tuple[Deadline, ...]
    points: tuple[Point, ...]
    changes: tuple[Change, ...]
    planned: tuple[Load, Load]
    twelve_weeks: tuple[Load, Load]
    titles: Mapping[str, Title]

    @property
    def nothing(self) -> bool:
        """Whether both plans are the same for everybody."""
        return not (self.moves or self.deadlines or self.points or self.changes)


def adopted_now(caseload: Caseload, experiment: str) -> Adoption | None:
    """The adoption of the experiment that is in force on the planning date."""
    return next((a for a in caseload.adoptions if a.experiment == experiment and a.in_force(caseload.today)), None)


def what_if(
    caseload: Caseload,
    rules: RuleSet,
    supposed: Supposed,
    shown: Plan | None = None,
    wanted: Callable[[], bool] = lambda: True,
) -> WhatIf | None:
    """Plan the caseload as it is and as supposed, the second as close to the first as the rules let it.

    `shown`: the plan on the screen, which the first stays close to. None when the answer is no longer `wanted`.
    Raises NotFound, Refused and InputError for terms that cannot be, RuleConflict beside an experiment that disagrees.
    """
    other = changed(caseload, rules, supposed)
    with uncollected():
        before = make_plan(caseload, rules, shown)
        if not wanted():
            return None
        after = make_plan(other, rules, before)
    return difference(supposed, before, after) if wanted() else None


def changed(caseload: Caseload, rules: RuleSet, supposed: Supposed) -> Caseload:
    """The caseload as supposed; raises what stands against it."""
    name, wanted = supposed.experiment, supposed.adoption
    experiment = rules.experiments.get(name)
    if experiment is None:
        raise NotFound(N_("No experiment is called “{name}”"), name=name)
    now, today = adopted_now(caseload, name), caseload.today
    others = tuple(adoption for adoption in caseload.adoptions if adoption.experiment != name)
    if wanted is None:
        if now is None:
            raise Refused(N_("The experiment “{name}” is not in force here today"), name=name)
        return replace(caseload, adoptions=others)
    faults = term_faults(experiment, wanted)
    if faults:
        raise InputError(N_("The adoption cannot be taken"), faults)
    if not wanted.in_force(today):
        raise Refused(N_("The period must include {today}: the plan follows the rules of that day"), today=today)
    terms = effective_parameters(experiment, wanted.parameters)
    if now is not None and effective_parameters(experiment, now.parameters) == terms:
        raise Refused(N_("The experiment “{name}” is in force here with these parameters already"), name=name)
    return replace(caseload, adoptions=(*others, wanted))


def difference(supposed: Supposed, before: Plan, after: Plan) -> WhatIf:
    """What tells the plan as supposed from the plan as it is, citizen by citizen in the order of their ids."""
    pairs = [(one, after.of(one.id)) for one in before.citizens]
    return WhatIf(
        supposed,
        before.today,
        before.horizon_end,
        moves=tuple(
            Move(one.id, first, second)
            for one, other in pairs
            if (first := _slot(one.proposal)) != (second := _slot(other.proposal))
        ),
        deadlines=_deadlines(before, after),
        points=tuple(
            Point(point, one.id, point in other.agenda)
            for one, other in pairs
            for point in sorted(set(one.agenda) ^ set(other.agenda))
        ),
        changes=tuple(
            Change(one.id, one.bucket, other.bucket) for one, other in pairs if one.bucket is not other.bucket
        ),
        planned=(_planned(before), _planned(after)),
        twelve_weeks=(_twelve_weeks(before), _twelve_weeks(after)),
        titles={**after.titles, **before.titles},
    )


def _slot(proposal: Proposal | None) -> Slot | None:
    return None if proposal is None else proposal.slot


def _deadlines(before: Plan, after: Plan) -> tuple[Deadline, ...]:
    first, second = _latest(before), _latest(after)
    return tuple(
        Deadline(requirement, citizen, first.get((requirement, citizen)), second.get((requirement, citizen)))
        for requirement, citizen in sorted({*first, *second})
        if first.get((requirement, citizen)) != second.get((requirement, citizen))
    )


def _latest(plan: Plan) -> dict[tuple[str, str], date]:
    """The nearest open latest day, by requirement and citizen."""
    found: dict[tuple[str, str], date] = {}
    for part in plan.citizens:
        for window in part.windows:
            if window.status in _OPEN:
                key = window.requirement, part.id
                found[key] = min(window.latest, found.get(key, window.latest))
    return found


def _proposals(plan: Plan) -> list[Slot]:
    return [p.slot for part in plan.citizens for p in (part.proposal, *part.later) if p is not None]


def _planned(plan: Plan) -> Load:
    slots = [slot for slot in _proposals(plan) if slot.on <= plan.horizon_end]
    return Load(len(slots), sum(slot.minutes for slot in slots))


def _twelve_weeks(plan: Plan) -> Load:
    """As the plan's capacity counts them: what is proposed, and what is expected beyond the planned weeks."""
    end = iso_weeks(plan.today, WEEKS)[-1][2] + SUNDAY
    expected = sum(
        window.is_need and plan.horizon_end < window.target <= end for part in plan.citizens for window in part.windows
    )
    proposed = sum(slot.on <= end for slot in _proposals(plan))
    return Load(proposed + expected, sum(week.proposed + week.expected for week in plan.capacity))
