"""The tree of verbs as plain data, taken from the parser: what completion and the manual are made from."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from planner.cli.argparse_words import argparse_speaks
from planner.cli.choices import Choices
from planner.locale import N_, Language

#: What stands for the name of a file or a folder in the help.
PATHS = (N_("FILE"), N_("PATH"), N_("DIR"), N_("PLAN"), N_("[calendar] FILE"))


@dataclass(frozen=True, slots=True)
class Argument:
    """An option (with its flags) or something that stands by its place (without).

    `choices` are what can be written, each with the word for it; `path`: a file or a folder is named; `shown` is
    what stands for the value in the help; `many`: it may be written more than once.
    """

    name: str
    flags: tuple[str, ...]
    help: str
    shown: str
    value: bool
    choices: tuple[tuple[str, str], ...]
    path: bool
    required: bool
    many: bool


@dataclass(frozen=True, slots=True)
class Level:
    """The program itself or a verb: `path` is how it is called, `verbs` are those below it."""

    path: tuple[str, ...]
    description: str
    usage: str
    options: tuple[Argument, ...]
    places: tuple[Argument, ...]
    verbs: tuple[Level, ...]

    def all(self) -> Iterator[Level]:
        """This level and every one below, in the order of the help."""
        yield self
        for verb in self.verbs:
            yield from verb.all()

    @property
    def name(self) -> str:
        """The last word of its path."""
        return self.path[-1]

    @property
    def below(self) -> str:
        """Its path without the program: "rules show", and nothing for the program itself."""
        return " ".join(self.path[1:])


def tree(language: Language) -> Level:
    """The whole tree in one language."""
    from planner.cli.parser import build_parser

    with argparse_speaks(language):
        return _level(build_parser(language), ("planner",), language)


def _level(parser: argparse.ArgumentParser, path: tuple[str, ...], language: Language) -> Level:
    options, places, verbs = list[Argument](), list[Argument](), list[Level]()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            own = {id(below): name for name, below in reversed(action.choices.items())}  # the first of its names
            verbs += [
                _level(below, (*path, own[id(below)]), language) for below in dict.fromkeys(action.choices.values())
            ]
        elif action.help == argparse.SUPPRESS:
            continue
        elif action.option_strings:
            options.append(_argument(action, language))
        else:
            places.append(_argument(action, language))
    usage = parser.format_usage().removeprefix(language.text("usage: "))
    return Level(path, parser.description or "", " ".join(usage.split()), tuple(options), tuple(places), tuple(verbs))


def _argument(action: argparse.Action, language: Language) -> Argument:
    value = action.nargs != 0
    shown = action.metavar if isinstance(action.metavar, str) else ""
    if not shown and value:
        shown = "{" + ",".join(map(str, action.choices)) + "}" if action.choices else action.dest.upper()
    return Argument(
        name=action.dest,
        flags=tuple(action.option_strings),
        help=(action.help or "") % {"prog": "planner"},
        shown=shown,
        value=value,
        choices=_choices(action),
        path=action.type is Path or shown in {language.text(path) for path in PATHS},
        required=action.required,
        many=action.nargs in {"+", "*"} or isinstance(action, argparse._AppendAction),
    )


def _choices(action: argparse.Action) -> tuple[tuple[str, str], ...]:
    if action.choices is not None:
        return tuple((str(choice), "") for choice in action.choices)
    return action.type.named() if isinstance(action.type, Choices) else ()
