"""The power may go at any moment: what was told is there, and what is there fits together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree

import pytest

from planner.errors import StoreError
from tests.faults.disk import Call, cuts, no_tracer, traced
from tests.faults.doing import DEEDS, NO_SYNC
from tests.full import PATIENCE, many

pytestmark = pytest.mark.timeout(PATIENCE)

_ROUNDS = 12
#: The log is folded into the file every few units, so that this is cut off as well.
_FOLDING = "wal_autocheckpoint = 60"
_SEED = 23


@pytest.fixture(autouse=True)
def _tracer() -> None:
    if reason := no_tracer():
        pytest.skip(reason)


def recorded(name: str, store: Path, *settings: str) -> tuple[dict[str, bytes], list[Call]]:
    """The files before a deed, and the calls that it made."""
    DEEDS[name].prepare(store)
    files = (path for path in store.parent.rglob("*") if path.is_file())
    fresh = {path.relative_to(store.parent).as_posix(): path.read_bytes() for path in files}
    return fresh, traced(name, store, _ROUNDS, _FOLDING, *settings)


def faults(name: str, ground: Path, number: int, *settings: str) -> Iterator[str]:
    """What is wrong with so many disks after a power cut."""
    fresh, calls = recorded(name, ground / "fresh" / "s.db", *settings)
    assert any(call.verb == "tell" for call in calls)
    place = ground / "place"
    for disk, random in cuts(fresh, calls, number, _SEED):
        disk.after_a_cut(place, random)
        try:
            DEEDS[name].check(place / "s.db", disk.told)
        except (AssertionError, StoreError) as error:
            yield f"after {disk.told}: {error!r}"
        rmtree(place)


@pytest.mark.parametrize("name", DEEDS)
def test_nothing_that_was_told_is_lost_and_nothing_is_half_done(name: str, ground: Path) -> None:
    assert list(faults(name, ground, many(14, 350))) == []


@pytest.mark.parametrize("setting", ["OFF", "NORMAL"])
def test_a_store_that_syncs_less_would_be_found_out(setting: str, ground: Path) -> None:
    assert any(faults("write", ground, many(20, 350), f"synchronous = {setting}"))


@pytest.mark.parametrize("name", ["passphrase", "back up"])
def test_files_of_ours_that_are_not_synced_would_be_found_out(name: str, ground: Path) -> None:
    assert any(faults(name, ground, many(20, 350), NO_SYNC))
