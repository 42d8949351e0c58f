"""Where each citizen stands today, and the order of the list with every point shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from planner.domain.caseload import Caseload
from planner.domain.conversations import Status
from planner.domain.periods import weeks
from planner.planning.diary import usable_channels
from planner.planning.plan import Bucket, Proposal, Ranked
from planner.rules.assessment import Assessment
from planner.rules.windows import Window, WindowStatus

DECIDE_WITHIN = 3
_ORDER = {bucket: place for place, bucket in enumerate(Bucket)}


def is_overdue(window: Window, today: date) -> bool:
    """The one definition of overdue: a due, binding window, nothing booked in it, its latest day before today."""
    return window.status is WindowStatus.DUE and window.binding and window.latest < today


def must_decide(caseload: Caseload, assessment: Assessment, window: Window) -> bool:
    """Whether the latest day, less the notice of every usable channel, is within three working days from today."""
    if window.status is not WindowStatus.DUE:
        return False
    limit = caseload.office.working_days_after(caseload.today, DECIDE_WITHIN)
    notices = [caseload.settings.notice[channel] for channel in usable_channels(assessment.citizen)]
    if not notices:
        return window.latest <= limit
    return all(window.latest <= notice.after(limit) for notice in notices)


def bucket_of(caseload: Caseload, assessment: Assessment, proposals: Sequence[Proposal], unplaced: bool) -> Bucket:
    """The one bucket of the citizen, by precedence."""
    today, windows = caseload.today, assessment.windows
    booked = [c for c in assessment.citizen.booked() if c.on >= today]
    due = [w for w in windows if w.status is WindowStatus.DUE]
    horizon_end = weeks(caseload.settings.horizon_weeks).after(today)
    within = any(w.is_need and w.earliest <= horizon_end for w in due)
    tests = (
        (Bucket.ENDED, assessment.ended),
        (Bucket.EXEMPT, bool(assessment.exempt)),
        (Bucket.BOOKED_TODAY, any(c.on == today for c in booked)),
        (Bucket.OVERDUE, any(is_overdue(w, today) for w in windows)),
        (Bucket.AFTER_NO_SHOW, assessment.no_show is not None),
        (
            Bucket.EVENT_PASSED,
            assessment.unrecorded is not None
            or (not booked and (assessment.passed_event is not None or _unanswered(assessment, today))),
        ),
        (Bucket.DECIDE_NOW, not booked and any(must_decide(caseload, assessment, w) for w in due)),
        (Bucket.SCREEN, assessment.unscreened and not booked and within),
        (Bucket.UNPLACED, unplaced),
        (Bucket.BOOKED, bool(booked)),
        (Bucket.WAITING, assessment.awaited is not None or assessment.citizen.offer is not None),
        (Bucket.PROPOSED, bool(proposals)),
        (Bucket.WAITING, bool(due)),
    )
    return next((bucket for bucket, holds in tests if holds), Bucket.NO_DUTY)


def _unanswered(assessment: Assessment, today: date) -> bool:
    """Whether an offer of self-booking has run out without an answer."""
    offer = assessment.citizen.offer
    return offer is not None and not offer.is_open(today)


def points(caseload: Caseload, assessment: Assessment) -> Mapping[str, int]:
    """The score's terms: whole points, none for a window that has not opened yet."""
    today = caseload.today
    opened = [w for w in assessment.windows if w.status is WindowStatus.DUE and w.earliest <= today and w.binding]
    need = [w for w in assessment.windows if w.is_need and w.earliest <= today]
    parts = {"priority": 5 * max((w.priority for w in need), default=0)}
    over = max(((today - w.latest).days for w in opened), default=0)
    if over > 0:
        parts["days_over"] = 2 * over
    left = min(((w.latest - today).days for w in need if w.latest >= today), default=None)
    if left is not None:
        parts["deadline_near"] = max(0, 30 - left)
    if assessment.last_contact is not None:
        parts["weeks_since_contact"] = max(0, (today - assessment.last_contact) // timedelta(weeks=1))
    else:
        parts["weeks_without_contact"] = max(0, (today - assessment.citizen.spell_start) // timedelta(weeks=1))
    attempts = _failed_attempts(assessment)
    if attempts:
        parts["failed_attempts"] = 5 * attempts
    if assessment.citizen.interpreter:
        parts["interpreter"] = 2
    return {name: value for name, value in parts.items() if value}


def _failed_attempts(assessment: Assessment) -> int:
    since = assessment.last_contact or assessment.citizen.spell_start
    failed = (Status.NO_SHOW, Status.CANCELLED_BY_CITIZEN, Status.CANCELLED_BY_US)
    return sum(c.status in failed and c.on >= since for c in assessment.citizen.conversations)


def ranked(rows: Sequence[tuple[str, Bucket, Mapping[str, int]]]) -> tuple[Ranked, ...]:
    """Bucket first, then the higher score, then the id."""
    places = [Ranked(name, bucket, sum(parts.values()), parts) for name, bucket, parts in rows]
    return tuple(sorted(places, key=lambda place: (_ORDER[place.bucket], -place.score, place.id)))
