"""What a plan costs, added up once more from its windows, proposals and the office's working days."""

from __future__ import annotations

from datetime import date

from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen
from planner.planning.plan import CitizenPlan, Plan, Proposal
from planner.planning.validator.office_days import OfficeDays
from planner.rules.windows import Window

LATE, EARLY = 2, 1
PAST_LATEST, PAST_LATEST_DAY = 60, 6
OTHER_CHANNEL = 4
UNPLACED_DAYS = 5
ANOTHER_DAY, ANOTHER_TIME, ANOTHER_CHANNEL, WITHDRAWN = 6, 3, 4, 6


def proposals_of(part: CitizenPlan) -> tuple[Proposal, ...]:
    """The next conversation that is proposed and those after it."""
    return ((part.proposal,) if part.proposal else ()) + part.later


def needs_of(part: CitizenPlan, horizon_end: date) -> list[Window]:
    """The windows that want a conversation inside the horizon."""
    return [w for w in part.windows if w.is_need and w.earliest <= horizon_end]


def covering(part: CitizenPlan, window: Window) -> Proposal | None:
    """The first proposed conversation that covers the window."""
    fit = (p for p in proposals_of(part) if window.requirement in p.covers and p.slot.on >= window.earliest)
    return min(fit, key=lambda p: (p.slot.on, p.slot.start), default=None)


def day_cost(days: OfficeDays, window: Window, day: date) -> int:
    """What it costs to hold the window's conversation on `day`."""
    cost = LATE * window.priority * days.count(window.target, day) + EARLY * days.count(day, window.target)
    if day > window.latest:
        cost += window.priority * (PAST_LATEST + PAST_LATEST_DAY * days.count(window.latest, day))
    return cost


def objective(caseload: Caseload, plan: Plan, previous: Plan | None = None) -> int:
    """The sum that the engine minimises, for the plan as it stands."""
    days = OfficeDays(frozenset(caseload.closing_days))
    beyond = days.nth_after(plan.horizon_end, UNPLACED_DAYS)
    by_id = {citizen.id: citizen for citizen in caseload.citizens}
    total = sum(_window_costs(days, plan, part, beyond) for part in plan.citizens)
    total += sum(_channel_costs(by_id[part.id], part) for part in plan.citizens if part.id in by_id)
    if previous is not None:
        parts = {part.id: part for part in plan.citizens}
        total += sum(_disturbance(by_id.get(old.id), parts.get(old.id), old, plan.today) for old in previous.citizens)
    return total


def _window_costs(days: OfficeDays, plan: Plan, part: CitizenPlan, beyond: date) -> int:
    return sum(_placed_or_not(days, plan, part, window, beyond) for window in needs_of(part, plan.horizon_end))


def _placed_or_not(days: OfficeDays, plan: Plan, part: CitizenPlan, window: Window, beyond: date) -> int:
    proposal = covering(part, window)
    if proposal is not None:
        return day_cost(days, window, proposal.slot.on)
    return day_cost(days, window, beyond) if window.latest <= plan.horizon_end else 0


def _channel_costs(citizen: Citizen, part: CitizenPlan) -> int:
    wanted = citizen.preferred_channel
    return sum(OTHER_CHANNEL for p in proposals_of(part) if wanted is not None and p.slot.channel is not wanted)


def _disturbance(citizen: Citizen | None, part: CitizenPlan | None, old: CitizenPlan, today: date) -> int:
    """What became of each earlier proposal that is neither past nor agreed on since: each new one answers for one."""
    agreed = {(talk.on, talk.start_minute) for talk in citizen.booked()} if citizen else set()
    left, total = list(proposals_of(part)) if part else [], 0
    needs = {window.requirement for window in part.windows if window.is_need} if part else set()
    for was in proposals_of(old):
        if was.slot.on < today or (was.slot.on, was.slot.start) in agreed:
            continue
        now = next((p for p in left if needs.intersection(p.covers, was.covers)), None)
        if now is None:
            total += WITHDRAWN
            continue
        left.remove(now)
        total += _moved(now, was)
    return total


def _moved(now: Proposal, was: Proposal) -> int:
    cost = ANOTHER_CHANNEL if now.slot.channel is not was.slot.channel else 0
    if now.slot.on != was.slot.on:
        return cost + ANOTHER_DAY
    return cost + (ANOTHER_TIME if now.slot.start != was.slot.start else 0)
