"""A store knows whether whoever had it open before has closed it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from planner.store.backups import contents
from planner.store.sqlite import StoreFile
from tests.cheap_keys import cheap_keys
from tests.faults.deeds import init
from tests.store.support import aase, opened

KILLED = """
import os, pathlib, signal, sys
from tests.store.support import aase, opened
with opened(pathlib.Path(sys.argv[1]), key=bytes.fromhex(sys.argv[2]) or None) as store:
    if sys.argv[3] == "write":
        with store.write() as unit:
            unit.add_citizen(aase())
            unit.record("import", None, {})
    os.kill(os.getpid(), signal.SIGKILL)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nobody is killed like this on Windows")


def kill_in(path: Path, key: bytes | None, doing: str = "write") -> None:
    """Open the store in a process that is killed, with something written by then or nothing."""
    words = [str(path), "" if key is None else key.hex(), doing]
    assert subprocess.run([sys.executable, "-c", KILLED, *words], check=False).returncode == -9


@pytest.fixture
def key(tmp_path: Path) -> bytes:
    """That of an encrypted store."""
    with cheap_keys():
        return init(tmp_path / "s.db")


def test_it_is_told_once_after_a_process_that_was_killed(tmp_path: Path, key: bytes) -> None:
    for is_killed in (False, True, False):
        if is_killed:
            kill_in(tmp_path / "s.db", key)
        with opened(tmp_path / "s.db", key=key) as store, store.read() as view:
            assert store.was_cut_off is is_killed
            assert not is_killed or view.head() == 1
            assert not store.has_lost


def test_a_process_that_was_killed_before_it_wrote_has_left_nothing_to_tell(tmp_path: Path, key: bytes) -> None:
    kill_in(tmp_path / "s.db", key, "nothing")
    with opened(tmp_path / "s.db", key=key) as store:
        assert not store.was_cut_off


def test_a_look_at_it_leaves_it_to_be_told(tmp_path: Path, key: bytes) -> None:
    kill_in(tmp_path / "s.db", key)
    assert contents(StoreFile(tmp_path / "s.db", key)).is_sound
    with opened(tmp_path / "s.db", key=key) as store:
        assert store.was_cut_off


@pytest.mark.parametrize("at", [-1, -2000, 32 + 24 + 100, 5, 20])  # of the last frame, the first, and the header
def test_what_cannot_be_read_of_what_was_written_last_is_told(tmp_path: Path, key: bytes, at: int) -> None:
    kill_in(tmp_path / "s.db", key)
    log = tmp_path / "s.db-wal"
    whole = bytearray(log.read_bytes())
    whole[at] ^= 1
    log.write_bytes(whole)
    with opened(tmp_path / "s.db", key=key) as store, store.read() as view:
        assert view.head() == 0
        assert store.was_cut_off
        assert store.has_lost


def test_a_log_of_zeros_is_told(tmp_path: Path, key: bytes) -> None:
    """As some file systems leave what had no time to be written."""
    kill_in(tmp_path / "s.db", key)
    log = tmp_path / "s.db-wal"
    log.write_bytes(bytes(log.stat().st_size))
    with opened(tmp_path / "s.db", key=key) as store:
        assert store.was_cut_off
        assert store.has_lost


def test_whatever_was_in_the_log_before_is_not_missed(tmp_path: Path, key: bytes) -> None:
    """A log that was put into the file is written anew from its beginning, over what was there."""
    kill_in(tmp_path / "s.db", key)
    log = tmp_path / "s.db-wal"
    longer = log.read_bytes() + bytes(3 * 4120) + b"\1" * 4120
    log.write_bytes(longer)
    with opened(tmp_path / "s.db", key=key) as store, store.read() as view:
        assert view.head() == 1
        assert store.was_cut_off
        assert not store.has_lost


def leave_unfolded(path: Path, key: bytes) -> None:
    """Leave the store in order after something was written, where its log cannot be put into the file."""
    away = path.with_name("away")
    with opened(path, key=key) as store:
        with store.write() as unit:
            unit.add_citizen(aase(str(store.was_cut_off)))
            unit.record("import", None, {})
        path.rename(away)
    away.rename(path)
    assert path.with_name(path.name + "-wal").stat().st_size > 0


def test_a_log_that_could_not_be_folded_when_it_was_left_in_order_is_not_told(tmp_path: Path, key: bytes) -> None:
    path = tmp_path / "s.db"
    leave_unfolded(path, key)
    with opened(path, key=key) as store, store.read() as view:
        assert view.head() == 1
        assert not store.was_cut_off


def test_a_process_that_is_killed_behind_such_a_log_is_told(tmp_path: Path, key: bytes) -> None:
    leave_unfolded(tmp_path / "s.db", key)
    kill_in(tmp_path / "s.db", key)
    with opened(tmp_path / "s.db", key=key) as store:
        assert store.was_cut_off


def test_a_demo_is_not_asked(tmp_path: Path) -> None:
    kill_in(tmp_path / "demo.db", None)
    with opened(tmp_path / "demo.db") as store:
        assert not store.was_cut_off
