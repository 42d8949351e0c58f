"""A further view of the caseload: it is shown each new list by the desk's screen, and hands its calls on to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.widget import Widget

from planner.errors import PlannerError
from planner.services.results import Done, Today
from planner.tui.screens.desk_screen import DeskScreen
from planner.tui.screens.stage_screen import StageScreen
from planner.tui.widgets.key_footer import KeyFooter
from planner.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from planner.services.desk import Desk

T = TypeVar("T")


class ModeScreen(StageScreen):
    """One view beside today's list; it keeps its state while another one is looked at."""

    def __init__(self, desk: DeskScreen) -> None:
        super().__init__(desk.language, desk.keys)
        self.desk = desk
        self._seen: Today | None = None

    def compose(self) -> ComposeResult:
        """Status, the view, footer."""
        yield StatusLine(self.language)
        yield from self.body()
        yield KeyFooter(self.language, self.PLACE, self.keys)

    @property
    def begun(self) -> int:
        """The number of the last action before this session."""
        return self.desk.begun

    def body(self) -> Iterable[Widget]:
        """The widgets of the view."""
        raise NotImplementedError

    def show(self, today: Today) -> None:
        """Show the caseload as it stands now."""
        raise NotImplementedError

    def refresh_view(self) -> None:
        """Show the newest list where it is not shown yet; called when it comes and when the view is gone to."""
        today = self.desk.shown
        if today is not None and today is not self._seen and self.ready:
            self._seen = today
            self.query_one(StatusLine).show(today)
            self.show(today)

    @property
    def ready(self) -> bool:
        """Whether it is shown and its widgets are there: it is gone to before they are, and they go before it."""
        return not self.closing and self in self.app.screen_stack and bool(self.query(KeyFooter))

    def action_command(self, command_id: str) -> None:
        """Run a command of the table, once the view is there."""
        if self.ready and self.desk.shown is not None:
            self.act(command_id)

    def act(self, command_id: str) -> None:
        """Run a command of the table."""
        super().action_command(command_id)

    def on_mount(self) -> None:
        """Show the list that is there already."""
        self.refresh_view()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Catch up with what happened while another view was looked at."""
        self.refresh_view()

    async def story_told(self) -> None:
        """Nothing typed need be kept."""
        await self.desk.story_told()

    async def look_up(self, call: Callable[[Desk], T]) -> T:
        """Ask the desk something that changes nothing."""
        return await self.desk.look_up(call)

    async def change(self, call: Callable[[Desk], Done], mark: str, *, stay: bool = False) -> str:
        """Let the desk change something and say so; gives the sentence of a refusal, empty when it was done."""
        del stay  # there is no next citizen to go to
        try:
            done = await self.desk.write(call)
        except PlannerError as error:
            return self.sentence(error)
        self.desk.note_change(done, mark)
        self.desk.plan_again()
        return ""
