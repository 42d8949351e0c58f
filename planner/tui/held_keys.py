"""Keys that come while a dialog is on its way wait for it, so that what is typed ahead is never taken for commands."""

from __future__ import annotations

from textual import events
from textual.app import App


class HoldsKeys(App[None], inherit_bindings=False):
    """An application that can keep keys and pasted text back for a moment."""

    _held: list[events.Event] | None = None

    def hold_keys(self) -> None:
        """Keep what is typed from now on."""
        if self._held is None:
            self._held = []

    async def release_keys(self, *, drop: bool = False) -> None:
        """Give what was kept to whatever has the focus now, or `drop` it where it was meant for what did not open."""
        held, self._held = self._held, None
        for event in () if drop else held or ():
            # A key that came up from a widget has been offered there already: it begins anew.
            await self.on_event(events.Key(event.key, event.character) if isinstance(event, events.Key) else event)

    async def on_event(self, event: events.Event) -> None:
        """Keep a key or pasted text back while a dialog is on its way."""
        if self._held is not None and isinstance(event, events.Key | events.Paste):
            self._held.append(event)
        else:
            await super().on_event(event)
