"""Why a citizen stands where she stands, why this slot, and why none: derivation steps, no sentences."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from planner.domain.caseload import Caseload, SharedKind
from planner.domain.citizens import Citizen
from planner.planning.cost import channel_cost, lateness, moved_cost
from planner.planning.day_blockers import days_blocked
from planner.planning.diary import first_day, usable_channels
from planner.planning.plan import ExemptedShare, Proposal
from planner.planning.problem import Job, Placed, Problem, channels_on, counting_channels
from planner.planning.triage import is_overdue
from planner.rules.assessment import Assessment
from planner.rules.windows import Because, Window, WindowKind, WindowStatus, because


def why_here(
    problem: Problem, assessment: Assessment, proposals: Sequence[Proposal], over_limit: ExemptedShare | None
) -> tuple[Because, ...]:
    """What explains the citizen's place in the list, beside the windows.

    `over_limit`: the exempted share, where more are exempted than the law allows.
    """
    caseload = problem.caseload
    steps = list(assessment.exempt)
    if over_limit is not None and any(step.code == "exempted_by_decision" for step in steps):
        steps.append(_over_limit(over_limit))
    if assessment.ended:
        steps.append(_ended(assessment.citizen))
    if assessment.unrecorded is not None:
        steps.append(because("unrecorded_booking", on=assessment.unrecorded.on))
    upcoming = [c for c in assessment.citizen.booked() if c.on >= caseload.today]
    if upcoming:
        steps.append(because("booked", on=upcoming[0].on, channel=upcoming[0].channel.value))
    if assessment.no_show is not None:
        steps.append(because("no_show", on=assessment.no_show.on))
    event = assessment.passed_event
    if event is not None:
        steps.append(because("event_passed", fact=event.kind.value, on=event.ends))
    offer = assessment.citizen.offer
    if offer is not None:
        steps.append(because("offer_open" if offer.is_open(caseload.today) else "offer_over", until=offer.until))
    if assessment.awaited is not None and assessment.awaited is not event:
        steps.append(because("awaiting", fact=assessment.awaited.kind.value, on=assessment.awaited.ends))
    steps += _deciding(caseload, assessment)
    steps += _uncounted_bookings(caseload, assessment)
    steps += _uncovered_items(problem, assessment, proposals)
    return tuple(steps)


def _uncounted_bookings(caseload: Caseload, assessment: Assessment) -> list[Because]:
    """Bookings in time for a duty that do not count for it, so that another conversation is still wanted."""
    duties = [w for w in assessment.windows if w.is_need and w.binding]
    return [
        because("booking_does_not_count", on=talk.on, channel=talk.channel.value, requirement=window.requirement)
        for talk in assessment.citizen.booked()
        for window in duties
        if talk.on >= caseload.today
        and window.earliest <= talk.on <= max(window.latest, caseload.today)
        and talk.channel not in counting_channels(assessment.citizen, window, talk.on)
    ]


def _over_limit(share: ExemptedShare) -> Because:
    percent = round(share.limit * 100)
    return because(
        "exemption_over_limit",
        exempted=share.exempted,
        eligible=share.eligible,
        limit=percent,
        allowed=share.allowed,
    )


def _uncovered_items(problem: Problem, assessment: Assessment, proposals: Sequence[Proposal]) -> list[Because]:
    """Items that fall due within the horizon with no conversation planned in time to cover them."""
    planned = {name for p in proposals for name in p.covers}
    items = (w for w in assessment.windows if w.kind is WindowKind.ITEM and w.status is WindowStatus.DUE)
    in_time = [w for w in items if w.latest <= problem.horizon_end]
    if assessment.ended or assessment.exempt:
        return []
    missing = (w for w in in_time if w.requirement not in planned)
    return [because("item_uncovered", requirement=w.requirement, latest=w.latest) for w in missing]


def _deciding(caseload: Caseload, assessment: Assessment) -> list[Because]:
    """The window that decides: the first due deadline, else that all is covered, lifted or not demanded."""
    today = caseload.today
    windows = [w for w in assessment.windows if w.kind is not WindowKind.ITEM]
    due = [w for w in assessment.windows if w.status is WindowStatus.DUE and (w in windows or w.latest < today)]
    if due:
        first = min(due, key=lambda w: (w.latest, w.requirement))
        over = is_overdue(first, today)
        return [because("overdue" if over else "due", requirement=first.requirement, latest=first.latest)]
    if any(w.status is WindowStatus.COVERED for w in windows):
        return [because("covered")]
    if windows:
        return [because("nothing_due")]
    return [because("no_requirement", group=assessment.citizen.target_group.value)]


def why_nothing(
    assessment: Assessment, proposals: Sequence[Proposal], reasons: Sequence[Because]
) -> tuple[Because, ...]:
    """Why nothing (more) is proposed: what found no slot, or that nothing has to be found."""
    if reasons or proposals:
        return tuple(step for place, step in enumerate(reasons) if step not in reasons[:place])
    if assessment.ended:
        return (_ended(assessment.citizen),)
    if assessment.exempt:
        return assessment.exempt
    statuses = {w.status for w in assessment.windows if w.kind is not WindowKind.ITEM}
    if WindowStatus.DUE in statuses:
        return (because("beyond_horizon"),)
    return (because("covered"),) if WindowStatus.COVERED in statuses else (because("nothing_due"),)


def why_slot(problem: Problem, placed: Placed, items: Sequence[Window]) -> tuple[Because, ...]:
    """The cost terms of the slot, which sum to the proposal's cost, and what is late about it."""
    job, slot, steps = placed.job, placed.slot, list[Because]()
    assert slot is not None
    for window in job.windows:
        points_late = lateness(window, slot.on, problem.working)
        if slot.on > window.latest:
            code = "past_latest"
        elif slot.on > window.target:
            code = "after_target"
        else:
            code = "before_target" if points_late else "on_target"
        steps.append(
            because(
                code, requirement=window.requirement, target=window.target, latest=window.latest, points=points_late
            )
        )
    other = channel_cost(job.citizen, slot.channel)
    if other:
        steps.append(because("other_channel", channel=slot.channel.value, points=other))
    moved = moved_cost(slot, placed.before)
    if moved:
        steps.append(because("moved", points=moved))
    late = (w for w in items if slot.on > w.latest)
    steps += [because("item_late", requirement=w.requirement, latest=w.latest) for w in late]
    return tuple(steps)


def why_unplaced(problem: Problem, job: Job) -> tuple[Because, ...]:
    """The first thing that stands in the way of every slot, and what takes which of the days."""
    reason = _why_unplaced(problem, job)
    if reason.code != "no_slot_fits":
        return (reason,)
    return (reason, *(because(f"days_{code}", days=days) for code, days in days_blocked(problem, job)))


def _why_unplaced(problem: Problem, job: Job) -> Because:
    window = min(job.windows, key=lambda w: w.latest)
    requirement = window.requirement
    if window.latest > problem.horizon_end:
        return because("may_wait", requirement=requirement, latest=window.latest)
    if not usable_channels(job.citizen):
        return because("no_channel", requirement=requirement)
    if not channels_on(job, problem.horizon_end):
        return because("no_channel_counts", requirement=requirement)
    if not problem.caseload.caseworker.working_hours:
        return because("no_working_hours", requirement=requirement)
    if not problem.diary.open:
        return because("no_open_day", requirement=requirement)
    start = min(first_day(problem.caseload, channel) for channel in channels_on(job, problem.horizon_end))
    if max(start, *(w.earliest for w in job.windows)) > problem.horizon_end:
        return because("notice_beyond_horizon", requirement=requirement)
    if not _fits_alone(problem, job):
        return because(_lacking(problem, job), requirement=requirement)
    return because("calendar_full", requirement=requirement)


def _lacking(problem: Problem, job: Job) -> str:
    """What leaves no slot even alone: the calendars of rooms or interpreters where there would be one without them."""
    if not _fits_alone(problem, job, tuple(SharedKind)):
        return "no_slot_fits"
    room, interpreter = (_fits_alone(problem, job, (kind,)) for kind in SharedKind)
    if room == interpreter:  # each would do alone, but never at the same time; or neither is ever there
        return "no_room_and_interpreter_fit"
    return "no_room_fits" if room else "no_interpreter_fits"


def _fits_alone(problem: Problem, job: Job, without: Collection[SharedKind] = ()) -> bool:
    return any(
        problem.diary.starts(job.citizen, day, channel, without)
        for day in problem.diary.open
        for channel in channels_on(job, day)
        if day >= max(first_day(problem.caseload, channel), *(w.earliest for w in job.windows))
    )


def _ended(citizen: Citizen) -> Because:
    closed = None if citizen.has_died() else citizen.ended_on()
    return because("ended") if closed is None else because("closed", on=closed)
