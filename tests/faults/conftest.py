"""What holds for every test here: slots cost nothing to try, and the test itself waits for no disk.

The processes that are killed or cut off wait for it as ever; only whoever looks at what they left does not.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.cheap_keys import cheap_keys
from tests.faults.deeds import also


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
