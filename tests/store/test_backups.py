"""Backups: made when something changed, verified, thinned by age, and brought back without losing what was there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import StoreError
from planner.services.clock import DANISH_TIME
from planner.store import backups, sqlite, vault
from planner.store.backups import Backup, Reason, backups_of, contents, folder_of, is_due, kept, key_of
from planner.store.engine import SqlStore, open_store
from planner.store.keys import unlocking
from planner.store.keys.beside import key_paths
from planner.store.keys.files import ring_of
from planner.store.keys.ring import WrongSecret
from planner.store.keys.slots import Kind
from planner.store.restoring import restore
from planner.store.sqlite import StoreFile
from tests.cheap_keys import cheap_keys
from tests.store.support import MONDAY, FixedClock, aase

PASSPHRASE = "blåbærgrød på fad"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=DANISH_TIME)


@pytest.fixture(autouse=True)
def _cheap() -> Iterator[None]:
    with cheap_keys():
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.db"


@pytest.fixture
def key(path: Path) -> bytes:
    """The key of an encrypted store."""
    prepared = vault.prepare(PASSPHRASE, MONDAY)
    vault.init(path, prepared)
    return prepared.key


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def store(path: Path, key: bytes, clock: FixedClock) -> Iterator[SqlStore]:
    """It, open, with one citizen."""
    store = open_store(path, clock, 0.0, key)
    with store.write() as unit:
        unit.add_citizen(aase())
        unit.record("load_caseload", None, {})
    yield store
    store.close()


def note(store: SqlStore, text: str) -> None:
    """Change something."""
    with store.read() as view:
        key = view.key_of("c-1")
    assert key is not None
    with store.write() as unit:
        unit.add_note(key, text)
        unit.record("note", key, {})


def notes(path: Path, key: bytes) -> list[str]:
    """What the notes say."""
    store = open_store(path, FixedClock(NOON), 0.0, key)
    with store.read() as view:
        citizen = view.key_of("c-1")
        found = [] if citizen is None else [one.text for one in view.notes(citizen)]
    store.close()
    return found


@pytest.mark.parametrize("doing", [sqlite.COPYING, backups.CHECKING])
def test_a_backup_that_is_called_off_leaves_nothing_behind(store: SqlStore, path: Path, doing: str) -> None:
    def reach(said: str, done: int, of: int) -> None:
        if said == doing:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.back_up_now(reach)
    assert [one.name for one in folder_of(path).iterdir()] == []
    assert store.back_up_now() == 1
    assert len(backups_of(path)) == 1


def test_a_look_into_a_backup_that_is_called_off_does_not_call_it_damaged(
    store: SqlStore, path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver takes what Ctrl+C raises within it for an interruption of its own."""

    def pressed() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(sqlite, "_go_on", pressed)
    monkeypatch.setattr(sqlite, "_INSTRUCTIONS", 1)
    with pytest.raises(KeyboardInterrupt):
        contents(StoreFile(path, key))


def test_one_is_made_every_half_hour_in_which_something_changed(store: SqlStore, path: Path, clock: FixedClock) -> None:
    assert store.back_up_if_due()
    assert not store.back_up_if_due()
    note(store, "a")
    clock.moment += timedelta(minutes=29)
    assert not store.back_up_if_due()
    clock.moment += timedelta(minutes=1)
    assert store.back_up_if_due()
    clock.moment += timedelta(hours=5)
    assert not store.back_up_if_due()
    assert [one.seq for one in backups_of(path)] == [2, 1]


def test_a_clock_that_went_back_stops_no_backup(store: SqlStore, clock: FixedClock, path: Path) -> None:
    store.back_up_if_due()
    note(store, "a")
    clock.moment -= timedelta(days=400)
    assert store.back_up_if_due()
    assert len(backups_of(path)) == 2


def test_an_empty_store_needs_none(path: Path) -> None:
    assert not is_due(path, 0, NOON)
    assert is_due(path, 1, NOON)


def test_a_backup_is_encrypted_whole_and_has_its_key(store: SqlStore, path: Path, key: bytes) -> None:
    note(store, "hemmelig sætning")
    made = store.back_up(Reason.ASKED)
    assert contents(StoreFile(made.path, key)) == backups.Contents(True, 1, 2, 1)
    assert not contents(StoreFile(made.path, b"\0" * 32)).is_sound
    for file in folder_of(path).iterdir():
        data = file.read_bytes()
        assert b"hemmelig" not in data
        assert b"SQLite format 3" not in data
    ring = ring_of(key_of(made).read_bytes())
    assert ring is not None
    assert ring.unlock(Kind.PASSPHRASE, PASSPHRASE) == key
    assert sorted(file.name for file in folder_of(path).iterdir()) == sorted([made.path.name, key_of(made).name])


def test_a_damaged_store_is_not_copied_over_a_good_backup(store: SqlStore, path: Path, key: bytes) -> None:
    for number in range(60):
        note(store, f"{number} " * 200)
    good = store.back_up(Reason.ASKED)
    store.close()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(StoreError, match=r"not sound|damaged"):
        backups.back_up(StoreFile(path, key), 99, NOON.astimezone(UTC), Reason.ASKED)
    assert [one.path for one in backups_of(path)] == [good.path]
    assert contents(StoreFile(good.path, key)).is_sound


def test_without_room_it_says_how_much_is_needed(store: SqlStore, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        free = 0

    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Full)
    with pytest.raises(StoreError, match=r"no room for a backup.* MB"):
        store.back_up(Reason.ASKED)
    assert backups_of(path) == ()


def test_what_a_crash_left_half_done_is_no_backup_and_goes(store: SqlStore, path: Path) -> None:
    folder_of(path).mkdir()
    half = folder_of(path) / "20261123-110000-000001-regular.db.part"
    strange = folder_of(path) / "brev.txt"
    odd = ("20269923-110000-000001-regular.db", "99991231-235959-000001-asked.db")
    for file in (half, strange, *(folder_of(path) / name for name in odd)):
        file.write_bytes(b"x")
    assert backups_of(path) == ()
    store.back_up(Reason.ASKED)
    assert not half.exists()
    assert strange.exists()


def some(*ages: timedelta) -> list[Backup]:
    """Backups of those ages."""
    now = NOON.astimezone(UTC)
    return [Backup(Path(f"{number}.db"), now - age, number, Reason.REGULAR) for number, age in enumerate(sorted(ages))]


class TestThinning:
    def test_two_days_are_kept_whole_then_one_a_day_a_week_a_month(self) -> None:
        made = some(*(timedelta(hours=hours) for hours in range(0, 24 * 400, 2)))
        stay = kept(made, NOON.astimezone(UTC))
        ages = sorted(NOON.astimezone(UTC) - one.at for one in made if one.path in stay)
        assert sum(age <= timedelta(days=2) for age in ages) == 25
        assert sum(timedelta(days=2) < age <= timedelta(days=14) for age in ages) in (12, 13)
        assert sum(timedelta(days=14) < age <= timedelta(weeks=8) for age in ages) in (6, 7)
        assert sum(timedelta(weeks=8) < age for age in ages) in (4, 5)
        assert ages[-1] <= timedelta(days=180)

    @given(st.lists(st.timedeltas(timedelta(days=-3), timedelta(days=900)), max_size=40))
    def test_the_newest_always_stay_and_nothing_of_two_days_goes(self, ages: list[timedelta]) -> None:
        made = some(*ages)
        stay = kept(made, NOON.astimezone(UTC))
        newest = sorted(made, key=lambda one: one.at, reverse=True)
        assert {one.path for one in newest[:3]} <= stay
        assert {one.path for one in made if NOON - one.at <= timedelta(days=2)} <= stay

    @given(st.lists(st.timedeltas(timedelta(0), timedelta(days=900)), max_size=40))
    def test_thinning_again_takes_nothing_more(self, ages: list[timedelta]) -> None:
        made = some(*ages)
        stay = kept(made, NOON.astimezone(UTC))
        assert kept([one for one in made if one.path in stay], NOON.astimezone(UTC)) == stay

    def test_a_clock_that_is_wrong_for_once_takes_few(self, store: SqlStore, path: Path, clock: FixedClock) -> None:
        for number in range(8):
            note(store, str(number))
            store.back_up(Reason.ASKED)
            clock.moment += timedelta(hours=30)
        clock.moment += timedelta(days=900)
        note(store, "x")
        before = len(backups_of(path))
        store.back_up(Reason.ASKED)
        assert len(backups_of(path)) == before - 1

    def test_old_files_go_with_their_keys(self, store: SqlStore, path: Path, clock: FixedClock) -> None:
        for number in range(5):
            note(store, str(number))
            store.back_up(Reason.ASKED)
            clock.moment += timedelta(days=300)
        assert len(backups_of(path)) == 3
        assert len(list(folder_of(path).iterdir())) == 6


class TestRestoring:
    def test_the_store_is_as_it_was_then_and_the_one_before_is_kept(
        self, store: SqlStore, path: Path, key: bytes
    ) -> None:
        note(store, "før")
        backup = store.back_up(Reason.ASKED)
        note(store, "efter")
        store.close()
        aside = restore(path, backup, key, NOON).kept
        assert notes(path, key) == ["før"]
        assert aside is not None
        assert notes(aside, key) == ["før", "efter"]

    def test_journals_of_the_store_before_do_not_stay_beside(self, store: SqlStore, path: Path, key: bytes) -> None:
        backup = store.back_up(Reason.ASKED)
        store.close()
        path.with_name("s.db-wal").write_bytes(b"of another file" * 1000)
        restore(path, backup, key, NOON)
        assert notes(path, key) == []

    def test_a_damaged_or_lost_store_is_replaced(self, store: SqlStore, path: Path, key: bytes) -> None:
        note(store, "før")
        backup = store.back_up(Reason.ASKED)
        store.close()
        path.write_bytes(b"\0" * 9000)
        restore(path, backup, key, NOON)
        assert notes(path, key) == ["før"]
        path.unlink()
        assert restore(path, backup, key, NOON).kept is None
        assert notes(path, key) == ["før"]

    def test_the_log_of_a_store_that_is_lost_is_kept_and_not_taken_for_that_of_the_backup(
        self, store: SqlStore, path: Path, key: bytes
    ) -> None:
        note(store, "før")
        backup = store.back_up(Reason.ASKED)
        note(store, "efter")
        log = path.with_name("s.db-wal").read_bytes()
        store.close()
        path.unlink()
        path.with_name("s.db-wal").write_bytes(log)
        assert restore(path, backup, key, NOON).kept is None
        assert notes(path, key) == ["før"]
        assert [file.read_bytes() for file in path.parent.glob("s.db.replaced-*-wal")] == [log]

    def test_a_look_at_a_damaged_store_leaves_its_log_alone(self, store: SqlStore, path: Path, key: bytes) -> None:
        for number in range(20):
            note(store, f"{number} " * 500)
        left = {file.name: file.read_bytes() for file in path.parent.glob("s.db*") if file.is_file()}
        store.close()
        left["s.db"] = b"\0" * len(left["s.db"])
        for name in ("s.db", "s.db-wal"):
            path.with_name(name).write_bytes(left[name])
        shutil.copy(path, path.with_name("s.db.new"))
        assert not contents(StoreFile(path, key)).is_sound
        vault.finish(path, key)
        assert {name: path.with_name(name).read_bytes() for name in ("s.db", "s.db-wal")} == {
            name: left[name] for name in ("s.db", "s.db-wal")
        }

    def test_a_backup_that_is_not_sound_changes_nothing(self, store: SqlStore, path: Path, key: bytes) -> None:
        note(store, "før")
        backup = store.back_up(Reason.ASKED)
        store.close()
        data = bytearray(backup.path.read_bytes())
        data[-2000] ^= 1
        backup.path.write_bytes(bytes(data))
        with pytest.raises(StoreError):
            restore(path, backup, key, NOON)
        assert notes(path, key) == ["før"]

    def test_two_in_a_second_keep_both(self, store: SqlStore, path: Path, key: bytes) -> None:
        backup = store.back_up(Reason.ASKED)
        store.close()
        first, second = (restore(path, backup, key, NOON).kept for _ in range(2))
        assert first is not None
        assert second is not None
        assert first != second
        assert first.exists()
        assert second.exists()

    def test_a_power_cut_between_the_two_moves_is_finished_when_it_is_opened(
        self, store: SqlStore, path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        note(store, "før")
        backup = store.back_up(Reason.ASKED)
        store.close()
        real = Path.replace

        def cut(self: Path, target: Path) -> Path:
            if self.name.endswith(".new"):
                raise KeyboardInterrupt
            return real(self, target)

        monkeypatch.setattr(Path, "replace", cut)
        with pytest.raises(KeyboardInterrupt):
            restore(path, backup, key, NOON)
        monkeypatch.undo()
        assert not path.exists()
        vault.finish(path, key)
        assert notes(path, key) == ["før"]

    def test_what_is_done_after_a_restore_is_backed_up_though_the_numbers_are_the_same(
        self, store: SqlStore, path: Path, key: bytes, clock: FixedClock
    ) -> None:
        note(store, "a")
        first = store.back_up(Reason.ASKED)
        note(store, "b")
        clock.moment += timedelta(hours=1)
        newest = store.back_up(Reason.ASKED)
        store.close()
        restore(path, first, key, clock.moment.astimezone(UTC) + timedelta(hours=1))
        with closing(open_store(path, clock, 0.0, key)) as again:
            note(again, "c")
            clock.moment += timedelta(hours=4)
            assert again.back_up_if_due()
        assert backups_of(path)[0].seq == newest.seq

    def test_a_restore_that_fails_leaves_nothing_that_could_be_finished(
        self, store: SqlStore, path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        note(store, "før")
        backup = store.back_up(Reason.ASKED)
        store.close()

        def refused(self: Path, target: Path) -> Path:
            raise PermissionError

        monkeypatch.setattr(Path, "replace", refused)
        with pytest.raises(StoreError):
            restore(path, backup, key, NOON)
        monkeypatch.undo()
        assert not path.with_name(path.name + ".new").exists()
        assert notes(path, key) == ["før"]

    def test_another_passphrase_holds_for_the_backups_too(self, store: SqlStore, path: Path, key: bytes) -> None:
        store.back_up(Reason.ASKED)
        store.close()
        vault.change_passphrase(path, key, "en helt anden sætning", MONDAY)
        for file in key_paths(path):
            file.unlink()
        with pytest.raises(WrongSecret):
            unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE)
        assert unlocking.unlock(path, Kind.PASSPHRASE, "en helt anden sætning") == key

    def test_with_both_key_files_lost_that_of_a_backup_opens(self, store: SqlStore, path: Path, key: bytes) -> None:
        store.back_up(Reason.ASKED)
        store.close()
        for file in key_paths(path):
            file.unlink()
        assert vault.state(path) is vault.State.LOCKED
        assert unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE) == key
        assert [file.exists() for file in key_paths(path)] == [True, True]
