"""A picture of the screen as an SVG, for the README and the tests; no command and no key leads here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.tui.app import PlannerApp
from planner.tui.screens.today import TodayScreen

_RANDOM = re.compile(r"terminal-\d+")


async def picture(app: PlannerApp, *, size: tuple[int, int], keys: Sequence[str] = ()) -> str:
    """The screen after the first plan and the keys, as an SVG that is the same for the same input."""
    async with app.run_test(size=size, notifications=True) as pilot:
        while not _settled(app):
            await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        return _RANDOM.sub("terminal", app.export_screenshot(title="planner"))


def _settled(app: PlannerApp) -> bool:
    screen = app.screen_stack[0]
    return isinstance(screen, TodayScreen) and screen.settled
