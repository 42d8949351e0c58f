"""Keys that come while a dialog is on its way wait for it, so that what is typed ahead is never taken for commands."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from textual import events
from textual.app import App


class HoldsKeys(App[None], inherit_bindings=False):
    """An application that can keep keys and pasted text back for a moment."""

    _held: list[events.Event] | None = None
    _holder: object = None
    _passing: Collection[str] = ()

    def hold_keys(self, holder: object, passing: Collection[str] = ()) -> None:
        """Keep what is typed from now on, until the dialog of the `holder` is there or will not come.

        `passing`: keys that act nevertheless.
        """
        if self._held is None:
            self._held, self._holder, self._passing = [], holder, passing

    async def give_up_keys(self, holder: object, *, drop: bool) -> None:
        """The holder's dialog will not come: `drop` what was meant for it, unless others hold by now."""
        if self._holder is holder:
            await self.release_keys(drop=drop)

    async def release_keys(self, *, drop: bool = False) -> None:
        """Give what was kept to whatever has the focus now."""
        held, self._held, self._holder = self._held, None, None
        for event in () if drop else self.released(held or ()):
            # A key that came up from a widget has been offered there already: it begins anew.
            await self.on_event(events.Key(event.key, event.character) if isinstance(event, events.Key) else event)

    def released(self, held: Sequence[events.Event]) -> Sequence[events.Event]:
        """What of the kept keys is given on."""
        return held

    async def on_event(self, event: events.Event) -> None:
        """Keep a key or pasted text back while a dialog is on its way."""
        passes = isinstance(event, events.Key) and event.key in self._passing
        if self._held is not None and isinstance(event, events.Key | events.Paste) and not passes:
            self._held.append(event)
        else:
            await super().on_event(event)
