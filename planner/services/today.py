"""The list of today: the plan in triage order, with the days that are left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from planner.domain.caseload import Caseload
from planner.planning.plan import CitizenPlan, Plan
from planner.rules.ruleset import RuleSet
from planner.rules.windows import WindowStatus
from planner.services.results import Row, Today

Planner = Callable[[Caseload, RuleSet, Plan | None], Plan]


def listed(caseload: Caseload, plan: Plan) -> Today:
    """Every citizen once, those that the plan ranks first and in its order."""
    parts = {part.id: part for part in plan.citizens}
    citizens = {citizen.id: citizen for citizen in caseload.citizens}
    ranked = [
        Row(citizens[rank.id], parts[rank.id], rank, days_left(parts[rank.id], plan.today)) for rank in plan.order
    ]
    placed = {row.citizen.id for row in ranked}
    others = [
        Row(citizens[part.id], part, None, days_left(part, plan.today))
        for part in plan.citizens
        if part.id not in placed
    ]
    return Today(plan.today, plan, caseload, (*ranked, *others))


def days_left(part: CitizenPlan, today: date) -> int | None:
    """Days until the nearest last day of an open duty, negative when it has passed; None without a duty."""
    latest = [w.latest for w in part.windows if w.status is WindowStatus.DUE and w.binding]
    return (min(latest) - today).days if latest else None
