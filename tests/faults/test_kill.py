"""A process that is killed at any moment loses nothing that it has told, and leaves nothing half done."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from shutil import copytree, rmtree

import pytest

from tests.faults.deeds import Deed
from tests.faults.doing import DEEDS
from tests.faults.processes import Blow, run
from tests.full import PATIENCE, many

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="nobody is killed like this on Windows"),
    pytest.mark.timeout(PATIENCE),
]

#: Seconds after the last thing that was told in which the next one happens.
_STEP = 0.02


def blows(deed: Deed, number: int, seed: int, whole: float) -> Iterator[Blow]:
    """Moments at which to kill; `whole`: the seconds that a deed takes that is done once."""
    random = Random(seed)
    for _ in range(number):
        if deed.lasts:
            yield Blow(random.randint(0, 12), random.uniform(0, _STEP))
        else:
            yield Blow(0, random.uniform(0, 1.2 * whole))


@pytest.mark.parametrize("name", DEEDS)
def test_a_kill_at_any_moment_loses_nothing_and_leaves_nothing_half_done(name: str, ground: Path) -> None:
    deed, fresh, place, whole = DEEDS[name], ground / "fresh", ground / "place", 0.0
    deed.prepare(fresh / "s.db")
    if not deed.lasts:
        copytree(fresh, place)
        unhurt = run(name, place / "s.db")
        whole = unhurt.seconds
        deed.check(place / "s.db", unhurt.told)
        rmtree(place)
    for blow in blows(deed, many(8, 200), len(name), whole):
        copytree(fresh, place)
        found = run(name, place / "s.db", blow=blow)
        assert len(found.told) >= blow.after
        assert not found.sentence
        deed.check(place / "s.db", found.told)
        rmtree(place)
