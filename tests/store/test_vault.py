"""The encrypted store: nothing of it can be read without a key, and no accident makes another one of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite3

from planner.errors import Refused, StoreError
from planner.store import backups, vault
from planner.store.keys import unlocking
from planner.store.keys.attempts import attempts_file
from planner.store.keys.beside import NEW_SUFFIX, key_paths
from planner.store.keys.recovery import new_recovery_key
from planner.store.keys.ring import WrongSecret
from planner.store.keys.slots import Kind
from planner.store.sqlite import SIDE_FILES
from tests.cheap_keys import cheap_keys
from tests.store.support import MONDAY, aase, opened

PASSPHRASE = "blåbærgrød på fad"
#: What is in the store and must be nowhere else; each too long to come about by chance in what is encrypted.
MARKS = ("Ærlig-Ødegård", "finder selv arbejde", "arabisk", "SQLite format 3", "CREATE TABLE")


@pytest.fixture(autouse=True)
def _cheap() -> Iterator[None]:
    with cheap_keys():
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "s.db"


def init(path: Path, passphrase: str = PASSPHRASE) -> str:
    """Set it up; gives the recovery key."""
    prepared = vault.prepare(passphrase, MONDAY)
    vault.init(path, prepared)
    return prepared.recovery


def fill(path: Path, key: bytes | None) -> None:
    """Put one citizen in."""
    with opened(path, key=key) as store, store.write() as unit:
        unit.add_citizen(aase())
        unit.record("load_caseload", None, {})


def names(path: Path, key: bytes | None) -> list[str]:
    """Who is in it."""
    with opened(path, key=key) as store, store.read() as view:
        return [citizen.name for citizen in view.citizens().values()]


def files(folder: Path) -> dict[str, str]:
    """All files in a folder with a digest of what they hold."""
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def clear(folder: Path) -> list[tuple[str, str]]:
    """Where a mark stands in clear."""
    found = []
    for path in folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        found += [
            (path.name, mark)
            for mark in MARKS
            if any(mark.encode(code) in data for code in ("utf-8", "utf-16-le", "latin-1"))
        ]
    return found


def test_what_is_kept_is_nowhere_in_clear(path: Path) -> None:
    init(path)
    key = unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE)
    with opened(path, key=key) as store:
        with store.write() as unit:
            unit.add_citizen(aase())
            unit.record("load_caseload", None, {})
        assert clear(path.parent) == []
        assert len(list(path.parent.glob("s.db*"))) >= 4
    assert clear(path.parent) == []
    assert names(path, key) == ["Åse Ærlig-Ødegård"]


def test_a_plain_store_shows_the_marks(path: Path) -> None:
    """The search above would find them."""
    fill(path, None)
    assert {mark for _, mark in clear(path.parent)} >= {"Ærlig-Ødegård", "arabisk", "SQLite format 3"}


def test_without_a_key_or_with_another_one_nothing_is_read_or_changed(path: Path) -> None:
    init(path)
    fill(path, unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE))
    before = files(path.parent)
    for key, sentence in ((None, "not a store of this program"), (b"\0" * 32, "damaged")):
        with pytest.raises(StoreError, match=sentence), opened(path, key=key):
            pass
    for kind, secret in ((Kind.PASSPHRASE, "en helt anden"), (Kind.RECOVERY, "ABCD-" * 7 + "ABCD")):
        with pytest.raises(WrongSecret):
            unlocking.unlock(path, kind, secret)
    attempts = attempts_file(path)
    assert attempts.read_text().count("failed_unlock\n") == 2
    attempts.unlink()
    assert files(path.parent) == {name: data for name, data in before.items() if name != attempts.name}


def test_the_recovery_key_opens_it_when_the_passphrase_is_forgotten(path: Path) -> None:
    recovery = init(path)
    key = unlocking.unlock(path, Kind.RECOVERY, recovery.lower().replace("-", " "))
    vault.change_passphrase(path, key, "den nye sætning", MONDAY)
    assert unlocking.unlock(path, Kind.PASSPHRASE, "den nye sætning") == key
    with pytest.raises(WrongSecret):
        unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE)


def test_a_new_recovery_key_takes_the_place_of_the_one_before(path: Path) -> None:
    first = init(path)
    key = unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE)
    second = new_recovery_key()
    vault.replace_recovery(path, key, second, MONDAY)
    assert unlocking.unlock(path, Kind.RECOVERY, second) == key
    with pytest.raises(WrongSecret):
        unlocking.unlock(path, Kind.RECOVERY, first)
    assert [slot.kind for slot in unlocking.slots(path)] == [Kind.PASSPHRASE, Kind.RECOVERY]


def test_a_slot_that_is_needed_cannot_be_removed(path: Path) -> None:
    init(path)
    for slot in unlocking.slots(path):
        with pytest.raises(Refused):
            vault.remove_slot(path, slot.id)


def test_an_encrypted_store_is_not_made_again(path: Path) -> None:
    init(path)
    before = files(path.parent)
    with pytest.raises(Refused, match="encrypted already"):
        init(path, "en anden sætning")
    assert files(path.parent) == before


def test_a_store_that_is_gone_is_not_replaced_by_an_empty_one(path: Path) -> None:
    init(path)
    key = unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE)
    path.unlink()
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    with pytest.raises(StoreError, match="missing"), opened(path, key=key):
        pass
    path.touch()
    with pytest.raises(StoreError, match="empty"), opened(path, key=key):
        pass
    with pytest.raises(Refused, match="encrypted already"):
        init(path)


def test_a_damaged_page_is_told_from_a_wrong_passphrase(path: Path) -> None:
    init(path)
    key = unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE)
    fill(path, key)
    data = bytearray(path.read_bytes())
    data[5000] ^= 1
    path.write_bytes(bytes(data))
    assert unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE) == key
    with pytest.raises(StoreError, match="damaged"), opened(path, key=key):
        pass


class TestEncryptingWhatIsThere:
    def test_every_row_is_kept_and_nothing_stays_in_clear(self, path: Path) -> None:
        fill(path, None)
        path.with_name("s.db.before-0003").write_bytes(path.read_bytes())
        init(path)
        key = unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE)
        assert names(path, key) == ["Åse Ærlig-Ødegård"]
        assert clear(path.parent) == []
        with opened(path, key=key) as store, store.read() as view:
            view.verify()

    def test_what_is_no_store_stays_as_it_is(self, path: Path) -> None:
        path.parent.mkdir()
        path.write_bytes(b"a letter to somebody, and no database at all" * 50)
        before = path.read_bytes()
        with pytest.raises(StoreError):
            init(path)
        assert path.read_bytes() == before
        assert vault.state(path) is vault.State.STRANGE


class Cut(BaseException):
    """The power goes."""


def cuts(path: Path, fresh: bool) -> Iterator[int]:
    """Set the store up again and again, and let the power go before each lasting change in turn."""
    real_replace, real_sync, number = os.replace, os.fsync, 0
    while True:
        for old in path.parent.glob("*") if path.parent.is_dir() else ():
            old.unlink()
        if not fresh:
            fill(path, None)
            path.with_name("s.db.before-0003").write_bytes(path.read_bytes())
        left = number

        def step() -> None:
            nonlocal left
            if left == 0:
                raise Cut
            left -= 1

        def replace(self: Path, target: Path) -> Path:
            step()
            real_replace(self, target)
            return Path(target)

        def sync(handle: int) -> None:
            step()
            real_sync(handle)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "replace", replace)
            patch.setattr(os, "fsync", sync)
            try:
                init(path)
            except Cut:
                pass
            else:
                return
        yield number
        number += 1


@pytest.mark.parametrize("fresh", [True, False])
def test_wherever_the_power_goes_while_it_is_set_up_it_opens_afterwards(path: Path, fresh: bool) -> None:
    expected, seen = [] if fresh else ["Åse Ærlig-Ødegård"], set()
    for _ in cuts(path, fresh):
        locked = vault.state(path) is vault.State.LOCKED
        seen.add(locked)
        if locked:
            key = unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE)
            vault.finish(path, key)
            assert names(path, key) == expected
        else:
            assert path.exists() is not fresh
            init(path)
            assert names(path, unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE)) == expected
        assert clear(path.parent) == []
    assert seen == {True, False}


def test_a_half_made_file_with_another_key_is_never_moved_into_place(path: Path) -> None:
    init(path)
    key = unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE)
    fill(path, key)
    made = path.with_name(path.name + NEW_SUFFIX)
    for content in (b"", b"torn" * 2000, path.read_bytes()[:-4096]):
        made.write_bytes(content)
        vault.finish(path, key)
        assert names(path, key) == ["Åse Ærlig-Ødegård"]


def test_what_was_left_over_never_takes_the_place_of_a_store_that_is_damaged_later(path: Path) -> None:
    init(path)
    key = unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE)
    made = path.with_name(path.name + NEW_SUFFIX)
    made.write_bytes(path.read_bytes())
    for suffix in SIDE_FILES:
        made.with_name(made.name + suffix).touch()
    fill(path, key)
    vault.finish(path, key)
    assert not list(path.parent.glob(f"{made.name}*"))
    assert names(path, key) == ["Åse Ærlig-Ødegård"]


def test_a_store_that_is_damaged_or_busy_is_not_replaced_by_a_leftover(path: Path) -> None:
    init(path)
    key = vault_key(path)
    fill(path, key)
    made = path.with_name(path.name + NEW_SUFFIX)
    made.write_bytes(path.read_bytes())
    whole = path.read_bytes()
    path.write_bytes(whole[:5000] + bytes(64) + whole[5064:])
    damaged = path.read_bytes()
    vault.finish(path, key)
    assert path.read_bytes() == damaged
    path.write_bytes(whole)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        number = path.stat().st_ino
        with pytest.raises(StoreError):
            vault.finish(path, key)
        assert path.stat().st_ino == number


def vault_key(path: Path) -> bytes:
    """The key by the passphrase."""
    return unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE)


def test_the_raw_key_alone_reads_it_with_the_settings_of_the_cipher(path: Path) -> None:
    """The way out, should this program ever be gone: raw key, default settings, nothing of our own."""
    init(path)
    key = unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE)
    fill(path, key)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        assert connection.execute("SELECT name FROM citizens").fetchall() == [("Åse Ærlig-Ødegård",)]
    assert [path.exists() for path in key_paths(path)] == [True, True]


@pytest.mark.parametrize("theirs", [PASSPHRASE, "en helt anden sætning"])
@pytest.mark.parametrize("is_newer", [False, True])
@pytest.mark.parametrize("foreign", [0, 1])
def test_a_key_file_of_another_store_neither_opens_this_one_nor_takes_the_place_of_its_own(
    path: Path, tmp_path: Path, theirs: str, is_newer: bool, foreign: int
) -> None:
    other = tmp_path / "other" / "s.db"
    init(path)
    init(other, theirs)
    fill(path, vault_key(path))
    if is_newer:
        vault.change_passphrase(other, unlocking.unlock(other, Kind.PASSPHRASE, theirs), theirs, MONDAY)
    own, wrong = key_paths(path)[1 - foreign].read_bytes(), key_paths(other)[0].read_bytes()
    key_paths(path)[foreign].write_bytes(wrong)
    with pytest.raises(WrongSecret):
        unlocking.unlock(path, Kind.PASSPHRASE, "hverken den ene eller den anden")
    assert key_paths(path)[foreign].read_bytes() == wrong
    assert names(path, unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE)) == [aase().name]
    assert [one.read_bytes() for one in key_paths(path)] == [own, own]


@pytest.mark.parametrize("lost", [0, 1])
def test_a_key_file_of_another_store_that_is_alone_gives_way_to_that_of_the_backups(
    path: Path, tmp_path: Path, lost: int
) -> None:
    other = tmp_path / "other" / "s.db"
    init(path)
    init(other)
    key = vault_key(path)
    fill(path, key)
    with opened(path, key=key) as store:
        store.back_up_now()
    own = key_paths(path)[0].read_bytes()
    key_paths(path)[lost].unlink()
    key_paths(path)[1 - lost].write_bytes(key_paths(other)[0].read_bytes())
    assert vault_key(path) == key
    assert [one.read_bytes() for one in key_paths(path)] == [own, own]


@pytest.mark.parametrize("is_half_made", [False, True])
def test_where_the_store_is_gone_what_is_left_of_it_tells_its_own_key(
    path: Path, tmp_path: Path, is_half_made: bool
) -> None:
    other = tmp_path / "other" / "s.db"
    init(path)
    init(other)
    vault.change_passphrase(other, vault_key(other), PASSPHRASE, MONDAY)
    key = vault_key(path)
    fill(path, key)
    with opened(path, key=key) as store:
        store.back_up_now()
    if is_half_made:
        path.rename(path.with_name(path.name + NEW_SUFFIX))
    else:
        path.unlink()
    key_paths(path)[0].write_bytes(key_paths(other)[0].read_bytes())
    assert vault_key(path) == key


def test_keys_are_not_changed_beside_one_of_another_store(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "s.db"
    init(path)
    init(other)
    key = vault_key(path)
    key_paths(path)[0].write_bytes(key_paths(other)[0].read_bytes())
    before = files(path.parent)
    with pytest.raises(StoreError, match="another store"):
        vault.change_passphrase(path, key, "en helt anden sætning", MONDAY)
    assert files(path.parent) == before


def test_where_no_key_opens_a_damaged_store_no_key_file_is_changed(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "s.db"
    init(path)
    init(other)
    key_paths(path)[1].write_bytes(key_paths(other)[1].read_bytes())
    path.write_bytes(bytes(len(path.read_bytes())))
    before = files(path.parent)
    with pytest.raises(StoreError), opened(path, key=unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE)):
        pass
    after = files(path.parent)
    assert [after[one.name] for one in key_paths(path)] == [before[one.name] for one in key_paths(path)]


@pytest.mark.parametrize("from_copy", [0, 1])
def test_a_change_of_the_keys_that_was_cut_off_reaches_the_backups_when_it_is_next_opened(
    path: Path, from_copy: int
) -> None:
    init(path)
    key = vault_key(path)
    with opened(path, key=key) as store:
        store.back_up_now()
    (kept,) = backups.backups_of(path)
    copies = [key_paths(path)[1], backups.key_of(kept)]
    former = [one.read_bytes() for one in copies]
    vault.change_passphrase(path, key, "en helt anden sætning", MONDAY)
    for copy, data in list(zip(copies, former, strict=True))[from_copy:]:
        copy.write_bytes(data)
    assert unlocking.unlock(path, Kind.PASSPHRASE, "en helt anden sætning") == key
    assert {one.read_bytes() for one in (*key_paths(path), *copies)} == {key_paths(path)[0].read_bytes()}
