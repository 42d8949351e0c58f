"""Keys that come while a dialog is on its way wait for it, so that what is typed ahead is never taken for commands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from textual import events
from textual.app import App
from textual.timer import Timer


class HoldsKeys(App[None], inherit_bindings=False):
    """An application that can keep keys and pasted text back for a moment."""

    _held: list[events.Event] | None = None
    _holder: object = None
    #: The last key that a widget did not take, until all above it have been asked.
    going_up: events.Key | None = None
    _patience: Timer | None = None
    #: Keys that a widget passed on unseen, since one before them was still going up.
    _late: tuple[events.Key, ...] = ()

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

    def pass_on(self, key: events.Key) -> None:
        """Offer the key anew when what goes up before it has been dealt with, to whatever has the focus then."""
        self._late, self.going_up = (*self._late, key), key

    async def give_up_keys(self, holder: object, *, drop: bool) -> None:
        """The holder's dialog will not come: `drop` what was meant for it, unless others hold by now."""
        if self._holder is holder:
            await self.release_keys(drop=drop)

    async def release_keys(self, *, drop: bool = False) -> None:
        """Give what was kept to whatever has the focus now."""
        held, self._held, self._holder = self._held, None, None
        self._stop_waiting()
        for event in () if drop else self.released(held or ()):
            await self.on_event(_anew(event) if isinstance(event, events.Key) else event)

    async def release_passing(self) -> None:
        """Give on those keys at the head that act although others are held: there is something now that takes them."""
        held = self._held
        while held and isinstance(held[0], events.Key) and self.passes(held[0], ()):
            await super().on_event(_anew(held.pop(0)))

    def released(self, held: Sequence[events.Event]) -> Sequence[events.Event]:
        """What of the kept keys is given on."""
        return held

    def passes(self, key: events.Key, held: Sequence[events.Event]) -> bool:
        """Whether a key acts although keys are held."""
        del key, held
        return False

    async def on_event(self, event: events.Event) -> None:
        """Keep a key or pasted text back while a dialog is on its way."""
        held = self._held
        if held and isinstance(event, events.MouseDown | events.MouseUp):
            self._mouse_down_widget = None  # no click comes of it: it could change whom a key is about that waits
            if isinstance(event, events.MouseDown):
                return
        kept = held is not None and isinstance(event, events.Key | events.Paste)
        try:
            if held is None or not kept or (isinstance(event, events.Key) and self.passes(event, held)):
                await super().on_event(_anew(event) if event in self._late else event)
            else:
                held.append(event)
        finally:
            self._late = tuple(key for key in self._late if key is not event)
            if event is self.going_up:
                self.going_up = None


class InOrder:
    """A field in which what is typed after a key that may close its dialog waits for what comes of that one.

    Mixed into a widget: a base of its own would hide the other's styles from Textual.
    """

    app: App[Any]

    async def _on_key(self, event: events.Key) -> None:
        if not isinstance(self.app, HoldsKeys):
            return
        if is_late(self.app):
            self.app.pass_on(event)
            event.prevent_default()
        elif not event.is_printable:
            self.app.going_up = event


def is_late(app: App[Any]) -> bool:
    """Whether a key that was pressed before is still on its way up: what comes now must not act before it."""
    before = app.going_up if isinstance(app, HoldsKeys) else None
    return before is not None and not before._stop_propagation  # one that a screen stops comes no further


def _anew(key: events.Event) -> events.Key:
    """The key as it was pressed: what came up from a widget has been there already, and would never reach bindings."""
    assert isinstance(key, events.Key)
    key = events.Key(key.key, key.character)
    key._sender = None
    return key
