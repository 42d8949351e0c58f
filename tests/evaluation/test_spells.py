"""Spell lengths and their curve, beside a second reckoning in plain arithmetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate
from math import exp, log, sqrt
from operator import mul

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.caseload import Adoption, Caseload
from planner.domain.citizens import Citizen, TargetGroup
from planner.evaluation import spells as module
from planner.evaluation.evidence import Evidence, Span
from planner.evaluation.spells import Lengths, curve, exported, spells, state
from planner.exchange.rule_files import load_rules
from tests.full import PATIENCE, many

pytestmark = pytest.mark.timeout(PATIENCE)
TODAY = date(2026, 11, 23)
RULES = load_rules()


def person(number: int, days: int, ended: bool = False, group: TargetGroup = TargetGroup.FLEX_JOB) -> Citizen:
    """Somebody whose spell lasted so many days until today, and ended today or runs on."""
    return Citizen(
        f"p-{number}", "Prøve Testesen", group, TODAY - timedelta(days=days), closed_on=TODAY if ended else None
    )


def test_average_and_median_of_ended_and_running_spells() -> None:
    """Ended after 10 and 30 weeks, running since 4, 8 and 100 weeks, of which one is over 18 months."""
    people = [person(1, 70, True), person(2, 210, True), person(3, 28), person(4, 56), person(5, 700)]
    found = state(people, TODAY)
    assert found.ended == Lengths(2, 20, 20)
    assert (found.running.persons, found.running.median) == (3, 8)
    assert found.running.average == pytest.approx(112 / 3)
    assert found.over_18_months == 1


def test_at_the_start_those_who_ended_later_still_ran() -> None:
    people = [person(1, 70, True), person(2, 20)]
    found = state(people, TODAY - timedelta(days=35))
    assert (found.ended.persons, found.running) == (0, Lengths(1, 5, 5))


def by_hand(lengths: list[tuple[int, bool]], at: int) -> tuple[float, float]:
    """Kaplan-Meier's share and Greenwood's sum at a length of time."""
    ends = sorted({days for days, ended in lengths if ended and days <= at})
    counts = [
        (sum(d == end and ended for d, ended in lengths), sum(days >= end for days, _ in lengths)) for end in ends
    ]
    share = list(accumulate((1 - gone / left for gone, left in counts), mul, initial=1.0))[-1]
    return share, sum(gone / (left * (left - gone)) for gone, left in counts if left > gone)


@settings(max_examples=many(60, 2000), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900), st.booleans()), min_size=1, max_size=40))
def test_the_curve_is_that_of_kaplan_and_meier(lengths: list[tuple[int, bool]]) -> None:
    """The library's curve against the product of shares, its interval against Greenwood's on the log-log scale."""
    found = curve([person(number, days, ended) for number, (days, ended) in enumerate(lengths)], TODAY)
    assert found is not None
    for point in found.points:
        share, spread = by_hand(lengths, point.weeks * 7)
        assert point.share == pytest.approx(share, abs=1e-9)
        assert point.at_risk == sum(days >= point.weeks * 7 for days, _ in lengths)
        if 0 < point.share < 1 - 1e-12:
            width = 1.959964 * sqrt(spread) / log(share)
            low, high = sorted(exp(-exp(log(-log(share)) + sign * width)) for sign in (1, -1))
            assert [point.low, point.high] == pytest.approx([low, high], abs=1e-6)
        else:
            assert (point.low, point.high) == (point.share, point.share)


def groups(takes_part: int, others: int, ended: int = 0) -> Evidence:
    """So many whom an experiment reaches and so many others; of each, so many ended."""
    people = [
        person(number, 100 + number, number % 100 < ended, group)
        for first, count, group in ((0, takes_part, TargetGroup.INSURED), (100, others, TargetGroup.FLEX_JOB))
        for number in range(first, first + count)
    ]
    adopted = Adoption("flexible-contact-insured", date(2026, 1, 1), None, "forsøgsbevilling")
    return Evidence(Caseload(TODAY, "Prøveby", tuple(people), (adopted,)), (), RULES)


SPAN = Span(TODAY - timedelta(days=30), TODAY)


def test_those_who_take_part_stand_beside_those_who_do_not() -> None:
    found = spells(groups(6, 8), SPAN)
    assert [(one.name, one.end.running.persons) for one in found] == [("all", 14), ("part", 6), ("rest", 8)]
    assert [one.name for one in spells(groups(6, 0), SPAN)] == ["all"]


def test_a_group_of_four_is_withheld_with_what_would_tell_of_it() -> None:
    everybody, part, rest = exported(spells(groups(4, 8), SPAN))
    assert everybody.end.running.persons == 12
    assert part.end.running == rest.end.running == Lengths(None, None, None)
    assert part.curve is None
    assert rest.curve is None


def test_how_many_run_is_withheld_where_it_would_tell_how_few_ended() -> None:
    """Of nine who ran in the period four ended: nine less the five who run would tell of them; so would an average."""
    (few,) = exported(spells(groups(9, 0, ended=4), SPAN))
    assert few.end.running == Lengths(None, 15.1, 15.1)
    assert few.start.running.persons == 9
    (none,) = exported(spells(groups(9, 0), SPAN))
    (many_ended,) = exported(spells(groups(15, 0, ended=5), SPAN))
    assert (none.end.running.persons, many_ended.end.running.persons) == (9, 10)


def test_a_curve_leaves_only_where_five_ended_and_as_far_as_five_were_seen() -> None:
    (few,) = exported(spells(groups(9, 0, ended=4), SPAN))
    assert few.curve is None
    (enough,) = exported(spells(groups(11, 0, ended=5), SPAN))
    assert enough.curve is not None
    assert all(point.at_risk >= 5 for point in enough.curve.points)


def test_without_the_library_there_is_no_curve_and_the_lengths_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    (found,) = spells(groups(6, 0), SPAN)
    assert found.curve is None
    assert found.end.running.persons == 6


def test_a_spell_that_begins_later_is_not_in_it() -> None:
    later = replace(person(1, 0), spell_start=TODAY + timedelta(days=3))
    assert state([later], TODAY).running == Lengths(0, None, None)
    assert curve([later], TODAY) is None
