"""The views beside today's list, by the id of the command that goes there; each is loaded when it is first gone to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from planner.tui.screens.desk_screen import DeskScreen
from planner.tui.screens.mode_screen import ModeScreen

TODAY = "today"


def _week(desk: DeskScreen) -> ModeScreen:
    from planner.tui.screens.week import WeekScreen

    return WeekScreen(desk)


def _capacity(desk: DeskScreen) -> ModeScreen:
    from planner.tui.screens.capacity import CapacityScreen

    return CapacityScreen(desk)


def _citizen(desk: DeskScreen) -> ModeScreen:
    from planner.tui.screens.citizen import CitizenScreen

    return CitizenScreen(desk)


def _experiments(desk: DeskScreen) -> ModeScreen:
    from planner.tui.screens.experiments import ExperimentsScreen

    return ExperimentsScreen(desk)


def _evidence(desk: DeskScreen) -> ModeScreen:
    from planner.tui.screens.evidence import EvidenceScreen

    return EvidenceScreen(desk)


MODES: Mapping[str, Callable[[DeskScreen], ModeScreen]] = {
    "week": _week,
    "capacity": _capacity,
    "citizen": _citizen,
    "experiments": _experiments,
    "evidence": _evidence,
}


def modules() -> Iterator[str]:
    """The modules of all views and dialogs, by name."""
    import pkgutil

    from planner.tui import dialogs, screens

    for folder in (screens, dialogs):
        yield from (module.name for module in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}."))
