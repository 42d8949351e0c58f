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

#: The sizes of the caches, by name.
_SIZES: dict[str, int] = {
    name: kept._maxsize for name in Strip.__slots__ if isinstance(kept := getattr(Strip([]), name), FIFOCache)
}


def make_lean() -> None:
    """Have a line make each cache when it is first used."""
    Strip.__init__ = _begin  # type: ignore[assignment,method-assign]
    Strip.__getattr__ = _made  # type: ignore[attr-defined]


def _begin(strip: Strip, segments: Iterable[Segment], cell_length: int | None = None) -> None:
    strip._segments = list(segments)
    strip._cell_length = cell_length
    strip._render_cache = strip._link_ids = strip._cell_count = None


def _made(strip: Strip, name: str) -> FIFOCache[Any, Any]:
    """A cache that is asked for, and was not there."""
    if name not in _SIZES:
        raise AttributeError(name)
    made: FIFOCache[Any, Any] = FIFOCache(_SIZES[name])
    setattr(strip, name, made)
    return made
