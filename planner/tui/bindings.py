"""Textual's bindings, derived from the command table."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding, BindingType

from planner.services.commands import COMMANDS, MOVEMENTS, Where
from planner.services.keymap import Keys


def bindings(where: Where) -> list[BindingType]:
    """A binding for each command of that place; all of them run `action_command`."""
    return [
        Binding(_bound(entry.keys), f"command('{entry.id}')", entry.text, show=False, id=entry.id)
        for entry in COMMANDS
        if where in entry.where
    ]


def keymap(keys: Keys) -> dict[str, str]:
    """What Textual puts in the place of the bindings above, by their ids."""
    return {name: _bound(own) for name, own in keys.changed.items()}


def _bound(keys: Iterable[str]) -> str:
    """The keys as a binding wants them: parted by commas, so that a comma has to be named."""
    return ",".join("comma" if key == "," else key for key in keys)


def movements(*ids: str) -> list[BindingType]:
    """A binding for each of those movements; all of them run `action_move`."""
    return [
        Binding(",".join(entry.keys), f"move('{entry.id}')", entry.text, show=False)
        for entry in MOVEMENTS
        if entry.id in ids
    ]
