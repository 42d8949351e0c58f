"""What the user has chosen for the program: `settings.toml` in the config folder, or the file in `PLANNER_CONFIG`.

A missing file means every default. The file is read strictly: an unknown key or a value that is not allowed is an
error that names the file, the key and what is allowed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from planner.causes import cause_of
from planner.domain.masking import Masking
from planner.errors import Fault, InputError
from planner.locale import N_
from planner.locations import config_dir
from planner.phrases import Phrase
from planner.services.keymap import TABLE, Keys, read_keys
from planner.symbols import ASCII, UNICODE

CONFIG_VARIABLE = "PLANNER_CONFIG"
SETTINGS_NAME = "settings.toml"

Value = str | bool


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the file: what it may be, its default first, and a sentence about it."""

    name: str
    allowed: tuple[Value, ...]
    text: str


KEYS: tuple[Key, ...] = (
    Key("language", ("da", "en"), N_("The language of screen and line: da (Danish) or en (English)")),
    Key(
        "theme",
        ("dark", "light", "contrast", "terminal"),
        N_("The colours of the screen: dark, light, contrast (high contrast) or terminal (the terminal's own colours)"),
    ),
    Key(
        "symbols",
        (UNICODE, ASCII),
        N_("The signs that are drawn: unicode, or ascii for a terminal without arrows and frames"),
    ),
    Key(
        "lock_minutes",
        ("10", "5", "30", "never"),
        N_("After how many minutes without a key the program locks: 10, 5, 30, or never"),
    ),
    Key(
        "mask",
        tuple(masking.value for masking in Masking),
        N_(
            "What screen and line mask: cpr (CPR numbers: the date only), names (initials for names as well) or none; "
            "papers for the citizen always carry the name"
        ),
    ),
    Key("mouse", (True, False), N_("Whether the mouse works on the screen: true or false; everything has a key")),
)
ALLOWED: Mapping[str, tuple[Value, ...]] = {key.name: key.allowed for key in KEYS}
KEYS_TEXT = N_(
    "Other keys for the commands of the screen: a list of keys for each; planner keys --toml prints all of them"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's choices; each key of the file is a field here, and documented in `KEYS`."""

    language: str = "da"
    symbols: str = UNICODE
    theme: str = "dark"
    mouse: bool = True
    lock_minutes: str = "10"
    mask: str = Masking.CPR.value
    keys: Keys = field(default_factory=Keys)

    def value(self, name: str) -> Value:
        """What stands, or would stand, in the file under a key of `KEYS`."""
        found: Value = getattr(self, name)
        return found


def settings_path(environment: Mapping[str, str] | None = None) -> Path:
    """The file of the settings, whether or not it exists."""
    named = (os.environ if environment is None else environment).get(CONFIG_VARIABLE, "").strip()
    return Path(named).expanduser() if named else config_dir() / SETTINGS_NAME


def read_settings(path: Path | None = None) -> Settings:
    """The settings in the file; raises InputError with every fault that is in it."""
    file = settings_path() if path is None else path
    data = settings_bytes(file)
    return Settings() if data is None else settings_of(data, file)


def settings_bytes(file: Path) -> bytes | None:
    """What the file holds, None where there is none; raises InputError where it cannot be read."""
    if file.exists() and not (file.is_file() or file.is_dir()):  # a pipe or a device has no end
        fault = Fault(str(file), Phrase("no ordinary file"), Phrase("a file that can be read"))
        raise InputError(N_("The settings cannot be read"), [fault])
    try:
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise InputError(N_("{file} cannot be read: {why}"), file=str(file), why=cause_of(error)) from error


def settings_of(data: bytes, file: Path) -> Settings:
    """The settings in the bytes of a file; raises InputError with every fault that is in them."""
    from planner.plain import parse_toml  # only where there is a file to read

    table = parse_toml(data, str(file))
    keys, wrong_keys = read_keys(table.pop(TABLE, {}), f"{file}: {TABLE}")
    faults = [fault for name, value in table.items() for fault in value_faults(name, value, str(file))]
    if faults or wrong_keys:
        raise InputError(N_("The settings are wrong"), [*faults, *wrong_keys])
    language, symbols, theme = (str(table.get(name, ALLOWED[name][0])) for name in ("language", "symbols", "theme"))
    lock, mask = (str(table.get(name, ALLOWED[name][0])) for name in ("lock_minutes", "mask"))
    mouse = bool(table.get("mouse", True))
    return Settings(language, symbols, theme, mouse=mouse, lock_minutes=lock, mask=mask, keys=keys)


def value_faults(name: str, value: object, path: str) -> list[Fault]:
    """What is wrong with a key and its value; `path` names the file."""
    from planner.plain import nearest, shown

    if name not in ALLOWED:
        known = (*ALLOWED, TABLE)
        guess = nearest(name, known)
        keys = Phrase("the keys {keys}", keys=", ".join(known))
        hint = Phrase("{near} (the nearest known key)", near=guess) if guess else keys
        return [Fault(path, Phrase("unknown key {key}", key=shown(name)), hint)]
    if not any(value is choice or (value == choice and isinstance(value, str)) for choice in ALLOWED[name]):
        *most, last = (in_toml(choice) for choice in ALLOWED[name])
        return [Fault(f"{path}: {name}", shown(value), Phrase("{one} or {other}", one=", ".join(most), other=last))]
    return []


def in_toml(value: Value) -> str:
    """The value as the file writes it."""
    return f'"{value}"' if isinstance(value, str) else str(value).lower()
