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
from planner.phrases import Phrase
from planner.plain_settings import CHOICES, plain_choices, settings_name
from planner.services.keymap import TABLE, Keys, read_keys
from planner.symbols import UNICODE

Value = str | bool | float
MOST_AMOUNT = 1e6
#: What an amount of money may be, in words.
AN_AMOUNT = N_("an amount from 0 to a million")
#: What stands under an amount that nobody has stated.
NO_AMOUNT = "none"


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the file: what it may be, its default first, and a sentence about it. An amount may be a number."""

    name: str
    allowed: tuple[Value, ...]
    text: str
    is_amount: bool = False


KEYS: tuple[Key, ...] = (
    Key("language", CHOICES["language"], N_("The language of screen and line: da (Danish) or en (English)")),
    Key(
        "theme",
        CHOICES["theme"],
        N_("The colours of the screen: dark, light, contrast (high contrast) or terminal (the terminal's own colours)"),
    ),
    Key(
        "symbols",
        CHOICES["symbols"],
        N_("The signs that are drawn: unicode, or ascii for a terminal without arrows and frames"),
    ),
    Key(
        "lock_minutes",
        CHOICES["lock_minutes"],
        N_("After how many minutes without a key the program locks: 10, 5, 30, or never"),
    ),
    Key(
        "mask",
        CHOICES["mask"],
        N_(
            "What screen and line mask: cpr (CPR numbers: the date only), names (initials for names as well) or none; "
            "papers for the citizen always carry the name"
        ),
    ),
    Key("mouse", CHOICES["mouse"], N_("Whether the mouse works on the screen: true or false; everything has a key")),
    Key(
        "certificate_cost",
        (NO_AMOUNT,),
        N_("What one medical certificate costs in DKK, for what those not obtained saved: an amount, or none"),
        is_amount=True,
    ),
)
AMOUNTS = frozenset(key.name for key in KEYS if key.is_amount)
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
    certificate_cost: str | float = NO_AMOUNT
    keys: Keys = field(default_factory=Keys)

    def value(self, name: str) -> Value:
        """What stands, or would stand, in the file under a key of `KEYS`."""
        found: Value = getattr(self, name)
        return found

    @property
    def unit_cost(self) -> float | None:
        """What one medical certificate costs in DKK; None where nobody has stated it."""
        return None if isinstance(self.certificate_cost, str) else self.certificate_cost


def settings_path(environment: Mapping[str, str] | None = None) -> Path:
    """The file of the settings, whether or not it exists."""
    return Path(settings_name(os.environ if environment is None else environment)).expanduser()


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
    table = _table(data, file)
    keys, wrong_keys = read_keys(table.pop(TABLE, {}), f"{file}: {TABLE}")
    faults = [fault for name, value in table.items() for fault in value_faults(name, value, str(file))]
    if faults or wrong_keys:
        raise InputError(N_("The settings are wrong"), [*faults, *wrong_keys])
    language, symbols, theme = (str(table.get(name, ALLOWED[name][0])) for name in ("language", "symbols", "theme"))
    lock, mask = (str(table.get(name, ALLOWED[name][0])) for name in ("lock_minutes", "mask"))
    mouse, stated = bool(table.get("mouse", True)), table.get("certificate_cost")
    cost = float(stated) if isinstance(stated, int | float) else NO_AMOUNT
    return Settings(
        language, symbols, theme, mouse=mouse, lock_minutes=lock, mask=mask, certificate_cost=cost, keys=keys
    )


def _table(data: bytes, file: Path) -> dict[str, object]:
    plain = plain_choices(data)
    if plain is not None:
        return {**plain}
    from planner.plain import parse_toml  # takes long to load

    return parse_toml(data, str(file))


def value_faults(name: str, value: object, path: str) -> list[Fault]:
    """What is wrong with a key and its value; `path` names the file."""
    from planner.plain import nearest, shown

    if name not in ALLOWED:
        known = (*ALLOWED, TABLE)
        guess = nearest(name, known)
        keys = Phrase("the keys {keys}", keys=", ".join(known))
        hint = Phrase("{near} (the nearest known key)", near=guess) if guess else keys
        return [Fault(path, Phrase("unknown key {key}", key=shown(name)), hint)]
    if name in AMOUNTS and is_amount(value):
        return []
    if not any(value is choice or (value == choice and isinstance(value, str)) for choice in ALLOWED[name]):
        *most, last = (in_toml(choice) for choice in ALLOWED[name])
        if name in AMOUNTS:
            most, last = [last], Phrase(AN_AMOUNT)
        return [Fault(f"{path}: {name}", shown(value), Phrase("{one} or {other}", one=", ".join(most), other=last))]
    return []


def is_amount(value: object) -> bool:
    """Whether it is an amount of money that can be meant; what is no number is none either."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < MOST_AMOUNT


def in_toml(value: Value) -> str:
    """The value as the file writes it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return f'"{value}"' if isinstance(value, str) else str(value).lower()
