"""A picture of the screen as an SVG, for the README and the tests; no command and no key leads here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.tui.app import PlannerApp
from planner.tui.dialogs.base import Dialog
from planner.tui.screens.modes import TODAY
from planner.tui.screens.settings import SettingsScreen
from planner.tui.screens.today import TodayScreen

_RANDOM = re.compile(r"terminal-\d+")
_CELL = 12.2
_TEXT = re.compile(r'(<text class="[^"]*" x=")([\d.]+)(" y="[\d.]+" textLength=")([\d.]+)("[^>]*>)((?:&#160;)*)([^<]*)')
_BLANK = "&#160;"


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
        return placed(_RANDOM.sub("terminal", app.export_screenshot(title="planner")))


def placed(svg: str) -> str:
    """The picture with every text put where its first letter stands: not every viewer keeps blanks before it."""
    return _TEXT.sub(_at_first_letter, svg)


def _at_first_letter(match: re.Match[str]) -> str:
    head, x, middle, length, tail, blanks, text = match.groups()
    moved = _CELL * (len(blanks) // len(_BLANK)) if text else 0.0
    kept = text or blanks
    return f"{head}{float(x) + moved:g}{middle}{float(length) - moved:g}{tail}{kept}"


def _quiet(app: PlannerApp) -> bool:
    """Whether what the key began is done, or waits for an answer."""
    if isinstance(app.screen, SettingsScreen):
        return app.screen.is_mounted
    if isinstance(app.screen, Dialog):  # a flow waits for it, so only its own work counts
        return all(worker.is_finished for worker in app.workers if worker.node is app.screen)
    return _settled(app) and all(worker.is_finished for worker in app.workers)


def _settled(app: PlannerApp) -> bool:
    screen = app.get_screen(TODAY)  # whichever view is shown
    return isinstance(screen, TodayScreen) and screen.settled
