"""A plan mended after one change is a plan like any other, and what is taken over from before is as if made afresh."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.caseload import Caseload
from planner.exchange.plan_file import plan_bytes
from planner.exchange.rule_files import load_rules
from planner.planning import making
from planner.planning.engine.candidates import Candidates
from planner.planning.engine.placing import Answer, place
from planner.planning.engine.solve import Thoroughness
from planner.planning.making import adapt, stand
from planner.planning.plan import Engine
from planner.planning.problem import Problem
from planner.planning.validator import violations
from tests.full import PATIENCE, many
from tests.instances import caseload
from tests.strategies import caseloads
from tests.unit.test_engine_properties import CHANGES, Change

pytestmark = pytest.mark.timeout(PATIENCE)


@settings(max_examples=many(100, 20_000), deadline=None)
@given(caseloads(), st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3, unique=True), st.data())
def test_a_chain_of_changes_keeps_every_rule(load: Caseload, changes: list[Change], data: st.DataObject) -> None:
    """Judged in full, nothing taken as judged before."""
    standing = stand(load, load_rules())
    for change in changes:
        before = standing.plan
        standing = adapt(standing, change(standing.caseload, before, data))
        assert violations(standing.caseload, standing.plan, before) == ()
        assert standing.plan.quality.hard_violations == ()


@settings(max_examples=many(100, 20_000), deadline=None)
@given(caseloads(), st.sampled_from(CHANGES), st.data())
def test_what_is_taken_over_changes_no_byte(load: Caseload, change: Change, data: st.DataObject) -> None:
    """Assessments, options and parts of the plan before: with them and without them the same plan comes out."""
    known = stand(load, load_rules())
    after = change(load, known.plan, data)
    with_it = stand(after, load_rules(), known.plan, known=known).plan
    without = stand(after, load_rules(), known.plan).plan
    assert plan_bytes(with_it) == plan_bytes(without)


def test_who_leaves_makes_room_for_an_alternative_of_another() -> None:
    """Two conversations a day: on the day of the one who left, the other could be talked with too."""
    both = caseload(2, 12)
    load = replace(both, caseworker=replace(both.caseworker, max_per_day=2))
    known = stand(load, load_rules())
    for gone in load.citizens:
        after = replace(load, citizens=tuple(one for one in load.citizens if one is not gone))
        with_it = stand(after, load_rules(), known.plan, known=known).plan
        assert plan_bytes(with_it) == plan_bytes(stand(after, load_rules(), known.plan).plan)


def test_a_plan_of_the_solver_that_breaks_a_rule_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other engine plans instead."""
    load, rules = caseload(5, 30), load_rules()

    def on_sundays(problem: Problem, thoroughness: Thoroughness, known: Candidates | None) -> Answer:
        answer = place(problem, thoroughness, known)
        moved = tuple(
            replace(entry, slot=replace(entry.slot, on=entry.slot.on + timedelta(days=6 - entry.slot.on.weekday())))
            if entry.slot
            else entry
            for entry in answer.placement.placed
        )
        return replace(answer, placement=replace(answer.placement, placed=moved))

    assert make_engine(load) is Engine.EXACT
    monkeypatch.setattr(making, "place", on_sundays)
    plan = stand(load, rules).plan
    assert plan.quality.hard_violations == ()
    assert plan.quality.engine is Engine.INSTANT


def make_engine(load: Caseload) -> Engine:
    """Which engine plans the caseload."""
    return stand(load, load_rules()).plan.quality.engine
