"""The application on a fake desk, and waiting for what one expects of it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from unittest.mock import Mock

from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from planner.first_view import First
from planner.locale import Language, language
from planner.settings import Settings
from planner.tui.app import PlannerApp, Save
from planner.tui.dialogs.base import Dialog
from planner.tui.dialogs.notice import NoticeDialog
from planner.tui.dialogs.paper import CaseNoteDialog
from planner.tui.screens.modes import TODAY
from planner.tui.screens.today import TodayScreen
from planner.tui.widgets.citizen_card import CitizenCard
from planner.tui.widgets.citizen_list import CitizenList
from tests.tui.fakes import FakeDesk

ENGLISH = language("en")
PATIENCE = 20.0


class Stage:
    """A running application and short words for what the tests look at."""

    def __init__(self, app: PlannerApp, pilot: Pilot[None], desk: FakeDesk) -> None:
        self._notify = Mock(wraps=app.notify)
        vars(app)["notify"] = self._notify
        self.app = app
        self.pilot = pilot
        self.desk = desk

    @property
    def today(self) -> TodayScreen:
        """The screen of today's list, whether it is shown or not."""
        screen: Screen[object] = self.app.get_screen(TODAY)
        assert isinstance(screen, TodayScreen)
        return screen

    @property
    def people(self) -> CitizenList:
        """Today's list."""
        return self.today.query_one(CitizenList)

    @property
    def selected(self) -> str | None:
        """The id of the selected citizen."""
        return self.people.selected_id

    @property
    def dialog(self) -> Dialog[object]:
        """The open dialog."""
        assert isinstance(self.app.screen, Dialog)
        return self.app.screen

    @property
    def toasts(self) -> list[str]:
        """What the toasts have said, oldest first."""
        return [call.args[0] for call in self._notify.call_args_list]

    def card(self) -> str:
        """The text of the card."""
        return self.today.query_one(CitizenCard).text

    def text(self) -> str:
        """Everything on the screen, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text for strip in strips)

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until something holds."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"waited in vain for {what}:\n{self.text()}"
            await self.pilot.pause()

    async def settled(self) -> None:
        """Wait until a plan is shown and none is being made."""
        await self.until(lambda: self.today.settled, "the plan")
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Write a text."""
        await self.pilot.press(*text)

    async def opened(self) -> None:
        """Wait for a dialog."""
        await self.until(lambda: isinstance(self.app.screen, Dialog) and self.app.screen.is_mounted, "a dialog")
        await self.pilot.pause()

    async def noted(self) -> None:
        """Wait for the case note that follows a conversation held."""
        await self.until(lambda: isinstance(self.app.screen, CaseNoteDialog), "the case note")
        await self.opened()

    async def noticed(self, sentence: str) -> None:
        """Wait for a dialog that says why something cannot be done, and close it."""
        flat = sentence.split()
        await self.until(lambda: isinstance(self.app.screen, NoticeDialog) and self.dialog.acts, "the refusal")
        body = self.dialog.query("#dialog > Static").results(Static)
        assert " ".join(flat) in " ".join(str(one.render()) for one in body)
        await self.press("escape")
        await self.until(lambda: not isinstance(self.app.screen, NoticeDialog), "the refusal to be closed")

    async def closed(self) -> None:
        """Wait until no dialog is open."""
        await self.until(lambda: self.app.screen is self.today, "the dialog to close")


@asynccontextmanager
async def staged(
    desk: FakeDesk | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    speaks: Language = ENGLISH,
    theme: str = "planner-dark",
    at: str | None = None,
    settings: Settings | None = None,
    save: Save | None = None,
    first: First | None = None,
) -> AsyncIterator[Stage]:
    """The application with its first list, the cursor on the citizen `at`."""
    desk = desk or FakeDesk()
    app = PlannerApp(desk.factory(), speaks, theme=theme, settings=settings, save=save, first=first)
    async with app.run_test(size=size, notifications=True) as pilot:
        stage = Stage(app, pilot, desk)
        await stage.settled()
        if at is not None:
            stage.people.select(at)
            await pilot.pause()
        yield stage
