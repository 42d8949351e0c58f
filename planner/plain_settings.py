"""The settings as nearly everybody writes them: `key = "value"` on a line, read without the reader of all of TOML."""

from __future__ import annotations

import os

from planner.catalogue import CODES
from planner.folders import config_folder
from planner.symbols import ASCII, UNICODE

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` itself takes longer to load than the settings
    from collections.abc import Mapping

CONFIG_VARIABLE = "PLANNER_CONFIG"
SETTINGS_NAME = "settings.toml"
#: What each key with a few values may be, its default first.
CHOICES: Mapping[str, tuple[str | bool, ...]] = {
    "language": CODES,
    "theme": ("dark", "light", "contrast", "terminal"),
    "symbols": (UNICODE, ASCII),
    "lock_minutes": ("10", "5", "30", "never"),
    "mask": ("cpr", "names", "none"),
    "mouse": (True, False),
}


def settings_name(environment: Mapping[str, str]) -> str:
    """The file of the settings, whether or not it exists; a `~` in the variable is left as it is."""
    return environment.get(CONFIG_VARIABLE, "").strip() or os.path.join(config_folder(), SETTINGS_NAME)


def plain_choices(data: bytes) -> dict[str, str | bool] | None:
    """What the bytes of the file state; None where anything in them is wrong or takes more than a look to read."""
    try:
        lines = data.decode().replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError:
        return None
    found: dict[str, str | bool] = {}
    for line in lines:
        written = line.strip(" \t")
        if not written or written[0] == "#":
            if not written.isprintable():
                return None
            continue
        name, _, value = (part.strip(" \t") for part in written.partition("="))
        choices = {in_toml(choice): choice for choice in CHOICES.get(name, ())}
        if name in found or value not in choices:
            return None
        found[name] = choices[value]
    return found


def in_toml(value: str | bool) -> str:
    """A text or a truth as the file writes it."""
    return f'"{value}"' if isinstance(value, str) else str(value).lower()
