"""Minutes of the next twelve ISO weeks: available, booked, proposed, and expected beyond the horizon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from planner.domain.calendar import iso_weeks
from planner.domain.caseload import Caseload
from planner.domain.conversations import Channel
from planner.planning.diary import Diary, usable_channels
from planner.planning.plan import Slot, WeekCapacity
from planner.rules.assessment import Assessment

WEEKS = 12
SUNDAY = timedelta(days=6)


def capacity(
    caseload: Caseload, assessments: Sequence[Assessment], proposed: Iterable[Slot], horizon_end: date
) -> tuple[WeekCapacity, ...]:
    """Twelve weeks from the week of the planning date; of that week only the days from today on are available."""
    weeks = iso_weeks(caseload.today, WEEKS)
    diary = Diary(caseload, caseload.today, weeks[-1][2] + SUNDAY)
    available: Counter[date] = Counter()
    for day, mask in diary.open.items():
        available[_monday(day)] += mask.bit_count()
    booked = Counter[date]()
    for citizen in caseload.citizens:
        for conversation in citizen.booked():
            if conversation.on >= caseload.today:
                booked[_monday(conversation.on)] += conversation.minutes
    planned = Counter[date]()
    for slot in proposed:
        planned[_monday(slot.on)] += slot.minutes
    expected = _expected(caseload, assessments, horizon_end)
    return tuple(
        WeekCapacity(year, week, available[monday], booked[monday], planned[monday], expected[monday])
        for year, week, monday in weeks
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _expected(caseload: Caseload, assessments: Sequence[Assessment], horizon_end: date) -> Counter[date]:
    """Minutes of the needs whose target lies beyond the horizon, in the week of the target."""
    minutes = Counter[date]()
    for assessment in assessments:
        channel = next(iter(usable_channels(assessment.citizen)), Channel.PHONE)
        for window in assessment.windows:
            if window.is_need and window.target > horizon_end:
                minutes[_monday(window.target)] += caseload.settings.minutes_for(assessment.citizen, channel)
    return minutes
