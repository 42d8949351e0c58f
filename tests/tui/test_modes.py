"""Further views beside today's list: gone to by a key, keeping their state, shown each new list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import pytest
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from planner.domain.citizens import Cadence
from planner.services.commands import Where
from planner.services.results import Today
from planner.tui.app import PlannerApp
from planner.tui.dialogs.base import Dialog
from planner.tui.screens import modes
from planner.tui.screens.mode_screen import ModeScreen
from tests.tui.stage import Stage, staged


class Count(ModeScreen):
    """A view that says how many lists it was shown, and of whom the last one."""

    PLACE: ClassVar[Where] = "capacity"
    BINDINGS: ClassVar[list[BindingType]] = []

    def body(self) -> Iterable[Widget]:
        """One line."""
        yield Static("", id="count")
        self.lists: list[Today] = []

    def show(self, today: Today) -> None:
        """Count."""
        self.lists.append(today)
        self.query_one("#count", Static).update(f"{len(self.lists)} lists of {len(today.rows)} citizens")

    async def tell(self, command_id: str) -> None:
        """Let the desk do something."""
        assert command_id == "set_cadence"
        await self.change(lambda desk: desk.set_cadence("k-02", Cadence.CLOSE), "screened")


@pytest.fixture(autouse=True)
def _counting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(modes)["MODES"], "count", Count)


def view(stage: Stage) -> Count:
    """The view that is shown."""
    screen = stage.app.screen_stack[0]
    assert isinstance(screen, Count)
    return screen


async def go(stage: Stage, mode: str) -> None:
    """Go to a view by what its key runs."""
    assert isinstance(stage.app, PlannerApp)
    stage.app.go(mode)
    await stage.pilot.pause()


async def test_a_view_is_shown_the_list_that_is_there_and_each_new_one() -> None:
    async with staged() as stage:
        await go(stage, "count")
        await stage.until(lambda: "1 lists of 15 citizens" in stage.text(), "the view")
        await view(stage).run_action("command('set_cadence')")
        await stage.until(lambda: len(view(stage).lists) > 1, "the new list")
        assert "15 citizens" in stage.text()
        assert len(stage.toasts) == 1


async def test_a_view_catches_up_with_what_happened_elsewhere() -> None:
    async with staged(at="k-02") as stage:
        await go(stage, "count")
        seen = view(stage)
        await stage.until(lambda: len(seen.lists) == 1, "the view")
        await stage.press("f2")
        await stage.until(lambda: stage.app.screen is stage.today, "today's list")
        assert stage.selected == "k-02"
        await stage.press("a")
        await stage.settled()
        assert len(seen.lists) == 1
        await go(stage, "count")
        await stage.until(lambda: len(seen.lists) == 2, "the newer list")
        assert view(stage) is seen


async def test_no_view_is_left_while_a_dialog_waits() -> None:
    async with staged(at="k-02") as stage:
        await stage.press("p")
        await stage.opened()
        await go(stage, "count")
        assert isinstance(stage.app.screen, Dialog)
        await stage.press("f2")
        assert isinstance(stage.app.screen, Dialog)
