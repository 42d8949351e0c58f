"""From a requirement of the law and a history to dates: the arithmetic of each kind of requirement.

Every function gives bare spans (earliest, target, latest, status); coverage by bookings is judged afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planner.domain.periods import Period
from planner.rules.format import Requirement
from planner.rules.windows import Because, WindowStatus, because

ONE_DAY = timedelta(days=1)
DEFAULT_SPACING = Period(days=14)
MOST_PERIODS = 2000


@dataclass(frozen=True, slots=True)
class Span:
    """Three dates, how they stand, and how they came about."""

    earliest: date
    target: date
    latest: date
    status: WindowStatus
    because: tuple[Because, ...]


def period(text: str | None) -> Period:
    """The period of a rule key; no period where the key is left out."""
    return Period.parse(text) if text else Period()


def half_way(anchor: date, length: Period) -> date:
    """The day half a period after `anchor`, whole days rounded down."""
    return anchor + timedelta(days=length.days_from(anchor) // 2)


def _fill_periods(ends: Sequence[date], start: date, grace: Period, counted: Sequence[date]) -> dict[int, date]:
    """Which period (from 0) each counted conversation fills: an unfilled one in whose grace it lies, else its own."""
    filled: dict[int, date] = {}
    for day in counted:
        own = next((k for k, end in enumerate(ends) if day <= end), None)
        if day <= start:
            continue
        before = own if own is not None else len(ends)
        in_grace = (k for k in range(before) if k not in filled and day <= grace.after(ends[k]))
        chosen = next(in_grace, own)
        if chosen is not None:
            filled.setdefault(chosen, day)
    return filled


def _period_ends(every: Period, start: date, until: date, ends_on: date | None) -> list[date]:
    """The last days of the periods, up to the second one after `until`; none later than `ends_on`."""
    ends: list[date] = []
    while len(ends) < MOST_PERIODS and (len(ends) < 2 or ends[-2] <= until):
        end = every.after(start, len(ends) + 1)
        if ends_on is not None and end > ends_on:
            break
        ends.append(end)
    return ends


def recurring_in_spell(requirement: Requirement, start: date, today: date, counted: Sequence[date]) -> list[Span]:
    """One conversation in each period (start + (k−1)·every, start + k·every]; see the contract's table of kinds."""
    every, grace = period(requirement.every), period(requirement.grace)
    ends_on = period(requirement.during).after(start) if requirement.during else None
    if every.after(start) <= start or (ends_on is not None and today > ends_on):
        return []
    ends = _period_ends(every, start, max([today, *counted[-1:]]), ends_on)
    filled = _fill_periods(ends, start, grace, counted)

    def span(k: int, status: WindowStatus) -> Span:
        first = (ends[k - 1] if k else start) + ONE_DAY
        step = because("period", number=k + 1, first=first, last=ends[k], every=str(every))
        steps = [step, because("grace", until=grace.after(ends[k]))] if requirement.grace else [step]
        if k in filled:
            steps.append(because("held_in_period", on=filled[k]))
        return Span(first, ends[k], grace.after(ends[k]), status, tuple(steps))

    over = [k for k, end in enumerate(ends) if grace.after(end) < today]
    missed = [k for k in over if k not in filled]
    spans: list[Span] = []
    current = next((k for k in range(len(ends)) if k not in over and k not in filled), None)
    for k in missed:
        answered = any(day > grace.after(ends[k]) for day in counted)
        stays = k == missed[-1] and not answered
        spans.append(span(k, WindowStatus.DUE if stays else WindowStatus.MISSED))
    if current is not None:
        spans.append(span(current, WindowStatus.DUE))
    if filled:
        spans.append(span(max(filled), WindowStatus.MET))
    return spans


def recurring_from_last(requirement: Requirement, start: date, today: date, counted: Sequence[date]) -> list[Span]:
    """One conversation every `every` after the last counted one, or after the start."""
    if requirement.after_first and not counted:
        return []
    every = period(requirement.every)
    anchor = counted[-1] if counted else start
    target = every.after(anchor)
    if start > today and (not counted or target < start):
        return []
    step = because("last_counted", on=anchor) if counted else because("since_start", on=start)
    earliest = max(half_way(anchor, every), start) if start > today else half_way(anchor, every)
    return [Span(earliest, target, target, WindowStatus.DUE, (step, because("every", period=str(every))))]


def quota(requirement: Requirement, spell_start: date, start: date, today: date, counted: Sequence[date]) -> list[Span]:
    """At least `count` counted conversations in [start, end], evenly spread, the last ones `spacing` apart."""
    count = requirement.count or 1
    end = period(requirement.within).after(spell_start)
    opens = start
    before: list[Span] = []
    if requirement.renew:
        renew, times = period(requirement.renew), 0
        while end < today and times < MOST_PERIODS and renew.after(spell_start) > spell_start:
            times += 1
            start = renew.after(spell_start, times)
            before = _short(count, opens, end, counted)
            end, opens = renew.after(spell_start, times + 1), start + ONE_DAY
    if start > end:
        return []
    spacing = Period.parse(requirement.spacing) if requirement.spacing else DEFAULT_SPACING
    inside = [day for day in counted if opens <= day <= end]
    held = len(inside)
    steps: tuple[Because, ...] = (because("quota", held=held, count=count, first=start, last=end),)
    if held >= count:
        return [Span(start, end, end, WindowStatus.MET, steps), *before]
    target = start + timedelta(days=(held + 1) * (end - start).days // count)
    latest = end - timedelta(days=(count - held - 1) * spacing.days_from(end))
    earliest = max(start, spacing.after(inside[-1])) if inside else start
    status = WindowStatus.MISSED if today > end else WindowStatus.DUE
    if count - held > 1:
        steps = (*steps, because("spacing", left=count - held, period=str(spacing), latest=latest))
    return [Span(earliest, target, latest, status, steps), *before]


def _short(count: int, opens: date, end: date, counted: Sequence[date]) -> list[Span]:
    """The missed window of a renewed quota's last period, where it was not fulfilled."""
    held = sum(opens <= day <= end for day in counted)
    if held >= count:
        return []
    step = because("quota", held=held, count=count, first=opens, last=end)
    return [Span(opens, end, end, WindowStatus.MISSED, (step,))]


def milestone(requirement: Requirement, spell_start: date, counted: Sequence[date]) -> list[Span]:
    """One counted conversation at latest `at` after the spell's start; stays due until one is held."""
    deadline = period(requirement.at).after(spell_start)
    steps = [because("milestone", deadline=deadline, at=str(period(requirement.at)), start=spell_start)]
    status = WindowStatus.DUE
    if counted:
        status = WindowStatus.MET if counted[0] <= deadline else WindowStatus.MISSED
        steps.append(because("held_in_period", on=counted[0]))
    return [Span(spell_start, deadline, deadline, status, tuple(steps))]


def item(requirement: Requirement, spell_start: date, covered: Mapping[date, Because]) -> list[Span]:
    """Something to be covered in a conversation at latest `at` after the spell's start, and again after `again`.

    `covered` holds the days on which it was, in order, with what is said of each. Covering it in the period of a
    deadline answers that deadline; covering it late answers every deadline passed.
    """
    if requirement.at == "every_conversation":
        return []
    first, again = period(requirement.at).after(spell_start), period(requirement.again)
    repeats = again.after(first) > first

    def deadline(number: int) -> date:
        return again.after(first, number) if number else first

    def span(number: int, on: date | None) -> Span:
        last = deadline(number)
        opens = spell_start
        if requirement.lead:
            opens = max(spell_start, period(requirement.lead).after(last, -1))
        steps = [because("item_deadline", deadline=last)]
        if on is None:
            return Span(opens, last, last, WindowStatus.DUE, tuple(steps))
        steps.append(covered[on])
        return Span(opens, last, last, WindowStatus.MET if on <= last else WindowStatus.MISSED, tuple(steps))

    answered: Span | None = None
    number = 0
    for day in covered:
        if answered is not None and (not repeats or day <= deadline(number - 1)):
            continue
        while repeats and deadline(number + 1) < day:
            number += 1
        answered = span(number, day)
        number += 1
    due = [span(number, None)] if answered is None or repeats else []
    return due + ([answered] if answered is not None else [])
