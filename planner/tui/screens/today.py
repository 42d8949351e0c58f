"""Today: the list, the card beside it, and the commands on the selected citizen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen

from planner.domain.text import visible
from planner.errors import PlannerError
from planner.locale import N_, Language
from planner.planning.plan import Slot
from planner.services.commands import command
from planner.services.messages import told
from planner.services.ports import Note
from planner.services.results import Done, Row, Today
from planner.tui.bindings import bindings
from planner.tui.crash import summary
from planner.tui.dialogs.base import Dialog
from planner.tui.messages import Opened, PlanFailed, Planned
from planner.tui.rows import IN_NEED, Cells, View, cells, grouped, slot_shown, slots_of
from planner.tui.screens.flows import FLOWS, Call, Scene
from planner.tui.widgets.card_text import card_text
from planner.tui.widgets.citizen_card import CitizenCard
from planner.tui.widgets.citizen_list import CitizenList
from planner.tui.widgets.key_footer import KeyFooter
from planner.tui.widgets.status_line import StatusLine
from planner.tui.work import Clerk

if TYPE_CHECKING:  # the desk brings the engine along, which the first frame must not wait for
    from planner.services.desk import Desk

T = TypeVar("T")

_TURNS = {"next_alternative": 1, "previous_alternative": -1}
_REST = 0.15
_LOOK_AGAIN = 60


class TodayScreen(Screen[None]):
    """The list of today. Rows and plan come from the desk; nothing is decided here."""

    AUTO_FOCUS = "#list"
    BINDINGS: ClassVar[list[BindingType]] = bindings("today")

    def __init__(self, factory: Callable[[], Desk], language: Language) -> None:
        super().__init__()
        self.language = language
        self._factory = factory
        self._clerk: Clerk | None = None
        self._today: Today | None = None
        self._rows: dict[str, Row] = {}
        self._order: list[str] = []
        self._chosen: dict[str, Slot] = {}
        self._marks: dict[str, str] = {}
        self._marked_at: dict[str, int] = {}
        self._notes: tuple[str, tuple[Note, ...]] = ("", ())
        self._changes = 0
        self._planning = False
        self._wanted = 0

    def compose(self) -> ComposeResult:
        """Status, list and card, footer."""
        yield StatusLine(self.language)
        with Container(id="main"):
            yield CitizenList(self.language, self._cells, id="list")
            yield CitizenCard(self._card, id="card")
        yield KeyFooter(self.language)

    def on_mount(self) -> None:
        """Open the store when the first frame is out."""
        self.call_after_refresh(self._open)
        self.set_interval(_LOOK_AGAIN, self._look_again)

    def on_unmount(self) -> None:
        """Take no more work."""
        if self._clerk is not None:
            self._clerk.close()

    # -- opening and planning

    @work(thread=True, group="open", exit_on_error=False)
    def _open(self) -> None:
        self._planning = True
        try:
            desk = self._factory()
            self.post_message(Opened(desk))
            self.post_message(Planned(desk.today(), 0))
        except Exception as error:
            self.post_message(PlanFailed(error, first=True))

    @work(thread=True, group="plan", exit_on_error=False)
    def _plan(self, desk: Desk, number: int) -> None:
        try:
            self.post_message(Planned(desk.today(), number))
        except Exception as error:
            self.post_message(PlanFailed(error, first=False))

    def _plan_again(self) -> None:
        self._wanted = self._changes
        if self._clerk is not None and not self._planning:
            self._planning = True
            self.query_one(StatusLine).planning(True)
            self._plan(self._clerk.desk, self._changes)

    def _look_again(self) -> None:
        """Notice a new day, or what was done on the line meanwhile; the desk answers at once where nothing changed."""
        if self._clerk is not None and not self._planning:
            self._planning = True
            self._plan(self._clerk.desk, self._changes)

    @on(Opened)
    def _opened(self, event: Opened) -> None:
        self._clerk = Clerk(event.desk)

    @on(Planned)
    def _planned(self, event: Planned) -> None:
        self._planning = False
        if event.today is not self._today:
            self._load(event.today, event.number)
        if self._wanted > event.number:
            self._plan_again()
        else:
            self.query_one(StatusLine).planning(False)

    @on(PlanFailed)
    def _plan_failed(self, event: PlanFailed) -> None:
        self._planning = False
        if event.first:
            raise event.error
        self.query_one(StatusLine).planning(False)
        if isinstance(event.error, PlannerError):
            self.refuse(self._sentence(event.error))
            return
        kind, place = summary(event.error)
        text = N_("The change is saved, but no new plan could be made: {kind} in {place}")
        self.refuse(self.language.text(text, kind=kind, place=place))

    def _load(self, today: Today, number: int) -> None:
        self._today = today
        self._rows = {row.citizen.id: row for row in today.rows}
        groups = grouped(today)
        self._order = [row.citizen.id for _, rows in groups for row in rows]
        self._marks = {key: mark for key, mark in self._marks.items() if self._marked_at[key] > number}
        self._chosen = {key: slot for key, slot in self._chosen.items() if key in self._rows}
        self.query_one(StatusLine).show(today)
        self.query_one(CitizenList).load(groups)
        self.query_one(CitizenCard).follow(fresh=False)

    # -- what is shown

    @property
    def settled(self) -> bool:
        """Whether a plan is shown and none is being made."""
        return self._today is not None and not self._planning

    @property
    def _list(self) -> CitizenList:
        return self.query_one(CitizenList)

    def _view(self) -> View:
        assert self._today is not None
        return View(self.language, self._today.today, self._today.plan.titles, self._chosen, self._marks)

    def _cells(self, row: Row) -> Cells:
        return cells(row, self._view())

    def _card(self, width: int) -> Content:
        scene = self.scene()
        if scene is None:
            return Content(self.language.text("Nobody is in the list yet.") if self._today is not None else "")
        noted, notes = self._notes
        return card_text(scene.row, scene.view, width, notes if noted == scene.id else ())

    @on(CitizenList.Moved)
    def _moved(self, event: CitizenList.Moved) -> None:
        event.stop()
        self.query_one(CitizenCard).follow()
        self._rested = self.set_timer(_REST, lambda: self._read_notes(event.citizen_id))

    @work(group="notes", exclusive=True)
    async def _read_notes(self, citizen_id: str) -> None:
        if self._clerk is None or self._list.selected_id != citizen_id:
            return
        notes = await self._clerk.do(lambda desk: desk.notes(citizen_id))
        self._notes = (citizen_id, notes)
        if notes and self._list.selected_id == citizen_id:
            self.query_one(CitizenCard).follow(fresh=False)

    # -- commands

    @on(KeyFooter.Pressed)
    def _pressed(self, event: KeyFooter.Pressed) -> None:
        entry = command(event.command_id)
        target = self if entry.where == "today" else self.app
        self.call_later(target.run_action, f"command('{entry.id}')")

    def action_command(self, command_id: str) -> None:
        """Run a command of the table."""
        scene = self.scene()
        if scene is None or self._clerk is None:
            return
        if command_id in _TURNS:
            self._turn(scene, _TURNS[command_id])
        elif command_id.startswith("choice_"):
            self._choose(scene, int(command_id[-1]) - 1)
        else:
            self._tell(command_id, scene)

    @work(group="flow")
    async def _tell(self, command_id: str, scene: Scene) -> None:
        try:
            await FLOWS[command_id](self, scene)
        except PlannerError as error:
            self.refuse(self._sentence(error))

    def _turn(self, scene: Scene, step: int) -> None:
        slots = slots_of(scene.row)
        if slots:
            shown = slot_shown(scene.row, scene.view)
            at = slots.index(shown) if shown in slots else -1
            self._choose(scene, (at + step) % len(slots))

    def _choose(self, scene: Scene, index: int) -> None:
        slots = slots_of(scene.row)
        if index < len(slots):
            self.show_slot(scene.id, slots[index] if index else None)

    # -- the stage of the flows

    def scene(self) -> Scene | None:
        """The selected citizen, or None while there is none."""
        row = self._rows.get(self._list.selected_id or "")
        return None if row is None or self._today is None else Scene(row, self._today, self._view())

    async def ask(self, dialog: Dialog[T]) -> T | None:
        """Show a dialog and wait for its answer; None when it is left."""
        answer: T | None = await self.app.push_screen_wait(dialog)
        return answer

    async def look_up(self, call: Callable[[Desk], T]) -> T:
        """Ask the desk something that changes nothing."""
        assert self._clerk is not None
        return await self._clerk.do(call)

    async def change(self, call: Call, mark: str, *, stay: bool = False) -> str:
        """Let the desk change something, say so, and go on to the next citizen in need unless `stay`."""
        assert self._clerk is not None
        try:
            done = await self._clerk.do(call)
        except PlannerError as error:
            return self._sentence(error)
        self._changes += 1
        self._mark(done, mark)
        self._say(done, undoing=mark in (N_("undone"), N_("redone")))
        if stay and done.citizen_id is not None:
            self.select(done.citizen_id)
        elif not stay:
            self._next_in_need(done.citizen_id)
        self._plan_again()
        return ""

    def refuse(self, fault: str) -> None:
        """Show a refusal where no dialog is open to show it."""
        self.notify(visible(fault), severity="error", markup=False)

    def select(self, citizen_id: str) -> None:
        """Go to a citizen."""
        self._list.select(citizen_id)

    def show_slot(self, citizen_id: str, slot: Slot | None) -> None:
        """Look at another slot than the proposal (None: at the proposal)."""
        if slot is None:
            self._chosen.pop(citizen_id, None)
        else:
            self._chosen[citizen_id] = slot
        self._list.reshape(citizen_id)
        self.query_one(CitizenCard).follow(fresh=False)

    # -- after a change

    def _mark(self, done: Done, mark: str) -> None:
        if done.citizen_id is None:
            return
        self._notes = ("", ())
        if mark:
            self._marks[done.citizen_id] = mark
            self._marked_at[done.citizen_id] = self._changes
        self._list.reshape(done.citizen_id)

    def _say(self, done: Done, *, undoing: bool) -> None:
        text = done.text(self.language)
        how = self.language.text("U redoes.") if undoing else self.language.text("u undoes.")
        self.notify(f"{visible(text)}\n{how}", markup=False)

    def _next_in_need(self, citizen_id: str | None) -> None:
        at = self._order.index(citizen_id) + 1 if citizen_id in self._order else 0
        for candidate in (*self._order[at:], *self._order[:at]):
            if candidate not in self._marks and self._rows[candidate].part.bucket in IN_NEED:
                self.select(candidate)
                return

    def _sentence(self, error: PlannerError) -> str:
        return told(self.language, error.message, error.values)
