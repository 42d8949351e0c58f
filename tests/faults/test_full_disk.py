"""No room on the disk: whatever was told is kept, and what opened the store before still opens it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from planner.store import vault
from planner.store.engine import NEW_SUFFIX
from planner.store.keys import unlocking
from planner.store.keys.files import key_paths
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
    for limit in limits(100, 200_000, many(5, 60)):
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
