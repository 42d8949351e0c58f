"""More than one process, and files that do not belong together."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path
from shutil import copy, copytree

import pytest

from planner.errors import StoreError
from planner.store import vault
from planner.store.keys import unlocking
from planner.store.keys.beside import key_paths
from planner.store.keys.files import ring_of
from planner.store.keys.ring import KeyRing, WrongSecret
from planner.store.keys.slots import Kind
from tests.cheap_keys import cheap_keys
from tests.faults.deeds import PASSPHRASE, caseload, desk_on, prepare_citizens, reopened
from tests.store.support import MONDAY, opened

OTHER = "en anden sætning"
HOLD = """
import pathlib, sys
from tests.store.support import opened
with opened(pathlib.Path(sys.argv[1]), key=bytes.fromhex(sys.argv[2])) as store:
    with store.write() as unit:
        unit.add_note(unit.key_of("c-1"), "før")
        unit.record("note", None, {})
    print("open", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def store(ground: Path) -> Path:
    path = ground / "data" / "s.db"
    prepare_citizens(path)
    return path


def held(store: Path, key: bytes) -> subprocess.Popen[str]:
    """A process that has the store open and has written a note."""
    command = [sys.executable, "-c", HOLD, str(store), key.hex()]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "open\n"
    return holder


def note(store: Path, key: bytes, text: str) -> None:
    """Write a note."""
    with opened(store, key=key) as kept, kept.write() as unit:
        unit.add_note(unit.key_of("c-1") or "", text)
        unit.record("note", None, {})


def notes(store: Path, key: bytes) -> list[str]:
    """All notes, after a look at the journal's chain."""
    with opened(store, key=key) as kept, kept.read() as view:
        view.verify()
        return [found.text for found in view.notes(view.key_of("c-1") or "")]


def test_while_one_process_has_it_open_another_can_neither_open_it_nor_change_its_keys(store: Path) -> None:
    key = reopened(store)
    with held(store, key) as holder:
        before = {path: path.read_bytes() for path in key_paths(store)}
        prepared = vault.prepare(OTHER, MONDAY)
        for attempt in (
            lambda: desk_on(store, key),
            lambda: vault.change_passphrase(store, key, OTHER, MONDAY, 0.0),
            lambda: vault.replace_recovery(store, key, prepared.recovery, MONDAY, 0.0),
            lambda: vault.init(store, prepared, 0.0),
        ):
            with pytest.raises(StoreError, match="already open"):
                attempt()
        assert unlocking.unlock(store, Kind.PASSPHRASE, PASSPHRASE) == key
        assert {path: path.read_bytes() for path in key_paths(store)} == before
        holder.kill()
    assert notes(store, key) == ["før"]


def test_the_lock_of_a_killed_process_hinders_nobody(store: Path) -> None:
    key = reopened(store)
    for _ in range(3):
        with held(store, key) as holder:
            holder.kill()
        assert store.with_name("s.db.lock").exists()
        note(store, key, "efter")
    assert notes(store, key) == ["før", "efter"] * 3


def test_a_process_that_unlocks_does_not_bring_back_keys_that_another_one_changes_meanwhile(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, plain = reopened(store), KeyRing.unlock

    def unlock(ring: KeyRing, kind: Kind, secret: str) -> bytes:
        opened_with = plain(ring, kind, secret)
        if secret == PASSPHRASE:
            vault.change_passphrase(store, key, OTHER, MONDAY, 0.0)
        return opened_with

    monkeypatch.setattr(KeyRing, "unlock", unlock)
    unlocking.unlock(store, Kind.PASSPHRASE, PASSPHRASE)
    monkeypatch.undo()
    with pytest.raises(WrongSecret):
        unlocking.unlock(store, Kind.PASSPHRASE, PASSPHRASE)
    assert unlocking.unlock(store, Kind.PASSPHRASE, OTHER) == key


def test_a_change_of_keys_that_fails_halfway_was_no_change(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, plain, synced = reopened(store), os.fsync, 0

    def fsync(handle: int) -> None:
        nonlocal synced
        synced += 1
        if synced == 2:
            raise OSError(28, "No space left on device")
        plain(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(StoreError, match="cannot be written"):
        vault.change_passphrase(store, key, OTHER, MONDAY)
    assert unlocking.unlock(store, Kind.PASSPHRASE, PASSPHRASE) == key
    with pytest.raises(WrongSecret):
        unlocking.unlock(store, Kind.PASSPHRASE, OTHER)


def test_a_key_file_that_lags_behind_is_brought_up_to_the_newer_one(store: Path) -> None:
    key = reopened(store)
    kept = [path.read_bytes() for path in key_paths(store)]
    vault.change_passphrase(store, key, OTHER, MONDAY)
    for path, older in zip(key_paths(store), kept, strict=True):
        newer = path.read_bytes()
        path.write_bytes(older)
        assert unlocking.unlock(store, Kind.PASSPHRASE, OTHER) == key
        assert ring_of(path.read_bytes()) == ring_of(newer)


def opens_with(store: Path, key: bytes) -> list[str] | None:
    """The notes; None where a sentence says that it is damaged."""
    try:
        return notes(store, key)
    except StoreError:
        return None


@pytest.mark.parametrize("suffixes", [("-wal",), ("-shm",), ("-wal", "-shm")])
def test_a_log_that_a_killed_process_left_does_not_spoil_another_store_put_in_its_place(
    store: Path, ground: Path, suffixes: tuple[str, ...]
) -> None:
    """Another store with another key is read as it is, or said to be damaged; and neither file is changed then."""
    key = reopened(store)
    with held(store, key) as holder:
        crashed = ground / "crashed"
        copytree(store.parent, crashed)
        holder.kill()
    other = ground / "other" / "s.db"
    prepare_citizens(other)
    other_key = reopened(other)
    note(other, other_key, "i den anden")
    for suffix in suffixes:
        copy(crashed / f"s.db{suffix}", other.with_name(f"s.db{suffix}"))
    assert opens_with(other, other_key) in (None, ["i den anden"])
    for suffix in suffixes:
        other.with_name(f"s.db{suffix}").unlink(missing_ok=True)
    assert notes(other, other_key) == ["i den anden"]


def test_a_file_from_before_beside_a_log_from_after_gives_one_of_the_two_or_is_refused(
    store: Path, ground: Path
) -> None:
    """As when an older copy of the file is put back, and the log of a crash is left beside it."""
    key = reopened(store)
    note(store, key, "i begge")
    older = store.read_bytes()
    with desk_on(store, key) as desk:
        for number in range(1, 6):
            desk.load_caseload(caseload(100 * number, 12))
    with held(store, key) as holder:
        crashed = ground / "crashed"
        copytree(store.parent, crashed)
        holder.kill()
    (crashed / "s.db").write_bytes(older)
    assert opens_with(crashed / "s.db", key) in (None, ["i begge"], ["i begge", "før"])


def change(store: Path, key: bytes, name: str) -> None:
    """Change the passphrase in a process of its own, as soon as the lock is free."""
    with cheap_keys():
        vault.change_passphrase(store, key, name, MONDAY, 60.0)


@pytest.mark.skipif(sys.platform == "win32", reason="processes are begun in another way on Windows")
def test_two_processes_that_change_the_passphrase_take_turns(store: Path) -> None:
    key = reopened(store)
    context = multiprocessing.get_context("forkserver")
    names = [f"{OTHER} {number}" for number in range(4)]
    processes = [context.Process(target=change, args=(store, key, name)) for name in names]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    found = ring_of(key_paths(store)[0].read_bytes())
    assert found is not None
    assert found.serial == 2 + len(names)
    opens = []
    for name in names:
        try:
            opens.append(unlocking.unlock(store, Kind.PASSPHRASE, name))
        except WrongSecret:
            continue
    assert opens == [key]
