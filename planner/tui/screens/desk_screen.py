"""A screen that has the desk: opens it, hands it calls, and keeps a plan of its newest state."""

from __future__ import annotations

import gc
from asyncio import CancelledError
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from textual import on, work
from textual.timer import Timer
from textual.worker import Worker, get_current_worker

from planner.domain.masking import Masking
from planner.errors import PlannerError
from planner.locale import N_, Language
from planner.progress import PLANNING, CalledOff, Reach
from planner.reporting.progress import progress_text
from planner.services.keymap import Keys
from planner.services.results import Done, Today
from planner.services.week import assumption
from planner.tui.crash import summary
from planner.tui.held_keys import HoldsKeys
from planner.tui.messages import Listed, Opened, PlanFailed, Planned, Reached
from planner.tui.screens.stage_screen import StageScreen
from planner.tui.work import Clerk, reckoning

if TYPE_CHECKING:  # the desk brings the engine along, which the first frame must not wait for
    from planner.planning.plan import Slot
    from planner.services.desk import Desk
    from planner.services.ports import Draft
    from planner.tui.dialogs.base import Dialog
    from planner.tui.screens.telling import Scene

T = TypeVar("T")

_LOOK_AGAIN = 60
#: Seconds in which a few lines can be read by somebody who has just come back.
_LONG = 30.0
#: Seconds between two words about how far it is.
_OFTEN = 0.1
#: Seconds after which it is said how long the work lasts of which nobody can tell how far it is.
_STILL = 1.0
#: Seconds without a change after which the best plan is looked for.
_REST = 0.1
#: Seconds that keys wait at most for the list in which somebody has another place.
_FOR_A_LIST = 0.6
#: Seconds that what is to be painted waits at most for a change that an answer leads to, and until that is written.
_SOON_BEGUN, _SOON_WRITTEN = 0.015, 0.05


class _Pace:
    """How often something is said of long work."""

    def __init__(self) -> None:
        self._doing, self._begun, self._said = "", 0.0, 0.0

    def at(self, doing: str) -> float | None:
        """Seconds since that was begun; None where something was said of it a moment ago."""
        now = perf_counter()
        if doing == self._doing and now - self._said < _OFTEN:
            return None
        if doing != self._doing:
            self._doing, self._begun = doing, now
        self._said = now
        return now - self._begun

    def since(self) -> float:
        """Seconds since that was begun which was told of last."""
        return perf_counter() - self._begun


class DeskScreen(StageScreen):
    """Plans are made in a worker, one at a time; whoever changes something asks for a new one.

    The first answer is the plan mended at once, the second the best one that the engine finds.
    """

    def __init__(self, factory: Callable[[Reach], Desk], language: Language, keys: Keys | None = None) -> None:
        super().__init__(language, keys)
        self.changes = 0
        #: The number of the last action before this session.
        self.begun = 0
        #: The citizen whose story is told, who may be out of sight in the list.
        self.opened = ""
        self._factory = factory
        self._clerk: Clerk | None = None
        self._today: Today | None = None
        #: What was typed before a lock, for the next dialog.
        self.drafted: dict[str, str] = {}
        #: What is kept of what is being typed.
        self._kept: Draft | None = None
        self._pace = _Pace()
        #: When it is painted, at the latest, although a change is being written.
        self._paints_from = 0.0
        self._busy = False
        self._wanted = 0
        self._rest: Timer | None = None
        #: Stands for the list that is waited for by keys that move in it, and how many changes it has.
        self.list_to_come, self._changes_to_come = object(), 0
        #: The commands whose dialogs can be opened again with what was typed into them.
        self.takes_drafts: frozenset[str] = frozenset()

    def learn(self) -> None:
        """Load what no first frame needs; called by a worker when the store is open."""

    @property
    def was_logged(self) -> bool:
        """Whether it is written down already that somebody looks at the list."""
        return False

    def has_marks_of(self, number: int) -> bool:
        """Whether something is marked that a plan has in it which was begun after `number` changes."""
        raise NotImplementedError

    def load(self, today: Today, number: int) -> None:
        """Show the plan that was begun after `number` changes."""
        raise NotImplementedError

    def wait_for(self, text: str) -> None:
        """Say what the first list waits for."""
        raise NotImplementedError

    def planning(self, busy: bool) -> None:
        """Mark quietly that a plan is being made."""
        raise NotImplementedError

    def note_change(self, done: Done, mark: str) -> None:
        """Show what was done, whichever view it was done in."""
        raise NotImplementedError

    def scene_of(self, citizen_id: str) -> Scene | None:
        """A citizen with the list around, or None for one that is not in it."""
        raise NotImplementedError

    def select(self, citizen_id: str) -> None:
        """Go to a citizen."""
        raise NotImplementedError

    def step(self, by: int) -> None:
        """Open the next citizen of the list (1), or the one before (-1)."""
        raise NotImplementedError

    def show_slot(self, citizen_id: str, slot: Slot | None) -> None:
        """Look at another slot than the proposal (None: at the proposal)."""
        raise NotImplementedError

    def draft_of(self, dialog: Dialog[object]) -> Draft | None:
        """What is typed into a dialog and not saved, with what it takes to go on with it."""
        from planner.services.ports import Draft

        stages = [screen for screen in self.app.screen_stack if isinstance(screen, StageScreen)]
        command_id, citizen_id = stages[-1].telling if stages else ("", "")
        fields = dialog.typed()
        return Draft(command_id, citizen_id, fields) if fields else None

    @work(group="draft")
    async def _go_on_with_draft(self) -> None:
        """After the first list: open the dialog again into which something was typed when the program was locked."""
        draft = None
        try:
            draft = await self.look_up(lambda desk: desk.draft())
        except PlannerError as error:
            self.refuse(self.sentence(error))
        if draft is not None and isinstance(self.app, HoldsKeys):
            await self.app.release_keys(drop=True)  # they were meant for the list, and not for that dialog
        self.post_message(Listed())
        if draft is None:
            return
        self.drafted = dict(draft.fields)
        if draft.command in self.takes_drafts and self.scene_of(draft.citizen_id) is not None:
            self.select(draft.citizen_id)
            self.action_command(draft.command)
            return
        from planner.tui.dialogs.notice import NoticeDialog

        text = "\n".join(filter(None, self.drafted.values()))
        self.drafted = {}
        heading = self.language.text(N_("Not saved when the program was locked"))
        await self.ask(NoticeDialog(self.language, heading, text))
        await self._drop_draft()

    async def keep_typed(self, dialog: Dialog[object] | None) -> None:
        """Keep what is typed into the open dialog, so that a crash loses none of it; nothing where none is open."""
        if self._clerk is None or self.drafted:
            return
        draft = None if dialog is None else self.draft_of(dialog)
        if draft == self._kept:
            return
        self._kept = draft
        with suppress(Exception):  # nothing that goes wrong with it may disturb whoever types
            await self.look_up(lambda desk: desk.drop_draft() if draft is None else desk.keep_draft(draft))

    async def story_told(self) -> None:
        """Nothing typed need be kept."""
        if self._kept is not None:
            await self.keep_typed(None)

    async def ask(self, dialog: Dialog[T]) -> T | None:
        """Show a dialog, with what was typed into it before a lock, and wait for its answer."""
        dialog.before_answer = self._expect_change
        if not self.drafted:
            return await super().ask(dialog)
        dialog.take(self.drafted)
        self.drafted = {}
        answer = await super().ask(dialog)
        await self._drop_draft()
        return answer

    async def _drop_draft(self) -> None:
        """The dialog with the draft was answered or left; until then a crash loses nothing of it."""
        with suppress(PlannerError):
            await self.look_up(lambda desk: desk.drop_draft())

    @property
    def settled(self) -> bool:
        """Whether a plan is shown and none is being made."""
        return self._today is not None and not self._busy

    @property
    def shown(self) -> Today | None:
        """The list that is shown; None until there is one."""
        return self._today

    @property
    def has_desk(self) -> bool:
        """Whether the store is open."""
        return self._clerk is not None

    async def look_up(self, call: Callable[[Desk], T]) -> T:
        """Ask the desk something that changes nothing."""
        assert self._clerk is not None
        answer = await self._clerk.do(call)
        if self.closing:  # nobody waits for the answer any more
            raise CancelledError
        return answer

    def look_up_behind(self, call: Callable[[Desk], T]) -> T:
        """The same for another thread than the screen's."""
        assert self._clerk is not None
        return self._clerk.ask(call)

    async def write(self, call: Callable[[Desk], Done]) -> Done:
        """Let the desk change something; raises what it raises."""
        self._paints_from = perf_counter() + _SOON_WRITTEN
        try:
            done = await self.look_up(call)
        finally:
            self._paints_from = 0.0
        self.changes += 1
        return done

    def _expect_change(self) -> None:
        self._paints_from = perf_counter() + _SOON_BEGUN

    def _on_timer_update(self) -> None:
        """Let a change come first that is soon written: else both take long, and all is painted twice."""
        if perf_counter() >= self._paints_from:
            super()._on_timer_update()

    async def mask(self, masking: Masking) -> None:
        """Let every view mask what is to be masked from now on; toasts from before go."""
        await self.look_up(lambda desk: setattr(desk, "masking", masking))
        self.app.clear_notifications()
        self.changes += 1  # a list that is being made may still have the names as they were
        self.plan_again()

    def hold_movements(self) -> None:
        """Keep keys that move, and what comes behind them, until there is a list with all changes, but not for long."""
        if isinstance(self.app, HoldsKeys) and self.app.screen is self:
            self.list_to_come, self._changes_to_come = object(), self.changes
            self.app.hold_keys(self.list_to_come, _FOR_A_LIST)

    def _release_movements(self, number: int) -> None:
        if number >= self._changes_to_come and isinstance(self.app, HoldsKeys):
            self.app.call_later(self.app.give_up_keys, self.list_to_come, drop=False)

    def plan_again(self) -> None:
        """Ask for a plan of the newest state; while one is being made, for another after it."""
        self._wanted = self.changes
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
            self._begin_when_shown()
        elif not self._busy:
            self.planning(True)
            self._begin_when_shown()

    def _begin_when_shown(self) -> None:
        """Begin a plan when what was changed is on the screen, which the work would make wait."""
        self._busy = True
        self.call_after_refresh(self._begin)

    def on_mount(self) -> None:
        """Open the store when the first frame is out."""
        self._busy = True
        self.call_after_refresh(self._open)
        self.set_interval(_LOOK_AGAIN, self._look_again)
        self._still_waiting = self.set_interval(_STILL, self._say_how_long, pause=True)

    def on_unmount(self) -> None:
        """Take no more work."""
        if self._clerk is not None:
            self._clerk.close()

    def _look_again(self) -> None:
        """Notice a new day, and make a backup where one is due; the desk answers at once where nothing changed."""
        if not self._busy:
            self._begin()
        self._back_up()

    @work(group="backup", exclusive=True)
    async def _back_up(self) -> None:
        if self._clerk is not None and not self.closing:
            try:
                await self.look_up(lambda desk: desk.back_up_if_due())
            except PlannerError as error:
                self.refuse(self.sentence(error))

    def _begin(self) -> None:
        if self._clerk is not None and not self.closing:
            self._busy = True
            self._plan(self._clerk.desk, self.changes)

    @work(thread=True, group="open", exit_on_error=False)
    def _open(self) -> None:
        reach = partial(self._reach, get_current_worker())
        try:
            desk = self._factory(reach)  # first: whoever leaves waits for it, so that it is never cut off half opened
            self.learn()
            settings = self.language.drawn(self.keys.first("settings"))
            notice = assumption(self.language, settings) if desk.hours_are_assumed() else ""
            survived = desk.survived()
            told = "" if survived is None else survived.text(self.language)
            self.post_message(Opened(desk, notice, desk.last_action(), told))
            today = kept = desk.today_kept()
            if today is None:
                reach(PLANNING, 0, 0)
                today = desk.today()
            if not self.was_logged:  # else it was, when the list was shown as it was left
                desk.looked("today", count=len(today.rows))
            self.post_message(Planned(today, 0, settled=kept is None))
            desk.check()
        except Exception as error:
            self.post_message(PlanFailed(error, first=True))

    def _reach(self, worker: Worker[None], doing: str, done: int, of: int) -> None:
        """Say how far the opening is; raises CalledOff when it is left, which leaves everything as it was."""
        if worker.is_cancelled:
            raise CalledOff
        seconds = self._pace.at(doing)
        if seconds is not None:
            self.post_message(Reached(doing, done, of, seconds))

    @on(Reached)
    def _reached(self, event: Reached) -> None:
        if not self.closing and self._today is None:
            self._reach_told = event
            self.wait_for(progress_text(event.doing, event.done, event.of, event.seconds, self.language))
            self._still_waiting.resume()

    def _say_how_long(self) -> None:
        """While nothing new is told of what the first list waits for."""
        if self.closing or self._today is not None:
            self._still_waiting.stop()
        elif not self._reach_told.of:
            self.wait_for(progress_text(self._reach_told.doing, 0, 0, self._pace.since(), self.language))

    @work(thread=True, group="plan", exit_on_error=False, description="plan")
    def _plan(self, desk: Desk, number: int) -> None:
        try:
            with reckoning():
                self.post_message(Planned(desk.today_at_once(), number, settled=False))
        except Exception as error:
            self.post_message(PlanFailed(error, first=False))

    @work(thread=True, group="plan", exit_on_error=False, description="plan")
    def _settle(self, desk: Desk, number: int) -> None:
        try:
            with reckoning():
                self.post_message(Planned(desk.today(), number))
        except Exception as error:
            self.post_message(PlanFailed(error, first=False))

    @on(Opened)
    def _opened(self, event: Opened) -> None:
        self._clerk, self.begun = Clerk(event.desk), event.begun
        if event.survived:
            self.say("\n".join(filter(None, (event.survived, event.notice))), seconds=_LONG)
        elif event.notice:
            self.say(event.notice)

    @on(Planned)
    def _planned(self, event: Planned) -> None:
        if self.closing:
            return
        # A change that plans nothing anew leaves the list that was there: it takes the mark away all the same.
        if event.today is not self._today or self.has_marks_of(event.number):
            is_first, self._today = self._today is None, event.today
            self.load(event.today, event.number)
            if is_first:
                self._go_on_with_draft()
                gc.collect(1)
                gc.freeze()  # a caseload has 100,000 objects without cycles; a collection over them would stop the keys
            else:
                self.post_message(Listed())
        self._release_movements(event.number)
        if self._wanted > event.number:
            self._begin()
        elif event.settled:
            self._busy = False
            self.planning(False)
        else:  # whoever presses keys quickly gets each answer first, and the best plan when the hands rest
            self._rest = self.set_timer(_REST, lambda: self._rested(event.number))

    def _rested(self, number: int) -> None:
        self._rest = None
        if self._clerk is not None and not self.closing:
            self._settle(self._clerk.desk, number)

    @on(PlanFailed)
    def _plan_failed(self, event: PlanFailed) -> None:
        self._busy = False
        self._release_movements(self.changes)
        if self.closing:
            return
        if event.first:
            raise event.error
        self.planning(False)
        if isinstance(event.error, PlannerError):
            self.refuse(self.sentence(event.error))
            return
        kind, place = summary(event.error)
        text = N_("The change is saved, but no new plan could be made: {kind} in {place}")
        self.refuse(self.language.text(text, kind=kind, place=place))
