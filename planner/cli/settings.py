"""The verb for the program's own settings: every key with its text and value, and writing one of them."""

from __future__ import annotations

import re
from argparse import Namespace

from planner.cli.context import Context
from planner.cli.parser import Verbs
from planner.errors import Fault, InputError
from planner.locale import language
from planner.phrases import Phrase
from planner.services.keymap import TABLE
from planner.settings import AMOUNTS, KEYS, KEYS_TEXT, Settings, Value, in_toml, settings_path

_NUMBER = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,6})?")
_TRUE_FALSE = {"true": True, "false": False}


def register(verbs: Verbs) -> None:
    """Add the verb."""
    text = verbs.text
    verb = verbs.verb("settings", settings)
    verb.add_argument(
        "key",
        nargs="?",
        metavar=text("KEY"),
        help=verbs.language.text("one of {keys}", keys=", ".join(key.name for key in KEYS)),
    )
    verb.add_argument(
        "value", nargs="?", metavar=text("VALUE"), help=text("the new value; without it, that one is printed")
    )


def settings(context: Context, options: Namespace) -> int:
    """Print all settings or one of them, or write one."""
    if options.key is None:
        return _all(context)
    if options.key not in {key.name for key in KEYS}:
        raise _unknown(options.key)
    if options.value is None:
        value = context.settings.value(options.key)
        context.out.json({options.key: value}) if context.json else context.out.line(
            f"{options.key} = {in_toml(value)}"
        )
        return 0
    return _write(context, options.key, options.value)


def _write(context: Context, name: str, typed: str) -> int:
    from planner.settings_file import change_settings

    truth = any(isinstance(choice, bool) for key in KEYS if key.name == name for choice in key.allowed)
    value: Value = _TRUE_FALSE.get(typed, typed) if truth else typed
    if name in AMOUNTS:
        value = _amount(typed)
    changed = change_settings({name: value})
    speaks = language(changed.language) if name == "language" else context.language
    if context.json:
        context.out.json({name: value})
    else:
        context.out.line(
            speaks.text("Written: {line} in {file}", line=f"{name} = {in_toml(value)}", file=settings_path())
        )
    return 0


def _amount(typed: str) -> Value:
    """The number that is meant, with a decimal comma or point; whatever else was typed as it is."""
    return float(typed.replace(",", ".")) if _NUMBER.fullmatch(typed) else typed


def _unknown(name: str) -> InputError:
    from planner.plain import nearest, shown

    known = [key.name for key in KEYS]
    guess = nearest(name, known)
    keys = Phrase("the keys {keys}", keys=", ".join(known))
    allowed = Phrase("{near} (the nearest known key)", near=guess) if guess else keys
    return InputError("The option is wrong", [Fault("settings", Phrase("unknown key {key}", key=shown(name)), allowed)])


def _all(context: Context) -> int:
    chosen, file = context.settings, settings_path()
    if context.json:
        own = {name: list(keys) for name, keys in chosen.keys.changed.items()}
        values = {key.name: chosen.value(key.name) for key in KEYS}
        context.out.json({"file": str(file), "exists": file.is_file(), **values, TABLE: own})
        return 0
    for line in lines(context, chosen):
        context.out.raw(line)
    return 0


def lines(context: Context, chosen: Settings) -> list[str]:
    """The settings as a ready file, a sentence above each key."""
    file = settings_path()
    there = context.text("The settings are in {file}.", file=file)
    missing = context.text("The settings would be in {file}; there is no such file yet.", file=file)
    found = [f"# {there if file.is_file() else missing}"]
    for key in KEYS:
        found += ["", f"# {context.text(key.text)}", f"{key.name} = {in_toml(chosen.value(key.name))}"]
    return [*found, "", f"# {context.text(KEYS_TEXT)}", *chosen.keys.toml(context.language)]
