"""Lean lines do what Textual's own do: those come from a second copy of its module, which nobody has changed."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from importlib.machinery import SourceFileLoader
from types import ModuleType
from typing import Any

import pytest
import textual.strip
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.cache import FIFOCache
from textual.color import Color
from textual.filter import Monochrome
from textual.strip import Strip

from planner.tui import app
from planner.tui.app import PlannerApp
from planner.tui.strips import make_lean
from tests.tui.fakes import FakeDesk
from tests.tui.stage import ENGLISH

_STYLES = (Style(), Style(bold=True), Style(color="red", bgcolor="blue"), Style(meta={"a": 1}))
_FILTER, _GROUND = Monochrome(), Color.parse("black")
_DONE: dict[str, Callable[[Any], Any]] = {
    "cropped": lambda strip: strip.crop(1, 4),
    "extended": lambda strip: strip.crop_extend(1, 9, _STYLES[1]),
    "divided": lambda strip: tuple(strip.divide([1, 2, strip.cell_length])),
    "styled": lambda strip: strip.apply_style(_STYLES[2]),
    "filtered": lambda strip: strip.apply_filter(_FILTER, _GROUND),
    "adjusted": lambda strip: strip.adjust_cell_length(7, _STYLES[1]),
    "placed": lambda strip: strip.apply_offsets(2, 3),
}


@pytest.fixture(scope="module")
def usual() -> ModuleType:
    """Textual's own."""
    assert textual.strip.__file__ is not None
    own = ModuleType("textual_strip_as_it_is")
    SourceFileLoader(own.__name__, textual.strip.__file__).exec_module(own)
    return own


@pytest.fixture(autouse=True)
def _lean() -> None:
    make_lean()


def _kept(strip: Any) -> Iterator[str]:
    """The caches that are there; only the collector sees them without making them."""
    there = {id(one) for one in gc.get_referents(strip) if isinstance(one, FIFOCache)}
    yield from (name for name in Strip.__slots__ if there and id(getattr(strip, name)) in there)


def _cells(result: Any) -> Any:
    return [_cells(one) for one in result] if isinstance(result, tuple) else (list(result), result.cell_length)


lines = st.lists(st.tuples(st.text("aå日 ", min_size=1, max_size=4), st.sampled_from(_STYLES)), min_size=1, max_size=4)


@given(lines, st.lists(st.sampled_from(sorted(_DONE)), max_size=12))
def test_whatever_is_done_with_a_line_comes_out_the_same(
    usual: ModuleType, parts: list[tuple[str, Style]], deeds: list[str]
) -> None:
    segments = [Segment(text, style) for text, style in parts]
    lean, own = Strip(segments), usual.Strip(segments)
    for deed in deeds:
        assert _cells(_DONE[deed](lean)) == _cells(_DONE[deed](own))
    assert (lean.text, lean.cell_length, lean.cell_count) == (own.text, own.cell_length, own.cell_count)
    assert lean.link_ids == own.link_ids


def test_a_line_keeps_what_was_made_of_it_and_no_cache_that_nobody_asked_for(usual: ModuleType) -> None:
    segments = [Segment("Åse Prøvesen", _STYLES[1])]
    lean, own = Strip(segments), usual.Strip(segments)
    assert list(_kept(lean)) == []
    assert len(list(_kept(own))) == 7
    for deed in _DONE.values():
        first = deed(lean)
        again = deed(lean)
        assert again is first or all(one is other for one, other in zip(again, first, strict=True))
    assert {name: getattr(lean, name)._maxsize for name in _kept(lean)} == {
        name: getattr(own, name)._maxsize for name in _kept(own)
    }


def test_all_that_a_line_begins_with_is_there(usual: ModuleType) -> None:
    """Another Textual may have more."""
    lean, own = Strip([Segment("a")], 1), usual.Strip([Segment("a")], 1)
    for name in usual.Strip.__slots__:
        assert type(getattr(lean, name)) is type(getattr(own, name))


def test_the_application_has_lean_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    made = list[bool]()
    monkeypatch.setattr(app, "make_lean", lambda: made.append(True))
    PlannerApp(FakeDesk().factory(), ENGLISH)
    assert made == [True]
