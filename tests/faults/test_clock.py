"""A clock that jumps, and the two days on which an hour is left out or comes twice: numbers give the order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.bootstrap import plan_form, templates
from planner.domain.citizens import FactKind
from planner.services.clock import DANISH_TIME
from planner.services.desk import Desk
from planner.store.engine import open_store
from tests.faults.deeds import RULES, caseload, prepare_citizens, reopened
from tests.full import many
from tests.services.office import FixedClock, state

_FORWARD = datetime(2026, 3, 29, 1, 59, tzinfo=DANISH_TIME)
_BACK = datetime(2026, 10, 25, 2, 59, tzinfo=DANISH_TIME)


def desk_at(store: Path, key: bytes, clock: FixedClock) -> Desk:
    """A desk whose clock can be set."""
    return Desk(open_store(store, clock, 0.0, key), RULES, clock, plan_form(), templates())


@pytest.mark.parametrize("moment", [_FORWARD, _BACK], ids=["an hour is left out", "an hour comes twice"])
def test_on_the_days_when_the_hour_changes_notes_stand_in_the_order_in_which_they_were_written(
    ground: Path, moment: datetime
) -> None:
    store, clock = ground / "s.db", FixedClock()
    prepare_citizens(store)
    key, written = reopened(store), []
    for minutes in range(0, 150, 10):
        # Reckoned in UTC, as time goes on; a minute before the hour comes twice, 02.59 is the earlier of the two.
        clock.moment = (moment.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(DANISH_TIME)
        with desk_at(store, key, clock) as desk:
            desk.note("c-1", f"{minutes}")
            written.append((clock.moment.replace(tzinfo=None, fold=0), f"{minutes}"))
    with desk_at(store, key, clock) as desk:
        assert [(found.at, found.text) for found in desk.notes("c-1")] == written
        assert [entry.at for entry in reversed(desk.log())][-len(written) :] == [at for at, _ in written]
        for _ in written:
            desk.undo()
        assert desk.notes("c-1") == ()
        for _ in written:
            desk.redo()
        assert [found.text for found in desk.notes("c-1")] == [text for _, text in written]
        desk.verify()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clock")


@settings(max_examples=many(5, 300))
@given(st.lists(st.integers(-400 * 24 * 60, 400 * 24 * 60), min_size=1, max_size=6))
def test_whichever_way_the_clock_jumps_nothing_is_lost_or_out_of_order(fresh: Path, jumps: list[int]) -> None:
    store, clock = fresh / "s.db", FixedClock()
    for path in fresh.iterdir():
        path.unlink()
    prepare_citizens(store)
    with desk_at(store, reopened(store), clock) as desk:
        before = [state(desk)]
        for number, minutes in enumerate(jumps):
            clock.moment += timedelta(minutes=minutes)
            desk.note("c-1", str(number))
            desk.add_fact("c-2", FactKind.TREATMENT, clock.today(), clock.today() + timedelta(days=number))
            before.append(state(desk))
        assert [note.text for note in desk.notes("c-1")] == [str(number) for number in range(len(jumps))]
        assert [entry.seq for entry in desk.log()] == list(range(1 + 2 * len(jumps), 0, -1))
        for expected in reversed(before[:-1]):
            clock.moment -= timedelta(days=3)
            desk.undo()
            desk.undo()
            assert state(desk) == expected
        assert {citizen.id for citizen in desk.caseload().citizens} == {c.id for c in caseload(1, 3).citizens}
        desk.verify()
