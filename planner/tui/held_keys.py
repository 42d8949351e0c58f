"""Keys take effect in the order in which they were pressed, and wait for a dialog or a view that is on its way.

So nothing that is typed ahead is taken for a command, however fast it comes and however slow the machine is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import partial
from time import monotonic
from typing import Any

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.timer import Timer

#: Seconds after which a key is given up that a widget took along when it went.
_LOST = 5.0


class HoldsKeys(App[None], inherit_bindings=False):
    """An application that gives on one key at a time, and can keep keys and pasted text back for a moment."""

    _held: list[events.Event] | None = None
    _holder: object = None
    _patience: Timer | None = None
    #: What was given to a widget, until all above that have been asked.
    _under_way: events.Event | None = None
    _since = 0.0

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        #: What was pressed behind it; whether it is given on although keys are held.
        self._behind: deque[tuple[events.Event, bool]] = deque()

    def hold_keys(self, holder: object, at_most: float | None = None) -> None:
        """Keep what is typed from now on, until the dialog of the `holder` is there or will not come.

        `at_most`: seconds after which nobody waits any longer, where the store is busy.
        """
        if self._held is None:
            self._held = []
        self._holder = holder
        self._stop_waiting()
        if at_most is not None:
            self._patience = self.set_timer(at_most, partial(self.give_up_keys, holder, drop=False))

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.stop()
            self._patience = None

    def go(self, mode: str) -> None:
        """Show another view; what is typed behind it waits until that is there."""
        raise NotImplementedError

    async def give_up_keys(self, holder: object, *, drop: bool) -> None:
        """The holder's dialog will not come: `drop` what was meant for it, unless others hold by now."""
        if self._holder is holder:
            await self.release_keys(drop=drop)

    async def release_keys(self, *, drop: bool = False) -> None:
        """Give what was kept to whatever has the focus now."""
        held, self._held, self._holder = self._held, None, None
        self._stop_waiting()
        await self._give_first(() if drop else self.released(held or ()), passing=False)

    async def release_passing(self) -> None:
        """Give on those keys at the head that act although others are held: there is something now that takes them."""
        held, passing = self._held, list[events.Event]()
        while held and isinstance(held[0], events.Key) and self.passes(held[0], ()):
            passing.append(held.pop(0))
        await self._give_first(passing, passing=True)

    async def _give_first(self, given: Sequence[events.Event], *, passing: bool) -> None:
        """Give on what was kept before all else that waits, which was pressed later."""
        self._behind.extendleft((event, passing) for event in reversed(given))
        await self._go_on()

    def released(self, held: Sequence[events.Event]) -> Sequence[events.Event]:
        """What of the kept keys is given on."""
        return held

    def passes(self, key: events.Key, held: Sequence[events.Event]) -> bool:
        """Whether a key acts although keys are held."""
        del key, held
        return False

    async def on_event(self, event: events.Event) -> None:
        """Give on a key or pasted text when what was pressed before it has been dealt with."""
        if self._held and isinstance(event, events.MouseDown | events.MouseUp):
            self._mouse_down_widget = None  # no click comes of it: it could change whom a key is about that waits
            if isinstance(event, events.MouseDown):
                return
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._behind.append((event, False))
            if monotonic() - self._since > _LOST:
                self._under_way = None
            await self._go_on()
        else:
            await super().on_event(event)

    async def _go_on(self) -> None:
        """Give on, or keep back, what was pressed."""
        while self._behind and self._under_way is None:
            event, passes = self._behind.popleft()
            if self._held is not None and not passes and not self._passes(event, self._held):
                self._held.append(event)
                continue
            self._under_way, self._since, target = event, monotonic(), self.focused or self.screen
            try:
                await super().on_event(event)
            finally:
                if event.is_forwarded:
                    await self._follow(event, target)
                else:
                    self._under_way = None

    @property
    def kept_back(self) -> int:
        """How many keys are kept back."""
        return len(self._held or ())

    def drop_keys(self) -> None:
        """What was pressed and has not been dealt with is for nobody any more."""
        self._behind.clear()
        self._held = None if self._held is None else []

    def _passes(self, event: events.Event, held: Sequence[events.Event]) -> bool:
        return isinstance(event, events.Key) and self.passes(event, held)

    async def _follow(self, event: events.Event, pump: MessagePump) -> None:
        """Come behind what was given to a widget or went up from one, in the same queue."""
        if not pump.call_later(self._came, event, pump):
            await self._dealt_with(event)

    async def _came(self, event: events.Event, pump: MessagePump) -> None:
        above = pump._parent
        # A screen stops what came from here, too, but not before it has given that back.
        if pump is self or above is None or (event._stop_propagation and above is not self):
            await self._dealt_with(event)
        else:
            await self._follow(event, above)

    async def _dealt_with(self, event: events.Event) -> None:
        if event is self._under_way:
            self._under_way = None
            if self._behind:
                self.call_later(self._go_on)


def is_late(app: App[Any]) -> bool:
    """Whether a key that was pressed before has not been dealt with: what comes now must not act before it."""
    return isinstance(app, HoldsKeys) and app._under_way is not None
