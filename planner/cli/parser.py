"""The tree of commands: what can be written on the line, with help in the user's language."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from planner import __version__
from planner.cli.areas import AREAS, SENTENCES, wanted
from planner.cli.argparse_words import said
from planner.cli.choices import folded, unknown
from planner.cli.context import Context
from planner.cli.front_page import COMMON, DESCRIPTION, front_page
from planner.cli.output import columns
from planner.domain.text import visible
from planner.locale import CODES, N_, Language

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

Run = Callable[[Context, argparse.Namespace], int]


class Parser(argparse.ArgumentParser):
    """argparse without abbreviations, colours, or control characters from what was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("allow_abbrev", False)
        super().__init__(*args, **kwargs)
        self.color = False  # argparse colours its help from Python 3.14 on

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        try:
            return super()._get_values(action, arg_strings)
        except argparse.ArgumentError as error:
            if error.argument_name and not action.option_strings:  # what stands for it in the usage is no name
                error.argument_name = error.argument_name.lower()
            raise

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            known = [str(choice) for choice in action.choices]
            raise argparse.ArgumentError(
                action, unknown(str(value), {folded(word): word for word in known}, ", ".join(known))
            )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is; the usage with all its brackets is for those who ask."""
        told = said("%(prog)s: error: %(message)s\n") % {"prog": self.prog, "message": message}
        self.exit(2, told + said(N_("How it is written: {prog} --help")).format(prog=self.prog) + "\n")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        stream = file or sys.stderr
        if message and stream is not None:
            stream.write(visible(message, lines=True))


class Program(Parser):
    """The program itself, above all verbs."""

    def __init__(self, language: Language, common: Parser) -> None:
        super().__init__(prog="planner", description=language.text(DESCRIPTION), parents=[common])
        self._language = language

    def format_help(self) -> str:
        """The help of the program as a whole."""
        return "\n".join(front_page(self._language.text, columns())) + "\n"


class Below:
    """Adds verbs to a level of the tree; each takes the options that hold for all."""

    def __init__(self, language: Language, parser: Parser, common: Parser, *, name: str = "verb") -> None:
        self.language = language
        self._common = common
        self._tree = parser.add_subparsers(
            dest=name, metavar=self.text("VERB"), title=self.text("verbs"), required=False, parser_class=Parser
        )

    def text(self, msgid: str) -> str:
        """The message in the user's language."""
        return self.language.text(msgid)

    def add(self, name: str, description: str, run: Run) -> Parser:
        """A new verb with its sentence for the help; `run` is called with what was written."""
        made = self._tree.add_parser(name, help=description, description=description, parents=[self._common])
        made.set_defaults(run=run)
        return made


class Verbs(Below):
    """The verbs of the program, whose sentences stand in the table of areas."""

    def verb(self, name: str, run: Run) -> Parser:
        """A verb of the table."""
        return self.add(name, self.text(SENTENCES[name]), run)

    def only_name(self, name: str) -> None:
        """A verb of the table that is not on the line: it is only known."""
        self._tree.choices[name] = self._common

    def under(self, parser: Parser, name: str) -> Below:
        """The level below a verb, where nothing need be written."""
        return Below(self.language, parser, self._common, name=name)


def common_options(language: Language) -> Parser:
    """The options that may stand before or after the verb."""
    options = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    group = options.add_argument_group(language.text("options for every verb"))
    for flag, (shown, meant) in COMMON.items():
        how: dict[str, Any] = {"metavar": language.text(shown)} if shown else {"action": "store_true"}
        how |= {"choices": CODES} if flag == "--lang" else {"type": Path} if flag == "--store" else {}
        group.add_argument(flag, help=language.text(meant), **how)
    return options


def build_parser(language: Language, words: Sequence[str] | None = None) -> Parser:
    """The tree in one language: the whole of it, or what a command line of these words can mean."""
    common = common_options(language)
    parser = Program(language, common)
    parser.add_argument(
        "--version",
        action="version",
        version=f"planner {__version__}",
        help=language.text("show program's version number and exit"),
    )
    verbs = Verbs(language, parser, common)
    loaded = AREAS if words is None else wanted(words)
    for module, names in AREAS.items():
        if module in loaded:
            import_module(f"planner.cli.{module}").register(verbs)
        else:
            for name in names:
                verbs.only_name(name)
    return parser


def language_asked_for(argv: Sequence[str]) -> str | None:
    """The language named last on the line, before the line is read: its help must already be in it."""
    named = None
    for word, following in pairwise([*argv, ""]):
        if word == "--":
            break
        value = following if word == "--lang" else word.removeprefix("--lang=")
        if value in CODES and value != word:
            named = value
    return named
