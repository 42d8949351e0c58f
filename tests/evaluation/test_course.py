"""Deadlines and needs of the past: cases of the office, and a reckoning day by day beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from planner.domain.caseload import Adoption, Caseload
from planner.domain.citizens import Citizen, TargetGroup
from planner.evaluation.course import Deadline, Waited, course
from planner.evaluation.evidence import Evidence, Span, active
from planner.exchange.rule_files import load_rules
from planner.rules.assessment import assess
from tests.builders import held
from tests.full import PATIENCE, many
from tests.strategies import caseloads

pytestmark = pytest.mark.timeout(PATIENCE)
RULES = load_rules()


def evidence(*citizens: Citizen, adoptions: tuple[Adoption, ...] = (), today: str = "2016-12-31") -> Evidence:
    """Evidence of these citizens, without any action in the journal."""
    return Evidence(Caseload(date.fromisoformat(today), "Prøveby", citizens, adoptions), (), RULES)


def insured(*days: str) -> Citizen:
    """An insured citizen under the law of 2015, due every fourth week from 4 January 2016 on."""
    return Citizen(
        "p-1", "Prøve Testesen", TargetGroup.INSURED, date(2016, 1, 4), conversations=tuple(held(day) for day in days)
    )


def deadlines(of: Evidence, first: str, last: str) -> list[tuple[str, str, bool]]:
    """The deadlines of the first citizen: when it was answered or passed, the latest day, and whether it was met."""
    span = Span(date.fromisoformat(first), date.fromisoformat(last))
    found = [one for one in course(of, of.caseload.citizens[0], span) if isinstance(one, Deadline)]
    return [(one.on.isoformat(), one.latest.isoformat(), one.met) for one in found]


def test_three_of_four_weeks_are_met_and_one_is_missed() -> None:
    """Periods end on 1 Feb, 29 Feb, 28 Mar, 25 Apr, with two weeks of grace; nobody talked in March."""
    of = evidence(insured("2016-01-25", "2016-02-22", "2016-04-20"))
    assert deadlines(of, "2016-01-04", "2016-05-01") == [
        ("2016-01-25", "2016-02-15", True),
        ("2016-02-22", "2016-03-14", True),
        ("2016-04-11", "2016-04-11", False),
        ("2016-04-20", "2016-05-09", True),
    ]


def test_under_an_experiment_the_law_s_deadlines_do_not_count() -> None:
    adopted = Adoption("flexible-contact-insured", date(2016, 1, 1), None, "forsøgsbevilling")
    days = ["2016-01-18", "2016-02-29"]
    found = deadlines(evidence(insured(*days), adoptions=(adopted,)), "2016-01-04", "2016-03-10")
    assert [(on, met) for on, _, met in found] == [(day, True) for day in days]


def test_a_need_waits_from_when_its_window_opens() -> None:
    """The first period opens on 5 January and is answered on the 25th."""
    of = evidence(insured("2016-01-25"))
    span = Span(date(2016, 1, 4), date(2016, 1, 31))
    waited = [one for one in course(of, of.caseload.citizens[0], span) if isinstance(one, Waited)]
    assert waited == [Waited(date(2016, 1, 25), 20)]


def test_a_fact_that_was_not_known_yet_changes_nothing() -> None:
    """A death noted in May does not take back the deadline that was missed in April."""
    from planner.domain.citizens import Fact, FactKind

    fact = Fact(FactKind.DEATH, date(2016, 5, 2), noted_on=date(2016, 5, 2))
    of = evidence(replace(insured("2016-01-25", "2016-02-22"), facts=(fact,)))
    assert deadlines(of, "2016-04-01", "2016-04-30") == [("2016-04-11", "2016-04-11", False)]


def day_by_day(of: Evidence, citizen: Citizen, span: Span) -> Iterator[Deadline | Waited]:
    """The same by looking at every single day."""
    running = active(citizen, span)
    if running is None:
        return
    seen = set()
    for number in range((running.last - running.first).days + 1):
        day = running.first + timedelta(days=number)
        case = replace(of.caseload, today=day, citizens=())
        before, after = (
            [w for w in assess(case, of.known(citizen, day, held_today=today), RULES).windows if w.is_need]
            for today in (False, True)
        )
        left = {(w.requirement, w.latest) for w in after}
        if any(talk.on == day for talk in citizen.held_in_spell()):
            answered = [w for w in before if (w.requirement, w.latest) not in left and w.earliest <= day]
            yield from (Deadline(day, w.requirement, w.latest, True) for w in answered if w.binding and w.latest >= day)
            if answered:
                yield Waited(day, (day - min(w.earliest for w in answered)).days)
        for w in after:
            if w.binding and w.latest == day and (w.requirement, w.latest) not in seen:
                seen.add((w.requirement, w.latest))
                yield Deadline(day, w.requirement, w.latest, False)


@settings(max_examples=many(12, 600), deadline=None)
@given(caseloads(most=2))
def test_it_is_as_if_every_day_were_looked_at(caseload: Caseload) -> None:
    """Stepping from mark to mark finds what looking at each day finds."""
    of = Evidence(caseload, (), RULES)
    span = Span(max(caseload.today - timedelta(days=120), RULES.packs[0].valid_from), caseload.today)
    for citizen in caseload.citizens:
        assert list(course(of, citizen, span)) == list(day_by_day(of, citizen, span))
