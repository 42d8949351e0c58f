"""What must hold of every plan, whatever the office, the citizens and the experiments."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from planner.domain.caseload import Busy, Caseload
from planner.domain.citizens import AWAY_FACTS, STANDING_FACTS, Citizen, FactKind
from planner.domain.conversations import Channel, Conversation, Status
from planner.exchange.plan_file import plan_bytes
from planner.exchange.rule_files import load_rules
from planner.planning.making import make_plan
from planner.planning.plan import Bucket, CitizenPlan, Plan, Proposal, Slot
from planner.planning.validator import violations
from planner.planning.validator.office_days import OfficeDays
from planner.rules.windows import AFTER_EVENT, AFTER_NO_SHOW, OWN_CADENCE, Window, WindowKind, WindowStatus
from tests.builders import absence, caseload, caseworker, citizen
from tests.strategies import caseloads, conversations

#: What the planner adds by itself, and the faces name.
FOLLOW_UPS = (AFTER_EVENT, AFTER_NO_SHOW)
slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
quick = settings(max_examples=60, deadline=None, suppress_health_check=slow)
#: For properties of a single proposal: most random caseloads have none, and drawing another costs most of the time.
few = settings(quick, max_examples=20)


def planned(load: Caseload, previous: Plan | None = None) -> Plan:
    """The plan under the shipped rules."""
    return make_plan(load, load_rules(), previous)


def proposals(plan: Plan) -> list[tuple[str, Proposal]]:
    """Every proposed conversation with the citizen's id."""
    return [(part.id, p) for part in plan.citizens for p in (part.proposal, *part.later) if p is not None]


def accept(load: Caseload, name: str, slot: Slot) -> Caseload:
    """The caseload after the proposed slot is agreed on."""
    talk = Conversation(slot.on, time(slot.start // 60, slot.start % 60), slot.minutes, slot.channel)
    people = (replace(c, conversations=(*c.conversations, talk)) if c.id == name else c for c in load.citizens)
    return replace(load, citizens=tuple(people))


@quick
@given(caseloads())
def test_no_plan_breaks_a_rule_and_nobody_disappears(load: Caseload) -> None:
    plan = planned(load)
    assert violations(load, plan) == ()
    assert plan.quality.hard_violations == ()
    assert sorted(part.id for part in plan.citizens) == sorted(c.id for c in load.citizens)


#: What somebody could do to a proposed slot that no office allows.
TAMPERED: dict[str, Callable[[Slot, Caseload], Slot]] = {
    "off-the-grid": lambda slot, load: replace(slot, start=slot.start + 1),
    "wrong-minutes": lambda slot, load: replace(slot, minutes=slot.minutes + 5),
    "weekend": lambda slot, load: replace(slot, on=slot.on + timedelta(days=6 - slot.on.weekday())),
    "in-the-past": lambda slot, load: replace(slot, on=load.today - timedelta(days=1)),
    "beyond-the-horizon": lambda slot, load: replace(slot, on=load.today + timedelta(weeks=60)),
    "not-a-talking-channel": lambda slot, load: replace(slot, channel=Channel.LETTER),
    "outside-working-hours": lambda slot, load: replace(slot, start=0),
}


@few
@given(caseloads(), st.sampled_from(sorted(TAMPERED)))
def test_a_plan_that_somebody_tampered_with_is_found_out(load: Caseload, code: str) -> None:
    plan = planned(load)
    assume(proposals(plan))
    name, chosen = proposals(plan)[0]
    moved = replace(chosen, slot=TAMPERED[code](chosen.slot, load))
    parts = (replace(part, proposal=moved) if part.id == name else part for part in plan.citizens)
    found = violations(load, replace(plan, citizens=tuple(parts)))
    assert any(told.startswith(f"{code}: {name} ") for told in found)


@quick
@given(caseloads(), st.integers(0, 2**32))
def test_the_same_caseload_in_any_order_gives_the_same_bytes(load: Caseload, seed: int) -> None:
    people = list(load.citizens)
    random.Random(seed).shuffle(people)
    first = plan_bytes(planned(load), {})
    assert plan_bytes(planned(load), {}) == first
    assert plan_bytes(planned(replace(load, citizens=tuple(people))), {}) == first


@few
@given(caseloads())
def test_what_is_accepted_stays_where_it_is(load: Caseload) -> None:
    plan = planned(load)
    assume(proposals(plan))
    name, chosen = proposals(plan)[0]
    after = accept(load, name, chosen.slot)
    again = planned(after, plan)
    assert violations(after, again, plan) == ()
    part = again.of(name)
    covered = {w.requirement for w in part.windows if w.status is WindowStatus.DUE and w.kind is not WindowKind.ITEM}
    needs = {w.requirement for w in plan.of(name).windows if w.is_need and w.requirement in chosen.covers}
    inside = {
        w.requirement
        for w in plan.of(name).windows
        if w.is_need and w.requirement in chosen.covers and chosen.slot.on <= w.latest
    }
    assert not covered & needs & inside


@few
@given(caseloads(), st.data())
def test_a_new_busy_time_is_kept_free(load: Caseload, data: st.DataObject) -> None:
    plan = planned(load)
    assume(proposals(plan))
    _, chosen = data.draw(st.sampled_from(proposals(plan)))
    start = datetime.combine(chosen.slot.on, time(chosen.slot.start // 60, chosen.slot.start % 60))
    taken = Busy(start, start + timedelta(minutes=data.draw(st.integers(1, 200))))
    worker = replace(load.caseworker, busy=(*load.caseworker.busy, taken))
    again = planned(replace(load, caseworker=worker), plan)
    for _, proposal in proposals(again):
        for slot in (proposal.slot, *proposal.alternatives):
            begins = datetime.combine(slot.on, time()) + timedelta(minutes=slot.start)
            assert begins + timedelta(minutes=slot.minutes) <= taken.start or taken.end <= begins


@quick
@given(caseloads())
def test_planning_again_on_the_same_day_moves_nothing(load: Caseload) -> None:
    plan = planned(load)
    again = planned(load, plan)
    assert violations(load, again, plan) == ()
    assert [(n, p.slot, p.covers) for n, p in proposals(again)] == [(n, p.slot, p.covers) for n, p in proposals(plan)]
    assert again.quality.moved_since == 0


@quick
@given(caseloads())
def test_everybody_stands_somewhere_for_a_reason(load: Caseload) -> None:
    for part in planned(load).citizens:
        assert part.because
        assert all(window.because for window in part.windows)
        if part.proposal is None:
            assert part.unplaced_because or part.bucket in (Bucket.ENDED, Bucket.EXEMPT)
        else:
            assert part.proposal.because


@quick
@given(caseloads())
def test_every_requirement_and_agenda_point_has_a_title(load: Caseload) -> None:
    plan = planned(load)
    named = {w.requirement for part in plan.citizens for w in part.windows}
    named |= {point for part in plan.citizens for point in part.agenda}
    assert named <= {*plan.titles, *FOLLOW_UPS, OWN_CADENCE}


# --- the buckets, stated again -----------------------------------------------------------------------------------


def bucket_of(load: Caseload, person: Citizen, part: CitizenPlan) -> Bucket:
    """Where the agreed definitions put a citizen who is neither ended nor exempt."""
    today, days = load.today, OfficeDays(frozenset(load.closing_days))
    due = [w for w in part.windows if w.status is WindowStatus.DUE]
    ahead = [c for c in person.conversations if c.status is Status.BOOKED and c.on >= today]
    tests = {
        Bucket.BOOKED_TODAY: any(c.on == today for c in ahead),
        Bucket.OVERDUE: any(w.binding and w.latest < today for w in due),
        Bucket.AFTER_NO_SHOW: not ahead and _came_not(load, person),
        Bucket.EVENT_PASSED: _unrecorded(load, person) or (not ahead and _something_passed(load, person)),
        Bucket.DECIDE_NOW: not ahead and any(_pressing(load, person, w, days.nth_after(today, 3)) for w in due),
        Bucket.SCREEN: not ahead and _to_screen(load, person, due),
        Bucket.UNPLACED: any(_left_out(part, w, today + timedelta(weeks=load.settings.horizon_weeks)) for w in due),
        Bucket.BOOKED: bool(ahead),
        Bucket.PROPOSED: part.proposal is not None and part.bucket is not Bucket.WAITING,
        Bucket.WAITING: bool(due) or part.bucket is Bucket.WAITING,
    }
    return next((bucket for bucket, holds in tests.items() if holds), Bucket.NO_DUTY)


def _came_not(load: Caseload, person: Citizen) -> bool:
    missed = [
        c.on for c in person.conversations if c.status is Status.NO_SHOW and person.spell_start <= c.on <= load.today
    ]
    return bool(missed) and not any(c.on >= max(missed) for c in person.held_in_spell())


def _something_passed(load: Caseload, person: Citizen) -> bool:
    held = [c.on for c in person.held_in_spell()]
    silent = STANDING_FACTS | AWAY_FACTS
    passed = [
        f.ends for f in person.facts if f.ends < load.today and f.kind not in silent and f.ends >= person.spell_start
    ]
    if person.offer is not None and person.offer.until < load.today:  # nobody chose a time
        return True
    return any(not any(on >= end for on in held) for end in passed)


def _unrecorded(load: Caseload, person: Citizen) -> bool:
    return any(c.status is Status.BOOKED and c.on < load.today for c in person.conversations)


def _pressing(load: Caseload, person: Citizen, window: Window, limit: date) -> bool:
    return all(window.latest <= load.settings.notice[channel].after(limit) for channel in person.channels)


def _to_screen(load: Caseload, person: Citizen, due: list[Window]) -> bool:
    end = load.today + timedelta(weeks=load.settings.horizon_weeks)
    soon = any(w.kind is WindowKind.NEED and w.earliest <= end for w in due)
    return person.cadence is None and not person.held_in_spell() and soon


def _left_out(part: CitizenPlan, window: Window, horizon_end: date) -> bool:
    taken = {name for p in (part.proposal, *part.later) if p is not None for name in p.covers}
    return window.is_need and window.latest <= horizon_end and window.requirement not in taken


@quick
@given(caseloads())
def test_the_buckets_are_what_was_agreed(load: Caseload) -> None:
    by_id = {c.id: c for c in load.citizens}
    for part in planned(load).citizens:
        person = by_id[part.id]
        assert (part.bucket is Bucket.ENDED) is any(f.kind is FactKind.DEATH for f in person.facts)
        if part.bucket is Bucket.EXEMPT:
            lifting = any(f.documented and f.ends >= load.today for f in person.facts)
            assert lifting or person.exemption is not None
        elif part.bucket is not Bucket.ENDED:
            assert part.bucket is bucket_of(load, person, part), person


@quick
@given(caseloads(), st.data())
def test_an_attempt_is_never_a_contact(load: Caseload, data: st.DataObject) -> None:
    assume(load.citizens)
    first = load.citizens[0]
    talk = data.draw(conversations(load.today, first.spell_start))
    tried = replace(talk, status=Status.CANCELLED_BY_CITIZEN)
    more = replace(load, citizens=(replace(first, conversations=(*first.conversations, tried)), *load.citizens[1:]))
    assert planned(more).of(first.id).windows == planned(load).of(first.id).windows
    assert planned(more).of(first.id).last_contact == planned(load).of(first.id).last_contact


# --- offices in which nothing is possible ------------------------------------------------------------------------


def test_without_citizens_there_is_an_empty_plan() -> None:
    plan = planned(caseload())
    assert violations(caseload(), plan) == ()
    assert (len(plan.citizens), len(plan.order)) == (0, 0)


def test_where_nobody_works_everybody_is_listed_with_the_reason() -> None:
    late = citizen("c1", start="2026-03-02")
    for worker in (caseworker([]), caseworker(absent=[absence("2026-11-01", "2027-12-31")]), caseworker(max_per_day=0)):
        load = caseload(late, citizen("c2", group="6.3", start="2026-11-20"), worker=worker)
        plan = planned(load)
        assert violations(load, plan) == ()
        assert not proposals(plan)
        assert all(part.unplaced_because for part in plan.citizens)


def test_who_can_only_write_letters_is_listed_with_the_reason() -> None:
    load = caseload(citizen("c1", group="6.3", start="2026-11-20", channels=[Channel.LETTER]))
    plan = planned(load)
    assert violations(load, plan) == ()
    assert plan.citizens[0].proposal is None
    assert plan.citizens[0].unplaced_because
