"""One citizen: who it is above, the whole story below, and the commands on the citizen shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from planner.errors import PlannerError
from planner.planning.plan import Slot
from planner.services.commands import Where
from planner.services.results import Done, Today
from planner.services.story import Kind, Moment, Story
from planner.services.story_words import Teller, teller
from planner.tui.bindings import bindings
from planner.tui.screens.citizen_flows import CITIZEN_FLOWS
from planner.tui.screens.desk_screen import DeskScreen
from planner.tui.screens.flows import FLOWS
from planner.tui.screens.mode_screen import ModeScreen
from planner.tui.screens.telling import Scene
from planner.tui.story_lines import person_lines, told, unfolded, widths
from planner.tui.widgets.card_text import Tone
from planner.tui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from planner.services.desk import Desk

_INK = {Tone.STRONG: "bold", Tone.MUTED: "$muted", Tone.NOTICE: "$accent"}
_STEPS = {"next_citizen": 1, "previous_citizen": -1}


class CitizenScreen(ModeScreen):
    """The citizen that was opened from the list; going to another one here moves the list's cursor too."""

    PLACE: ClassVar[Where] = "citizen"
    AUTO_FOCUS = "#timeline"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("citizen"),
        Binding("escape", "app.command('today')", show=False),
    ]

    def __init__(self, desk: DeskScreen) -> None:
        super().__init__(desk)
        self._story: Story | None = None
        self._shown = ""
        self._with_log = True

    @property
    def citizen_told(self) -> str:
        """The citizen whose story is told."""
        return self.desk.opened

    def body(self) -> Iterable[Widget]:
        """Who it is, and the timeline."""
        yield Static(id="person")
        yield Timeline(
            lambda moment: told(moment, self._teller()),
            lambda moment: unfolded(moment, self._teller()),
            widths(self.language),
            id="timeline",
        )

    def refresh_view(self) -> None:
        """Show the citizen that was opened, even where the list is the same."""
        super().refresh_view()
        scene = self.scene() if self.ready else None
        if scene is not None and scene.id != self._shown:
            self._follow()

    def show(self, today: Today) -> None:
        """Show the citizen as the new list has it."""
        self._follow()

    # -- what is shown

    @property
    def story(self) -> Story | None:
        """The story that is shown; None while it is read."""
        return self._story

    @property
    def moment(self) -> Moment | None:
        """The moment under the cursor."""
        return self._timeline.moment

    @property
    def _timeline(self) -> Timeline:
        return self.query_one(Timeline)

    def _teller(self) -> Teller:
        assert self._story is not None
        today = self.desk.shown
        return teller(self._story, self.language, today.plan.titles if today is not None else {})

    def _follow(self) -> None:
        """Show whom the list has selected: the person at once, the story when it is read."""
        scene = self.scene()
        if scene is None or scene.id != self._shown:
            self._shown, self._story = (scene.id if scene is not None else ""), None
            self._timeline.clear()
        self._show_person()
        if scene is not None:
            self._read(scene.today, scene.id)

    def _show_person(self) -> None:
        scene = self.scene()
        if scene is None:
            text = Content(self.language.text("Nobody is in the list yet."))
        else:
            away = self._story.away if self._story is not None else ()
            lines = list(person_lines(scene.row, scene.view, away))
            text = Content("\n").join(Content.styled(line, _INK.get(tone, "")) for line, tone in lines)
        self.query_one("#person", Static).update(text)

    @work(group="story", exclusive=True, description="story")
    async def _read(self, today: Today, citizen_id: str) -> None:
        try:
            story = await self.look_up(lambda desk: desk.story(today, citizen_id))
        except PlannerError as error:
            self.refuse(self.sentence(error))
            return
        if not self.closing and citizen_id == self._shown:
            self._story = story
            self._show_person()
            self._fill(story)

    def _fill(self, story: Story) -> None:
        def wanted(moments: tuple[Moment, ...]) -> list[Moment]:
            return [moment for moment in moments if self._with_log or moment.kind is not Kind.LOG]

        today = self.language.text("Today, {day}", day=self.language.long_day(story.today))
        self._timeline.load(story.citizen.id, wanted(story.ahead), wanted(story.past), f"── {today} ──")

    # -- commands

    def act(self, command_id: str) -> None:
        """Run a command of the table."""
        if command_id in _STEPS:
            self.desk.step(_STEPS[command_id])
            self._follow()
        elif command_id == "unfold_entry":
            self._timeline.unfold()
        elif command_id == "fold_entry":
            self._timeline.fold()
        elif command_id == "log":
            self._with_log = not self._with_log
            if self._story is not None:
                self._fill(self._story)
        else:
            super().act(command_id)

    async def tell(self, command_id: str) -> None:
        """Tell the story of a command about the citizen shown."""
        scene = self.desk.scene_of(self.telling[1])
        if scene is None:
            return
        if command_id in CITIZEN_FLOWS:
            await CITIZEN_FLOWS[command_id](self, scene)
        else:
            await FLOWS[command_id](self, scene)

    # -- the stage of the flows

    def scene(self) -> Scene | None:
        """The citizen whose story is told."""
        return None if self.closing else self.desk.scene_of(self.desk.opened)

    def select(self, citizen_id: str) -> None:
        """Go to a citizen, in the list too."""
        self.desk.select(citizen_id)
        self.desk.opened = citizen_id
        self._follow()

    def show_slot(self, citizen_id: str, slot: Slot | None) -> None:
        """Look at another slot than the proposal (None: at the proposal)."""
        self.desk.show_slot(citizen_id, slot)
        self._show_person()

    async def change(self, call: Callable[[Desk], Done], mark: str, *, stay: bool = False) -> str:
        """Let the desk change something, say so, and show whom it was about."""
        del stay  # one stays with the citizen, unless something was taken back that was done with another one
        try:
            done = await self.desk.write(call)
        except PlannerError as error:
            return self.sentence(error)
        self.desk.note_change(done, mark)
        self.select(done.citizen_id or self.desk.opened)
        self.desk.plan_again()
        return ""
