"""The collector stays away while a plan is made, and from what was made."""

from __future__ import annotations

import gc
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from planner.services import memory
from planner.services.memory import uncollected


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    """As in a process of its own, before and after."""
    gc.unfreeze()
    gc.enable()
    yield
    gc.unfreeze()
    gc.enable()


def test_much_that_is_made_is_kept_from_the_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_MUCH_NEW", 1_000)
    gc.freeze()
    with uncollected():
        assert not gc.isenabled()
        made = [[number] for number in range(2_000)]
    assert gc.isenabled()
    assert not any(one is made for one in gc.get_objects())


def test_a_little_stays_in_sight() -> None:
    gc.freeze()
    beside = [object()]
    with uncollected():
        made = [object()]
    seen = gc.get_objects()
    assert any(one is made for one in seen)
    assert any(one is beside for one in seen)


def test_the_last_thread_brings_it_back() -> None:
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(uncollected())
        second.enter_context(uncollected())
        first.close()
        assert not gc.isenabled()
        second.close()
        assert gc.isenabled()


def test_what_a_failure_has_in_its_hands_is_not_kept_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_MUCH_NEW", 1_000)

    def fail() -> None:
        made = [[number] for number in range(2_000)]
        raise ValueError(len(made))

    gc.collect()
    beside = [object()]
    with pytest.raises(ValueError, match="2000"), uncollected():
        fail()
    assert any(one is beside for one in gc.get_objects())


def test_whoever_has_switched_it_off_finds_it_off() -> None:
    gc.disable()
    with uncollected():
        pass
    assert not gc.isenabled()


#: Frees a large piece, and then one as large below another one that stays; prints by how much memory then falls.
_FREES = """
import sys
from planner.services.memory import give_back

def resident():
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))

if sys.argv[1:]:
    give_back()
freed = bytearray(b"x" * 24_000_000)
del freed
freed, stays = bytearray(b"x" * 16_000_000), [bytearray(b"x" * 100_000) for _ in range(10)]
before = resident()
del freed
print(before - resident())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps what is freed")
def test_what_is_freed_goes_back_to_the_system() -> None:
    kept, given = (
        int(subprocess.run([sys.executable, "-c", _FREES, *words], capture_output=True, check=True, text=True).stdout)
        for words in ([], ["gives"])
    )
    assert kept < 4_000
    assert given > 12_000
