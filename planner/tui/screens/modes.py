"""The views beside today's list, by the id of the command that goes there; each is loaded when it is first gone to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from planner.tui.screens.desk_screen import DeskScreen
from planner.tui.screens.mode_screen import ModeScreen

TODAY = "today"

MODES: Mapping[str, Callable[[DeskScreen], ModeScreen]] = {}
