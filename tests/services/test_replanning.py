"""The plan from one change to the next, and from one session to the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from sqlcipher3 import dbapi2 as sqlite3

from planner.bootstrap import plan_form, templates
from planner.domain.caseload import Busy, Caseload
from planner.domain.citizens import Cadence
from planner.exchange.rule_files import load_rules
from planner.planning import making
from planner.planning.plan import Plan, Proposal, Slot
from planner.planning.validator import violations
from planner.services import replanning
from planner.services.demo import demo_caseload
from planner.services.desk import Desk
from planner.services.results import Today
from planner.store.chain import zipped
from planner.store.engine import open_store
from tests.services.office import MONDAY, FixedClock, desk_on, job_ready, office

FORM = plan_form()


def crowd(count: int = 12) -> Caseload:
    """Citizens with different first days, so that their deadlines differ."""
    return office(*(job_ready(f"Prøve {number}", number, -60 - 7 * number) for number in range(count)))


def proposals(plan: Plan) -> dict[str, tuple[Proposal, ...]]:
    """Everybody's proposals."""
    return {part.id: ((part.proposal,) if part.proposal else ()) + part.later for part in plan.citizens}


def slots(plan: Plan) -> dict[str, list[Slot]]:
    """Everybody's proposed slots."""
    return {name: [proposal.slot for proposal in found] for name, found in proposals(plan).items()}


def with_plan(plan: Plan) -> str:
    """Somebody to whom something is proposed."""
    return next(part.id for part in plan.citizens if part.proposal is not None)


def test_one_accepted_proposal_moves_nobody_else(tmp_path: Path) -> None:
    with desk_on(tmp_path, crowd()) as desk:
        before = slots(desk.today().plan)
        name = with_plan(desk.today().plan)
        accepted = before[name][0]
        desk.accept(name)
        for after in (desk.today_at_once(), desk.today()):
            others = slots(after.plan)
            assert accepted not in others[name]
            assert {k: v for k, v in others.items() if k != name} == {k: v for k, v in before.items() if k != name}
            assert after.plan.quality.moved_since == 0
            assert after.plan.quality.hard_violations == ()


def test_the_plan_mended_at_once_is_a_plan_like_any_other(tmp_path: Path) -> None:
    """Judged in full against the plan before; the list afterwards is never dearer."""
    with desk_on(tmp_path, demo_caseload(MONDAY)) as desk:
        before = desk.today()
        for name in [part.id for part in before.plan.citizens if part.proposal is not None][:6]:
            shown = desk.today_at_once().plan
            desk.accept(name)
            mended = desk.today_at_once()
            assert violations(mended.caseload, mended.plan, shown) == ()
            fresh = making.make_plan(mended.caseload, desk.rules, shown)
            assert mended.plan.quality.objective <= fresh.quality.objective * 1.015 + 1
            assert mended.plan.quality.moved_since <= fresh.quality.moved_since + 1
            assert mended.plan.quality.lower_bound <= fresh.quality.objective
        settled = desk.today()
        assert settled.plan.quality.hard_violations == ()


def test_a_busy_morning_moves_only_those_who_stood_there(tmp_path: Path) -> None:
    with desk_on(tmp_path, crowd(20)) as desk:
        before = desk.today().plan
        day = min(proposal.slot.on for found in proposals(before).values() for proposal in found)
        standing = {name for name, found in proposals(before).items() if any(p.slot.on == day for p in found)}
        morning = Busy(datetime.combine(day, time(8)), datetime.combine(day, time(16)))
        desk.import_calendar([morning], "test")
        after = desk.today_at_once().plan
        assert all(p.slot.on != day for found in proposals(after).values() for p in found)
        moved = {name for name in slots(before) if slots(before)[name] != slots(after)[name]}
        assert standing <= moved
        assert len(moved) <= len(standing) + 2


def test_the_best_plan_replaces_the_mended_one_only_if_it_is_worth_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk_on(tmp_path, crowd()) as desk:
        desk.today()
        desk.note(with_plan(desk.today().plan), "husk")
        mended = desk.today_at_once().plan
        monkeypatch.setattr(replanning, "WORTH_A_CHANGE", 10**9)
        assert slots(desk.today().plan) == slots(mended)


@pytest.mark.parametrize("caseload", [crowd(), demo_caseload(MONDAY)], ids=["a crowd", "the demo"])
def test_opened_again_the_program_shows_what_it_showed_without_planning(
    caseload: Caseload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read, judged, its certificate computed again, and shown, where nothing has changed; under adoptions, too."""
    with desk_on(tmp_path, caseload) as desk:
        desk.accept(with_plan(desk.today().plan))
        plan = desk.today().plan

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a plan was made")

    monkeypatch.setattr(replanning, "stand", never)
    with desk_on(tmp_path) as desk:
        assert FORM.write(desk.today().plan) == FORM.write(plan)
        assert FORM.write(desk.today_at_once().plan) == FORM.write(plan)


def test_a_new_day_moves_only_what_has_to_move(tmp_path: Path) -> None:
    """What was proposed for a day whose notice is over now cannot stay; all the rest does."""
    with desk_on(tmp_path, crowd(20)) as desk:
        before = slots(desk.today().plan)
        first = {
            name: notice.after(MONDAY + timedelta(days=1)) for name, notice in desk.office().settings.notice.items()
        }
    clock = FixedClock()
    clock.moment += timedelta(days=1)
    with desk_on(tmp_path, clock=clock) as desk:
        plan = desk.today().plan
    assert plan.today == MONDAY + timedelta(days=1)
    stay = {name for name, found in before.items() if all(slot.on >= first[slot.channel] for slot in found)}
    assert len(stay) > 5
    assert {name: slots(plan)[name] for name in stay} == {name: before[name] for name in stay}


def test_what_was_only_looked_at_moves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan as if it were another day is kept beside the one that holds, and found again by the next such look."""
    with desk_on(tmp_path, crowd(20)) as desk:
        plan = FORM.write(desk.today().plan)
    clock = FixedClock()
    clock.moment += timedelta(days=9)
    with desk_on(tmp_path, clock=clock, trial=True) as desk:
        looked_at = FORM.write(desk.today().plan)
    assert looked_at != plan

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a plan was made")

    monkeypatch.setattr(replanning, "stand", never)
    with desk_on(tmp_path) as desk:
        assert FORM.write(desk.today().plan) == plan
    with desk_on(tmp_path, clock=clock, trial=True) as desk:
        assert FORM.write(desk.today().plan) == looked_at


def kept_ahead(desk: Desk) -> list[Today]:
    """The list that is made ahead, where one is; a glance of it is kept."""
    ahead = desk.ahead()
    if ahead is None:
        return []
    desk.keep_glance(ahead, "ahead", b"shaped")
    return [ahead.today]


@pytest.mark.parametrize("caseload", [crowd(20), demo_caseload(MONDAY)], ids=["a crowd", "the demo"])
@pytest.mark.parametrize("trial", [False, True], ids=["the day", "a trial"])
def test_what_is_made_ahead_is_what_the_day_after_would_have_made(
    caseload: Caseload, trial: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FixedClock()
    clock.moment += timedelta(days=1)
    with desk_on(tmp_path, caseload, trial=trial) as desk:
        desk.accept(with_plan(desk.today().plan))
        today = FORM.write(desk.today().plan)
    (tmp_path / "without").mkdir()
    copyfile(tmp_path / "s.db", tmp_path / "without" / "s.db")
    with desk_on(tmp_path / "without", clock=clock, trial=trial) as desk:
        made = FORM.write(desk.today().plan)
    with desk_on(tmp_path, trial=trial) as desk:
        desk.today()
        (ahead,) = kept_ahead(desk)
        assert FORM.write(desk.today().plan) == today

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a plan was made")

    monkeypatch.setattr(replanning, "stand", never)
    with desk_on(tmp_path, trial=trial) as desk:
        assert FORM.write(desk.today().plan) == today
    for _ in range(2):  # found, and found again as that of the day
        with desk_on(tmp_path, clock=clock, trial=trial) as desk:
            shown = desk.today_kept()
            assert shown is not None
            assert FORM.write(shown.plan) == FORM.write(desk.today().plan) == FORM.write(ahead.plan) == made
            assert shown.rows == ahead.rows


def test_nothing_is_made_ahead_of_a_day_that_is_not_planned_or_that_has_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk_on(tmp_path, crowd()) as desk:
        assert kept_ahead(desk) == []
        desk.accept(with_plan(desk.today().plan))
        assert kept_ahead(desk) == []
        desk.today()
        monkeypatch.setattr(replanning, "_FEW", 11)
        assert kept_ahead(desk) == []


def test_what_was_made_ahead_is_given_up_when_anything_changes(tmp_path: Path) -> None:
    clock = FixedClock()
    clock.moment += timedelta(days=1)
    with desk_on(tmp_path, crowd(20)) as desk:
        desk.today()
        (ahead,) = kept_ahead(desk)
        desk.accept(with_plan(desk.today().plan))
    with desk_on(tmp_path, clock=clock) as desk:
        assert desk.today_kept() is None
        assert slots(desk.today().plan) != slots(ahead.plan)


def test_before_a_weekend_the_monday_is_made_ahead(tmp_path: Path) -> None:
    clock = FixedClock()
    clock.moment += timedelta(days=4)
    with desk_on(tmp_path, crowd(), clock=clock) as desk:
        desk.today()
        (ahead,) = kept_ahead(desk)
    assert ahead.today == MONDAY + timedelta(days=7)


def test_of_somebody_erased_while_it_was_made_nothing_is_kept_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk_on(tmp_path, crowd()) as desk:
        desk.today()

        def erasing(*given: Any, **named: Any) -> making.Standing:
            monkeypatch.setattr(replanning, "stand", making.stand)
            made = making.stand(*given, **named)
            desk.cases.close("p-0")
            desk.cases.erase(["p-0"])
            return made

        monkeypatch.setattr(replanning, "stand", erasing)
        assert kept_ahead(desk)
    with sqlite3.connect(tmp_path / "s.db") as connection:
        assert connection.execute("SELECT count(*) FROM plans WHERE key LIKE '%ahead'").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM glances").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize("damage", ["data", "previous", "bound", "basis"])
def test_a_kept_plan_that_is_not_sound_is_not_believed(tmp_path: Path, damage: str) -> None:
    with desk_on(tmp_path, crowd()) as desk:
        desk.accept(with_plan(desk.today().plan))
        plan = desk.today().plan
    _damaged(tmp_path / "s.db", damage, plan)
    with desk_on(tmp_path) as desk:
        found = desk.today().plan
        assert found.quality.hard_violations == ()
        assert set(slots(found)) == set(slots(plan))
        assert found.quality.lower_bound <= found.quality.objective


def _damaged(path: Path, damage: str, plan: Plan) -> None:
    connection = sqlite3.connect(path)
    if damage == "bound":
        bad = replace(plan, certificate=replace(plan.certificate, bound=plan.certificate.bound + 1000))
        connection.execute("UPDATE plans SET data = ?", (zipped(FORM.write(bad)),))
    elif damage == "basis":
        connection.execute("UPDATE plans SET basis = 'something else'")
    else:
        connection.execute(f"UPDATE plans SET {damage} = ?", (zipped(b"{}"),))
    connection.commit()
    connection.close()


def test_a_plan_that_cannot_be_kept_is_still_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FixedClock()
    store = open_store(tmp_path / "s.db", clock, 0.0)
    with Desk(store, load_rules(), clock, FORM, templates()) as desk:
        desk.load_caseload(crowd())
        with sqlite3.connect(tmp_path / "s.db") as other:
            other.execute("DROP TABLE plans")
        other.close()
        assert len(desk.today().rows) == 12


def test_undo_brings_back_the_plan_that_was_seen(tmp_path: Path) -> None:
    """Not only the change: what others were proposed, too."""
    people = [job_ready(f"Prøve Testrup {n}", n) for n in range(1, 6)]
    with desk_on(tmp_path, office(*people)) as desk:
        first = desk.today()
        for verb in ("postpone", "cadence"):
            if verb == "postpone":
                desk.postpone("p-1", MONDAY + timedelta(days=20), "venter")
            else:
                desk.set_cadence("p-2", Cadence.CLOSE)
            desk.today_at_once()
            changed = desk.today()
            assert changed.plan != first.plan
            desk.undo()
            assert desk.today_at_once().plan == first.plan
            assert desk.today().plan == first.plan
            desk.redo()
            assert desk.today().plan == changed.plan
            desk.undo()


def test_the_plan_that_undo_leads_back_to_is_there_the_next_time(tmp_path: Path) -> None:
    with desk_on(tmp_path, crowd()) as desk:
        first = with_plan(desk.today().plan)
        desk.accept(first)
        desk.today()
        desk.accept(next(part.id for part in desk.today().plan.citizens if part.proposal and part.id != first))
        desk.today_at_once()
        desk.undo()
        desk.today_at_once()
        before = desk.today()
    with Desk(open_store(tmp_path / "s.db", FixedClock(), 0.0), load_rules(), FixedClock(), FORM, templates()) as again:
        kept = again.today_kept()
        assert kept is not None
        assert slots(kept.plan) == slots(before.plan)
