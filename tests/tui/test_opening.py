"""While the store is opened the screen says how far that is, and leaving calls it off."""

from __future__ import annotations

from threading import Event

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from planner.locale import Language, language
from planner.progress import PLANNING, CalledOff, Reach
from planner.services.desk import Desk
from planner.services.results import Today
from planner.tui.app import PlannerApp
from planner.tui.screens import desk_screen
from tests.tui.fakes import FakeDesk
from tests.tui.stage import ENGLISH, Stage

_DOING = "Bringing the store up to date…"


class Slow:
    """A store that says how far its opening is, again and again until it is let go or called off."""

    def __init__(self) -> None:
        self.free, self.called_off = Event(), Event()
        self.desk = FakeDesk()

    def __call__(self, reach: Reach) -> Desk:
        try:
            while not self.free.wait(0.01):
                reach(_DOING, 3, 10)
        except CalledOff:
            self.called_off.set()
            raise
        return self.desk.as_desk()


def told(app: PlannerApp) -> str:
    return str(app.screen.query_one("#status-text", Static).content)


async def until_told(pilot: Pilot[None], app: PlannerApp, text: str) -> None:
    stage = Stage(app, pilot, FakeDesk())
    await stage.until(lambda: text in told(app), text)


@pytest.mark.parametrize(
    ("speaks", "text"),
    [(ENGLISH, "Bringing the store up to date… 30 %"), (language("da"), "Opdaterer lageret… 30 %")],
    ids=["English", "Danish"],
)
async def test_the_screen_says_how_far_the_opening_is(speaks: Language, text: str) -> None:
    store = Slow()
    app = PlannerApp(store, speaks)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_told(pilot, app, text)
        store.free.set()
        await until_told(pilot, app, "15")
        assert "30 %" not in told(app)


async def test_leaving_calls_it_off() -> None:
    store = Slow()
    app = PlannerApp(store, ENGLISH)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_told(pilot, app, "30 %")
        await pilot.press("q")
        assert store.called_off.wait(30)
    assert app.return_code == 0


async def test_what_told_it_to_end_before_there_was_a_screen_ends_it() -> None:
    app = PlannerApp(FakeDesk().factory(), ENGLISH, told=lambda: 143)
    async with app.run_test(size=(80, 24)) as pilot:
        await Stage(app, pilot, FakeDesk()).until(lambda: not app.is_running, "the end")
    assert app.return_code == 143


class Thoughtful(FakeDesk):
    """A desk that takes its time for the first plan."""

    gate_of_first: Event

    def today(self) -> Today:
        """Wait."""
        assert self.gate_of_first.wait(30)
        return super().today()


async def test_the_first_plan_is_told_as_such_and_how_long_it_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(desk_screen, "perf_counter", lambda: now[0])
    monkeypatch.setattr(desk_screen, "_STILL", 0.01)
    desk = Thoughtful()
    desk.gate_of_first = Event()
    app = PlannerApp(desk.factory(), ENGLISH)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_told(pilot, app, PLANNING)
        now[0] = 42.0
        await until_told(pilot, app, "42 s so far")
        desk.gate_of_first.set()
        await until_told(pilot, app, "15")
