"""The views are made ready while no key comes, and nobody sees a difference."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from threading import Event

import pytest

from planner.services.results import Today
from planner.tui import app as application
from planner.tui.app import PlannerApp
from planner.tui.dialogs.base import Dialog
from planner.tui.screens.modes import MODES
from planner.tui.screens.settings import SettingsScreen
from planner.tui.widgets.experiment_list import ExperimentList
from planner.tui.widgets.load_list import LoadList
from planner.tui.widgets.week_grid import WeekGrid
from tests.tui.cells import Cells, seen
from tests.tui.fakes import FakeDesk
from tests.tui.stage import Stage, staged

#: Each view's key, and when it shows what it is there to show.
STANDS: dict[str, tuple[str, Callable[[Stage], bool]]] = {
    "week": ("f3", lambda stage: bool(stage.app.screen.query_one(WeekGrid).virtual_size)),
    "capacity": ("f4", lambda stage: stage.app.screen.query_one(LoadList).selected is not None),
    "experiments": ("f5", lambda stage: stage.app.screen.query_one(ExperimentList).selected is not None),
}


async def look_alike(
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    looks_of: Callable[[Stage], Awaitable[object]],
    is_ready: Callable[[PlannerApp], bool],
) -> None:
    """What is made when somebody goes there, and what was made ready before, look the same."""
    monkeypatch.setattr(application, "_SPARE", 1000.0)
    async with staged(size=size) as stage:
        usual = await looks_of(stage)
        assert not is_ready(stage.app)
    monkeypatch.setattr(application, "_SPARE", 0.01)
    async with staged(size=size) as stage:
        await stage.until(lambda: is_ready(stage.app), "what is made ready")
        assert stage.app.current_mode == "_default"
        assert await looks_of(stage) == usual


async def changed(stage: Stage) -> None:
    """Another theme and another width."""
    stage.app.action_command("theme")
    await stage.pilot.resize_terminal(100, 30)
    await stage.pilot.pause()


async def looks(stage: Stage) -> dict[str, tuple[str | None, Cells]]:
    """Each view after another theme and another width, with what has the focus."""
    await changed(stage)
    found: dict[str, tuple[str | None, Cells]] = {}
    for mode, (key, stands) in STANDS.items():
        await stage.press(key)
        await stage.until(lambda: stage.app.current_mode == mode, mode)  # noqa: B023
        await stage.until(lambda: stage.app.focused is not None and stands(stage), "the figures")  # noqa: B023
        await stage.pilot.pause()
        focused = stage.app.focused
        found[mode] = (None if focused is None else focused.id, seen(stage))
    return found


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_a_view_that_was_made_ready_looks_like_one_that_is_made_when_somebody_goes_there(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    await look_alike(monkeypatch, size, looks, lambda app: {*MODES} <= {*app._screen_stacks})


async def palettes(stage: Stage) -> list[tuple[str | None, Cells]]:
    """The palette when it is opened, after something was sought in it, and after a change of theme, width and place."""
    found = list[tuple[str | None, Cells]]()
    for keys in ((), ("e", "s", "c"), ("z", "z", "down"), ("pagedown", "pagedown")):
        await stage.press("ctrl+p")
        await stage.opened()
        await stage.until(lambda: stage.app.focused is not None and stage.dialog.acts, "the field")
        await stage.pilot.pause()
        focused = stage.app.focused
        found.append((None if focused is None else focused.id, seen(stage)))
        await stage.press(*keys)
        await stage.press("escape")
        await stage.until(lambda: not isinstance(stage.app.screen, Dialog), "the view below")
    return found


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_a_palette_that_was_made_ready_looks_like_one_that_is_made_when_it_is_opened(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    async def all_of(stage: Stage) -> list[tuple[str | None, Cells]]:
        first = await palettes(stage)
        await changed(stage)
        await stage.press("f5")
        await stage.until(lambda: stage.app.current_mode == "experiments", "the experiments")
        return [*first, *await palettes(stage)]

    await look_alike(monkeypatch, size, all_of, lambda app: app._palette_at_hand is not None)


async def test_a_palette_that_was_made_ready_knows_the_citizens_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "_SPARE", 0.01)
    async with staged() as stage:
        await stage.until(lambda: stage.app._palette_at_hand is not None, "the palette")
        last = stage.people.order[-1]
        name = next(row.citizen.name for row in stage.desk.rows if row.citizen.id == last)
        for _ in range(2):
            await stage.press("home", "ctrl+p")
            await stage.opened()
            assert stage.dialog is stage.app._palette_at_hand
            await stage.press(*name.lower(), "enter")
            await stage.until(lambda: stage.selected == last, "the citizen")


async def settings(stage: Stage) -> list[tuple[str | None, Cells]]:
    """The settings when they are opened, and after something in them was wrong, and after it was thrown away."""
    found = list[tuple[str | None, Cells]]()
    for keys in ((), ("x", "enter", "tab", "tab", "space", "end"), (), ("tab", "9"), ()):
        await stage.press("f6")
        await stage.until(
            lambda: isinstance(stage.app.screen, SettingsScreen) and stage.app.focused is not None, "the form"
        )
        await stage.pilot.pause()
        focused = stage.app.focused
        found.append((None if focused is None else focused.id, seen(stage)))
        await stage.press(*keys)
        await stage.press("escape")
        if keys:
            await stage.opened()
            await stage.press("down", "enter")
        await stage.until(lambda: not isinstance(stage.app.screen, SettingsScreen | Dialog), "the view below")
    return found


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_settings_that_were_made_ready_look_like_those_that_are_made_when_they_are_opened(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    async def all_of(stage: Stage) -> list[tuple[str | None, Cells]]:
        first = await settings(stage)
        await changed(stage)
        return [*first, *await settings(stage)]

    await look_alike(monkeypatch, size, all_of, lambda app: app._settings_at_hand is not None)


async def test_what_is_not_shown_is_laid_out_for_another_size_before_it_is_gone_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(application, "_SPARE", 0.01)
    async with staged(size=(160, 45)) as stage:
        await stage.until(lambda: stage.app._settings_at_hand is not None, "the settings")
        hidden = [stage.app._screen_stacks["week"][0], stage.app._settings_at_hand]
        await stage.pilot.resize_terminal(80, 24)
        await stage.until(lambda: all(one is not None and one.size == (80, 24) for one in hidden), "the new size")
        assert all(one is not None and one.has_class("-narrow") for one in hidden)
        await stage.press("f8")
        styled = stage.app._css_update_count
        await stage.until(
            lambda: all(one is not None and one._css_update_count == styled for one in hidden), "the colours"
        )
        assert not stage.toasts


async def test_the_capacity_is_reckoned_before_anybody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "_SPARE", 0.01)
    async with staged() as stage:
        await stage.until(lambda: stage.desk._reckoned == 2, "the weeks")
        assert stage.app.current_mode == "_default"


async def test_what_cannot_be_reckoned_ahead_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has asked for it yet."""
    asked = Event()

    def fails(desk: FakeDesk, today: Today) -> None:
        asked.set()
        raise ValueError

    monkeypatch.setattr(application, "_SPARE", 0.01)
    monkeypatch.setattr(FakeDesk, "some_week_loads", fails)
    async with staged() as stage:
        await stage.until(asked.is_set, "the weeks")
        await stage.until(lambda: all(one.group != "ahead" for one in stage.app.workers), "the end of it")
        await stage.press("j")
        assert stage.app.is_running
        assert not stage.toasts


async def test_a_view_that_is_gone_to_after_another_theme_is_styled_without_reading_the_style_sheet_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(application, "_SPARE", 1000.0)
    async with staged() as stage:
        await stage.press("f5")
        await stage.until(lambda: stage.app.current_mode == "experiments", "the experiments")
        view = stage.app.screen
        await stage.press("f2", "f8")
        await stage.until(lambda: stage.app.theme != "planner-dark", "another theme")
        await stage.pilot.pause()
        monkeypatch.setattr(stage.app, "refresh_css", lambda **_: pytest.fail("read anew"))
        await stage.press("f5")
        await stage.until(lambda: stage.app.screen is view, "the experiments")
        assert view.styles.background == stage.today.styles.background
