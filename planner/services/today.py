"""The list of today: the plan in triage order, with the days that are left."""

from __future__ import annotations

from datetime import date

from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen
from planner.planning.plan import Bucket, CitizenPlan, Plan
from planner.rules.windows import Window, WindowStatus
from planner.services.results import Row, Today

#: Groups whose conversation is agreed: a deadline that is still ahead says nothing there.
AGREED = frozenset({Bucket.BOOKED_TODAY, Bucket.BOOKED})


#: Groups of the list from top to bottom: first what needs a decision, last what needs nothing.
GROUPS: tuple[Bucket, ...] = (
    Bucket.BOOKED_TODAY,
    Bucket.OVERDUE,
    Bucket.AFTER_NO_SHOW,
    Bucket.EVENT_PASSED,
    Bucket.DECIDE_NOW,
    Bucket.SCREEN,
    Bucket.UNPLACED,
    Bucket.PROPOSED,
    Bucket.BOOKED,
    Bucket.WAITING,
    Bucket.NO_DUTY,
    Bucket.EXEMPT,
    Bucket.ENDED,
)

#: Groups in which the caseworker has something to decide or record.
IN_NEED = frozenset(GROUPS[:8])


def listed(caseload: Caseload, plan: Plan, previous: Plan | None = None) -> Today:
    """Every citizen once, those that the plan ranks first and in its order; `previous` is what it stayed close to."""
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
    return Today(plan.today, plan, caseload, (*ranked, *others), previous)


def deciding_window(part: CitizenPlan, today: date) -> Window | None:
    """The window whose last day decides: the nearest that needs a conversation, a duty before a wish.

    A wish whose last day has passed no longer presses, so it gives way to every other.
    """
    needs = [window for window in part.windows if window.is_need]
    return min(needs, key=lambda w: (has_lapsed(w, today), w.latest, not w.binding, w.requirement), default=None)


def booked_too_late(citizen: Citizen, part: CitizenPlan, today: date) -> date | None:
    """The latest day of a duty that the next booked conversation misses; None where it misses none."""
    booked = next((talk.on for talk in citizen.booked() if talk.on >= today), None)
    if booked is None:
        return None
    missed = (
        window.latest
        for window in part.windows
        if window.is_need and window.binding and window.latest < booked and _is_open(window)
    )
    return min(missed, default=None)


def _is_open(window: Window) -> bool:
    return window.status is WindowStatus.DUE or any(step.code == "booked_late" for step in window.because)


def has_lapsed(window: Window, today: date) -> bool:
    """Whether its last day has passed and it was no duty: nothing is overdue."""
    return not window.binding and window.latest < today


def days_left(part: CitizenPlan, today: date) -> int | None:
    """Days until the deciding window's last day, negative when a duty's has passed.

    None where no day decides: nothing is needed, only a wish has lapsed, or what is needed is agreed in time.
    """
    window = deciding_window(part, today)
    if window is None or has_lapsed(window, today):
        return None
    days = (window.latest - today).days
    return None if part.bucket in AGREED and days >= 0 else days
