"""Lines on the screen that keep no more than they need.

Textual gives each line seven caches, of which hardly any line uses two: empty ones are four fifths of what a line
takes, and of a long day half of all that Python's collector has to look through.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.segment import Segment
from textual.cache import FIFOCache
from textual.strip import Strip

_Cache = FIFOCache[Any, Any]


class _WhenUsed:
    """In the place of an attribute with a cache, which is made when it is first asked for."""

    __slots__ = ("_get", "_set", "_size")

    def __init__(self, attribute: Any, size: int) -> None:
        self._get, self._set, self._size = attribute.__get__, attribute.__set__, size

    def __get__(self, strip: Strip, owner: type[Strip]) -> _Cache:
        try:
            kept: _Cache = self._get(strip)
        except AttributeError:
            kept = FIFOCache(self._size)
            self._set(strip, kept)
        return kept


def make_lean() -> None:
    """Have a line make each cache when it is first used."""
    if Strip.__init__ is not _begin:
        usual = Strip([])
        for name in Strip.__slots__:
            kept = getattr(usual, name)
            if isinstance(kept, FIFOCache):
                setattr(Strip, name, _WhenUsed(vars(Strip)[name], kept._maxsize))
        Strip.__init__ = _begin  # type: ignore[assignment,method-assign]


def _begin(strip: Strip, segments: Iterable[Segment], cell_length: int | None = None) -> None:
    strip._segments = list(segments)
    strip._cell_length = cell_length
    strip._render_cache = strip._link_ids = strip._cell_count = None
