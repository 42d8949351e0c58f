"""The keys in force: those of the command table, and what the user has put in their place under `[keys]`.

A key is written as one presses it: `a`, `W`, `?`, `ø`, `f5`, `ctrl+p`, `space`. What a terminal does not send, what
needs AltGr or a dead key on a Danish keyboard, and what moves the cursor is refused, and so is a key with two meanings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from string import ascii_letters, digits
from types import MappingProxyType

from planner.errors import Fault
from planner.locale import N_, Language
from planner.phrases import Phrase
from planner.services.commands import (
    COMMANDS,
    MOVEMENTS,
    Command,
    command,
    key_name,
    key_names,
    share_a_place,
)

TABLE = "keys"
_SIGNS = "!\"#¤%&/()=?+'*-_.,:;<>§½"
_LETTERS = ascii_letters + "æøåÆØÅ"
_NAMED = ("space", "insert", "delete", "backspace", "left", "right", *(f"f{number}" for number in range(1, 13)))
#: ctrl+i, j, m and h are tab, line feed, enter and backspace; ctrl+s and ctrl+o stop some terminals; ctrl+v pastes.
_DISGUISED = "ijmh"
_TAKEN = "sovc"
_SENT = frozenset(
    [*_LETTERS, *digits, *_SIGNS, *_NAMED]
    + [f"ctrl+{letter}" for letter in "abcdefghijklmnopqrstuvwxyz" if letter not in _DISGUISED + _TAKEN]
)
_ALTGR = frozenset("@£$€{[]}|\\~µ")
_DEAD = frozenset("´`¨^")
_SAME = {
    "spacebar": "space",
    "del": "delete",
    "ins": "insert",
    "esc": "escape",
    "return": "enter",
    "pgdn": "pagedown",
    "pgup": "pageup",
    "question_mark": "?",
    "slash": "/",
    "comma": ",",
    "full_stop": ".",
    "plus": "+",
    "minus": "-",
    " ": "space",
    "→": "right",
    "←": "left",
    "↑": "up",
    "↓": "down",
}
_MOVING = MappingProxyType({key: entry for entry in MOVEMENTS for key in entry.keys})


@dataclass(frozen=True, slots=True)
class Keys:
    """Which keys run which command; `changed` holds those that the user has chosen, by the command's id."""

    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, entry: Command) -> tuple[str, ...]:
        """The keys of a command."""
        return self.changed.get(entry.id, entry.keys)

    def named(self, entry: Command) -> str:
        """All its keys as they are written for people."""
        return key_names(self.of(entry))

    def first(self, command_id: str) -> str:
        """The first key of the command with that id, as it is written for people."""
        return key_name(self.of(command(command_id))[0])

    def may_act_unseen(self, pressed: Sequence[str]) -> int:
        """How many of the keys pressed before the list was seen may act: none after one that could change something.

        What is typed after a key that opens a dialog is for that dialog, until it is answered or left.
        """
        for at, key in enumerate(pressed):
            entries = [entry for entry in COMMANDS if key in self.of(entry)]
            if any(entry.writes for entry in entries):
                return at
            if any(entry.text.endswith("…") for entry in entries):
                rest = pressed[at + 1 :]
                return at + 1 + next((n for n, typed in enumerate(rest) if len(typed) > 1), len(rest))
        return len(pressed)

    def toml(self, language: Language) -> list[str]:
        """A ready block for the settings: every command with its keys, below what it does."""
        lines = [f"[{TABLE}]"]
        for entry in COMMANDS:
            lines += [f"# {language.text(entry.text)}", f"{entry.id} = {written(self.of(entry))}"]
        return lines


def written(keys: tuple[str, ...]) -> str:
    """The keys as a list in TOML."""
    from planner.plain import quoted

    return f"[{', '.join(quoted(key) for key in keys)}]"


def read_keys(table: object, path: str) -> tuple[Keys, list[Fault]]:
    """The keys of a `[keys]` table, and everything that is wrong with it; `path` says where the table stands."""
    from planner.plain import shown

    if not isinstance(table, dict):
        return Keys(), [Fault(path, shown(table), Phrase("a table of commands with their keys"))]
    faults: list[Fault] = []
    changed: dict[str, tuple[str, ...]] = {}
    for name, value in table.items():
        own = next((entry.keys for entry in COMMANDS if entry.id == name), ())
        wrong = [*_unknown(name, path), *_wrong_keys(value, f"{path}.{name}", own)]
        if wrong:
            faults += wrong
        else:
            changed[name] = tuple(dict.fromkeys(_plain(key) for key in value))
    keys = Keys(changed)
    return keys, faults or list(_clashes(keys, path))


def _unknown(name: str, path: str) -> Iterator[Fault]:
    from planner.plain import nearest, shown

    known = [entry.id for entry in COMMANDS]
    if name in known:
        return
    guess = nearest(name, known)
    ids = Phrase("a command of planner keys --toml")
    allowed = Phrase("{near} (the nearest known command)", near=guess) if guess else ids
    yield Fault(path, Phrase("unknown command {name}", name=shown(name)), allowed)


def _wrong_keys(value: object, path: str, own: tuple[str, ...]) -> Iterator[Fault]:
    """What is wrong with the keys of a command; those that it has of its `own` may stay."""
    from planner.plain import shown

    if not isinstance(value, list) or not value:
        found = Phrase("an empty list") if value == [] else shown(value)
        yield Fault(path, found, Phrase('a list of keys, for example ["a"] or ["f7", "ctrl+k"]'))
        return
    for key in value:
        if not isinstance(key, str):
            yield Fault(path, shown(key), Phrase("a key in quotation marks"))
        elif _plain(key) not in own and (why := _refusal(key)) is not None:
            yield Fault(path, Phrase("{key} ({why})", key=shown(key), why=why), _ALLOWED)


_ALLOWED = Phrase(
    "a letter, digit or sign that a Danish keyboard has without AltGr, f1 to f12, space, insert, delete, backspace, "
    "left, right, or ctrl+ with a letter other than c, h, i, j, m, o, s, v"
)


def _plain(key: str) -> str:
    """The key as the command table writes it: capitals count in single letters only."""
    if len(key) == 1:
        return _SAME.get(key, key)
    *held, last = key.replace(" ", "").casefold().split("+") if not key.endswith("++") else (key[:-2].casefold(), "+")
    last = _SAME.get(last, last)
    held = sorted({"ctrl" if one == "control" else one for one in held})
    if held == ["shift"] and len(last) == 1 and last.isalpha():
        return last.upper()
    return "+".join([*held, last])


def _refusal(key: str) -> Phrase | None:
    """Why no command can have that key; None where one can."""
    plain = _plain(key)
    if plain in _SENT:
        return None if plain not in _MOVING else _moves(plain)
    if plain in _MOVING:
        return _moves(plain)
    if plain == "enter":
        return Phrase("it opens and confirms")
    if plain in _ALTGR:
        return Phrase("it needs AltGr on a Danish keyboard")
    if plain in _DEAD:
        return Phrase("it is a dead key, which waits for a letter")
    if plain in {f"ctrl+{letter}" for letter in _DISGUISED}:
        return Phrase("a terminal cannot tell it from tab, enter or backspace")
    if plain in {f"ctrl+{letter}" for letter in _TAKEN}:
        return Phrase("terminals keep it for themselves")
    return Phrase("not every terminal sends such a key")


def _moves(key: str) -> Phrase:
    return Phrase("it moves about: {what}", what=Phrase(_MOVING[key].text))


def _clashes(keys: Keys, path: str) -> Iterator[Fault]:
    for one, other in combinations(COMMANDS, 2):
        if not share_a_place(one, other):
            continue
        for key in keys.of(one):
            if key in keys.of(other):
                named, kept = (one, other) if one.id in keys.changed else (other, one)
                found = Phrase("“{key}”, which is a key of {command} too", key=key, command=kept.id)
                yield Fault(
                    f"{path}.{named.id}", found, Phrase(N_("a key that no other command in the same place has"))
                )
