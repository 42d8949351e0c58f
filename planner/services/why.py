"""Why a citizen has this day and not another, and what the whole plan cannot keep; from the list as it was shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner.domain.calendar import ONE_DAY
from planner.planning.day_blockers import Wish
from planner.planning.posing import problem_of
from planner.planning.shortage import Shortage, shortage
from planner.planning.why_not import WhyNot, WhyNots
from planner.rules.assessment import assess_all
from planner.rules.ruleset import RuleSet
from planner.services.results import Today

#: Weekdays that are answered for.
DAYS = 10


@dataclass(frozen=True, slots=True)
class Why:
    """The next weekdays for one citizen, and what the plan cannot keep."""

    days: tuple[WhyNot, ...]
    shortage: Shortage


def why(today: Today, rules: RuleSet, citizen_id: str) -> Why:
    """Each of the next weekdays with what stands against it, and the plan's shortage; slow enough for a worker."""
    answers = _answers(today, rules)
    days = tuple(answers.answer(citizen_id, Wish(day)) for day in _weekdays(today.today))
    return Why(days, shortage(answers.problem, answers.placement, today.plan.certificate))


def why_not(today: Today, rules: RuleSet, citizen_id: str, wish: Wish) -> WhyNot:
    """What stands against a conversation with the citizen as wished."""
    return _answers(today, rules).answer(citizen_id, wish)


def shortage_of(today: Today, rules: RuleSet) -> Shortage:
    """What the plan cannot keep, and what more time would be worth."""
    answers = _answers(today, rules)
    return shortage(answers.problem, answers.placement, today.plan.certificate)


def _answers(today: Today, rules: RuleSet) -> WhyNots:
    assessments = assess_all(today.caseload, rules)
    return WhyNots(problem_of(today.caseload, assessments, today.previous), today.plan)


def _weekdays(today: date) -> list[date]:
    days, day = list[date](), today
    while len(days) < DAYS:
        if day.weekday() < 5:
            days.append(day)
        day += ONE_DAY
    return days
