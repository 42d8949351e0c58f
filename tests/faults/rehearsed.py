"""Loaded before a process becomes a user who may not read the program: all that a deed imports on its way is there."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.safekeeping import go_back, prepare_to_restore, write_and_back_up


def _unheard(text: str) -> None:
    assert text


def _rehearse() -> None:
    with TemporaryDirectory() as folder:
        store = Path(folder) / "a" / "s.db"
        prepare_to_restore(store)
        write_and_back_up(store, _unheard, 1)
        go_back(store, _unheard, 1)


_rehearse()
