"""What if: two plans compared, against a comparison made naively here, and nothing saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from planner.domain.caseload import Adoption, Caseload
from planner.domain.citizens import Cadence, Citizen, TargetGroup
from planner.domain.conversations import Status
from planner.errors import InputError, NotFound, PlannerError, Refused, RuleConflict
from planner.exchange.rule_files import load_rules
from planner.locale import language
from planner.planning.making import make_plan
from planner.planning.plan import Plan
from planner.rules.ruleset import RuleSet
from planner.services.demo import demo_caseload
from planner.services.what_if import Supposed, WhatIf, what_if
from planner.services.what_if_words import Teller, heading_of
from tests.services.office import MONDAY, days, desk_on, office, talk

RULES = load_rules()
INSURED, RATIO, LIFTED = "flexible-contact-insured", "company-ratio", "ledighedsydelse-no-reassessment"


def adoption(experiment: str, **parameters: object) -> Adoption:
    """An adoption since a year, on an invented authority."""
    return Adoption(experiment, days(-365), None, "opdigtet", parameters)


def insured(number: int, spell: int = -120, cadence: Cadence | None = None) -> Citizen:
    """An insured citizen with a conversation held a month into the spell."""
    held, name = (talk(spell + 30, Status.HELD),), f"Prøve Testrup {number}"
    return Citizen(f"p-{number}", name, TargetGroup.INSURED, days(spell), cadence=cadence, conversations=held)


def small(*adoptions: Adoption) -> Caseload:
    """A few insured citizens and one on ledighedsydelse."""
    people = [insured(n, -100 - 10 * n, cadence=Cadence.LIGHT if n % 2 else None) for n in range(1, 7)]
    flex = Citizen("p-9", "Flex Fantasøe", TargetGroup.FLEX_JOB, days(-300), conversations=(talk(-80, Status.HELD),))
    return office(*people, flex, adoptions=adoptions)


def asked(caseload: Caseload, supposed: Supposed, rules: RuleSet = RULES) -> WhatIf:
    """The answer, which is wanted."""
    found = what_if(caseload, rules, supposed)
    assert found is not None
    return found


def naive(before: Plan, after: Plan) -> dict[str, object]:
    """The difference counted by hand: nothing of the service is used."""
    one = {part.id: part for part in before.citizens}
    two = {part.id: part for part in after.citizens}
    slots = [{k: p.proposal.slot if p.proposal else None for k, p in side.items()} for side in (one, two)]
    latest = [
        {
            (window.requirement, k): min(
                w.latest
                for w in p.windows
                if w.requirement == window.requirement and w.status.value in ("due", "covered")
            )
            for k, p in side.items()
            for window in p.windows
            if window.status.value in ("due", "covered")
        }
        for side in (one, two)
    ]
    return {
        "moves": {(k, slots[0][k], slots[1][k]) for k in one if slots[0][k] != slots[1][k]},
        "deadlines": {
            (*key, latest[0].get(key), latest[1].get(key))
            for key in latest[0].keys() | latest[1].keys()
            if latest[0].get(key) != latest[1].get(key)
        },
        "changes": {(k, one[k].bucket, two[k].bucket) for k in one if one[k].bucket != two[k].bucket},
        "points": {
            (k, x)
            for k in one
            for x in (*one[k].agenda, *two[k].agenda)
            if (x in one[k].agenda) != (x in two[k].agenda)
        },
        "planned": [_planned(plan) for plan in (before, after)],
        "twelve": [_twelve(plan) for plan in (before, after)],
    }


def _planned(plan: Plan) -> tuple[int, int]:
    count = minutes = 0
    for part in plan.citizens:
        for one in (part.proposal, *part.later):
            if one is not None and one.slot.on <= plan.horizon_end:
                count, minutes = count + 1, minutes + one.slot.minutes
    return count, minutes


def _twelve(plan: Plan) -> tuple[int, int]:
    monday = plan.today - timedelta(days=plan.today.weekday())
    end = monday + timedelta(weeks=12, days=-1)
    count = sum(1 for p in plan.citizens for one in (p.proposal, *p.later) if one is not None and one.slot.on <= end)
    for part in plan.citizens:
        for window in part.windows:
            due = window.status.value == "due" and window.kind.value != "item"
            count += due and plan.horizon_end < window.target <= end
    return count, sum(week.proposed + week.expected for week in plan.capacity)


def told(found: WhatIf) -> dict[str, object]:
    """The answer in the shape of the naive one."""
    return {
        "moves": {(m.citizen, m.before, m.after) for m in found.moves},
        "deadlines": {(d.requirement, d.citizen, d.before, d.after) for d in found.deadlines},
        "changes": {(c.citizen, c.before, c.after) for c in found.changes},
        "points": {(p.citizen, p.point) for p in found.points},
        "planned": [(load.conversations, load.minutes) for load in found.planned],
        "twelve": [(load.conversations, load.minutes) for load in found.twelve_weeks],
    }


@pytest.mark.parametrize(
    ("standing", "supposed"),
    [
        ((), Supposed(INSURED, adoption(INSURED))),
        ((adoption(INSURED),), Supposed(INSURED, None)),
        ((adoption(INSURED),), Supposed(INSURED, adoption(INSURED, light="P5W", safety_net="P6W"))),
        ((adoption(LIFTED),), Supposed(LIFTED, None)),
        ((), Supposed(RATIO, adoption(RATIO))),
    ],
    ids=["on", "off", "otherwise", "lifted", "agenda"],
)
def test_the_answer_is_what_two_plans_differ_in(standing: tuple[Adoption, ...], supposed: Supposed) -> None:
    caseload = small(*standing)
    other = tuple(a for a in standing if a.experiment != supposed.experiment)
    if supposed.adoption is not None:
        other = (*other, supposed.adoption)
    before = make_plan(caseload, RULES)
    after = make_plan(replace(caseload, adoptions=other), RULES, before)
    found = asked(caseload, supposed)
    assert told(found) == naive(before, after)
    assert not found.nothing
    assert asked(caseload, supposed) == found, "the same input gives the same answer"


def test_the_demo_without_its_largest_experiment() -> None:
    """A whole caseload: what falls away are the cadences, what comes are the law's deadlines."""
    caseload = demo_caseload(MONDAY)
    found = asked(caseload, Supposed(INSURED, None))
    other = tuple(a for a in caseload.adoptions if a.experiment != INSURED)
    before = make_plan(caseload, RULES)
    assert told(found) == naive(before, make_plan(replace(caseload, adoptions=other), RULES, before))
    assert {d.requirement for d in found.deadlines if d.after is None} == {INSURED}
    assert {c for d in found.deadlines if d.before is None for c in [d.citizen]} <= {
        citizen.id for citizen in caseload.citizens if citizen.target_group is TargetGroup.INSURED
    }


def test_under_the_old_law_the_reassessment_falls_away_and_its_questions_come() -> None:
    day = date(2021, 6, 7)
    flex = Citizen("p-1", "Flex Fantasøe", TargetGroup.FLEX_JOB, date(2020, 9, 1))
    caseload = replace(office(flex), today=day)
    wanted = Adoption(LIFTED, day, None, "opdigtet")
    found = asked(caseload, Supposed(LIFTED, wanted))
    assert [(d.requirement, d.after) for d in found.deadlines if d.requirement == "flex-job-reassessment"] == [
        ("flex-job-reassessment", None)
    ]
    assert {(p.point, p.added) for p in found.points} == {("still-in-flex-job-group", True), ("available", True)}


def test_nothing_is_written(tmp_path: Path) -> None:
    with desk_on(tmp_path, small(adoption(INSURED))) as desk:
        today = desk.today()
        log, state = desk.log(), desk.caseload()
        with desk._room.store.read() as view:
            head = view.head(), view.head_hash(), view.kept_plan()
        assert desk.what_if(today, Supposed(INSURED, None)) is not None
        with desk._room.store.read() as view:
            assert (view.head(), view.head_hash(), view.kept_plan()) == head
        assert (desk.log(), desk.caseload()) == (log, state)
        assert desk.today() is today


def test_it_is_called_off_between_the_plans() -> None:
    asks: list[bool] = []

    def wanted() -> bool:
        asks.append(True)
        return False

    assert what_if(small(adoption(INSURED)), RULES, Supposed(INSURED, None), wanted=wanted) is None
    assert len(asks) == 1


REFUSALS: list[tuple[type[PlannerError], tuple[Adoption, ...], Supposed, str]] = [
    (NotFound, (), Supposed("moon", None), "moon"),
    (Refused, (), Supposed(INSURED, None), "not in force"),
    (Refused, (adoption(INSURED),), Supposed(INSURED, adoption(INSURED)), "already"),
    (Refused, (), Supposed(INSURED, replace(adoption(INSURED), first=days(1))), "2026-11-23"),
    (InputError, (), Supposed(INSURED, adoption(INSURED, light="P99W")), "cannot be taken"),
    (InputError, (), Supposed(INSURED, replace(adoption(INSURED), last=days(-400))), "cannot be taken"),
]


@pytest.mark.parametrize(("error", "standing", "supposed", "words"), REFUSALS)
def test_what_cannot_be_supposed_is_refused(
    error: type[PlannerError], standing: tuple[Adoption, ...], supposed: Supposed, words: str
) -> None:
    with pytest.raises(error) as caught:
        what_if(small(*standing), RULES, supposed)
    assert words in str(caught.value)


def test_experiments_that_disagree_are_named() -> None:
    other = msgspec.structs.replace(RULES.experiments[INSURED], id="flexible-too")
    rules = RuleSet(RULES.packs, {**RULES.experiments, "flexible-too": other})
    with pytest.raises(RuleConflict) as caught:
        what_if(small(adoption(INSURED)), rules, Supposed("flexible-too", adoption("flexible-too", light="P5W")))
    assert INSURED in caught.value.lines[0]
    assert "flexible-too" in caught.value.lines[0]


@pytest.mark.parametrize("code", ["da", "en"])
def test_the_answer_reads_as_sentences(code: str) -> None:
    speaks, caseload = language(code), small(adoption(INSURED))
    found = asked(caseload, Supposed(INSURED, None))
    names = {citizen.id: citizen.name for citizen in caseload.citizens}
    lines = [line for line, _ in Teller(found, names, speaks, few=None).lines()]
    assert "“" in heading_of(found, speaks)
    assert all(line.strip() and "{" not in line for line in lines)
    assert any("Prøve Testrup 1" in line for line in lines)
    assert not any(line.strip().startswith("p-") for line in lines)


@pytest.mark.parametrize(("code", "more"), [("da", "5 andre"), ("en", "5 more")])
def test_a_point_for_everybody_names_a_few_unless_all_are_wanted(code: str, more: str) -> None:
    caseload = small()
    found = asked(caseload, Supposed("psychological-treatment", adoption("psychological-treatment")))
    names = {citizen.id: citizen.name for citizen in caseload.citizens}
    few = [line for line, _ in Teller(found, names, language(code), few=2).lines()]
    assert more in few[-1]
    everybody = [line for line, _ in Teller(found, names, language(code), few=None).lines()]
    assert all(name in everybody[-1] for name in names.values())


@pytest.mark.parametrize("code", ["da", "en"])
def test_where_nothing_would_change_that_is_said(code: str) -> None:
    caseload = office(insured(1))
    found = asked(caseload, Supposed("flexible-sickness-follow-up", adoption("flexible-sickness-follow-up")))
    assert found.nothing
    (line,) = Teller(found, {}, language(code)).lines()
    assert line[0] == language(code).text(
        "Nothing would change: nobody moves, no deadline falls away, and no hours are freed."
    )
