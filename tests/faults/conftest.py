"""What holds for every test here: slots cost nothing to try, and the test itself waits for no disk.

The processes that are killed or cut off wait for it as ever; only whoever looks at what they left does not.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import pytest

from tests.cheap_keys import cheap_keys
from tests.faults.deeds import also
from tests.faults.hostile_office import fill


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    with cheap_keys(), also(["synchronous = OFF"]), pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: neither a kill nor what a process asks of its disk needs a real one."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK):
        with TemporaryDirectory(prefix="planner-faults-", dir=memory) as folder:
            yield Path(folder)
    else:
        yield tmp_path


@pytest.fixture(scope="session")
def hostile_filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store, not encrypted, in which every text is hostile; made once."""
    path = tmp_path_factory.mktemp("hostile") / "planner.db"
    with also(["synchronous = OFF"]):
        fill(path)
    return path


@pytest.fixture
def hostile_store(hostile_filled: Path, ground: Path) -> Path:
    """A copy of it."""
    return copied(hostile_filled, ground)


def copied(store: Path, folder: Path) -> Path:
    """A copy of a store in another folder, in the place of the one that is there."""
    for file in folder.glob("planner.db-*"):
        file.unlink()
    for file in store.parent.glob("planner.db*"):
        if file.is_file():
            copyfile(file, folder / file.name)
    return folder / "planner.db"
