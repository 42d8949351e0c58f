"""Today: the list, the card beside it, and the commands on the selected citizen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual._time import get_time
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.timer import Timer

from planner.domain.text import visible
from planner.errors import PlannerError
from planner.locale import N_, Language
from planner.planning.plan import Bucket, Slot
from planner.progress import Reach
from planner.remembered import keep_view, read_view
from planner.services.commands import MOVEMENTS, Where
from planner.services.keymap import Keys
from planner.services.ports import Note
from planner.services.results import Done, Row, Today
from planner.services.sieve import Sieve, sieve_of
from planner.tui.bindings import bindings
from planner.tui.first_view import WIDEST, Opening
from planner.tui.held_keys import HoldsKeys
from planner.tui.idle import LocksItself
from planner.tui.list_state import ListState
from planner.tui.list_words import folded_card, hidden_remark, nobody_card
from planner.tui.rows import Cells, View, cells, slot_shown, slots_of
from planner.tui.screens.desk_screen import DeskScreen
from planner.tui.screens.telling import Call, Scene
from planner.tui.widgets.card_text import Line, Tone, card_lines, card_text, wrapped
from planner.tui.widgets.citizen_card import CitizenCard
from planner.tui.widgets.citizen_list import CitizenList
from planner.tui.widgets.key_footer import KeyFooter
from planner.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:  # the desk brings the engine along, which the first frame must not wait for
    from planner.services.desk import Desk

_TURNS = {"next_alternative": 1, "previous_alternative": -1}
_REST = 0.15
#: Seconds without a key after which nobody is about to press one.
_IDLE = 10.0
#: Seconds after which everything stands in its place.
_LAID_OUT = 0.3


class TodayScreen(DeskScreen):
    """The list of today. Rows and plan come from the desk; nothing is decided here."""

    PLACE: ClassVar[Where] = "today"
    AUTO_FOCUS = "#list"
    BINDINGS: ClassVar[list[BindingType]] = bindings("today")

    def __init__(
        self,
        factory: Callable[[Reach], Desk],
        language: Language,
        keys: Keys | None = None,
        view_path: Path | None = None,
        opening: Opening | None = None,
    ) -> None:
        super().__init__(factory, language, keys)
        self._view_path = view_path
        self._opening = opening
        self._first = None if opening is None else opening.first
        self._seen: Mapping[str, Cells] = {}
        #: When the list of the store was there to be seen.
        self.listed_at = inf
        self._shown_at = 0.0 if opening is not None and opening.is_painted else inf
        self._first_wait: Timer | None = None
        self._ahead_wait: Timer | None = None
        self._state = ListState()
        self._notes: tuple[str, tuple[Note, ...]] = ("", ())
        self._notes_wait: Timer | None = None

    def compose(self) -> ComposeResult:
        """Status, list and card, footer."""
        yield StatusLine(self.language)
        with Container(id="main"):
            yield CitizenList(self.language, self._cells, id="list")
            yield CitizenCard(self._card, id="card")
        yield KeyFooter(self.language, self.PLACE, self.keys)

    def on_mount(self) -> None:
        """Look as it was left."""
        self._recall_view()
        if self._first is not None:
            ways, quality, strained = self._first.status
            self.query_one(StatusLine).say(ways, quality, strained=strained)
            self._list.load(self._first.groups, self._first.remark)
            self.call_after_refresh(self._is_shown)

    async def _is_shown(self) -> None:
        self._shown_at = min(self._shown_at, get_time())
        if isinstance(self.app, HoldsKeys):
            await self.app.release_passing()

    @property
    def shows_first(self) -> bool:
        """Whether the list is shown as it was left, while the store is read."""
        return self._today is None and self._first is not None

    @property
    def is_seen(self) -> bool:
        """Whether there is anybody to be seen."""
        return self._today is not None or self._first is not None

    @property
    def was_logged(self) -> bool:
        """Whether it is written down already that somebody looks at the list."""
        return self._first is not None

    @staticmethod
    def moves(key: str) -> bool:
        """Whether the key only moves about."""
        return any(key in entry.keys for entry in MOVEMENTS)

    def has_marks_of(self, number: int) -> bool:
        """Whether a line shows that something was just done which a plan has in it that was begun then."""
        return self._state.has_marks_of(number)

    def load(self, today: Today, number: int) -> None:
        """Show the plan that was begun after `number` changes; what changed since keeps its mark."""
        self._seen = self._list.kept_cells()
        self._state.load(today, number)
        self._lay_out(today)
        self.call_after_refresh(self._is_listed)
        self._keep_first_soon()

    def _is_listed(self) -> None:
        self.listed_at = min(self.listed_at, get_time())

    @property
    def settled(self) -> bool:
        """Whether a plan is there to be seen, and none is being made."""
        return super().settled and self.listed_at < inf

    def was_seen(self, since: float) -> bool:
        """Whether the list that came has stood there since then: the same citizens, and all that is seen the same."""
        rows = self._list.rows_on_screen()
        return (
            self._shown_at <= since
            and bool(self._seen)
            and list(self._seen) == self._list.order
            and all(self._seen[row.citizen.id] == self._cells(row) for row in rows)
        )

    def _lay_out(self, today: Today) -> None:
        """Show those that the filter lets through, and say that there are others."""
        groups = self._state.groups(today)
        hidden = len(today.rows) - len(self._state.order)
        self._show_status(today)
        self._list.load(groups, hidden_remark(hidden, self.language, self.keys))
        self.query_one(CitizenCard).follow(fresh=False)

    def _show_status(self, today: Today) -> None:
        self.query_one(StatusLine).show(today, self._state.sieve, len(self._state.picked))

    def wait_for(self, text: str) -> None:
        """Say what the first list waits for."""
        self.query_one(StatusLine).wait_for(text)

    def planning(self, busy: bool) -> None:
        """Mark quietly that a plan is being made; when it is done, keep how the list looks."""
        self.query_one(StatusLine).planning(busy)
        if not busy:
            self._keep_first_soon()

    # -- what is shown

    @property
    def _list(self) -> CitizenList:
        return self.query_one(CitizenList)

    def _view(self) -> View:
        assert self._today is not None
        return self._state.view(self._today, self.language)

    def _cells(self, row: Row) -> Cells:
        return cells(row, self._view())

    def _card(self, width: int) -> list[Line]:
        if self.closing:
            return []
        if self._first is not None and self._today is None:
            is_first = self._list.selected_id == self._list.first_id
            wait = (self.language.text("Opening…"), Tone.MUTED)
            return wrapped(self._first.card, width) if is_first else [wait]
        scene = self.scene()
        if scene is None:
            return self._nobody(width) if self._today is not None and not self._state.order else self._folded()
        noted, notes = self._notes
        return card_text(scene.row, scene.view, width, notes if noted == scene.id else ())

    def _folded(self) -> list[Line]:
        return [] if self._list.selected_group is None else folded_card(self.language, self.keys)

    def _nobody(self, width: int) -> list[Line]:
        return nobody_card(len(self._state.rows), width, self.language, self.keys)

    @on(CitizenList.Moved)
    def _moved(self, event: CitizenList.Moved) -> None:
        event.stop()
        if self.closing:
            return
        self.query_one(CitizenCard).follow()
        self._read_notes_soon(event.citizen_id)

    def _read_notes_soon(self, citizen_id: str | None) -> None:
        if self._notes_wait is not None:
            self._notes_wait.stop()
        self._notes_wait = None if citizen_id is None else self.set_timer(_REST, lambda: self._read_notes(citizen_id))

    @work(group="notes", exclusive=True, description="notes")
    async def _read_notes(self, citizen_id: str) -> None:
        scene = self.scene()
        if scene is None or scene.id != citizen_id:
            return
        self._state.looked.add(citizen_id)
        with suppress(PlannerError):
            self._notes = (citizen_id, await self.look_up(lambda desk: desk.notes(citizen_id, "today")))
            if self._notes[1] and self._list.selected_id == citizen_id:
                self.query_one(CitizenCard).follow(fresh=False)

    # -- commands

    def action_command(self, command_id: str) -> None:
        """Run a command of the table, once there is a list."""
        if self._today is None:
            return
        from planner.tui.screens.list_flows import LIST_FLOWS

        scene = self.scene()
        if command_id in ("fold", "fold_all") or (scene is None and command_id == "citizen"):
            self._fold(everything=command_id == "fold_all")
        elif command_id in LIST_FLOWS:
            super().action_command(command_id)
        elif command_id == "next_marked":
            self._go_to_marked()
        elif scene is None:
            self.say(self.language.text("No citizen is selected."))
        elif command_id == "mark":
            self._mark_for_all(scene)
        elif command_id in _TURNS:
            self._turn(scene, _TURNS[command_id])
        elif command_id == "citizen":
            self.opened = scene.id
            if isinstance(self.app, HoldsKeys):
                self.app.go(command_id)
        elif command_id.startswith("choice_"):
            self._choose(scene, int(command_id[-1]) - 1)
        else:
            super().action_command(command_id)

    def learn(self) -> None:
        """Load the stories of the commands: they bring much along that the first frame must not wait for."""
        from planner.tui.screens.flows import FLOWS

        self.takes_drafts = frozenset(FLOWS)

    async def tell(self, command_id: str) -> None:
        """Tell the story of a command, which is about the selected citizen or about many."""
        from planner.tui.screens.flows import FLOWS
        from planner.tui.screens.list_flows import LIST_FLOWS

        scene = self.scene_of(self.telling[1])
        if command_id in LIST_FLOWS:
            await LIST_FLOWS[command_id](self)
        elif scene is not None:
            await FLOWS[command_id](self, scene)

    def _fold(self, *, everything: bool) -> None:
        groups = {row.part.bucket for row in self._state.rows.values()}
        at, folded = self._list.selected_group, self._list.folded
        if everything:
            folded = frozenset() if folded >= groups else frozenset(groups)
        elif at is not None:
            folded ^= {at}
        self._list.fold(folded)
        self._keep_view()

    def _mark_for_all(self, scene: Scene) -> None:
        self.pick(self._state.picked ^ {scene.id})
        self._list.action_move("down")

    def _go_to_marked(self) -> None:
        following = self._state.next_marked(self._list.selected_id)
        if following is not None:
            self.select(following)
        else:
            self.say(self.language.text("Nobody is marked."))

    def _keep_view(self) -> None:
        """Remember folded groups and the filter, beside the screen."""
        if self._view_path is not None:
            keep = partial(keep_view, self._view_path, self._left())
            self.run_worker(keep, thread=True, group="view", exclusive=True)
        self._keep_first_soon()

    def _left(self) -> dict[str, object]:
        """How the screen would be found again."""
        return {"folded": sorted(self._list.folded), "filter": asdict(self._state.sieve)}

    def _recall_view(self) -> None:
        if self._view_path is not None:
            view = read_view(self._view_path)
            folded, sieve = view.get("folded"), view.get("filter")
            self._list.folded = frozenset(b for b in Bucket if isinstance(folded, list) and b.value in folded)
            self._state.sieve = sieve_of(sieve) if isinstance(sieve, dict) else Sieve()

    # -- what is seen first, the next time

    def on_resize(self) -> None:
        """Let the picture fit the terminal."""
        self._keep_first_soon()

    def _keep_first_soon(self) -> None:
        if self._opening is not None:
            if self._first_wait is not None:
                self._first_wait.stop()
            self._first_wait = self.set_timer(_LAID_OUT, self._keep_first)

    def _keep_first(self) -> None:
        """Keep the list as it would look if the program were opened now, unless it is about to change."""
        opening, today, clerk = self._opening, self._today, self._clerk
        if opening is None or today is None or clerk is None or self.closing:
            return
        self._look_ahead_soon()
        if self.changes and not self.settled:  # the plan was mended only, and a better one may come
            return
        if self._state.marks or self._state.picked or self._state.chosen or self.app.size != self.size:
            return
        if self.changes:
            opening.forget()
        opening.keep(self, clerk.desk, today, self._left(), self._card_at_first(today))

    def _look_ahead(self) -> None:
        """Make the next working day ready while no key comes: then it opens as quickly as this one."""
        opening, today, clerk = self._opening, self._today, self._clerk
        if opening is None or today is None or clerk is None or self.closing:
            return
        if self.settled and isinstance(self.app, LocksItself) and self.app.idle >= _IDLE:
            opening.keep_ahead(self, clerk.desk, today, self._left)
        else:
            self._look_ahead_soon()

    def _look_ahead_soon(self) -> None:
        if self._ahead_wait is not None:
            self._ahead_wait.stop()
        self._ahead_wait = self.set_timer(_IDLE, self._look_ahead)

    def _card_at_first(self, today: Today) -> list[Line]:
        row = self._state.rows.get(self._list.first_id or "")
        if row is not None:
            return card_lines(row, View(self.language, today.today, today.plan.titles))
        return self._folded() if self._state.order else self._nobody(WIDEST)

    # -- many at once

    @property
    def sieve(self) -> Sieve:
        """Which citizens are shown."""
        return self._state.sieve

    def strain(self, sieve: Sieve) -> None:
        """Show only those that the filter lets through."""
        self._state.sieve = sieve
        if self._today is not None:
            self._lay_out(self._today)
        self._keep_view()

    def picked(self) -> dict[str, Slot]:
        """The slots of those that are marked, else of those whose card was looked through, as they are shown."""
        return self._state.slots_picked(self._view())

    def marked(self) -> bool:
        """Whether anybody is marked."""
        return bool(self._state.picked)

    def go_on(self) -> None:
        """Go from a citizen with whom something was just done to the next one to decide about."""
        selected = self._list.selected_id
        if selected in self._state.marks or selected in self._state.picked:
            self._go_on_from(selected)

    def listed(self) -> Today:
        """The list that is shown."""
        assert self._today is not None
        return self._today

    def pick(self, citizen_ids: Iterable[str]) -> None:
        """Mark these citizens and nobody else."""
        former, self._state.picked = self._state.picked, set(citizen_ids)
        for citizen_id in former ^ self._state.picked:
            self._list.reshape(citizen_id)
        if self._today is not None:
            self._show_status(self._today)

    def mark_all(self, citizen_ids: Iterable[str], mark: str) -> None:
        """Show that something was just done with these citizens; they are marked and looked through no more."""
        marked = list(citizen_ids)
        self._state.mark(marked, mark, self.changes)
        for citizen_id in marked:
            self._list.reshape(citizen_id)
        self.pick(())

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

    @property
    def citizen_told(self) -> str:
        """The citizen whom a command would be about; empty for none."""
        scene = self.scene()
        return "" if scene is None else scene.id

    def scene(self) -> Scene | None:
        """The selected citizen, or None while there is none."""
        selected = None if self.closing else self._list.selected_id
        return self.scene_of(selected or "")

    def scene_of(self, citizen_id: str) -> Scene | None:
        """A citizen with the list around, or None for one that is not in it."""
        row = None if self.closing else self._state.rows.get(citizen_id)
        return None if row is None or self._today is None else Scene(row, self._today, self._view())

    async def change(self, call: Call, mark: str, *, stay: bool = False) -> str:
        """Let the desk change something, say so, and go on to the next citizen in need unless `stay`."""
        try:
            done = await self.write(call)
        except PlannerError as error:
            return self.sentence(error)
        in_need = self._state.is_in_need(done.citizen_id)
        self.note_change(done, mark)
        if stay and done.citizen_id is not None:
            self.select(done.citizen_id)
        elif not stay and in_need:
            self._go_on_from(done.citizen_id)
        self._list.paint_first()
        self._on_timer_update()  # all else that has waited for the change
        self.plan_again()
        if mark in (N_("undone"), N_("redone")):  # a movement is meant from where the citizen stands then
            self.hold_movements()
        return ""

    def select(self, citizen_id: str) -> None:
        """Go to a citizen, and drop a filter that hides her."""
        if citizen_id in self._state.rows and citizen_id not in self._state.order:
            self.strain(Sieve())
        self._list.select(citizen_id)

    def step(self, by: int) -> None:
        """Open the next citizen of the list (1), or the one before (-1)."""
        former, at = self._list.selected_id, -1
        while at != self._list.cursor:
            at = self._list.cursor
            self._list.action_move("down" if by > 0 else "up")
            if self._list.selected_id is not None:
                self.opened = self._list.selected_id
                return
        if former is not None:  # beyond it are only groups that are folded
            self._list.select(former)

    def show_slot(self, citizen_id: str, slot: Slot | None) -> None:
        """Look at another slot than the proposal (None: at the proposal)."""
        if slot is None:
            self._state.chosen.pop(citizen_id, None)
        else:
            self._state.chosen[citizen_id] = slot
        self._list.reshape(citizen_id)
        self.query_one(CitizenCard).follow(fresh=False)

    # -- after a change

    def note_change(self, done: Done, mark: str) -> None:
        """Mark the citizen's line as changed, and say what was done and how to undo it."""
        self._mark(done, mark)
        self._say(done, undoing=mark == N_("undone"))

    def _mark(self, done: Done, mark: str) -> None:
        if done.citizen_id is None:
            return
        self._notes = ("", ())
        if done.citizen_id == self._list.selected_id:
            self._read_notes_soon(done.citizen_id)
        self._state.mark([done.citizen_id], mark, self.changes)
        self._list.reshape(done.citizen_id)

    def _say(self, done: Done, *, undoing: bool) -> None:
        text = done.text(self.language)
        if done.is_final:
            self.say(visible(text))
            return
        how = N_("{key} redoes.") if undoing else N_("{key} undoes.")
        how = self.language.text(how, key=self.keys.first("redo" if undoing else "undo"))
        self.say(f"{visible(text)}\n{how}")

    def _go_on_from(self, citizen_id: str | None) -> None:
        following = self._state.next_in_need(citizen_id, self._list.shows)
        if following is not None:
            self.select(following)
