"""What a toast leaves behind: nothing, however it goes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import pytest
from textual.widget import Widget

from tests.tui.stage import Stage, staged


def _left(stage: Stage) -> list[Widget]:
    """Toasts and what holds them, on every screen."""
    screens = chain(*stage.app._screen_stacks.values())
    return [found for screen in screens for name in ("Toast", "ToastHolder") for found in screen.query(name)]


def _cleared(stage: Stage) -> None:
    stage.app.clear_notifications()


def _run_out(stage: Stage) -> None:
    """Its time is over before its timer says so; the next one finds it."""
    for one in stage.app._notifications:
        one.raised_at -= 3600
    stage.app._refresh_notifications()


@pytest.mark.parametrize("go", [_cleared, _run_out])
async def test_a_toast_that_goes_takes_what_held_it_along(go: Callable[[Stage], None]) -> None:
    async with staged() as stage:
        for number in range(3):
            stage.app.notify(f"Saved {number}", markup=False, timeout=60)
            await stage.until(lambda: "Saved" in stage.text(), "the toast")
            go(stage)
            await stage.until(lambda: not _left(stage), "nothing to be left of it")
            assert "Saved" not in stage.text()


async def test_the_others_stay() -> None:
    async with staged() as stage:
        stage.app.notify("Saved first", markup=False, timeout=60)
        await stage.until(lambda: "Saved first" in stage.text(), "the first toast")
        (first,) = stage.app._notifications
        stage.app.notify("Saved then", markup=False, timeout=60)
        await stage.until(lambda: "Saved then" in stage.text(), "the second toast")
        stage.app._unnotify(first)
        await stage.until(lambda: len(_left(stage)) == 2, "the first one to be gone")
        assert "Saved then" in stage.text()
        assert "Saved first" not in stage.text()


async def test_on_a_view_that_was_left_it_goes_too() -> None:
    async with staged() as stage:
        stage.app.notify("Saved here", markup=False, timeout=60)
        await stage.until(lambda: "Saved here" in stage.text(), "the toast")
        await stage.press("f3")
        await stage.until(lambda: stage.app.screen is not stage.today, "the week")
        stage.app.clear_notifications()
        await stage.until(lambda: not _left(stage), "nothing to be left of it")
