"""The period that figures cover unless another one is asked for."""

from __future__ import annotations

from datetime import date

from planner.domain.caseload import Adoption, Caseload
from planner.domain.periods import Period
from planner.errors import Refused
from planner.evaluation.evidence import Span
from planner.locale import N_

_USUAL = Period(months=5)


def last_day(caseload: Caseload, experiment: str | None, today: date) -> date:
    """The last day on which the experiment was in force here, or today."""
    return max((min(one.last or today, today) for one in _begun(caseload, experiment, today)), default=today)


def first_day(caseload: Caseload, experiment: str | None, today: date, last: date) -> date:
    """The first day on which the experiment was in force here; without one, half a year before `last`."""
    begun = (one.first for one in _begun(caseload, experiment, today) if one.first <= last)
    return min(begun, default=_USUAL.after(last.replace(day=1), -1))


def usual_span(caseload: Caseload, experiment: str | None, today: date) -> Span:
    """The days in which the experiment was in force, or the last half year."""
    last = last_day(caseload, experiment, today)
    return Span(first_day(caseload, experiment, today, last), last)


def check_span(span: Span, today: date) -> None:
    """Raise Refused for a period that is not over, or that ends before it begins."""
    if span.last > today:
        raise Refused(N_("The last day must be today, or earlier"))
    if span.first > span.last:
        raise Refused(N_("The first day must not be after the last one"))


def _begun(caseload: Caseload, experiment: str | None, today: date) -> list[Adoption]:
    return [one for one in caseload.adoptions if one.experiment == experiment and one.first <= today]
