"""Today's list as JSON is told again as it was, without the plan, as long as it would come out the same."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from planner import bootstrap
from planner.services.clock import DANISH_TIME, SystemClock
from planner.store import sqlite
from planner.store.keys import unlocking
from planner.store.keys.beside import is_locked
from planner.store.keys.slots import Kind
from planner.store.lock import alone
from planner.store.sqlite import StoreFile
from tests.cli.conftest import PASSPHRASE, Answer, Line, desk_at
from tests.cli.office import TODAY

Told = Callable[..., Answer]


class Places:
    """A store under test: how it is asked, how often it was opened as usual, and what lies in it."""

    def __init__(self, run: Line, path: Path) -> None:
        self.path = path
        self.opened = 0
        self._run = run

    def __call__(self, *words: str, today: str = TODAY) -> Answer:
        """The answer to a command line."""
        return self._run(*words, "--today", today)

    def told(self, *words: str, today: str = TODAY) -> Answer:
        """Today's list as JSON, asked for until it is told as before: as usual, again, and as usual once more."""
        answers = [self("today", "--json", *words, today=today)]
        before = self.opened
        answers.append(self("today", "--json", *words, today=today))
        assert self.opened == before
        self.forget()
        answers.append(self("today", "--json", *words, today=today))
        assert self.opened == before + 1
        assert answers[0] == answers[1] == answers[2]
        assert (answers[0].code, answers[0].err) == (0, "")
        return answers[0]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database answers."""
        key = unlocking.unlock(self.path, Kind.PASSPHRASE, PASSPHRASE) if is_locked(self.path) else None
        with closing(sqlite.connect(StoreFile(self.path, key))) as connection:
            return list(connection.execute(query))

    def forget(self) -> None:
        """Let nothing be there to tell again."""
        self.rows("DELETE FROM glances")

    def glances(self) -> bytes:
        """All that is kept to be told again."""
        import zlib

        return b"".join(zlib.decompress(data) for (data,) in self.rows("SELECT data FROM glances"))


@pytest.fixture(params=["demo", "encrypted"])
def place(request: pytest.FixtureRequest, nowhere: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """The store of the demo, and one that has a passphrase."""
    request.getfixturevalue("demo" if request.param == "demo" else "line")
    made = Places(nowhere, tmp_path / "planner.db")
    usual = bootstrap.open_desk

    def counted(*args: Any, **kwargs: Any) -> Any:
        made.opened += 1
        return usual(*args, **kwargs)

    monkeypatch.setattr(bootstrap, "open_desk", counted)
    return made


def someone(answer: Answer, what: str) -> str:
    """The first citizen of the list who has it."""
    listed: Any = answer.json
    return next(str(one["id"]) for one in listed["citizens"] if one[what])


def test_what_is_told_again_is_what_would_be_told(place: Places) -> None:
    first = place.told()
    proposed = someone(first, "proposal")
    for change in (
        ("accept", proposed),
        ("note", proposed, "ringet"),
        ("undo",),
        ("undo",),
        ("redo",),
        ("postpone", proposed, "+2w", "--reason", "ferie"),
        ("close", someone(first, "booked")),
    ):
        assert place(*change).code in {0, 5}, change
        place.told()
    assert place.told().out != first.out


def test_each_way_of_asking_is_told_as_it_would_be(place: Places, tmp_path: Path) -> None:
    usual = place.told()
    assert place.told("--lang", "en").out != usual.out
    (tmp_path / "settings.toml").write_text('mask = "names"\n', encoding="utf-8")
    assert place.told().out != usual.out
    assert place.told("--show-names").out == usual.out
    (tmp_path / "settings.toml").write_text('language = "en"\nsymbols = "ascii"\n', encoding="utf-8")
    assert place.told("--lang=da").out == usual.out
    before = place.opened
    assert place("today", "--json", "--limit", "1", "--lang", "da").out != usual.out
    assert place("today", "--json", "--target-group", "6.1", "--lang", "da").out != usual.out
    assert place("today", "--json", "--lang", "da").out == usual.out
    assert place.opened == before + 2
    other_day: Any = place.told(today="2026-11-24").json
    assert other_day["today"] == "2026-11-24"


def test_what_was_only_tried_is_not_told_when_its_day_has_come(place: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its plan lay close to that of another trial, and not to the one that holds."""
    place.told(today="2026-11-24")
    before = place.opened
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime(2026, 11, 24, 9, tzinfo=DANISH_TIME))
    place("today", "--json", today="2026-11-24")
    assert place.opened == before + 1


def test_each_look_is_logged_alike(place: Places) -> None:
    place.told()
    found: Any = place("looks", "--json").json
    kinds = [(one["kind"], one["purpose"], one["count"]) for one in found if one["purpose"] == "today"]
    assert len(kinds) == 3
    assert len(set(kinds)) == 1
    assert {one["account"] for one in found} == {found[0]["account"]}
    with desk_at(place.path) if is_locked(place.path) else bootstrap.open_desk(place.path) as desk:
        desk.verify()


def test_who_opened_the_store_is_logged_before(line: Line, tmp_path: Path) -> None:
    place = Places(line, tmp_path / "planner.db")
    place("today", "--json")
    place("today", "--json")
    rows = place.rows("SELECT kind, purpose FROM accesses ORDER BY seq")
    assert rows[-4:] == [("unlock", "open"), ("view", "today")] * 2
    assert not (tmp_path / "planner.db.unlocks.taken").exists()


def test_nobody_who_was_erased_is_told_again(line: Line, tmp_path: Path) -> None:
    place = Places(line, tmp_path / "planner.db")
    place("close", "c-5")
    assert "Ib Opdigt" in place("today", "--json").out
    assert b"Ib Opdigt" in place.glances()
    assert place("erase", "c-5", "--yes").code == 0
    assert b"Opdigt" not in place.glances()
    assert "c-5" not in place("today", "--json").out
    assert "c-5" not in place("today", "--json").out
    assert place.glances()
    assert b"c-5" not in place.glances()


def test_a_store_that_is_in_use_is_refused_as_usual(place: Places) -> None:
    place.told()
    with alone(place.path, 0.0):
        answer = place("today", "--json")
    assert (answer.code, answer.out) == (6, "")


def test_a_store_of_a_newer_version_is_refused_as_usual(place: Places) -> None:
    place.told()
    place.rows("UPDATE alembic_version SET version_num = '9999'")
    before = place.rows("SELECT count(*) FROM accesses WHERE kind = 'view'")
    answer = place("today", "--json")
    assert (answer.code, answer.out) == (6, "")
    assert place.rows("SELECT count(*) FROM accesses WHERE kind = 'view'") == before


def test_a_backup_that_is_due_is_made(line: Line, tmp_path: Path) -> None:
    place = Places(line, tmp_path / "planner.db")
    place("today", "--json")
    made = sorted((tmp_path / "planner.db.backups").glob("*.db"))
    assert made
    for old in (tmp_path / "planner.db.backups").iterdir():
        old.unlink()
    place("today", "--json")
    assert len(list((tmp_path / "planner.db.backups").glob("*.db"))) == 1


def test_what_was_cut_off_is_told(line: Line, tmp_path: Path) -> None:
    place = Places(line, tmp_path / "planner.db")
    usual = place("today", "--json")
    place.rows("PRAGMA journal_mode = WAL")
    (tmp_path / "planner.db-wal").write_bytes(b"torn" * 20)
    answer = place("today", "--json")
    assert (answer.code, answer.out) == (0, usual.out)
    assert answer.err
