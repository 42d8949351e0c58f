"""The measures of a simulated office, counted a second time from nothing but its conversations and the fates."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from planner.domain.citizens import Cadence
from planner.domain.conversations import Conversation, Status
from planner.evaluation.simulation.fates import Draw, Fate
from planner.evaluation.simulation.measures import MEASURES
from planner.evaluation.simulation.office import WEEK, Office, _Case, office
from planner.evaluation.simulation.parameters import read_parameters
from planner.evaluation.simulation.policies import Policy, policies
from planner.exchange.rule_files import load_rules
from tests.evaluation.simulating import ADOPTIONS, START, fate

WEEKS = 16
COUNTED = START + 4 * WEEK
END = START + WEEKS * WEEK
_USED = (Status.HELD, Status.NO_SHOW, Status.CANCELLED_BY_CITIZEN)
_OWN = b"[need]\nacute_per_year = { value = 3 }\n[attendance]\nill_per_year = { value = 6 }\n"


class Watched(Office):
    """An office that keeps what became of those who have left."""

    ended: list[_Case]

    def _end(self, case: _Case, on: date) -> None:
        self.ended.append(case)
        super()._end(case, on)


@pytest.mark.parametrize("policy", policies(ADOPTIONS, [50]), ids=lambda policy: policy.name)
def test_every_measure_is_what_a_second_count_finds(policy: Policy) -> None:
    parameters = read_parameters(_OWN)
    draw = Draw("twice", parameters, START, WEEKS, 40)
    run = Watched(
        "twice", parameters, load_rules(), policy, office(parameters, START), draw.fates(), draw.absent(), COUNTED
    )
    run.ended = []
    tally = run.run(WEEKS)
    told = {name: measure.of(tally) for name, measure in MEASURES.items()}

    people = [(case.fate, case.citizen.conversations) for case in run.ended]
    counted = [talk for _, talks in people for talk in talks if talk.on >= COUNTED]
    held = [(fate, talk) for fate, talks in people for talk in talks if talk.on >= COUNTED and _is_held(talk)]
    hours = sum(talk.minutes for talk in counted if talk.status in _USED) / 60
    days = sum(_days(fate) for fate, _ in people)
    soon = [fate for fate, talk in held if fate.to_job and fate.leaves and (fate.leaves - talk.on).days <= 14]
    waits = [wait for fate, talks in people for wait in _waits(fate, talks)]
    gaps = [_longest(fate, talks) for fate, talks in people if fate.leaves is None or fate.leaves > COUNTED]
    available = 3.5 * sum(len(_working_days(week, run)) for week in range(4, WEEKS))

    months = days / 365.25 * 12
    assert told["hours"] == pytest.approx(hours / months)
    assert told["held"] == pytest.approx(len(held) / months)
    assert told["soon_in_job"] == pytest.approx(100 * len(soon) / len(held))
    assert told["wait_mean"] == pytest.approx(sum(wait for wait, _ in waits) / len(waits))
    assert told["not_reached"] == pytest.approx(100 * sum(not met for _, met in waits) / len(waits))
    assert told["gap_max"] == max(gaps)
    assert sorted(tally.gaps) == sorted(gaps)
    assert told["load"] == pytest.approx(100 * hours / available)


def _is_held(talk: Conversation) -> bool:
    return talk.status is Status.HELD


def _days(fate: Fate) -> int:
    """Days on the caseload: it is looked through on Mondays, so whoever comes is there from the next one on."""
    return max(0, (_end(fate) - max(_monday(fate.enters), COUNTED)).days)


def _end(fate: Fate) -> date:
    return min(fate.leaves or END, END)


def _monday(day: date) -> date:
    return max(START, day + timedelta(days=-day.weekday() % 7))


def _waits(fate: Fate, talks: tuple[Conversation, ...]) -> list[tuple[int, bool]]:
    end = _end(fate)
    held = [talk.on for talk in talks if _is_held(talk)]
    needs = [day for day in fate.needs if day >= fate.enters]
    if fate.need is Cadence.CLOSE and fate.talked_on is None:
        needs.append(fate.enters)
    answers = [(day, min((on for on in held if on >= day), default=None)) for day in needs if day >= COUNTED]
    return [(((answer or end) - day).days, answer is not None) for day, answer in answers if day <= end]


def _longest(fate: Fate, talks: tuple[Conversation, ...]) -> int:
    contacts = [fate.enters, *sorted(talk.on for talk in talks if _is_held(talk)), _end(fate)]
    return max((after - before).days for before, after in pairwise(contacts) if after >= COUNTED)


def _working_days(week: int, run: Office) -> list[date]:
    days = [START + week * WEEK + timedelta(days=n) for n in range(5)]
    return [day for day in days if run.base.office.is_open(day) and day not in run.absent]


def test_the_missed_deadlines_of_the_four_week_rhythm_are_what_a_second_count_finds() -> None:
    hard = b"[attendance]\nno_show = { value = 0.5 }\n[office]\nhours_per_week = { value = 5 }\n"
    parameters = read_parameters(hard)
    fates = [fate(f"{n:02}", enters=n, leaves=100 + 3 * n) for n in range(30)]
    run = Watched("late", parameters, load_rules(), Policy("fixed"), office(parameters, START), fates)
    run.ended = []
    tally = run.run(WEEKS)
    missed = [day for case in run.ended for day in _missed(case.fate, case.citizen.conversations)]
    assert len(missed) > 10
    assert tally.missed == len(missed)


def _missed(fate: Fate, talks: tuple[Conversation, ...]) -> list[date]:
    """The ends of four weeks, two weeks of grace after each, before which nobody was talked with in time."""
    periods = [fate.enters + number * 4 * WEEK for number in range(WEEKS)]
    filled = set[int]()
    for talk in filter(_is_held, talks):
        own = max(number for number, first in enumerate(periods) if first < talk.on)
        late = (n for n in range(own) if n not in filled and talk.on <= periods[n + 1] + 2 * WEEK)
        filled.add(next(late, own))
    deadlines = [(number, first + 6 * WEEK) for number, first in enumerate(periods)]
    return [day for number, day in deadlines if number not in filled and day < _end(fate)]
