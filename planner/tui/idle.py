"""What an application does while nobody presses a key: it lets go of what was left, and locks itself."""

from __future__ import annotations

import gc
import sys
import time
from asyncio import CancelledError, wait_for
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from textual import events
from textual.await_remove import AwaitRemove
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets._toast import ToastHolder, ToastRack

from planner.locale import N_, Language
from planner.tui.dialogs.base import Dialog
from planner.tui.held_keys import HoldsKeys

if TYPE_CHECKING:
    from planner.tui.screens.desk_screen import DeskScreen

_LOOK, _WARN = 1.0, 30.0
#: Seconds after which what is typed is kept in the store.
_KEEP = 2.0
#: Seconds that the store may take to keep what is typed.
_KEEPING = 10.0
#: Seconds without a key in which Python's collector may stop everything, and after how much new it is worth it: so
#: often has its middle generation been looked through. Else the last generation has to wait for the third figure.
_PAUSE, _WORTH_IT, _SELDOM = 0.4, 3, (700, 10, 10)
#: Seconds that it may stop everything beside a dialog before that is put out of its sight with all the rest.
_STOPS = 0.05
#: Seconds without a key in which it may also look through what it passes over else, where so much more is held than
#: after the last time; and one more for each so many blocks, since a key that comes just then waits for all of it, but
#: not more than the last figure: what waits for longer pauses than there are grows, and then waits for longer ones.
_LONG_PAUSE, _MORE, _A_SECOND, _LONGEST = 5.0, 1.1, 300_000, 10.0
#: Seconds without a key in which a dialog that was left is taken down; how often that is looked for, and at most.
_STILL, _AGAIN, _AT_MOST = 0.2, 0.1, 20
#: How many times as long as it took it then rests.
_SHARE = 50


class LocksItself(HoldsKeys, inherit_bindings=False):
    """After `seconds` without a key (None: never) it keeps what is typed in a dialog, and ends to be locked.

    After less it takes down the widgets of a dialog that was left, and collects what is in cycles.
    """

    is_locked = False
    _lock_after: float | None = None
    _last_key = 0.0
    _warned = False
    _blocks = 0
    _tidy_again = _collecting = 0.0

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        #: Dialogs whose widgets are still there.
        self._left: set[Dialog[Any]] = set()

    def watch_idleness(self, seconds: float | None, language: Language, desk: DeskScreen) -> None:
        """Begin to watch."""
        self._lock_after, self._lock_language, self._lock_desk = seconds, language, desk
        self._last_key = time.monotonic()
        self.set_interval(_KEEP, self._keep_typed)
        gc.set_threshold(*_SELDOM)
        gc.callbacks.append(self._collected)
        self.set_interval(_PAUSE, self._tidy)
        if seconds is not None:
            self.set_interval(_LOOK, self._look)

    @property
    def idle(self) -> float:
        """Seconds since the last key."""
        return time.monotonic() - self._last_key

    def at_any_time(self, key: events.Key) -> bool:
        """Act on a key that acts whatever is shown; gives whether it is one."""
        del key
        return False

    async def on_event(self, event: events.Event) -> None:
        """Somebody is there; a key that locks or hides acts in every dialog, and none acts once it is locked."""
        if self.is_locked and isinstance(event, events.Key | events.Paste | events.MouseEvent):
            return
        if isinstance(event, events.Key) and not event.is_printable and self.at_any_time(event):
            return
        if isinstance(event, events.Key | events.Paste | events.MouseDown | events.MouseScrollDown):
            self._last_key, self._warned = time.monotonic(), False
        await super().on_event(event)

    async def _keep_typed(self) -> None:
        if not self.is_locked:
            dialogs = [screen for screen in self.screen_stack if isinstance(screen, Dialog)]
            await self._lock_desk.keep_typed(dialogs[-1] if dialogs else None)

    def on_unmount(self) -> None:
        """What the collector does is nobody's matter any more."""
        with suppress(ValueError):
            gc.callbacks.remove(self._collected)

    @property
    def _goes(self) -> bool:
        """Whether something that is still there is about to go, and would be out of the collector's sight for long."""
        return any(len(stack) > 1 for stack in list(self._screen_stacks.values())) or bool(self._left)

    def _collected(self, phase: str, about: dict[str, int]) -> None:
        """Put what the last generation has kept out of sight: the next time it has only what is new to look through.

        A dialog's widgets, which would be there for long then, only where it takes long.
        """
        if about["generation"] < 2 or self._lock_desk.shown is None:
            return
        now = time.monotonic()
        if phase == "start":
            self._collecting = now
        elif not self._goes or now - self._collecting > _STOPS:
            gc.freeze()

    def _tidy(self) -> None:
        """Collect what is in cycles while no key comes: it stops everything, and takes the longer the more there is."""
        begun = time.monotonic()
        idle = begun - self._last_key
        if idle < _PAUSE or begun < self._tidy_again or not gc.isenabled():
            return
        if idle >= _LONG_PAUSE and not self._goes and self._is_worth_all(idle):
            gc.unfreeze()  # of what was out of sight some is of no use any more
            gc.collect()
            self._blocks = sys.getallocatedblocks()
        elif gc.get_count()[2] >= _WORTH_IT:
            gc.collect()
        self._tidy_again = begun + _SHARE * (time.monotonic() - begun)

    def _is_worth_all(self, idle: float) -> bool:
        """Whether so much more is held that all of it is looked through; to count what is out of sight would do so."""
        blocks = sys.getallocatedblocks()
        self._blocks = min(self._blocks, blocks)
        return blocks > self._blocks * _MORE and idle >= min(_LONGEST, max(_LONG_PAUSE, blocks / _A_SECOND))

    async def _replace_screen(self, screen: Screen[Any]) -> Screen[Any]:
        """Leave a dialog; its widgets are taken down when what it led to has been shown."""
        if not isinstance(screen, Dialog) or self.is_screen_installed(screen):
            return await super()._replace_screen(screen)
        screen.post_message(events.ScreenSuspend())
        self.capture_mouse(None)
        self._left.add(screen)
        self._take_down(screen, _AT_MOST)
        return screen

    def _take_down(self, dialog: Dialog[Any], looks: int) -> None:
        if looks and self.idle < _STILL:
            self.set_timer(_AGAIN, partial(self._take_down, dialog, looks - 1))
            return
        self._left.discard(dialog)
        if not any(dialog in stack for stack in self._screen_stacks.values()):
            dialog.remove()

    def _refresh_notifications(self) -> None:
        """Show what is to be told, and take down what held a toast that is gone: Textual would leave that for good."""
        super()._refresh_notifications()
        self.call_later(self._take_down_holders)

    def _take_down_holders(self) -> None:
        told = {ToastRack._toast_id(one) for one in self._notifications}
        screens = chain(*self._screen_stacks.values())
        for rack in chain.from_iterable(screen.query_children(ToastRack) for screen in screens):
            for holder in rack.query_children(ToastHolder):
                if holder.id not in told:
                    holder.remove()

    def _prune(self, *nodes: Widget, parent: DOMNode | None = None) -> AwaitRemove:
        """Take widgets down; a screen had no place among others, which need not be laid out anew for it."""
        return super()._prune(*nodes, parent=None if parent is self else parent)

    def _look(self) -> None:
        assert self._lock_after is not None
        idle = time.monotonic() - self._last_key
        if idle >= self._lock_after:
            self.lock()
        elif idle >= self._lock_after - _WARN and not self._warned:
            self._warned = True
            self.notify(self._lock_language.text(N_("Locks in half a minute; any key keeps it open.")), markup=False)

    def lock(self) -> None:
        """Keep what is typed and end; whoever started the program asks for the passphrase again."""
        if not self.is_locked:
            self.is_locked = True
            self.drop_keys()
            self.run_worker(self._lock(), group="lock", exit_on_error=False)

    async def _lock(self) -> None:
        desk = self._lock_desk
        for screen in self.screen_stack:
            screen.styles.opacity = 0.0  # blank at once, whatever the store takes
        # What was typed may lie under a screen that hides it.
        dialogs = [screen for screen in self.screen_stack if isinstance(screen, Dialog)]
        try:
            draft = desk.draft_of(dialogs[-1]) if dialogs else None
            if draft is not None:
                await wait_for(desk.look_up(lambda own: own.keep_draft(draft)), _KEEPING)
        except (Exception, CancelledError):  # nothing that goes wrong keeps anybody's screen open
            return
        finally:
            self.exit()
