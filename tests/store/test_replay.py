"""The journal, played on empty tables by other code than the program's, gives what stands in the store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from planner.bootstrap import open_desk
from planner.domain.conversations import Status
from tests.benchmarks.replay import differences
from tests.benchmarks.soak import keys_of
from tests.benchmarks.stores import Size, make
from tests.instances import TODAY


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store in clear in which something was done, undone and done again."""
    make(tmp_path / "s.db", Size(citizens=6, years=1, seed=3))
    with open_desk(tmp_path / "s.db", TODAY) as desk:
        for citizen in desk.caseload().citizens[:3]:
            desk.note(citizen.id, "Prøve")
        desk.undo()
        desk.undo()
        desk.redo()
    return tmp_path / "s.db"


def test_what_was_done_undone_and_done_again_is_all_there(store: Path) -> None:
    assert differences(store) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE citizens SET name = 'Prøve Byttet' WHERE rowid = 1", "citizens: a row is otherwise"),
        ("DELETE FROM notes", "notes: a row is missing"),
        ("DELETE FROM journal WHERE seq = 5", "journal: 5 is missing"),
    ],
)
def test_what_was_changed_beside_the_journal_is_told(store: Path, statement: str, told: str) -> None:
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute(statement).rowcount > 0
        connection.commit()
    assert told in differences(store)


def test_what_an_erasure_empties_is_passed_over(store: Path) -> None:
    with open_desk(store, TODAY) as desk:
        booked = {
            one.id for one in desk.caseload().citizens if any(t.status is Status.BOOKED for t in one.conversations)
        }
        citizen = next(one for one in desk.caseload().citizens if one.id not in booked)
        desk.cases.close(citizen.id)
        desk.cases.erase([citizen.id])
    assert differences(store) == []


def test_the_same_seed_presses_the_same_keys_and_none_that_ends_the_program() -> None:
    keys = [next(stream) for stream in [keys_of(Random(1))] for _ in range(5000)]
    assert keys == [next(stream) for stream in [keys_of(Random(1))] for _ in range(5000)]
    assert not {"q", "ctrl+q", "ctrl+l", "E"} & {*keys}
