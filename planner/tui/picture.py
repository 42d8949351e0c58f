"""A picture of the screen as an SVG, for the README and the tests; no command and no key leads here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.tui.app import PlannerApp
from planner.tui.dialogs.base import Dialog
from planner.tui.screens.today import TodayScreen

_RANDOM = re.compile(r"terminal-\d+")


async def picture(app: PlannerApp, *, size: tuple[int, int], keys: Sequence[str] = ()) -> str:
    """The screen after the first plan and the keys, as an SVG that is the same for the same input."""
    async with app.run_test(size=size, notifications=True) as pilot:
        while not _settled(app):
            await pilot.pause()
        for key in keys:
            await pilot.press(key)
            while not _quiet(app):
                await pilot.pause()
            await pilot.pause()
        return _RANDOM.sub("terminal", app.export_screenshot(title="planner"))


def _quiet(app: PlannerApp) -> bool:
    """Whether what the key began is done, or waits for an answer."""
    return isinstance(app.screen, Dialog) or (_settled(app) and all(worker.is_finished for worker in app.workers))


def _settled(app: PlannerApp) -> bool:
    screen = app.screen_stack[0]
    return isinstance(screen, TodayScreen) and screen.settled
