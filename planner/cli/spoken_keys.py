"""Keys by names that can be heard: a sign, an arrow or a capital letter alone would be passed over or mistaken."""

from __future__ import annotations

from planner.locale import N_, Language
from planner.services.commands import key_name

_NAMES = {
    "/": N_("slash"),
    "?": N_("question mark"),
    "+": N_("plus"),
    "-": N_("minus"),
    ".": N_("full stop"),
    ",": N_("comma"),
    "right": N_("right arrow"),
    "left": N_("left arrow"),
    "up": N_("up arrow"),
    "down": N_("down arrow"),
    "pageup": N_("page up"),
    "pagedown": N_("page down"),
    "escape": N_("Escape"),
    "enter": N_("Enter"),
    "space": N_("space bar"),
}


def spoken_key(key: str, language: Language) -> str:
    """One key by its name."""
    if key in _NAMES:
        return language.text(_NAMES[key])
    if len(key) == 1 and key.isupper():
        return language.text("capital {letter}", letter=key)
    return key_name(key)


def spoken_keys(keys: tuple[str, ...], language: Language) -> str:
    """All keys of a command, each by its name."""
    return ", ".join(spoken_key(key, language) for key in keys)
