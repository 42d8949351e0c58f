"""The collector stays away while a plan is made, and from what was made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from planner.services.memory import uncollected


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    """As in a process of its own, before and after."""
    gc.unfreeze()
    gc.enable()
    yield
    gc.unfreeze()
    gc.enable()


def test_what_is_made_is_kept_from_the_collector_where_the_rest_is() -> None:
    gc.freeze()
    with uncollected():
        assert not gc.isenabled()
        made = [object()]
    assert gc.isenabled()
    assert not any(one is made for one in gc.get_objects())


def test_what_nobody_has_any_more_is_not_kept_with_it() -> None:
    class Ring:
        """Holds itself."""

        def __init__(self) -> None:
            self.me = self

    gc.disable()
    gc.freeze()
    gone = ref(Ring())
    with uncollected():
        assert gone() is None


def test_nothing_else_is_kept_from_it() -> None:
    with uncollected():
        made = [object()]
    assert any(one is made for one in gc.get_objects())


def test_whoever_has_switched_it_off_finds_it_off() -> None:
    gc.disable()
    with uncollected():
        pass
    assert not gc.isenabled()
