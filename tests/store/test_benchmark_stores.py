"""The stores that are measured on are stores like any other, and the same for the same seed."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite3

from planner.__main__ import main
from planner.bootstrap import open_desk
from planner.domain.conversations import Status
from planner.store.engine import open_store
from tests.benchmarks.stores import Size, make
from tests.cheap_keys import cheap_keys
from tests.instances import TODAY
from tests.store.support import FixedClock

SIZE = Size(citizens=12, years=2, seed=7)
PASSPHRASE = "blåbærgrød på fad"


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    connection = sqlite3.connect(path)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in names}


def test_the_same_seed_makes_the_same_store(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("again", 7), ("another", 8)):
        make(tmp_path / name, Size(12, 2, seed))
    assert contents(tmp_path / "one") == contents(tmp_path / "again") != contents(tmp_path / "another")


def test_the_store_is_whole_and_its_last_action_can_be_undone(tmp_path: Path) -> None:
    """The chain holds, everybody has a history, and undo takes a booking back."""
    make(tmp_path / "s.db", SIZE)
    store = open_store(tmp_path / "s.db", FixedClock(), 0.0)
    with store.read() as view:
        view.verify()
        assert view.head() > SIZE.conversations
    store.close()
    with open_desk(tmp_path / "s.db", TODAY) as desk:
        people = desk.caseload().citizens
        talks = [talk for citizen in people for talk in citizen.conversations]
        booked = [talk for talk in talks if talk.status is Status.BOOKED]
        assert len(people) == SIZE.citizens
        assert len(talks) - len(booked) == SIZE.conversations
        assert booked
        assert all(len(citizen.conversations) >= SIZE.years for citizen in people)
        assert desk.today().plan.quality.hard_violations == ()
        desk.undo()
        left = [talk for citizen in desk.caseload().citizens for talk in citizen.conversations]
        assert len(left) == len(talks) - 1


def test_an_encrypted_one_is_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the program's own examination says, with chain and backup."""
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE, "utf-8")
    secret.chmod(0o600)
    monkeypatch.setenv("PLANNER_PASSPHRASE_FILE", str(secret))
    monkeypatch.setenv("PLANNER_CONFIG", str(tmp_path / "settings.toml"))
    with cheap_keys():
        make(tmp_path / "s.db", SIZE, PASSPHRASE)
    assert main(["doctor", "--store", str(tmp_path / "s.db"), "--json"]) == 0
    assert '"logs": true' in capsys.readouterr().out
