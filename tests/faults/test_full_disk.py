"""No room, or no leave to write: whatever was told is kept, and what opened the store before still opens it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.store import vault
from planner.store.backups import folder_of
from planner.store.keys import unlocking
from planner.store.keys.beside import NEW_SUFFIX, key_paths
from planner.store.keys.slots import Kind
from tests.faults.deeds import (
    PASSPHRASE,
    check_encrypted,
    check_pages,
    check_passphrase,
    prepare_citizens,
    prepare_plain,
    reopened,
)
from tests.faults.doing import DEEDS
from tests.faults.processes import run
from tests.faults.safekeeping import parts, prepare_to_restore, write_and_back_up
from tests.full import many

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a thing of Unix")

_ROUNDS = 40


def limits(least: int, most: int, number: int) -> list[int]:
    """So many limits, evenly spread, none of them on the border of a page only."""
    return [least + (most - least) * step // number + step for step in range(number)]


@pytest.mark.parametrize("name", ["write", "import", "undo"])
def test_everything_that_was_told_is_there(name: str, ground: Path) -> None:
    for limit in limits(1_000, 400_000, many(3, 40)):
        store = ground / str(limit) / "s.db"
        DEEDS[name].prepare(store)
        done = run(name, store, _ROUNDS, room=limit)
        assert done.sentence or len(done.told) >= _ROUNDS
        DEEDS[name].check(store, done.told)


def test_a_store_that_finds_no_room_to_be_encrypted_is_as_it_was(ground: Path) -> None:
    sentences = set()
    for limit in limits(100, 400_000, many(5, 60)):
        store = ground / str(limit) / "s.db"
        prepare_plain(store)
        done = run("encrypt", store, _ROUNDS, room=limit)
        sentences.add(bool(done.sentence))
        assert bool(done.told) is not bool(done.sentence)
        if done.sentence:
            assert vault.state(store) is vault.State.PLAIN
        check_encrypted(store, done.told)
    assert sentences == {True, False}


def test_a_new_store_that_finds_no_room_is_not_there(ground: Path) -> None:
    store = ground / "s.db"
    done = run("encrypt", store, _ROUNDS, room=20_000)
    assert not done.told
    assert done.sentence
    assert vault.state(store) is vault.State.MISSING
    assert not store.exists()
    done = run("encrypt", store, _ROUNDS, room=1 << 20)
    assert done.told
    assert not done.sentence
    check_pages(store, reopened(store))
    assert not store.with_name(store.name + NEW_SUFFIX).exists()


def test_a_change_of_the_passphrase_that_finds_no_room_changes_nothing(ground: Path) -> None:
    store = ground / "s.db"
    prepare_citizens(store)
    key = reopened(store)
    before = [path.read_bytes() for path in key_paths(store)]
    for limit in limits(0, len(before[0]) - 1, many(3, 25)):
        done = run("passphrase", store, _ROUNDS, room=limit)
        assert not done.told
        assert "cannot be written" in done.sentence
        assert [path.read_bytes() for path in key_paths(store)] == before
        assert unlocking.unlock(store, Kind.PASSPHRASE, PASSPHRASE) == key
    done = run("passphrase", store, _ROUNDS, room=1 << 20)
    assert not done.sentence
    check_passphrase(store, done.told)


@pytest.fixture
def small_disk(ground: Path) -> Iterator[Path]:
    """A disk of eight megabytes, where one may be mounted."""
    place = ground / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def leave(room: int, disk: Path) -> None:
    """Fill the disk but for so many bytes."""
    (disk / "ballast").write_bytes(bytes(shutil.disk_usage(disk).free // 4096 * 4096 - room // 4096 * 4096))


def backed_up(store: Path) -> None:
    """A store with a note and a backup."""
    prepare_citizens(store)
    write_and_back_up(store, lambda _: None, 1)


def kept(store: Path) -> dict[str, bytes]:
    """The backups as they are."""
    return {path.name: path.read_bytes() for path in folder_of(store).iterdir() if path.name.endswith((".db", ".key"))}


def check_refused(sentence: str, folder: Path) -> None:
    """It says where, why and what to do, or that the store itself has no room."""
    assert f"in {folder}" in sentence or "nothing was saved" in sentence
    assert any(word in sentence for word in ("try again", "MB are needed", "nothing was saved"))
    assert "Error" not in sentence


@pytest.mark.parametrize("least", [1_000, 100_000])
def test_a_backup_that_finds_no_room_leaves_those_before_and_nothing_by_a_valid_name(ground: Path, least: int) -> None:
    for limit in limits(least, 200_000, many(3, 40)):
        store = ground / str(limit) / "s.db"
        backed_up(store)
        before = kept(store)
        done = run("back up", store, 3, room=limit)
        assert done.sentence or len(done.told) == 3
        if done.sentence:
            check_refused(done.sentence, folder_of(store))
        check_safe(store, done.told, before)


def check_safe(store: Path, told: list[str], before: dict[str, bytes]) -> None:
    """Everything that was told is in the store and in whole backups, and the former ones are as they were."""
    DEEDS["back up"].check(store, told)
    now = kept(store)
    assert {name: now[name] for name in before} == before
    assert not list(folder_of(store).glob("*.part*"))


def test_a_backup_on_a_disk_that_is_full_leaves_those_before(small_disk: Path) -> None:
    sentences = set()
    for room in limits(0, 3_000_000, many(4, 60)):
        store = small_disk / "s" / "s.db"
        backed_up(store)
        before = kept(store)
        leave(room, small_disk)
        done = run("back up", store, 3)
        if done.sentence:
            check_refused(done.sentence, folder_of(store))
        (small_disk / "ballast").unlink()
        check_safe(store, done.told, before)
        sentences.add(bool(done.sentence))
        shutil.rmtree(store.parent)
    assert sentences == {True, False}


def test_a_restore_that_finds_no_room_changes_nothing(ground: Path) -> None:
    sentences = set()
    for limit in limits(1_000, 400_000, many(5, 60)):
        store = ground / str(limit) / "s.db"
        prepare_to_restore(store)
        before = {**kept(store), **{path.name: path.read_bytes() for path in parts(store)}}
        done = run("restore", store, room=limit)
        sentences.add(bool(done.sentence))
        if done.sentence:
            check_refused(done.sentence, store.parent)
            assert before == {**kept(store), **{path.name: path.read_bytes() for path in parts(store)}}
            assert not list(store.parent.glob("s.db.replaced-*"))
        DEEDS["restore"].check(store, done.told)
    assert sentences == {True, False}


def test_a_restore_on_a_disk_that_is_full_changes_nothing_or_is_done(small_disk: Path) -> None:
    sentences = set()
    for room in limits(0, 1_000_000, many(5, 60)):
        store = small_disk / "s" / "s.db"
        prepare_to_restore(store)
        leave(room, small_disk)
        done = run("restore", store)
        sentences.add(bool(done.sentence))
        if done.sentence:
            check_refused(done.sentence, store.parent)
            assert not list(store.parent.glob("s.db.replaced-*"))
        (small_disk / "ballast").unlink()
        DEEDS["restore"].check(store, done.told)
        shutil.rmtree(store.parent)
    assert sentences == {True, False}


def owned(ground: Path, store: Path) -> None:
    """Let the store be that of somebody who is no administrator."""
    if os.geteuid() == 0:
        for path in (store.parent, *store.parent.rglob("*")):
            os.chown(path, 65534, 65534)
        ground.chmod(0o711)


def test_where_the_backups_cannot_be_written_the_store_is_and_it_says_so(ground: Path) -> None:
    store = ground / "a" / "s.db"
    backed_up(store)
    owned(ground, store)
    before = kept(store)
    folder_of(store).chmod(0o500)
    done = run("back up", store, 3)
    restored = run("restore", store)
    folder_of(store).chmod(0o700)
    assert not done.told
    assert "permission is denied" in done.sentence
    check_refused(done.sentence, folder_of(store))
    assert kept(store) == before
    assert restored.told, "to read a backup it need not be written"
    assert not restored.sentence


def test_where_the_store_cannot_be_written_nothing_is_restored(ground: Path) -> None:
    store = ground / "a" / "s.db"
    prepare_to_restore(store)
    owned(ground, store)
    before = {**kept(store), **{path.name: path.read_bytes() for path in parts(store)}}
    store.parent.chmod(0o500)
    refusals = [run(name, store, 3) for name in ("restore", "back up")]
    store.parent.chmod(0o700)
    for refused in refusals:
        assert not refused.told
        assert "written" in refused.sentence
        assert str(store.parent) in refused.sentence
    assert before == {**kept(store), **{path.name: path.read_bytes() for path in parts(store)}}
    DEEDS["restore"].check(store, [])
