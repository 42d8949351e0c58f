"""Nothing of the machine reaches the screen under test."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TEXTUAL", "TEXTUAL_THEME", "TEXTUAL_FPS", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _nothing_stays_frozen() -> Iterator[None]:
    """A screen keeps its plan from the collector; the next test is another process to it."""
    usual = gc.get_threshold()
    yield
    gc.set_threshold(*usual)
    gc.unfreeze()
    gc.collect()


@pytest.fixture
def own_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A style keeps its colours as they came out for whoever asked first, which was perhaps another test."""

    def anew(style: Style, text: str, color_system: ColorSystem) -> str:
        return f"\x1b[{Strip.render_ansi(style, color_system)}m{text}\x1b[0m"

    monkeypatch.setattr(Strip, "render_style", staticmethod(anew))
