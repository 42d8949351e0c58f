"""What the user has chosen for the program: `settings.toml` in the config folder, or the file in `PLANNER_CONFIG`.

A missing file means every default. The file is read strictly: an unknown key or a value that is not allowed is an
error that names the file, the key and what is allowed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from planner.causes import cause_of
from planner.errors import Fault, InputError
from planner.locale import N_
from planner.locations import config_dir
from planner.phrases import Phrase
from planner.symbols import ASCII, UNICODE

CONFIG_VARIABLE = "PLANNER_CONFIG"
SETTINGS_NAME = "settings.toml"

ALLOWED: Mapping[str, tuple[str, ...]] = {
    "language": ("da", "en"),
    "symbols": (UNICODE, ASCII),
    "theme": ("dark", "light"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's choices; each key of the file is a field here."""

    language: str = "da"
    """The language of screen and line: `da` or `en`."""
    symbols: str = UNICODE
    """Which signs screen and line draw with: `unicode`, or `ascii` for terminals that lack them."""
    theme: str = "dark"
    """The colours of the screen: `dark` or `light`."""


def settings_path(environment: Mapping[str, str] | None = None) -> Path:
    """The file of the settings, whether or not it exists."""
    named = (os.environ if environment is None else environment).get(CONFIG_VARIABLE, "").strip()
    return Path(named).expanduser() if named else config_dir() / SETTINGS_NAME


def read_settings(path: Path | None = None) -> Settings:
    """The settings in the file; raises InputError with every fault that is in it."""
    file = settings_path() if path is None else path
    if file.exists() and not (file.is_file() or file.is_dir()):  # a pipe or a device has no end
        fault = Fault(str(file), Phrase("no ordinary file"), Phrase("a file that can be read"))
        raise InputError(N_("The settings cannot be read"), [fault])
    try:
        data = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except OSError as error:
        raise InputError(N_("{file} cannot be read: {why}"), file=str(file), why=cause_of(error)) from error
    from planner.plain import parse_toml  # only where there is a file to read

    table = parse_toml(data, str(file))
    faults = [fault for key, value in table.items() for fault in _faults(file, key, value)]
    if faults:
        raise InputError(N_("The settings are wrong"), faults)
    return Settings(**{key: str(value) for key, value in table.items()})


def _faults(file: Path, key: str, value: object) -> list[Fault]:
    from planner.plain import nearest, shown

    known = tuple(field.name for field in fields(Settings))
    if key not in known:
        guess = nearest(key, known)
        keys = Phrase("the keys {keys}", keys=", ".join(known))
        hint = Phrase("{near} (the nearest known key)", near=guess) if guess else keys
        return [Fault(str(file), Phrase("unknown key {key}", key=shown(key)), hint)]
    if value not in ALLOWED[key]:
        one, other = (f'"{choice}"' for choice in ALLOWED[key])
        return [Fault(f"{file}: {key}", shown(value), Phrase("{one} or {other}", one=one, other=other))]
    return []
